/* SPDX-License-Identifier: MIT */
/*
 * vec.h - a growing list of pointers on the heap, and its end as an array in an arena.
 *
 * The parser and the checks collect in it; what they hand on is the array. Knows nothing of what
 * the pointers point to and never frees it.
 */
#ifndef MSGC_COMPILER_VEC_H
#define MSGC_COMPILER_VEC_H

#include <stddef.h>

struct arena;

struct vec {
	void **items;
	size_t n;
	size_t capacity;
};

struct vec *vec_new(void);
void vec_free(struct vec *vec);

/* Frees what vec_push() allocated, for a struct vec inside another object; leaves it empty. */
void vec_clear(struct vec *vec);

/* Appends and returns vec. */
struct vec *vec_push(struct vec *vec, void *item);

/* The items as an array of pointers in the arena; the vec is left as it is. */
void *vec_copy(const struct vec *vec, struct arena *arena);

/* The same, and frees the vec. NULL gives an empty array. */
void *vec_freeze(struct vec *vec, struct arena *arena, size_t *ret_n);

#endif
