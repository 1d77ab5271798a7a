/* SPDX-License-Identifier: MIT */
/*
 * pattern_set.c - sets of code points: ranges merged, negated, named by \d, \w and \s.
 *
 * Knows nothing of a pattern's syntax, nor of Unicode's properties.
 */
#include "pattern_parts.h"

#include <stdlib.h>
#include <string.h>

/* A range as one number that sorts by its first code point. */
static uint32_t first_of(uint64_t range)
{
	return (uint32_t)(range >> 32);
}

static uint32_t last_of(uint64_t range)
{
	return (uint32_t)range;
}

void pattern_add(struct pattern_ranges *ranges, uint32_t first, uint32_t last)
{
	uint64_t *items;

	if (ranges->n == ranges->capacity) {
		ranges->capacity = ranges->capacity != 0 ? ranges->capacity * 2 : 4;
		items = arena_array(ranges->arena, ranges->capacity, sizeof(*items));
		if (ranges->n != 0)
			memcpy(items, ranges->items, ranges->n * sizeof(*items));
		ranges->items = items;
	}
	ranges->items[ranges->n++] = (uint64_t)first << 32 | last;
}

void pattern_add_set(struct pattern_ranges *ranges, const struct pattern_set *set)
{
	size_t i;

	for (i = 0; i + 1 < set->n; i += 2)
		pattern_add(ranges, set->bounds[i], set->bounds[i + 1] - 1);
}

static int compare_ranges(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The other code points. There is room for two more bounds. */
static void negate(struct pattern_set *set)
{
	if (set->n != 0 && set->bounds[0] == 0) {
		memmove(set->bounds, set->bounds + 1, --set->n * sizeof(*set->bounds));
	} else {
		memmove(set->bounds + 1, set->bounds, set->n++ * sizeof(*set->bounds));
		set->bounds[0] = 0;
	}
	if (set->bounds[set->n - 1] == PATTERN_CODE_POINTS)
		set->n--;
	else
		set->bounds[set->n++] = PATTERN_CODE_POINTS;
}

const struct pattern_set *pattern_set_of(struct pattern_ranges *ranges, bool negated)
{
	struct pattern_set *set = arena_alloc(ranges->arena, sizeof(*set));
	size_t i;

	set->bounds = arena_array(ranges->arena, ranges->n * 2 + 2, sizeof(*set->bounds));
	if (ranges->n > 1)
		qsort(ranges->items, ranges->n, sizeof(*ranges->items), compare_ranges);
	for (i = 0; i < ranges->n; i++) {
		uint32_t first = first_of(ranges->items[i]), end = last_of(ranges->items[i]) + 1;

		if (set->n != 0 && first <= set->bounds[set->n - 1]) {
			if (end > set->bounds[set->n - 1])
				set->bounds[set->n - 1] = end;
			continue;
		}
		set->bounds[set->n++] = first;
		set->bounds[set->n++] = end;
	}
	if (negated)
		negate(set);
	return set;
}

bool pattern_set_has(const struct pattern_set *set, uint32_t code_point)
{
	size_t low = 0, high = set->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (set->bounds[middle] <= code_point)
			low = middle + 1;
		else
			high = middle;
	}
	return low % 2 == 1;
}

/* ------------------------------------------------------------- named sets */

struct span {
	uint32_t first;
	uint32_t last;
};

static const struct span digits[] = {{'0', '9'}};
static const struct span words[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
/* WhiteSpace and LineTerminator of ECMA-262. */
static const struct span spaces[] = {{'\t', '\r'}, {' ', ' '}, {0xA0, 0xA0}, {0x1680, 0x1680},
        {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000},
        {0xFEFF, 0xFEFF}};
static const struct span line_ends[] = {{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}};

static const struct pattern_set *of_spans(
        struct arena *arena, const struct span *spans, size_t n, bool negated)
{
	struct pattern_ranges ranges = {.arena = arena};
	size_t i;

	for (i = 0; i < n; i++)
		pattern_add(&ranges, spans[i].first, spans[i].last);
	return pattern_set_of(&ranges, negated);
}

#define OF_SPANS(spans, negated) of_spans(arena, spans, sizeof(spans) / sizeof(spans[0]), negated)

const struct pattern_set *pattern_set_named(struct arena *arena, char letter)
{
	switch (letter) {
	case 'd': return OF_SPANS(digits, false);
	case 'D': return OF_SPANS(digits, true);
	case 'w': return OF_SPANS(words, false);
	case 'W': return OF_SPANS(words, true);
	case 's': return OF_SPANS(spaces, false);
	case 'S': return OF_SPANS(spaces, true);
	case '.': return OF_SPANS(line_ends, true);
	default: return NULL;
	}
}

uint32_t pattern_decode(const char *text, size_t length, size_t *ret_length)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = p[0] < 0xC0 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	uint32_t code_point = p[0];
	size_t i;

	if (n > length)
		n = 1;
	if (n > 1)
		code_point &= 0x7Fu >> n;
	for (i = 1; i < n; i++)
		code_point = code_point << 6 | (p[i] & 0x3Fu);
	*ret_length = n;
	return code_point;
}
