/* SPDX-License-Identifier: MIT */
/*
 * emit_example.h - what the two files that make examples share.
 */
#ifndef MSGC_COMPILER_EMIT_EXAMPLE_H
#define MSGC_COMPILER_EMIT_EXAMPLE_H

#include "model.h"
#include "writer.h"

/* An example being written. */
struct example {
	struct writer *w;
	unsigned n_values;
	unsigned depth;
};

/* A string, a number, in JSON, that keeps to the constraints. False: none was found. liked: the
 * number to be taken where it does. emit_example_scalar.c */
bool example_string(struct example *e, const struct model_constraints *k);
bool example_number(struct example *e, const struct model_type *type, const char *liked);

#endif
