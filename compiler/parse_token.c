/* SPDX-License-Identifier: MIT */
/*
 * parse_token.c - values of tokens: names, numbers, strings with their escapes.
 *
 * Knows nothing of where they stand.
 */
#include "parse.h"

#include <string.h>

struct ast_name parse_name(struct parse *parse, struct place place, const char *text, size_t length)
{
	if (length > PARSE_MAX_NAME) {
		diag_report(parse->diag, DIAG_LONG_NAME, place,
		        "this name is longer than %d characters", PARSE_MAX_NAME);
		length = PARSE_MAX_NAME;
	}
	return (struct ast_name){arena_copy(parse->arena, text, length), place};
}

struct ast_name parse_foreign_name(
        struct parse *parse, struct place place, const char *text, size_t length)
{
	char *ascii = arena_copy(parse->arena, text, length);
	size_t i;

	diag_report(parse->diag, DIAG_STRAY_CHARACTER, place,
	        "a name holds ASCII letters, digits and '_' only");
	diag_hint(parse->diag, "other letters may stand in strings and comments");
	for (i = 0; i < length; i++) {
		if ((unsigned char)ascii[i] >= 0x80)
			ascii[i] = '_';
	}
	return parse_name(parse, place, ascii, length);
}

struct ast_number parse_number(
        struct parse *parse, struct place place, const char *text, size_t length)
{
	struct ast_number number = {.place = place};
	size_t digits = strspn(text, "0123456789");
	size_t end = digits;

	if (text[end] == '.')
		end += 1 + strspn(text + end + 1, "0123456789");
	if ((text[end] == 'e' || text[end] == 'E') &&
	        strspn(text + end + 1, "+-0123456789") == length - end - 1 && end + 1 < length)
		end = length;
	number.is_float = end > digits;
	number.text = arena_copy(parse->arena, text, end);
	number.unit = arena_copy(parse->arena, text + end, length - end);
	if (digits > 1 && text[0] == '0')
		diag_report(parse->diag, DIAG_LEADING_ZERO, place, "numbers do not begin with 0");
	return number;
}

struct ast_number parse_negative(
        struct parse *parse, const struct ast_number *number, struct place place)
{
	struct ast_number negative = *number;

	negative.text = arena_printf(parse->arena, "-%s", number->text);
	negative.place = place;
	return negative;
}

struct ast_string parse_raw_string(
        struct parse *parse, struct place place, const char *text, size_t length)
{
	return (struct ast_string){arena_copy(parse->arena, text, length), length, place};
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Four hexadecimal digits, or -1. */
static int32_t hex4(const char *text, size_t rest)
{
	int32_t value = 0;
	int i;

	if (rest < 4)
		return -1;
	for (i = 0; i < 4; i++) {
		int digit = hex_value(text[i]);

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

static size_t put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

/* \uXXXX, or a pair of them: bytes read behind the backslash, 0 if it is none. */
static size_t unescape_unicode(const char *text, size_t rest, char *out, size_t *written)
{
	int32_t high = hex4(text + 1, rest - 1), low;

	if (high < 0 || (high >= 0xDC00 && high <= 0xDFFF))
		return 0;
	if (high < 0xD800 || high > 0xDBFF) {
		*written += put_utf8(out + *written, (uint32_t)high);
		return 5;
	}
	if (rest < 11 || text[5] != '\\' || text[6] != 'u')
		return 0;
	low = hex4(text + 7, rest - 7);
	if (low < 0xDC00 || low > 0xDFFF)
		return 0;
	*written += put_utf8(out + *written,
	        0x10000 + ((uint32_t)(high - 0xD800) << 10) + (uint32_t)(low - 0xDC00));
	return 11;
}

/* One escape; text stands behind the backslash. Bytes read, 0 if it is no escape of JSON's. */
static size_t unescape(const char *text, size_t rest, char *out, size_t *written)
{
	static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	const char *letter;

	if (text[0] == 'u')
		return unescape_unicode(text, rest, out, written);
	letter = memchr(letters, text[0], sizeof(letters) - 1);
	if (letter == NULL)
		return 0;
	out[(*written)++] = values[letter - letters];
	return 1;
}

struct ast_string parse_string(
        struct parse *parse, struct place place, const char *text, size_t length)
{
	/* An escape is never shorter than what it stands for. */
	char *out = arena_alloc(parse->arena, length + 1);
	size_t written = 0, i = 0;

	while (i < length) {
		size_t used;

		if (text[i] != '\\') {
			out[written++] = text[i++];
			continue;
		}
		used = unescape(text + i + 1, length - i - 1, out, &written);
		if (used == 0) {
			uint32_t at = place.start + 1 + (uint32_t)i;

			diag_report(parse->diag, DIAG_BAD_ESCAPE,
			        (struct place){place.source, at, at + 2},
			        "this is no escape of a JSON string");
			diag_hint(parse->diag, "a raw string has none: r\"...\"");
			used = 1;
		}
		i += 1 + used;
	}
	out[written] = '\0';
	return (struct ast_string){out, written, place};
}
