/* SPDX-License-Identifier: MIT */
/*
 * One worker: everything that belongs to one thread and its loop. Nothing in here is locked but the mailbox; other threads know a worker
 * only as an address for mail.
 */
#ifndef MSGC__WORKER_H
#define MSGC__WORKER_H

#include "../deflate/deflate.h"
#include "core.h"
#include "directory.h"
#include "group.h"
#include "mailbox.h"
#include "metrics.h"
#include "outbox.h"
#include "reach.h"
#include "timer.h"

struct msgc__frame;

enum msgc__worker_state {
	MSGC__WORKER_SERVING,
	MSGC__WORKER_DRAINING, /* accepts nothing, finishes what it has */
	MSGC__WORKER_STOPPED, /* nothing is left, or it gave up: no code of the program runs any more */
};

/* Ready frames that are the same for every connection of a consumer; NULL: it wants none. */
struct msgc__completions {
	struct msgc__buffer *group, *event;
};

struct msgc__worker {
	struct msgc_server *server;
	unsigned index;
	const struct msgc__config
	        *config; /* as it is for this worker: replaced when it is reloaded */
	void *loop;      /* the transport's */
	enum msgc__worker_state state;
	int64_t now; /* monotonic milliseconds, as of the last time that the loop entered the core */

	struct msgc__timers timers;
	struct msgc__timer drain_deadline;
	struct msgc__timer heartbeat; /* for the watchdog */
	_Atomic int64_t alive_at;
	bool cut; /* the drain's time is over: it waits for nothing but its links' ends */
	struct msgc__mailbox mailbox;
	bool in_turn;     /* a turn has begun, or msgc__worker_reading() says that one follows */
	uint64_t to_wake; /* a bit for each worker that has been left letters in this turn */
	struct msgc__groups groups;
	struct msgc__watch **watches; /* of rosters: a table of buckets */
	struct msgc__output output;   /* buffers, connections with something to write */

	struct msgc__directory directory;
	struct msgc__reach reach;
	struct msgc_connection *connections; /* those whose link is open */
	size_t connection_count;
	struct msgc_connection *ready,
	        **ready_end; /* those with something to do beside frames that come in */
	atomic_uint
	        holds; /* what the drain waits for beside links: look-ups, pending frames, exchanges, jobs */
	struct msgc__frame *held_frames;      /* those that the drain waits for */
	struct msgc__later_task *later_tasks; /* of msgc_server_after() */

	struct msgc__metrics metrics;
	int listening; /* what the backend said to msgc__reach_listen() */
	struct msgc__frame *spare_frames;
	unsigned spare_count;
	struct msgc_problems problems;             /* of the frame that is being looked at */
	struct msgc_buf text;                      /* scratch for one message */
	struct msgc_arena scratch;                 /* for one handshake or token */
	char extensions[MSGC__DEFLATE_ANSWER_MAX]; /* of one handshake */
	struct msgc__completions *completions;     /* per served consumer */
};

/* The worker that this thread drives; NULL: none. */
struct msgc__worker *msgc__worker_current(void);

int msgc__worker_new(struct msgc_server *server, unsigned index, struct msgc__worker **ret);
/* After its loop has been closed: opens what is left in the mailbox, frees everything. */
void msgc__worker_free(struct msgc__worker *worker);

/* On the worker's thread, around its loop: the program's hooks. begin: what the hook returned. */
int msgc__worker_begin(struct msgc__worker *worker);
void msgc__worker_end(struct msgc__worker *worker);

/*
 * The transport calls into the core on behalf of links and exchanges: each of these calls begins with this, so that the time and the
 * current worker are right.
 */
void msgc__worker_enter(struct msgc__worker *worker);

/*
 * Any thread. Puts a letter into the mailbox and wakes the loop: at once, or, where a worker has something for another one, before it reads from more
 * links or its turn writes, once for all that it has. MSGC_EBUSY and MSGC_EGONE as msgc__mailbox_put().
 */
int msgc__worker_post(struct msgc__worker *worker, struct msgc__mail *mail, bool counted);

/* Opens letters and looks after connections until nothing is left of either. Part of a turn; by itself when the loop has ended. */
void msgc__worker_settle(struct msgc__worker *worker);

/* The drain waits until every hold has been released (at most drain-timeout). Any thread; released on the worker's. */
void msgc__worker_hold(struct msgc__worker *worker);
void msgc__worker_release(struct msgc__worker *worker);

/* ---------------------------------------------------------------------------------------------- tasks.c */

/* Frees the tasks of msgc_server_after() that will never run. */
void msgc__later_tasks_free(struct msgc__worker *worker);

#endif
