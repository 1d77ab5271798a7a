/* SPDX-License-Identifier: MIT */
/*
 * emit_c_text.c - lines of C that are longer than a page is wide, broken where a person would break
 * them. Knows C's punctuation and nothing of what is said.
 */
#include <string.h>

#include "emit_c_parts.h"

enum { COLUMNS = 100, TAB = 8 };

static bool is_break(const char *text, size_t at)
{
	return text[at] == ' ' && at >= 2 &&
	        (text[at - 1] == ',' || strncmp(text + at - 2, "&&", 2) == 0 ||
	                strncmp(text + at - 2, "||", 2) == 0);
}

/* How much of the text goes on this line: all, or up to the last break that fits. */
static size_t fitting(const char *text, size_t columns)
{
	size_t length = strlen(text);
	size_t best = 0;
	bool quoted = false;

	if (length <= columns)
		return length;
	for (size_t i = 0; i < length && (i <= columns || best == 0); i++) {
		if (text[i] == '"' && (i == 0 || text[i - 1] != '\\'))
			quoted = !quoted;
		if (!quoted && is_break(text, i))
			best = i;
	}
	return best > 0 ? best : length;
}

void emit_c_wrap(struct writer *w, unsigned depth, const char *text)
{
	size_t columns = COLUMNS - (size_t)depth * TAB;
	const char *margin = "";

	for (;;) {
		size_t length = fitting(text, columns);

		writer_line(w, "%s%.*s", margin, (int)length, text);
		text += length;
		if (*text == '\0')
			break;
		text++;
		if (*margin == '\0') {
			margin = "\t";
			columns -= TAB;
		}
	}
}

void emit_c_row_put(struct emit_c_rows *rows, unsigned number)
{
	enum { WIDTH = 72 };

	if (rows->column > WIDTH)
		emit_c_row_end(rows);
	rows->column += 3;
	for (unsigned rest = number; rest > 9; rest /= 10)
		rows->column++;
	writer_add(rows->w, "%s%u,", rows->begun ? " " : "", number);
	rows->begun = true;
}

void emit_c_row_end(struct emit_c_rows *rows)
{
	if (rows->begun)
		writer_end(rows->w);
	rows->begun = false;
	rows->column = 0;
}
