/* SPDX-License-Identifier: MIT */
/*
 * diag.c - collecting messages and printing them with their places.
 *
 * Only what is printed is ever turned into lines and columns. Knows nothing of the language.
 */
#include "diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "vec.h"

/* Bytes of a source line that are shown at most, and what stands before the caret of those. */
#define DIAG_LINE_MAX    160
#define DIAG_LINE_BEFORE 80

struct diag_note {
	struct place place; /* no source: a hint */
	const char *text;
};

struct diag_message {
	enum diag_id id;
	size_t order;
	struct place place;
	const char *text;
	struct vec notes;
};

struct diag {
	struct arena *arena;
	struct vec messages;
	size_t n_errors;
	struct diag_message *last; /* what hints and notes belong to; NULL: they are dropped */
};

static const struct {
	const char *name;
	enum diag_severity severity;
} kinds[] = {
#define DIAG(id, name, severity) {name, DIAG_##severity},
#include "diagnostics.def"
#undef DIAG
};

struct diag *diag_new(void)
{
	struct diag *diag = memory_get(sizeof(*diag));

	*diag = (struct diag){.arena = arena_new()};
	return diag;
}

void diag_free(struct diag *diag)
{
	size_t i;

	if (diag == NULL)
		return;
	for (i = 0; i < diag->messages.n; i++)
		vec_clear(&((struct diag_message *)diag->messages.items[i])->notes);
	vec_clear(&diag->messages);
	arena_free(diag->arena);
	free(diag);
}

static const char *diag_format(struct diag *diag, const char *format, va_list args)
{
	char *text = arena_vprintf(diag->arena, format, args);
	char *c;

	for (c = text; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	}
	return text;
}

void diag_report(struct diag *diag, enum diag_id id, struct place place, const char *format, ...)
{
	struct diag_message *message;
	va_list args;

	if (kinds[id].severity == DIAG_ERROR)
		diag->n_errors++;
	diag->last = NULL;
	if (diag->messages.n >= 2 * DIAG_MAX_COLLECTED)
		return;
	message = arena_alloc(diag->arena, sizeof(*message));
	message->id = id;
	message->order = diag->messages.n;
	message->place = place;
	va_start(args, format);
	message->text = diag_format(diag, format, args);
	va_end(args);
	vec_push(&diag->messages, message);
	diag->last = message;
}

static void diag_attach(struct diag *diag, struct place place, const char *format, va_list args)
{
	struct diag_note *note;

	if (diag->last == NULL)
		return;
	note = arena_alloc(diag->arena, sizeof(*note));
	note->place = place;
	note->text = diag_format(diag, format, args);
	vec_push(&diag->last->notes, note);
}

void diag_hint(struct diag *diag, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	diag_attach(diag, (struct place){0}, format, args);
	va_end(args);
}

void diag_note(struct diag *diag, struct place place, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	diag_attach(diag, place, format, args);
	va_end(args);
}

struct diag_mark diag_mark(const struct diag *diag)
{
	return (struct diag_mark){diag->messages.n, diag->n_errors};
}

void diag_rewind(struct diag *diag, struct diag_mark mark)
{
	while (diag->messages.n > mark.n_messages) {
		struct diag_message *message = diag->messages.items[--diag->messages.n];

		vec_clear(&message->notes);
	}
	diag->n_errors = mark.n_errors;
	diag->last = NULL;
}

size_t diag_errors(const struct diag *diag)
{
	return diag->n_errors;
}

bool diag_full(const struct diag *diag)
{
	return diag->n_errors >= DIAG_MAX_COLLECTED;
}

/* The length in bytes of the code point at text, or 0 if it is not valid there. */
static size_t code_point_length(const char *text, size_t rest)
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
		size_t length = code_point_length(text + start, end - start);
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
		size_t length = code_point_length(text + start, end - start);

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
		size_t length = code_point_length(text + start, end - start);

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

static void print_message(FILE *stream, const struct diag_message *message, bool show_ids)
{
	size_t i;

	print_line(stream, message->place,
	        kinds[message->id].severity == DIAG_ERROR ? "error" : "warning", message->text,
	        show_ids ? kinds[message->id].name : NULL);
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

void diag_print(struct diag *diag, FILE *stream, bool show_ids)
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
		if (kinds[message->id].severity == DIAG_ERROR && ++errors > DIAG_MAX_PRINTED) {
			fprintf(stream, "msgc: too many errors, only the first %d are shown\n",
			        DIAG_MAX_PRINTED);
			return;
		}
		print_message(stream, message, show_ids);
		previous = message;
	}
}
