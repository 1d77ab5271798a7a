/* SPDX-License-Identifier: MIT */
/*
 * What the files of the memory backend share: groups and keys of one process, each behind a lock of its own.
 */
#ifndef MSGC__MEMORY_BACKEND_H
#define MSGC__MEMORY_BACKEND_H

#include <pthread.h>

#include <stdatomic.h>

#include <msgc/consumer.h>

#include "../server/timer.h"
#include "backend.h"
#include "rosters.h"
#include "spread.h"

struct msgc__publication;

enum { MSGC__MEMORY_BUCKETS = 1024 };

/* ------------------------------------------------------------------------------ keys (memory_keys.c) */

struct msgc__memory_key {
	struct msgc__memory_key *next;
	struct msgc__memory_keys *keys;
	struct msgc__timer expiry;
	uint64_t hash;
	int64_t count; /* of a counter */
	size_t key_len, value_len;
	char bytes[]; /* key, value */
};

struct msgc__memory_keys {
	pthread_mutex_t lock;
	struct msgc__timers timers;
	size_t bytes, limit; /* beyond it no new key is put that must be absent */
	struct msgc__memory_key *buckets[MSGC__MEMORY_BUCKETS];
};

void msgc__memory_keys_init(struct msgc__memory_keys *keys, size_t limit);
void msgc__memory_keys_free(struct msgc__memory_keys *keys);

/* As the backend's operations of the same names, at the time `now` and on any thread. MSGC_ECONFLICT, MSGC_EBUSY (the limit), MSGC_ENOMEM, MSGC_EINVAL. */
int msgc__memory_keys_put(struct msgc__memory_keys *keys, struct msgc_str key,
        struct msgc_bytes value, int64_t ttl_ms, enum msgc__put_mode mode, int64_t now);
/* `*ret_value` is malloc'ed for the caller; ptr NULL: there is none. */
int msgc__memory_keys_get(struct msgc__memory_keys *keys, struct msgc_str key, bool take,
        int64_t now, struct msgc_bytes *ret_value);
int msgc__memory_keys_count(struct msgc__memory_keys *keys, struct msgc_str key, int64_t step,
        int64_t ttl_ms, int64_t now, int64_t *ret_sum);

/* ------------------------------------------------------------------------ streams (memory_streams.c) */

/* One message. Readers keep those of their page, so that nobody waits for them. */
struct msgc__memory_item {
	atomic_uint refs;
	uint64_t seq;
	int64_t at;
	bool is_group;
	size_t realm_len, user_len, body_len;
	char bytes[]; /* realm, user, body */
};

struct msgc__memory_stream {
	struct msgc__memory_stream *next;          /* in the bucket */
	struct msgc__memory_stream *older, *newer; /* by their last publications */
	struct msgc__memory_streams *streams;
	struct msgc__timer expiry; /* of the last item */
	struct msgc_history history;
	struct msgc__position head;
	struct msgc__memory_item **ring; /* a power of two; an item's place is its seq */
	size_t cap, count, bytes;
	uint64_t hash;
	size_t len;
	char name[];
};

/* Behind one lock, which is the caller's. */
struct msgc__memory_streams {
	struct msgc__timers timers;
	struct msgc__memory_stream *buckets[MSGC__MEMORY_BUCKETS];
	struct msgc__memory_stream *oldest, *newest;
	size_t bytes, limit; /* of all of them; what was published longest ago makes room */
	uint64_t evicted;    /* streams that had to */
};

void msgc__memory_streams_init(struct msgc__memory_streams *streams, size_t limit);
void msgc__memory_streams_free(struct msgc__memory_streams *streams);

/* Stores and numbers. MSGC_ENOMEM: neither. */
int msgc__memory_streams_append(struct msgc__memory_streams *streams,
        const struct msgc__publication *publication, int64_t now,
        struct msgc__position *ret_position);

/* Where a stream stands; nowhere if there is none. */
void msgc__memory_streams_head(struct msgc__memory_streams *streams, struct msgc_str group,
        struct msgc__position *ret_position);

/* A page with references to its items, which are unreferenced without the lock. */
struct msgc__memory_page {
	struct msgc__page page;
	struct msgc__stored stored[MSGC__PAGE_MOST];
	struct msgc__memory_item *items[MSGC__PAGE_MOST];
};
void msgc__memory_streams_read(struct msgc__memory_streams *streams, struct msgc_str group,
        const struct msgc_history *history, const struct msgc__position *after, size_t max_bytes,
        int64_t now, struct msgc__memory_page *ret);
void msgc__memory_page_free(struct msgc__memory_page *page);

/* ------------------------------------------------------------------------------ the backend (memory.c) */

/*
 * Backends of one machine that keep more than memory does begin with this: their table is a copy of msgc__memory_backend_ops with what they do
 * otherwise.
 */
struct msgc__memory_backend {
	struct msgc__backend backend;
	struct msgc_server *server;
	bool spread_always; /* one worker is told by mail, too: publications come from other threads */
	struct msgc__spreads spreads;
	pthread_mutex_t lock; /* of the streams; taken before the spreads' own */
	struct msgc__memory_streams streams;
	uint64_t evicted; /* streams, when somebody was told last */
	struct msgc__memory_keys keys;
	struct msgc__rosters rosters;
};

extern const struct msgc__backend_ops msgc__memory_backend_ops;

/* Zeroed memory in between. */
void msgc__memory_backend_init(struct msgc__memory_backend *memory, struct msgc_server *server,
        const struct msgc__backend_ops *ops);
void msgc__memory_backend_end(struct msgc__memory_backend *memory);

#endif
