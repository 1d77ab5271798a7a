/* SPDX-License-Identifier: MIT */
/*
 * emit_model.h - pieces of the model as plain text, for the files that write it.
 */
#ifndef MSGC_COMPILER_EMIT_MODEL_H
#define MSGC_COMPILER_EMIT_MODEL_H

#include "emit.h"

/* A literal of the contract, as JSON. */
const char *emit_model_literal(struct writer *w, const struct model_literal *literal);

void emit_model_value(struct writer *w, const struct model_value *value);

/* Operators before their operands, and what they compare or compute: "(< int a.b 5)". */
void emit_model_expr(struct writer *w, const struct model_expr *expr);

/* A type with all that is in it; in the middle of a line, its name and a use of it. */
void emit_model_type(struct writer *w, const struct model_type *type);
void emit_model_type_name(struct writer *w, const struct model_type *type);
void emit_model_use(struct writer *w, const struct model_use *use);
void emit_model_deprecated(struct writer *w, const char *text); /* NULL: it is not */
/* The rest of a line, and what belongs below it. */
void emit_model_member(struct writer *w, const struct model_member *member);
void emit_model_doc(struct writer *w, const char *doc); /* a line; NULL: none */

#endif
