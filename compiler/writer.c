/* SPDX-License-Identifier: MIT */
/*
 * writer.c - lines of text in one growing buffer.
 *
 * A line in pieces is open until something else is written. Knows nothing of the model.
 */
#include "writer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WRITER_COLUMNS   100
#define WRITER_TAB       8
#define WRITER_MAX_DEPTH 1000

/* Texts handed out, in a list to be freed with the writer. */
struct writer_piece {
	struct writer_piece *next;
	char text[];
};

struct writer {
	const char *unit;
	char *text;
	size_t length;
	size_t capacity;
	unsigned depth;
	bool line_open;
	bool failed;
	struct writer_piece *pieces;
};

struct writer *writer_new(const char *unit)
{
	struct writer *writer = calloc(1, sizeof(*writer));

	if (writer == NULL)
		return NULL;
	writer->unit = unit;
	writer->capacity = 4096;
	writer->text = malloc(writer->capacity);
	if (writer->text == NULL) {
		free(writer);
		return NULL;
	}
	writer->text[0] = '\0';
	return writer;
}

void writer_free(struct writer *writer)
{
	struct writer_piece *piece, *next;

	if (writer == NULL)
		return;
	for (piece = writer->pieces; piece != NULL; piece = next) {
		next = piece->next;
		free(piece);
	}
	free(writer->text);
	free(writer);
}

bool writer_failed(const struct writer *writer)
{
	return writer->failed;
}

const char *writer_text(const struct writer *writer, size_t *ret_length)
{
	*ret_length = writer->length;
	return writer->text;
}

/* Room for length more bytes and a NUL. */
static bool writer_reserve(struct writer *writer, size_t length)
{
	size_t capacity = writer->capacity;
	char *text;

	if (writer->failed)
		return false;
	if (length >= SIZE_MAX / 4 || writer->length >= SIZE_MAX / 4) {
		writer->failed = true;
		return false;
	}
	while (capacity < writer->length + length + 1)
		capacity *= 2;
	if (capacity == writer->capacity)
		return true;
	text = realloc(writer->text, capacity);
	if (text == NULL) {
		writer->failed = true;
		return false;
	}
	writer->text = text;
	writer->capacity = capacity;
	return true;
}

static void writer_bytes(struct writer *writer, const char *bytes, size_t length)
{
	if (!writer_reserve(writer, length))
		return;
	memcpy(writer->text + writer->length, bytes, length);
	writer->length += length;
	writer->text[writer->length] = '\0';
}

static void writer_vprint(struct writer *writer, const char *format, va_list args)
{
	va_list again;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		writer->failed = true;
	if (length < 0 || !writer_reserve(writer, (size_t)length))
		return;
	vsnprintf(writer->text + writer->length, (size_t)length + 1, format, args);
	writer->length += (size_t)length;
}

static void writer_margin(struct writer *writer, unsigned depth)
{
	unsigned i;

	for (i = 0; i < depth; i++)
		writer_bytes(writer, writer->unit, strlen(writer->unit));
}

/* A whole line; its margin is taken back if nothing follows it. */
static void writer_vline(struct writer *writer, unsigned depth, const char *format, va_list args)
{
	size_t start, behind;

	writer_end(writer);
	start = writer->length;
	writer_margin(writer, depth);
	behind = writer->length;
	writer_vprint(writer, format, args);
	if (writer->length == behind)
		writer->length = start;
	writer_bytes(writer, "\n", 1);
}

void writer_indent(struct writer *writer)
{
	if (writer->depth < WRITER_MAX_DEPTH)
		writer->depth++;
	else
		writer->failed = true;
}

void writer_dedent(struct writer *writer)
{
	if (writer->depth > 0)
		writer->depth--;
	else
		writer->failed = true;
}

void writer_line(struct writer *writer, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	writer_vline(writer, writer->depth, format, args);
	va_end(args);
}

void writer_open(struct writer *writer, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	writer_vline(writer, writer->depth, format, args);
	va_end(args);
	writer_indent(writer);
}

void writer_close(struct writer *writer, const char *format, ...)
{
	va_list args;

	writer_end(writer);
	writer_dedent(writer);
	va_start(args, format);
	writer_vline(writer, writer->depth, format, args);
	va_end(args);
}

void writer_outdent(struct writer *writer, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	writer_vline(writer, writer->depth > 0 ? writer->depth - 1 : 0, format, args);
	va_end(args);
}

void writer_flush_left(struct writer *writer, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	writer_vline(writer, 0, format, args);
	va_end(args);
}

void writer_blank(struct writer *writer)
{
	writer_end(writer);
	if (writer->length == 0)
		return;
	if (writer->length >= 2 && writer->text[writer->length - 2] == '\n')
		return;
	writer_bytes(writer, "\n", 1);
}

void writer_add(struct writer *writer, const char *format, ...)
{
	va_list args;

	if (!writer->line_open)
		writer_margin(writer, writer->depth);
	writer->line_open = true;
	va_start(args, format);
	writer_vprint(writer, format, args);
	va_end(args);
}

void writer_end(struct writer *writer)
{
	if (writer->line_open)
		writer_bytes(writer, "\n", 1);
	writer->line_open = false;
}

/* ---------------------------------------------------------------- comments */

/* Text inside a C comment: no comment may end or begin in it, no control character hide in it. */
static void comment_text(struct writer *writer, const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		char before = i > 0 ? text[i - 1] : '\0';

		/* A trailing backslash would join lines; a question mark might make a trigraph of it. */
		if ((text[i] == '/' && before == '*') || (text[i] == '*' && before == '/'))
			writer_bytes(writer, " ", 1);
		if ((text[i] == '\\' && i + 1 == length) || (text[i] == '?' && before == '?'))
			writer_bytes(writer, " ", 1);
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			writer_bytes(writer, " ", 1);
		else
			writer_bytes(writer, text + i, 1);
		if (text[i] == '\\' && i + 1 == length)
			writer_bytes(writer, ".", 1);
	}
}

/* The bytes of text, up to its end or a newline, that fit in so many columns; whole words. */
static size_t fitting(const char *text, size_t columns)
{
	size_t best = 0, i = 0, column = 0;

	for (;; i++) {
		if (text[i] == '\0' || text[i] == '\n')
			return i;
		if (text[i] == ' ' && i > 0)
			best = i;
		column += ((unsigned char)text[i] & 0xC0) != 0x80;
		if (column > columns && best > 0)
			return best;
	}
}

static void comment_block(struct writer *writer, const char *text, size_t columns)
{
	size_t length;

	writer_line(writer, "/*");
	for (;;) {
		while (*text == ' ')
			text++;
		length = fitting(text, columns);
		writer_add(writer, " *%s", length == 0 ? "" : " ");
		comment_text(writer, text, length);
		writer_end(writer);
		text += length;
		if (*text == '\0')
			break;
		text++;
	}
	writer_line(writer, " */");
}

void writer_doc(struct writer *writer, const char *doc)
{
	size_t margin =
	        writer->depth * (writer->unit[0] == '\t' ? WRITER_TAB : strlen(writer->unit));
	/* Deep inside, comments may be wider than the page; never narrower than this. */
	size_t columns = margin + 40 < WRITER_COLUMNS ? WRITER_COLUMNS - margin : 40;
	size_t length;

	if (doc == NULL)
		return;
	length = strlen(doc);
	if (strchr(doc, '\n') != NULL || length + 6 > columns) {
		comment_block(writer, doc, columns - 3);
		return;
	}
	writer_add(writer, "/* ");
	comment_text(writer, doc, length);
	writer_add(writer, " */");
	writer_end(writer);
}

void writer_comment(struct writer *writer, const char *format, ...)
{
	char small[256], *text = small;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(small, sizeof(small), format, args);
	va_end(args);
	if (length >= (int)sizeof(small)) {
		text = malloc((size_t)length + 1);
		if (text != NULL) {
			va_start(args, format);
			vsnprintf(text, (size_t)length + 1, format, args);
			va_end(args);
		}
	}
	if (length < 0 || text == NULL)
		writer->failed = true;
	else
		writer_doc(writer, text);
	if (text != small)
		free(text);
}

/* ------------------------------------------------------------------- texts */

static char *writer_piece(struct writer *writer, size_t size)
{
	struct writer_piece *piece = NULL;

	if (size < SIZE_MAX - sizeof(*piece))
		piece = malloc(sizeof(*piece) + size);
	if (piece == NULL) {
		writer->failed = true;
		return NULL;
	}
	piece->next = writer->pieces;
	writer->pieces = piece;
	return piece->text;
}

const char *writer_format(struct writer *writer, const char *format, ...)
{
	va_list args;
	char *text;
	int length;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0) {
		writer->failed = true;
		return "";
	}
	text = writer_piece(writer, (size_t)length + 1);
	if (text == NULL)
		return "";
	va_start(args, format);
	vsnprintf(text, (size_t)length + 1, format, args);
	va_end(args);
	return text;
}

const char *writer_c_literal(struct writer *writer, const char *bytes, size_t length)
{
	char *text = length < SIZE_MAX / 4 - 3 ? writer_piece(writer, length * 4 + 3) : NULL;
	size_t at = 0, i;

	if (text == NULL) {
		writer->failed = true;
		return "\"\"";
	}
	text[at++] = '"';
	for (i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c == '"' || c == '\\') {
			text[at++] = '\\';
			text[at++] = (char)c;
		} else if (c < 0x20 || c >= 0x7f || (c == '?' && i > 0 && bytes[i - 1] == '?')) {
			at += (size_t)sprintf(text + at, "\\%03o", c);
		} else {
			text[at++] = (char)c;
		}
	}
	text[at++] = '"';
	text[at] = '\0';
	return text;
}

/* One byte of a JSON string; the number of bytes written, 6 at most. */
static size_t json_byte(char *out, unsigned char c)
{
	static const char letters[] = "btn\vfr";

	if (c == '"' || c == '\\') {
		out[0] = '\\';
		out[1] = (char)c;
		return 2;
	}
	if (c >= '\b' && c <= '\r' && c != '\v') {
		out[0] = '\\';
		out[1] = letters[c - '\b'];
		return 2;
	}
	if (c < 0x20 || c == 0x7f)
		return (size_t)sprintf(out, "\\u%04x", c);
	out[0] = (char)c;
	return 1;
}

const char *writer_json_string(struct writer *writer, const char *bytes, size_t length)
{
	char *text = length < SIZE_MAX / 8 - 3 ? writer_piece(writer, length * 6 + 3) : NULL;
	size_t at = 0, i;

	if (text == NULL) {
		writer->failed = true;
		return "\"\"";
	}
	text[at++] = '"';
	for (i = 0; i < length; i++)
		at += json_byte(text + at, (unsigned char)bytes[i]);
	text[at++] = '"';
	text[at] = '\0';
	return text;
}
