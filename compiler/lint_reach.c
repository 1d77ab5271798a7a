/* SPDX-License-Identifier: MIT */
/*
 * lint_reach.c - which types the values of clients have, and those that clients get.
 *
 * A list that grows while it is walked: types may contain each other without end.
 */
#include <stdint.h>

#include "lint_parts.h"

static size_t slot(const struct lint_reach *reach, const void *type)
{
	uint64_t hash = ((uintptr_t)type >> 4) * UINT64_C(0x9E3779B97F4A7C15);
	size_t at = (size_t)(hash >> 32) & (reach->capacity - 1);

	while (reach->table[at] != NULL && reach->table[at] != type)
		at = (at + 1) & (reach->capacity - 1);
	return at;
}

static void grow(struct arena *arena, struct lint_reach *reach)
{
	size_t i;

	reach->capacity = reach->capacity == 0 ? 256 : reach->capacity * 2;
	reach->table = arena_array(arena, reach->capacity, sizeof(*reach->table));
	for (i = 0; i < reach->types.n; i++)
		reach->table[slot(reach, reach->types.items[i])] = reach->types.items[i];
}

static void add(struct arena *arena, struct lint_reach *reach, const struct model_type *type)
{
	size_t at;

	if (type == NULL)
		return;
	if (reach->types.n * 2 >= reach->capacity)
		grow(arena, reach);
	at = slot(reach, type);
	if (reach->table[at] != NULL)
		return;
	reach->table[at] = type;
	vec_push(&reach->types, (void *)(uintptr_t)type);
}

static void add_parts(struct arena *arena, struct lint_reach *reach, const struct model_type *type)
{
	size_t i;

	add(arena, reach, type->element.type);
	add(arena, reach, type->key);
	/* Further members cannot be bounded in number: what is in them can. */
	if (type->further != NULL)
		add(arena, reach, type->further->element.type);
	for (i = 0; i < type->n_members; i++)
		add(arena, reach, type->members[i].use.type);
	for (i = 0; i < type->n_arms; i++)
		add(arena, reach, type->arms[i].use.type);
}

static void add_ref(
        struct lint *lint, struct lint_reach *reach, const struct model_message_ref *ref)
{
	if (!ref->message->is_std)
		add(lint->arena, reach, ref->message->record);
}

static void add_consumer(struct lint *lint, const struct model_consumer *consumer)
{
	size_t i, j;

	for (i = 0; i < consumer->n_receives; i++)
		add_ref(lint, &lint->from_clients, &consumer->receives[i].in);
	for (i = 0; i < consumer->n_outgoing; i++)
		add_ref(lint, &lint->to_clients, &consumer->outgoing[i]);
	for (i = 0; i < consumer->n_asks; i++) {
		const struct model_ask *ask = &consumer->asks[i];

		add_ref(lint, &lint->to_clients, &ask->question);
		for (j = 0; j < ask->n_answers; j++)
			add_ref(lint, &lint->from_clients, &ask->answers[j]);
	}
	if (consumer->auth_message != NULL)
		add(lint->arena, &lint->from_clients, consumer->auth_message->record);
}

void lint_reach(struct lint *lint)
{
	const struct model_contract *contract = lint->contract;
	size_t i;

	for (i = 0; i < contract->n_consumers; i++)
		add_consumer(lint, contract->consumers[i]);
	for (i = 0; i < contract->n_topics; i++)
		add_consumer(lint, contract->topics[i]);
	for (i = 0; i < lint->from_clients.types.n; i++)
		add_parts(lint->arena, &lint->from_clients, lint->from_clients.types.items[i]);
	for (i = 0; i < lint->to_clients.types.n; i++)
		add_parts(lint->arena, &lint->to_clients, lint->to_clients.types.items[i]);
}
