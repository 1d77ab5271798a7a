/* SPDX-License-Identifier: MIT */
/*
 * judge.c - patterns and texts on stdin, verdicts on stdout. A line "P" and hexadecimal digits is a
 * pattern: ok, syntax, unsupported, big or nothing comes back. "T" and digits is a text for the
 * pattern before it: 1 or 0, or a word where the two matchers disagree. "A" asks which code points match
 * as texts of their own: first and last of each run, in hexadecimal digits. It knows nothing of what is
 * right.
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

static size_t encode(uint32_t v, char *to)
{
	static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
	size_t n = v < 0x80 ? 1 : v < 0x800 ? 2 : v < 0x10000 ? 3 : 4;

	for (size_t i = n - 1; i > 0; i--, v >>= 6)
		to[i] = (char)(0x80 | (v & 0x3F));
	to[0] = (char)(leads[n] | v);
	return n;
}

static void print_matching(const struct compiled *compiled)
{
	char text[4];
	bool inside = false;

	for (uint32_t v = 0; v <= 0x110000; v++) {
		bool is_text = v < 0x110000 && (v < 0xD800 || v > 0xDFFF);
		bool matches = is_text && compiled->result == PATTERN_OK &&
		        compiled_matches(compiled, text, encode(v, text)) == 1;

		if (matches && !inside)
			printf("%x ", v);
		else if (!matches && inside)
			printf("%x ", v - 1);
		inside = matches;
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
	char *line = NULL;
	size_t capacity = 0, length;

	while (getline(&line, &capacity, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		length = decode(line + 1);
		if (line[0] == 'P') {
			if (is_open)
				compiled_free(&compiled);
			compiled_init(&compiled, line + 1, length);
			is_open = true;
			puts(results[compiled.result]);
		} else if (is_open && line[0] == 'A') {
			print_matching(&compiled);
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
	return 0;
}
