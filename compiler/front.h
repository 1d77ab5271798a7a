/* SPDX-License-Identifier: MIT */
/*
 * front.h - from a contract to its model: all stages before the outputs, as one object.
 *
 * Holds the memory of the model and what there is to say about the contract. Writes nothing.
 */
#ifndef MSGC_COMPILER_FRONT_H
#define MSGC_COMPILER_FRONT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "diag.h"
#include "model.h"

struct front;

enum front_result {
	FRONT_OK,
	FRONT_BAD_CONTRACT, /* there are errors: front_print() says which */
	FRONT_UNREADABLE,   /* the file itself could not be read; front_print() says why */
};

/* include_dirs are borrowed until front_free(). */
struct front *front_new(const char *const *include_dirs, size_t n_include_dirs);
void front_free(struct front *front);

/* One contract per front. *ret_model lives as long as the front. */
enum front_result front_compile_file(
        struct front *front, const char *path, const struct model **ret_model);
enum front_result front_compile_memory(struct front *front, const char *name, const char *text,
        size_t length, const struct model **ret_model);

/* Asks, once the contract has been compiled, what a careful reader would ask. */
void front_lint(struct front *front);

/* For its policy, and for what later stages have to say. */
struct diag *front_diag(struct front *front);

/* There are errors, or warnings that count as errors. */
bool front_failed(const struct front *front);

/* Errors and warnings. */
void front_print(struct front *front, FILE *stream, const struct diag_style *style);

/* The path of file n that was read (the main file is 0), or NULL behind the last one. */
const char *front_file(const struct front *front, size_t n);

#endif
