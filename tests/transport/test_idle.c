/* SPDX-License-Identifier: MIT */
/* Silence: pings after a while, hanging up on peers that have gone without a word. */
#include <stdlib.h>
#include <string.h>

#include "mock_core.h"
#include "raw.h"
#include "suites.h"

static const struct mock_options quick = {.ping_ms = 200, .hangup_ms = 500};
/* For those who must not be hung up on: a test that is held up itself by a second is not a silent client. */
static const struct mock_options patient = {.ping_ms = 200, .hangup_ms = 1500};

START_TEST(silent_client_is_pinged)
{
	struct raw raw;
	struct raw_frame frame;
	int64_t start;

	server_up_with(&quick);
	start = raw_now();
	raw = raw_websocket(mock_port(), "/echo");
	ck_assert_int_eq(raw_next(&raw, &frame, RAW_WAIT), 1);
	ck_assert_int_eq(frame.opcode, RAW_PING);
	ck_assert_int_ge(raw_now() - start, quick.ping_ms);
	raw_done(&raw);
	server_down();
}
END_TEST

START_TEST(client_that_answers_pings_stays)
{
	struct raw raw;
	struct raw_frame frame;
	int64_t start;

	server_up_with(&patient);
	start = raw_now();
	raw = raw_websocket(mock_port(), "/echo");
	while (raw_now() - start < patient.hangup_ms + 500) {
		ck_assert_int_eq(raw_next(&raw, &frame, RAW_WAIT), 1);
		ck_assert_int_eq(frame.opcode, RAW_PING);
		raw_frame(&raw, true, RAW_PONG, frame.payload, frame.len);
	}
	raw_say(&raw, "here");
	do
		ck_assert_int_eq(raw_next(&raw, &frame, RAW_WAIT), 1);
	while (frame.opcode == RAW_PING);
	ck_assert_str_eq(frame.payload, "here");
	raw_done(&raw);
	server_down();
}
END_TEST

START_TEST(dead_peer_is_hung_up_on)
{
	struct raw raw;
	int64_t start;

	server_up_with(&quick);
	start = raw_now();
	raw = raw_websocket(mock_port(), "/echo");
	raw_hung_up_on(&raw, start, (int)quick.hangup_ms);
	mock_await(&mock_counts.closed, 1);
	ck_assert_int_eq(mock_counts.last_code, 1006);
	raw_done(&raw);
	server_down();
}
END_TEST

/* Where the test itself is held up for longer than the interval, a ping is right; it is told by the time since the last words. */
START_TEST(client_that_sends_is_not_pinged)
{
	struct raw raw;
	struct raw_frame frame;
	int64_t said, before;
	int i, on_time = 0;

	server_up_with(&patient);
	before = said = raw_now();
	raw = raw_websocket(mock_port(), "/echo");
	for (i = 0; i < 100 && on_time < 12; i++) {
		raw_sleep(80);
		before = said;
		said = raw_now();
		raw_say(&raw, "busy");
		do {
			ck_assert_int_eq(raw_next(&raw, &frame, RAW_WAIT), 1);
			if (frame.opcode == RAW_PING)
				ck_assert_int_ge(raw_now() - before, patient.ping_ms);
		} while (frame.opcode == RAW_PING);
		ck_assert_int_eq(frame.opcode, RAW_TEXT);
		on_time += raw_now() - before < patient.ping_ms;
	}
	ck_assert_int_eq(on_time, 12);
	raw_done(&raw);
	server_down();
}
END_TEST

/* A long message that comes slowly is life, too. */
START_TEST(message_that_comes_slowly_is_not_silence)
{
	struct raw raw;
	struct raw_frame frame;
	size_t len, i;
	char *bytes = raw_frame_bytes(true, RAW_TEXT, "slow but alive", 14, &len);

	server_up_with(&patient);
	raw = raw_websocket(mock_port(), "/echo");
	for (i = 0; i < len; i++) {
		raw_send(&raw, bytes + i, 1);
		raw_sleep(100);
	}
	do
		ck_assert_int_eq(raw_next(&raw, &frame, RAW_WAIT), 1);
	while (frame.opcode == RAW_PING);
	ck_assert_str_eq(frame.payload, "slow but alive");
	free(bytes);
	raw_done(&raw);
	server_down();
}
END_TEST

/* The server itself does not read: that is no silence of the client's. */
START_TEST(paused_client_is_not_hung_up_on)
{
	struct raw raw;
	struct raw_frame frame;

	server_up_with(&quick);
	raw = raw_websocket(mock_port(), "/echo");
	raw_say(&raw, "!pause 1200");
	raw_say(&raw, "after the pause");
	do
		ck_assert_int_eq(raw_next(&raw, &frame, RAW_WAIT), 1);
	while (frame.opcode == RAW_PING);
	ck_assert_str_eq(frame.payload, "after the pause");
	raw_done(&raw);
	server_down();
}
END_TEST

/* Reading is a sign of life where a ping cannot get through. */
START_TEST(slow_reader_is_not_hung_up_on_while_it_reads)
{
	struct raw slow;
	struct raw_frame frame;
	int i, texts = 0;

	server_up_with(&patient);
	slow = raw_open(mock_port());
	raw_small_buffers(&slow);
	ck_assert_int_eq(raw_upgrade(&slow, "/echo", ""), 101);
	for (i = 0; texts < 90; i++) {
		if (i % 10 == 0)
			raw_say(&slow, "!flood 10 9000");
		ck_assert_int_eq(raw_next(&slow, &frame, RAW_WAIT), 1);
		texts += frame.opcode == RAW_TEXT;
		raw_sleep(20);
	}
	raw_done(&slow);
	server_down();
}
END_TEST

START_TEST(reader_that_stopped_is_hung_up_on)
{
	struct raw slow;

	server_up_with(&quick);
	slow = raw_open(mock_port());
	raw_small_buffers(&slow);
	ck_assert_int_eq(raw_upgrade(&slow, "/echo", ""), 101);
	raw_say(&slow, "!flood 15 60000");
	mock_await(&mock_counts.closed, 1);
	ck_assert_uint_eq(mock_sockets(), 0);
	raw_done(&slow);
	server_down();
}
END_TEST

/* All of them are pinged on time, and none is forgotten. */
START_TEST(many_silent_clients_are_pinged)
{
	enum { MANY = 300 };
	struct raw raw[MANY];
	struct raw_frame frame;
	int i;

	server_up_with(&(struct mock_options){.ping_ms = 500, .hangup_ms = 30000});
	for (i = 0; i < MANY; i++)
		raw[i] = raw_websocket(mock_port(), "/echo");
	for (i = 0; i < MANY; i++) {
		ck_assert_int_eq(raw_next(&raw[i], &frame, RAW_WAIT), 1);
		ck_assert_int_eq(frame.opcode, RAW_PING);
	}
	for (i = 0; i < MANY; i++)
		raw_done(&raw[i]);
	server_down();
}
END_TEST

Suite *suite_idle(void)
{
	Suite *suite = suite_create("idle");
	TCase *own = tcase_create("with short deadlines");

	tcase_set_timeout(own, 30);
	tcase_add_test(own, silent_client_is_pinged);
	tcase_add_test(own, client_that_answers_pings_stays);
	tcase_add_test(own, dead_peer_is_hung_up_on);
	tcase_add_test(own, client_that_sends_is_not_pinged);
	tcase_add_test(own, message_that_comes_slowly_is_not_silence);
	tcase_add_test(own, paused_client_is_not_hung_up_on);
	tcase_add_test(own, slow_reader_is_not_hung_up_on_while_it_reads);
	tcase_add_test(own, reader_that_stopped_is_hung_up_on);
	tcase_add_test(own, many_silent_clients_are_pinged);
	suite_add_tcase(suite, own);
	return suite;
}
