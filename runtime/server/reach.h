/* SPDX-License-Identifier: MIT */
/*
 * All connections of a user, on every worker: telling them something, closing them. It goes through the backend as a group's message does. It must
 * not know why they are told or closed.
 */
#ifndef MSGC__REACH_H
#define MSGC__REACH_H

#include <msgc/consumer.h>

struct msgc__worker;
struct msgc__publication;
struct msgc_connection;

/* One worker's connections by their users; those of nobody are not in it. */
struct msgc__reach {
	struct msgc_connection **buckets; /* a power of two */
	size_t bucket_count, count;
};

int msgc__reach_init(struct msgc__reach *reach); /* MSGC_ENOMEM */
void msgc__reach_free(struct msgc__reach *reach);
/* When its user is known. */
void msgc__reach_add(struct msgc__reach *reach, struct msgc_connection *connection);
/* When its link has ended; harmless where it was never added. */
void msgc__reach_remove(struct msgc__reach *reach, struct msgc_connection *connection);

/* Each worker hears of users as of a group's messages. 0, MSGC_ENOMEM, the backend's own. */
int msgc__reach_listen(struct msgc__worker *worker);
/* On each worker, with publication->to. */
void msgc__reach_deliver(struct msgc__worker *worker, struct msgc__publication *publication);

/*
 * Closes with 4410 what a user has open, without what still waits for him, whether a handler succeeds or not. On a worker. MSGC_ENOMEM, the
 * backend's own.
 */
int msgc__reach_revoke(struct msgc__worker *worker, const struct msgc_user *user);

#endif
