/* SPDX-License-Identifier: MIT */
/*
 * pattern_shape.h - patterns that say no more than a shape: so many characters of one class of
 * ASCII, or a class for each place, none of them one that JSON escapes. The runtime checks these
 * without their automaton, many bytes at once.
 */
#ifndef MSGC_COMPILER_PATTERN_SHAPE_H
#define MSGC_COMPILER_PATTERN_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

struct model_pattern;

#define PATTERN_SHAPE_TABLE  32
#define PATTERN_SHAPE_RANGES 4
#define PATTERN_SHAPE_NO_END UINT32_MAX

struct pattern_shape {
	bool is_fixed;        /* a class for each place, fewer than PATTERN_SHAPE_TABLE of them */
	uint32_t least, most; /* bytes; most may be PATTERN_SHAPE_NO_END */
	/*
	 * Fixed: the byte at i is from[i] to from[i] + span[i]; behind the last place stands a quote,
	 * and then anything. Else: c is in the class where from[c & 15] & span[c >> 4]; and if the
	 * class is no more than four ranges (two that differ in one bit only are one: letters of both
	 * cases), range i goes from from[16 + 4 * i] - span[16 + 4 * i] to from[16 + 4 * i].
	 */
	bool has_ranges;
	uint8_t fold; /* set in a byte before the first range is looked at */
	uint8_t from[PATTERN_SHAPE_TABLE], span[PATTERN_SHAPE_TABLE];
};

/* True if the pattern is such a shape, which *ret then describes. */
bool pattern_shape(const struct model_pattern *pattern, struct pattern_shape *ret);

#endif
