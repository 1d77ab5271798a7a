/* SPDX-License-Identifier: MIT */
/*
 * emit_c_plan_parts.h - the plan while it is made: what emit_c_plan.c, emit_c_shape.c and
 * emit_c_choose.c share. Whoever reads a plan needs emit_c_plan.h alone.
 */
#ifndef MSGC_COMPILER_EMIT_C_PLAN_PARTS_H
#define MSGC_COMPILER_EMIT_C_PLAN_PARTS_H

#include "emit_c_parts.h"
#include "table.h"
#include "vec.h"

struct emit_c_plan {
	struct arena *arena;
	struct writer *w;
	const struct model_contract *contract;
	struct table types;  /* from struct model_type to struct emit_c_node */
	struct table shapes; /* from a shape's text to the first with it */
	struct vec order;    /* of struct emit_c_node */
};

/* ------------------------------------------------------ emit_c_plan.c */

/* The index-th type that this one is made of. False behind the last. *ret may be NULL. */
bool emit_c_plan_edge(const struct model_type *type, size_t index, const struct model_use **ret_use,
        const struct model_type **ret);

/* NULL for a plain scalar, a constant. */
struct emit_c_node *emit_c_plan_node(struct emit_c_plan *plan, const struct model_type *type);

/* What a record's table names needs a table, too; an imported record brings its own. */
bool emit_c_plan_descends(const struct emit_c_node *node);

/* ----------------------------------------------------- emit_c_shape.c */

/* Sets node->first. Parts come before the whole, but for recursion. */
void emit_c_plan_shape(struct emit_c_plan *plan, struct emit_c_node *node);

/* ---------------------------------------------------- emit_c_choose.c */

/* Sets is_read of as many nodes as the budget is worth. Shapes are known. */
void emit_c_plan_choose(struct emit_c_plan *plan, size_t budget);

#endif
