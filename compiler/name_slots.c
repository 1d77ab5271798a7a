/* SPDX-License-Identifier: MIT */
/*
 * name_slots.c - a perfect hash of names: hash, displace and compress (Belazzougui, Botelho,
 * Dietzfelbinger 2009), with a byte for each bucket.
 *
 * Some bits of a name's hash say its bucket, others its slot. What the bucket has to move by is
 * looked for until none of its names meets another one: the largest buckets choose first, while
 * there is room. Names of a bucket that would always meet need another seed.
 */
#include "name_slots.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "name_hash.h"

enum {
	A_BUCKET = 3,      /* names, on average at most */
	TRIES = 100,       /* seeds, before there are twice as many slots */
	SLOTS_A_NAME = 16, /* at most */
};

struct hashed {
	const char *name;
	uint32_t place; /* of the name, + 1 */
	uint32_t hash;
	uint32_t bucket;
	uint32_t among; /* so many in its bucket */
};

static int compare_names(const void *left, const void *right)
{
	const struct hashed *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	return order != 0 ? order : (a->place > b->place) - (a->place < b->place);
}

/* The names there are, each once: of those that are equal, the first is found. */
static size_t take_names(struct hashed *hashed, const char *const *names, size_t n_names)
{
	size_t n = 0, kept = 0, i;

	for (i = 0; i < n_names; i++)
		if (names[i] != NULL)
			hashed[n++] = (struct hashed){.name = names[i], .place = (uint32_t)i + 1};
	qsort(hashed, n, sizeof(*hashed), compare_names);
	for (i = 0; i < n; i++)
		if (kept == 0 || strcmp(hashed[kept - 1].name, hashed[i].name) != 0)
			hashed[kept++] = hashed[i];
	return kept;
}

/* Large buckets first, each in one piece. */
static int compare_buckets(const void *left, const void *right)
{
	const struct hashed *a = left, *b = right;

	if (a->among != b->among)
		return a->among > b->among ? -1 : 1;
	if (a->bucket != b->bucket)
		return a->bucket < b->bucket ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

static void hash_all(struct hashed *hashed, size_t n, const struct name_slots *slots)
{
	size_t n_buckets = slots->move_mask + (size_t)1, i;
	uint32_t *among = memory_get(n_buckets * sizeof(*among));

	memset(among, 0, n_buckets * sizeof(*among));
	for (i = 0; i < n; i++) {
		struct hashed *h = &hashed[i];

		h->hash = msgc__name_hash(h->name, strlen(h->name), slots->seed);
		h->bucket = msgc__name_bucket(h->hash, slots->move_mask);
		among[h->bucket]++;
	}
	for (i = 0; i < n; i++)
		hashed[i].among = among[hashed[i].bucket];
	free(among);
	qsort(hashed, n, sizeof(*hashed), compare_buckets);
}

/* Whether a bucket's names all find an empty slot when moved so; takes none where not all do. */
static bool place_bucket(struct name_slots *slots, const struct hashed *bucket, uint8_t move)
{
	uint32_t i, slot;

	for (i = 0; i < bucket->among; i++) {
		slot = msgc__name_slot(bucket[i].hash, move, slots->mask);
		if (slots->at[slot] != 0)
			break;
		slots->at[slot] = (uint16_t)bucket[i].place;
	}
	if (i == bucket->among) {
		slots->moves[bucket->bucket] = move;
		return true;
	}
	while (i-- > 0)
		slots->at[msgc__name_slot(bucket[i].hash, move, slots->mask)] = 0;
	return false;
}

static bool place_all(struct name_slots *slots, const struct hashed *hashed, size_t n)
{
	memset(slots->at, 0, (slots->mask + (size_t)1) * sizeof(*slots->at));
	memset(slots->moves, 0, slots->move_mask + (size_t)1);
	for (size_t i = 0; i < n; i += hashed[i].among) {
		unsigned move = 0;

		while (move <= UINT8_MAX && !place_bucket(slots, &hashed[i], (uint8_t)move))
			move++;
		if (move > UINT8_MAX)
			return false;
	}
	return true;
}

/* One less than the power of two that is at least so many. */
static uint32_t mask_of(size_t least)
{
	uint32_t mask = 0;

	while (mask + (size_t)1 < least)
		mask = mask * 2 + 1;
	return mask;
}

bool name_slots_lay_out(struct name_slots *ret, const char *const *names, size_t n_names)
{
	struct hashed *hashed = memory_get((n_names + 1) * sizeof(*hashed));
	size_t n = take_names(hashed, names, n_names);
	bool placed;

	*ret = (struct name_slots){
	        .mask = mask_of(n + n / 3 + 1), .move_mask = mask_of(n / A_BUCKET)};
	ret->moves = memory_get(ret->move_mask + (size_t)1);
	ret->at = memory_get((ret->mask + (size_t)1) * sizeof(*ret->at));
	hash_all(hashed, n, ret);
	while (!(placed = place_all(ret, hashed, n)) && ret->mask / SLOTS_A_NAME <= n) {
		if (++ret->seed == TRIES) {
			ret->seed = 0;
			ret->mask = ret->mask * 2 + 1;
			ret->at =
			        memory_resize(ret->at, (ret->mask + (size_t)1) * sizeof(*ret->at));
		}
		hash_all(hashed, n, ret);
	}
	free(hashed);
	if (!placed)
		name_slots_clear(ret);
	return placed;
}

void name_slots_clear(struct name_slots *slots)
{
	free(slots->at);
	free(slots->moves);
	*slots = (struct name_slots){0};
}
