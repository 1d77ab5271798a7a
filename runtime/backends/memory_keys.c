/* SPDX-License-Identifier: MIT */
/*
 * Expiring keys in memory: a seeded hash table, and a heap of expiry times that is looked at whenever a key is. It must not know what
 * the keys are for.
 */
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "memory.h"
#include "../server/container.h"

void msgc__memory_keys_init(struct msgc__memory_keys *keys, size_t limit)
{
	memset(keys, 0, sizeof *keys);
	keys->limit = limit;
	pthread_mutex_init(&keys->lock, NULL);
}

void msgc__memory_keys_free(struct msgc__memory_keys *keys)
{
	for (size_t i = 0; i < MSGC__MEMORY_BUCKETS; i++) {
		while (keys->buckets[i]) {
			struct msgc__memory_key *key = keys->buckets[i];

			keys->buckets[i] = key->next;
			free(key);
		}
	}
	pthread_mutex_destroy(&keys->lock);
}

/* The link that points to the key, or to NULL at the end of its bucket. */
static struct msgc__memory_key **find(
        struct msgc__memory_keys *keys, struct msgc_str name, uint64_t hash)
{
	struct msgc__memory_key **link = &keys->buckets[hash % MSGC__MEMORY_BUCKETS];

	while (*link &&
	        ((*link)->hash != hash || (*link)->key_len != name.len ||
	                memcmp((*link)->bytes, name.ptr, name.len) != 0))
		link = &(*link)->next;
	return link;
}

static size_t size_of(size_t key_len, size_t value_len)
{
	return sizeof(struct msgc__memory_key) + key_len + value_len;
}

static void remove_key(struct msgc__memory_key *key)
{
	struct msgc__memory_key **link = &key->keys->buckets[key->hash % MSGC__MEMORY_BUCKETS];

	while (*link != key)
		link = &(*link)->next;
	*link = key->next;
	key->keys->bytes -= size_of(key->key_len, key->value_len);
	msgc__timer_cancel(&key->keys->timers, &key->expiry);
	free(key);
}

static void expire(struct msgc__timer *timer)
{
	remove_key(MSGC__CONTAINER_OF(timer, struct msgc__memory_key, expiry));
}

static struct msgc__memory_key *add(struct msgc__memory_keys *keys, struct msgc_str name,
        uint64_t hash, struct msgc_bytes value, int64_t due)
{
	struct msgc__memory_key *key = calloc(1, size_of(name.len, value.len));
	struct msgc__memory_key **bucket = &keys->buckets[hash % MSGC__MEMORY_BUCKETS];

	if (!key)
		return NULL;
	key->keys = keys;
	keys->bytes += size_of(name.len, value.len);
	key->hash = hash;
	key->key_len = name.len;
	key->value_len = value.len;
	memcpy(key->bytes, name.ptr, name.len);
	if (value.len > 0)
		memcpy(key->bytes + name.len, value.ptr, value.len);
	key->expiry.fire = expire;
	key->next = *bucket;
	*bucket = key;
	msgc__timer_arm(&keys->timers, &key->expiry, due);
	return key;
}

static uint64_t lock(struct msgc__memory_keys *keys, struct msgc_str name, int64_t now)
{
	pthread_mutex_lock(&keys->lock);
	msgc__timers_run(&keys->timers, now);
	return msgc_hash_bytes(0, name.ptr, name.len);
}

static bool due_at(int64_t now, int64_t ttl_ms, int64_t *ret)
{
	return ttl_ms > 0 && !__builtin_add_overflow(now, ttl_ms, ret);
}

int msgc__memory_keys_put(struct msgc__memory_keys *keys, struct msgc_str name,
        struct msgc_bytes value, int64_t ttl_ms, enum msgc__put_mode mode, int64_t now)
{
	struct msgc__memory_key *key, *before;
	int64_t due;
	uint64_t hash;
	int result = 0;

	if (name.len == 0 || !due_at(now, ttl_ms, &due))
		return MSGC_EINVAL;
	hash = lock(keys, name, now);
	before = *find(keys, name, hash);
	if (before && mode == MSGC__PUT_IF_ABSENT) {
		result = MSGC_ECONFLICT;
	} else if (mode == MSGC__PUT_IF_ABSENT &&
	        keys->bytes + size_of(name.len, value.len) > keys->limit) {
		result = MSGC_EBUSY;
	} else {
		key = add(keys, name, hash, value, due);
		if (!key)
			result = MSGC_ENOMEM;
		else if (before)
			remove_key(before);
	}
	pthread_mutex_unlock(&keys->lock);
	return result;
}

int msgc__memory_keys_get(struct msgc__memory_keys *keys, struct msgc_str name, bool take,
        int64_t now, struct msgc_bytes *ret_value)
{
	uint64_t hash = lock(keys, name, now);
	struct msgc__memory_key *key = *find(keys, name, hash);
	struct msgc_bytes value = {NULL, 0};
	int result = 0;

	if (key) {
		uint8_t *copy = malloc(key->value_len + 1);

		if (copy)
			memcpy(copy, key->bytes + key->key_len, key->value_len);
		else
			result = MSGC_ENOMEM;
		value = (struct msgc_bytes){copy, key->value_len};
		if (copy && take)
			remove_key(key);
	}
	pthread_mutex_unlock(&keys->lock);
	if (result == 0)
		*ret_value = value;
	return result;
}

int msgc__memory_keys_count(struct msgc__memory_keys *keys, struct msgc_str name, int64_t step,
        int64_t ttl_ms, int64_t now, int64_t *ret_sum)
{
	struct msgc_bytes nothing = {NULL, 0};
	struct msgc__memory_key *key;
	int64_t due, sum;
	uint64_t hash;
	int result = 0;

	if (name.len == 0 || !due_at(now, ttl_ms, &due))
		return MSGC_EINVAL;
	hash = lock(keys, name, now);
	key = *find(keys, name, hash);
	if (!key)
		key = add(keys, name, hash, nothing, due);
	if (!key)
		result = MSGC_ENOMEM;
	else if (__builtin_add_overflow(key->count, step, &sum))
		result = MSGC_ELIMIT;
	else
		*ret_sum = key->count = sum;
	pthread_mutex_unlock(&keys->lock);
	return result;
}
