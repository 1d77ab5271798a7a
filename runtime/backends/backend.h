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

	bool on_disk; /* what it acknowledges survives loss of power where a group is `durable` */
};

struct msgc__backend {
	const struct msgc__backend_ops *ops;
};

/* Groups, streams and keys of one process. MSGC_ENOMEM. */
int msgc__memory_backend_new(struct msgc_server *server, struct msgc__backend **ret);

#endif
