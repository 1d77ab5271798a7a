/* SPDX-License-Identifier: MIT */
/*
 * oracle.c - see oracle.h. Bit i of a set is the place before code point i; a node makes of the places
 * where it begins those where it ends.
 */
#include "oracle.h"

#include <stdlib.h>

#include "pattern_parts.h"

/* So many nodes may be walked. */
#define MAX_STEPS 2000000

/* After so many rounds of a repeat only places that lead to themselves keep a text going. */
#define STABLE_ROUNDS (2 * ORACLE_MAX_TEXT + 2)

struct oracle {
	uint32_t text[ORACLE_MAX_TEXT];
	unsigned n;
	unsigned steps;
};

static uint64_t walk(struct oracle *o, const struct pattern_node *node, uint64_t begins);

static uint64_t all_places(const struct oracle *o)
{
	return UINT64_MAX >> (63 - o->n);
}

static bool is_word(const struct oracle *o, unsigned at)
{
	uint32_t c = o->text[at];

	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' ||
	        (c >= 'a' && c <= 'z');
}

static bool holds(const struct oracle *o, enum pattern_assertion assertion, unsigned at)
{
	bool before = at > 0 && is_word(o, at - 1), behind = at < o->n && is_word(o, at);

	switch (assertion) {
	case PATTERN_AT_START: return at == 0;
	case PATTERN_AT_END: return at == o->n;
	case PATTERN_AT_WORD_EDGE: return before != behind;
	case PATTERN_NOT_AT_WORD_EDGE: return before == behind;
	}
	abort();
}

static uint64_t walk_repeat(struct oracle *o, const struct pattern_node *node, uint64_t begins)
{
	uint64_t at = begins, ends;
	uint32_t round;

	for (round = 0; round < node->min && round < STABLE_ROUNDS && at != 0; round++)
		at = walk(o, node->children[0], at);
	ends = at;
	for (round = 0; at != 0 && round < STABLE_ROUNDS &&
	        (node->max == PATTERN_UNBOUNDED || round < node->max - node->min);
	        round++) {
		at = walk(o, node->children[0], at);
		ends |= at;
	}
	return ends;
}

static uint64_t walk(struct oracle *o, const struct pattern_node *node, uint64_t begins)
{
	uint64_t ends = 0;
	unsigned i;
	size_t k;

	if (++o->steps > MAX_STEPS)
		return 0;
	switch (node->kind) {
	case PATTERN_NODE_LIST:
		ends = begins;
		for (k = 0; k < node->n_children && ends != 0; k++)
			ends = walk(o, node->children[k], ends);
		break;
	case PATTERN_NODE_EITHER:
		for (k = 0; k < node->n_children; k++)
			ends |= walk(o, node->children[k], begins);
		break;
	case PATTERN_NODE_REPEAT: ends = walk_repeat(o, node, begins); break;
	case PATTERN_NODE_SET:
		for (i = 0; i < o->n; i++) {
			if ((begins >> i & 1) != 0 && pattern_set_has(node->set, o->text[i]))
				ends |= UINT64_C(2) << i;
		}
		break;
	case PATTERN_NODE_ASSERTION:
		for (i = 0; i <= o->n; i++) {
			if ((begins >> i & 1) != 0 && holds(o, node->assertion, i))
				ends |= UINT64_C(1) << i;
		}
		break;
	}
	return ends;
}

static bool read_text(struct oracle *o, const char *text, size_t length)
{
	size_t at, step;

	for (at = 0; at < length; at += step) {
		if (o->n == ORACLE_MAX_TEXT)
			return false;
		o->text[o->n++] = pattern_decode(text + at, length - at, &step);
	}
	return true;
}

int oracle_matches(const char *pattern, size_t pattern_length, const char *text, size_t length)
{
	struct arena *arena = arena_new();
	struct pattern_error error;
	uint64_t work = PATTERN_MAX_WORK;
	struct pattern_parser parser = {.arena = arena,
	        .text = arena_copy(arena, pattern, pattern_length),
	        .length = pattern_length,
	        .work = &work,
	        .error = &error};
	struct oracle o = {.n = 0};
	int verdict = -1;

	if (read_text(&o, text, length)) {
		const struct pattern_node *tree = pattern_parse(&parser);

		if (tree == NULL)
			abort();
		verdict = walk(&o, tree, all_places(&o)) != 0;
		verdict = o.steps > MAX_STEPS ? -1 : verdict;
	}
	arena_free(arena);
	return verdict;
}
