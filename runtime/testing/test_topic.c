/* SPDX-License-Identifier: MIT */
/*
 * A client's side of topics: asking for one, leaving it, and what comes from it. It must not know how frames travel.
 */
#include "testing.h"

#include <stdio.h>
#include <string.h>

#include <msgc/codec_gen.h>

static void write_member(struct msgc_buf *out, const char *name)
{
	msgc_buf_append_char(out, ',');
	msgc_write_str(out, msgc_str_from(name));
	msgc_buf_append_char(out, ':');
}

/* What stands beside a message; `ref` NULL: none. */
static void write_address(struct msgc_buf *out, const struct msgc_envelope_names *names,
        const char *topic, const char *ref)
{
	write_member(out, names->topic);
	msgc_write_str(out, msgc_str_from(topic));
	if (!ref)
		return;
	write_member(out, names->ref);
	if (names->ref_type)
		msgc_buf_append_str(out, ref);
	else
		msgc_write_str(out, msgc_str_from(ref));
}

static void send_and_free(struct msgc_test_client *client, struct msgc_buf *text)
{
	if (text->error)
		msgc__test_fail("the message cannot be encoded: %s", msgc_error_name(text->error));
	msgc_test_send_text(client, text->data, text->len);
	msgc_buf_free(text);
}

/* Which no test uses for itself. */
static const char *next_ref(struct msgc_test_client *client)
{
	char ref[16];

	snprintf(ref, sizeof ref, "%d", 900000 + ++client->refs);
	return msgc__test_copy(client->test, ref, strlen(ref));
}

/* The frame that answers: passes over all others. */
static const struct msgc_test_frame *answer(struct msgc_test_client *client, const char *ref)
{
	const struct msgc_test_frame *frame;

	do
		frame = msgc_test_receive(client);
	while (!msgc_str_equal(frame->ref, msgc_str_from(ref)));
	return frame;
}

/* {"action":ACTION,"topic":…,"ref":…}, with a payload unless that is NULL. */
static const struct msgc_test_frame *ask(
        struct msgc_test_client *client, const char *action, const char *topic, const char *payload)
{
	const struct msgc_envelope_names *names = &client->test->names;
	const char *ref = next_ref(client);
	struct msgc_buf text;

	msgc_buf_init(&text, 0);
	msgc_buf_append_char(&text, '{');
	msgc_write_str(&text, msgc_str_from(names->keys[0]));
	msgc_buf_append_char(&text, ':');
	msgc_write_str(&text, msgc_str_from(action));
	write_address(&text, names, topic, ref);
	if (payload) {
		write_member(&text, "payload");
		msgc_buf_append_str(&text, payload);
	}
	msgc_buf_append_char(&text, '}');
	send_and_free(client, &text);
	return answer(client, ref);
}

static const struct msgc_test_frame *must_be(
        const struct msgc_test_frame *frame, const char *action, const char *topic)
{
	if (!msgc_str_equal(frame->action, msgc_str_from(action)) ||
	        !msgc_str_equal(frame->topic, msgc_str_from(topic)))
		msgc__test_fail("not %s for topic %s: %s", action, topic, frame->text.ptr);
	return frame;
}

const struct msgc_test_frame *msgc_test_subscribe(
        struct msgc_test_client *client, const char *topic)
{
	return must_be(ask(client, "subscribe", topic, NULL), "subscribed", topic);
}

const struct msgc_test_frame *msgc_test_unsubscribe(
        struct msgc_test_client *client, const char *topic)
{
	return must_be(ask(client, "unsubscribe", topic, NULL), "unsubscribed", topic);
}

const struct msgc_test_frame *msgc_test_subscribe_from(
        struct msgc_test_client *client, const char *topic, const char *epoch, int64_t seq)
{
	const struct msgc_test_frame *frame;
	struct msgc_buf payload;

	msgc_buf_init(&payload, 0);
	msgc_buf_append_str(&payload, "{\"epoch\":");
	msgc_write_str(&payload, msgc_str_from(epoch));
	msgc_buf_append_str(&payload, ",\"seq\":");
	msgc_write_int64(&payload, seq);
	msgc_buf_append_char(&payload, '}');
	if (payload.error)
		msgc__test_fail("no memory");
	frame = ask(client, "subscribe", topic, msgc_buf_c(&payload));
	msgc_buf_free(&payload);
	return must_be(frame, "subscribed", topic);
}

const struct msgc_test_frame *msgc_test_subscribe_refused(
        struct msgc_test_client *client, const char *topic, const char *reason)
{
	const struct msgc_test_frame *frame = ask(client, "subscribe", topic, NULL);
	char wanted[128];

	snprintf(wanted, sizeof wanted, "\"%s\"", reason);
	must_be(frame, "error", topic);
	msgc_test_assert_json(frame, "/payload/reason", wanted);
	return frame;
}

void msgc_test_send_topic(struct msgc_test_client *client, const char *topic,
        const struct msgc_message *type, const void *message, const char *ref)
{
	struct msgc_buf text;
	int result;

	msgc_buf_init(&text, 0);
	result = msgc_message_encode(type, message, &text);
	if (result < 0)
		msgc__test_fail("the message cannot be encoded: %s", msgc_error_name(result));
	text.len--; /* the closing brace */
	write_address(&text, &client->test->names, topic, ref);
	msgc_buf_append_char(&text, '}');
	send_and_free(client, &text);
}

const struct msgc_test_frame *msgc_test_receive_topic(
        struct msgc_test_client *client, const char *topic)
{
	static const char *const completions[] = {"complete", "group_complete", "event_complete"};
	const struct msgc_test_frame *frame;
	size_t i;

	do {
		frame = msgc_test_receive(client);
		for (i = 0; i < 3; i++) {
			if (msgc_str_equal(frame->action, msgc_str_from(completions[i])))
				break;
		}
	} while (i < 3);
	if (!msgc_str_equal(frame->topic, msgc_str_from(topic)))
		msgc__test_fail("not from topic %s: %s", topic, frame->text.ptr);
	return frame;
}
