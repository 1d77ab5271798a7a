/* SPDX-License-Identifier: MIT */
/*
 * One WebSocket, from the handshake's verdict to the last frame that outlives it. Its memory is counted: the link, frames in hand,
 * look-ups and staged sends each keep it. All of it happens on its worker's thread, the counting included.
 */
#ifndef MSGC__CONNECTION_H
#define MSGC__CONNECTION_H

#include "core.h"
#include "credentials.h"
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
	MSGC__PERMITTING,     /* terms about the user, then the object, then terms about both */
	MSGC__JOINING,
	MSGC__CONNECTING, /* the connected hook, which may answer later */
	MSGC__OPEN,
	MSGC__CLOSING, /* nothing more is taken; what is queued leaves, then a CLOSE frame */
	MSGC__GONE,    /* the link has ended */
};

/* What a client showed in its handshake; wiped and freed when it has been judged. */
struct msgc__credentials {
	struct msgc_str session; /* ptr NULL: none */
	struct msgc_str bearer;
	struct msgc_str ticket;
	struct msgc_str name, password; /* Basic */
	size_t size;
	char bytes[];
};

/* What waits for its turn: a client's frame or an event. */
struct msgc__item {
	struct msgc__item *next;
	struct msgc__delivery *delivery; /* NULL: a frame */
	const struct msgc_event *event;
	struct msgc_subscription *subscription; /* kept: whose event it is; or NULL */
	size_t len;
	char text[]; /* with MSGC_PADDING behind */
};

struct msgc__inbox {
	struct msgc__item *first, **last;
	size_t count, bytes;
};

/* What the transport holds between the verdict and the opened link. */
struct msgc__admission {
	struct msgc_connection *connection;
};

/* What every frame touches comes first, close together, and of that what a group's message touches: with many connections these are the lines that have left the caches since its last one. */
struct msgc_connection {
	struct msgc__worker *worker;
	const struct msgc__served *served;
	const struct msgc__link_ops *ops;
	void *link;
	unsigned refs;
	enum msgc__state state;
	struct msgc__frame *in_hand;
	void *self;
	struct msgc_arena *bound; /* what `self` was bound to last; NULL: bind it anew */

	bool is_ready, is_dirty;
	bool paused;       /* the link hands up no frames */
	bool draining;     /* takes no new frames */
	bool connected;    /* the hook has run: `disconnected` is owed */
	bool told_close;   /* ops->close was called */
	bool names_itself; /* its first frame, an `auth message`, is yet to be handled */
	bool dropping;     /* something has been, since the outbox was empty last */
	unsigned char
	        window; /* its client inflates, and wants no larger one: 9 to 15; 0: it does not */
	uint64_t id;
	struct msgc_connection *next_dirty;
	struct msgc__outbox outbox;

	struct msgc__inbox inbox;
	struct msgc__user *user;             /* NULL until known */
	struct msgc_subscription *own_topic; /* kept: of a route that serves a topic; or NULL */
	struct msgc__bucket *rates;          /* per action, where some have one; NULL: none have */
	struct msgc__question *questions;    /* that have not been answered; the oldest first */
	unsigned joining;                    /* groups that the backend has not confirmed */
	int join_result;                     /* of the last of them that failed */
	unsigned seats;                      /* places in rosters that it has not taken yet */
	unsigned recovering;                 /* memberships that catch up */
	void *object;
	uint64_t address_key;               /* for rates of addresses */
	struct msgc__bucket rate, own_rate; /* of the contract, of the configuration */

	/* What follows is for beginnings, ends and exceptions. */
	struct msgc_connection *next_ready;
	struct msgc_connection *next, **prev; /* of the worker's list */
	struct msgc_connection *next_by_id;   /* in its directory */
	struct msgc_connection *next_of_user,
	        **prev_of_user; /* in its worker's reach; prev NULL: it is nobody's */

	struct msgc_sender sender;
	int64_t expires_at; /* of its credentials, which may be refreshed; Unix seconds; 0: never */
	struct msgc__moment came;
	struct msgc_str path; /* what tickets are bound to, and where a message_id counts */
	bool has_object;
	struct msgc_arena arena; /* of the parameters */
	struct msgc__credentials *credentials;
	struct msgc_lookup *lookup; /* the one waited for */
	enum msgc__truth *terms;
	unsigned auth_at;   /* the kind that is asked */
	bool refused_token; /* one was shown and not believed: there is no second try */
	bool announces;     /* a first frame that says who it is: it is nobody meanwhile */
	bool loaded;        /* the object, where there is one, has been asked for */

	enum msgc_outbox_policy policy;
	struct msgc__membership *memberships;
	unsigned membership_count;
	unsigned subscription_count;
	struct msgc_subscription *subscriptions; /* to topics, the latest first */
	struct msgc__spent *spent;               /* of the rates of topics that it has left */
	struct msgc__wish *wish;                 /* positions that it came back with; NULL: none */

	unsigned question_count;
	uint32_t question_number; /* of the last one */
	uint64_t question_salt;   /* 0: none was asked yet */

	struct msgc__timer deadline; /* for the token, later for the CLOSE frame to leave */
	struct msgc__timer expiry;   /* of the user's credentials */
	struct msgc__bucket bad;

	uint16_t close_code; /* 0: none yet */
	char *close_reason;
	struct msgc__admission admission;
	char address[MSGC__ADDRESS_MAX];
};

/* ----------------------------------------------------------------------------------------- connection.c */

struct msgc_connection *msgc__connection_keep(struct msgc_connection *connection);
void msgc__connection_drop(struct msgc_connection *connection);

/* Copies the context into the typed struct, unless it is bound to this arena already. */
void msgc__connection_bind(struct msgc_connection *connection, struct msgc_arena *arena);

/*
 * Let the worker look after it at the end of this turn: items of the inbox, what was waited for, the end. What it does then is
 * msgc__connection_run().
 */
void msgc__connection_make_ready(struct msgc_connection *connection);
void msgc__connection_run(struct msgc_connection *connection);

/* The frame no longer holds up the connection: what waited for it goes on. */
void msgc__connection_frame_left(
        struct msgc_connection *connection, struct msgc__frame *frame, int result);

/* Takes no more frames, lets what is queued leave, then closes. Groups are left at the end of this turn. */
void msgc__connection_end(struct msgc_connection *connection, uint16_t code, const char *reason);
/* One that may be sent (RFC 6455 section 7.4). */
bool msgc__is_close_code(uint16_t code);

/* It no longer counts, for the server and for its address. */
void msgc__connection_forget(struct msgc_server *server, const char *address);

void msgc__connection_drain(struct msgc_connection *connection);

/* What cannot be told or kept for want of memory ends the connection: 1013. */
void msgc__connection_no_memory(struct msgc_connection *connection);

/* Scopes of server->rates. */
enum { MSGC__RATE_ADDRESS = 1, MSGC__RATE_USER, MSGC__RATE_HANDSHAKE };

/* Where it is counted. */
struct msgc__consumer_metrics *msgc__connection_metrics(const struct msgc_connection *connection);
/* Where its messages are: its topic's, if it has one. */
struct msgc__consumer_metrics *msgc__frame_metrics(const struct msgc__frame *frame);

/* ----------------------------------------------------------------------------------------------- output.c */

/* Puts a text frame into the outbox; a full outbox closes the connection with 4408. Payload: head, then tail. */
void msgc__connection_put(
        struct msgc_connection *connection, struct msgc_str head, struct msgc_str tail);
/* Ready frames. */
/* False: it has been dropped by the outbox's policy, or the connection ends. */
bool msgc__connection_share(struct msgc_connection *connection, struct msgc__buffer *buffer);
/* Bytes that may wait in its outbox. */
size_t msgc__connection_outbox_limit(const struct msgc_connection *connection);
/* To be flushed at the end of the turn. */
void msgc__connection_make_dirty(struct msgc_connection *connection);
void msgc__connection_flush(struct msgc_connection *connection);

/* ------------------------------------------------------------------------------------------------ inbox.c */

/* Keeps a copy of a frame, or an event, for later. MSGC_ELIMIT: full; MSGC_ENOMEM. */
int msgc__inbox_frame(struct msgc_connection *connection, const char *text, size_t len);
int msgc__inbox_event(struct msgc_connection *connection, struct msgc_subscription *subscription,
        const struct msgc_event *event, struct msgc__delivery *delivery);
/* The first item, which the caller owns then; NULL: none. Resumes the link where it was paused. */
struct msgc__item *msgc__inbox_take(struct msgc_connection *connection);
/* The item taken last comes first again. */
void msgc__inbox_give_back(struct msgc_connection *connection, struct msgc__item *item);
void msgc__inbox_clear(struct msgc_connection *connection);
/* A frame in memory of its own. NULL: there is none. */
struct msgc__item *msgc__item_new(const char *text, size_t len);
void msgc__item_free(struct msgc__item *item);

/* ----------------------------------------------------------------------------------------- authenticate.c */

/* From the opened link until the user is known. */
void msgc__authenticate_begin(struct msgc_connection *connection);
/* The first frame of a client that showed no credentials. */
void msgc__authenticate_frame(struct msgc_connection *connection, struct msgc__item *item);
/* Tells the client and closes. status: 401, 403, 404, 500. */
void msgc__authenticate_refuse(struct msgc_connection *connection, int status, const char *detail);
/* Counts what became of credentials. `result`: 0, MSGC_EUNAUTHENTICATED or another error. */
void msgc__authenticate_count(
        struct msgc_connection *connection, enum msgc_auth_kind kind, int result);
void msgc__credentials_free(struct msgc__credentials *credentials);

/* ------------------------------------------------------------------------------------------------ greet.c */

/* The first frame of all, where the contract has one. False: the connection ends. */
bool msgc__greet(struct msgc_connection *connection);

/* ------------------------------------------------------------------------------------------------ enter.c */

/* The user is known: permit, object, permit, groups, the connected hook. */
void msgc__enter_begin(struct msgc_connection *connection);
/* Closes when connection->expires_at has come; called again when that has changed. */
void msgc__enter_watch_expiry(struct msgc_connection *connection);
void msgc__enter_joined(struct msgc_connection *connection);
void msgc__enter_connected(struct msgc_connection *connection, int result);

/* --------------------------------------------------------------------------------------------- dispatch.c */

/*
 * One frame of an open connection with nothing in hand. `item`: what the text lives in; NULL: it is borrowed for the call, and need not be
 * UTF-8, which closes with 1007.
 */
void msgc__dispatch_frame(
        struct msgc_connection *connection, const char *text, size_t len, struct msgc__item *item);
/* A frame that is the answer which the frame in hand waits for: it does not wait behind it. False: it is not, and nothing has happened. */
bool msgc__dispatch_overtakes(struct msgc_connection *connection, const char *text, size_t len);
void msgc__dispatch_event(struct msgc_connection *connection, struct msgc__item *item);
/* The same frame: what a decoder found is told, and the frame ends. */
void msgc__dispatch_refuse(struct msgc__frame *frame, int result);
/* It ends here, unhandled, and its client has been told so. */
void msgc__dispatch_end(struct msgc__frame *frame);
/* The handler of a frame that has been decoded. */
void msgc__dispatch_handle(struct msgc__frame *frame);
/* A frame that was refused before its handler; a flood of them closes with 4429. */
void msgc__dispatch_bad(struct msgc_connection *connection);

/* --------------------------------------------------------------------------------------------- refresh.c */

/* Is it `refresh`, which contracts do not name, on a connection whose credentials can be? */
bool msgc__refresh_is(
        const struct msgc_connection *connection, const struct msgc_envelope *envelope);
void msgc__refresh_frame(struct msgc__frame *frame, char *text, size_t len);

#endif
