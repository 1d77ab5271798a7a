/* SPDX-License-Identifier: MIT */
/*
 * One WebSocket, from the handshake's verdict to the last frame that outlives it. Its memory is counted: the link, frames in hand,
 * look-ups and staged sends each hold it. All of it happens on its worker's thread, the counting included.
 */
#ifndef MSGC__CONNECTION_H
#define MSGC__CONNECTION_H

#include "core.h"
#include "group.h"
#include "lookup.h"
#include "origin.h"
#include "outbox.h"
#include "rate.h"
#include "stage.h"
#include "timer.h"

enum msgc__state {
	MSGC__ADMITTED,       /* the handshake is being answered */
	MSGC__AUTHENTICATING, /* asking the kinds in turn */
	MSGC__AWAITING_TOKEN, /* for the first frame, `authenticate` */
	MSGC__PERMITTING,     /* terms about the user */
	MSGC__LOADING,        /* the object */
	MSGC__PERMITTING_OBJECT,
	MSGC__JOINING,
	MSGC__CONNECTING, /* the connected hook, which may answer later */
	MSGC__OPEN,
	MSGC__CLOSING, /* nothing more is taken; a CLOSE frame is on its way */
	MSGC__GONE,    /* the link has ended */
};

/* What a client showed in its handshake; wiped and freed when it has been judged. */
struct msgc__credentials {
	struct msgc_str session; /* ptr NULL: none */
	struct msgc_str bearer;
	size_t size;
	char bytes[];
};

/* What waits for its turn: a client's frame or an event. */
struct msgc__item {
	struct msgc__item *next;
	struct msgc__delivery *delivery; /* NULL: a frame */
	const struct msgc_event *event;
	size_t len;
	char text[]; /* with MSGC_PADDING behind */
};

struct msgc__inbox {
	struct msgc__item *first, **last;
	size_t count, bytes;
};

struct msgc__admission {
	struct msgc_connection *connection;
};

struct msgc_connection {
	struct msgc__worker *worker;
	const struct msgc__served *served;
	const struct msgc__link_ops *ops;
	void *link;
	struct msgc_connection *next, **prev; /* of the worker */
	unsigned refs;
	enum msgc__state state;

	uint64_t id;
	struct msgc_sender sender;
	struct msgc__user *user; /* NULL until known */
	void *self;
	void *object;
	bool has_object;
	struct msgc_arena *bound; /* what `self` was bound to last */
	struct msgc_arena arena;  /* parameters */
	struct msgc__credentials *credentials;
	struct msgc_lookup *lookup; /* the one waited for */
	enum msgc__truth *terms;
	unsigned auth_at; /* the kind that is asked */
	bool refused_credential;

	struct msgc__frame *in_hand;
	struct msgc__inbox inbox;
	struct msgc__outbox outbox;
	struct msgc__membership *memberships;
	unsigned membership_count;
	unsigned joining; /* groups that the backend has not confirmed */
	int join_result;

	struct msgc__timer deadline; /* authentication */
	struct msgc__timer expiry;   /* of the user's credentials */
	struct msgc__bucket rate, bad;
	struct msgc__bucket *rates; /* per action, where some have one */

	struct msgc_connection *next_ready, *next_dirty;
	bool is_ready, is_dirty, paused;
	bool connected;  /* the hook has run: `disconnected` is owed */
	bool counted;    /* in server->connections and the address's count */
	bool closing;    /* a close is wanted once the frame in hand is done */
	bool told_close; /* ops->close was called */
	bool draining;
	bool too_slow;

	uint16_t close_code; /* ours, later the one that `disconnected` is told */
	char *close_reason;
	struct msgc__admission admission;
	char address[MSGC__ADDRESS_MAX];
};

/* ----------------------------------------------------------------------------------------- connection.c */

struct msgc_connection *msgc__connection_ref(struct msgc_connection *connection);
void msgc__connection_unref(struct msgc_connection *connection);

/* Copies the context into the typed struct, if `arena` (NULL: the connection's own) is not the one bound or `changed`. */
void msgc__connection_bind(
        struct msgc_connection *connection, struct msgc_arena *arena, bool changed);

/* Puts a text frame into the outbox; a full outbox closes the connection with 4408. Payload: head + tail. */
void msgc__connection_put(
        struct msgc_connection *connection, struct msgc_str head, struct msgc_str tail);
/* Ready frames. */
void msgc__connection_share(struct msgc_connection *connection, struct msgc__buffer *buffer);

/* Let the worker look after it at the end of this turn. */
void msgc__connection_make_ready(struct msgc_connection *connection);
/* What the worker does then: the next items of the inbox, a close that is due. */
void msgc__connection_run(struct msgc_connection *connection);

/* Close without waiting for the frame in hand; what is queued still leaves. */
void msgc__connection_end(struct msgc_connection *connection, uint16_t code, const char *reason);

/* The frame in hand is finished: whoever waits for it goes on. */
void msgc__connection_frame_done(
        struct msgc_connection *connection, struct msgc__frame *frame, int result);

void msgc__connection_drain(struct msgc_connection *connection);
/* Writes what is queued, at most once per turn. */
void msgc__connection_flush(struct msgc_connection *connection);

/* ----------------------------------------------------------------------------------------- authenticate.c */

/* From the opened link to the connected hook. */
void msgc__authenticate_begin(struct msgc_connection *connection);
/* The first frame of a client that had no credentials. */
void msgc__authenticate_frame(struct msgc_connection *connection, char *text, size_t len);
/* Tells the client and closes. status: 401, 403, 404, 500. */
void msgc__authenticate_refuse(struct msgc_connection *connection, int status, const char *detail);

/* ----------------------------------------------------------------------------------------- enter.c */

/* The user is known: permit, object, permit, join, connected. */
void msgc__enter_begin(struct msgc_connection *connection);
void msgc__enter_joined(struct msgc_connection *connection);

/* ----------------------------------------------------------------------------------------- dispatch.c */

/* One frame of an open connection with nothing in hand; `text` has MSGC_PADDING behind. */
void msgc__dispatch_frame(struct msgc_connection *connection, const char *text, size_t len);
void msgc__dispatch_event(struct msgc_connection *connection, const struct msgc_event *event,
        struct msgc__delivery *delivery);

#endif
