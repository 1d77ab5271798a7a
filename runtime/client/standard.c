/* SPDX-License-Identifier: MIT */
/*
 * Standard messages: those that the client sends by itself, and those about the connection that it deals with by itself. It must not know what the
 * contract says beside.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <msgc/codec_gen.h>
#include <msgc/std.msgc.h>

#include "internal.h"

int msgc__standard_send(struct msgc_client *client, const char *action, const char *payload,
        const char *topic, uint64_t ref)
{
	const struct msgc_envelope_names *names = &client->type->said;
	struct msgc_envelope envelope = {0};
	struct msgc_buf *out = &client->scratch;
	char number[24];
	int result;

	if (!client->type->has_std || !client->is_open)
		return MSGC_EGONE;
	snprintf(number, sizeof(number), "%" PRIu64, ref);
	envelope.has_ref = ref != 0 && names->ref;
	envelope.ref = msgc_str_from(number);
	envelope.has_topic = topic != NULL;
	envelope.topic = msgc_str_from(topic);
	msgc_buf_reset(out);
	msgc_buf_append_char(out, '{');
	msgc_write_str(out, msgc_str_from(names->keys[0]));
	msgc_buf_append_char(out, ':');
	msgc_write_str(out, msgc_str_from(action));
	if (payload) {
		msgc_buf_append_str(out, ",\"payload\":");
		msgc_buf_append_str(out, payload);
	}
	msgc_buf_append_char(out, '}');
	result = msgc_envelope_write(out, names, &envelope);
	return result == MSGC_OK ? msgc__wire_send(client->wire, msgc_buf_str(out)) : result;
}

/* A standard message from its payload, whatever the contract calls the discriminator. */
static bool read_message(struct msgc_client *client, const struct msgc_message *message,
        struct msgc_str payload, void *ret)
{
	struct msgc_buf *text = &client->scratch;

	msgc_buf_reset(text);
	msgc_buf_append_str(text, "{\"action\":");
	msgc_write_str(text, msgc_str_of(message->name, message->name_len));
	if (payload.len > 0) {
		msgc_buf_append_str(text, ",\"payload\":");
		msgc_buf_append(text, payload.ptr, payload.len);
	}
	msgc_buf_append_char(text, '}');
	return !text->error &&
	        msgc_type_decode(message->type, text->data, text->len, NULL, &client->arena, ret,
	                NULL) == MSGC_OK;
}

/* ------------------------------------------------------------------------------------------------- errors */

static const struct {
	const char *reason;
	int result;
} reasons[] = {
        {"refused", MSGC_EREFUSED},
        {"rate_limited", MSGC_EBUSY},
        {"busy", MSGC_EBUSY},
        {"handler_failed", MSGC_EINTERNAL},
        {"too_large", MSGC_ELIMIT},
        {"conflict", MSGC_ECONFLICT},
        {"unauthorized", MSGC_EDENIED},
        {"unknown_topic", MSGC_ENOTFOUND},
        {"not_subscribed", MSGC_ENOTFOUND},
};

static int result_of(struct msgc_str reason)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (msgc_str_equal(reason, msgc_str_from(reasons[i].reason)))
			return reasons[i].result;
	}
	return MSGC_EREFUSED; /* of a server newer than this client */
}

static void read_reason(
        struct msgc_client *client, struct msgc_str payload, struct msgc_outcome *ret)
{
	struct msgc_object object;
	struct msgc_reader r;
	double wait = 0;

	if (!msgc_reader_open_copy(&r, payload.ptr, payload.len, NULL, &client->arena, NULL) ||
	        !msgc_read_object(&r, &object))
		return;
	while (msgc_read_member(&r, &object)) {
		if (msgc_key_is(object.at.key, "reason"))
			(void)msgc_read_str(&r, &ret->reason);
		else if (msgc_key_is(object.at.key, "detail"))
			(void)msgc_read_str(&r, &ret->detail);
		else if (msgc_key_is(object.at.key, "retry_after"))
			(void)msgc_read_float64(&r, &wait);
		else
			msgc_read_skip(&r);
	}
	msgc_read_object_end(&r, &object);
	(void)msgc_reader_close(&r);
	if (wait > 0 && wait < 1e9)
		ret->retry_after_ms = (int64_t)(wait * 1000);
}

void msgc__standard_outcome(
        struct msgc_client *client, struct msgc_str payload, struct msgc_outcome *ret)
{
	*ret = msgc__outcome(MSGC_EREFUSED, "refused", "The server gives no reason.");
	ret->payload = payload;
	if (payload.len > 0 && payload.ptr[0] == '[') {
		ret->result = MSGC_ECONTRACT;
		ret->reason = msgc_str_from("invalid");
		ret->detail = msgc_str_from("The frame breaks the contract.");
	} else if (payload.len > 0 && payload.ptr[0] == '{') {
		read_reason(client, payload, ret);
		ret->result = result_of(ret->reason);
	}
}

/* --------------------------------------------------------------------------------- about the connection */

static void authenticated(struct msgc_client *client, struct msgc_str payload)
{
	struct msgc_std_authentication message;

	if (!read_message(client, &msgc_std_authentication_message, payload, &message))
		return;
	if (message.payload.status_code == 200) {
		if (client->state.phase == MSGC_CLIENT_CONNECTING)
			msgc__keep_live(client);
		return;
	}
	/* The close that follows ends it; this says why. */
	snprintf(client->refusal, sizeof(client->refusal), "%.*s",
	        (int)msgc_utf8_cut(message.payload.data.detail.ptr, message.payload.data.detail.len,
	                sizeof(client->refusal) - 1),
	        message.payload.data.detail.ptr);
}

static void draining(struct msgc_client *client, struct msgc_str payload)
{
	struct msgc_std_draining message;

	if (!read_message(client, &msgc_std_draining_message, payload, &message))
		return;
	client->hint_ms = message.payload.reconnect_after_ms;
	if (client->options.events.draining)
		client->options.events.draining(client->options.app, client, client->hint_ms);
}

static void refreshed(struct msgc_client *client, struct msgc_str payload)
{
	struct msgc_std_refreshed message;

	if (!read_message(client, &msgc_std_refreshed_message, payload, &message))
		return;
	client->expires_at = message.payload.expires_at.seconds;
	msgc__credentials_schedule(client);
	if (client->options.events.refreshed)
		client->options.events.refreshed(client->options.app, client, client->expires_at);
}

static void recovered(
        struct msgc_client *client, struct msgc_channel *channel, struct msgc_str payload)
{
	const struct msgc_client_events *events = &client->options.events;
	struct msgc_std_recovered message;
	bool is_gap;

	if (!read_message(client, &msgc_std_recovered_message, payload, &message))
		return;
	is_gap = msgc__positions_settle(&channel->positions, message.payload.group,
	        message.payload.recovered, message.payload.epoch, message.payload.seq);
	if (events->recovered)
		events->recovered(client->options.app, channel, message.payload.group,
		        message.payload.recovered);
	if (is_gap && (!channel->name || channel->was_subscribed))
		msgc__channel_gap(channel, message.payload.group);
}

static void presence_state(struct msgc_client *client, struct msgc_str payload)
{
	struct msgc_std_presence_state message;

	if (client->options.events.presence_state &&
	        read_message(client, &msgc_std_presence_state_message, payload, &message))
		client->options.events.presence_state(client->options.app, client, &message);
}

static void presence_diff(struct msgc_client *client, struct msgc_str payload)
{
	struct msgc_std_presence_diff message;

	if (client->options.events.presence_diff &&
	        read_message(client, &msgc_std_presence_diff_message, payload, &message))
		client->options.events.presence_diff(client->options.app, client, &message);
}

/* The server asks whether we are there. */
static void ping(struct msgc_client *client, struct msgc_str ref)
{
	uint64_t number = 0;
	bool is_number = ref.len > 0 && ref.len < 19;

	for (size_t i = 0; is_number && i < ref.len; i++) {
		is_number = ref.ptr[i] >= '0' && ref.ptr[i] <= '9';
		number = number * 10 + (uint64_t)(ref.ptr[i] - '0');
	}
	(void)msgc__standard_send(client, "pong", NULL, NULL, is_number ? number : 0);
}

bool msgc__standard_take(struct msgc_client *client, struct msgc_channel *channel,
        const struct msgc_client_frame *frame, struct msgc_str payload)
{
	struct msgc_str action = frame->action;

	if (!client->type->has_std)
		return false;
	if (msgc_key_is(action, "authentication"))
		authenticated(client, payload);
	else if (msgc_key_is(action, "ping"))
		ping(client, frame->ref);
	else if (msgc_key_is(action, "draining"))
		draining(client, payload);
	else if (msgc_key_is(action, "refreshed"))
		refreshed(client, payload);
	else if (msgc_key_is(action, "recovered"))
		recovered(client, channel, payload);
	else if (msgc_key_is(action, "presence_state"))
		presence_state(client, payload);
	else if (msgc_key_is(action, "presence_diff"))
		presence_diff(client, payload);
	else if (msgc_key_is(action, "pong"))
		return msgc__parcel_find(client, frame->ref) == NULL;
	else
		/* A topic on a route of its own is followed from the beginning. */
		return !channel->name &&
		        (msgc_key_is(action, "subscribed") || msgc_key_is(action, "unsubscribed"));
	return true;
}
