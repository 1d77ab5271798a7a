/* SPDX-License-Identifier: MIT */
/*
 * diag_print.c - all messages in order, and the format for people: place, line, caret, hints, notes.
 *
 * Knows nothing of the language.
 */
#include "diag.h"

#include <stdlib.h>
#include <string.h>

#include "diag_parts.h"

/* Bytes of a source line that are shown at most, and what stands before the caret of those. */
#define DIAG_LINE_MAX    160
#define DIAG_LINE_BEFORE 80

const char *diag_severity_name(enum diag_severity severity)
{
	return severity == DIAG_ERROR ? "error" : "warning";
}

size_t diag_code_point(const char *text, size_t rest)
{
	unsigned char first = (unsigned char)text[0];
	size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
	size_t i;

	if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || length > rest)
		return 0;
	for (i = 1; i < length; i++) {
		if (((unsigned char)text[i] & 0xC0) != 0x80)
			return 0;
	}
	return length;
}

/* Prints bytes [start, end) of the text; what a terminal might misunderstand becomes '?'. */
static void print_text(FILE *stream, const char *text, size_t start, size_t end)
{
	while (start < end) {
		size_t length = diag_code_point(text + start, end - start);
		unsigned char c = (unsigned char)text[start];

		if (length == 0 || (c < 0x20 && c != '\t') || c == 0x7f) {
			fputc('?', stream);
			start++;
			continue;
		}
		fwrite(text + start, 1, length, stream);
		start += length;
	}
}

/* One column for every code point of [start, end): blanks (tabs stay), or the mark. */
static void print_columns(FILE *stream, const char *text, size_t start, size_t end, char mark)
{
	while (start < end) {
		size_t length = diag_code_point(text + start, end - start);

		fputc(mark == ' ' && text[start] == '\t' ? '\t' : mark, stream);
		start += length == 0 ? 1 : length;
	}
}

static void print_excerpt(FILE *stream, struct place place, struct source_position at)
{
	const char *text = place.source->text;
	uint32_t start = place.start < at.line_end ? place.start : at.line_end;
	uint32_t end = place.end < at.line_end ? place.end : at.line_end;
	uint32_t from = at.line_start, to = at.line_end;

	if (to - from > DIAG_LINE_MAX && start - from > DIAG_LINE_BEFORE) {
		from = start - DIAG_LINE_BEFORE;
		while (from < start && ((unsigned char)text[from] & 0xC0) == 0x80)
			from++;
	}
	if (to - from > DIAG_LINE_MAX) {
		to = from + DIAG_LINE_MAX;
		while (to > start && ((unsigned char)text[to] & 0xC0) == 0x80)
			to--;
	}
	if (end > to)
		end = to;
	fprintf(stream, "%5u | %s", at.line, from > at.line_start ? "..." : "");
	print_text(stream, text, from, to);
	fprintf(stream, "%s\n      | %s", to < at.line_end ? "..." : "",
	        from > at.line_start ? "   " : "");
	print_columns(stream, text, from, start, ' ');
	fputc('^', stream);
	if (end > start) {
		size_t length = diag_code_point(text + start, end - start);

		print_columns(stream, text, start + (length == 0 ? 1 : length), end, '~');
	}
	fputc('\n', stream);
}

static void print_line(
        FILE *stream, struct place place, const char *kind, const char *text, const char *id)
{
	struct source_position at;

	if (place.source == NULL) {
		fprintf(stream, "msgc: %s: %s", kind, text);
	} else {
		at = source_position(place.source, place.start);
		fprintf(stream, "%s:%u:%u: %s: %s", place.source->path, at.line, at.column, kind,
		        text);
	}
	if (id != NULL)
		fprintf(stream, " [%s]", id);
	fputc('\n', stream);
	if (place.source != NULL)
		print_excerpt(stream, place, at);
}

void diag_print_text(FILE *stream, const struct diag_message *message, bool show_id)
{
	size_t i;

	print_line(stream, message->place, diag_severity_name(message->severity), message->text,
	        show_id ? diag_kinds[message->id].name : NULL);
	for (i = 0; i < message->notes.n; i++) {
		const struct diag_note *note = message->notes.items[i];

		if (note->place.source == NULL)
			fprintf(stream, "      = hint: %s\n", note->text);
	}
	for (i = 0; i < message->notes.n; i++) {
		const struct diag_note *note = message->notes.items[i];

		if (note->place.source != NULL)
			print_line(stream, note->place, "note", note->text, NULL);
	}
}

static int compare_messages(const void *a, const void *b)
{
	const struct diag_message *x = *(void *const *)a, *y = *(void *const *)b;

	if (x->place.source != y->place.source) {
		int order;

		if (x->place.source == NULL || y->place.source == NULL)
			return x->place.source == NULL ? -1 : 1;
		order = strcmp(x->place.source->path, y->place.source->path);
		if (order != 0)
			return order;
	}
	if (x->place.start != y->place.start)
		return x->place.start < y->place.start ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Two checks that meet the same mistake say so once. */
static bool same_message(const struct diag_message *a, const struct diag_message *b)
{
	return a != NULL && a->id == b->id && a->place.source == b->place.source &&
	        a->place.start == b->place.start && strcmp(a->text, b->text) == 0;
}

static void print_message(
        FILE *stream, const struct diag_message *message, const struct diag_style *style)
{
	switch (style->format) {
	case DIAG_TEXT: diag_print_text(stream, message, style->show_ids); break;
	case DIAG_JSON: diag_print_json(stream, message); break;
	case DIAG_GITHUB: diag_print_github(stream, message); break;
	}
}

void diag_print(struct diag *diag, FILE *stream, const struct diag_style *style)
{
	const struct diag_message *previous = NULL;
	size_t errors = 0;
	size_t i;

	if (diag->messages.n != 0)
		qsort(diag->messages.items, diag->messages.n, sizeof(void *), compare_messages);
	for (i = 0; i < diag->messages.n; i++) {
		const struct diag_message *message = diag->messages.items[i];

		if (same_message(previous, message))
			continue;
		if (message->severity == DIAG_ERROR && ++errors > DIAG_MAX_PRINTED) {
			if (style->format == DIAG_TEXT)
				fprintf(stream,
				        "msgc: too many errors, only the first %d are shown\n",
				        DIAG_MAX_PRINTED);
			return;
		}
		print_message(stream, message, style);
		previous = message;
	}
}
