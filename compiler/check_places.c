/* SPDX-License-Identifier: MIT */
/*
 * check_places.c - places inside of a string: from bytes of its value to bytes of the file.
 *
 * Escapes make the two differ. Strings have been read without complaint by then.
 */
#include "checks.h"

#include <stdlib.h>
#include <string.h>

static uint32_t hex4(const char *text)
{
	char digits[5] = "";

	memcpy(digits, text, 4);
	return (uint32_t)strtoul(digits, NULL, 16);
}

/* What stands at text, of a string with escapes: bytes read there, and bytes of the value. */
static size_t unit(const char *text, const char *end, size_t *ret_value)
{
	uint32_t code;

	*ret_value = 1;
	if (*text != '\\' || end - text < 2)
		return 1;
	if (text[1] != 'u' || end - text < 6)
		return 2;
	code = hex4(text + 2);
	*ret_value = code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
	if (code < 0xD800 || code > 0xDBFF || end - text < 12)
		return 6;
	*ret_value = 4;
	return 12;
}

static uint32_t offset_in(const struct ast_string *text, size_t offset)
{
	const char *file = text->place.source->text;
	const char *at = file + text->place.start, *end = file + text->place.end - 1;
	size_t value = 0, length;

	if (*at != '"') {
		at += (*at == 'r' ? 2 : 1) + offset;
		return (uint32_t)((at < end ? at : end) - file);
	}
	for (at++; value < offset && at < end; value += length)
		at += unit(at, end, &length);
	return (uint32_t)(at - file);
}

struct place check_place_in(const struct ast_string *text, size_t start, size_t end)
{
	return (struct place){text->place.source, offset_in(text, start), offset_in(text, end)};
}
