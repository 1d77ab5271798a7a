/* SPDX-License-Identifier: MIT */
/*
 * Deadlines of one worker: a pairing heap of timers that live inside the structs they belong to, so that arming one cannot fail and
 * thousands of them cost next to nothing. It must not know what a deadline is for, nor where the time comes from.
 *
 * Times are milliseconds of a monotonic clock.
 */
#ifndef MSGC__TIMER_H
#define MSGC__TIMER_H

#include <stdbool.h>
#include <stdint.h>

struct msgc__timer {
	struct msgc__timer *child; /* first of those that are due later */
	struct msgc__timer *next;  /* sibling */
	struct msgc__timer *prev;  /* sibling before, or the parent of a first child */
	int64_t due;
	uint64_t run; /* in which it was armed */
	void (*fire)(struct msgc__timer *timer);
	bool armed;
};

struct msgc__timers {
	struct msgc__timer *root;
	uint64_t run; /* counts msgc__timers_run() */
};

/* A zeroed timer is unarmed. Arming an armed timer moves it. */
void msgc__timer_arm(struct msgc__timers *timers, struct msgc__timer *timer, int64_t due);
void msgc__timer_cancel(struct msgc__timers *timers, struct msgc__timer *timer);

/* Fires what is due at `now`, each unarmed before its function is called; what is armed meanwhile waits for the next run. */
void msgc__timers_run(struct msgc__timers *timers, int64_t now);
/* The same with `most` of them, the rest next time; how many those were. */
unsigned msgc__timers_run_some(struct msgc__timers *timers, int64_t now, unsigned most);

/* When the first is due; -1: none is armed. */
int64_t msgc__timers_next(const struct msgc__timers *timers);

#endif
