/* SPDX-License-Identifier: MIT */
/*
 * pattern.h - patterns in the syntax of ECMAScript's regular expressions (flag u) as automata.
 *
 * A pattern becomes a minimal deterministic automaton over classes of code points, so that matching
 * takes one step a character, whatever the pattern. Knows nothing of contracts; places are byte
 * offsets in the pattern's text.
 */
#ifndef MSGC_COMPILER_PATTERN_H
#define MSGC_COMPILER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"

struct arena;

/* So long may a pattern's text be, in bytes. */
#define PATTERN_MAX_BYTES 2000

/* So many states may the minimal automaton have. */
#define PATTERN_MAX_STATES 2000

/*
 * So much work may one pattern be: steps of the construction, a fraction of a second. What a pattern
 * took is told, so that many of them can share a budget.
 */
#define PATTERN_MAX_WORK ((uint64_t)20 * 1000 * 1000)

enum pattern_result {
	PATTERN_OK,
	PATTERN_SYNTAX,      /* no pattern of ECMAScript */
	PATTERN_UNSUPPORTED, /* one, but not one of this language */
	PATTERN_TOO_BIG,     /* too many states, or too much work to find out */
	PATTERN_NOTHING,     /* no text matches it */
};

/* What is wrong with bytes [start, end) of the text. hint: NULL for none. */
struct pattern_error {
	const char *message;
	const char *hint;
	size_t start;
	size_t end;
};

/*
 * Compiles a text, valid UTF-8 without NUL. *ret_pattern is written on success: all but its names,
 * which are the caller's; *ret_error otherwise. Both live in the arena. *work is what may still be
 * spent, and is lessened by what was.
 */
enum pattern_result pattern_compile(struct arena *arena, const char *text, size_t length,
        uint64_t *work, struct model_pattern *ret_pattern, struct pattern_error *ret_error);

/*
 * True if some text matches both. Where *work, which is lessened, is not enough to find out: true.
 */
bool pattern_meets(const struct model_pattern *a, const struct model_pattern *b, uint64_t *work);

/* True if it matches somewhere in the text, UTF-8. */
bool pattern_matches(const struct model_pattern *pattern, const char *text, size_t length);

#endif
