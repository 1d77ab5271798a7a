/* SPDX-License-Identifier: MIT */
/*
 * lay_out.c - the standard input in its canonical layout, whether it is a contract or not: fmt without
 * the parser before it.
 *
 * Exit status 1: it has no tokens.
 */
#include <stdio.h>
#include <stdlib.h>

#include "arena.h"
#include "fmt.h"

int main(void)
{
	static const struct diag_style style = {DIAG_TEXT, true};
	struct arena *arena = arena_new();
	struct diag *diag = diag_new();
	const struct source *source;
	char *text = NULL;
	size_t length;
	bool fine = source_read_stdin(arena, &source) == SOURCE_OK &&
	        fmt_source(diag, source, &text, &length);

	if (fine && length > 0) /* an empty text may be NULL */
		fwrite(text, 1, length, stdout);
	else if (!fine)
		diag_print(diag, stderr, &style);
	free(text);
	diag_free(diag);
	arena_free(arena);
	return fine ? 0 : 1;
}
