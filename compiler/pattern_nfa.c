/* SPDX-License-Identifier: MIT */
/*
 * pattern_nfa.c - a tree as a graph of steps, built from its end: each part is made knowing what
 * comes behind it.
 *
 * Repeats are unrolled, within the bound on steps. Recursion follows the tree.
 */
#include "pattern_parts.h"

#include <string.h>

/* So many steps may the graph have. */
#define MAX_STEPS 60000

/* Where there are too many steps; every function passes it on. */
#define NOWHERE UINT32_MAX

static uint32_t step(
        struct pattern_nfa *nfa, enum pattern_step_kind kind, uint32_t next, uint32_t other)
{
	struct pattern_step *steps;

	if (next == NOWHERE || other == NOWHERE || nfa->n_steps == MAX_STEPS ||
	        !pattern_spend(nfa->work, 1))
		return NOWHERE;
	if (nfa->n_steps == nfa->capacity) {
		nfa->capacity = nfa->capacity != 0 ? nfa->capacity * 2 : 64;
		steps = arena_array(nfa->arena, nfa->capacity, sizeof(*steps));
		if (nfa->n_steps != 0)
			memcpy(steps, nfa->steps, nfa->n_steps * sizeof(*steps));
		nfa->steps = steps;
	}
	nfa->steps[nfa->n_steps] = (struct pattern_step){kind, next, other};
	return nfa->n_steps++;
}

static bool equal_sets(const struct pattern_set *a, const struct pattern_set *b)
{
	return a == b ||
	        (a->n == b->n && memcmp(a->bounds, b->bounds, a->n * sizeof(*a->bounds)) == 0);
}

/* Few patterns have more than a handful of sets, and none more than it has bytes. */
static uint32_t set_index(struct pattern_nfa *nfa, const struct pattern_set *set)
{
	const struct pattern_set **sets;
	uint32_t i;

	for (i = 0; i < nfa->n_sets; i++) {
		if (equal_sets(nfa->sets[i], set))
			return i;
		if (!pattern_spend(nfa->work, 1))
			return NOWHERE;
	}
	if (nfa->n_sets == nfa->sets_capacity) {
		nfa->sets_capacity = nfa->sets_capacity != 0 ? nfa->sets_capacity * 2 : 8;
		sets = arena_array(nfa->arena, nfa->sets_capacity, sizeof(*sets));
		if (nfa->n_sets != 0)
			memcpy(sets, nfa->sets, nfa->n_sets * sizeof(*sets));
		nfa->sets = sets;
	}
	nfa->sets[nfa->n_sets] = set;
	return nfa->n_sets++;
}

static uint32_t make(struct pattern_nfa *nfa, const struct pattern_node *node, uint32_t next);

static uint32_t make_either(struct pattern_nfa *nfa, const struct pattern_node *node, uint32_t next)
{
	uint32_t first = make(nfa, node->children[node->n_children - 1], next);
	size_t i;

	for (i = node->n_children - 1; i > 0 && first != NOWHERE; i--)
		first = step(
		        nfa, PATTERN_STEP_SPLIT, make(nfa, node->children[i - 1], next), first);
	return first;
}

static uint32_t make_repeat(struct pattern_nfa *nfa, const struct pattern_node *node, uint32_t next)
{
	const struct pattern_node *child = node->children[0];
	uint32_t first = next, loop, body, i;

	if (node->max == PATTERN_UNBOUNDED) {
		loop = step(nfa, PATTERN_STEP_SPLIT, 0, next);
		body = loop != NOWHERE ? make(nfa, child, loop) : NOWHERE;
		if (body == NOWHERE)
			return NOWHERE;
		nfa->steps[loop].next = body;
		first = loop;
	} else {
		for (i = node->min; i < node->max && first != NOWHERE; i++) {
			body = make(nfa, child, first);
			if (body == first)
				break; /* no steps of its own: one more of it is nothing more */
			first = step(nfa, PATTERN_STEP_SPLIT, body, next);
		}
	}
	for (i = 0, body = NOWHERE; i < node->min && first != NOWHERE && body != first; i++) {
		body = first;
		first = make(nfa, child, first);
	}
	return first;
}

/* The step that begins the node, where `next` follows it. */
static uint32_t make(struct pattern_nfa *nfa, const struct pattern_node *node, uint32_t next)
{
	size_t i;

	/* A node without steps of its own may be repeated, too: it costs something. */
	if (next == NOWHERE || !pattern_spend(nfa->work, 1))
		return NOWHERE;
	switch (node->kind) {
	case PATTERN_NODE_LIST:
		for (i = node->n_children; i > 0 && next != NOWHERE; i--)
			next = make(nfa, node->children[i - 1], next);
		return next;
	case PATTERN_NODE_EITHER: return make_either(nfa, node, next);
	case PATTERN_NODE_REPEAT: return make_repeat(nfa, node, next);
	case PATTERN_NODE_SET: return step(nfa, PATTERN_STEP_SET, next, set_index(nfa, node->set));
	case PATTERN_NODE_ASSERTION:
		nfa->has_word_edges |= node->assertion == PATTERN_AT_WORD_EDGE ||
		        node->assertion == PATTERN_NOT_AT_WORD_EDGE;
		return step(nfa, PATTERN_STEP_ASSERTION, next, (uint32_t)node->assertion);
	}
	return NOWHERE;
}

bool pattern_nfa(struct pattern_nfa *nfa, const struct pattern_node *tree)
{
	struct pattern_ranges none = {.arena = nfa->arena};
	uint32_t match = step(nfa, PATTERN_STEP_MATCH, 0, 0);
	uint32_t first = make(nfa, tree, match), loop, any;

	/* Before the match any text may stand: here the search begins once more, a character on. */
	loop = step(nfa, PATTERN_STEP_SPLIT, first, 0);
	any = step(nfa, PATTERN_STEP_SET, loop, set_index(nfa, pattern_set_of(&none, true)));
	if (any == NOWHERE)
		return false;
	nfa->steps[loop].other = any;
	nfa->root = loop;
	return true;
}
