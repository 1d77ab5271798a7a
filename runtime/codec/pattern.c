/* SPDX-License-Identifier: MIT */
/*
 * Patterns: texts held against the automata that the compiler has made of them. One look-up a
 * character, two beyond ASCII, and no state but a number: linear in the text, whatever the pattern.
 * It knows nothing of a pattern's syntax.
 */
#include "internal.h"

/* The states of every automaton that decide, whatever follows. */
enum { DEAD, FULL };

/* The code point at p, and the byte behind it. Text that is no UTF-8 gives some code point. */
static const uint8_t *decode(const uint8_t *p, const uint8_t *end, uint32_t *ret)
{
	size_t n = *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : 4;
	uint32_t v = *p & (0x7Fu >> n);

	if ((size_t)(end - p) < n)
		n = (size_t)(end - p);
	for (size_t i = 1; i < n; i++)
		v = v << 6 | (p[i] & 0x3Fu);
	*ret = v;
	return p + n;
}

/* The class of a code point beyond ASCII. */
static uint32_t class_of(const struct msgc_pattern *pattern, uint32_t v)
{
	size_t low = 0, high = pattern->n_ranges;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (pattern->ranges[middle] >> 8 <= v)
			low = middle;
		else
			high = middle;
	}
	return pattern->ranges[low] & 0xFF;
}

static bool shape_matches(const struct msgc_shape *shape, struct msgc_str text)
{
	unsigned good = 1;

	if (text.len < shape->least || text.len > shape->most)
		return false;
	if (shape->is_fixed) {
		for (size_t i = 0; i < text.len; i++)
			good &= (uint8_t)((uint8_t)text.ptr[i] - shape->from[i]) <= shape->span[i];
		return good;
	}
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = (uint8_t)text.ptr[i];

		good &= (shape->from[c & 15] & shape->span[c >> 4]) != 0;
	}
	return good;
}

bool msgc_pattern_matches(const struct msgc_pattern *pattern, struct msgc_str text)
{
	const uint8_t *p = (const uint8_t *)text.ptr, *end;
	uint32_t state = pattern->start, class, v;
	size_t at;

	if (pattern->shape)
		return shape_matches(pattern->shape, text);
	if (text.len) {
		end = p + text.len;
		while (p < end && state > FULL) {
			if (*p < 0x80) {
				class = pattern->ascii[*p++];
			} else {
				p = decode(p, end, &v);
				class = class_of(pattern, v);
			}
			at = (size_t)state * pattern->n_classes + class;
			state = pattern->narrow ? pattern->narrow[at] : pattern->wide[at];
		}
	}
	return state == FULL || state >= pattern->first_final;
}

bool msgc_check_pattern(struct msgc_scope *s, struct msgc_str v, const struct msgc_pattern *pattern)
{
	if (msgc_pattern_matches(pattern, v))
		return true;
	msgc_refuse_pattern(s, pattern->text);
	return false;
}
