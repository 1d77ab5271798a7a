/* SPDX-License-Identifier: MIT */
/*
 * Groups of one worker: who is a member, and how a publication becomes frames in the members' outboxes. The backend carries publications
 * between workers (and, one day, machines); this file only knows the members here.
 */
#ifndef MSGC__GROUP_H
#define MSGC__GROUP_H

#include <stdatomic.h>

#include <msgc/consumer.h>

#include "user.h"

struct msgc__worker;
struct msgc_connection;

/* A message on its way to a group's members. Shared by workers; const once published. */
struct msgc__publication {
	atomic_uint refs;
	struct msgc__publication *next; /* in the stage that it waits in */
	const struct msgc_message *type;
	struct msgc__user *sender;  /* NULL: nobody */
	uint64_t sender_connection; /* 0: none */
	unsigned flags;
	size_t group_len, body_len;
	char bytes[]; /* the group's name, NUL, the body */
};

/* Encodes the message. MSGC_ECONTRACT, MSGC_ENOMEM, MSGC_ELIMIT (name too long). */
int msgc__publication_new(struct msgc_str group, const struct msgc_message *type,
        const void *message, const struct msgc_sender *sender, unsigned flags,
        struct msgc_buf *scratch, struct msgc__publication **ret);
struct msgc__publication *msgc__publication_ref(struct msgc__publication *publication);
void msgc__publication_unref(struct msgc__publication *publication);
struct msgc_str msgc__publication_group(const struct msgc__publication *publication);
struct msgc_str msgc__publication_body(const struct msgc__publication *publication);

/*
 * A publication on one worker: faces and the decoded event, each made when first needed. Kept by the members' inboxes until the last has
 * handled the event.
 */
struct msgc__delivery {
	unsigned refs;
	struct msgc__publication *publication;
	struct msgc_arena arena;
	const void *event; /* decoded */
	int decoded;       /* 0: not yet; 1: yes; negative: why it cannot be */
};
void msgc__delivery_unref(struct msgc__delivery *delivery);

struct msgc__group;

struct msgc__membership {
	struct msgc__group *group;
	struct msgc_connection *connection;
	struct msgc__membership *next; /* of the connection */
	uint32_t at;                   /* in group->members */
};

struct msgc__group {
	struct msgc__group *next; /* in the bucket */
	uint64_t hash;
	struct msgc__membership **members;
	uint32_t count, cap;
	bool joined; /* the backend has confirmed */
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
 * Idempotent. When the backend has to be asked, the connection counts it in `joining` until the answer, and its frame is not finished before.
 * MSGC_ELIMIT: max-groups, or the name is empty or too long.
 */
int msgc__group_join(struct msgc_connection *connection, struct msgc_str name);
void msgc__group_leave(struct msgc_connection *connection, struct msgc_str name);
void msgc__group_leave_all(struct msgc_connection *connection);

/* For backends: gives the publication to this worker's members. On the worker's thread. */
void msgc__group_deliver(struct msgc__worker *worker, struct msgc__publication *publication);

/* Publishes from any thread, at once on a worker's, else through a mailbox. Takes its own reference. */
int msgc__group_send(struct msgc_server *server, struct msgc__publication *publication);

#endif
