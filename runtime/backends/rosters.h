/* SPDX-License-Identifier: MIT */
/*
 * Rosters of one process, for backends of one machine: who is present in each group, on how many connections, who is waited for, and what has
 * been told. Behind a lock of their own. They must not know how, or by whom, anything is told.
 */
#ifndef MSGC__ROSTERS_H
#define MSGC__ROSTERS_H

#include <pthread.h>

#include "backend.h"

enum { MSGC__ROSTER_BUCKETS = 1024 };

struct msgc__group_roster;

struct msgc__rosters {
	pthread_mutex_t lock;
	uint64_t version; /* of the last change of any of them */
	struct msgc__group_roster *buckets[MSGC__ROSTER_BUCKETS];
};

void msgc__rosters_init(struct msgc__rosters *rosters);
void msgc__rosters_free(struct msgc__rosters *rosters);

/* As the backend's operations of the same names, at the monotonic time `now`, on any thread; they answer before they return. */
int msgc__rosters_attend(struct msgc__rosters *rosters, struct msgc_str group,
        const struct msgc__attendee *who, const struct msgc__roster_policy *policy, int64_t now,
        msgc__roster_fn *done, void *arg);
int msgc__rosters_depart(struct msgc__rosters *rosters, struct msgc_str group,
        const struct msgc__attendee *who, int64_t linger_ms,
        const struct msgc__roster_policy *policy, int64_t now, msgc__departed_fn *done, void *arg);
int msgc__rosters_read(struct msgc__rosters *rosters, struct msgc_str group,
        const struct msgc__roster_policy *policy, size_t most, msgc__roster_fn *done, void *arg);
int msgc__rosters_changes(struct msgc__rosters *rosters, struct msgc_str group,
        const struct msgc__roster_policy *policy, int64_t now, msgc__changes_fn *done, void *arg);

/* ------------------------------------------------------------------------ one group's (rosters_group.c) */

/* What is shown of a user; shared by what is and what was told. With the lock held, as all below. */
struct msgc__info {
	unsigned refs;
	size_t len;
	char text[];
};

struct msgc__attendance {
	struct msgc__attendance *next;            /* of the person: what was said before */
	struct msgc__attendance *later, *earlier; /* among those that are waited for */
	struct msgc__person *person;
	struct msgc__info *info;
	uint64_t process, connection;
	int64_t until; /* it has gone and is waited for; 0: it is there */
};

/* Without attendances: has left, and that has not been told. */
struct msgc__person {
	struct msgc__person *next;            /* in the bucket */
	struct msgc__person *newer, *older;   /* in the roster */
	struct msgc__person *change, *before; /* among those that have changed */
	bool changed;
	struct msgc__attendance *attendances; /* the one that has spoken last first */
	uint32_t connections;
	size_t bytes; /* what it counts in the roster */
	bool is_told; /* clients list it, with: */
	uint32_t told_connections;
	struct msgc__info *told;
	uint64_t hash;
	size_t len;
	char id[];
};

struct msgc__group_roster {
	struct msgc__group_roster *next; /* in the bucket */
	struct msgc__person **buckets;   /* a power of two */
	size_t bucket_count;
	struct msgc__person *oldest, *newest;
	struct msgc__person *changes;
	size_t persons;                        /* those that have left included */
	size_t count, bytes;                   /* of those present */
	size_t attendees;                      /* connections, waited for or not */
	struct msgc__attendance *first, *last; /* that are waited for */
	bool listed;    /* clients have a list; else they have been told a count */
	bool must_list; /* some have been told a count meanwhile */
	uint64_t told_count;
	uint64_t version, told_version;
	int64_t told_at;
	uint64_t hash;
	size_t len;
	char name[];
};

struct msgc__group_roster *msgc__group_roster_new(struct msgc_str name, uint64_t version);
void msgc__group_roster_free(struct msgc__group_roster *roster);

struct msgc__person *msgc__person_find(const struct msgc__group_roster *roster, struct msgc_str id);
struct msgc__attendance *msgc__attendance_find(
        const struct msgc__person *person, uint64_t process, uint64_t connection);
/* Adds an attendance, the user's where it is the first, or gives one other info. MSGC_ENOMEM: as before. `*ret_returned`: one that was waited for. */
int msgc__attendance_put(
        struct msgc__group_roster *roster, const struct msgc__attendee *who, bool *ret_returned);
void msgc__attendance_end(struct msgc__group_roster *roster, struct msgc__attendance *attendance);
/* It has gone, and is waited for until then. */
void msgc__attendance_linger(
        struct msgc__group_roster *roster, struct msgc__attendance *attendance, int64_t until);

/* What is listed of him now. */
struct msgc__roster_entry msgc__person_entry(const struct msgc__person *person);
/* Nothing that has changed about him has to be told. */
bool msgc__person_is_as_told(const struct msgc__person *person);
/* Everybody has been told what he is now; `listed` false: a count. May free him. */
void msgc__person_tell(struct msgc__group_roster *roster, struct msgc__person *person, bool listed);

#endif
