/* SPDX-License-Identifier: MIT */
/*
 * emit_c_plan.h - which tables and readers a contract's types need in C, and in what order.
 *
 * Types that can share a table do: lists and maps of the same C type and the same rules. The plan is
 * made once and const from then on; it knows the graph of types and nothing of code.
 */
#ifndef MSGC_COMPILER_EMIT_C_PLAN_H
#define MSGC_COMPILER_EMIT_C_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "model.h"
#include "writer.h"

/* One type: a record, an enum, a list, a map, or a scalar that has a name or limits. */
struct emit_c_node {
	const struct model_type *type;
	bool is_imported; /* another contract's; its records and enums come with their tables */
	bool is_needed;   /* reached from this contract's records by way of its own tables */
	bool is_param;    /* reached from a consumer's parameters only */
	bool is_exported; /* other contracts may reach it: its table is in the header */
	bool is_forward; /* used before it is complete, by recursion: declared first, depth counted */
	bool is_flat;    /* holds no pointers */
	bool is_checked;  /* a validator has something to look at */
	bool is_read;     /* a record or list with a reader */
	size_t n_reads;   /* by how many other readers it is called */
	const char *stem; /* what the names of its objects and functions begin with */
	/*
	 * Itself; of lists and maps, and of scalars without a name, the first of those with the same
	 * rules, whose table and reader all of them use.
	 */
	const struct emit_c_node *first;

	/* While the plan is made. */
	size_t next_edge;
	bool is_met, is_followed;
	int state;
};

struct emit_c_plan;

/* readers: for how many members, about, there may be code: 0: none; SIZE_MAX: all. */
struct emit_c_plan *emit_c_plan_new(
        struct writer *w, const struct model_contract *contract, size_t readers);
void emit_c_plan_free(struct emit_c_plan *plan);

/* Nodes in an order in which each comes behind those that it uses, but for recursion. */
size_t emit_c_plan_count(const struct emit_c_plan *plan);
const struct emit_c_node *emit_c_plan_at(const struct emit_c_plan *plan, size_t index);

/* NULL for scalars without name and limits, and for types that nothing uses. */
const struct emit_c_node *emit_c_node(
        const struct emit_c_plan *plan, const struct model_type *type);

/* Plain scalars and nodes alike. */
bool emit_c_is_flat(const struct emit_c_plan *plan, const struct model_use *use);
bool emit_c_is_checked(const struct emit_c_plan *plan, const struct model_use *use);

#endif
