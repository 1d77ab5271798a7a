/* SPDX-License-Identifier: MIT */
/*
 * What a client has spent of a topic's rates stays with its connection when it leaves the topic: coming back does not fill the buckets. It
 * must not know what the rates are.
 */
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "topic.h"
#include "worker.h"

struct msgc__spent {
	struct msgc__spent *next;
	const struct msgc__served *served;
	uint64_t group; /* a hash of its name: two that share one would share a rate, no more */
	struct msgc__bucket rate;
	struct msgc__bucket rates[]; /* as many as the topic has actions, or none */
};

static uint64_t hash_of(const struct msgc_subscription *subscription)
{
	return msgc_hash_bytes(0, subscription->group.ptr, subscription->group.len);
}

static size_t rates_size(const struct msgc_subscription *subscription)
{
	size_t count = subscription->rates ? subscription->served->consumer->action_count : 0;

	return count * sizeof(struct msgc__bucket);
}

/* Those left longest ago are forgotten: their buckets are fuller than the others'. */
static void bound(struct msgc_connection *connection)
{
	int64_t most = connection->worker->config->max_topics;
	struct msgc__spent **link = &connection->spent;

	while (*link && most-- > 0)
		link = &(*link)->next;
	while (*link) {
		struct msgc__spent *oldest = *link;

		*link = oldest->next;
		free(oldest);
	}
}

void msgc__spent_keep(const struct msgc_subscription *subscription)
{
	struct msgc_connection *connection = subscription->connection;
	size_t size = rates_size(subscription);
	struct msgc__spent *spent;

	if (connection->state >= MSGC__CLOSING ||
	        (size == 0 && subscription->served->consumer->rate.tokens == 0))
		return;
	spent = malloc(sizeof *spent + size);
	if (!spent)
		return; /* then it is forgotten: the connection's own rates still hold */
	spent->served = subscription->served;
	spent->group = hash_of(subscription);
	spent->rate = subscription->rate;
	if (size > 0)
		memcpy(spent->rates, subscription->rates, size);
	spent->next = connection->spent;
	connection->spent = spent;
	bound(connection);
}

void msgc__spent_take(struct msgc_subscription *subscription)
{
	struct msgc__spent **link = &subscription->connection->spent, *spent;
	size_t size = rates_size(subscription);
	uint64_t group = *link ? hash_of(subscription) : 0;

	while (*link && ((*link)->served != subscription->served || (*link)->group != group))
		link = &(*link)->next;
	spent = *link;
	if (!spent)
		return;
	*link = spent->next;
	subscription->rate = spent->rate;
	if (size > 0)
		memcpy(subscription->rates, spent->rates, size);
	free(spent);
}

void msgc__spent_free(struct msgc_connection *connection)
{
	while (connection->spent) {
		struct msgc__spent *spent = connection->spent;

		connection->spent = spent->next;
		free(spent);
	}
}
