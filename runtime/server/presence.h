/* SPDX-License-Identifier: MIT */
/*
 * Presence on one worker: its connections' seats in the rosters of their groups, and watches, which tell a group's members what has changed when that is
 * due. Who is present is the backend's to know. It must not know whether a group is one that clients subscribe to.
 */
#ifndef MSGC__PRESENCE_H
#define MSGC__PRESENCE_H

#include "connection.h"
#include "worker.h"

/* ------------------------------------------------------------------------------------ watches (presence_watch.c) */

/* One group with presence, as long as a connection here has a seat in it, or something is to be told. */
struct msgc__watch {
	struct msgc__watch *next; /* in the bucket */
	struct msgc__worker *worker;
	struct msgc__timer timer;
	unsigned refs; /* seats, questions to the backend */
	bool asking;   /* for changes */
	uint64_t
	        unsaid; /* this version could not be told: who does not know it is shown that he does not; 0: none */
	uint64_t hash;
	size_t len;
	char name[];
};

int msgc__presence_init(struct msgc__worker *worker);
/* Connections have gone, and the backend asks no more. */
void msgc__presence_free(struct msgc__worker *worker);

/* The group's, made if need be; with a reference. NULL: no memory. */
struct msgc__watch *msgc__watch_get(struct msgc__worker *worker, struct msgc_str group);
void msgc__watch_keep(struct msgc__watch *watch);
void msgc__watch_drop(struct msgc__watch *watch);
/* Asks for changes in `due_ms`, if not sooner; -1: no need. */
void msgc__watch_due(struct msgc__watch *watch, int64_t due_ms);
struct msgc__roster_policy msgc__presence_policy(const struct msgc__worker *worker);

/* ---------------------------------------------------------------------------------------- seats (presence.c) */

/* In the roster, seen from one membership. */
struct msgc__seat {
	struct msgc__membership *membership; /* NULL: it has left while the backend was asked */
	struct msgc__watch *watch;
	unsigned asking; /* questions that the backend has not answered */
	bool begun;      /* the backend has been told of it */
	bool told;       /* the client knows the roster, up to: */
	uint64_t seen;
	uint64_t newest; /* what has been told to others meanwhile */
	char *info;      /* until it begins */
	size_t info_len;
	size_t id_len;
	char id[];
};

/*
 * Takes the seats of groups that have been joined and recovered, and tells their rosters. True: nothing is left to do, or the connection ends; else
 * it is made ready when it can go on.
 */
bool msgc__presence_begin(struct msgc_connection *connection);
/* A subscription that is a member has a seat from now on, if its topic has a roster. What its hook returns; MSGC_ENOMEM and others. */
int msgc__presence_follow(struct msgc_subscription *subscription);
void msgc__presence_leave(struct msgc__membership *membership);
static inline struct msgc_str msgc__seat_group(const struct msgc__seat *seat)
{
	return msgc_str_of(seat->watch->name, seat->watch->len);
}
/* No question is open, and no membership has it. */
void msgc__seat_free(struct msgc__seat *seat);

/* ------------------------------------------------------------------------ what clients see (presence_show.c) */

/* The answer to a question that was asked for this seat: the roster, which its client is told; or why there is none, which ends the connection. */
void msgc__seat_show(void *arg, int result, const struct msgc__roster *roster);
/* A telling of this group's roster, for its members here. */
void msgc__presence_deliver(struct msgc__group *group, const struct msgc__publication *publication);

/* ------------------------------------------------------------------------------- messages (presence_text.c) */

/* "realm:id", a ':' or '%' in the realm percent-encoded; ":process-connection" of who is anonymous. */
int msgc__presence_id(struct msgc_buf *out, const struct msgc_connection *connection);

/* What a standard message says of a roster: a state, `leaves` left out; or a diff. */
struct msgc__roster_text {
	struct msgc_str group;
	bool is_diff, listed;
	const struct msgc__roster_entry *users, *leaves; /* of a diff, `users` have come */
	size_t user_count, leave_count;
	uint64_t count;
};
/* In the words of a consumer. Emptied first. MSGC_ENOMEM. */
int msgc__presence_write(struct msgc_buf *out, const struct msgc_consumer *consumer,
        const struct msgc__roster_text *text, struct msgc_str stamp);
/* A topic's stamp, if any, into an encoded object. */
int msgc__presence_stamp(struct msgc_buf *out, struct msgc_str stamp);
/* What is wrong with an entry that the program has given: one line of the log. */
void msgc__presence_log_contract(
        struct msgc_connection *connection, const struct msgc_group_kind *kind, const void *entry);
/* For all members here and elsewhere, whatever their consumers call the discriminator. */
int msgc__presence_publication(struct msgc__worker *worker, const struct msgc__roster_text *text,
        struct msgc__publication **ret);

#endif
