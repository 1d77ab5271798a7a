/* SPDX-License-Identifier: MIT */
/*
 * A topic that the client follows over its connection: subscribing, coming back to it, leaving it. It must not know what is said about it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>
#include <msgc/std.msgc.h>

#include "internal.h"

struct msgc_channel *msgc__topic_find(struct msgc_client *client, struct msgc_str name)
{
	struct msgc_channel *topic;

	LIST_FOREACH(topic, &client->topics, link)
	{
		if (msgc_str_equal(msgc_str_from(topic->name), name))
			return topic;
	}
	return NULL;
}

static void set_phase(
        struct msgc_channel *topic, enum msgc_topic_phase phase, const struct msgc_outcome *why)
{
	if (topic->phase == phase)
		return;
	topic->phase = phase;
	if (topic->told)
		topic->told(topic->app, topic, phase, why);
}

/* {"epoch":…,"seq":…}: from there on, or where the stream stands. */
static void write_position(const struct msgc_channel *topic, struct msgc_buf *out)
{
	const struct msgc__positions *positions = &topic->positions;
	bool any = positions->count > 0;

	msgc_buf_append_str(out, "{\"epoch\":");
	msgc_write_str(out, msgc_str_from(any ? positions->items[0].at.epoch : ""));
	msgc_buf_append_str(out, ",\"seq\":");
	msgc_write_int64(out, any ? positions->items[0].at.seq : 0);
	msgc_buf_append_char(out, '}');
}

static void ask(struct msgc_channel *topic)
{
	struct msgc_client *client = topic->client;
	struct msgc_buf payload = {0};
	bool has_position = topic->type->recoverable || topic->positions.count > 0;

	if (client->state.phase != MSGC_CLIENT_LIVE)
		return;
	if (has_position)
		write_position(topic, &payload);
	topic->asked = ++client->last_ref;
	if (msgc__standard_send(client, "subscribe", has_position ? msgc_buf_c(&payload) : NULL,
	            topic->name, topic->asked) != MSGC_OK)
		msgc__keep_drop(client, 1006, "There is no room for what has to be sent.");
	msgc_buf_free(&payload);
}

/* It is not followed any more, for this reason. */
static void end(
        struct msgc_channel *topic, enum msgc_topic_phase phase, const struct msgc_outcome *why)
{
	topic->asked = 0;
	msgc__parcels_abandon(topic, why);
	msgc__parcels_close(topic, why);
	set_phase(topic, phase, why);
}

/* ------------------------------------------------------------------------------------- called by the client */

void msgc__topics_live(struct msgc_client *client)
{
	struct msgc_channel *topic;

	LIST_FOREACH(topic, &client->topics, link)
	{
		if (!topic->is_wanted || topic->phase == MSGC_TOPIC_REFUSED)
			continue;
		set_phase(topic, MSGC_TOPIC_SUBSCRIBING, NULL);
		ask(topic);
	}
}

void msgc__topics_down(struct msgc_client *client, bool is_final, const struct msgc_outcome *why)
{
	struct msgc_channel *topic;

	LIST_FOREACH(topic, &client->topics, link)
	{
		topic->asked = 0;
		if (topic->phase == MSGC_TOPIC_SUBSCRIBED)
			set_phase(topic, MSGC_TOPIC_SUBSCRIBING, NULL);
		if (is_final)
			msgc__parcels_close(topic, why);
	}
}

/* Without a recovery the answer itself says where the stream stands. */
static void subscribed(struct msgc_channel *topic, struct msgc_str payload)
{
	struct msgc_client *client = topic->client;
	struct msgc_std_subscribed message;
	struct msgc_buf *text = &client->scratch;
	bool is_read;

	msgc_buf_reset(text);
	msgc_buf_append_str(text, "{\"action\":\"subscribed\",\"payload\":");
	msgc_buf_append_str(text, payload.len > 0 ? "" : "null");
	msgc_buf_append(text, payload.ptr, payload.len);
	msgc_buf_append_char(text, '}');
	is_read = !text->error &&
	        msgc_std_subscribed_decode(
	                text->data, text->len, NULL, &client->arena, &message, NULL) == MSGC_OK;
	if (is_read && message.has_payload && !message.payload_is_null &&
	        !message.payload.recovered &&
	        msgc__positions_settle(&topic->positions, msgc_str_from(topic->name), false,
	                message.payload.epoch, message.payload.seq) &&
	        topic->was_subscribed)
		msgc__channel_gap(topic, msgc_str_from(topic->name));
	topic->asked = 0;
	topic->was_subscribed = true;
	set_phase(topic, MSGC_TOPIC_SUBSCRIBED, NULL);
	msgc__parcels_flush(topic);
}

/* The server's own doing: access was withdrawn, say. */
static void withdrawn(struct msgc_channel *topic)
{
	struct msgc_outcome outcome = msgc__outcome(
	        MSGC_ENOTFOUND, "not_subscribed", "The server has ended the subscription.");

	topic->is_wanted = topic->was_subscribed = false;
	end(topic, MSGC_TOPIC_UNSUBSCRIBED, &outcome);
}

static bool is_asked(const struct msgc_channel *topic, struct msgc_str ref)
{
	char asked[24];

	snprintf(asked, sizeof(asked), "%" PRIu64, topic->asked);
	return topic->asked != 0 && msgc_str_equal(ref, msgc_str_from(asked));
}

void msgc__topic_frame(struct msgc_channel *topic, const struct msgc_client_frame *frame,
        const struct msgc_envelope *envelope, struct msgc_str payload)
{
	struct msgc_client *client = topic->client;
	struct msgc_outcome outcome;

	if (msgc_key_is(frame->action, "subscribed")) {
		if (topic->is_wanted && is_asked(topic, frame->ref))
			subscribed(topic, payload);
	} else if (msgc_key_is(frame->action, "unsubscribed")) {
		if (topic->is_wanted && frame->ref.len == 0)
			withdrawn(topic);
	} else if (msgc_key_is(frame->action, "error") && is_asked(topic, frame->ref)) {
		msgc__standard_outcome(client, payload, &outcome);
		end(topic, MSGC_TOPIC_REFUSED, &outcome);
	} else if (msgc__standard_take(client, topic, frame, payload)) {
		return;
	} else if (topic->is_wanted || msgc__parcel_find(client, frame->ref)) {
		msgc__channel_receive(topic, frame, envelope, payload);
	} /* What comes otherwise was on its way when it was left. */
}

/* ------------------------------------------------------------------------------------------- for programs */

int msgc_client_topic(struct msgc_client *client, const struct msgc_client_type *type,
        struct msgc_str name, const void *handlers, void *app, struct msgc_channel **ret)
{
	struct msgc_channel *topic;

	if (type->abi != MSGC_GENERATED_ABI || !client->type->said.topic ||
	        msgc__topic_find(client, name) || memchr(name.ptr, '\0', name.len))
		return MSGC_EINVAL;
	topic = calloc(1, sizeof(*topic));
	if (!topic)
		return MSGC_ENOMEM;
	if (msgc__channel_init(topic, client, type, handlers, app) != MSGC_OK) {
		free(topic);
		return MSGC_ENOMEM;
	}
	topic->name = strndup(name.ptr, name.len);
	topic->closed = MSGC_EGONE;
	if (!topic->name) {
		msgc__channel_clear(topic);
		free(topic);
		return MSGC_ENOMEM;
	}
	LIST_INSERT_HEAD(&client->topics, topic, link);
	*ret = topic;
	return MSGC_OK;
}

void msgc_topic_on_phase(struct msgc_channel *topic, msgc_topic_fn *told)
{
	topic->told = told;
}

enum msgc_topic_phase msgc_topic_phase_of(const struct msgc_channel *topic)
{
	return topic->phase;
}

int msgc_topic_subscribe(struct msgc_channel *topic)
{
	if (!topic->name)
		return MSGC_EINVAL;
	if (topic->client->main.closed)
		return MSGC_EGONE;
	topic->is_wanted = true;
	topic->closed = 0;
	if (topic->phase == MSGC_TOPIC_SUBSCRIBED || topic->phase == MSGC_TOPIC_SUBSCRIBING)
		return MSGC_OK;
	set_phase(topic, MSGC_TOPIC_SUBSCRIBING, NULL);
	if (topic->phase == MSGC_TOPIC_SUBSCRIBING && topic->asked == 0)
		ask(topic);
	return MSGC_OK;
}

void msgc_topic_unsubscribe(struct msgc_channel *topic)
{
	struct msgc_outcome outcome =
	        msgc__outcome(MSGC_EGONE, "not_subscribed", "The topic is no longer followed.");
	struct msgc_client *client = topic->client;

	if (!topic->is_wanted)
		return;
	topic->is_wanted = topic->was_subscribed = false;
	memset(&topic->positions, 0, sizeof(topic->positions));
	if (client->state.phase == MSGC_CLIENT_LIVE && topic->phase != MSGC_TOPIC_REFUSED)
		(void)msgc__standard_send(
		        client, "unsubscribe", NULL, topic->name, ++client->last_ref);
	end(topic, MSGC_TOPIC_UNSUBSCRIBED, &outcome);
}

void msgc_topic_free(struct msgc_channel *topic)
{
	if (!topic)
		return;
	topic->told = NULL;
	msgc_topic_unsubscribe(topic);
	LIST_REMOVE(topic, link);
	msgc__channel_clear(topic);
	free(topic);
}
