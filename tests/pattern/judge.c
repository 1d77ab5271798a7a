/* SPDX-License-Identifier: MIT */
/*
 * judge.c - patterns and texts on stdin, verdicts on stdout. A line "P" and hexadecimal digits is a
 * pattern: ok, syntax, unsupported, big or nothing comes back. "T" and digits is a text for the
 * pattern before it: 1 or 0, or a word where the two matchers disagree. "K" and digits keeps a text; "A" asks
 * for each of its code points, as a text of its own: 1 or 0, or - where there is no pattern. It knows nothing
 * of what is right.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit.h"

static unsigned digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Decodes in place; returns how many bytes there are. */
static size_t decode(char *text)
{
	size_t n = strlen(text) / 2;

	for (size_t i = 0; i < n; i++)
		text[i] = (char)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
	text[n] = '\0';
	return n;
}

/* Which code points of the text match when each is a text of its own. */
static void print_each(const struct compiled *compiled, const char *text, size_t length)
{
	size_t at, end;

	for (at = 0; at < length; at = end) {
		for (end = at + 1; end < length && ((unsigned char)text[end] & 0xC0) == 0x80; end++)
			;
		putchar(compiled->result != PATTERN_OK                                 ? '-'
		                : compiled_matches(compiled, text + at, end - at) == 1 ? '1'
		                                                                       : '0');
	}
	putchar('\n');
}

int main(void)
{
	static const char *const results[] = {[PATTERN_OK] = "ok",
	        [PATTERN_SYNTAX] = "syntax",
	        [PATTERN_UNSUPPORTED] = "unsupported",
	        [PATTERN_TOO_BIG] = "big",
	        [PATTERN_NOTHING] = "nothing"};
	struct compiled compiled;
	bool is_open = false;
	char *line = NULL, *kept = NULL;
	size_t capacity = 0, kept_length = 0, length;

	while (getline(&line, &capacity, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		length = decode(line + 1);
		if (line[0] == 'K') {
			free(kept);
			kept = line;
			kept_length = length;
			memmove(kept, kept + 1, length);
			line = NULL;
			capacity = 0;
		} else if (line[0] == 'P') {
			if (is_open)
				compiled_free(&compiled);
			compiled_init(&compiled, line + 1, length, PATTERN_MAX_WORK);
			is_open = true;
			puts(results[compiled.result]);
		} else if (is_open && line[0] == 'A') {
			print_each(&compiled, kept, kept_length);
		} else if (is_open && compiled.result == PATTERN_OK) {
			int verdict = compiled_matches(&compiled, line + 1, length);

			puts(verdict < 0 ? "differ" : verdict ? "1" : "0");
		} else {
			puts("0");
		}
	}
	if (is_open)
		compiled_free(&compiled);
	free(line);
	free(kept);
	return 0;
}
