/* SPDX-License-Identifier: MIT */
/*
 * Frames that name a topic: whom they are for, and what is said to those who are not let in. A route that serves one topic by itself is a
 * connection with that subscription from its start. It must not know how a subscription is made.
 */
#include "topic.h"

#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "presence.h"
#include "stage.h"
#include "standard.h"
#include "tags.h"
#include "told.h"
#include "worker.h"

bool msgc__topic_any(const struct msgc_connection *connection)
{
	return connection->served->topic_count > 0;
}

/* On a route of its own the topic need not be named. */
void msgc__topic_address(struct msgc__frame *frame, const struct msgc_envelope *envelope)
{
	struct msgc_connection *connection = frame->connection;
	const struct msgc_subscription *own = connection->own_topic;

	if (!msgc__topic_any(connection))
		return;
	if (envelope->has_topic)
		frame->topic = envelope->topic;
	else if (own &&
	        (!msgc__refresh_is(connection, envelope) ||
	                msgc__tags_find(connection->served, envelope) >= 0))
		frame->topic = msgc_str_of(own->name, own->name_len);
}

/* The name is told back in every answer: it must not be longer than one can be. */
static bool refuse_long_name(struct msgc__frame *frame)
{
	struct msgc_problems *problems = &frame->worker->problems;
	char memory[256];
	struct msgc_buf loc;

	if (frame->topic.len <= MSGC_GROUP_NAME_MAX)
		return false;
	msgc_buf_init_fixed(&loc, memory, sizeof memory);
	msgc_buf_append_char(&loc, '[');
	msgc_write_str(&loc, msgc_str_from(frame->connection->served->consumer->envelope.topic));
	msgc_buf_append_char(&loc, ']');
	msgc_problems_add(problems, "string_too_long", msgc_buf_c(&loc),
	        "String should have at most 255 bytes", "{\"max_length\":255}");
	frame->topic = msgc_str_of(NULL, 0);
	msgc__dispatch_refuse(frame, MSGC_ECONTRACT);
	return true;
}

static void not_subscribed(struct msgc__frame *frame)
{
	struct msgc__told_reason reason = {MSGC__TOLD_NOT_SUBSCRIBED, "not_subscribed",
	        MSGC_STR("Not subscribed to this topic."), -1};

	msgc__tell_reason(frame, &reason);
	msgc__dispatch_end(frame);
}

bool msgc__topic_take(struct msgc__frame *frame, const struct msgc_envelope *envelope, int result,
        char *text, size_t len)
{
	struct msgc_subscription *subscription;
	bool is_fine = result == 0;

	if (refuse_long_name(frame))
		return true;
	if (is_fine && msgc__standard_meant(envelope, "subscribe")) {
		msgc__subscribe_begin(frame, text, len);
		return true;
	}
	subscription = msgc__subscription_find(frame->connection, frame->topic);
	if (subscription)
		frame->subscription = msgc__subscription_keep(subscription);
	if (is_fine && msgc__standard_meant(envelope, "unsubscribe")) {
		msgc__unsubscribe_begin(frame);
		return true;
	}
	if (subscription)
		return false;
	if (is_fine)
		not_subscribed(frame);
	else
		msgc__dispatch_refuse(frame, result);
	return true;
}

/* Something that is said on topics alone? */
static bool is_for_topics(const struct msgc__served *served, const struct msgc_envelope *envelope)
{
	if (msgc__standard_meant(envelope, "subscribe") ||
	        msgc__standard_meant(envelope, "unsubscribe"))
		return true;
	for (size_t i = 0; i < served->topic_count; i++) {
		if (msgc__tags_find(served->topics[i], envelope) >= 0)
			return true;
	}
	return false;
}

bool msgc__topic_unnamed(struct msgc__frame *frame, const struct msgc_envelope *envelope)
{
	const struct msgc_consumer *consumer = frame->connection->served->consumer;
	char memory[256];
	struct msgc_buf loc;

	if (frame->topic.ptr || consumer->topic_count == 0 || !consumer->envelope.topic ||
	        !is_for_topics(frame->connection->served, envelope))
		return false;
	msgc_buf_init_fixed(&loc, memory, sizeof memory);
	msgc_buf_append_char(&loc, '[');
	msgc_write_str(&loc, msgc_str_from(consumer->envelope.topic));
	msgc_buf_append_char(&loc, ']');
	msgc_problems_add(
	        &frame->worker->problems, "missing", msgc_buf_c(&loc), "Field required", NULL);
	msgc__dispatch_refuse(frame, MSGC_ECONTRACT);
	return true;
}

/* ------------------------------------------------------------------------------- a route of its own */

static void tell_subscribed(struct msgc_subscription *subscription)
{
	struct msgc_connection *connection = subscription->connection;
	struct msgc_buf *text = &connection->worker->text;
	struct msgc__address address = {
	        .topic = msgc_str_of(subscription->name, subscription->name_len)};

	if (msgc__standard_subscribed(text, connection->served->consumer, false, NULL, address) ==
	        0)
		msgc__connection_put(connection, msgc_buf_str(text), msgc_str_of(NULL, 0));
	else
		msgc__connection_no_memory(connection);
}

/* Who may come in has been asked already, and the object is there: the connection's is the topic's. */
int msgc__topic_enter(struct msgc_connection *connection)
{
	const struct msgc_consumer *topic = connection->served->consumer;
	struct msgc_subscription *subscription;
	int result = msgc__subscription_new_own(connection, &subscription);

	if (result < 0)
		return result;
	connection->own_topic = subscription;
	msgc__subscription_add(subscription);
	subscription->state = MSGC__FOLLOWING;
	tell_subscribed(subscription);
	result = msgc__group_follow(subscription, topic->groups[0].kind, subscription->group);
	return result < 0 ? result : msgc__presence_follow(subscription);
}

void msgc__topics_end(struct msgc_connection *connection)
{
	while (connection->subscriptions)
		msgc__subscription_end(connection->subscriptions, connection->close_code);
}

/* ------------------------------------------------------------------------------------------- public */

int msgc_subscription_send(struct msgc_subscription *subscription, const struct msgc_message *type,
        const void *message)
{
	struct msgc__frame *frame = msgc__frame_current();
	struct msgc_connection *connection;
	struct msgc__worker *worker;
	struct msgc_buf tail = {0};
	struct msgc__address address = {0};
	int result;

	if (!subscription || !type || !message)
		return MSGC_EINVAL;
	connection = subscription->connection;
	worker = connection->worker;
	if (connection->state >= MSGC__CLOSING)
		return MSGC_EGONE;
	if (frame && frame->subscription == subscription)
		return msgc__stage_send(frame, connection, subscription, type, message);
	if (subscription->state != MSGC__FOLLOWING)
		return MSGC_EGONE;
	if (frame)
		return msgc__stage_send(frame, connection, subscription, type, message);
	address.topic = msgc_str_of(subscription->name, subscription->name_len);
	msgc_buf_reset(&worker->text);
	if (msgc__standard_is(type)) {
		result = msgc__standard_plain(
		        &worker->text, connection->served->consumer, type, address);
		if (result == 0)
			msgc__connection_put(
			        connection, msgc_buf_str(&worker->text), msgc_str_of(NULL, 0));
		return result;
	}
	result = msgc__encode(worker->server, type, message, &worker->text);
	if (result < 0)
		return result;
	if (type->kind == MSGC_MESSAGE_GROUP) {
		struct msgc_str face = msgc__face_tail(subscription->served, false, false);

		msgc_buf_append(&tail, face.ptr, face.len - 1);
	}
	result = msgc__standard_tail(&tail, connection->served->consumer, address);
	if (result == 0) {
		worker->text.len--; /* the object's last brace */
		msgc__connection_put(connection, msgc_buf_str(&worker->text), msgc_buf_str(&tail));
	}
	msgc_buf_free(&tail);
	return result < 0 ? result : connection->state >= MSGC__CLOSING ? MSGC_EGONE : 0;
}
