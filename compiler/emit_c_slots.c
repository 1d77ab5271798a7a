/* SPDX-License-Identifier: MIT */
/*
 * emit_c_slots.c - the hash tables by which the codec finds names: members, words of enums, tags.
 *
 * At most half full, and laid out with the seed, of those tried, that leaves the fewest names in
 * another slot than their own. Knows nothing of what the names stand for.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit_c_parts.h"
#include "name_hash.h"

enum {
	FEW = 4,   /* names that are faster looked through */
	TRIES = 64 /* seeds */
};

struct slots {
	const char *const *names; /* NULL: not to be found */
	size_t n_names;
	uint16_t *slots;
	uint32_t mask;
};

/* Lays the names out; returns how many slots beyond their own all of them are together. */
static size_t lay_out(struct slots *to, uint32_t seed)
{
	size_t steps = 0;

	memset(to->slots, 0, (to->mask + (size_t)1) * sizeof(*to->slots));
	for (size_t i = 0; i < to->n_names; i++) {
		uint32_t at;

		if (to->names[i] == NULL)
			continue;
		at = msgc__name_hash(to->names[i], strlen(to->names[i]), seed) & to->mask;
		for (; to->slots[at] != 0; at = (at + 1) & to->mask)
			steps++;
		to->slots[at] = (uint16_t)(i + 1);
	}
	return steps;
}

static uint32_t best_seed(struct slots *to)
{
	size_t least = SIZE_MAX;
	uint32_t best = 0;

	for (uint32_t seed = 0; seed < TRIES && least > 0; seed++) {
		size_t steps = lay_out(to, seed);

		if (steps < least) {
			least = steps;
			best = seed;
		}
	}
	return best;
}

void emit_c_slots(struct writer *w, const char *const *names, size_t n_names)
{
	struct slots to = {names, n_names, NULL, 15};
	struct emit_c_rows rows = {.w = w};
	uint32_t seed;

	if (n_names <= FEW || n_names >= UINT16_MAX)
		return;
	while (to.mask < n_names * 2 - 1)
		to.mask = to.mask * 2 + 1;
	to.slots = memory_get((to.mask + (size_t)1) * sizeof(*to.slots));
	seed = best_seed(&to);
	lay_out(&to, seed);
	writer_open(w, ".slots = {(const uint16_t[]){");
	for (uint32_t i = 0; i <= to.mask; i++)
		emit_c_row_put(&rows, to.slots[i]);
	emit_c_row_end(&rows);
	writer_close(w, "}, %u, %u},", (unsigned)to.mask, (unsigned)seed);
	free(to.slots);
}
