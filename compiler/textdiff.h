/* SPDX-License-Identifier: MIT */
/*
 * textdiff.h - two texts as a unified diff.
 *
 * Knows nothing of what the texts are.
 */
#ifndef MSGC_COMPILER_TEXTDIFF_H
#define MSGC_COMPILER_TEXTDIFF_H

#include <stddef.h>
#include <stdio.h>

struct textdiff_text {
	const char *bytes;
	size_t length;
};

/* With three lines of context, for patch -p0; nothing if they are the same. */
void textdiff_print(
        FILE *stream, const char *path, struct textdiff_text before, struct textdiff_text after);

#endif
