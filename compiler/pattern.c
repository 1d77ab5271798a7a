/* SPDX-License-Identifier: MIT */
/*
 * pattern.c - a pattern through all its stages, and texts held against it.
 *
 * Everything on the way lives in an arena of its own; only the tables outlive it.
 */
#include "pattern.h"

#include <string.h>

#include "pattern_parts.h"

/* What the least of patterns takes. */
#define BASE_WORK 5000

/* What an edge takes to be minimised. */
#define MINIMAL_WORK 16

/* ------------------------------------------------------- classes, once more
 *
 * In the least automaton some classes lead everywhere to the same states.
 */

static bool same_column(const struct pattern_dfa *dfa, uint32_t a, uint32_t b)
{
	uint32_t state;

	for (state = 0; state < dfa->n_states; state++) {
		const uint32_t *next = dfa->next + (size_t)state * dfa->n_classes;

		if (next[a] != next[b])
			return false;
	}
	return true;
}

/* Numbers of classes for those of the automaton, and the classes that they stand for. */
struct columns {
	uint32_t number[PATTERN_MAX_CLASSES];
	uint32_t first[PATTERN_MAX_CLASSES];
	uint32_t n;
};

static void merge_columns(const struct pattern_dfa *dfa, struct columns *columns)
{
	uint32_t class, i;

	columns->n = 0;
	for (class = 0; class < dfa->n_classes; class ++) {
		for (i = 0; i < columns->n && !same_column(dfa, class, columns->first[i]); i++)
			;
		columns->number[class] = i;
		if (i == columns->n)
			columns->first[columns->n++] = class;
	}
}

static void put_ranges(struct arena *arena, const struct pattern_classes *classes,
        const struct columns *columns, struct model_pattern *pattern)
{
	uint32_t *ranges = arena_array(arena, classes->n_ranges, sizeof(*ranges));
	size_t i;

	for (i = 0; i < classes->n_ranges; i++) {
		uint32_t first = classes->ranges[i] >> 8;
		uint32_t class = columns->number[classes->ranges[i] & 0xFF];

		if (pattern->n_ranges == 0 || (ranges[pattern->n_ranges - 1] & 0xFF) != class)
			ranges[pattern->n_ranges++] = first << 8 | class;
	}
	pattern->ranges = ranges;
}

/* States that are final come last, but for PATTERN_FULL. */
static void put_states(struct arena *arena, const struct pattern_dfa *dfa,
        const struct columns *columns, struct model_pattern *pattern)
{
	uint32_t *number = arena_array(arena, dfa->n_states, sizeof(*number)), n = 2, state, i;
	uint16_t *next = arena_array(arena, (size_t)dfa->n_states * columns->n, sizeof(*next));

	number[PATTERN_FULL] = PATTERN_FULL;
	for (uint8_t final = 0; final < 2; final++) {
		for (state = 2; state < dfa->n_states; state++) {
			if (dfa->final[state] == final)
				number[state] = n++;
		}
		if (!final)
			pattern->first_final = n;
	}
	for (state = 0; state < dfa->n_states; state++) {
		for (i = 0; i < columns->n; i++)
			next[(size_t)number[state] * columns->n + i] =
			        (uint16_t)number[dfa->next[(size_t)state * dfa->n_classes +
			                columns->first[i]]];
	}
	pattern->n_states = dfa->n_states;
	pattern->n_classes = columns->n;
	pattern->start = number[dfa->start];
	pattern->next = next;
}

/* ------------------------------------------------------------------- stages */

static enum pattern_result fail(struct pattern_error *error, enum pattern_result result,
        size_t length, const char *message, const char *hint)
{
	*error = (struct pattern_error){message, hint, 0, length};
	return result;
}

static enum pattern_result build(struct arena *arena, struct arena *scratch,
        const struct pattern_node *tree, size_t length, uint64_t *work,
        struct model_pattern *pattern, struct pattern_error *error)
{
	static const char hint[] =
	        "fewer or smaller repeats, or 'len' beside the pattern, make it smaller";
	struct pattern_nfa nfa = {.arena = scratch, .work = work};
	struct pattern_classes classes = {0};
	struct pattern_dfa dfa = {0};
	struct columns columns;

	if (!pattern_nfa(&nfa, tree) || !pattern_classes(&classes, &nfa) ||
	        !pattern_dfa(&dfa, &nfa, &classes) ||
	        !pattern_spend(work, (uint64_t)dfa.n_states * dfa.n_classes * MINIMAL_WORK))
		return fail(error, PATTERN_TOO_BIG, length,
		        "this pattern is too big to be made into an automaton", hint);
	pattern_minimize(scratch, &dfa);
	if (dfa.n_states > PATTERN_MAX_STATES)
		return fail(error, PATTERN_TOO_BIG, length,
		        arena_printf(arena, "this pattern needs %u states, more than %d",
		                dfa.n_states, PATTERN_MAX_STATES),
		        hint);
	if (dfa.start == PATTERN_DEAD)
		return fail(error, PATTERN_NOTHING, length, "no text matches this pattern", NULL);
	merge_columns(&dfa, &columns);
	put_ranges(arena, &classes, &columns, pattern);
	put_states(arena, &dfa, &columns, pattern);
	return PATTERN_OK;
}

enum pattern_result pattern_compile(struct arena *arena, const char *text, size_t length,
        uint64_t *work, struct model_pattern *ret_pattern, struct pattern_error *ret_error)
{
	struct arena *scratch = arena_new();
	struct model_pattern pattern = {.text = arena_copy(arena, text, length)};
	uint64_t budget = *work < PATTERN_MAX_WORK ? *work : PATTERN_MAX_WORK, left = budget;
	struct pattern_parser parser = {.arena = scratch,
	        .text = pattern.text,
	        .length = length,
	        .work = &left,
	        .error = ret_error};
	const struct pattern_node *tree;
	enum pattern_result result;

	pattern_spend(&left, BASE_WORK);
	if (length > PATTERN_MAX_BYTES) {
		result = fail(ret_error, PATTERN_TOO_BIG, length,
		        arena_printf(arena, "a pattern has at most %d bytes", PATTERN_MAX_BYTES),
		        NULL);
	} else {
		tree = pattern_parse(&parser);
		result = tree == NULL
		        ? parser.result
		        : build(arena, scratch, tree, length, &left, &pattern, ret_error);
	}
	if (result == PATTERN_OK)
		*ret_pattern = pattern;
	else if (ret_error->hint != NULL)
		ret_error->hint = arena_copy(arena, ret_error->hint, strlen(ret_error->hint));
	arena_free(scratch);
	*work -= budget - left;
	return result;
}

bool pattern_matches(const struct model_pattern *pattern, const char *text, size_t length)
{
	uint32_t state = pattern->start;
	size_t at = 0, step;

	while (at < length && state > PATTERN_FULL) {
		uint32_t code_point = pattern_decode(text + at, length - at, &step);
		uint32_t class = pattern_class_of(pattern->ranges, pattern->n_ranges, code_point);

		state = pattern->next[(size_t)state * pattern->n_classes + class];
		at += step;
	}
	return state == PATTERN_FULL || state >= pattern->first_final;
}
