/* SPDX-License-Identifier: MIT */
/*
 * emit_reference_index.c - every message once, with all that channels say of it.
 */
#include "emit_reference.h"

#include <string.h>

static struct reference_entry *find(const struct reference *r, const char *id)
{
	for (size_t i = 0; i < r->entries.n; i++) {
		struct reference_entry *entry = r->entries.items[i];

		if (strcmp(entry->id, id) == 0)
			return entry;
	}
	return NULL;
}

const char *reference_message_id(struct reference *r, const struct model_message *message)
{
	if (message->is_std)
		return message->name;
	return reference_name(r, message->contract, message->name);
}

static void put(struct reference *r, const struct model_message *message, const char *id)
{
	struct reference_entry *entry;

	if (find(r, id) != NULL)
		return;
	entry = arena_alloc(r->arena, sizeof(*entry));
	*entry = (struct reference_entry){.message = message, .id = id};
	vec_push(&r->entries, entry);
}

static void put_once(struct vec *list, const void *item)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->items[i] == item)
			return;
	}
	vec_push(list, (void *)(uintptr_t)item);
}

static void put_messages(struct reference *r, bool standard)
{
	for (size_t i = 0; i < r->channels->list.n; i++) {
		const struct channel *channel = r->channels->list.items[i];

		for (size_t j = 0; j < channel->messages.n; j++) {
			const struct channel_message *message = channel->messages.items[j];

			if (message->message->is_std == standard)
				put(r, message->message, message->id);
		}
	}
}

/* Whether anybody joins it or not: its description leads to them. */
static void put_group(struct reference *r, const struct model_group *group)
{
	for (size_t i = 0; i < group->n_broadcasts; i++) {
		const struct model_message *message = group->broadcasts[i].message;

		put(r, message, reference_message_id(r, message));
	}
}

static void note_channel(struct reference *r, const struct channel *channel)
{
	for (size_t i = 0; i < channel->messages.n; i++) {
		const struct channel_message *message = channel->messages.items[i];

		put_once(&find(r, message->id)->channels, channel);
	}
	for (size_t i = 0; i < channel->operations.n; i++) {
		const struct channel_operation *operation = channel->operations.items[i];
		struct reference_entry *entry = find(r, operation->message->id);
		bool sent = operation->verb == CHANNEL_RECEIVE;

		*(sent ? &entry->is_sent : &entry->is_heard) = true;
		if (operation->group != NULL)
			put_once(&entry->groups, operation->group);
		for (size_t j = 0; j < operation->n_replies; j++) {
			struct reference_entry *reply = find(r, operation->replies[j]->id);

			*(sent ? &reply->is_heard : &reply->is_sent) = true;
			put_once(&entry->answers, reply);
			put_once(&reply->questions, entry);
		}
	}
}

void reference_index(struct reference *r)
{
	const struct model_contract *main = r->model->main;

	for (size_t i = 0; i < main->n_messages; i++)
		put(r, main->messages[i], main->messages[i]->name);
	for (size_t i = 0; i < main->n_groups; i++)
		put_group(r, main->groups[i]);
	put_messages(r, false);
	put_messages(r, true);
	for (size_t i = 0; i < r->channels->list.n; i++)
		note_channel(r, r->channels->list.items[i]);
}

void reference_index_clear(struct reference *r)
{
	for (size_t i = 0; i < r->entries.n; i++) {
		struct reference_entry *entry = r->entries.items[i];

		vec_clear(&entry->channels);
		vec_clear(&entry->answers);
		vec_clear(&entry->questions);
		vec_clear(&entry->groups);
	}
	vec_clear(&r->entries);
}

void reference_groups(const struct reference *r, struct vec *ret_groups)
{
	const struct model_contract *main = r->model->main;
	struct emit_seen seen = {0};

	for (size_t i = 0; i < main->n_groups; i++) {
		if (emit_seen_add(&seen, main->groups[i]))
			vec_push(ret_groups, (void *)(uintptr_t)main->groups[i]);
	}
	for (size_t i = 0; i < r->channels->list.n; i++) {
		const struct channel *channel = r->channels->list.items[i];

		for (size_t j = 0; j < channel->groups.n; j++) {
			if (emit_seen_add(&seen, channel->groups.items[j]))
				vec_push(ret_groups, channel->groups.items[j]);
		}
	}
	emit_seen_clear(&seen);
}

void reference_claim_own_types(struct reference *r)
{
	const struct model_contract *main = r->model->main;
	struct vec pieces = {0};

	for (size_t i = 0; i < main->n_aliases; i++) {
		const struct model_use use = {
		        .type = main->aliases[i]->target.type, .alias = main->aliases[i]};

		reference_pieces(r, &pieces, &use);
	}
	for (size_t i = 0; i < main->n_types; i++) {
		const struct model_use use = {.type = main->types[i]};

		if (main->types[i]->name != NULL && main->types[i]->message == NULL)
			reference_pieces(r, &pieces, &use);
	}
	vec_clear(&pieces);
}
