/* SPDX-License-Identifier: MIT */
/*
 * What groups, streams, presence, tickets, idempotency, revocation and global limits need from a store, in one interface: Redis must do
 * some of it in one step. Memory fills it for one process.
 *
 * All operations are called on a worker's thread and answer through `done` on that same thread: before the call returns, or later. When
 * an operation returns a negative code, it has not begun and `done` is not called. A backend knows neither connections nor consumers.
 */
#ifndef MSGC__BACKEND_H
#define MSGC__BACKEND_H

#include <msgc/codec.h>

struct msgc_history;
struct msgc_server;
struct msgc__worker;
struct msgc__publication; /* ../server/group.h: a message on its way to a group's members, reference-counted */

struct msgc__backend; /* each backend's own; begins with `ops` */

/*
 * Where a publication stands in a group's stream: `seq` counts from 1 within an epoch, which ends when the stream is lost. Epoch "" when the group
 * keeps none.
 */
enum { MSGC__EPOCH_MAX = 24 };
struct msgc__position {
	char epoch[MSGC__EPOCH_MAX]; /* letters and digits */
	uint64_t seq;
};

typedef void msgc__done_fn(void *arg, int result);
typedef void msgc__published_fn(void *arg, int result, const struct msgc__position *position);
/* `value` is valid for the call; ptr NULL: there is none. */
typedef void msgc__value_fn(void *arg, int result, struct msgc_bytes value);
typedef void msgc__count_fn(void *arg, int result, int64_t count);

/* One stored message of a stream. */
struct msgc__stored {
	uint64_t seq;
	bool is_group;               /* a group message: shows faces */
	struct msgc_str body;        /* as it was published: no face, no envelope */
	struct msgc_str realm, user; /* the sender's; user empty: nobody's */
};

/* What follows a position. Valid for the call. */
struct msgc__page {
	struct msgc__position
	        head; /* the stream's last message; epoch "": nothing has ever been kept */
	bool whole; /* nothing is missing between the position and the first item, or the head where there is none */
	bool complete; /* the last item is the head */
	const struct msgc__stored *items;
	size_t count;
};
enum {
	MSGC__PAGE_MOST = 64,        /* items */
	MSGC__STORED_OVERHEAD = 256, /* what an item counts beside its body */
};
typedef void msgc__read_fn(void *arg, int result, const struct msgc__page *page);

/* ---- rosters: who is present in a group */

/*
 * One connection that is present. `id` is its user's; an id that begins with ':' is one of that connection alone, which nobody comes back as. Strings are
 * the caller's.
 */
struct msgc__attendee {
	struct msgc_str id;
	struct msgc_str info;         /* JSON, what is shown of the user */
	uint64_t process, connection; /* no other connection has both */
};

/* What clients are told of rosters. */
struct msgc__roster_policy {
	size_t limit;      /* users: longer rosters are not listed */
	size_t bytes;      /* the same, of all entries together */
	int64_t window_ms; /* between two tellings of one group */
};
/* Large groups are told more seldom, so that telling them costs the same as telling small ones. */
int64_t msgc__roster_pause(const struct msgc__roster_policy *policy, size_t attendees);
bool msgc__roster_fits(const struct msgc__roster_policy *policy, size_t count, size_t bytes);
/* What was told as a count is listed again when there is some room, not at the very limit. */
bool msgc__roster_fits_again(const struct msgc__roster_policy *policy, size_t count, size_t bytes);

/* A user. `info` is that of the connection that has said it last, of those that are there. */
struct msgc__roster_entry {
	struct msgc_str id, info;
	uint32_t connections;
};
enum { MSGC__ENTRY_OVERHEAD = 64 }; /* what an entry counts beside id and info */

/* Valid for the call. `version` rises with each change, and from a roster to the next of the same group. */
struct msgc__roster {
	uint64_t version;
	uint64_t count; /* users */
	bool listed; /* `entries` are all of them, the longest present first; else there are too many */
	bool returned; /* attend(): a connection that was waited for has come back as this one */
	const struct msgc__roster_entry *entries;
	size_t entry_count;
	int64_t due_ms; /* call changes() in so many milliseconds; -1: no need */
};
typedef void msgc__roster_fn(void *arg, int result, const struct msgc__roster *roster);

enum msgc__changes_kind {
	MSGC__CHANGES_NONE,
	MSGC__CHANGES_DIFF,  /* joins and leaves */
	MSGC__CHANGES_LIST,  /* all entries are among the joins: a list again after a count */
	MSGC__CHANGES_COUNT, /* too many to be listed */
};
/* Valid for the call. Who has been told up to `from` at least is up to date with `to` afterwards; who has not must read the roster. */
struct msgc__changes {
	enum msgc__changes_kind kind;
	uint64_t from, to;
	uint64_t count;
	const struct msgc__roster_entry *joins,
	        *leaves; /* entries that are new or other than they were */
	size_t join_count, leave_count;
	int64_t due_ms;
};
typedef void msgc__changes_fn(void *arg, int result, const struct msgc__changes *changes);
/* due_ms as above. */
typedef void msgc__departed_fn(void *arg, int result, int64_t due_ms);

enum msgc__put_mode {
	MSGC__PUT_ALWAYS,
	MSGC__PUT_IF_ABSENT, /* MSGC_ECONFLICT when the key is there */
};

struct msgc__backend_ops {
	const char *name;

	/*
	 * Numbers and stores (where publication->kept), and sends, in one step: every worker that has joined the group gets the publication
	 * through msgc__group_deliver(), with its position in it. The backend takes its own references.
	 * Publications of a group with a history reach every worker in one order, kept or not, and all after those numbered before them.
	 * All or nothing for the sender, not for the receivers: once any worker may have it, `done` gets 0, and a worker that could not be told
	 * (its mailbox is full) has missed it, which is logged as group.missed. Where the group has a history, that worker is told by
	 * msgc__group_missed().
	 * MSGC_EIO: it could not be stored. MSGC_ETIMEOUT: nor may it have been, as far as anybody knows.
	 */
	int (*publish)(struct msgc__backend *backend, struct msgc__worker *worker,
	        struct msgc__publication *publication, msgc__published_fn *done, void *arg);
	/* This worker has got its first member of the group, has lost its last one. */
	int (*join)(struct msgc__backend *backend, struct msgc__worker *worker,
	        struct msgc_str group, msgc__done_fn *done, void *arg);
	int (*leave)(struct msgc__backend *backend, struct msgc__worker *worker,
	        struct msgc_str group, msgc__done_fn *done, void *arg);
	/*
	 * Stored messages of a group behind a position: as many as `max_bytes` allow, with MSGC__STORED_OVERHEAD for each, but one at least. What is older
	 * than the history says is not shown any more.
	 */
	int (*read)(struct msgc__backend *backend, struct msgc__worker *worker,
	        struct msgc_str group, const struct msgc_history *history,
	        const struct msgc__position *after, size_t max_bytes, msgc__read_fn *done,
	        void *arg);

	/*
	 * Rosters. A backend keeps them and what has been told of them; workers ask for the changes when they are due and tell them.
	 *
	 * attend: this connection is present, or shows other info from now on; a connection of the same user that is waited for makes room for a new
	 * one. Gives the roster as it is to be shown, the attendee in it. Failed: as before.
	 * depart: it is not, from now on or, where `linger_ms` is not 0, when nobody has come back as the same user meanwhile. Idempotent.
	 * roster: as it stands; `policy` NULL: for the program, at most `most` entries and never told for it. A roster that nobody is in is
	 * empty and has the version 0.
	 * changes: ends the waiting whose time has come; if a telling is due, gives what has changed, net, since what was given last, once.
	 * The attendances of a process that has died end after a time of the backend's own.
	 */
	int (*attend)(struct msgc__backend *backend, struct msgc__worker *worker,
	        struct msgc_str group, const struct msgc__attendee *who,
	        const struct msgc__roster_policy *policy, msgc__roster_fn *done, void *arg);
	int (*depart)(struct msgc__backend *backend, struct msgc__worker *worker,
	        struct msgc_str group, const struct msgc__attendee *who, int64_t linger_ms,
	        const struct msgc__roster_policy *policy, msgc__departed_fn *done, void *arg);
	int (*roster)(struct msgc__backend *backend, struct msgc__worker *worker,
	        struct msgc_str group, const struct msgc__roster_policy *policy, size_t most,
	        msgc__roster_fn *done, void *arg);
	int (*changes)(struct msgc__backend *backend, struct msgc__worker *worker,
	        struct msgc_str group, const struct msgc__roster_policy *policy,
	        msgc__changes_fn *done, void *arg);

	/* Expiring keys. `ttl_ms` counts from the call. */
	int (*put)(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
	        struct msgc_bytes value, int64_t ttl_ms, enum msgc__put_mode mode,
	        msgc__done_fn *done, void *arg);
	int (*get)(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
	        msgc__value_fn *done, void *arg);
	/* The value, once: whoever asks next finds nothing. */
	int (*take)(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
	        msgc__value_fn *done, void *arg);
	/* Adds `step` to a counter that ends `ttl_ms` after its first step, and gives the sum. */
	int (*count)(struct msgc__backend *backend, struct msgc__worker *worker,
	        struct msgc_str key, int64_t step, int64_t ttl_ms, msgc__count_fn *done, void *arg);

	/*
	 * The loops have ended, the workers are still there: finishes what was accepted, posts the answers and ends the backend's threads. Publications
	 * that come later are refused with MSGC_EGONE. NULL: there is nothing to stop.
	 */
	void (*stop)(struct msgc__backend *backend);
	void (*free)(struct msgc__backend *backend);

	bool alone; /* one process at a time has it: what another one has left in hand has ended with it */
	bool on_disk; /* what it acknowledges survives loss of power where a group is `durable` */
};

struct msgc__backend {
	const struct msgc__backend_ops *ops;
};

/* Groups, streams and keys of one process. MSGC_ENOMEM. */
int msgc__memory_backend_new(struct msgc_server *server, struct msgc__backend **ret);

#endif
