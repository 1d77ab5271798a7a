/* SPDX-License-Identifier: MIT */
/*
 * A frame in hand (of a client, of an event, or a hook) with its arena and the effects staged by its handler, and their way out:
 * broadcasts, sends, reply, complete; or one error. A frame outlives its connection's link when it is answered later.
 */
#ifndef MSGC__STAGE_H
#define MSGC__STAGE_H

#include <stdatomic.h>

#include "group.h"
#include "pool.h"
#include "timer.h"

struct msgc__worker;
struct msgc__served;
struct msgc_connection;
struct msgc__item;
struct msgc__question;
struct msgc__address; /* standard.h */

enum msgc__frame_kind {
	MSGC__FRAME_CLIENT,
	MSGC__FRAME_EVENT,
	MSGC__FRAME_CONNECTED,
	MSGC__FRAME_DISCONNECTED,
	MSGC__FRAME_ANSWER,    /* to a question of the server, or that there is none */
	MSGC__FRAME_TASK,      /* of the program, for this connection */
	MSGC__FRAME_SUBSCRIBE, /* of a client, up to the end of the hook `subscribed` */
	MSGC__FRAME_UNSUBSCRIBE,
	MSGC__FRAME_UNSUBSCRIBED, /* the hook alone: nobody asked */
};

/* ------------------------------------------------------------------------------------- effects (stage.c) */

struct msgc_reply {
	struct msgc__frame *frame;
};

/* A message for one connection, encoded in the stage's text. */
struct msgc__staged_send {
	struct msgc__staged_send *next;
	struct msgc_connection *to;   /* kept */
	struct msgc_subscription *on; /* kept; NULL: not on a topic */
	const struct msgc_message *type;
	size_t at, len;
	bool asks;                       /* it is a question, */
	struct msgc__question *question; /* unless that has ended or left before */
};

/* A close that a handler asked for. It happens whether the handler succeeds or not, after what it sent. */
struct msgc__staged_close {
	struct msgc__staged_close *next;
	struct msgc_connection *to; /* kept */
	uint16_t code;
	const char *reason; /* in the arena; may be NULL */
};

struct msgc__stage {
	struct msgc__publication *broadcasts, **broadcasts_end;
	struct msgc__staged_send *sends, **sends_end;
	struct msgc__staged_close *closes, **closes_end;
	struct msgc_buf text;             /* of sends and reply */
	const struct msgc_message *reply; /* NULL: none */
	size_t reply_at, reply_len;
};

void msgc__stage_init(struct msgc__stage *stage);
void msgc__stage_publish(
        struct msgc__frame *frame, struct msgc__publication *publication); /* takes it over */
int msgc__stage_send(struct msgc__frame *frame, struct msgc_connection *to,
        struct msgc_subscription *on, const struct msgc_message *type, const void *message);
/* A question: it leaves with what is sent, or as soon as its handler says that it answers later. */
int msgc__stage_ask(
        struct msgc__frame *frame, struct msgc__question *question, const void *message);
/* Lets the questions out before everything else. */
void msgc__stage_let_ask(struct msgc__frame *frame);
int msgc__stage_close(
        struct msgc__frame *frame, struct msgc_connection *to, uint16_t code, const char *reason);
/* Empties it: nothing of it leaves. Closes stay. */
void msgc__stage_drop(struct msgc__stage *stage);

/* --------------------------------------------------------------------------------- answering later (pending.c) */

struct msgc_pending {
	struct msgc__frame *frame;
	const struct msgc_pending_type *type;
	void *typed;
	struct msgc__work work; /* for the pool */
	struct msgc__mail mail; /* of msgc_pending_finish() */
	struct msgc__timer deadline;
	bool reserved; /* a place in the pool's queue is held: the work begins when the handler has returned */
	bool deferred; /* the program will call msgc_pending_finish() */
	bool disowned; /* and its handler has failed nevertheless: what it promised does not count */
	atomic_bool finished;
	bool has_refusal;
	char refusal[512];
	int result;
};

/* The handler has returned MSGC_LATER: true if there is something to wait for. */
bool msgc__pending_begin(struct msgc_pending *pending);
/* The handler has returned something else: false if the program holds on to it nevertheless, so that the frame must stay. */
bool msgc__pending_cancel(struct msgc_pending *pending);

/* ------------------------------------------------------------------------------------------ frames (frame.c) */

struct msgc__frame {
	struct msgc__frame *next, **prev; /* of the spares, or of those that are held */
	enum msgc__frame_kind kind;
	struct msgc__worker *worker;
	struct msgc_connection *connection; /* kept */
	struct msgc_subscription
	        *subscription; /* kept: whose frame it is; NULL: the connection's */
	struct msgc_str topic; /* that it names, as its answer will; ptr NULL: none */
	struct msgc_arena arena;
	struct msgc__stage stage;
	struct msgc_reply reply;
	const struct msgc_message *message; /* what is being handled; NULL: a hook */
	const void *in;
	unsigned
	        handler; /* of a client's frame its action, of events and questions the place in their table */
	uint64_t began_ns;       /* when its handler was called; 0: not, or nobody wants to know */
	struct msgc_str ref;     /* ptr NULL: none */
	struct msgc__item *item; /* what it was waiting in; owns the text */
	/*
	 * The transport's copy of the text, of which not even the UTF-8 has been checked; ptr NULL: that has been done. `guessed`: its envelope has not been
	 * checked either.
	 */
	struct msgc_str raw;
	bool guessed;
	struct msgc_pending *pending;
	struct msgc__question *question; /* of MSGC__FRAME_ANSWER; owned */
	struct msgc__once *once;         /* it has a message_id; NULL: none, or none of its own */
	bool running;                    /* the program's handler is on the stack */
	bool has_refusal;
	char refusal[512]; /* chosen by the handler */
	bool detached; /* the client has been answered: no reply, no complete, and nobody waits for it */
	bool publishing;   /* a publish is on the stack: its answer must not recurse */
	bool waiting;      /* a publish has not been answered */
	bool held;         /* the drain waits for it */
	bool awaits_joins; /* the backend has not confirmed a group that it joined */
	bool lost;         /* it was dealt with before, and its answer could not be kept */
	bool unknown;      /* its process had it in hand and has ended */
	bool not_stored;   /* it failed because the backend could not keep what it published */
	int result;        /* of all that has been done so far */
};

/* A message for one receiver, with the ref of what it answers or asks, and the topic that it comes from. */
void msgc__message_put(struct msgc_connection *to, const struct msgc_message *type,
        struct msgc_str body, struct msgc__address address);

/* The frame whose handler runs on this thread; NULL: none. */
struct msgc__frame *msgc__frame_current(void);

/* By whose table and with whose struct it is handled: its topic's or its connection's. */
const struct msgc__served *msgc__frame_served(const struct msgc__frame *frame);
void *msgc__frame_self(const struct msgc__frame *frame);

/* From the worker's spares. NULL: no memory. */
struct msgc__frame *msgc__frame_new(struct msgc_connection *connection, enum msgc__frame_kind kind);
void msgc__frame_free(struct msgc__frame *frame);
void msgc__frames_free(struct msgc__worker *worker);

/* Around program code that stages into this frame: binds `self` to the frame's arena. */
struct msgc__frame *msgc__frame_enter(struct msgc__frame *frame);
void msgc__frame_leave(struct msgc__frame *frame, struct msgc__frame *before);

/* The handler has returned this: goes on with the effects or the error, or waits if it is answered later. May free the frame. */
void msgc__frame_returned(struct msgc__frame *frame, int result);
/* Lets the effects out, or one error where `result` is negative, and frees the frame; waits in between where it must. */
void msgc__frame_finish(struct msgc__frame *frame, int result);
/* Goes on where a publish or a join was waited for. */
void msgc__frame_continue(struct msgc__frame *frame);
/* The drain waits for this frame: somebody works on it, or the backend has not answered. Until its end. */
void msgc__frame_hold(struct msgc__frame *frame);
/* The drain waits no longer: the clients of frames that are held are told, their connections go on to their end. */
void msgc__frames_abandon(struct msgc__worker *worker);
/* Tells the client that its frame failed and lets the connection go on, while the frame itself is not at its end. */
void msgc__frame_detach(struct msgc__frame *frame, int result);

#endif
