/* SPDX-License-Identifier: MIT */
/*
 * The memory of subscriptions, and the list of those that a connection has. It must not know what a client said to get one, nor what is
 * told to it.
 */
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "topic.h"
#include "worker.h"

enum { ARENA_MAX = 64 * 1024, ALIGN = sizeof(max_align_t) };

/* -------------------------------------------------------------------------------------------- memory */

struct msgc_subscription *msgc__subscription_keep(struct msgc_subscription *subscription)
{
	subscription->refs++;
	return subscription;
}

static void release(struct msgc_subscription *subscription)
{
	const struct msgc__served *served = subscription->served;
	const struct msgc_object_type *object = served->consumer->object;

	if (subscription->has_object && object->release)
		object->release(served->handlers, subscription->object);
	msgc_arena_free(&subscription->arena);
	free(subscription->terms);
	free(subscription->rates);
	free(subscription->name);
	free(subscription->group_name);
	free(subscription);
}

void msgc__subscription_drop(struct msgc_subscription *subscription)
{
	if (subscription && --subscription->refs == 0)
		release(subscription);
}

static size_t align(size_t size)
{
	return (size + ALIGN - 1) / ALIGN * ALIGN;
}

/* ---------------------------------------------------------------------------------------------- name */

static void write_member(struct msgc_buf *out, const char *name)
{
	msgc_buf_append_char(out, ',');
	msgc_write_str(out, msgc_str_from(name));
	msgc_buf_append_char(out, ':');
}

/* The name and the stamp in one piece of memory. A frame on the topic's own route may have no name but this very text: it stays. */
int msgc__subscription_rename(struct msgc_subscription *subscription, struct msgc_str name)
{
	const struct msgc_speech *speech = &subscription->served->consumer->speech;
	struct msgc_buf text;
	char *memory = NULL;

	if (subscription->name &&
	        msgc_str_equal(name, msgc_str_of(subscription->name, subscription->name_len)))
		return 0;
	msgc_buf_init(&text, 0);
	msgc_buf_append(&text, name.ptr, name.len);
	if (speech->version) {
		write_member(&text, speech->version);
		msgc_buf_append_char(&text, '1');
	}
	write_member(&text, speech->names.topic);
	msgc_write_str(&text, name);
	if (!text.error)
		memory = malloc(text.len + 1);
	if (memory) {
		memcpy(memory, text.data, text.len);
		memory[text.len] = '\0';
		free(subscription->name);
		subscription->name = memory;
		subscription->name_len = name.len;
		subscription->stamp = msgc_str_of(memory + name.len, text.len - name.len);
	}
	msgc_buf_free(&text);
	return memory ? 0 : MSGC_ENOMEM;
}

/* --------------------------------------------------------------------------------------------- making */

/* What all of them need once their struct knows its parameters. */
static int complete(struct msgc_subscription *subscription, struct msgc_str name)
{
	const struct msgc__served *served = subscription->served;
	const struct msgc_consumer *topic = served->consumer;
	struct msgc_group_name group;
	int result = topic->topic->name(subscription->self, &group);

	if (result < 0)
		return MSGC_ENOTFOUND; /* it is too long for a group's name */
	subscription->group_name = strndup(group.text, group.len);
	if (!subscription->group_name)
		return MSGC_ENOMEM;
	subscription->group = msgc_str_of(subscription->group_name, group.len);
	if (served->rates) {
		subscription->rates = calloc(topic->action_count, sizeof subscription->rates[0]);
		if (!subscription->rates)
			return MSGC_ENOMEM;
	}
	if (topic->term_count > 0 && !subscription->is_own) {
		subscription->terms = malloc(topic->term_count * sizeof subscription->terms[0]);
		if (!subscription->terms)
			return MSGC_ENOMEM;
		for (size_t i = 0; i < topic->term_count; i++)
			subscription->terms[i] = MSGC__UNKNOWN;
	}
	return msgc__subscription_rename(
	        subscription, name.ptr ? name : msgc_str_of(group.text, group.len));
}

static struct msgc_subscription *allocate(struct msgc_connection *connection,
        const struct msgc__served *served, size_t self_size, size_t further)
{
	size_t self_at = align(sizeof(struct msgc_subscription));
	struct msgc_subscription *subscription = calloc(1, self_at + align(self_size) + further);

	if (!subscription)
		return NULL;
	subscription->refs = 1;
	subscription->connection = connection;
	subscription->served = served;
	subscription->self = (char *)subscription + self_at;
	msgc_arena_init(&subscription->arena, ARENA_MAX);
	return subscription;
}

/* One topic's: MSGC_ENOTFOUND if the name is not one of its. */
static int try_topic(struct msgc_connection *connection, const struct msgc__served *served,
        struct msgc_str name, struct msgc_subscription **ret)
{
	const struct msgc_consumer *topic = served->consumer;
	size_t values_size = topic->param_count * sizeof(struct msgc_str);
	struct msgc_subscription *subscription = allocate(connection, served, topic->self_size,
	        align(values_size) + name.len + topic->param_count + 1);
	struct msgc_str *values;
	int result = MSGC_ENOTFOUND;

	if (!subscription)
		return MSGC_ENOMEM;
	values = (struct msgc_str *)(void *)((char *)subscription->self + align(topic->self_size));
	if (msgc__topic_split(topic, name, (char *)values + align(values_size), values)) {
		result = topic->read_params
		        ? topic->read_params(subscription->self, values, &subscription->arena, NULL)
		        : 0;
		if (result == 0)
			result = complete(subscription, name);
		else if (result != MSGC_ENOMEM)
			result = MSGC_ENOTFOUND;
	}
	if (result == 0)
		*ret = subscription;
	else
		msgc__subscription_drop(subscription);
	return result;
}

int msgc__subscription_new(
        struct msgc_connection *connection, struct msgc_str name, struct msgc_subscription **ret)
{
	const struct msgc__served *served = connection->served;
	int result = MSGC_ENOTFOUND;

	if (name.len > MSGC_GROUP_NAME_MAX || !msgc_utf8_valid(name.ptr, name.len))
		return MSGC_ENOTFOUND;
	for (size_t i = 0; i < served->topic_count && result == MSGC_ENOTFOUND; i++) {
		if (msgc__topic_begins(served->topics[i]->consumer, name))
			result = try_topic(connection, served->topics[i], name, ret);
	}
	return result;
}

int msgc__subscription_new_own(struct msgc_connection *connection, struct msgc_subscription **ret)
{
	struct msgc_subscription *subscription = allocate(connection, connection->served, 0, 0);
	int result;

	if (!subscription)
		return MSGC_ENOMEM;
	subscription->is_own = true;
	subscription->self = connection->self;
	result = complete(subscription, msgc_str_of(NULL, 0));
	if (result == 0)
		*ret = subscription;
	else
		msgc__subscription_drop(subscription);
	return result;
}

/* ---------------------------------------------------------------------------------------------- list */

static struct msgc_subscription *find_group(
        const struct msgc_connection *connection, struct msgc_str group)
{
	struct msgc_subscription *at = connection->subscriptions;

	while (at && !msgc_str_equal(at->group, group))
		at = at->next;
	return at;
}

struct msgc_subscription *msgc__subscription_find(
        const struct msgc_connection *connection, struct msgc_str name)
{
	struct msgc_subscription *at = connection->subscriptions, *same;

	while (at && !msgc_str_equal(msgc_str_of(at->name, at->name_len), name))
		at = at->next;
	if (at || !connection->subscriptions)
		return at;
	if (msgc__subscription_new((struct msgc_connection *)connection, name, &same) < 0)
		return NULL;
	at = find_group(connection, same->group);
	msgc__subscription_drop(same);
	return at;
}

void msgc__subscription_add(struct msgc_subscription *subscription)
{
	struct msgc_connection *connection = subscription->connection;

	msgc__spent_take(subscription);
	subscription->next = connection->subscriptions;
	connection->subscriptions = msgc__subscription_keep(subscription);
	connection->subscription_count++;
	msgc__counter_add(&connection->worker->metrics.subscriptions, 1);
}

void msgc__subscription_leave(struct msgc_subscription *subscription)
{
	struct msgc_connection *connection = subscription->connection;
	struct msgc_subscription **link;

	if (subscription->state == MSGC__UNSUBSCRIBED)
		return;
	subscription->state = MSGC__UNSUBSCRIBED;
	msgc__spent_keep(subscription);
	if (subscription->membership)
		msgc__group_leave(connection, subscription->group);
	for (link = &connection->subscriptions; *link; link = &(*link)->next) {
		if (*link != subscription)
			continue;
		*link = subscription->next;
		connection->subscription_count--;
		msgc__counter_add(&connection->worker->metrics.subscriptions, (uint64_t)-1);
		msgc__subscription_drop(subscription);
		return;
	}
}

void msgc__subscription_bind(struct msgc_subscription *subscription, struct msgc_arena *arena)
{
	struct msgc_connection *connection = subscription->connection;
	struct msgc_context context;

	if (subscription->bound == arena)
		return;
	context = (struct msgc_context){
	        .connection = connection,
	        .subscription = subscription,
	        .server = connection->worker->server,
	        .sender = &connection->sender,
	        .user = connection->user ? &connection->user->is : NULL,
	        .arena = arena,
	        .app = subscription->served->app,
	        .object = subscription->is_own ? connection->object : subscription->object,
	};
	subscription->served->consumer->bind(subscription->self, &context);
	subscription->bound = arena;
	if (subscription->is_own)
		connection->bound = NULL;
}
