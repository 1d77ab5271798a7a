/* SPDX-License-Identifier: MIT */
/*
 * vec.c - a growing list of pointers.
 *
 * Knows nothing of what the pointers point to.
 */
#include "vec.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

struct vec *vec_new(void)
{
	struct vec *vec = memory_get(sizeof(*vec));

	*vec = (struct vec){0};
	return vec;
}

void vec_clear(struct vec *vec)
{
	free(vec->items);
	*vec = (struct vec){0};
}

void vec_free(struct vec *vec)
{
	if (vec == NULL)
		return;
	free(vec->items);
	free(vec);
}

struct vec *vec_push(struct vec *vec, void *item)
{
	if (vec->n == vec->capacity) {
		/* A source is at most 4 MiB: the product stays far below SIZE_MAX. */
		vec->capacity = vec->capacity == 0 ? 8 : vec->capacity * 2;
		vec->items = memory_resize(vec->items, vec->capacity * sizeof(*vec->items));
	}
	vec->items[vec->n++] = item;
	return vec;
}

void *vec_copy(const struct vec *vec, struct arena *arena)
{
	void **items = arena_array(arena, vec->n, sizeof(*items));

	if (vec->n != 0)
		memcpy(items, vec->items, vec->n * sizeof(*items));
	return items;
}

void *vec_freeze(struct vec *vec, struct arena *arena, size_t *ret_n)
{
	void *items;

	if (vec == NULL) {
		*ret_n = 0;
		return arena_array(arena, 0, sizeof(void *));
	}
	items = vec_copy(vec, arena);
	*ret_n = vec->n;
	vec_free(vec);
	return items;
}
