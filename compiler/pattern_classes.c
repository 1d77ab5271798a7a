/* SPDX-License-Identifier: MIT */
/*
 * pattern_classes.c - code points that a pattern does not tell apart, as one letter of its alphabet.
 *
 * All bounds of all sets, in order, cut the code points into pieces; pieces in the same sets are one
 * class.
 */
#include "pattern_parts.h"

#include <stdlib.h>
#include <string.h>

#define SURROGATES        UINT32_C(0xD800)
#define BEHIND_SURROGATES UINT32_C(0xE000)

/* A bound of a set: code point << 32 | set. */
struct cuts {
	uint64_t *items;
	size_t n;
};

static int compare_cuts(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static struct cuts cuts_of(
        struct arena *arena, const struct pattern_set *const *sets, uint32_t n_sets)
{
	struct cuts cuts = {NULL, 0};
	size_t total = 0, k;
	uint32_t i;

	for (i = 0; i < n_sets; i++)
		total += sets[i]->n;
	cuts.items = arena_array(arena, total, sizeof(*cuts.items));
	for (i = 0; i < n_sets; i++) {
		for (k = 0; k < sets[i]->n; k++)
			cuts.items[cuts.n++] = (uint64_t)sets[i]->bounds[k] << 32 | i;
	}
	if (cuts.n > 1)
		qsort(cuts.items, cuts.n, sizeof(*cuts.items), compare_cuts);
	return cuts;
}

/* The class of pieces in exactly these sets. PATTERN_MAX_CLASSES: there is no more room. */
static uint32_t class_with(
        struct pattern_classes *classes, uint8_t *signatures, const uint8_t *in, uint32_t n_sets)
{
	uint32_t i;

	for (i = 0; i < classes->n; i++) {
		if (memcmp(signatures + (size_t)i * n_sets, in, n_sets) == 0)
			return i;
	}
	if (classes->n == PATTERN_MAX_CLASSES)
		return PATTERN_MAX_CLASSES;
	memcpy(signatures + (size_t)classes->n * n_sets, in, n_sets);
	return classes->n++;
}

static void find_members(
        struct pattern_classes *classes, const uint8_t *signatures, uint32_t n_sets)
{
	uint32_t i, k;

	for (i = 0; i < classes->n; i++) {
		for (k = 0; k < n_sets; k++)
			classes->members[(size_t)k * PATTERN_MAX_CLASSES + i] =
			        signatures[(size_t)i * n_sets + k];
	}
}

bool pattern_classes(struct pattern_classes *classes, const struct pattern_nfa *nfa)
{
	uint32_t n_sets = nfa->n_sets + nfa->has_word_edges, i, class;
	const struct pattern_set **sets = arena_array(nfa->arena, n_sets, sizeof(*sets));
	uint8_t *in = arena_array(nfa->arena, n_sets, 1);
	uint8_t *signatures = arena_array(nfa->arena, PATTERN_MAX_CLASSES, n_sets);
	struct cuts cuts;
	size_t at = 0;

	memcpy(sets, nfa->sets, nfa->n_sets * sizeof(*sets));
	if (nfa->has_word_edges)
		sets[nfa->n_sets] = pattern_set_named(nfa->arena, 'w');
	cuts = cuts_of(nfa->arena, sets, n_sets);
	classes->ranges = arena_array(nfa->arena, cuts.n + 2, sizeof(*classes->ranges));
	classes->members = arena_array(nfa->arena, n_sets, PATTERN_MAX_CLASSES);
	for (uint32_t first = 0, end; first < PATTERN_CODE_POINTS; first = end) {
		for (; at < cuts.n && cuts.items[at] >> 32 == first; at++)
			in[(uint32_t)cuts.items[at]] ^= 1;
		end = at < cuts.n ? (uint32_t)(cuts.items[at] >> 32) : PATTERN_CODE_POINTS;
		/* No text holds a surrogate: those need no class, and what asks for one has none. */
		if (first >= SURROGATES && first < BEHIND_SURROGATES) {
			end = end < BEHIND_SURROGATES ? end : BEHIND_SURROGATES;
			continue;
		}
		class = class_with(classes, signatures, in, n_sets);
		if (class == PATTERN_MAX_CLASSES || !pattern_spend(nfa->work, classes->n))
			return false;
		classes->ranges[classes->n_ranges++] = first << 8 | class;
	}
	find_members(classes, signatures, n_sets);
	for (i = 0; nfa->has_word_edges && i < classes->n; i++)
		classes->is_word[i] = signatures[(size_t)i * n_sets + nfa->n_sets];
	return true;
}

uint32_t pattern_class_of(const uint32_t *ranges, size_t n_ranges, uint32_t code_point)
{
	size_t low = 0, high = n_ranges;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (ranges[middle] >> 8 <= code_point)
			low = middle;
		else
			high = middle;
	}
	return ranges[low] & 0xFF;
}
