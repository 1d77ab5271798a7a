/* SPDX-License-Identifier: MIT */
/*
 * oracle.h - a pattern's verdict without graph, automaton or classes: straight from its tree, by sets of
 * places in a short text. Slow and simple, so that the fast way has something to agree with.
 */
#ifndef TESTS_PATTERN_ORACLE_H
#define TESTS_PATTERN_ORACLE_H

#include <stddef.h>

/* So many code points may a text have. */
#define ORACLE_MAX_TEXT 63

/*
 * 1: the pattern, which compiles, matches in the text, which is UTF-8; 0: it does not; -1: the text is too
 * long, or it takes too long to say.
 */
int oracle_matches(const char *pattern, size_t pattern_length, const char *text, size_t length);

#endif
