/* SPDX-License-Identifier: MIT */
/*
 * A pairing heap (Fredman, Sedgewick, Sleator and Tarjan, 1986) without recursion: insertion is constant, removal logarithmic when
 * amortised. It must not know what a deadline is for.
 */
#include "timer.h"

#include <limits.h>
#include <stddef.h>

/* Joins two heaps; either may be NULL. Neither has siblings. */
static struct msgc__timer *join(struct msgc__timer *a, struct msgc__timer *b)
{
	struct msgc__timer *top, *below;

	if (!a || !b)
		return a ? a : b;
	top = b->due < a->due ? b : a;
	below = top == a ? b : a;
	below->next = top->child;
	if (below->next)
		below->next->prev = below;
	below->prev = top;
	top->child = below;
	return top;
}

/* Joins siblings in pairs, then the pairs from the last to the first: what keeps the heap flat. */
static struct msgc__timer *join_siblings(struct msgc__timer *first)
{
	struct msgc__timer *pairs = NULL, *heap = NULL;

	while (first) {
		struct msgc__timer *second = first->next;
		struct msgc__timer *rest = second ? second->next : NULL;
		struct msgc__timer *pair;

		first->next = first->prev = NULL;
		if (second)
			second->next = second->prev = NULL;
		pair = join(first, second);
		pair->next = pairs;
		pairs = pair;
		first = rest;
	}
	while (pairs) {
		struct msgc__timer *rest = pairs->next;

		pairs->next = NULL;
		heap = join(heap, pairs);
		pairs = rest;
	}
	return heap;
}

static void detach(struct msgc__timers *timers, struct msgc__timer *timer)
{
	struct msgc__timer *children = join_siblings(timer->child);

	timer->child = NULL;
	if (timer == timers->root) {
		timers->root = children;
	} else {
		if (timer->prev->child == timer)
			timer->prev->child = timer->next;
		else
			timer->prev->next = timer->next;
		if (timer->next)
			timer->next->prev = timer->prev;
		timers->root = join(timers->root, children);
	}
	timer->next = timer->prev = NULL;
	timer->armed = false;
}

void msgc__timer_arm(struct msgc__timers *timers, struct msgc__timer *timer, int64_t due)
{
	if (timer->armed)
		detach(timers, timer);
	timer->due = due;
	timer->run = timers->run;
	timer->armed = true;
	timers->root = join(timers->root, timer);
}

void msgc__timer_cancel(struct msgc__timers *timers, struct msgc__timer *timer)
{
	if (timer->armed)
		detach(timers, timer);
}

unsigned msgc__timers_run_some(struct msgc__timers *timers, int64_t now, unsigned most)
{
	unsigned count = 0;

	/* A timer that keeps arming itself for this very moment must not keep the run from ending. */
	timers->run++;
	while (count < most && timers->root && timers->root->due <= now &&
	        timers->root->run != timers->run) {
		struct msgc__timer *timer = timers->root;

		detach(timers, timer);
		timer->fire(timer);
		count++;
	}
	return count;
}

void msgc__timers_run(struct msgc__timers *timers, int64_t now)
{
	(void)msgc__timers_run_some(timers, now, UINT_MAX);
}

int64_t msgc__timers_next(const struct msgc__timers *timers)
{
	return timers->root ? timers->root->due : -1;
}
