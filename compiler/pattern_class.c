/* SPDX-License-Identifier: MIT */
/*
 * pattern_class.c - escapes and classes: the parts of a pattern that stand for one code point.
 *
 * As pattern_parse.c, by ECMA-262's grammar with the flag u. UTF-16 stays outside: a pair of escaped
 * surrogates is one code point, and one alone matches nothing, since no text holds it.
 */
#include "pattern_parts.h"

#include <string.h>

static const struct pattern_set *one(struct pattern_parser *parser, uint32_t code_point)
{
	struct pattern_ranges ranges = {.arena = parser->arena};

	pattern_add(&ranges, code_point, code_point);
	return pattern_set_of(&ranges, false);
}

/* ------------------------------------------------------------------ escapes */

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Exactly n digits from offset on. */
static bool hex(const struct pattern_parser *parser, size_t offset, size_t n, uint32_t *ret_value)
{
	uint32_t value = 0;
	size_t i;

	if (offset > parser->length || parser->length - offset < n)
		return false;
	for (i = 0; i < n; i++) {
		int digit = hex_value(parser->text[offset + i]);

		if (digit < 0)
			return false;
		value = value << 4 | (uint32_t)digit;
	}
	*ret_value = value;
	return true;
}

/* Behind "\u{": digits and '}'. */
static bool braced(struct pattern_parser *parser, size_t start, uint32_t *ret_code_point)
{
	uint32_t value = 0;
	size_t digits = 0;

	while (parser->at < parser->length && hex_value(parser->text[parser->at]) >= 0 &&
	        value < PATTERN_CODE_POINTS) {
		value = value << 4 | (uint32_t)hex_value(parser->text[parser->at++]);
		digits++;
	}
	if (digits == 0 || value >= PATTERN_CODE_POINTS || !pattern_eat(parser, '}')) {
		pattern_fail(parser, PATTERN_SYNTAX, start, parser->at,
		        "\\u{…} holds a code point in hexadecimal digits, up to 10FFFF", NULL);
		return false;
	}
	*ret_code_point = value;
	return true;
}

bool pattern_unicode_escape(struct pattern_parser *parser, size_t start, uint32_t *ret_code_point)
{
	uint32_t low;

	if (pattern_eat(parser, '{'))
		return braced(parser, start, ret_code_point);
	if (!hex(parser, parser->at, 4, ret_code_point)) {
		pattern_fail(parser, PATTERN_SYNTAX, start, parser->at,
		        "\\u is followed by four hexadecimal digits, or by {…}", NULL);
		return false;
	}
	parser->at += 4;
	if (*ret_code_point >= 0xD800 && *ret_code_point <= 0xDBFF &&
	        parser->length - parser->at >= 6 &&
	        memcmp(parser->text + parser->at, "\\u", 2) == 0 &&
	        hex(parser, parser->at + 2, 4, &low) && low >= 0xDC00 && low <= 0xDFFF) {
		*ret_code_point = 0x10000 + ((*ret_code_point - 0xD800) << 10) + (low - 0xDC00);
		parser->at += 6;
	}
	return true;
}

/* Behind "\p" or "\P". */
static const struct pattern_set *property(struct pattern_parser *parser, size_t start, bool negated)
{
	const char *open = parser->text + parser->at, *close, *near = NULL;
	const struct pattern_set *set;
	size_t length;

	if (!pattern_eat(parser, '{') ||
	        (close = memchr(open, '}', parser->length - parser->at + 1)) == NULL)
		return pattern_fail(parser, PATTERN_SYNTAX, start, parser->at,
		        "\\p is followed by the name of a property in braces: \\p{Letter}", NULL);
	length = (size_t)(close - open) - 1;
	if (!pattern_spend(parser->work, pattern_unicode_n_runs))
		return pattern_fail(parser, PATTERN_TOO_BIG, start, parser->at,
		        "there are too many properties here", NULL);
	set = pattern_property(parser->arena, open + 1, length, negated, &near);
	parser->at += length + 1;
	if (set == NULL)
		pattern_fail(parser, PATTERN_SYNTAX, start, parser->at,
		        "there is no such property in ECMA-262 and Unicode 14",
		        near != NULL ? arena_printf(parser->arena, "did you mean '%s'?", near)
		                     : "there are general categories (\\p{Lu}), scripts "
		                       "(\\p{Script=Greek}) and properties like \\p{Alphabetic}");
	return set;
}

/* One letter for one control character. */
static bool control_letter(char c, uint32_t *ret_code_point)
{
	static const char letters[] = "tnvfr";
	static const char controls[] = "\t\n\v\f\r";
	const char *at = c != '\0' ? strchr(letters, c) : NULL;

	if (at == NULL)
		return false;
	*ret_code_point = (unsigned char)controls[at - letters];
	return true;
}

/* Behind '\' and c: escapes with something to follow. False: reported. */
static bool long_escape(
        struct pattern_parser *parser, size_t start, char c, uint32_t *ret_code_point)
{
	char next = parser->at < parser->length ? parser->text[parser->at] : '\0';
	const char *message;

	if (c == 'u')
		return pattern_unicode_escape(parser, start, ret_code_point);
	if (c == 'x' && hex(parser, parser->at, 2, ret_code_point)) {
		parser->at += 2;
		return true;
	}
	if (c == 'c' && ((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z'))) {
		parser->at++;
		*ret_code_point = (unsigned char)next & 31u;
		return true;
	}
	if (c == '0' && !(next >= '0' && next <= '9')) {
		*ret_code_point = 0;
		return true;
	}
	message = c == 'x' ? "\\x is followed by two hexadecimal digits"
	        : c == 'c' ? "\\c is followed by a letter"
	                   : "\\0 is not followed by a digit";
	pattern_fail(parser, PATTERN_SYNTAX, start, parser->at, message, NULL);
	return false;
}

const struct pattern_set *pattern_escape(
        struct pattern_parser *parser, bool in_class, uint32_t *ret_code_point)
{
	size_t start = parser->at++, length = 1;
	const struct pattern_set *set;
	char c;

	*ret_code_point = PATTERN_CODE_POINTS;
	if (parser->at == parser->length)
		return pattern_fail(parser, PATTERN_SYNTAX, start, start + 1,
		        "nothing follows this '\\'", NULL);
	c = parser->text[parser->at];
	if (c != '.' && (set = pattern_set_named(parser->arena, c)) != NULL) {
		parser->at++;
		return set;
	}
	if (c == 'p' || c == 'P') {
		parser->at++;
		return property(parser, start, c == 'P');
	}
	if (strchr("^$\\.*+?()[]{}|/", c) != NULL || (in_class && c == '-')) {
		*ret_code_point = (unsigned char)c;
		parser->at++;
	} else if (control_letter(c, ret_code_point) || (in_class && c == 'b')) {
		parser->at++;
		*ret_code_point = c == 'b' ? '\b' : *ret_code_point;
	} else if (strchr("uxc0", c) != NULL) {
		parser->at++;
		if (!long_escape(parser, start, c, ret_code_point))
			return NULL;
	} else {
		pattern_decode(parser->text + parser->at, parser->length - parser->at, &length);
		return pattern_fail(parser, PATTERN_SYNTAX, start, parser->at + length,
		        "this escape means nothing", "without '\\' a character stands for itself");
	}
	return one(parser, *ret_code_point);
}

/* ------------------------------------------------------------------ classes */

/* One end of a range, or a class inside of this one: then *ret_code_point is PATTERN_CODE_POINTS. */
static const struct pattern_set *item(struct pattern_parser *parser, uint32_t *ret_code_point)
{
	size_t length;

	if (parser->text[parser->at] == '\\')
		return pattern_escape(parser, true, ret_code_point);
	*ret_code_point =
	        pattern_decode(parser->text + parser->at, parser->length - parser->at, &length);
	parser->at += length;
	return one(parser, *ret_code_point);
}

/* The items of a class, up to its ']' or the end of the text. False: reported. */
static bool items(struct pattern_parser *parser, struct pattern_ranges *ranges)
{
	while (parser->at < parser->length && parser->text[parser->at] != ']') {
		size_t start = parser->at;
		const struct pattern_set *set;
		uint32_t first, last;

		set = item(parser, &first);
		if (set == NULL)
			return false;
		if (parser->length - parser->at < 2 || parser->text[parser->at] != '-' ||
		        parser->text[parser->at + 1] == ']') {
			pattern_add_set(ranges, set);
			continue;
		}
		parser->at++;
		if (item(parser, &last) == NULL)
			return false;
		if (first == PATTERN_CODE_POINTS || last == PATTERN_CODE_POINTS || first > last) {
			pattern_fail(parser, PATTERN_SYNTAX, start, parser->at,
			        first <= last || first == PATTERN_CODE_POINTS
			                ? "a range goes from one character to another"
			                : "this range ends before it begins",
			        "'\\-' is the character");
			return false;
		}
		pattern_add(ranges, first, last);
	}
	return true;
}

const struct pattern_set *pattern_class(struct pattern_parser *parser)
{
	struct pattern_ranges ranges = {.arena = parser->arena};
	size_t start = parser->at++;
	bool negated = pattern_eat(parser, '^');

	if (!items(parser, &ranges))
		return NULL;
	if (!pattern_eat(parser, ']'))
		return pattern_fail(
		        parser, PATTERN_SYNTAX, start, start + 1, "this class has no ']'", NULL);
	return pattern_set_of(&ranges, negated);
}
