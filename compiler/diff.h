/* SPDX-License-Identifier: MIT */
/*
 * diff.h - what the new version of a contract breaks, and for whom.
 *
 * Three sides are looked at. Client to server: what old clients send reaches the new server. Server
 * to client: what the new server sends reaches old clients. C callers: a program written for the old
 * header meets the new one. Works on two models; knows nothing of syntax.
 */
#ifndef MSGC_COMPILER_DIFF_H
#define MSGC_COMPILER_DIFF_H

#include <stddef.h>
#include <stdio.h>

#include "diag.h"
#include "model.h"

struct diff;

/* Compares. Both models are borrowed until diff_free(). */
struct diff *diff_new(const struct model *before, const struct model *after);
void diff_free(struct diff *diff);

/* How many changes break something. */
size_t diff_count(const struct diff *diff);

/* All of them, by side and place. */
void diff_print(const struct diff *diff, FILE *stream, enum diag_format format);

#endif
