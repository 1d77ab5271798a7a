/* SPDX-License-Identifier: MIT */
/*
 * pattern_parse.c - a pattern's text as a tree: alternatives, groups, repeats, assertions.
 *
 * ECMA-262's grammar with the flag u, which forgives nothing: whatever it refuses is refused here.
 * What an automaton cannot do is refused by name. Recursion follows groups, whose depth is bounded.
 */
#include "pattern_parts.h"

#include <string.h>

#define MAX_DEPTH 64

static const char linear_hint[] =
        "patterns run as automata, in time linear in the text, and remember nothing";

void *pattern_fail(struct pattern_parser *parser, enum pattern_result result, size_t start,
        size_t end, const char *message, const char *hint)
{
	if (parser->result == PATTERN_OK) {
		parser->result = result;
		*parser->error = (struct pattern_error){message, hint, start, end};
	}
	return NULL;
}

static bool at_end(const struct pattern_parser *parser)
{
	return parser->at >= parser->length;
}

static bool starts_with(const struct pattern_parser *parser, const char *word)
{
	size_t length = strlen(word);

	return parser->length - parser->at >= length &&
	        memcmp(parser->text + parser->at, word, length) == 0;
}

bool pattern_eat(struct pattern_parser *parser, char c)
{
	if (at_end(parser) || parser->text[parser->at] != c)
		return false;
	parser->at++;
	return true;
}

/* ------------------------------------------------------------------- nodes */

static struct pattern_node *node_new(struct pattern_parser *parser, enum pattern_node_kind kind)
{
	struct pattern_node *node = arena_alloc(parser->arena, sizeof(*node));

	node->kind = kind;
	return node;
}

static struct pattern_node *set_node(struct pattern_parser *parser, const struct pattern_set *set)
{
	struct pattern_node *node = set != NULL ? node_new(parser, PATTERN_NODE_SET) : NULL;

	if (node != NULL)
		node->set = set;
	return node;
}

static struct pattern_node *assertion_node(
        struct pattern_parser *parser, enum pattern_assertion assertion, size_t length)
{
	struct pattern_node *node = node_new(parser, PATTERN_NODE_ASSERTION);

	node->assertion = assertion;
	parser->at += length;
	return node;
}

/* Children are kept in arrays whose capacity is the next power of two. */
static void add_child(
        struct pattern_parser *parser, struct pattern_node *node, struct pattern_node *child)
{
	size_t n = node->n_children;
	struct pattern_node **children;

	if ((n & (n - 1)) == 0) {
		children = arena_array(parser->arena, n != 0 ? n * 2 : 1, sizeof(*children));
		if (n != 0)
			memcpy(children, node->children, n * sizeof(*children));
		node->children = children;
	}
	node->children[node->n_children++] = child;
}

/* -------------------------------------------------------------------- atoms */

static struct pattern_node *either(struct pattern_parser *parser);

/* What may stand between '(' and the group's content. */
static bool group_kind(struct pattern_parser *parser, size_t start)
{
	static const struct kind {
		const char *word;
		const char *message;
	} refused[] = {{"?=", "look-ahead is not supported"}, {"?!", "look-ahead is not supported"},
	        {"?<=", "look-behind is not supported"}, {"?<!", "look-behind is not supported"}};
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (!starts_with(parser, refused[i].word))
			continue;
		pattern_fail(parser, PATTERN_UNSUPPORTED, start,
		        parser->at + strlen(refused[i].word), refused[i].message, linear_hint);
		return false;
	}
	if (!starts_with(parser, "?"))
		return true;
	if (starts_with(parser, "?:")) {
		parser->at += 2;
		return true;
	}
	if (starts_with(parser, "?<")) {
		parser->at += 2;
		return pattern_group_name(parser);
	}
	pattern_fail(parser, PATTERN_UNSUPPORTED, start, parser->at + 2,
	        "flags inside of a pattern are not supported",
	        "a group is '(…)', '(?:…)' or '(?<name>…)'");
	return false;
}

static struct pattern_node *group(struct pattern_parser *parser)
{
	size_t start = parser->at++;
	struct pattern_node *node;

	if (!group_kind(parser, start))
		return NULL;
	if (parser->depth == MAX_DEPTH)
		return pattern_fail(
		        parser, PATTERN_TOO_BIG, start, start + 1, "groups nest too deeply", NULL);
	parser->depth++;
	node = either(parser);
	parser->depth--;
	if (node != NULL && !pattern_eat(parser, ')'))
		return pattern_fail(
		        parser, PATTERN_SYNTAX, start, start + 1, "this group has no ')'", NULL);
	return node;
}

static struct pattern_node *escaped(struct pattern_parser *parser)
{
	size_t start = parser->at;
	char c = parser->length - start > 1 ? parser->text[start + 1] : '\0';
	uint32_t code_point;

	if (c == 'b')
		return assertion_node(parser, PATTERN_AT_WORD_EDGE, 2);
	if (c == 'B')
		return assertion_node(parser, PATTERN_NOT_AT_WORD_EDGE, 2);
	if ((c >= '1' && c <= '9') || c == 'k')
		return pattern_fail(parser, PATTERN_UNSUPPORTED, start, start + 2,
		        "back-references are not supported", linear_hint);
	return set_node(parser, pattern_escape(parser, false, &code_point));
}

static struct pattern_node *character(struct pattern_parser *parser)
{
	struct pattern_ranges ranges = {.arena = parser->arena};
	size_t length;
	uint32_t code_point =
	        pattern_decode(parser->text + parser->at, parser->length - parser->at, &length);

	parser->at += length;
	pattern_add(&ranges, code_point, code_point);
	return set_node(parser, pattern_set_of(&ranges, false));
}

static struct pattern_node *atom(struct pattern_parser *parser)
{
	size_t at = parser->at;

	switch (parser->text[at]) {
	case '^': return assertion_node(parser, PATTERN_AT_START, 1);
	case '$': return assertion_node(parser, PATTERN_AT_END, 1);
	case '(': return group(parser);
	case '[': return set_node(parser, pattern_class(parser));
	case '\\': return escaped(parser);
	case '.': parser->at++; return set_node(parser, pattern_set_named(parser->arena, '.'));
	case '*':
	case '+':
	case '?':
	case '{':
		return pattern_fail(parser, PATTERN_SYNTAX, at, at + 1,
		        "there is nothing that this could repeat",
		        "'\\' before it makes it a character");
	case '}':
	case ']':
		return pattern_fail(parser, PATTERN_SYNTAX, at, at + 1, "this closes nothing",
		        "'\\' before it makes it a character");
	default: return character(parser);
	}
}

/* ------------------------------------------------------------------ repeats */

/* Digits as a number; so many that nobody could count so far count as unbounded. */
static bool number(struct pattern_parser *parser, uint32_t *ret_number)
{
	size_t start = parser->at;
	uint32_t value = 0;

	for (; !at_end(parser) && parser->text[parser->at] >= '0' &&
	        parser->text[parser->at] <= '9';
	        parser->at++) {
		uint32_t digit = (uint32_t)(parser->text[parser->at] - '0');

		value = value > (PATTERN_UNBOUNDED - 10) / 10 ? PATTERN_UNBOUNDED - 1
		                                              : value * 10 + digit;
	}
	*ret_number = value;
	return parser->at > start;
}

/* {n}, {n,} or {n,m}. False: reported. */
static bool braces(struct pattern_parser *parser, uint32_t *ret_min, uint32_t *ret_max)
{
	size_t start = parser->at++;
	bool fine = number(parser, ret_min);

	*ret_max = *ret_min;
	if (fine && pattern_eat(parser, ',') && !number(parser, ret_max))
		*ret_max = PATTERN_UNBOUNDED;
	if (!fine || !pattern_eat(parser, '}')) {
		pattern_fail(parser, PATTERN_SYNTAX, start, parser->at,
		        "a number of repeats is written {3}, {3,} or {3,5}",
		        "'\\' before it makes '{' a character");
		return false;
	}
	if (*ret_min > *ret_max)
		pattern_fail(parser, PATTERN_SYNTAX, start, parser->at,
		        "the least number of repeats is above the greatest", NULL);
	return *ret_min <= *ret_max;
}

/* Lazy or greedy: the same texts match. */
static struct pattern_node *repeated(struct pattern_parser *parser, struct pattern_node *child)
{
	uint32_t min = 0, max = PATTERN_UNBOUNDED;
	size_t start = parser->at;
	struct pattern_node *node;

	if (child == NULL || at_end(parser) || strchr("*+?{", parser->text[start]) == NULL)
		return child;
	if (child->kind == PATTERN_NODE_ASSERTION)
		return pattern_fail(parser, PATTERN_SYNTAX, start, start + 1,
		        "an assertion cannot be repeated", NULL);
	if (parser->text[start] == '{') {
		if (!braces(parser, &min, &max))
			return NULL;
	} else {
		min = parser->text[start] == '+';
		max = parser->text[start] == '?' ? 1 : PATTERN_UNBOUNDED;
		parser->at++;
	}
	pattern_eat(parser, '?');
	node = node_new(parser, PATTERN_NODE_REPEAT);
	node->min = min;
	node->max = max;
	add_child(parser, node, child);
	return node;
}

/* -------------------------------------------------------------------- lists */

static struct pattern_node *list(struct pattern_parser *parser)
{
	struct pattern_node *node = node_new(parser, PATTERN_NODE_LIST), *child;

	while (!at_end(parser) && parser->text[parser->at] != '|' &&
	        parser->text[parser->at] != ')') {
		child = atom(parser);
		child = repeated(parser, child);
		if (child == NULL)
			return NULL;
		add_child(parser, node, child);
	}
	return node;
}

static struct pattern_node *either(struct pattern_parser *parser)
{
	struct pattern_node *node = node_new(parser, PATTERN_NODE_EITHER), *child;

	do {
		child = list(parser);
		if (child == NULL)
			return NULL;
		add_child(parser, node, child);
	} while (pattern_eat(parser, '|'));
	return node;
}

const struct pattern_node *pattern_parse(struct pattern_parser *parser)
{
	struct pattern_node *node = either(parser);

	if (node != NULL && !at_end(parser))
		return pattern_fail(parser, PATTERN_SYNTAX, parser->at, parser->at + 1,
		        "this ')' closes nothing", "'\\' before it makes it a character");
	return node;
}
