/* SPDX-License-Identifier: MIT */
/*
 * What the files of the memory backend share: groups and keys of one process, each behind a lock of its own.
 */
#ifndef MSGC__MEMORY_BACKEND_H
#define MSGC__MEMORY_BACKEND_H

#include <pthread.h>

#include "../server/timer.h"
#include "backend.h"

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
	struct msgc__memory_key *buckets[MSGC__MEMORY_BUCKETS];
};

void msgc__memory_keys_init(struct msgc__memory_keys *keys);
void msgc__memory_keys_free(struct msgc__memory_keys *keys);

/* As the backend's operations of the same names, at the time `now` and on any thread. MSGC_ECONFLICT, MSGC_ENOMEM, MSGC_EINVAL. */
int msgc__memory_keys_put(struct msgc__memory_keys *keys, struct msgc_str key,
        struct msgc_bytes value, int64_t ttl_ms, enum msgc__put_mode mode, int64_t now);
/* `*ret_value` is malloc'ed for the caller; ptr NULL: there is none. */
int msgc__memory_keys_get(struct msgc__memory_keys *keys, struct msgc_str key, bool take,
        int64_t now, struct msgc_bytes *ret_value);
int msgc__memory_keys_count(struct msgc__memory_keys *keys, struct msgc_str key, int64_t step,
        int64_t ttl_ms, int64_t now, int64_t *ret_sum);

#endif
