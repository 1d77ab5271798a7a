/* SPDX-License-Identifier: MIT */
/*
 * pattern_shape.c - finds the shape of a pattern in its automaton: a chain of states, each with one
 * way on, so that however the pattern was written, its meaning decides.
 */
#include <string.h>

#include "model.h"
#include "pattern_shape.h"

enum { DEAD, FULL }; /* states of every automaton */

#define CHAIN_MOST 4096

/* Characters of ASCII, a bit each. */
struct set {
	uint64_t bits[2];
};

static bool has(const struct set *set, unsigned c)
{
	return set->bits[c / 64] >> (c % 64) & 1;
}

static bool is_same(const struct set *a, const struct set *b)
{
	return a->bits[0] == b->bits[0] && a->bits[1] == b->bits[1];
}

/* What may stand in a JSON text as it is: a run of such bytes ends at the quote, if not before. */
static bool is_plain(const struct set *set)
{
	return !(set->bits[0] & UINT64_C(0xFFFFFFFF)) && !has(set, '"') && !has(set, '\\');
}

/*
 * The characters that lead on from a state, and where to. False: beyond ASCII, to several states,
 * or not at all (then *ret_next is DEAD).
 */
static bool way_on(const struct model_pattern *pattern, uint32_t state, struct set *ret_set,
        uint32_t *ret_next)
{
	*ret_set = (struct set){{0, 0}};
	*ret_next = DEAD;
	for (size_t i = 0; i < pattern->n_ranges; i++) {
		uint32_t first = pattern->ranges[i] >> 8, class = pattern->ranges[i] & 0xFF;
		uint32_t end = i + 1 < pattern->n_ranges ? pattern->ranges[i + 1] >> 8 : 0x110000;
		uint32_t to = pattern->next[(size_t)state * pattern->n_classes + class];

		if (to == DEAD || first == end)
			continue;
		if (end > 128 || (*ret_next != DEAD && *ret_next != to)) {
			*ret_next = to;
			return false;
		}
		*ret_next = to;
		for (uint32_t c = first; c < end; c++)
			ret_set->bits[c / 64] |= UINT64_C(1) << (c % 64);
	}
	return *ret_next != DEAD;
}

static bool is_final(const struct model_pattern *pattern, uint32_t state)
{
	return state >= pattern->first_final;
}

/* One place of a fixed shape: true if the set is a range. */
static bool put_place(struct pattern_shape *shape, size_t at, const struct set *set)
{
	unsigned first = 0, last = 127;

	if (at + 1 >= PATTERN_SHAPE_TABLE)
		return false;
	while (!has(set, first))
		first++;
	while (!has(set, last))
		last--;
	for (unsigned c = first; c <= last; c++)
		if (!has(set, c))
			return false;
	shape->from[at] = (uint8_t)first;
	shape->span[at] = (uint8_t)(last - first);
	return true;
}

static void put_range(struct pattern_shape *shape, size_t index, unsigned first, unsigned last)
{
	memset(shape->from + 16 + 4 * index, (int)last, 4);
	memset(shape->span + 16 + 4 * index, (int)(last - first), 4);
}

/* From *at on, the next range in the set; false: there is none. */
static bool next_range(const struct set *set, unsigned *at, unsigned *ret_first)
{
	unsigned c = *at;

	while (c < 128 && !has(set, c))
		c++;
	*ret_first = c;
	while (c < 128 && has(set, c))
		c++;
	*at = c;
	return *ret_first < 128;
}

#define CASE_BIT 0x20u

/*
 * The longest range whose characters are there in both cases: as the first, and taken from the set.
 * A byte that becomes one of them by that bit is one of the two.
 */
static size_t put_both_cases(struct pattern_shape *shape, struct set *set)
{
	struct set both = {{0, set->bits[1] & set->bits[1] >> CASE_BIT & UINT64_C(0xFFFFFFFF)}};
	unsigned at = 0, first, begin = 0, end = 0;

	while (next_range(&both, &at, &first))
		if (at - first > end - begin) {
			begin = first;
			end = at;
		}
	if (end == 0)
		return 0;
	for (unsigned c = begin; c < end; c++)
		set->bits[1] &= ~((UINT64_C(1) | UINT64_C(1) << CASE_BIT) << (c - 64));
	shape->fold = CASE_BIT;
	put_range(shape, 0, begin | CASE_BIT, (end - 1) | CASE_BIT);
	return 1;
}

/* The set as ranges from the one at index n on; what is left of the four repeats the last one. */
static bool put_rest(struct pattern_shape *shape, const struct set *set, size_t n)
{
	unsigned at = 0, first;

	for (; next_range(set, &at, &first); n++) {
		if (n == PATTERN_SHAPE_RANGES)
			return false;
		put_range(shape, n, first, at - 1);
	}
	for (; n < PATTERN_SHAPE_RANGES; n++) {
		memcpy(shape->from + 16 + 4 * n, shape->from + 12 + 4 * n, 4);
		memcpy(shape->span + 16 + 4 * n, shape->span + 12 + 4 * n, 4);
	}
	return true;
}

/* The class once more, where it is a few ranges. */
static void put_ranges(struct pattern_shape *shape, const struct set *set)
{
	struct pattern_shape plain = *shape, folded = *shape;
	struct set rest = *set;
	size_t n = put_both_cases(&folded, &rest);

	if (put_rest(&plain, set, 0))
		*shape = plain;
	else if (put_rest(&folded, &rest, n))
		*shape = folded;
	else
		return;
	shape->has_ranges = true;
}

static void put_class(struct pattern_shape *shape, const struct set *set)
{
	memset(shape->from, 0, sizeof(shape->from));
	memset(shape->span, 0, sizeof(shape->span));
	for (unsigned upper = 0; upper < 8; upper++)
		shape->span[upper] = (uint8_t)(1u << upper);
	for (unsigned c = 0; c < 128; c++)
		if (has(set, c))
			shape->from[c & 15] |= (uint8_t)(1u << (c >> 4));
	put_ranges(shape, set);
}

/* Behind the last place of a fixed shape: the quote that ends the string, and anything. */
static void close_places(struct pattern_shape *shape)
{
	shape->from[shape->most] = '"';
	shape->span[shape->most] = 0;
	for (size_t i = (size_t)shape->most + 1; i < PATTERN_SHAPE_TABLE; i++) {
		shape->from[i] = 0;
		shape->span[i] = 255;
	}
}

bool pattern_shape(const struct model_pattern *pattern, struct pattern_shape *ret)
{
	struct set first = {{0, 0}}, set;
	uint32_t state = pattern->start, next, length = 0;
	bool one_class = true, places = true, finals_end = true, seen_final = false;

	*ret = (struct pattern_shape){0};
	for (;; length++) {
		if (state == FULL || length > CHAIN_MOST)
			return false;
		if (is_final(pattern, state) && !seen_final) {
			seen_final = true;
			ret->least = length;
		} else if (!is_final(pattern, state) && seen_final) {
			finals_end = false;
		}
		if (!way_on(pattern, state, &set, &next)) {
			if (next != DEAD)
				return false;
			break;
		}
		if (!is_plain(&set))
			return false;
		if (length == 0)
			first = set;
		one_class = one_class && is_same(&set, &first);
		places = places && put_place(ret, length, &set);
		if (next == state) {
			ret->most = PATTERN_SHAPE_NO_END;
			break;
		}
		state = next;
	}
	if (!seen_final || !finals_end || (length == 0 && ret->most == 0))
		return false;
	if (ret->most == 0)
		ret->most = length;
	ret->is_fixed = places && ret->least == ret->most;
	if (ret->is_fixed)
		close_places(ret);
	else if (one_class)
		put_class(ret, &first);
	return ret->is_fixed || one_class;
}
