/* SPDX-License-Identifier: MIT */
/*
 * A client's side of a conversation: sending messages, receiving until something, over whichever link. It must not know how bytes
 * travel.
 */
#define _GNU_SOURCE 1 /* vasprintf */

#include "testing.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- connecting */

struct msgc_test_client *msgc_test_try_connect(
        struct msgc_test_browser *browser, const char *target)
{
	struct msgc_test *test = browser->test;
	struct msgc_test_client *client = msgc__test_alloc(test, sizeof(*client));
	static const char *const extra[] = {"upgrade", "websocket", "connection", "Upgrade", NULL};
	struct msgc__request request = msgc__test_request(browser, "GET", target, extra);

	client->test = test;
	client->status = test->ways->connect(test, &request, &client->link);
	client->next = test->clients;
	test->clients = client;
	return client;
}

struct msgc_test_client *msgc_test_connect(struct msgc_test_browser *browser, const char *target)
{
	struct msgc_test_client *client = msgc_test_try_connect(browser, target);

	if (client->status != 101)
		msgc__test_fail("the handshake for %s was refused: %d", target, client->status);
	return client;
}

bool msgc_test_is_compressed(const struct msgc_test_client *client)
{
	const struct msgc__test_ways *ways = client->test->ways;

	return client->link && ways->deflates && ways->deflates(client->link);
}

int msgc_test_status(const struct msgc_test_client *client)
{
	return client->status;
}

static struct msgc__test_link *link_of(const struct msgc_test_client *client)
{
	if (!client->link)
		msgc__test_fail("this WebSocket was refused: %d", client->status);
	return client->link;
}

/* ---- sending */

void msgc_test_send_text(struct msgc_test_client *client, const char *text, size_t len)
{
	client->test->ways->send(link_of(client), text, len, 0);
}

void msgc_test_send(struct msgc_test_client *client, const char *text)
{
	msgc_test_send_text(client, text, strlen(text));
}

void msgc_test_sendf(struct msgc_test_client *client, const char *format, ...)
{
	char *text = NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		msgc__test_fail("no memory");
	msgc_test_send_text(client, text, (size_t)len);
	free(text);
}

void msgc_test_send_fragments(struct msgc_test_client *client, const char *text, size_t piece)
{
	client->test->ways->send(link_of(client), text, strlen(text), piece ? piece : 1);
}

void msgc_test_send_binary(struct msgc_test_client *client, const void *bytes, size_t len)
{
	client->test->ways->send_binary(link_of(client), bytes, len);
}

void msgc_test_send_raw(struct msgc_test_client *client, const void *bytes, size_t len)
{
	client->test->ways->send_raw(link_of(client), bytes, len);
}

void msgc_test_ping(struct msgc_test_client *client)
{
	client->test->ways->ping(link_of(client));
}

/* ---- receiving */

/* "chat"; "10"; "0/READY": the tags, as far as the frame has some. */
static struct msgc_str action_of(struct msgc_test *test, const struct msgc_envelope *envelope)
{
	struct msgc_buf text;
	struct msgc_str action;

	msgc_buf_init(&text, 0);
	for (size_t i = 0; i < envelope->tag_count; i++) {
		const struct msgc_tag *tag = &envelope->tags[i];

		if (tag->kind != MSGC_TAG_STRING && tag->kind != MSGC_TAG_INTEGER)
			break;
		if (i > 0)
			msgc_buf_append_char(&text, '/');
		if (tag->kind == MSGC_TAG_STRING)
			msgc_buf_append(&text, tag->text.ptr, tag->text.len);
		else
			msgc_buf_printf(&text, "%lld", (long long)tag->number);
	}
	action = msgc_str_of(msgc__test_copy(test, text.len ? text.data : "", text.len), text.len);
	msgc_buf_free(&text);
	return action;
}

/* Discriminators and ref; a frame without them is one all the same. */
static void read_envelope(struct msgc_test *test, struct msgc_test_frame *frame, size_t size)
{
	struct msgc_problems *problems = msgc__test_alloc(test, sizeof(*problems));
	struct msgc_envelope envelope;
	char *text = msgc__test_alloc(test, size + MSGC_PADDING);
	int result;

	memcpy(text, frame->text.ptr, size);
	result = msgc_envelope_read(
	        text, size, &test->names, NULL, &test->arena, &envelope, problems);
	if (result < 0 && problems->count > 0 &&
	        strcmp(problems->items[0].type, "json_invalid") == 0)
		msgc__test_fail("the server sent what is no JSON: %s", frame->text.ptr);
	frame->action = action_of(test, &envelope);
	if (envelope.has_ref)
		frame->ref = envelope.ref;
	if (envelope.has_topic)
		frame->topic = envelope.topic;
}

/* One frame within `wait_ms`, or why there is none. */
static int receive_one(
        struct msgc_test_client *client, int64_t wait_ms, struct msgc_test_frame *ret)
{
	struct msgc_test *test = client->test;
	struct msgc_buf text;
	int got;

	msgc_buf_init(&text, 0);
	got = test->ways->receive(link_of(client), &text, wait_ms > 0 ? wait_ms : 0);
	if (got == MSGC__TEST_MESSAGE) {
		*ret = (struct msgc_test_frame){
		        .text = msgc_str_of(msgc__test_copy(test, text.data, text.len), text.len),
		        .action = msgc_str_from(""),
		        .ref = msgc_str_from(""),
		        .topic = msgc_str_from(""),
		        .test = test,
		};
		read_envelope(test, ret, text.len);
	}
	msgc_buf_free(&text);
	return got;
}

/* Frames that grow in the test's arena. */
struct pile {
	struct msgc_test *test;
	struct msgc_test_frame *items;
	size_t count, cap;
};

static void pile_add(struct pile *pile, const struct msgc_test_frame *frame)
{
	if (pile->count == pile->cap) {
		size_t cap = pile->cap ? pile->cap * 2 : 8;
		struct msgc_test_frame *items = msgc__test_alloc(pile->test, cap * sizeof(*items));

		if (pile->count > 0)
			memcpy(items, pile->items, pile->count * sizeof(*items));
		pile->items = items;
		pile->cap = cap;
	}
	pile->items[pile->count++] = *frame;
}

/* What has come so far, for the message of a failure. */
static const char *told(const struct pile *pile)
{
	static char text[1024];
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < pile->count && len < sizeof(text) - 1; i++)
		len += (size_t)snprintf(
		        text + len, sizeof(text) - len, "\n  %.200s", pile->items[i].text.ptr);
	return pile->count ? text : " nothing";
}

static void wait_in_vain(
        struct msgc_test_client *client, int got, const char *wanted, const struct pile *pile)
{
	if (got == MSGC__TEST_CLOSED)
		msgc__test_fail("closed with %u \"%s\" before %s came; before that came:%s",
		        client->test->ways->close_code(client->link),
		        client->test->ways->close_reason(client->link), wanted, told(pile));
	msgc__test_fail("%s did not come within %lld ms; what came:%s", wanted,
	        (long long)client->test->timeout_ms, told(pile));
}

static bool is_action(const struct msgc_test_frame *frame, const char *action)
{
	return msgc_str_equal(frame->action, msgc_str_from(action));
}

static bool is_completion(const struct msgc_test_frame *frame)
{
	return is_action(frame, "complete") || is_action(frame, "group_complete") ||
	        is_action(frame, "event_complete");
}

/* A group's message shows whose it is. */
static bool is_of_group(const struct msgc_test_frame *frame)
{
	struct msgc_str json;

	return msgc_test_json(frame, "/is_mine", &json) ||
	        msgc_test_json(frame, "/is_current", &json);
}

static const char *name_of(enum msgc_test_until until)
{
	static const char *const names[] = {"", "complete", "group_complete", "event_complete"};

	return names[until];
}

struct msgc_test_frames msgc_test_receive_all(
        struct msgc_test_client *client, enum msgc_test_until until)
{
	struct msgc_test *test = client->test;
	int64_t deadline = msgc__test_now_ms() + test->timeout_ms;
	bool without_group = (unsigned)until & MSGC_TEST_WITHOUT_GROUP;
	struct pile pile = {.test = test};

	until = (enum msgc_test_until)((unsigned)until & ~(unsigned)MSGC_TEST_WITHOUT_GROUP);
	for (;;) {
		int64_t left = until == MSGC_TEST_IDLE ? msgc__test_silence(test)
		                                       : deadline - msgc__test_now_ms();
		struct msgc_test_frame frame;
		int got = receive_one(client, left, &frame);

		if (got == MSGC__TEST_MESSAGE && until != MSGC_TEST_IDLE &&
		        is_action(&frame, name_of(until)))
			break;
		if (got == MSGC__TEST_MESSAGE) {
			if (!is_completion(&frame) && !(without_group && is_of_group(&frame)))
				pile_add(&pile, &frame);
			continue;
		}
		if (until == MSGC_TEST_IDLE)
			break;
		wait_in_vain(client, got, name_of(until), &pile);
	}
	return (struct msgc_test_frames){pile.items, pile.count};
}

struct msgc_test_frames msgc_test_receive_until_action(
        struct msgc_test_client *client, const char *action)
{
	int64_t deadline = msgc__test_now_ms() + client->test->timeout_ms;
	struct pile pile = {.test = client->test};

	for (;;) {
		struct msgc_test_frame frame;
		int got = receive_one(client, deadline - msgc__test_now_ms(), &frame);

		if (got != MSGC__TEST_MESSAGE)
			wait_in_vain(client, got, action, &pile);
		if (is_action(&frame, action)) {
			pile_add(&pile, &frame);
			break;
		}
		if (!is_completion(&frame))
			pile_add(&pile, &frame);
	}
	return (struct msgc_test_frames){pile.items, pile.count};
}

const struct msgc_test_frame *msgc_test_expect(struct msgc_test_client *client, const char *action)
{
	struct msgc_test_frames frames = msgc_test_receive_until_action(client, action);

	return &frames.items[frames.count - 1];
}

const struct msgc_test_frame *msgc_test_expect_on(
        struct msgc_test_client *client, const char *topic, const char *action)
{
	int64_t deadline = msgc__test_now_ms() + client->test->timeout_ms;
	struct msgc_test_frame *frame = msgc__test_alloc(client->test, sizeof(*frame));
	struct pile pile = {.test = client->test};

	for (;;) {
		int got = receive_one(client, deadline - msgc__test_now_ms(), frame);

		if (got != MSGC__TEST_MESSAGE)
			wait_in_vain(client, got, action, &pile);
		if (is_action(frame, action) && msgc_str_equal(frame->topic, msgc_str_from(topic)))
			return frame;
		pile_add(&pile, frame);
	}
}

const struct msgc_test_frame *msgc_test_receive(struct msgc_test_client *client)
{
	struct msgc_test_frame *frame = msgc__test_alloc(client->test, sizeof(*frame));
	struct pile none = {.count = 0};
	int got = receive_one(client, client->test->timeout_ms, frame);

	if (got != MSGC__TEST_MESSAGE)
		wait_in_vain(client, got, "a frame", &none);
	return frame;
}

void msgc_test_assert_silent(struct msgc_test_client *client)
{
	struct msgc_test_frame frame;
	int got = receive_one(client, msgc__test_silence(client->test), &frame);

	if (got == MSGC__TEST_MESSAGE)
		msgc__test_fail("something came: %s", frame.text.ptr);
	if (got == MSGC__TEST_CLOSED)
		msgc__test_fail("closed with %u", client->test->ways->close_code(client->link));
}

const struct msgc_test_frame *msgc_test_assert_auth(struct msgc_test_client *client, int status)
{
	const struct msgc_test_frame *frame = msgc_test_receive(client);
	char wanted[16];

	if (!is_action(frame, "authentication"))
		msgc__test_fail("the first frame is no authentication: %s", frame->text.ptr);
	snprintf(wanted, sizeof(wanted), "%d", status);
	msgc_test_assert_json(frame, "/payload/status_code", wanted);
	return frame;
}

const struct msgc_test_frame *msgc_test_wait_for_auth(struct msgc_test_client *client)
{
	return msgc_test_assert_auth(client, 200);
}

/* ---- the end */

void msgc_test_assert_closed(struct msgc_test_client *client, uint16_t code)
{
	int64_t deadline = msgc__test_now_ms() + client->test->timeout_ms;
	struct msgc_test_frame frame;
	uint16_t closed;
	int got;

	do {
		got = receive_one(client, deadline - msgc__test_now_ms(), &frame);
	} while (got == MSGC__TEST_MESSAGE);
	if (got != MSGC__TEST_CLOSED)
		msgc__test_fail("still open, wanted close code %u", code);
	closed = client->test->ways->close_code(client->link);
	if (closed != code)
		msgc__test_fail("closed with %u \"%s\", wanted %u", closed,
		        client->test->ways->close_reason(client->link), code);
}

const char *msgc_test_close_reason(const struct msgc_test_client *client)
{
	return client->test->ways->close_reason(link_of(client));
}

void msgc_test_close(struct msgc_test_client *client, uint16_t code)
{
	client->test->ways->close(link_of(client), code);
}

void msgc_test_drop(struct msgc_test_client *client)
{
	client->test->ways->drop(link_of(client));
}
