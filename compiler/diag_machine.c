/* SPDX-License-Identifier: MIT */
/*
 * diag_machine.c - messages for programs: JSON, one object a line, and GitHub's workflow commands.
 *
 * Text is valid UTF-8 whatever a path or a line held. Knows nothing of the language.
 */
#include <string.h>

#include "diag_parts.h"

/* ------------------------------------------------------------------- JSON */

void diag_put_json_string(FILE *stream, const char *text)
{
	size_t rest = strlen(text);

	fputc('"', stream);
	while (rest > 0) {
		size_t length = diag_code_point(text, rest);

		if (length == 0) {
			fputs("\xEF\xBF\xBD", stream);
			length = 1;
		} else if (*text == '"' || *text == '\\') {
			fprintf(stream, "\\%c", *text);
		} else if ((unsigned char)*text < 0x20) {
			fprintf(stream, "\\u%04x", (unsigned)*text);
		} else {
			fwrite(text, 1, length, stream);
		}
		text += length;
		rest -= length;
	}
	fputc('"', stream);
}

/* "file":…,"line":…,"column":…,"end":{…}: lines and columns from 1, the end behind the last column. */
static void put_json_place(FILE *stream, struct place place)
{
	struct source_position start, end;

	if (place.source == NULL) {
		fputs("\"file\":null,\"line\":null,\"column\":null,\"end\":null", stream);
		return;
	}
	start = source_position(place.source, place.start);
	end = source_position(place.source, place.end);
	fputs("\"file\":", stream);
	diag_put_json_string(stream, place.source->path);
	fprintf(stream, ",\"line\":%u,\"column\":%u,\"end\":{\"line\":%u,\"column\":%u}",
	        start.line, start.column, end.line, end.column);
}

static void put_json_notes(FILE *stream, const struct diag_message *message)
{
	bool any = false;
	size_t i;

	fputs(",\"notes\":[", stream);
	for (i = 0; i < message->notes.n; i++) {
		const struct diag_note *note = message->notes.items[i];

		if (note->place.source == NULL)
			continue;
		fputs(any ? ",{" : "{", stream);
		put_json_place(stream, note->place);
		fputs(",\"message\":", stream);
		diag_put_json_string(stream, note->text);
		fputc('}', stream);
		any = true;
	}
	fputc(']', stream);
}

/* A message has one hint at most. */
static const char *hint_of(const struct diag_message *message)
{
	size_t i;

	for (i = 0; i < message->notes.n; i++) {
		const struct diag_note *note = message->notes.items[i];

		if (note->place.source == NULL)
			return note->text;
	}
	return NULL;
}

void diag_print_json(FILE *stream, const struct diag_message *message)
{
	const char *hint = hint_of(message);

	fputc('{', stream);
	put_json_place(stream, message->place);
	fprintf(stream, ",\"severity\":\"%s\",\"id\":\"%s\",\"message\":",
	        diag_severity_name(message->severity), diag_kinds[message->id].name);
	diag_put_json_string(stream, message->text);
	put_json_notes(stream, message);
	fputs(",\"hint\":", stream);
	if (hint != NULL)
		diag_put_json_string(stream, hint);
	else
		fputs("null", stream);
	fputs("}\n", stream);
}

/* ----------------------------------------------------------------- GitHub */

/* Bytes that would end a command, or one of its properties, are written as %XX. */
static void put_escaped(FILE *stream, const char *text, const char *special)
{
	for (; *text != '\0'; text++) {
		if (strchr(special, *text) != NULL)
			fprintf(stream, "%%%02X", (unsigned)(unsigned char)*text);
		else
			fputc(*text, stream);
	}
}

#define SPECIAL_IN_DATA     "%\r\n"
#define SPECIAL_IN_PROPERTY "%\r\n:,"

static void put_github_place(FILE *stream, struct place place)
{
	struct source_position start, end;

	if (place.source == NULL)
		return;
	start = source_position(place.source, place.start);
	end = source_position(place.source, place.end);
	fputs("file=", stream);
	put_escaped(stream, place.source->path, SPECIAL_IN_PROPERTY);
	fprintf(stream, ",line=%u,endLine=%u", start.line, end.line);
	/* Columns mean something on one line only. */
	if (start.line == end.line)
		fprintf(stream, ",col=%u,endColumn=%u", start.column, end.column);
	fputc(',', stream);
}

void diag_put_github(
        FILE *stream, const char *severity, struct place place, const char *title, const char *text)
{
	fprintf(stream, "::%s ", severity);
	put_github_place(stream, place);
	fputs("title=msgc ", stream);
	put_escaped(stream, title, SPECIAL_IN_PROPERTY);
	fputs("::", stream);
	put_escaped(stream, text, SPECIAL_IN_DATA);
}

/* What stands at other places becomes lines of the one message. */
void diag_print_github(FILE *stream, const struct diag_message *message)
{
	size_t i;

	diag_put_github(stream, diag_severity_name(message->severity), message->place,
	        diag_kinds[message->id].name, message->text);
	for (i = 0; i < message->notes.n; i++) {
		const struct diag_note *note = message->notes.items[i];

		if (note->place.source == NULL) {
			fputs("%0Ahint: ", stream);
		} else {
			struct source_position at =
			        source_position(note->place.source, note->place.start);

			fputs("%0A", stream);
			put_escaped(stream, note->place.source->path, SPECIAL_IN_DATA);
			fprintf(stream, ":%u:%u: ", at.line, at.column);
		}
		put_escaped(stream, note->text, SPECIAL_IN_DATA);
	}
	fputc('\n', stream);
}
