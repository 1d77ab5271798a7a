/* SPDX-License-Identifier: MIT */
/*
 * table.h - from a key to a value: a hash table that only grows.
 *
 * Keys are pointers, or texts that outlive the table; what the values point to it neither knows nor
 * frees. The keys are the compiler's own (types of the model, shapes), not words that a contract
 * chooses: for those, scope.h.
 */
#ifndef MSGC_COMPILER_TABLE_H
#define MSGC_COMPILER_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed to begin with, but for is_text. */
struct table {
	const void **keys;
	void **values;
	size_t capacity; /* a power of two */
	size_t count;
	bool is_text; /* keys are equal if their texts are */
};

/* NULL: not there. */
void *table_get(const struct table *table, const void *key);

/* The value that stands for key: the one that was there, or this one from now on. */
void *table_put(struct table *table, const void *key, void *value);

/* Frees what the table has allocated. */
void table_clear(struct table *table);

#endif
