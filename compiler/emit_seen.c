/* SPDX-License-Identifier: MIT */
/*
 * emit_seen.c - open addressing, at most half full.
 */
#include "emit_seen.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* Where it is, or would be. */
static size_t find_slot(const struct emit_seen *seen, const void *item)
{
	uint64_t hash = (uint64_t)(uintptr_t)item * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)(hash >> 32) & (seen->n_slots - 1);

	while (seen->slots[at] != NULL && seen->slots[at] != item)
		at = (at + 1) & (seen->n_slots - 1);
	return at;
}

static void grow(struct emit_seen *seen)
{
	struct emit_seen larger = {.n_slots = seen->n_slots == 0 ? 64 : seen->n_slots * 2};

	larger.slots = memory_get(larger.n_slots * sizeof(*larger.slots));
	memset(larger.slots, 0, larger.n_slots * sizeof(*larger.slots));
	larger.n = seen->n;
	for (size_t i = 0; i < seen->n_slots; i++) {
		if (seen->slots[i] != NULL)
			larger.slots[find_slot(&larger, seen->slots[i])] = seen->slots[i];
	}
	free(seen->slots);
	*seen = larger;
}

bool emit_seen_add(struct emit_seen *seen, const void *item)
{
	size_t at;

	if (seen->n * 2 >= seen->n_slots)
		grow(seen);
	at = find_slot(seen, item);
	if (seen->slots[at] == item)
		return false;
	seen->slots[at] = item;
	seen->n++;
	return true;
}

void emit_seen_clear(struct emit_seen *seen)
{
	free(seen->slots);
	*seen = (struct emit_seen){0};
}
