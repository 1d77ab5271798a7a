/* SPDX-License-Identifier: MIT */
/*
 * Rates per client address: token buckets in a table of fixed size, eight to a row, found by a keyed hash. A row that is full gives up the
 * bucket that was touched longest ago. It must not know what is being limited.
 */
#include "http_internal.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "rate.h"

enum { ROW = 8, LOCKS = 64 };

struct slot {
	uint64_t key; /* 0: empty */
	struct msgc__bucket bucket;
	int64_t touched;
};

struct msgc__throttle {
	pthread_mutex_t locks[LOCKS]; /* of the rows whose number ends in that */
	size_t rows;                  /* a power of two */
	struct slot slots[];
};

int msgc__throttle_new(size_t buckets, struct msgc__throttle **ret)
{
	struct msgc__throttle *throttle;
	size_t rows = 1;

	while (rows * ROW < buckets && rows < (SIZE_MAX >> 16))
		rows *= 2;
	throttle = calloc(1, sizeof(*throttle) + rows * ROW * sizeof(struct slot));
	if (!throttle)
		return MSGC_ENOMEM;
	throttle->rows = rows;
	for (size_t i = 0; i < LOCKS; i++)
		pthread_mutex_init(&throttle->locks[i], NULL);
	*ret = throttle;
	return MSGC_OK;
}

void msgc__throttle_free(struct msgc__throttle *throttle)
{
	if (!throttle)
		return;
	for (size_t i = 0; i < LOCKS; i++)
		pthread_mutex_destroy(&throttle->locks[i]);
	free(throttle);
}

/* What an address counts as: itself, or the /64 that one IPv6 subscriber has for himself. */
uint64_t msgc__throttle_key(uint32_t scope, const char *address)
{
	struct {
		uint32_t scope;
		uint8_t kind;
		uint8_t bytes[64];
	} input;
	struct in_addr v4;
	struct in6_addr v6;
	uint64_t key;

	memset(&input, 0, sizeof(input));
	input.scope = scope;
	if (inet_pton(AF_INET, address, &v4) == 1) {
		input.kind = 4;
		memcpy(input.bytes, &v4, sizeof(v4));
	} else if (inet_pton(AF_INET6, address, &v6) == 1) {
		input.kind = 6;
		memcpy(input.bytes, &v6, 8);
	} else {
		memcpy(input.bytes, address, strnlen(address, sizeof(input.bytes)));
	}
	key = msgc_hash_bytes(0, &input, sizeof(input));
	return key ? key : 1;
}

static struct slot *find(struct msgc__throttle *throttle, uint64_t key, int64_t now_ms)
{
	struct slot *row = &throttle->slots[(key & (throttle->rows - 1)) * ROW];
	struct slot *oldest = row;

	for (size_t i = 0; i < ROW; i++) {
		if (row[i].key == key)
			return &row[i];
	}
	for (size_t i = 0; i < ROW; i++) {
		if (row[i].key == 0) {
			oldest = &row[i];
			break;
		}
		if (row[i].touched < oldest->touched)
			oldest = &row[i];
	}
	*oldest = (struct slot){.key = key, .bucket = {.at = now_ms}};
	return oldest;
}

int64_t msgc__throttle_take_key(
        struct msgc__throttle *throttle, uint64_t key, const struct msgc_rate *rate, int64_t now_ms)
{
	pthread_mutex_t *lock = &throttle->locks[key & (throttle->rows - 1) & (LOCKS - 1)];
	struct slot *slot;
	int64_t wait;

	pthread_mutex_lock(lock);
	slot = find(throttle, key, now_ms);
	slot->touched = now_ms;
	wait = msgc__bucket_take(&slot->bucket, rate, now_ms);
	pthread_mutex_unlock(lock);
	return wait;
}

int64_t msgc__throttle_look_key(
        struct msgc__throttle *throttle, uint64_t key, const struct msgc_rate *rate, int64_t now_ms)
{
	size_t number = (size_t)key & (throttle->rows - 1);
	const struct slot *row = &throttle->slots[number * ROW];
	int64_t wait = 0;

	pthread_mutex_lock(&throttle->locks[number & (LOCKS - 1)]);
	for (size_t i = 0; i < ROW; i++) {
		if (row[i].key == key)
			wait = msgc__bucket_look(&row[i].bucket, rate, now_ms);
	}
	pthread_mutex_unlock(&throttle->locks[number & (LOCKS - 1)]);
	return wait;
}

int64_t msgc__throttle_take(struct msgc__throttle *throttle, uint32_t scope, const char *address,
        uint32_t tokens, int64_t per_ms, int64_t now_ms)
{
	const struct msgc_rate rate = {.tokens = tokens, .per_ms = per_ms};

	return msgc__throttle_take_key(throttle, msgc__throttle_key(scope, address), &rate, now_ms);
}
