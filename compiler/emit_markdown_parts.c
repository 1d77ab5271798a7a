/* SPDX-License-Identifier: MIT */
/*
 * emit_markdown_parts.c - texts, members, examples as Markdown (CommonMark with GitHub's tables). The
 * only place that puts a contract's text onto the page.
 */
#include "emit_markdown.h"

#include <string.h>

/* -------------------------------------------------------------------- texts */

/* At the beginning of a paragraph these begin something else: lists, rules. */
static bool is_marker(const char *text, size_t length)
{
	return length > 0 && strchr("+-=", *text) != NULL;
}

/* "1. ", "12) ": so do these, and their sign takes the backslash. Their digits' number, or 0. */
static size_t numbered(const char *text, size_t length)
{
	size_t n = 0;

	while (n < length && text[n] >= '0' && text[n] <= '9')
		n++;
	return n > 0 && n < length && strchr(".)", text[n]) != NULL ? n : 0;
}

static void add_text(struct markdown *m, const char *text, size_t length)
{
	size_t from = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		bool is_blank = c == '\n' || c == '\t';

		if (c >= 0x20 && c != 0x7f && strchr("\\`*_[]<>|&~#$", c) == NULL)
			continue;
		writer_add(m->w, "%.*s", (int)(i - from), text + from);
		from = i + 1;
		if (is_blank)
			writer_add(m->w, " ");
		else if (c < 0x20 || c == 0x7f)
			writer_add(m->w, "\xEF\xBF\xBD");
		else
			writer_add(m->w, "\\%c", c);
	}
	writer_add(m->w, "%.*s", (int)(length - from), text + from);
}

void markdown_text(struct markdown *m, const char *text)
{
	add_text(m, text, strlen(text));
}

/* The longest run of backticks in it. */
static size_t longest_run(const char *text, size_t length)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < length; i++) {
		run = text[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

/* A span of code ends with as many backticks as it began; in tables a '|' would end its cell. */
static void add_code(struct markdown *m, const char *text, size_t length)
{
	size_t fence = longest_run(text, length) + 1;

	if (length == 0)
		return;
	for (size_t i = 0; i < fence; i++)
		writer_add(m->w, "`");
	writer_add(m->w, fence > 1 ? " " : "");
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == 0x7f)
			writer_add(m->w, " ");
		else
			writer_add(m->w, c == '|' ? "\\%c" : "%c", c);
	}
	writer_add(m->w, fence > 1 ? " " : "");
	for (size_t i = 0; i < fence; i++)
		writer_add(m->w, "`");
}

void markdown_code(struct markdown *m, const char *text)
{
	add_code(m, text, strlen(text));
}

/* `code` where a second backtick follows. */
static void add_prose(struct markdown *m, const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end) {
		const char *tick = memchr(text, '`', (size_t)(end - text)), *other = NULL;

		if (tick != NULL && tick + 1 < end)
			other = memchr(tick + 1, '`', (size_t)(end - tick) - 1);
		if (other == NULL || other == tick + 1) {
			add_text(m, text, (size_t)(end - text));
			return;
		}
		add_text(m, text, (size_t)(tick - text));
		add_code(m, tick + 1, (size_t)(other - tick) - 1);
		text = other + 1;
	}
}

void markdown_prose(struct markdown *m, const char *doc)
{
	while (doc != NULL && *doc != '\0') {
		const char *end = strstr(doc, "\n\n");
		size_t length = end != NULL ? (size_t)(end - doc) : strlen(doc);

		while (length > 0 && strchr(" \t\n", *doc) != NULL)
			doc++, length--;
		if (is_marker(doc, length))
			writer_add(m->w, "\\");
		if (numbered(doc, length) > 0) {
			size_t n = numbered(doc, length);

			writer_add(m->w, "%.*s\\", (int)n, doc);
			doc += n;
			length -= n;
		}
		if (length > 0) {
			add_prose(m, doc, length);
			writer_end(m->w);
			writer_blank(m->w);
		}
		doc += length;
		doc += strspn(doc, "\n");
	}
}

void markdown_heading(struct markdown *m, const char *kind, const char *name)
{
	writer_blank(m->w);
	writer_line(m->w, "<a id=\"%s-%s\"></a>", kind, name);
	writer_blank(m->w);
	writer_line(m->w, "### `%s`", name);
	writer_blank(m->w);
}

void markdown_link(struct markdown *m, const char *kind, const char *name)
{
	writer_add(m->w, "[`%s`](#%s-%s)", name, kind, name);
}

void markdown_fact(struct markdown *m, const char *name)
{
	writer_add(m->w, "- **%s:** ", name);
}

/* ------------------------------------------------------------------ members */

void markdown_pieces(struct markdown *m, const struct vec *pieces)
{
	for (size_t i = 0; i < pieces->n; i++) {
		const struct reference_piece *piece = pieces->items[i];

		if (piece->is_code) {
			markdown_code(m, piece->text);
			continue;
		}
		writer_add(m->w, piece->anchor != NULL ? "[" : "");
		markdown_text(m, piece->text);
		if (piece->anchor != NULL)
			writer_add(m->w, "](#%s)", piece->anchor);
	}
}

/* A separator before all but the first. */
static void next(struct markdown *m, bool *is_first, const char *separator)
{
	writer_add(m->w, "%s", *is_first ? "" : separator);
	*is_first = false;
}

static void add_meaning(struct markdown *m, const struct reference_row *row)
{
	bool is_first = true;

	for (size_t i = 0; i < row->words.n; i++) {
		next(m, &is_first, "; ");
		markdown_text(m, row->words.items[i]);
	}
	if (row->default_json != NULL) {
		next(m, &is_first, "; ");
		writer_add(m->w, "absent means ");
		markdown_code(m, row->default_json);
	}
	if (row->doc != NULL) {
		next(m, &is_first, ". ");
		add_prose(m, row->doc, strlen(row->doc));
	}
	if (row->deprecated != NULL) {
		next(m, &is_first, " ");
		writer_add(m->w, "**Deprecated**%s", *row->deprecated != '\0' ? ": " : "");
		markdown_text(m, row->deprecated);
	}
}

static void put_row(struct markdown *m, const struct reference_row *row)
{
	writer_add(m->w, "| ");
	for (unsigned i = 0; i < row->depth; i++)
		writer_add(m->w, "&emsp;");
	if (row->name != NULL)
		markdown_code(m, row->name);
	writer_add(m->w, " | ");
	markdown_pieces(m, &row->pieces);
	writer_add(m->w, " | %s | ", row->optional || row->default_json != NULL ? "optional" : "");
	add_meaning(m, row);
	writer_add(m->w, " |");
	writer_end(m->w);
}

void markdown_rows(struct markdown *m)
{
	const struct vec *rows = &m->r->rows;

	if (rows->n == 0)
		return;
	writer_blank(m->w);
	writer_line(m->w, "| member | type | | |");
	writer_line(m->w, "| --- | --- | --- | --- |");
	for (size_t i = 0; i < rows->n; i++)
		put_row(m, rows->items[i]);
	writer_blank(m->w);
}

/* ----------------------------------------------------------------- examples */

static void put_token(void *context, enum reference_token token, const char *text, size_t length)
{
	struct markdown *m = context;

	if (token != REFERENCE_TOKEN_BREAK) {
		writer_add(m->w, "%.*s", (int)length, text);
		return;
	}
	writer_end(m->w);
	for (size_t i = 0; i < length; i++)
		writer_add(m->w, "  ");
}

/* In a block of code nothing is markup; a fence longer than any run of backticks ends it alone. */
void markdown_example(struct markdown *m, const char *json)
{
	size_t run = json != NULL ? longest_run(json, strlen(json)) : 0;
	const char *fence = "```";

	if (json == NULL)
		return;
	if (run >= 3) {
		char *longer = arena_alloc(m->r->arena, run + 2);

		memset(longer, '`', run + 1);
		fence = longer;
	}
	writer_blank(m->w);
	writer_line(m->w, "%sjson", fence);
	reference_json(json, put_token, m);
	writer_end(m->w);
	writer_line(m->w, "%s", fence);
	writer_blank(m->w);
}
