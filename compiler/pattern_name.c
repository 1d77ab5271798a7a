/* SPDX-License-Identifier: MIT */
/*
 * pattern_name.c - the names of groups, as ECMA-262 has them: identifiers, with escapes if need be.
 *
 * A name is of no use here, but must be right, and another than all before it. Editions of ECMA-262
 * differ on names that come again in another alternative: the stricter one is followed, so that every
 * reader of the JSON Schema takes the pattern.
 */
#include "pattern_parts.h"

#include <string.h>

/* May stand in a name beside what Unicode says: ZWNJ and ZWJ. */
#define JOINERS_FIRST 0x200C
#define JOINERS_LAST  0x200D

/* ID_Start or ID_Continue, made once for each pattern. */
static const struct pattern_set *identifier_set(struct pattern_parser *parser, bool first)
{
	const struct pattern_set **set = &parser->identifier_sets[first];
	const char *name = first ? "ID_Start" : "ID_Continue", *near;

	if (*set == NULL)
		*set = pattern_property(parser->arena, name, strlen(name), false, &near);
	return *set;
}

static bool is_name_character(struct pattern_parser *parser, uint32_t c, bool first)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
		        (!first && c >= '0' && c <= '9');
	return pattern_set_has(identifier_set(parser, first), c) ||
	        (!first && c >= JOINERS_FIRST && c <= JOINERS_LAST);
}

/* The next character of a name. False: there is none, or no name goes on like this. */
static bool name_character(struct pattern_parser *parser, bool first, uint32_t *ret_character)
{
	size_t start = parser->at, left = parser->length - start, length = 0;
	const char *at = parser->text + start;

	if (left == 0)
		return false;
	if (left > 1 && at[0] == '\\' && at[1] == 'u') {
		parser->at += 2;
		if (!pattern_unicode_escape(parser, start, ret_character))
			return false;
	} else {
		*ret_character = pattern_decode(at, left, &length);
	}
	parser->at += length;
	if (is_name_character(parser, *ret_character, first))
		return true;
	parser->at = start;
	return false;
}

static bool is_taken(const struct pattern_parser *parser, const struct pattern_name *name)
{
	size_t i;

	for (i = 0; i < parser->n_names; i++) {
		if (parser->names[i].n == name->n &&
		        memcmp(parser->names[i].characters, name->characters,
		                name->n * sizeof(*name->characters)) == 0)
			return true;
	}
	return false;
}

bool pattern_group_name(struct pattern_parser *parser)
{
	size_t start = parser->at;
	struct pattern_name name = {
	        arena_array(parser->arena, parser->length - start + 1, sizeof(uint32_t)), 0};

	while (name_character(parser, name.n == 0, &name.characters[name.n]))
		name.n++;
	/* A broken escape has been reported. */
	if (parser->result != PATTERN_OK)
		return false;
	if (name.n == 0 || !pattern_eat(parser, '>')) {
		pattern_fail(parser, PATTERN_SYNTAX, start, parser->at + 1,
		        "a group's name is made of letters, digits, '_' and '$', and ends in '>'",
		        NULL);
		return false;
	}
	if (is_taken(parser, &name)) {
		pattern_fail(parser, PATTERN_SYNTAX, start, parser->at - 1,
		        "another group has this name", NULL);
		return false;
	}
	/* No pattern has more groups than bytes. */
	if (parser->names == NULL)
		parser->names = arena_array(parser->arena, parser->length, sizeof(*parser->names));
	parser->names[parser->n_names++] = name;
	return true;
}
