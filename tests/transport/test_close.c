/* SPDX-License-Identifier: MIT */
/* Ends: the close handshake from both sides (RFC 6455 section 7), and those without one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

static void told(int code)
{
	mock_await(&mock_counts.closed, 1);
	ck_assert_int_eq(mock_counts.last_code, code);
}

START_TEST(server_closes_with_code_and_reason)
{
	static const int codes[] = {
	        1000, 1001, 1003, 1007, 1008, 1009, 1011, 1013, 4401, 4403, 4404, 4429};
	char text[64], reason[32];
	struct raw_frame frame;

	snprintf(reason, sizeof(reason), "because of %d", _i);
	snprintf(text, sizeof(text), "!close %d %s", codes[_i], reason);
	raw_say(&ws, text);
	ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
	ck_assert_int_eq(frame.opcode, RAW_CLOSE);
	ck_assert_int_eq(
	        (unsigned char)frame.payload[0] << 8 | (unsigned char)frame.payload[1], codes[_i]);
	ck_assert_str_eq(frame.payload + 2, reason);
	raw_close(&ws, codes[_i], "");
	ck_assert(raw_hangs_up(&ws, RAW_WAIT));
	told(codes[_i]);
}
END_TEST

/* The limit is 123 bytes; a code point is not cut in two. */
START_TEST(long_reasons_are_cut_between_code_points)
{
	char text[256] = "!close 4000 ";
	struct raw_frame frame;
	int i;

	for (i = 0; i < 60; i++)
		strcat(text, "\xc3\xa9");
	strcat(text, "xy\xc3\xa9");
	raw_say(&ws, text);
	ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
	ck_assert_int_eq(frame.opcode, RAW_CLOSE);
	ck_assert_uint_eq(frame.len, 2 + 122);
	ck_assert_int_eq(frame.payload[frame.len - 1], 'y');
}
END_TEST

START_TEST(close_frame_comes_after_all_output)
{
	struct raw_frame frame;
	char text[32];
	int i;

	raw_say(&ws, "!say 2000");
	raw_say(&ws, "!close 4001 done");
	for (i = 0; i < 2000; i++) {
		snprintf(text, sizeof(text), "line %d", i);
		ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
		ck_assert_str_eq(frame.payload, text);
	}
	ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
	ck_assert_str_eq(frame.payload, "end");
	ck_assert_int_eq(raw_close_code(&ws, RAW_WAIT), 4001);
}
END_TEST

START_TEST(close_frame_comes_after_output_that_had_to_wait)
{
	struct raw slow = raw_try(mock_port());
	struct raw_frame frame;
	int i;

	raw_small_buffers(&slow);
	ck_assert_int_eq(raw_upgrade(&slow, "/echo", ""), 101);
	raw_say(&slow, "!flood 100 9000");
	raw_say(&slow, "!close 4002 done");
	raw_sleep(200);
	for (i = 0; i < 100; i++) {
		ck_assert_int_eq(raw_next(&slow, &frame, RAW_WAIT), 1);
		ck_assert_int_eq(frame.opcode, RAW_TEXT);
		ck_assert_uint_eq(frame.len, 9000);
	}
	ck_assert_int_eq(raw_close_code(&slow, RAW_WAIT), 4002);
	raw_done(&slow);
}
END_TEST

START_TEST(client_that_does_not_answer_a_close_is_hung_up_on)
{
	struct raw raw;
	int64_t start;

	server_up_with(&(struct mock_options){.close_ms = 300});
	raw = raw_websocket(mock_port(), "/echo");
	start = raw_now();
	raw_say(&raw, "!close 4001 x");
	ck_assert_int_eq(raw_close_code(&raw, RAW_WAIT), 4001);
	raw_hung_up_on(&raw, start, 300);
	told(1006);
	raw_done(&raw);
	server_down();
}
END_TEST

/* Also when it does not even read. */
START_TEST(client_that_does_not_read_its_close_is_hung_up_on)
{
	struct raw slow;
	int i;

	server_up_with(&(struct mock_options){.close_ms = 300});
	slow = raw_open(mock_port());
	raw_small_buffers(&slow);
	ck_assert_int_eq(raw_upgrade(&slow, "/echo", ""), 101);
	for (i = 0; i < 40; i++)
		raw_say(&slow, "!flood 10 60000");
	told(1006);
	ck_assert_uint_eq(mock_sockets(), 0);
	raw_done(&slow);
	server_down();
}
END_TEST

/* What still comes is read and thrown away, so that the kernel does not reset the connection over it. */
START_TEST(client_that_goes_on_sending_still_gets_the_close)
{
	char *text = calloc(1, 100000);
	int i;

	memset(text, 't', 100000);
	raw_say(&ws, "!close 4001 x");
	for (i = 0; i < 20; i++)
		raw_frame(&ws, true, RAW_TEXT, text, 100000);
	raw_close(&ws, 4001, "");
	ck_assert_int_eq(raw_close_code(&ws, RAW_WAIT), 4001);
	ck_assert_int_eq(raw_fill(&ws, RAW_WAIT), RAW_EOF);
	ck_assert_int_eq(mock_counts.texts, 1);
	told(4001);
	free(text);
}
END_TEST

START_TEST(client_may_close_with_any_allowed_code)
{
	static const int codes[] = {
	        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999};
	struct raw_frame frame;

	raw_close(&ws, codes[_i], "bye");
	ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
	ck_assert_int_eq(frame.opcode, RAW_CLOSE);
	ck_assert_int_eq(
	        (unsigned char)frame.payload[0] << 8 | (unsigned char)frame.payload[1], codes[_i]);
	ck_assert(raw_hangs_up(&ws, RAW_WAIT));
	told(codes[_i]);
}
END_TEST

START_TEST(client_may_close_without_a_code)
{
	struct raw_frame frame;

	raw_close(&ws, 0, "");
	ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
	ck_assert_int_eq(frame.opcode, RAW_CLOSE);
	ck_assert_uint_eq(frame.len, 0);
	ck_assert(raw_hangs_up(&ws, RAW_WAIT));
	told(1005);
}
END_TEST

/* Where the library reads, a known deviation: it writes 1002 over them before it tells. */
START_TEST(codes_1012_to_1014_are_registered)
{
	const int code = raw_in_pieces() ? 1002 : 1012 + _i;

	raw_close(&ws, 1012 + _i, "restart");
	ck_assert_int_eq(raw_close_code(&ws, RAW_WAIT), code);
	ck_assert(raw_hangs_up(&ws, RAW_WAIT));
	told(code);
}
END_TEST

START_TEST(codes_that_must_not_be_sent_are_answered_1002)
{
	static const int codes[] = {
	        1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535};

	raw_close(&ws, codes[_i], "");
	ck_assert_int_eq(raw_close_code(&ws, RAW_WAIT), 1002);
	ck_assert(raw_hangs_up(&ws, RAW_WAIT));
	told(1002);
}
END_TEST

START_TEST(close_of_one_byte_is_answered_1002)
{
	raw_frame(&ws, true, RAW_CLOSE, "x", 1);
	ck_assert_int_eq(raw_close_code(&ws, RAW_WAIT), 1002);
	ck_assert(raw_hangs_up(&ws, RAW_WAIT));
	told(1002);
}
END_TEST

START_TEST(close_reason_that_is_not_utf8_is_answered_1007)
{
	raw_close(&ws, 1000, "\xff");
	ck_assert_int_eq(raw_close_code(&ws, RAW_WAIT), 1007);
	ck_assert(raw_hangs_up(&ws, RAW_WAIT));
	told(1007);
}
END_TEST

START_TEST(answers_to_what_came_before_a_close_still_leave)
{
	struct raw_frame frame;
	char packet[128];
	size_t at = 0, len;
	char *bytes = raw_frame_bytes(true, RAW_TEXT, "last words", 10, &len);

	memcpy(packet, bytes, len);
	at = len;
	free(bytes);
	bytes = raw_frame_bytes(true, RAW_CLOSE, "\x03\xe8", 2, &len);
	memcpy(packet + at, bytes, len);
	free(bytes);
	raw_send(&ws, packet, at + len);
	ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
	ck_assert_str_eq(frame.payload, "last words");
	ck_assert_int_eq(raw_close_code(&ws, RAW_WAIT), 1000);
	told(1000);
}
END_TEST

/* The socket is ready for both at once: libwebsockets would return the CLOSE before the core's turn comes. */
START_TEST(answers_leave_first_when_reading_and_writing_are_due)
{
	struct raw_frame frame;

	raw_frame(&ws, true, RAW_PING, "", 0);
	raw_say(&ws, "!sleep 150");
	raw_sleep(50);
	raw_say(&ws, "last words");
	raw_close(&ws, 1000, "");
	do
		ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
	while (frame.opcode == RAW_PONG);
	ck_assert_int_eq(frame.opcode, RAW_TEXT);
	ck_assert_str_eq(frame.payload, "last words");
	ck_assert_int_eq(raw_close_code(&ws, RAW_WAIT), 1000);
	told(1000);
}
END_TEST

START_TEST(data_after_a_close_is_ignored)
{
	raw_close(&ws, 1000, "");
	raw_try_send(&ws, "\x81\x80\0\0\0\0", 6);
	ck_assert_int_eq(raw_close_code(&ws, RAW_WAIT), 1000);
	ck_assert(raw_hangs_up(&ws, RAW_WAIT));
	ck_assert_int_eq(mock_counts.texts, 0);
	told(1000);
}
END_TEST

START_TEST(both_sides_close_at_once)
{
	raw_say(&ws, "!close 4001 x");
	raw_close(&ws, 1001, "");
	ck_assert_int_gt(raw_close_code(&ws, RAW_WAIT), 0);
	ck_assert(raw_hangs_up(&ws, RAW_WAIT));
	told(1001);
}
END_TEST

START_TEST(abort_hangs_up_at_once)
{
	raw_say(&ws, "!abort");
	ck_assert_int_le(raw_fill(&ws, RAW_WAIT), 0);
	told(1006);
}
END_TEST

START_TEST(abort_hangs_up_on_a_client_that_does_not_read)
{
	struct raw slow = raw_try(mock_port());

	raw_done(&ws);
	told(1006);
	raw_small_buffers(&slow);
	ck_assert_int_eq(raw_upgrade(&slow, "/echo", ""), 101);
	raw_say(&slow, "!flood 15 60000");
	raw_sleep(100);
	raw_say(&slow, "!abort");
	mock_await(&mock_counts.closed, 2);
	ck_assert_uint_eq(mock_sockets(), 0);
	raw_done(&slow);
}
END_TEST

START_TEST(disconnect_without_a_close_frame_is_1006)
{
	struct linger now = {1, 0};

	if (_i) /* a reset instead of an orderly end */
		setsockopt(ws.fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	raw_done(&ws);
	told(1006);
}
END_TEST

START_TEST(half_closed_socket_is_an_end)
{
	shutdown(ws.fd, SHUT_WR);
	ck_assert(raw_hangs_up(&ws, RAW_WAIT));
	told(1006);
}
END_TEST

START_TEST(after_stop_accepting_old_connections_live_on)
{
	struct raw idle = raw_open(mock_port()), late;
	struct raw_frame frame;

	ck_assert_int_eq(raw_status(&idle, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
	mock_stop_accepting();
	late = raw_try(mock_port());
	ck_assert_int_lt(late.fd, 0);
	ck_assert_msg(raw_hangs_up(&idle, RAW_WAIT), "an idle HTTP connection was kept");
	raw_say(&ws, "still served");
	ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
	ck_assert_str_eq(frame.payload, "still served");
	raw_say(&ws, "!close 1001 drained");
	ck_assert_int_eq(raw_close_code(&ws, RAW_WAIT), 1001);
	raw_done(&idle);
}
END_TEST

/* The fixture's end checks that each is told its end. */
START_TEST(connections_left_at_the_end_are_told)
{
	struct raw more[20];
	int i;

	for (i = 0; i < 20; i++)
		more[i] = raw_websocket(mock_port(), "/echo");
	raw_say(&more[3], "!close 4001 x");
	raw_say(&more[4], "!flood 10 60000");
	raw_say(&more[5], "!pause 10000");
	raw_sleep(50);
	server_down();
	ck_assert_int_eq(mock_counts.closed, 21);
	for (i = 0; i < 20; i++)
		raw_done(&more[i]);
	server_up();
}
END_TEST

Suite *suite_close(void)
{
	Suite *suite = suite_create("close");
	TCase *one = tcase_create("of one client"), *own = tcase_create("with options of its own");

	tcase_add_checked_fixture(one, up, down);
	tcase_set_timeout(one, 30);
	tcase_set_timeout(own, 30);
	tcase_add_loop_test(one, server_closes_with_code_and_reason, 0, 12);
	tcase_add_test(one, long_reasons_are_cut_between_code_points);
	tcase_add_test(one, close_frame_comes_after_all_output);
	tcase_add_test(one, close_frame_comes_after_output_that_had_to_wait);
	tcase_add_test(own, client_that_does_not_answer_a_close_is_hung_up_on);
	tcase_add_test(own, client_that_does_not_read_its_close_is_hung_up_on);
	tcase_add_test(one, client_that_goes_on_sending_still_gets_the_close);
	tcase_add_loop_test(one, client_may_close_with_any_allowed_code, 0, 13);
	tcase_add_test(one, client_may_close_without_a_code);
	tcase_add_loop_test(one, codes_1012_to_1014_are_registered, 0, 3);
	tcase_add_loop_test(one, codes_that_must_not_be_sent_are_answered_1002, 0, 12);
	tcase_add_test(one, close_of_one_byte_is_answered_1002);
	tcase_add_test(one, close_reason_that_is_not_utf8_is_answered_1007);
	tcase_add_test(one, answers_to_what_came_before_a_close_still_leave);
	tcase_add_test(one, answers_leave_first_when_reading_and_writing_are_due);
	tcase_add_test(one, data_after_a_close_is_ignored);
	tcase_add_test(one, both_sides_close_at_once);
	tcase_add_test(one, abort_hangs_up_at_once);
	tcase_add_test(one, abort_hangs_up_on_a_client_that_does_not_read);
	tcase_add_loop_test(one, disconnect_without_a_close_frame_is_1006, 0, 2);
	tcase_add_test(one, half_closed_socket_is_an_end);
	tcase_add_test(one, after_stop_accepting_old_connections_live_on);
	tcase_add_test(one, connections_left_at_the_end_are_told);
	suite_add_tcase(suite, one);
	suite_add_tcase(suite, own);
	return suite;
}
