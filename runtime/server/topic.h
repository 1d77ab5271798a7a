/* SPDX-License-Identifier: MIT */
/*
 * Topics: groups that a client follows over a connection that it has already. A subscription has a struct, a table and handlers of its
 * own, as a connection has, and lives as long as the client wants, or as the connection. It must not know how frames are read.
 */
#ifndef MSGC__TOPIC_H
#define MSGC__TOPIC_H

#include "connection.h"
#include "rate.h"

enum msgc__following {
	MSGC__SUBSCRIBING,  /* it may yet be refused: nothing of the topic reaches the client */
	MSGC__FOLLOWING,    /* `subscribed` has been sent */
	MSGC__UNSUBSCRIBED, /* the group is left; only who still holds on to it keeps it */
};

/* Like its connection it is touched on the worker's thread only; whoever refers to it keeps that one, too. */
struct msgc_subscription {
	unsigned refs;
	struct msgc_subscription *next; /* of the connection */
	struct msgc_connection *connection;
	const struct msgc__served *served; /* the topic */
	enum msgc__following state;
	bool is_own; /* of a route that serves the topic: `self` is the connection's */
	bool ending; /* the program wants its end, when the frame in hand has left */
	bool owed;   /* the hook `subscribed` has been called: `unsubscribed` is to follow, once */
	void *self;
	struct msgc_arena *bound; /* what `self` was bound to last; NULL: bind it anew */
	struct msgc_arena arena;  /* of the parameters */
	void *object;
	bool has_object, loaded;
	enum msgc__truth *terms;
	struct msgc__membership *membership; /* NULL: it is not in the group */
	struct msgc_str group;               /* the group's name, */
	char *group_name;
	char *name; /* and the topic's, as the client writes it */
	size_t name_len;
	struct msgc_str stamp; /* what says so in a frame: `,"version":1,"topic":"run:7"` */
	struct msgc__bucket rate, *rates; /* of all its frames; of each action, or NULL */

	/* The position that the client came back with, and what it is told of it. */
	bool asked, recovered;
	struct msgc__position position;
};

/* ---------------------------------------------------------------------------------------- subscription.c */

/*
 * MSGC_ENOTFOUND: no topic of this connection is called so. Nobody is asked yet, and it is in no list.
 */
int msgc__subscription_new(
        struct msgc_connection *connection, struct msgc_str name, struct msgc_subscription **ret);
/* The topic of a route of its own, whose struct the connection has. */
int msgc__subscription_new_own(struct msgc_connection *connection, struct msgc_subscription **ret);
struct msgc_subscription *msgc__subscription_keep(struct msgc_subscription *subscription);
void msgc__subscription_drop(struct msgc_subscription *subscription);

/* One of the connection's, by the name that the client gave it, or another way to write that; NULL: none. */
struct msgc_subscription *msgc__subscription_find(
        const struct msgc_connection *connection, struct msgc_str name);
/* Another way to write the same topic: from now on frames say it so. MSGC_ENOMEM. */
int msgc__subscription_rename(struct msgc_subscription *subscription, struct msgc_str name);

void msgc__subscription_add(struct msgc_subscription *subscription);
/* Out of the connection's list and the group. Idempotent. */
void msgc__subscription_leave(struct msgc_subscription *subscription);
void msgc__subscription_bind(struct msgc_subscription *subscription, struct msgc_arena *arena);

/* ----------------------------------------------------------------------------------------- topic_rates.c */

/* It is left; it is followed (again). */
void msgc__spent_keep(const struct msgc_subscription *subscription);
void msgc__spent_take(struct msgc_subscription *subscription);
void msgc__spent_free(struct msgc_connection *connection);

/* ------------------------------------------------------------------------------------------ topic_name.c */

/*
 * The values of a topic's parameters, as URLs have them, from a name that its template fits; percent-decoded, NUL-terminated, in `memory`
 * of at least name.len + param_count bytes. False: it does not fit.
 */
bool msgc__topic_begins(
        const struct msgc_consumer *topic, struct msgc_str name); /* does it look like that? */
bool msgc__topic_split(const struct msgc_consumer *topic, struct msgc_str name, char *memory,
        struct msgc_str *ret_values);

/* ----------------------------------------------------------------------------------------------- topic.c */

/* Does this connection know topics at all? */
bool msgc__topic_any(const struct msgc_connection *connection);
/* Whom the frame is addressed to: sets frame->topic. */
void msgc__topic_address(struct msgc__frame *frame, const struct msgc_envelope *envelope);
/*
 * A frame with an address, whose envelope has been read with that `result`. True: it has been dealt with (subscribe, unsubscribe, a refusal). False: it is a message for frame->subscription.
 */
bool msgc__topic_take(struct msgc__frame *frame, const struct msgc_envelope *envelope, int result,
        char *text, size_t len);
/*
 * A frame without an address that is no message here. True: a subscribe, an unsubscribe, or a message of a topic that does not say which; it has
 * been refused.
 */
bool msgc__topic_unnamed(struct msgc__frame *frame, const struct msgc_envelope *envelope);

/* A route of its own: joins its group and tells the client. 0, or what went wrong. */
int msgc__topic_enter(struct msgc_connection *connection);
/* The connection has ended: `unsubscribed` for each topic that it followed. */
void msgc__topics_end(struct msgc_connection *connection);

/* ------------------------------------------------------------------------------------- topic_subscribe.c */

void msgc__subscribe_begin(struct msgc__frame *frame, char *text, size_t len);
/* The backend has confirmed the group. */
void msgc__subscribe_joined(struct msgc__frame *frame);
/* The first page has been looked at: subscription->recovered and position say what to tell. */
void msgc__subscribe_looked(struct msgc__frame *frame, int result);
/* The hook has succeeded: the client is told before anything that the hook has sent. */
int msgc__subscribe_followed(struct msgc__frame *frame);
/* The frame is at its end, after its effects. */
void msgc__subscribe_concluded(struct msgc__frame *frame);

/* The program has asked for its end in this frame, which is at its own. */
void msgc__subscription_end_wanted(struct msgc__frame *frame);

void msgc__unsubscribe_begin(struct msgc__frame *frame);
/* Ends it: the group is left, the hook runs, with `code`. */
void msgc__subscription_end(struct msgc_subscription *subscription, uint16_t code);

#endif
