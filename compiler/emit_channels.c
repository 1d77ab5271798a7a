/* SPDX-License-Identifier: MIT */
/*
 * emit_channels.c - from consumers and topics to what travels over them.
 *
 * The order is that of the contract: what clients may send, then what they may hear, standard
 * messages last. Knows nothing of what is written.
 */
#include "emit_channels.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* A standard message as this contract frames it. */
struct channel_standard {
	const struct model_message *declared;
	struct model_message framed;
	bool incoming;
};

/* ------------------------------------------------------- standard messages */

static const struct model_contract *find_std(const struct model *model)
{
	const struct model_contract *main = model->main;

	if (main->envelope.std_off || main->is_builtin || main->options.discriminator == NULL)
		return NULL;
	for (size_t i = 0; i < model->n_contracts; i++) {
		const struct model_contract *contract = model->contracts[i];

		if (contract->is_builtin && strcmp(contract->name, "std") == 0)
			return contract;
	}
	return NULL;
}

static const struct model_discriminator *first_key(
        struct arena *arena, const struct model_discriminator *all)
{
	struct model_discriminator *first = arena_alloc(arena, sizeof(*first));

	*first = *all;
	first->n_keys = 1;
	return first;
}

/* The same object for the same message and direction, so that pointers can be compared. */
static const struct model_message *framed(
        struct channels *c, const struct model_message *message, bool incoming)
{
	const struct model_contract *main = c->model->main;
	struct channel_standard *row;

	if (!message->is_std || c->std == NULL)
		return message;
	for (size_t i = 0; i < c->standard.n; i++) {
		row = c->standard.items[i];
		if (row->declared == message && row->incoming == incoming)
			return &row->framed;
	}
	row = arena_alloc(c->arena, sizeof(*row));
	*row = (struct channel_standard){message, *message, incoming};
	row->framed.contract = main;
	row->framed.discriminator =
	        first_key(c->arena, incoming ? &main->options.receive : &main->options.send);
	vec_push(&c->standard, row);
	return &row->framed;
}

static const struct model_message *find_standard(const struct channels *c, const char *name)
{
	for (size_t i = 0; i < c->std->n_messages; i++) {
		if (strcmp(c->std->messages[i]->name, name) == 0)
			return c->std->messages[i];
	}
	return NULL;
}

/* ---------------------------------------------------------------- messages */

/* No name has a dot. */
static const char *id_of(struct channels *c, const struct model_message *message)
{
	if (message->is_std || message->contract == c->model->main)
		return message->name;
	return arena_printf(c->arena, "%s.%s", message->contract->name, message->name);
}

static const struct channel_message *put_message(struct channels *c, struct channel *channel,
        const struct model_message *declared, bool incoming)
{
	const struct model_message *message = framed(c, declared, incoming);
	struct channel_message *entry;

	for (size_t i = 0; i < channel->messages.n; i++) {
		entry = channel->messages.items[i];
		if (entry->message == message) {
			entry->incoming = entry->incoming || incoming;
			return entry;
		}
	}
	entry = arena_alloc(c->arena, sizeof(*entry));
	*entry = (struct channel_message){message, id_of(c, declared), incoming};
	vec_push(&channel->messages, entry);
	return entry;
}

/* -------------------------------------------------------------- operations */

static struct channel_operation *put_operation(struct channels *c, struct channel *channel,
        enum channel_verb verb, const struct channel_message *message)
{
	struct channel_operation *operation;

	/* A broadcast of two groups is one operation. */
	for (size_t i = 0; i < channel->operations.n; i++) {
		operation = channel->operations.items[i];
		if (operation->verb == verb && operation->message == message)
			return operation;
	}
	operation = arena_alloc(c->arena, sizeof(*operation));
	*operation = (struct channel_operation){.verb = verb, .message = message};
	vec_push(&channel->operations, operation);
	return operation;
}

static void put_replies(struct channels *c, struct channel *channel,
        struct channel_operation *operation, const struct model_message_ref *refs, size_t n,
        bool incoming)
{
	const struct channel_message **replies = arena_array(c->arena, n, sizeof(*replies));

	for (size_t i = 0; i < n; i++)
		replies[i] = put_message(c, channel, refs[i].message, incoming);
	operation->replies = replies;
	operation->n_replies = n;
}

static void put_standard(struct channels *c, struct channel *channel, const char *name)
{
	const struct model_message *message = find_standard(c, name);

	if (message != NULL)
		put_operation(
		        c, channel, CHANNEL_STANDARD, put_message(c, channel, message, false));
}

/* A client's standard message that the server answers by itself. */
static void put_exchange(
        struct channels *c, struct channel *channel, const char *name, const char *answer)
{
	const struct model_message *message = find_standard(c, name);
	const struct model_message *reply = find_standard(c, answer);
	struct model_message_ref ref;
	struct channel_operation *operation;

	if (message == NULL || reply == NULL)
		return;
	ref = (struct model_message_ref){.message = reply, .c_id = reply->name};
	operation =
	        put_operation(c, channel, CHANNEL_RECEIVE, put_message(c, channel, message, true));
	put_replies(c, channel, operation, &ref, 1, false);
}

/* ------------------------------------------------------------------- clauses */

static void put_clauses(struct channels *c, struct channel *channel)
{
	const struct model_consumer *clause = channel->clause;

	for (size_t i = 0; i < clause->n_receives; i++) {
		const struct model_receive *receive = &clause->receives[i];
		struct channel_operation *operation = put_operation(c, channel, CHANNEL_RECEIVE,
		        put_message(c, channel, receive->in.message, true));

		put_replies(c, channel, operation, receive->replies, receive->n_replies, false);
	}
	for (size_t i = 0; i < clause->n_asks; i++) {
		const struct model_ask *ask = &clause->asks[i];
		struct channel_operation *operation = put_operation(c, channel, CHANNEL_ASK,
		        put_message(c, channel, ask->question.message, false));

		put_replies(c, channel, operation, ask->answers, ask->n_answers, true);
	}
	for (size_t i = 0; i < clause->n_sends; i++)
		put_operation(c, channel, CHANNEL_SEND,
		        put_message(c, channel, clause->sends[i].message, false));
	if (clause->error != NULL)
		put_operation(c, channel, CHANNEL_SEND,
		        put_message(c, channel, clause->error->message, false));
}

static void put_group(struct channels *c, struct channel *channel, const struct model_group *group)
{
	for (size_t i = 0; i < channel->groups.n; i++) {
		if (channel->groups.items[i] == group)
			return;
	}
	vec_push(&channel->groups, (void *)(uintptr_t)group);
	for (size_t i = 0; i < group->n_broadcasts; i++)
		put_operation(c, channel, CHANNEL_BROADCAST,
		        put_message(c, channel, group->broadcasts[i].message, false))
		        ->group = group;
}

static void put_groups(struct channels *c, struct channel *channel)
{
	const struct model_consumer *clause = channel->clause;

	if (clause->topic != NULL)
		put_group(c, channel, clause->topic);
	for (size_t i = 0; i < clause->n_joins; i++)
		put_group(c, channel, clause->joins[i].group);
	for (size_t i = 0; i < clause->n_events; i++) {
		const struct model_consumer_event *event = &clause->events[i];
		const struct model_message_ref *ref =
		        event->output != NULL ? event->output : &event->event;

		put_operation(
		        c, channel, CHANNEL_EVENT, put_message(c, channel, ref->message, false))
		        ->group = event->group;
	}
}

/* ------------------------------------------------------ what needs no clause */

bool channel_has_presence(const struct channel *channel)
{
	for (size_t i = 0; i < channel->groups.n; i++) {
		if (((const struct model_group *)channel->groups.items[i])->has_presence)
			return true;
	}
	return false;
}

bool channel_has_history(const struct channel *channel)
{
	for (size_t i = 0; i < channel->groups.n; i++) {
		if (((const struct model_group *)channel->groups.items[i])->n_histories > 0)
			return true;
	}
	return false;
}

/* What clients may ask of any such connection or topic. */
static void put_standard_requests(struct channels *c, struct channel *channel)
{
	if (channel->is_mounted) {
		put_exchange(c, channel, "subscribe", "subscribed");
		put_exchange(c, channel, "unsubscribe", "unsubscribed");
	} else if (channel->route->accepts_authenticate) {
		put_exchange(c, channel, "authenticate", "authentication");
		put_exchange(c, channel, "refresh", "refreshed");
	}
}

static void put_standard_news(struct channels *c, struct channel *channel)
{
	if (!channel->is_mounted)
		put_standard(c, channel, "authentication");
	if (channel_has_history(channel))
		put_standard(c, channel, "recovered");
	if (channel_has_presence(channel)) {
		put_standard(c, channel, "presence_state");
		put_standard(c, channel, "presence_diff");
	}
	if (channel->route->completion) {
		put_standard(c, channel, "complete");
		put_standard(c, channel, "group_complete");
		put_standard(c, channel, "event_complete");
	}
	put_standard(c, channel, "error");
	if (!channel->is_mounted)
		put_standard(c, channel, "draining");
}

static void put_channel(
        struct channels *c, const struct model_consumer *route, const struct model_consumer *clause)
{
	struct channel *channel = arena_alloc(c->arena, sizeof(*channel));

	*channel = (struct channel){
	        .id = route->name, .route = route, .clause = clause, .is_mounted = route != clause};
	if (channel->is_mounted)
		channel->id = arena_printf(c->arena, "%s.%s", route->name, clause->c_id);
	vec_push(&c->list, channel);
	put_clauses(c, channel);
	if (c->std != NULL)
		put_standard_requests(c, channel);
	put_groups(c, channel);
	if (c->std != NULL)
		put_standard_news(c, channel);
}

/* ----------------------------------------------------------------- the whole */

struct channels *channels_new(const struct model *model)
{
	const struct model_contract *main = model->main;
	struct channels *c = memory_get(sizeof(*c));

	*c = (struct channels){.arena = arena_new(), .model = model, .std = find_std(model)};
	for (size_t i = 0; i < main->n_consumers; i++) {
		const struct model_consumer *consumer = main->consumers[i];

		put_channel(c, consumer, consumer);
		for (size_t j = 0; j < consumer->n_topics; j++)
			put_channel(c, consumer, consumer->topics[j]);
	}
	for (size_t i = 0; i < main->n_topics; i++) {
		if (main->topics[i]->url != NULL)
			put_channel(c, main->topics[i], main->topics[i]);
	}
	return c;
}

void channels_free(struct channels *channels)
{
	if (channels == NULL)
		return;
	for (size_t i = 0; i < channels->list.n; i++) {
		struct channel *channel = channels->list.items[i];

		vec_clear(&channel->groups);
		vec_clear(&channel->messages);
		vec_clear(&channel->operations);
	}
	vec_clear(&channels->list);
	vec_clear(&channels->standard);
	arena_free(channels->arena);
	free(channels);
}

const char *channel_verb_name(enum channel_verb verb)
{
	static const char *const names[CHANNEL_N_VERBS] = {[CHANNEL_RECEIVE] = "receive",
	        [CHANNEL_SEND] = "send",
	        [CHANNEL_ASK] = "ask",
	        [CHANNEL_BROADCAST] = "broadcast",
	        [CHANNEL_EVENT] = "event",
	        [CHANNEL_STANDARD] = "standard"};

	return names[verb];
}

const char *channel_auth_name(enum model_auth kind)
{
	static const char *const names[] = {[MODEL_AUTH_SESSION] = "session",
	        [MODEL_AUTH_JWT] = "jwt",
	        [MODEL_AUTH_TICKET] = "ticket",
	        [MODEL_AUTH_BASIC] = "basic",
	        [MODEL_AUTH_ANONYMOUS] = "anonymous"};

	return names[kind];
}
