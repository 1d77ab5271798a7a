/* SPDX-License-Identifier: MIT */
/* What a client may send once the WebSocket is open, and what it gets for the rest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hostile.h"
#include "mock_core.h"
#include "raw.h"
#include "suites.h"

static struct raw ws;

static void up(void)
{
	server_up();
	ws = raw_websocket(mock_port(), "/echo");
}

static void down(void)
{
	raw_done(&ws);
	server_down();
}

static void expect_text(const char *text)
{
	struct raw_frame frame;

	ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
	ck_assert_int_eq(frame.opcode, RAW_TEXT);
	ck_assert(frame.fin);
	ck_assert_str_eq(frame.payload, text);
}

static void still_echoes(void)
{
	raw_say(&ws, "still there");
	expect_text("still there");
}

static void expect_close(int code)
{
	ck_assert_int_eq(raw_close_code(&ws, RAW_WAIT), code);
}

START_TEST(messages_of_all_sizes_come_back)
{
	static const size_t sizes[] = {0, 1, 2, 125, 126, 127, 1000, 4095, 4096, 4097, 16383, 16384,
	        16385, 65535, 65536, 1000000};
	size_t len = sizes[_i], i;
	char *text = malloc(len + 1);
	struct raw_frame frame;

	for (i = 0; i < len; i++)
		text[i] = (char)('a' + i % 26);
	raw_frame(&ws, true, RAW_TEXT, text, len);
	ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
	ck_assert_uint_eq(frame.len, len);
	ck_assert_mem_eq(frame.payload, text, len);
	free(text);
	still_echoes();
}
END_TEST

START_TEST(fragments_become_one_message)
{
	raw_frame(&ws, false, RAW_TEXT, "one ", 4);
	raw_frame(&ws, false, RAW_CONT, "two ", 4);
	raw_frame(&ws, true, RAW_CONT, "three", 5);
	expect_text("one two three");
	still_echoes();
}
END_TEST

/* What comes while the loop is busy is read in the order in which it came, more sockets than are read at once included. */
START_TEST(who_speaks_first_is_heard_first)
{
	struct raw others[40];
	struct raw_frame frame;
	int number, last = 1;
	unsigned i;

	if (getenv("RAW_PIECES"))
		return; /* libwebsockets is called by libev, the last one first */
	for (i = 0; i < 40; i++)
		others[i] = raw_websocket(mock_port(), "/echo");
	raw_say(&ws, "!sleep 200");
	raw_sleep(50);
	for (i = 0; i < 40; i++)
		raw_say(&others[i], "!number");
	for (i = 0; i < 40; i++) {
		ck_assert_int_eq(raw_next(&others[i], &frame, RAW_WAIT), 1);
		ck_assert_int_eq(sscanf(frame.payload, "%d", &number), 1);
		ck_assert_int_eq(number, last + 1);
		last = number;
		raw_done(&others[i]);
	}
}
END_TEST

START_TEST(empty_fragments_are_fragments_too)
{
	raw_frame(&ws, false, RAW_TEXT, "", 0);
	raw_frame(&ws, false, RAW_CONT, "x", 1);
	raw_frame(&ws, false, RAW_CONT, "", 0);
	raw_frame(&ws, true, RAW_CONT, "", 0);
	expect_text("x");
	raw_frame(&ws, false, RAW_TEXT, "", 0);
	raw_frame(&ws, true, RAW_CONT, "", 0);
	expect_text("");
	still_echoes();
}
END_TEST

START_TEST(thousand_fragments)
{
	char text[1001];
	int i;

	for (i = 0; i < 1000; i++) {
		text[i] = (char)('a' + i % 26);
		raw_frame(&ws, i == 999, i ? RAW_CONT : RAW_TEXT, text + i, 1);
	}
	text[1000] = '\0';
	expect_text(text);
}
END_TEST

START_TEST(pings_between_fragments_are_answered)
{
	struct raw_frame frame;

	raw_frame(&ws, false, RAW_TEXT, "before ", 7);
	raw_frame(&ws, true, RAW_PING, "between", 7);
	ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
	ck_assert_int_eq(frame.opcode, RAW_PONG);
	ck_assert_str_eq(frame.payload, "between");
	raw_frame(&ws, true, RAW_PONG, "pong", 4);
	raw_frame(&ws, true, RAW_CONT, "after", 5);
	expect_text("before after");
}
END_TEST

START_TEST(code_points_cut_by_fragments_are_whole_again)
{
	static const char text[] = "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";
	size_t i;

	for (i = 0; i < sizeof(text) - 1; i++)
		raw_frame(&ws, i == sizeof(text) - 2, i ? RAW_CONT : RAW_TEXT, text + i, 1);
	expect_text(text);
}
END_TEST

START_TEST(invalid_utf8_closes_1007)
{
	static const char *const texts[] = {
	        "\xff", "a\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "ok\x80"};
	size_t len = strlen(texts[_i]), half = len / 2;

	if (_i % 2) {
		raw_frame(&ws, false, RAW_TEXT, texts[_i], half);
		raw_frame(&ws, true, RAW_CONT, texts[_i] + half, len - half);
	} else {
		raw_frame(&ws, true, RAW_TEXT, texts[_i], len);
	}
	expect_close(1007);
}
END_TEST

START_TEST(nul_bytes_are_text)
{
	struct raw_frame frame;

	raw_frame(&ws, true, RAW_TEXT, "a\0b", 3);
	ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
	ck_assert_uint_eq(frame.len, 3);
	ck_assert_mem_eq(frame.payload, "a\0b", 3);
}
END_TEST

START_TEST(hostile_frames_are_refused)
{
	hostile_frame(&ws, &hostile_frames[_i]);
	raw_done(&ws);
	ws = raw_websocket(mock_port(), "/echo");
	still_echoes();
}
END_TEST

START_TEST(limit_holds_over_fragments)
{
	struct raw small = raw_websocket(mock_port(), "/small");
	struct raw_frame frame;
	char text[1001];
	int i;

	memset(text, 's', sizeof(text));
	raw_frame(&small, true, RAW_TEXT, text, 1000);
	ck_assert_int_eq(raw_next(&small, &frame, RAW_WAIT), 1);
	ck_assert_uint_eq(frame.len, 1000);
	for (i = 0; i < 10; i++)
		raw_frame(&small, i == 9, i ? RAW_CONT : RAW_TEXT, text, 100);
	ck_assert_int_eq(raw_next(&small, &frame, RAW_WAIT), 1);
	ck_assert_uint_eq(frame.len, 1000);
	for (i = 0; i < 10; i++)
		raw_frame(&small, false, i ? RAW_CONT : RAW_TEXT, text, 100);
	raw_frame(&small, true, RAW_CONT, text, 1);
	ck_assert_int_eq(raw_close_code(&small, RAW_WAIT), 1009);
	raw_done(&small);
	ck_assert_uint_eq(mock_counts.longest_text, 1000);
}
END_TEST

START_TEST(one_byte_too_many_closes_1009)
{
	struct raw small = raw_websocket(mock_port(), "/small");
	char text[1001];

	memset(text, 's', sizeof(text));
	raw_frame(&small, true, RAW_TEXT, text, 1001);
	ck_assert_int_eq(raw_close_code(&small, RAW_WAIT), 1009);
	raw_done(&small);
}
END_TEST

START_TEST(pings_are_answered_with_their_payload)
{
	char body[125];
	struct raw_frame frame;

	memset(body, 'p', sizeof(body));
	raw_frame(&ws, true, RAW_PING, body, _i ? sizeof(body) : 0);
	ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
	ck_assert_int_eq(frame.opcode, RAW_PONG);
	ck_assert_uint_eq(frame.len, _i ? sizeof(body) : 0);
	ck_assert_mem_eq(frame.payload, body, frame.len);
	still_echoes();
}
END_TEST

/* RFC 6455 section 5.5.3 asks for a pong to the most recent ping only; the library answers the first of those in one packet. */
START_TEST(ten_pings_in_a_row_get_ten_pongs)
{
	char packet[256];
	size_t at = 0, len;
	struct raw_frame frame;
	int i, pongs = 0;

	for (i = 0; i < 10; i++) {
		char *bytes = raw_frame_bytes(true, RAW_PING, "ping", 4, &len);

		memcpy(packet + at, bytes, len);
		at += len;
		free(bytes);
	}
	raw_send(&ws, packet, at);
	raw_say(&ws, "end");
	for (;;) {
		ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
		if (frame.opcode == RAW_TEXT)
			break;
		ck_assert_int_eq(frame.opcode, RAW_PONG);
		ck_assert_str_eq(frame.payload, "ping");
		pongs++;
	}
	if (!pongs) { /* the echo may overtake the pong */
		ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
		ck_assert_int_eq(frame.opcode, RAW_PONG);
	}
	if (raw_in_pieces())
		ck_assert_int_le(pongs, 10);
	else
		ck_assert_int_eq(pongs, 10);
	still_echoes();
}
END_TEST

START_TEST(unasked_pongs_are_ignored)
{
	raw_frame(&ws, true, RAW_PONG, "", 0);
	raw_frame(&ws, true, RAW_PONG, "unasked", 7);
	still_echoes();
}
END_TEST

START_TEST(binary_closes_1003)
{
	if (_i) {
		raw_frame(&ws, false, RAW_BINARY, "ab", 2);
		raw_frame(&ws, false, RAW_CONT, "cd", 2);
		raw_frame(&ws, true, RAW_CONT, "ef", 2);
	} else {
		raw_frame(&ws, true, RAW_BINARY, "ab", 2);
	}
	expect_close(1003);
	ck_assert_int_eq(mock_counts.binaries, 1);
	ck_assert_int_eq(mock_counts.texts, 0);
}
END_TEST

START_TEST(large_binary_is_refused_before_it_is_read)
{
	static const unsigned char header[] = {
	        0x82, 0xff, 0, 0, 0, 0, 0, 0x70, 0, 0, 1, 2, 3, 4, 'x'};

	raw_send(&ws, header, sizeof(header));
	expect_close(1003);
}
END_TEST

START_TEST(a_giant_length_is_refused_before_its_payload)
{
	static const unsigned char header[] = {0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4};

	raw_send(&ws, header, sizeof(header));
	if (raw_in_pieces()) /* the library tells nothing before the first byte */
		raw_send(&ws, "x", 1);
	expect_close(1009);
}
END_TEST

/* Where the library reads, a known deviation from RFC 6455 section 5.1: it does not say whether a frame was masked. */
START_TEST(unmasked_frames_are_refused)
{
	raw_send(&ws, "\x81\x05hello", 7);
	if (raw_in_pieces()) {
		expect_text("hello");
		still_echoes();
	} else {
		expect_close(1002);
		ck_assert(raw_hangs_up(&ws, RAW_WAIT));
		ck_assert_int_eq(mock_counts.texts, 0);
	}
}
END_TEST

START_TEST(mask_of_zeros_is_a_mask)
{
	raw_send(&ws, "\x81\x85\0\0\0\0hello", 11);
	expect_text("hello");
}
END_TEST

START_TEST(frames_byte_by_byte)
{
	size_t len, i;
	char *bytes = raw_frame_bytes(true, RAW_TEXT, "one byte at a time", 18, &len);

	for (i = 0; i < len; i++) {
		raw_send(&ws, bytes + i, 1);
		raw_sleep(1);
	}
	expect_text("one byte at a time");
	free(bytes);
}
END_TEST

START_TEST(disconnect_inside_a_frame_is_1006)
{
	size_t len;
	char *bytes = raw_frame_bytes(true, RAW_TEXT, "never whole", 11, &len);

	raw_send(&ws, bytes, (size_t)_i < len ? (size_t)_i : len - 1);
	raw_done(&ws);
	mock_await(&mock_counts.closed, 1);
	ck_assert_int_eq(mock_counts.last_code, 1006);
	ck_assert_int_eq(mock_counts.texts, 0);
	free(bytes);
}
END_TEST

START_TEST(thousand_messages_in_few_packets_come_back_in_order)
{
	char text[64], *packet = malloc(100000);
	size_t at = 0, len;
	int i;

	for (i = 0; i < 1000; i++) {
		char *bytes;

		snprintf(text, sizeof(text), "message %d", i);
		bytes = raw_frame_bytes(true, RAW_TEXT, text, strlen(text), &len);
		memcpy(packet + at, bytes, len);
		at += len;
		free(bytes);
	}
	raw_send(&ws, packet, at);
	free(packet);
	for (i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "message %d", i);
		expect_text(text);
	}
}
END_TEST

/* Nothing is handed up while the core pauses (the mock core watches that), and nothing is lost. */
START_TEST(paused_input_comes_later_and_in_order)
{
	char text[64];
	int64_t start = raw_now();
	int i;

	raw_say(&ws, "!pause 300");
	for (i = 0; i < 200; i++) {
		snprintf(text, sizeof(text), "held back %d", i);
		raw_say(&ws, text);
	}
	for (i = 0; i < 200; i++) {
		snprintf(text, sizeof(text), "held back %d", i);
		expect_text(text);
	}
	ck_assert_int_ge(raw_now() - start, 290);
	raw_say(&ws, "!pause 100");
	still_echoes();
}
END_TEST

START_TEST(paused_connection_that_goes_away_is_noticed)
{
	raw_say(&ws, "!pause 100");
	raw_say(&ws, "never read");
	raw_done(&ws);
	mock_await(&mock_counts.closed, 1);
}
END_TEST

/* The kernel's buffers fill up, because nobody reads them: the client cannot send 64 MiB. */
START_TEST(pausing_holds_the_client_back)
{
	char *text = calloc(1, 1 << 20);
	size_t len, sent = 0;
	char *bytes = raw_frame_bytes(true, RAW_TEXT, text, 1 << 20, &len);

	raw_say(&ws, "!pause 60000");
	mock_await(&mock_counts.texts, 1);
	while (sent < 64 && raw_try_send_for(&ws, bytes, len, 300))
		sent++;
	ck_assert_uint_lt(sent, 64);
	ck_assert_int_eq(mock_counts.texts, 1);
	free(bytes);
	free(text);
}
END_TEST

/* Random bytes, which now and then are frames, and good frames between them. */
START_TEST(random_bytes_do_no_harm)
{
	uint32_t seed = 88675123u + (uint32_t)_i;
	char bytes[300];
	int round;

	for (round = 0; round < 60; round++) {
		struct raw raw = raw_websocket(mock_port(), "/echo");
		int part;

		for (part = 0; part < 4; part++) {
			size_t len = 1 + raw_random(&seed) % sizeof(bytes), i;

			for (i = 0; i < len; i++)
				bytes[i] = (char)raw_random(&seed);
			if (raw_random(&seed) % 2)
				bytes[0] = (char)(0x80 | (raw_random(&seed) % 11));
			raw_try_send(&raw, bytes, len);
			if (raw_random(&seed) % 4 == 0)
				raw_fill(&raw, 5);
		}
		raw_done(&raw);
	}
	still_echoes();
}
END_TEST

START_TEST(output_for_a_slow_reader_stays_whole)
{
	struct raw slow = raw_try(mock_port());
	struct raw_frame frame;
	int i;

	raw_small_buffers(&slow);
	ck_assert_int_eq(raw_upgrade(&slow, "/echo", ""), 101);
	raw_say(&slow, "!flood 150 6000");
	raw_sleep(200);
	for (i = 0; i < 150; i++) {
		ck_assert_int_eq(raw_next(&slow, &frame, RAW_WAIT), 1);
		ck_assert_uint_eq(frame.len, 6000);
		ck_assert_int_eq(frame.payload[5999], 'f');
		if (i % 10 == 0)
			raw_sleep(5);
	}
	raw_say(&slow, "and on");
	ck_assert_int_eq(raw_next(&slow, &frame, RAW_WAIT), 1);
	ck_assert_str_eq(frame.payload, "and on");
	raw_done(&slow);
}
END_TEST

START_TEST(outbox_of_a_slow_reader_is_bounded)
{
	struct raw slow = raw_try(mock_port());
	int i;

	raw_small_buffers(&slow);
	ck_assert_int_eq(raw_upgrade(&slow, "/echo", ""), 101);
	for (i = 0; i < 100 && raw_try_send(&slow, "", 0); i++)
		raw_say(&slow, "!flood 10 60000");
	ck_assert_int_eq(raw_close_code(&slow, RAW_WAIT), 4408);
	ck_assert_uint_le(mock_counts.outbox_most, 1 << 20);
	raw_done(&slow);
}
END_TEST

Suite *suite_frames(void)
{
	Suite *suite = suite_create("frames");
	TCase *one = tcase_create("of one client");

	tcase_add_checked_fixture(one, up, down);
	tcase_set_timeout(one, 30);
	tcase_add_loop_test(one, messages_of_all_sizes_come_back, 0, 16);
	tcase_add_test(one, who_speaks_first_is_heard_first);
	tcase_add_test(one, fragments_become_one_message);
	tcase_add_test(one, empty_fragments_are_fragments_too);
	tcase_add_test(one, thousand_fragments);
	tcase_add_test(one, pings_between_fragments_are_answered);
	tcase_add_test(one, code_points_cut_by_fragments_are_whole_again);
	tcase_add_loop_test(one, invalid_utf8_closes_1007, 0, 6);
	tcase_add_test(one, nul_bytes_are_text);
	tcase_add_loop_test(one, hostile_frames_are_refused, 0, (int)hostile_frame_count);
	tcase_add_test(one, limit_holds_over_fragments);
	tcase_add_test(one, one_byte_too_many_closes_1009);
	tcase_add_loop_test(one, pings_are_answered_with_their_payload, 0, 2);
	tcase_add_test(one, ten_pings_in_a_row_get_ten_pongs);
	tcase_add_test(one, unasked_pongs_are_ignored);
	tcase_add_loop_test(one, binary_closes_1003, 0, 2);
	tcase_add_test(one, large_binary_is_refused_before_it_is_read);
	tcase_add_test(one, unmasked_frames_are_refused);
	tcase_add_test(one, a_giant_length_is_refused_before_its_payload);
	tcase_add_test(one, mask_of_zeros_is_a_mask);
	tcase_add_test(one, frames_byte_by_byte);
	tcase_add_loop_test(one, disconnect_inside_a_frame_is_1006, 1, 10);
	tcase_add_test(one, thousand_messages_in_few_packets_come_back_in_order);
	tcase_add_test(one, paused_input_comes_later_and_in_order);
	tcase_add_test(one, paused_connection_that_goes_away_is_noticed);
	tcase_add_test(one, pausing_holds_the_client_back);
	tcase_add_loop_test(one, random_bytes_do_no_harm, 0, 5);
	tcase_add_test(one, output_for_a_slow_reader_stays_whole);
	tcase_add_test(one, outbox_of_a_slow_reader_is_bounded);
	suite_add_tcase(suite, one);
	return suite;
}
