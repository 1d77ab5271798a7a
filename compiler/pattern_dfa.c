/* SPDX-License-Identifier: MIT */
/*
 * pattern_dfa.c - from the graph to a deterministic automaton, by the construction of subsets.
 *
 * A state is the set of steps where a search may stand, before assertions are decided: those look at
 * the character before, which is part of the state, and at the one that comes, which is the edge.
 * What has matched stays so: such a set is PATTERN_FULL, whatever else is in it.
 */
#include "pattern_parts.h"

#include <stdlib.h>
#include <string.h>

/* Bounds of what is made on the way to the minimal automaton. */
#define MAX_STATES  20000
#define MAX_ENTRIES ((size_t)2 * 1000 * 1000)

/* What stands before or behind: nothing (or what is not known yet), a word's character, another. */
enum side { SIDE_OTHER, SIDE_WORD, SIDE_NOTHING, SIDE_UNKNOWN };

/* steps: ascending. */
struct state {
	uint32_t *steps;
	uint32_t n;
	enum side before;
};

struct builder {
	const struct pattern_nfa *nfa;
	const struct pattern_classes *classes;
	struct pattern_dfa *dfa;
	struct state *states;
	uint32_t states_capacity;
	uint32_t *table; /* open addressing: a state's number + 1, 0 for none */
	uint32_t table_size;

	/* What close() found: the steps, and whether it reached the match. */
	uint32_t *found;
	uint32_t n_found;
	bool matched;
	uint32_t *stack;
	uint32_t *mark; /* by step: the round in which it was met last */
	uint32_t round;
};

/* ---------------------------------------------------------------- closures */

static bool holds(uint32_t assertion, enum side before, enum side behind)
{
	switch ((enum pattern_assertion)assertion) {
	case PATTERN_AT_START: return before == SIDE_NOTHING;
	case PATTERN_AT_END: return behind == SIDE_NOTHING;
	case PATTERN_AT_WORD_EDGE: return (before == SIDE_WORD) != (behind == SIDE_WORD);
	case PATTERN_NOT_AT_WORD_EDGE: return (before == SIDE_WORD) == (behind == SIDE_WORD);
	}
	return false;
}

/* True if the assertion is to be kept until it is known what comes behind. */
static bool is_open(uint32_t assertion, enum side before, enum side behind)
{
	return behind == SIDE_UNKNOWN && (assertion != PATTERN_AT_START || before == SIDE_NOTHING);
}

/* Takes what the first n of the stack lead to without a character. False: too much work. */
static bool close_over(struct builder *b, uint32_t n, enum side before, enum side behind)
{
	const struct pattern_step *steps = b->nfa->steps;

	b->n_found = 0;
	b->matched = false;
	while (n > 0) {
		uint32_t at = b->stack[--n];
		const struct pattern_step *step = &steps[at];

		if (!pattern_spend(b->nfa->work, 1))
			return false;
		switch (step->kind) {
		case PATTERN_STEP_SET: b->found[b->n_found++] = at; continue;
		case PATTERN_STEP_MATCH: b->matched = true; continue;
		case PATTERN_STEP_ASSERTION:
			if (is_open(step->other, before, behind))
				b->found[b->n_found++] = at;
			else if (holds(step->other, before, behind))
				break;
			continue;
		case PATTERN_STEP_SPLIT:
			if (b->mark[step->other] != b->round) {
				b->mark[step->other] = b->round;
				b->stack[n++] = step->other;
			}
			break;
		}
		if (b->mark[step->next] != b->round) {
			b->mark[step->next] = b->round;
			b->stack[n++] = step->next;
		}
	}
	return true;
}

static void push_once(struct builder *b, uint32_t *n, uint32_t step)
{
	if (b->mark[step] == b->round)
		return;
	b->mark[step] = b->round;
	b->stack[(*n)++] = step;
}

/* ------------------------------------------------------------------ states */

static int compare_steps(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static uint32_t hash_steps(const uint32_t *steps, uint32_t n, enum side before)
{
	uint64_t hash = UINT64_C(14695981039346656037) + before;
	uint32_t i;

	for (i = 0; i < n; i++)
		hash = (hash ^ steps[i]) * UINT64_C(1099511628211);
	/* The last steps have reached the lowest and the highest bits only: sets often differ in them alone. */
	hash = (hash ^ hash >> 32) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(hash >> 32);
}

/* Where the steps found stand in the table, or should. */
static uint32_t slot_of(const struct builder *b, enum side before)
{
	uint32_t mask = b->table_size - 1;
	uint32_t slot = hash_steps(b->found, b->n_found, before) & mask;

	for (; b->table[slot] != 0; slot = (slot + 1) & mask) {
		const struct state *state = &b->states[b->table[slot] - 1];

		if (state->n == b->n_found && state->before == before &&
		        memcmp(state->steps, b->found, state->n * sizeof(*state->steps)) == 0)
			break;
	}
	return slot;
}

static bool has_assertion(const struct builder *b, const uint32_t *steps, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (b->nfa->steps[steps[i]].kind == PATTERN_STEP_ASSERTION)
			return true;
	}
	return false;
}

/* The table is twice as large as there may be states, at least. */
static void grow_table(struct builder *b, uint32_t size)
{
	uint32_t state, slot;

	b->table = arena_array(b->nfa->arena, size, sizeof(*b->table));
	b->table_size = size;
	for (state = PATTERN_FULL + 1; state < b->dfa->n_states; state++) {
		const struct state *s = &b->states[state];

		slot = hash_steps(s->steps, s->n, s->before) & (size - 1);
		while (b->table[slot] != 0)
			slot = (slot + 1) & (size - 1);
		b->table[slot] = state + 1;
	}
}

static void grow_states(struct builder *b)
{
	struct pattern_dfa *dfa = b->dfa;
	uint32_t capacity = b->states_capacity != 0 ? b->states_capacity * 2 : 64;
	struct state *states = arena_array(b->nfa->arena, capacity, sizeof(*states));
	uint32_t *next =
	        arena_array(b->nfa->arena, (size_t)capacity * dfa->n_classes, sizeof(*next));
	uint8_t *final = arena_array(b->nfa->arena, capacity, 1);

	if (dfa->n_states != 0) {
		memcpy(states, b->states, dfa->n_states * sizeof(*states));
		memcpy(next, dfa->next, (size_t)dfa->n_states * dfa->n_classes * sizeof(*next));
		memcpy(final, dfa->final, dfa->n_states);
	}
	b->states = states;
	b->states_capacity = capacity;
	dfa->next = next;
	dfa->final = final;
	grow_table(b, capacity * 2);
}

static uint32_t state_new(struct builder *b)
{
	if (b->dfa->n_states == b->states_capacity)
		grow_states(b);
	return b->dfa->n_states++;
}

/* The state of what close_over() found. False: too many. */
static bool intern(struct builder *b, enum side before, uint32_t *ret_state)
{
	struct state *state;
	uint32_t slot;

	if (b->matched || b->n_found == 0) {
		*ret_state = b->matched ? PATTERN_FULL : PATTERN_DEAD;
		return true;
	}
	if (!pattern_spend(b->nfa->work, b->n_found))
		return false;
	qsort(b->found, b->n_found, sizeof(*b->found), compare_steps);
	/* What stood before matters to assertions only. */
	if (!has_assertion(b, b->found, b->n_found))
		before = SIDE_OTHER;
	slot = slot_of(b, before);
	if (b->table[slot] != 0) {
		*ret_state = b->table[slot] - 1;
		return true;
	}
	if (b->dfa->n_states == MAX_STATES ||
	        (size_t)(b->dfa->n_states + 1) * b->dfa->n_classes > MAX_ENTRIES)
		return false;
	*ret_state = state_new(b);
	state = &b->states[*ret_state];
	state->steps = arena_array(b->nfa->arena, b->n_found, sizeof(*state->steps));
	memcpy(state->steps, b->found, b->n_found * sizeof(*state->steps));
	state->n = b->n_found;
	state->before = before;
	b->table[slot_of(b, before)] = *ret_state + 1;
	return true;
}

/* ------------------------------------------------------------------- edges */

/* The steps of a state once it is known what comes behind it; copied to steps. */
static bool decide(struct builder *b, const struct state *state, enum side behind, uint32_t *steps,
        uint32_t *n)
{
	if (!has_assertion(b, state->steps, state->n)) {
		b->matched = false;
		memcpy(steps, state->steps, state->n * sizeof(*steps));
		*n = state->n;
		return pattern_spend(b->nfa->work, *n);
	}
	b->round++;
	for (*n = 0; *n < state->n;)
		push_once(b, n, state->steps[*n]);
	if (!close_over(b, *n, state->before, behind))
		return false;
	memcpy(steps, b->found, b->n_found * sizeof(*steps));
	*n = b->n_found;
	return true;
}

/* Where the class leads from these steps. */
static bool follow(
        struct builder *b, const uint32_t *steps, uint32_t n, uint32_t class, uint32_t *ret_state)
{
	enum side before = b->classes->is_word[class] ? SIDE_WORD : SIDE_OTHER;
	uint32_t n_seeds = 0, i;

	if (!pattern_spend(b->nfa->work, n))
		return false;
	b->round++;
	for (i = 0; i < n; i++) {
		const struct pattern_step *step = &b->nfa->steps[steps[i]];

		if (b->classes->members[(size_t)step->other * PATTERN_MAX_CLASSES + class])
			push_once(b, &n_seeds, step->next);
	}
	return close_over(b, n_seeds, before, SIDE_UNKNOWN) && intern(b, before, ret_state);
}

/* All edges of a state over characters of one side. */
static bool follow_side(struct builder *b, uint32_t from, enum side side, uint32_t *steps)
{
	const struct state state = b->states[from];
	uint32_t n, class, to;
	bool matched;

	if (!decide(b, &state, side, steps, &n))
		return false;
	matched = b->matched;
	for (class = 0; class < b->dfa->n_classes; class ++) {
		if ((b->classes->is_word[class] != 0) != (side == SIDE_WORD))
			continue;
		to = PATTERN_FULL;
		if (!matched && !follow(b, steps, n, class, &to))
			return false;
		b->dfa->next[(size_t)from * b->dfa->n_classes + class] = to;
	}
	return true;
}

static bool expand(struct builder *b, uint32_t state, uint32_t *steps)
{
	const struct state from = b->states[state];
	uint32_t n;

	if (!decide(b, &from, SIDE_NOTHING, steps, &n))
		return false;
	b->dfa->final[state] = b->matched;
	return follow_side(b, state, SIDE_OTHER, steps) &&
	        (!b->nfa->has_word_edges || follow_side(b, state, SIDE_WORD, steps));
}

static void begin(struct builder *b)
{
	uint32_t n = b->nfa->n_steps, class;

	b->found = arena_array(b->nfa->arena, n, sizeof(*b->found));
	b->stack = arena_array(b->nfa->arena, (size_t)n * 2, sizeof(*b->stack));
	b->mark = arena_array(b->nfa->arena, n, sizeof(*b->mark));
	b->dfa->n_classes = b->classes->n;
	state_new(b);
	state_new(b);
	b->dfa->final[PATTERN_FULL] = 1;
	for (class = 0; class < b->dfa->n_classes; class ++)
		b->dfa->next[(size_t)PATTERN_FULL * b->dfa->n_classes + class] = PATTERN_FULL;
}

bool pattern_dfa(struct pattern_dfa *dfa, const struct pattern_nfa *nfa,
        const struct pattern_classes *classes)
{
	struct builder b = {.nfa = nfa, .classes = classes, .dfa = dfa};
	uint32_t n = 0, state;
	uint32_t *steps = arena_array(nfa->arena, nfa->n_steps, sizeof(*steps));

	begin(&b);
	b.round++;
	push_once(&b, &n, nfa->root);
	if (!close_over(&b, n, SIDE_NOTHING, SIDE_UNKNOWN) ||
	        !intern(&b, SIDE_NOTHING, &dfa->start))
		return false;
	for (state = PATTERN_FULL + 1; state < dfa->n_states; state++) {
		if (!expand(&b, state, steps))
			return false;
	}
	return true;
}
