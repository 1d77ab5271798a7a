/* SPDX-License-Identifier: MIT */
/*
 * pattern_meet.c - whether some text matches two patterns: a walk over pairs of their states.
 *
 * Knows automata only, not how they came about.
 */
#include "pattern_parts.h"

#include <string.h>

/* What the least of walks takes, and an edge of it. */
#define BASE_WORK 1000
#define EDGE_WORK 2

/* Pairs of classes that some code point is in: a's << 16 | b's, each once. */
struct letters {
	uint32_t *items;
	size_t n;
};

/* Pairs of states that were met, and those of them that are still to be left. */
struct walk {
	const struct model_pattern *a, *b;
	uint8_t *met;
	uint32_t *waiting;
	size_t n_waiting;
};

static struct letters letters_of(
        struct arena *arena, const struct model_pattern *a, const struct model_pattern *b)
{
	uint8_t *seen = arena_array(arena, (size_t)a->n_classes * b->n_classes, 1);
	struct letters letters = {
	        arena_array(arena, a->n_ranges + b->n_ranges, sizeof(*letters.items)), 0};
	size_t i = 0, k = 0;

	/* Both begin at 0; the next piece begins where the first of the two goes on. */
	for (;;) {
		uint32_t x = a->ranges[i] & 0xFF, y = b->ranges[k] & 0xFF;
		uint32_t next_a = i + 1 < a->n_ranges ? a->ranges[i + 1] >> 8 : PATTERN_CODE_POINTS;
		uint32_t next_b = k + 1 < b->n_ranges ? b->ranges[k + 1] >> 8 : PATTERN_CODE_POINTS;

		if (!seen[(size_t)x * b->n_classes + y])
			letters.items[letters.n++] = x << 16 | y;
		seen[(size_t)x * b->n_classes + y] = 1;
		if (next_a == PATTERN_CODE_POINTS && next_b == PATTERN_CODE_POINTS)
			return letters;
		i += next_a <= next_b;
		k += next_b <= next_a;
	}
}

static bool is_final(const struct model_pattern *pattern, uint32_t state)
{
	return state == PATTERN_FULL || state >= pattern->first_final;
}

/* True if the pair says that a text matches both. Otherwise it waits, if it is new and may lead to one. */
static bool meet(struct walk *walk, uint32_t x, uint32_t y)
{
	size_t pair = (size_t)x * walk->b->n_states + y;

	if (is_final(walk->a, x) && is_final(walk->b, y))
		return true;
	if (x != PATTERN_DEAD && y != PATTERN_DEAD && !walk->met[pair]) {
		walk->met[pair] = 1;
		walk->waiting[walk->n_waiting++] = (uint32_t)pair;
	}
	return false;
}

bool pattern_meets(const struct model_pattern *a, const struct model_pattern *b, uint64_t *work)
{
	size_t n_pairs = (size_t)a->n_states * b->n_states;
	uint64_t cost = BASE_WORK + n_pairs + a->n_ranges + b->n_ranges;
	struct arena *arena;
	struct letters letters;
	struct walk walk = {.a = a, .b = b};
	bool meets;

	if (*work < cost)
		return true;
	*work -= cost;
	arena = arena_new();
	letters = letters_of(arena, a, b);
	walk.met = arena_array(arena, n_pairs, sizeof(*walk.met));
	walk.waiting = arena_array(arena, n_pairs, sizeof(*walk.waiting));
	meets = meet(&walk, a->start, b->start);
	while (!meets && walk.n_waiting > 0) {
		uint32_t pair = walk.waiting[--walk.n_waiting];
		const uint16_t *next_a = a->next + (size_t)(pair / b->n_states) * a->n_classes;
		const uint16_t *next_b = b->next + (size_t)(pair % b->n_states) * b->n_classes;

		meets = !pattern_spend(work, letters.n * EDGE_WORK);
		for (size_t i = 0; i < letters.n && !meets; i++)
			meets = meet(&walk, next_a[letters.items[i] >> 16],
			        next_b[letters.items[i] & 0xFFFF]);
	}
	arena_free(arena);
	return meets;
}
