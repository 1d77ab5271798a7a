/* SPDX-License-Identifier: MIT */
/*
 * table.c - open addressing, at most three quarters full.
 */
#include "table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

static uint64_t hash_text(const unsigned char *at)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *at != '\0'; at++)
		hash = (hash ^ *at) * UINT64_C(1099511628211);
	return hash;
}

/* Where the key is, or would be. */
static size_t slot_of(const struct table *table, const void *key)
{
	uint64_t hash = table->is_text ? hash_text(key) : (uintptr_t)key;
	size_t mask = table->capacity - 1, slot;

	/* Types are neighbours in memory: only the upper half of the product tells them apart. */
	slot = (size_t)(hash * UINT64_C(0x9E3779B97F4A7C15) >> 32) & mask;
	while (table->keys[slot] != NULL && table->keys[slot] != key &&
	        !(table->is_text && strcmp(table->keys[slot], key) == 0))
		slot = (slot + 1) & mask;
	return slot;
}

void *table_get(const struct table *table, const void *key)
{
	return table->capacity > 0 ? table->values[slot_of(table, key)] : NULL;
}

static void grow(struct table *table)
{
	struct table old = *table;

	table->capacity = old.capacity > 0 ? old.capacity * 2 : 64;
	table->keys = memory_get(table->capacity * sizeof(*table->keys));
	table->values = memory_get(table->capacity * sizeof(*table->values));
	memset(table->keys, 0, table->capacity * sizeof(*table->keys));
	memset(table->values, 0, table->capacity * sizeof(*table->values));
	for (size_t i = 0; i < old.capacity; i++) {
		size_t slot;

		if (old.keys[i] == NULL)
			continue;
		slot = slot_of(table, old.keys[i]);
		table->keys[slot] = old.keys[i];
		table->values[slot] = old.values[i];
	}
	free(old.keys);
	free(old.values);
}

void *table_put(struct table *table, const void *key, void *value)
{
	size_t slot;

	if (table->count * 4 >= table->capacity * 3)
		grow(table);
	slot = slot_of(table, key);
	if (table->keys[slot] == NULL) {
		table->keys[slot] = key;
		table->values[slot] = value;
		table->count++;
	}
	return table->values[slot];
}

void table_clear(struct table *table)
{
	free(table->keys);
	free(table->values);
	*table = (struct table){.is_text = table->is_text};
}
