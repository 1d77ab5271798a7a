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

#endif
