/* SPDX-License-Identifier: MIT */
/*
 * depfile.c - a rule for make: targets, a colon, sources.
 */
#include "depfile.h"

#include <stdio.h>

/* Blanks, '#' and '%' are quoted with a backslash, '$' is doubled. */
static void put_name(FILE *out, const char *name)
{
	for (; *name != '\0'; name++) {
		if (*name == ' ' || *name == '\t' || *name == '#' || *name == '\\')
			fputc('\\', out);
		if (*name == '$')
			fputc('$', out);
		fputc(*name, out);
	}
}

static void put_rule(
        FILE *out, const struct vec *targets, const struct vec *sources, bool with_phony)
{
	size_t i;

	for (i = 0; i < targets->n; i++) {
		if (i != 0)
			fputc(' ', out);
		put_name(out, targets->items[i]);
	}
	fputc(':', out);
	for (i = 0; i < sources->n; i++) {
		fputs(i == 0 ? " " : " \\\n ", out);
		put_name(out, sources->items[i]);
	}
	fputc('\n', out);
	for (i = 1; i < sources->n && with_phony; i++) {
		fputc('\n', out);
		put_name(out, sources->items[i]);
		fputs(":\n", out);
	}
}

char *depfile_text(
        const struct vec *targets, const struct vec *sources, bool with_phony, size_t *ret_length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_length);

	if (out == NULL)
		return NULL;
	put_rule(out, targets, sources, with_phony);
	return fclose(out) == 0 ? text : NULL;
}
