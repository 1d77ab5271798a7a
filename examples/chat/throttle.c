/* SPDX-License-Identifier: MIT */
/*
 * Buckets are kept as one number each: the time at which the bucket will be full again (the
 * "virtual scheduling" form of the leaky bucket, ITU-T I.371). Keys are hashed with a secret of
 * this run; two keys with the same 64 bits share a bucket.
 */
#include "throttle.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

enum { WAYS = 8, BURST_MAX = 1000, REFILL_MAX_MS = 3600 * 1000, KEYS_MAX = 1000 * 1000 };

struct bucket {
	uint64_t key; /* 0: free */
	int64_t full_at;
};

struct throttle {
	pthread_mutex_t lock;
	unsigned char secret[crypto_shorthash_KEYBYTES];
	int64_t refill_ms;
	int64_t burst_ms; /* what an empty bucket needs to fill */
	size_t rows;
	struct bucket buckets[];
};

struct throttle *throttle_new(unsigned burst, unsigned refill_ms, size_t keys)
{
	struct throttle *throttle;
	size_t rows = (keys + WAYS - 1) / WAYS;

	if (!burst || burst > BURST_MAX || !refill_ms || refill_ms > REFILL_MAX_MS || !keys ||
	        keys > KEYS_MAX)
		return NULL;
	if (sodium_init() < 0)
		return NULL;
	throttle = calloc(1, sizeof *throttle + rows * WAYS * sizeof *throttle->buckets);
	if (!throttle)
		return NULL;
	pthread_mutex_init(&throttle->lock, NULL);
	crypto_shorthash_keygen(throttle->secret);
	throttle->refill_ms = refill_ms;
	throttle->burst_ms = (int64_t)burst * refill_ms;
	throttle->rows = rows;
	return throttle;
}

void throttle_free(struct throttle *throttle)
{
	if (!throttle)
		return;
	pthread_mutex_destroy(&throttle->lock);
	free(throttle);
}

static uint64_t hash_of(const struct throttle *throttle, const char *key, size_t key_len)
{
	unsigned char bytes[crypto_shorthash_BYTES];
	uint64_t hash = 0;
	size_t i;

	crypto_shorthash(bytes, (const unsigned char *)key, key_len, throttle->secret);
	for (i = 0; i < sizeof bytes; i++)
		hash = hash << 8 | bytes[i];
	return hash ? hash : 1;
}

/* The key's bucket; a new one starts full. */
static struct bucket *bucket_of(struct throttle *throttle, uint64_t key, int64_t now_ms)
{
	struct bucket *row = &throttle->buckets[key % throttle->rows * WAYS];
	struct bucket *victim = row;
	size_t i;

	for (i = 0; i < WAYS; i++) {
		if (row[i].key == key)
			return &row[i];
		if (victim->key && (!row[i].key || row[i].full_at < victim->full_at))
			victim = &row[i];
	}
	victim->key = key;
	victim->full_at = now_ms;
	return victim;
}

unsigned throttle_take(struct throttle *throttle, const char *key, size_t key_len, int64_t now_ms)
{
	struct bucket *bucket;
	int64_t wait, full_at;

	pthread_mutex_lock(&throttle->lock);
	bucket = bucket_of(throttle, hash_of(throttle, key, key_len), now_ms);
	full_at = (bucket->full_at > now_ms ? bucket->full_at : now_ms) + throttle->refill_ms;
	wait = full_at - now_ms - throttle->burst_ms;
	if (wait <= 0)
		bucket->full_at = full_at;
	pthread_mutex_unlock(&throttle->lock);
	return wait <= 0 ? 0 : (unsigned)(wait < REFILL_MAX_MS ? wait : REFILL_MAX_MS);
}

void throttle_give(struct throttle *throttle, const char *key, size_t key_len, int64_t now_ms)
{
	struct bucket *bucket;

	pthread_mutex_lock(&throttle->lock);
	bucket = bucket_of(throttle, hash_of(throttle, key, key_len), now_ms);
	if (bucket->full_at > now_ms)
		bucket->full_at -= throttle->refill_ms;
	pthread_mutex_unlock(&throttle->lock);
}
