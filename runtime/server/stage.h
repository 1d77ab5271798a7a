/* SPDX-License-Identifier: MIT */
/*
 * A frame in hand (of a client, of an event, or the connected hook) with its arena and the effects staged by its handler, and their way
 * out: broadcasts, sends, reply, complete; or one error. A frame outlives its connection's link when it is answered later.
 */
#ifndef MSGC__STAGE_H
#define MSGC__STAGE_H

#include "group.h"
#include "pool.h"
#include "timer.h"

struct msgc__worker;
struct msgc_connection;

enum msgc__frame_kind {
	MSGC__FRAME_CLIENT,
	MSGC__FRAME_EVENT,
	MSGC__FRAME_CONNECTED,
	MSGC__FRAME_DISCONNECTED,
};

struct msgc_reply {
	struct msgc__frame *frame;
};

/* A message for one connection, encoded in the stage's text. */
struct msgc__staged_send {
	struct msgc__staged_send *next;
	struct msgc_connection *to; /* counted */
	size_t at, len;
};

struct msgc__stage {
	struct msgc__publication *broadcasts, **broadcasts_end;
	struct msgc__staged_send *sends, **sends_end;
	struct msgc_buf text; /* of sends and reply */
	bool has_reply;
	size_t reply_at, reply_len;
};

/* A frame's second life: see consumer.h. */
struct msgc_pending {
	struct msgc__frame *frame;
	const struct msgc_pending_type *type;
	void *typed;
	struct msgc__work work; /* pool and mail */
	struct msgc__timer deadline;
	bool reserved;        /* a place in the pool's queue is held */
	bool submitted;       /* submit or defer was called */
	bool answered;        /* the deadline has passed: the client was told */
	atomic_bool finished; /* msgc_pending_finish() was called */
	int result;
};

struct msgc__frame {
	struct msgc__frame *next; /* spare */
	enum msgc__frame_kind kind;
	struct msgc__worker *worker;
	struct msgc_connection *connection; /* counted */
	struct msgc_arena arena;
	struct msgc__stage stage;
	struct msgc_reply reply;
	const struct msgc_message *message; /* what is being handled; NULL: a hook */
	const void *in;
	bool has_ref;
	struct msgc_str ref;
	struct msgc__delivery *delivery; /* of an event */
	struct msgc_pending *pending;
	bool has_refusal;
	char refusal[512]; /* chosen by the handler, UTF-8 */
	bool detached;     /* answered or gone: no reply, no complete, no next frame waits for it */
	bool publishing;   /* a publish is being called: its answer is not to recurse */
	bool waiting;      /* a publish has not answered yet */
	int result;        /* of what has been done so far */
};

/* The stage that the running handler of this thread writes to; NULL: none runs. */
struct msgc__frame *msgc__frame_current(void);
/* Makes it so while program code runs; gives back what was before. */
struct msgc__frame *msgc__frame_enter(struct msgc__frame *frame);
void msgc__frame_leave(struct msgc__frame *before);

/* From the worker's spares. NULL: no memory. */
struct msgc__frame *msgc__frame_new(struct msgc_connection *connection, enum msgc__frame_kind kind);
void msgc__frame_free(struct msgc__frame *frame);
void msgc__frames_free(struct msgc__worker *worker);

/* The handler has returned: goes on with its effects or its error, or waits where it is to be answered later. */
void msgc__frame_returned(struct msgc__frame *frame, int result);

/* Publishes, sends, replies and completes; an error instead if result is negative. Ends in msgc__connection_frame_done(). */
void msgc__frame_finish(struct msgc__frame *frame, int result);

/* Stages. On the worker, while a handler runs. */
int msgc__stage_send(struct msgc__frame *frame, struct msgc_connection *to,
        const struct msgc_message *type, const void *message);
void msgc__stage_publish(struct msgc__frame *frame, struct msgc__publication *publication);
void msgc__stage_drop(struct msgc__stage *stage);

#endif
