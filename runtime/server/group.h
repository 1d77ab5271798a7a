/* SPDX-License-Identifier: MIT */
/*
 * Groups of one worker: who is a member, and how a publication becomes frames in the members' outboxes. The backend carries publications
 * between workers (and, one day, machines); this file only knows the members here.
 */
#ifndef MSGC__GROUP_H
#define MSGC__GROUP_H

#include <stdatomic.h>

#include <msgc/consumer.h>

#include "../backends/backend.h"
#include "metrics.h"
#include "user.h"

struct msgc__worker;
struct msgc_connection;

/* ------------------------------------------------------------------------------ publications (publication.c) */

/* A message on its way to a group's members. Shared by workers; const once published, and published once. */
struct msgc__publication {
	atomic_uint refs;
	struct msgc__publication *next; /* in the stage that it waits in */
	const struct msgc_message *type;
	const struct msgc_group_kind *group_kind; /* NULL: not declared */
	bool kept;                                /* numbered and stored in the group's stream */
	/* The backend's, before anybody gets it: where it stands; of what is not kept, what it came behind. */
	struct msgc__position position;
	struct msgc__user *sender;  /* NULL: nobody */
	uint64_t sender_connection; /* 0: none */
	unsigned flags;
	struct msgc__user *to; /* all connections of a user, not a group: reach.c; NULL: a group */
	const struct msgc_consumer *at; /* those at this consumer */
	bool urgent;                    /* finds room in every mailbox */
	/* Of a group's presence: it brings who knew the roster's version `from` to version `to`. 0: it is nothing of the kind. */
	uint64_t roster_from, roster_to;
	size_t group_len, body_len;
	char bytes[]; /* the group's name, NUL, the body */
};

/* Does the group keep a stream? */
bool msgc__history_is(const struct msgc_group_kind *type);

/* Validates and encodes. MSGC_ECONTRACT (logged), MSGC_ELIMIT (the name), MSGC_ENOMEM. Any thread; `scratch` is the caller's. */
int msgc__publication_new(struct msgc_server *server, struct msgc_str group,
        const struct msgc_message *type, const void *message, const struct msgc_sender *sender,
        unsigned flags, struct msgc_buf *scratch, struct msgc__publication **ret);
/* msgc_group_publish() of nobody's message on a thread that is no worker's, counted as from there. */
int msgc__group_publish_from(struct msgc_server *server, const struct msgc_group_kind *kind,
        struct msgc_str group, const struct msgc_message *type, const void *message,
        enum msgc__publisher by);
/* The same of a body that is there already, whatever it is. */
int msgc__publication_of(struct msgc_str group, const struct msgc_message *type,
        struct msgc_str body, const struct msgc_sender *sender, unsigned flags,
        struct msgc__publication **ret);
struct msgc__publication *msgc__publication_ref(struct msgc__publication *publication);
void msgc__publication_unref(struct msgc__publication *publication);
struct msgc_str msgc__publication_group(const struct msgc__publication *publication);
/* What its publisher is told: its own position, or none. */
const struct msgc__position *msgc__publication_position(
        const struct msgc__publication *publication);
struct msgc_str msgc__publication_body(const struct msgc__publication *publication);

/*
 * Where publications of this thread go instead, while it is set: a transaction that they are a part of. `publish` takes the caller's reference.
 * NULL: nowhere else.
 */
struct msgc__scope_of_thread {
	struct msgc_server *server;
	int (*publish)(struct msgc__scope_of_thread *scope, struct msgc__publication *publication);
};
struct msgc__scope_of_thread *msgc__publication_scope(void);
void msgc__publication_set_scope(struct msgc__scope_of_thread *scope);

/* Publishes: at once on a worker's thread, through a mailbox (MSGC_EBUSY) on others. Takes the caller's reference, also when it fails. */
int msgc__publication_send(struct msgc_server *server, struct msgc__publication *publication);

/* Publishes where the caller stands: staged in a handler, with a transaction that is open, else sent. Takes the caller's reference, also when it fails. */
int msgc__publication_hand_over(struct msgc_server *server, struct msgc__publication *publication);

/*
 * Validates and appends an encoded object to `out`, which is as before when that fails. A value that breaks the contract is a defect of the
 * program: logged. Any thread.
 */
int msgc__encode(struct msgc_server *server, const struct msgc_message *type, const void *message,
        struct msgc_buf *out);

/*
 * A publication on one worker: the event decoded, once, when the first member needs it. Kept by the members' inboxes until the last has
 * handled it.
 */
struct msgc__delivery {
	unsigned refs;
	struct msgc__publication *publication;
	struct msgc_arena arena;
	const void *event;
};

/* ------------------------------------------------------------------------------------- members (group.c) */

struct msgc__membership {
	/* What every message looks at. */
	struct msgc_connection *connection;
	struct msgc_subscription
	        *subscription; /* that it belongs to, which lives longer; or NULL */
	struct msgc__recovery
	        *recovery; /* what is live is held until it has caught up; NULL: it need not */

	struct msgc__group *group;
	struct msgc__membership *next; /* of the connection */
	uint32_t at;                   /* in group->members */
	bool waiting;                  /* the connection waits for the backend's answer */
	struct msgc__seat *seat;       /* its place in the group's roster; NULL: there is none */
	uint64_t floor_epoch,
	        floor_seq; /* what it has been shown of the stream: hash of the epoch */
};

struct msgc__group {
	struct msgc__group *next; /* in the bucket */
	struct msgc__worker *worker;
	const struct msgc_group_kind *type; /* NULL: not known */
	uint64_t hash;
	struct msgc__membership **members;
	uint32_t count, cap;
	bool asking; /* the backend has not answered the join yet */
	bool joined; /* the backend carries it for us */
	size_t len;
	char name[];
};

struct msgc__groups {
	struct msgc__group **buckets; /* a power of two */
	size_t bucket_count, count;
};

int msgc__groups_init(struct msgc__groups *groups);
void msgc__groups_free(struct msgc__groups *groups);
struct msgc__group *msgc__groups_find(const struct msgc__groups *groups, struct msgc_str name);

/*
 * Idempotent. While the backend is asked, connection->joining counts it; the frame in hand is not finished before. MSGC_ELIMIT:
 * max-groups; MSGC_EINVAL: the name is empty or too long; MSGC_ENOMEM; the backend's own.
 */
int msgc__group_join(struct msgc_connection *connection, const struct msgc_group_kind *type,
        struct msgc_str name);
/* The same for a topic: subscription->membership is set when that returns 0. */
int msgc__group_follow(struct msgc_subscription *subscription, const struct msgc_group_kind *type,
        struct msgc_str name);
void msgc__group_leave(struct msgc_connection *connection, struct msgc_str name);
void msgc__group_leave_all(struct msgc_connection *connection);

/* ------------------------------------------------------------------------------------ delivery (deliver.c) */

/* For backends: gives the publication to this worker's members. On the worker's thread. */
void msgc__group_deliver(struct msgc__worker *worker, struct msgc__publication *publication);

/* For backends: this worker's members have missed a message of a group with a history. They are sent away, to come back and recover it. */
void msgc__group_missed(struct msgc__worker *worker, struct msgc_str group);

void msgc__delivery_unref(struct msgc__delivery *delivery);

/* What follows a group message (or an event that was passed on) for this member, to be given back; NULL: nothing. */
struct msgc__buffer *msgc__membership_completion(
        const struct msgc__membership *membership, bool is_event);

struct msgc__served;

/*
 * A group message for one receiver: the text that takes the place of the object's last brace, in the words of the receiver's consumer.
 * Made once for each consumer; MSGC_ENOMEM.
 */
int msgc__faces_make(struct msgc__served *served);
struct msgc_str msgc__face_tail(const struct msgc__served *served, bool mine, bool current);

#endif
