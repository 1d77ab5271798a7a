/* SPDX-License-Identifier: MIT */
/*
 * A table of counters by address under one lock: it is touched when a connection comes and goes, not by frames. It must not know
 * why somebody is counted.
 */
#include "addresses.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "origin.h"

struct entry {
	struct entry *next;
	int64_t count;
	char address[MSGC__ADDRESS_MAX];
};

enum { BUCKETS = 4096 };

struct msgc__address_count {
	pthread_mutex_t lock;
	struct entry *buckets[BUCKETS];
};

int msgc__addresses_new(struct msgc__address_count **ret)
{
	struct msgc__address_count *addresses = calloc(1, sizeof *addresses);

	if (!addresses)
		return MSGC_ENOMEM;
	pthread_mutex_init(&addresses->lock, NULL);
	*ret = addresses;
	return 0;
}

void msgc__addresses_free(struct msgc__address_count *addresses)
{
	if (!addresses)
		return;
	for (size_t i = 0; i < BUCKETS; i++) {
		while (addresses->buckets[i]) {
			struct entry *entry = addresses->buckets[i];

			addresses->buckets[i] = entry->next;
			free(entry);
		}
	}
	pthread_mutex_destroy(&addresses->lock);
	free(addresses);
}

/* The link that points to the address's entry, or to NULL at the end of its bucket. */
static struct entry **find(struct msgc__address_count *addresses, const char *address)
{
	uint64_t hash = msgc_hash_bytes(0, address, strlen(address));
	struct entry **link = &addresses->buckets[hash % BUCKETS];

	while (*link && strcmp((*link)->address, address) != 0)
		link = &(*link)->next;
	return link;
}

static int enter(struct msgc__address_count *addresses, const char *address, int64_t most)
{
	struct entry **link = find(addresses, address);
	size_t len = strlen(address);

	if (*link) {
		if (most > 0 && (*link)->count >= most)
			return MSGC_ELIMIT;
	} else {
		if (len >= sizeof(*link)->address)
			return MSGC_EINVAL;
		*link = calloc(1, sizeof **link);
		if (!*link)
			return MSGC_ENOMEM;
		memcpy((*link)->address, address, len + 1);
	}
	(*link)->count++;
	return 0;
}

int msgc__addresses_enter(struct msgc__address_count *addresses, const char *address, int64_t most)
{
	int result;

	pthread_mutex_lock(&addresses->lock);
	result = enter(addresses, address, most);
	pthread_mutex_unlock(&addresses->lock);
	return result;
}

void msgc__addresses_leave(struct msgc__address_count *addresses, const char *address)
{
	struct entry **link;

	pthread_mutex_lock(&addresses->lock);
	link = find(addresses, address);
	if (*link && --(*link)->count == 0) {
		struct entry *entry = *link;

		*link = entry->next;
		free(entry);
	}
	pthread_mutex_unlock(&addresses->lock);
}
