/* SPDX-License-Identifier: MIT */
/*
 * diff_pattern.c - does one pattern match whatever another one matches?
 *
 * Both automata read the same texts side by side; a pair of states in which the first matches and
 * the second does not is a counter-example. The number of pairs is bounded.
 */
#include <stdlib.h>
#include <string.h>

#include "diff_parts.h"

/* Pairs of states that are looked at, at most; and steps from them. */
#define PATTERN_MAX_PAIRS ((size_t)1 << 20)
#define PATTERN_MAX_STEPS ((size_t)1 << 24)

/* Classes of code points that both automata tell apart. */
struct class_pair {
	uint32_t a;
	uint32_t b;
};

struct walk {
	const struct model_pattern *a;
	const struct model_pattern *b;
	struct class_pair *classes;
	size_t n_classes;
	unsigned char *seen;
	uint32_t *stack; /* pairs, as a's state * b's number of states + b's state */
	size_t n;
	size_t steps;
	bool found; /* a counter-example */
};

static bool matches_here(const struct model_pattern *pattern, uint32_t state)
{
	return state == 1 || (state != 0 && state >= pattern->first_final);
}

static int compare_classes(const void *x, const void *y)
{
	const struct class_pair *p = x, *q = y;

	if (p->a != q->a)
		return p->a < q->a ? -1 : 1;
	return p->b < q->b ? -1 : p->b > q->b;
}

/* Both tables of ranges, merged; each pair of classes once. */
static void find_classes(struct walk *walk)
{
	const struct model_pattern *a = walk->a, *b = walk->b;
	size_t i = 0, j = 0, n = 0, k;

	walk->classes = memory_get((a->n_ranges + b->n_ranges + 1) * sizeof(*walk->classes));
	while (i < a->n_ranges && j < b->n_ranges) {
		uint32_t next_a = i + 1 < a->n_ranges ? a->ranges[i + 1] >> 8 : UINT32_MAX;
		uint32_t next_b = j + 1 < b->n_ranges ? b->ranges[j + 1] >> 8 : UINT32_MAX;

		walk->classes[n++] = (struct class_pair){a->ranges[i] & 0xFF, b->ranges[j] & 0xFF};
		i += next_a <= next_b;
		j += next_b <= next_a;
	}
	if (n != 0)
		qsort(walk->classes, n, sizeof(*walk->classes), compare_classes);
	for (k = 0; k < n; k++) {
		if (k == 0 || compare_classes(&walk->classes[k - 1], &walk->classes[k]) != 0)
			walk->classes[walk->n_classes++] = walk->classes[k];
	}
}

static void visit(struct walk *walk, uint32_t a, uint32_t b)
{
	uint32_t pair = a * walk->b->n_states + b;

	/* Nothing that a refuses matters, nor what b takes whatever follows. */
	if (a == 0 || b == 1 || walk->seen[pair])
		return;
	walk->seen[pair] = 1;
	walk->found = walk->found || (matches_here(walk->a, a) && !matches_here(walk->b, b));
	walk->stack[walk->n++] = pair;
}

/* States 0 and 1 stay what they are. */
static uint32_t next_state(const struct model_pattern *pattern, uint32_t state, uint32_t class)
{
	return state < 2 ? state : pattern->next[state * pattern->n_classes + class];
}

static void step(struct walk *walk, uint32_t pair)
{
	uint32_t a = pair / walk->b->n_states, b = pair % walk->b->n_states;
	size_t i;

	for (i = 0; i < walk->n_classes && !walk->found; i++)
		visit(walk, next_state(walk->a, a, walk->classes[i].a),
		        next_state(walk->b, b, walk->classes[i].b));
	walk->steps += walk->n_classes;
}

bool diff_pattern_within(const struct model_pattern *a, const struct model_pattern *b)
{
	struct walk walk = {.a = a, .b = b};
	size_t n = (size_t)a->n_states * b->n_states;
	bool is_within;

	if (n > PATTERN_MAX_PAIRS)
		return false;
	find_classes(&walk);
	walk.seen = memory_get(n + 1);
	memset(walk.seen, 0, n + 1);
	walk.stack = memory_get((n + 1) * sizeof(*walk.stack));
	visit(&walk, a->start, b->start);
	while (walk.n != 0 && !walk.found && walk.steps <= PATTERN_MAX_STEPS)
		step(&walk, walk.stack[--walk.n]);
	is_within = walk.n == 0 && !walk.found;
	free(walk.classes);
	free(walk.seen);
	free(walk.stack);
	return is_within;
}
