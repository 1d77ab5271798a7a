/* SPDX-License-Identifier: MIT */
/*
 * Pool threads for work that blocks, behind one bounded queue. Work lives inside the struct that it belongs to. It must not know what the
 * work is.
 */
#ifndef MSGC__POOL_H
#define MSGC__POOL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mailbox.h"

struct msgc__work {
	struct msgc__work *next;
	void (*run)(struct msgc__work *work);                               /* on a pool thread */
	void (*done)(struct msgc__worker *worker, struct msgc__work *work); /* back on `worker` */
	struct msgc__worker *worker;
	bool dropped; /* `run` was never called: the server has stopped */
	struct msgc__mail mail;
};

struct msgc__pool;

/* `threads` 0: nothing runs by itself, see msgc__pool_step(). */
int msgc__pool_new(unsigned threads, size_t queue_limit, struct msgc__pool **ret);

/* Starts the threads. Work submitted before waits until then. */
int msgc__pool_start(struct msgc__pool *pool);

/*
 * Any thread. MSGC_EBUSY: the queue is full; MSGC_EGONE: stopped. `run`, `done` and `worker` must be set; after success `done` is called
 * exactly once.
 */
int msgc__pool_submit(struct msgc__pool *pool, struct msgc__work *work);

/*
 * The same in two steps: a place in the queue first, so that a refusal comes at once, the work itself when it may begin. Each
 * reservation ends in one of the two.
 */
int msgc__pool_reserve(struct msgc__pool *pool);
void msgc__pool_submit_reserved(struct msgc__pool *pool, struct msgc__work *work);
void msgc__pool_unreserve(struct msgc__pool *pool);

/* Runs one piece of work on the calling thread; false: there is none. For tests without threads. */
bool msgc__pool_step(struct msgc__pool *pool);

/* How things are, for metrics. Any thread. */
struct msgc__pool_state {
	uint64_t waiting, busy;
	uint64_t taken, refused; /* jobs, since the start */
};
void msgc__pool_look(struct msgc__pool *pool, struct msgc__pool_state *ret);

/*
 * Ends the threads when they have finished what they are doing, and gives waiting work back with `dropped` set. MSGC_ETIMEOUT: a thread
 * is still at work after `wait_ms`; then nothing that it may touch can be freed, the pool included.
 */
int msgc__pool_stop(struct msgc__pool *pool, int64_t wait_ms);
void msgc__pool_free(struct msgc__pool *pool);

#endif
