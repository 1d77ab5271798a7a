/* SPDX-License-Identifier: MIT */
/*
 * pattern_minimal.c - states that no text tells apart become one: Hopcroft's algorithm.
 *
 * Blocks of states are split until every class leads all states of a block into the same block; the
 * smaller half of each split is what is looked at again.
 */
#include "pattern_parts.h"

#include <string.h>

/* A partition: elements of block i are elements[first[i]] … elements[end[i] - 1]. */
struct partition {
	uint32_t *elements;
	uint32_t *place; /* by state: where it stands in elements */
	uint32_t *block; /* by state */
	uint32_t *first;
	uint32_t *end;
	uint32_t *marked; /* by block: so many elements at its front are marked */
	uint32_t n_blocks;
	uint32_t *touched; /* blocks with marked elements */
	uint32_t n_touched;
	uint32_t *waiting; /* blocks to split others by */
	uint32_t n_waiting;
	uint8_t *is_waiting;
};

/* Who leads where: sources[start[class * n + state]] … of the states whose class leads to state. */
struct inverse {
	uint32_t *start;
	uint32_t *sources;
};

static struct inverse inverse_of(struct arena *arena, const struct pattern_dfa *dfa)
{
	uint32_t n = dfa->n_states, k = dfa->n_classes, state, class;
	struct inverse inverse = {
	        arena_array(arena, (size_t)n * k + 1, sizeof(*inverse.start)),
	        arena_array(arena, (size_t)n * k, sizeof(*inverse.sources)),
	};
	size_t i;

	for (state = 0; state < n; state++) {
		for (class = 0; class < k; class ++)
			inverse.start[(size_t) class * n + dfa->next[(size_t)state * k + class]]++;
	}
	for (i = 1; i <= (size_t)n * k; i++)
		inverse.start[i] += inverse.start[i - 1];
	/* Each start stands behind its sources now, and comes to its place as they are filled in. */
	for (state = 0; state < n; state++) {
		for (class = 0; class < k; class ++) {
			i = (size_t) class * n + dfa->next[(size_t)state * k + class];
			inverse.sources[--inverse.start[i]] = state;
		}
	}
	return inverse;
}

static struct partition partition_new(struct arena *arena, uint32_t n)
{
	struct partition p = {0};

	p.elements = arena_array(arena, n, sizeof(uint32_t));
	p.place = arena_array(arena, n, sizeof(uint32_t));
	p.block = arena_array(arena, n, sizeof(uint32_t));
	p.first = arena_array(arena, n, sizeof(uint32_t));
	p.end = arena_array(arena, n, sizeof(uint32_t));
	p.marked = arena_array(arena, n, sizeof(uint32_t));
	p.touched = arena_array(arena, n, sizeof(uint32_t));
	p.waiting = arena_array(arena, n, sizeof(uint32_t));
	p.is_waiting = arena_array(arena, n, 1);
	return p;
}

static void wait_for(struct partition *p, uint32_t block)
{
	if (p->is_waiting[block])
		return;
	p->is_waiting[block] = 1;
	p->waiting[p->n_waiting++] = block;
}

/* Brings a state to the marked ones of its block. */
static void mark(struct partition *p, uint32_t state)
{
	uint32_t block = p->block[state];
	uint32_t to = p->first[block] + p->marked[block], from = p->place[state];
	uint32_t other = p->elements[to];

	if (from < to)
		return;
	p->elements[from] = other;
	p->place[other] = from;
	p->elements[to] = state;
	p->place[state] = to;
	if (p->marked[block]++ == 0)
		p->touched[p->n_touched++] = block;
}

/* Parts the marked ones of a block from the others. */
static void split(struct partition *p, uint32_t block)
{
	uint32_t n_marked = p->marked[block], n_others, new, i;

	p->marked[block] = 0;
	n_others = p->end[block] - p->first[block] - n_marked;
	if (n_others == 0)
		return;
	/* The new block is the smaller part: it is the one to be looked at, and to be renumbered. */
	new = p->n_blocks++;
	if (n_marked <= n_others) {
		p->first[new] = p->first[block];
		p->end[new] = p->first[block] + n_marked;
		p->first[block] = p->end[new];
	} else {
		p->first[new] = p->first[block] + n_marked;
		p->end[new] = p->end[block];
		p->end[block] = p->first[new];
	}
	for (i = p->first[new]; i < p->end[new]; i++)
		p->block[p->elements[i]] = new;
	wait_for(p, new);
}

static void begin(struct partition *p, const struct pattern_dfa *dfa)
{
	uint32_t n_final = 0, state, i = 0;

	for (state = 0; state < dfa->n_states; state++)
		n_final += dfa->final[state] != 0;
	/* DEAD is not final and FULL is: neither block is empty. */
	p->n_blocks = 2;
	p->end[0] = p->first[1] = dfa->n_states - n_final;
	p->end[1] = dfa->n_states;
	for (uint8_t final = 0; final < 2; final++) {
		for (state = 0; state < dfa->n_states; state++) {
			if (dfa->final[state] != final)
				continue;
			p->block[state] = final;
			p->place[state] = i;
			p->elements[i++] = state;
		}
	}
	wait_for(p, n_final <= dfa->n_states - n_final);
}

static void refine(struct arena *arena, struct partition *p, const struct pattern_dfa *dfa)
{
	struct inverse inverse = inverse_of(arena, dfa);
	uint32_t *splitter = arena_array(arena, dfa->n_states, sizeof(*splitter));

	while (p->n_waiting > 0) {
		uint32_t block = p->waiting[--p->n_waiting];
		uint32_t size = p->end[block] - p->first[block], class, i;

		p->is_waiting[block] = 0;
		/* Splitting may part this very block: it is used as it is now. */
		memcpy(splitter, p->elements + p->first[block], size * sizeof(*splitter));
		for (class = 0; class < dfa->n_classes; class ++) {
			p->n_touched = 0;
			for (i = 0; i < size; i++) {
				size_t to = (size_t) class * dfa->n_states + splitter[i];

				for (uint32_t k = inverse.start[to]; k < inverse.start[to + 1]; k++)
					mark(p, inverse.sources[k]);
			}
			for (i = 0; i < p->n_touched; i++)
				split(p, p->touched[i]);
		}
	}
}

/* ---------------------------------------------------------------- numbering */

/* Blocks in the order in which a walk from the start meets them, DEAD and FULL before all. */
static uint32_t *order_blocks(struct arena *arena, const struct partition *p,
        const struct pattern_dfa *dfa, uint32_t *number)
{
	uint32_t *order = arena_array(arena, p->n_blocks, sizeof(*order)), n = 0, i, class;
	uint32_t roots[] = {PATTERN_DEAD, PATTERN_FULL, dfa->start};

	memset(number, 0xFF, p->n_blocks * sizeof(*number));
	for (i = 0; i < 3; i++) {
		uint32_t block = p->block[roots[i]];

		if (number[block] == UINT32_MAX)
			number[block] = n, order[n++] = block;
	}
	for (i = 0; i < n; i++) {
		const uint32_t *next =
		        dfa->next + (size_t)p->elements[p->first[order[i]]] * dfa->n_classes;

		for (class = 0; class < dfa->n_classes; class ++) {
			uint32_t block = p->block[next[class]];

			if (number[block] == UINT32_MAX)
				number[block] = n, order[n++] = block;
		}
	}
	return order;
}

void pattern_minimize(struct arena *arena, struct pattern_dfa *dfa)
{
	struct partition p = partition_new(arena, dfa->n_states);
	struct pattern_dfa least = {.n_classes = dfa->n_classes};
	uint32_t *number, *order, i, class;

	begin(&p, dfa);
	refine(arena, &p, dfa);
	number = arena_array(arena, p.n_blocks, sizeof(*number));
	order = order_blocks(arena, &p, dfa, number);
	least.n_states = p.n_blocks;
	least.start = number[p.block[dfa->start]];
	least.next = arena_array(arena, (size_t)p.n_blocks * dfa->n_classes, sizeof(*least.next));
	least.final = arena_array(arena, p.n_blocks, 1);
	for (i = 0; i < p.n_blocks; i++) {
		uint32_t state = p.elements[p.first[order[i]]];

		least.final[i] = dfa->final[state];
		for (class = 0; class < dfa->n_classes; class ++)
			least.next[(size_t)i * dfa->n_classes + class] =
			        number[p.block[dfa->next[(size_t)state * dfa->n_classes + class]]];
	}
	*dfa = least;
}
