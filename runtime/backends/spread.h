/* SPDX-License-Identifier: MIT */
/*
 * Which workers of this process have members of a group, and letters that bring them its publications. What backends of one machine
 * share; it must not know whether anything is stored.
 */
#ifndef MSGC__SPREAD_H
#define MSGC__SPREAD_H

#include <pthread.h>

#include "../server/worker.h"
#include "backend.h"

enum { MSGC__SPREAD_BUCKETS = 1024 };

struct msgc__spread;

/* Tells a worker that it has missed something: preallocated, so that this cannot fail. */
struct msgc__missed {
	struct msgc__mail mail;
	struct msgc__spreads *spreads;
	bool posted;
};

struct msgc__spreads {
	struct msgc_server *server;
	pthread_mutex_t lock;
	struct msgc__spread *buckets[MSGC__SPREAD_BUCKETS];
	struct msgc__missed missed[MSGC__WORKERS_MOST];
};

void msgc__spreads_init(struct msgc__spreads *spreads, struct msgc_server *server);
void msgc__spreads_free(struct msgc__spreads *spreads);

/* Any thread, as all below. Joining: MSGC_ENOMEM. */
int msgc__spreads_join(struct msgc__spreads *spreads, unsigned worker, struct msgc_str group);
void msgc__spreads_leave(struct msgc__spreads *spreads, unsigned worker, struct msgc_str group);

enum { MSGC__NOBODY = -1 };
/*
 * To every worker with members of its group but `except`. One without room has missed it: logged; where the group has a history that worker's
 * members are sent away to come back.
 */
void msgc__spreads_tell(
        struct msgc__spreads *spreads, struct msgc__publication *publication, int except);

/*
 * The letter by which a worker gets its own publication behind all that was sent before, and hears what became of it; where `result` is
 * negative nothing is delivered. Posting fails with MSGC_EGONE when the worker has ended: the letter is freed then, and nobody hears.
 */
struct msgc__letter;
struct msgc__letter *msgc__letter_new(struct msgc__worker *to,
        struct msgc__publication *publication, msgc__published_fn *done, void *arg);
int msgc__letter_post(struct msgc__letter *letter, int result);
void msgc__letter_free(struct msgc__letter *letter);

#endif
