/* SPDX-License-Identifier: MIT */
/*
 * One worker: everything that belongs to one thread and its loop. Nothing in here is locked but the mailbox; other threads know a worker
 * only as an address for mail.
 */
#ifndef MSGC__WORKER_H
#define MSGC__WORKER_H

#include "core.h"
#include "group.h"
#include "mailbox.h"
#include "outbox.h"
#include "timer.h"

struct msgc__frame;

enum msgc__worker_state {
	MSGC__WORKER_SERVING,
	MSGC__WORKER_DRAINING, /* accepts nothing, finishes what it has */
	MSGC__WORKER_STOPPED,  /* nothing is left, or it gave up: the loop has been told to end */
};

struct msgc__worker {
	struct msgc_server *server;
	unsigned index;
	void *loop; /* the transport's */
	enum msgc__worker_state state;
	int64_t now; /* monotonic milliseconds, as of the last time that the loop entered the core */

	struct msgc__timers timers;
	struct msgc__timer drain_deadline;
	struct msgc__mailbox mailbox;
	struct msgc__groups groups;
	struct msgc__output output; /* buffers, links with something to write */

	struct msgc_connection *connections; /* all, until their link has gone */
	size_t connection_count;
	struct msgc_connection *ready,
	        **ready_end; /* those with something to do beside frames that come in */
	unsigned
	        holds; /* what the drain waits for beside connections: look-ups, pending frames, exchanges */

	struct msgc__frame *spare_frames;
	unsigned spare_count;
	struct msgc_problems problems; /* of the frame that is being looked at */
	struct msgc_buf text;          /* scratch for one message */
	struct msgc_arena scratch;     /* for one handshake */
	struct msgc_buf *complete;     /* per served consumer */
};

/* The worker whose thread this is; NULL on any other. */
struct msgc__worker *msgc__worker_current(void);

int msgc__worker_new(struct msgc_server *server, unsigned index, struct msgc__worker **ret);
void msgc__worker_free(struct msgc__worker *worker);

/* Around the life of a worker's loop, on its thread: the program's worker hooks. */
int msgc__worker_begin(struct msgc__worker *worker);
void msgc__worker_end(struct msgc__worker *worker);

/*
 * The transport calls into the core on behalf of links and exchanges: each of these calls begins with this, so that the time and the
 * current worker are right.
 */
void msgc__worker_enter(struct msgc__worker *worker);

/* Any thread. Puts a letter into the mailbox and wakes the loop. MSGC_EBUSY and MSGC_EGONE as msgc__mailbox_put(). */
int msgc__worker_post(struct msgc__worker *worker, struct msgc__mail *mail, bool counted);

/* The drain waits until every hold has been released (at most drain-timeout). On the worker's thread. */
void msgc__worker_hold(struct msgc__worker *worker);
void msgc__worker_release(struct msgc__worker *worker);

/* For transports. */
static inline struct msgc_server *msgc__worker_server(const struct msgc__worker *worker)
{
	return worker->server;
}

#endif
