/* SPDX-License-Identifier: MIT */
/*
 * The set of names that one object has shown so far: RFC 7493 section 2.3 forbids a second one. A
 * few names are compared one by one; more of them go through a seeded hash table, so that time
 * stays linear whatever the names are.
 */
#include "internal.h"

struct msgc__name {
	const char *ptr;
	uint32_t len;
	uint32_t hash; /* 0 until there is a table */
};

static bool same(const struct msgc__name *a, struct msgc_str name)
{
	return a->len == name.len && memcmp(a->ptr, name.ptr, name.len) == 0;
}

static uint32_t hash_of(const char *ptr, size_t len)
{
	return (uint32_t)msgc_hash_bytes(0, ptr, len);
}

static void table_put(struct msgc_names *names, uint32_t index)
{
	uint32_t at = names->items[index].hash & names->mask;

	while (names->table[at])
		at = (at + 1) & names->mask;
	names->table[at] = index + 1;
}

/* Twice the room, and a table at most half full for it. */
static bool grow(struct msgc_names *names, struct msgc_arena *arena)
{
	uint32_t cap = names->cap ? names->cap * 2 : MSGC__NAMES_LINEAR;
	struct msgc__name *items;

	if (cap > UINT32_MAX / 4)
		return false;
	items = msgc_arena_alloc(arena, cap * sizeof *items, _Alignof(struct msgc__name));
	if (!items)
		return false;
	if (names->count)
		memcpy(items, names->items, names->count * sizeof *items);
	if (cap > MSGC__NAMES_LINEAR) {
		uint32_t *table = msgc_arena_calloc(arena, (size_t)cap * 2, sizeof *table);

		if (!table)
			return false;
		names->items = items;
		names->table = table;
		names->mask = cap * 2 - 1;
		for (uint32_t i = 0; i < names->count; i++) {
			if (names->cap == MSGC__NAMES_LINEAR)
				items[i].hash = hash_of(items[i].ptr, items[i].len);
			table_put(names, i);
		}
	}
	names->items = items;
	names->cap = cap;
	return true;
}

static bool find_linear(const struct msgc_names *names, struct msgc_str name)
{
	for (uint32_t i = 0; i < names->count; i++)
		if (same(&names->items[i], name))
			return true;
	return false;
}

static bool find_hashed(const struct msgc_names *names, struct msgc_str name, uint32_t hash)
{
	const struct msgc__name *item;

	for (uint32_t at = hash & names->mask; names->table[at]; at = (at + 1) & names->mask) {
		item = &names->items[names->table[at] - 1];
		if (item->hash == hash && same(item, name))
			return true;
	}
	return false;
}

int msgc__names_add(struct msgc_names *names, struct msgc_arena *arena, struct msgc_str name)
{
	uint32_t hash = 0;

	if (names->count == names->cap && !grow(names, arena))
		return MSGC_ENOMEM;
	if (!names->table) {
		if (find_linear(names, name))
			return 1;
	} else {
		hash = hash_of(name.ptr, name.len);
		if (find_hashed(names, name, hash))
			return 1;
	}
	names->items[names->count] = (struct msgc__name){name.ptr, (uint32_t)name.len, hash};
	if (names->table)
		table_put(names, names->count);
	names->count++;
	return 0;
}
