/* SPDX-License-Identifier: MIT */
/*
 * emit_seen.h - a set of pointers: what a walk through the model has met.
 *
 * {0} is empty. Knows nothing of what they point to.
 */
#ifndef MSGC_COMPILER_EMIT_SEEN_H
#define MSGC_COMPILER_EMIT_SEEN_H

#include <stdbool.h>
#include <stddef.h>

struct emit_seen {
	const void **slots;
	size_t n;
	size_t n_slots; /* a power of two, or 0 */
};

/* True the first time. */
bool emit_seen_add(struct emit_seen *seen, const void *item);
void emit_seen_clear(struct emit_seen *seen);

#endif
