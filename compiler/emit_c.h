/* SPDX-License-Identifier: MIT */
/*
 * emit_c.h - what the parts of the C output share: the names and types of C for the model's types,
 * and the functions of each part.
 *
 * emit_c.c puts the parts together: a header and a source for one contract. Each part reads the
 * const model and writes to the writer; none knows of files or of the language's syntax.
 */
#ifndef MSGC_COMPILER_EMIT_C_H
#define MSGC_COMPILER_EMIT_C_H

#include <stdbool.h>
#include <stddef.h>

#include "model.h"
#include "writer.h"

struct emit_c_plan;

/* One contract on its way to C. */
struct emit_c {
	const struct model *model;
	const struct model_contract *contract; /* model->main */
	struct writer *w;
	const struct emit_c_plan *plan; /* emit_c_plan.h: which tables there are, in what order */
};

/* --------------------------------------------------- names (emit_c_names.c)
 *
 * Texts live as long as the writer.
 */

/*
 * The C type of a value of this type, without qualifiers: "int64_t", "struct msgc_str",
 * "enum rooms_role", "struct rooms_entry", "struct rooms_entry_list". NULL for MODEL_NULL, which
 * has no value in C.
 */
const char *emit_c_type(struct writer *w, const struct model_type *type);

/* As emit_c_type, with what separates it from a name: "int64_t ", "const struct rooms_node *". */
const char *emit_c_declare(struct writer *w, const struct model_use *use);

/* ------------------------------------------------- look-ups (emit_c_lookup.c)
 *
 * The body of a function from a name to its number: a switch over the length, then over the byte
 * that tells most of them apart, then one comparison. ptr and len are expressions; returns an index
 * into names, or -1.
 */
void emit_c_lookup(struct writer *w, const char *ptr, const char *len, const char *const *names,
        size_t n_names);

/* ------------------------------------- what consumers need of types (emit_c's own files)
 *
 * Asked for by emit_c_consumer*.c; for scalars and enums, the types that parameters have.
 */

/*
 * Writes the statements that check a value's own constraints, as decode and validate do, without
 * what its C type alone demands. scope is an expression for a struct msgc_scope * ("&s"), value one
 * for the value ("params->room_id"). Problems are recorded; nothing is returned or left.
 */
void emit_c_checks(
        const struct emit_c *c, const struct model_use *use, const char *scope, const char *value);

/*
 * The values of an enum as a problem shows them, a C literal: "\"'owner', 'member' or 'guest'\"".
 */
const char *emit_c_expected(struct writer *w, const struct model_type *type);

/* The literal as a C expression: "7", "true", "ROOMS_ROLE_OWNER", "MSGC_STR(\"lobby\")". */
const char *emit_c_literal(
        struct writer *w, const struct model_type *type, const struct model_value *value);

/* ------------------------------------------ groups and consumers (emit_c_consumer*.c)
 *
 * Written behind everything else: all types, messages and their functions are declared by then.
 * Each writes nothing where the contract has neither groups nor consumers.
 */

/* True if the contract needs <msgc/consumer.h> and <msgc/server.h>. */
bool emit_c_has_consumers(const struct model_contract *contract);

void emit_c_consumer_header(const struct emit_c *c);
void emit_c_consumer_source(const struct emit_c *c);

#endif
