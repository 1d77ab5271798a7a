/* SPDX-License-Identifier: MIT */
/*
 * What a WebSocket handshake may and may not look like. Many of these requests were accepted, or answered with a crash or with silence, by
 * libwebsockets 4.1.6 alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hostile.h"
#include "mock_core.h"
#include "raw.h"
#include "suites.h"

#define REST                                                                                       \
	"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "                         \
	"dGhlIHNhbXBsZSBub25jZQ==\r\n"                                                             \
	"Sec-WebSocket-Version: 13\r\n"

static int ask(const char *format, const char *part)
{
	struct raw raw = raw_open(mock_port());
	int status;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	status = raw_status(&raw, format, part);
#pragma GCC diagnostic pop
	raw_done(&raw);
	return status;
}

/* The status for a good handshake with some headers more. */
static int with(const char *headers)
{
	struct raw raw = raw_open(mock_port());
	int status = raw_upgrade(&raw, "/echo", headers);

	raw_done(&raw);
	return status;
}

static void still_serves(void)
{
	struct raw raw = raw_websocket(mock_port(), "/echo");
	struct raw_frame frame;

	raw_say(&raw, "still there");
	ck_assert_int_eq(raw_next(&raw, &frame, RAW_WAIT), 1);
	ck_assert_str_eq(frame.payload, "still there");
	raw_done(&raw);
}

START_TEST(good_handshake_is_answered_with_the_accept_key)
{
	struct raw raw = raw_open(mock_port());
	struct raw_answer answer;

	raw_print(&raw, "GET /echo HTTP/1.1\r\nHost: x\r\n" REST "\r\n");
	ck_assert_int_eq(raw_answer(&raw, &answer), 1);
	ck_assert_int_eq(answer.status, 101);
	ck_assert_str_eq(
	        raw_header(&answer, "Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
	ck_assert_str_eq(raw_header(&answer, "Sec-WebSocket-Protocol"), "");
	raw_answer_done(&answer);
	raw_done(&raw);
}
END_TEST

/* CVE-2025-11677: libwebsockets reads freed memory after the second request; under AddressSanitizer this would end the process. */
START_TEST(unknown_upgrade_on_a_kept_connection_is_refused)
{
	int i;

	for (i = 0; i < 3; i++) {
		struct raw raw = raw_open(mock_port());
		int status;

		ck_assert_int_eq(raw_status(&raw, "GET /nope HTTP/1.1\r\nHost: x\r\n\r\n"), 404);
		status = raw_status(&raw,
		        "GET /nope HTTP/1.1\r\nHost: x\r\nUpgrade: foo\r\nConnection: "
		        "Upgrade\r\n\r\n");
		ck_assert_msg(status != 101, "status %d", status);
		ck_assert(raw_hangs_up(&raw, RAW_WAIT));
		raw_done(&raw);
	}
	ck_assert_int_eq(mock_counts.handshakes, 0);
	still_serves();
}
END_TEST

START_TEST(unknown_upgrade_pipelined_behind_a_request_is_refused)
{
	struct raw raw = raw_open(mock_port());

	raw_print(&raw,
	        "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"
	        "GET /echo HTTP/1.1\r\nHost: x\r\nUpgrade: foo\r\nConnection: Upgrade\r\n\r\n"
	        "GET /echo HTTP/1.1\r\nHost: x\r\nUpgrade: bar\r\nConnection: Upgrade\r\n\r\n");
	ck_assert(raw_hangs_up(&raw, RAW_WAIT));
	ck_assert_int_eq(mock_counts.handshakes, 0);
	raw_done(&raw);
	still_serves();
}
END_TEST

START_TEST(hostile_requests_are_refused)
{
	hostile_request(mock_port(), "/echo", &hostile_requests[_i]);
	ck_assert_int_eq(mock_counts.opened, 0);
	ck_assert_int_eq(mock_counts.texts, 0);
	still_serves();
}
END_TEST

START_TEST(other_versions_are_told_the_one_spoken)
{
	struct raw raw = raw_open(mock_port());
	struct raw_answer answer;

	raw_print(&raw,
	        "GET /echo HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n");
	ck_assert_int_eq(raw_answer(&raw, &answer), 1);
	ck_assert_int_eq(answer.status, 426);
	ck_assert_str_eq(raw_header(&answer, "Sec-WebSocket-Version"), "13");
	raw_answer_done(&answer);
	raw_done(&raw);
}
END_TEST

START_TEST(connection_header_may_be_a_list)
{
	ck_assert_int_eq(
	        ask("GET /echo HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket\r\nConnection: %s\r\n"
	            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
	            "dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
	                "keep-alive, Upgrade"),
	        101);
}
END_TEST

START_TEST(one_subprotocol_is_chosen_and_answered)
{
	static const struct {
		const char *offered, *answered;
	} cases[] = {
	        {"one", "one"},
	        {"ocpp1.6", "ocpp1.6"},
	        {"two, one", "one"},
	        {"two,ocpp1.6 , one", "ocpp1.6"},
	        {"x, y, z, graphql-transport-ws, v12.stomp, one", "one"},
	};
	struct raw raw = raw_open(mock_port());
	struct raw_answer answer;

	raw_print(&raw,
	        "GET /echo HTTP/1.1\r\nHost: x\r\n" REST "Sec-WebSocket-Protocol: %s\r\n\r\n",
	        cases[_i].offered);
	ck_assert_int_eq(raw_answer(&raw, &answer), 1);
	ck_assert_int_eq(answer.status, 101);
	ck_assert_str_eq(raw_header(&answer, "Sec-WebSocket-Protocol"), cases[_i].answered);
	raw_answer_done(&answer);
	raw_done(&raw);
}
END_TEST

START_TEST(subprotocols_of_different_clients_do_not_mix)
{
	int i;

	for (i = 0; i < 20; i++) {
		const char *wanted = i % 2 ? "one" : "ocpp1.6";
		struct raw raw = raw_open(mock_port());
		struct raw_answer answer;

		raw_print(&raw,
		        "GET /echo HTTP/1.1\r\nHost: x\r\n" REST
		        "Sec-WebSocket-Protocol: %s\r\n\r\n",
		        wanted);
		ck_assert_int_eq(raw_answer(&raw, &answer), 1);
		ck_assert_str_eq(raw_header(&answer, "Sec-WebSocket-Protocol"), wanted);
		raw_answer_done(&answer);
		raw_done(&raw);
		ck_assert_int_eq(with(""), 101);
	}
}
END_TEST

START_TEST(extensions_are_not_agreed_to)
{
	struct raw raw = raw_open(mock_port());
	struct raw_answer answer;

	raw_print(&raw,
	        "GET /echo HTTP/1.1\r\nHost: x\r\n" REST
	        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, "
	        "x-webkit-deflate-frame\r\n\r\n");
	ck_assert_int_eq(raw_answer(&raw, &answer), 1);
	ck_assert_int_eq(answer.status, 101);
	ck_assert_str_eq(raw_header(&answer, "Sec-WebSocket-Extensions"), "");
	raw_answer_done(&answer);
	raw_done(&raw);
}
END_TEST

START_TEST(refusals_of_the_core_become_statuses)
{
	struct raw raw = raw_open(mock_port());
	struct raw_answer answer;

	raw_print(&raw, "GET /busy HTTP/1.1\r\nHost: x\r\n" REST "\r\n");
	ck_assert_int_eq(raw_answer(&raw, &answer), 1);
	ck_assert_int_eq(answer.status, 503);
	ck_assert_str_eq(raw_header(&answer, "Retry-After"), "7");
	ck_assert_str_eq(answer.body, "too many connections\n");
	ck_assert(raw_hangs_up(&raw, RAW_WAIT));
	raw_answer_done(&answer);
	raw_done(&raw);
	ck_assert_int_eq(ask("GET %s HTTP/1.1\r\nHost: x\r\n" REST "\r\n", "/elsewhere"), 404);
}
END_TEST

START_TEST(no_memory_for_a_connection_closes_1013)
{
	struct raw raw = raw_websocket(mock_port(), "/dry");

	ck_assert_int_eq(raw_close_code(&raw, RAW_WAIT), 1013);
	raw_done(&raw);
	ck_assert_int_eq(mock_counts.dropped, 1);
}
END_TEST

/* A known deviation: the next header's line becomes the value. Whoever believes cookies has to insist on an Origin. */
START_TEST(header_name_that_begins_like_a_known_one_swallows_the_next_line)
{
	static const char *const names[] = {"A", "X", "Ho", "Cook"};
	struct raw raw = raw_open(mock_port());
	struct raw_answer answer;

	raw_print(&raw,
	        "GET /dump HTTP/1.1\r\nHost: x\r\n%s: 1\r\nOrigin: http://a\r\nAccept: b\r\n\r\n",
	        names[_i]);
	ck_assert_int_eq(raw_answer(&raw, &answer), 1);
	ck_assert_int_eq(answer.status, 200);
	ck_assert_ptr_null(strstr(answer.body, "origin=[1]"));
	ck_assert_ptr_nonnull(strstr(answer.body, "accept=[b]"));
	raw_answer_done(&answer);
	raw_done(&raw);
	still_serves();
}
END_TEST

START_TEST(cookies_of_five_kilobytes_are_accepted)
{
	char *cookie = malloc(8192);
	int len = _i ? 7000 : 5000;

	memset(cookie, 'c', 8192);
	memcpy(cookie, "Cookie: s=", 10);
	memcpy(cookie + len, "\r\n", 3);
	ck_assert_int_eq(with(cookie), 101);
	free(cookie);
}
END_TEST

START_TEST(headers_beyond_the_limit_are_hung_up_on)
{
	char *cookie = malloc(20001);
	struct raw raw = raw_open(mock_port());

	memset(cookie, 'c', 20000);
	cookie[20000] = '\0';
	raw_print(&raw, "GET /echo HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n" REST "\r\n", cookie);
	ck_assert(raw_hangs_up(&raw, RAW_WAIT));
	ck_assert_int_eq(mock_counts.handshakes, 0);
	free(cookie);
	raw_done(&raw);
	still_serves();
}
END_TEST

/*
 * A head of `head_len` bytes (0: the shortest) and so many frames behind it, in packets of the first `cut` bytes and the rest: libwebsockets
 * writes its answer to where they have been read. The texts tell their number and place, so that any byte that is another is seen.
 */
static void frames_behind_the_head_are_read(size_t head_len, int frames, size_t cut, size_t size)
{
	struct raw raw = raw_open(mock_port());
	struct raw_answer answer;
	struct raw_frame frame;
	char packet[8192], text[200];
	size_t at, len;
	int i;

	at = (size_t)snprintf(
	        packet, sizeof(packet), "GET /echo HTTP/1.1\r\nHost: x\r\n" REST "X-Pad: ");
	for (; at + 4 < head_len; at++)
		packet[at] = 'p';
	memcpy(packet + at, "\r\n\r\n", 4);
	at += 4;
	if (cut)
		cut = at - cut;
	for (i = 0; i < frames; i++) {
		char *bytes;

		memset(text, 'a' + i % 26, sizeof(text));
		bytes = raw_frame_bytes(true, RAW_TEXT, text, size, &len);
		ck_assert_uint_le(at + len, sizeof(packet));
		memcpy(packet + at, bytes, len);
		at += len;
		free(bytes);
	}
	raw_send(&raw, packet, cut);
	raw_sleep(cut ? 50 : 0);
	raw_send(&raw, packet + cut, at - cut);
	ck_assert_int_eq(raw_answer(&raw, &answer), 1);
	ck_assert_int_eq(answer.status, 101);
	for (i = 0; i < frames; i++) {
		memset(text, 'a' + i % 26, sizeof(text));
		ck_assert_int_eq(raw_next(&raw, &frame, RAW_WAIT), 1);
		ck_assert_int_eq(frame.opcode, RAW_TEXT);
		ck_assert_uint_eq(frame.len, size);
		ck_assert_mem_eq(frame.payload, text, size);
	}
	raw_answer_done(&answer);
	raw_done(&raw);
}

START_TEST(frames_in_the_packet_of_the_handshake_are_read)
{
	static const struct {
		size_t head_len;
		int frames;
		size_t cut; /* before the end of the head */
		size_t size;
	} cases[] = {
	        {0, 3, 0, 1},
	        {0, 100, 0, 1},
	        {371, 100, 0, 1},
	        {395, 40, 0, 100},
	        {700, 40, 0, 100},
	        {0, 40, 1, 100}, /* the end of the head stands at the buffer's beginning */
	        {2000, 7, 3, 120},
	};

	frames_behind_the_head_are_read(
	        cases[_i].head_len, cases[_i].frames, cases[_i].cut, cases[_i].size);
}
END_TEST

START_TEST(pings_in_the_packet_of_the_handshake_do_no_harm)
{
	struct raw raw = raw_open(mock_port());
	struct raw_answer answer;
	struct raw_frame frame;
	char packet[2048], *bytes;
	size_t at, len;
	int i;

	at = (size_t)snprintf(packet, sizeof(packet),
	        "GET /echo HTTP/1.1\r\nHost: x\r\nX-Pad: %0200d\r\n" REST "\r\n", 0);
	for (i = 0; i < 11; i++) {
		bytes = raw_frame_bytes(true, i < 10 ? RAW_PING : RAW_TEXT, "0123456789", 10, &len);
		memcpy(packet + at, bytes, len);
		at += len;
		free(bytes);
	}
	raw_send(&raw, packet, at);
	ck_assert_int_eq(raw_answer(&raw, &answer), 1);
	ck_assert_int_eq(answer.status, 101);
	do
		ck_assert_int_eq(raw_next(&raw, &frame, RAW_WAIT), 1);
	while (frame.opcode == RAW_PONG);
	ck_assert_int_eq(frame.opcode, RAW_TEXT);
	ck_assert_str_eq(frame.payload, "0123456789");
	raw_answer_done(&answer);
	raw_done(&raw);
}
END_TEST

START_TEST(handshake_byte_by_byte)
{
	static const char request[] = "GET /echo HTTP/1.1\r\nHost: x\r\n" REST "\r\n";
	struct raw raw = raw_open(mock_port());
	struct raw_answer answer;
	size_t i;

	for (i = 0; i < sizeof(request) - 1; i++) {
		raw_send(&raw, request + i, 1);
		if (i % 16 == 0)
			raw_sleep(1);
	}
	ck_assert_int_eq(raw_answer(&raw, &answer), 1);
	ck_assert_int_eq(answer.status, 101);
	raw_answer_done(&answer);
	raw_done(&raw);
}
END_TEST

START_TEST(websocket_after_a_request_on_the_same_connection)
{
	struct raw raw = raw_open(mock_port());
	struct raw_frame frame;

	ck_assert_int_eq(raw_status(&raw, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
	ck_assert_int_eq(raw_upgrade(&raw, "/echo", ""), 101);
	raw_say(&raw, "hi");
	ck_assert_int_eq(raw_next(&raw, &frame, RAW_WAIT), 1);
	ck_assert_str_eq(frame.payload, "hi");
	raw_done(&raw);
}
END_TEST

/* Requests of the table with bytes changed, doubled and left out: whatever the answer is, the next client is served. */
START_TEST(mutated_requests_do_no_harm)
{
	uint32_t seed = 2463534242u + (uint32_t)_i;
	char request[2048];
	int round;

	for (round = 0; round < 100; round++) {
		const struct hostile *from =
		        &hostile_requests[raw_random(&seed) % hostile_request_count];
		size_t len = from->len < sizeof(request) ? from->len : sizeof(request), i;
		struct raw raw = raw_open(mock_port());

		memcpy(request, from->bytes, len);
		for (i = 1 + raw_random(&seed) % 8; i; i--) {
			size_t at = raw_random(&seed) % len;

			if (raw_random(&seed) % 3)
				request[at] = (char)raw_random(&seed);
			else
				memmove(request + at, request + raw_random(&seed) % (at + 1),
				        len - at);
		}
		raw_try_send(&raw, request, len);
		if (round % 10 == 0)
			raw_fill(&raw, 20);
		raw_done(&raw);
	}
	still_serves();
}
END_TEST

START_TEST(clients_that_leave_during_the_handshake_leave_nothing)
{
	static const char request[] = "GET /echo HTTP/1.1\r\nHost: x\r\n" REST "\r\n";
	size_t len;

	for (len = 0; len < sizeof(request); len += 7) {
		struct raw raw = raw_open(mock_port());

		raw_send(&raw, request, len);
		raw_done(&raw);
	}
	still_serves();
}
END_TEST

START_TEST(handshakes_that_do_not_go_on_time_out)
{
	static const char *const beginnings[] = {"", "G", "GET /echo HTTP/1.1\r\nHost: x\r\nUpgr"};
	struct raw raw;
	int64_t start;

	mock_start(&(struct mock_options){.handshake_ms = 300});
	start = raw_now();
	raw = raw_open(mock_port());
	raw_print(&raw, "%s", beginnings[_i]);
	raw_hung_up_on(&raw, start, 300);
	raw_done(&raw);
	mock_stop();
}
END_TEST

/* Each byte buys no more time. */
START_TEST(slow_handshakes_time_out)
{
	struct raw raw;
	bool up = true;
	int i;

	mock_start(&(struct mock_options){.handshake_ms = 400});
	raw = raw_open(mock_port());
	raw_print(&raw, "GET /echo HTTP/1.1\r\nX-Slow: ");
	for (i = 0; up && i < RAW_WAIT / 50; i++)
		up = raw_try_send(&raw, "x", 1) && !raw_hangs_up(&raw, 50);
	ck_assert_msg(!up, "it was still waited for after %d bytes", i);
	raw_done(&raw);
	mock_stop();
}
END_TEST

START_TEST(administrative_listener_serves_no_websockets)
{
	struct raw raw;

	mock_start(&(struct mock_options){.admin = true});
	raw = raw_open(mock_admin_port());
	ck_assert_int_eq(raw_upgrade(&raw, "/echo", ""), 404);
	raw_done(&raw);
	mock_stop();
}
END_TEST

Suite *suite_handshake(void)
{
	Suite *suite = suite_create("handshake");
	TCase *one = tcase_create("against a running server"),
	      *own = tcase_create("with options of its own");

	tcase_add_checked_fixture(one, server_up, server_down);
	tcase_set_timeout(one, 30);
	tcase_set_timeout(own, 30);
	tcase_add_test(one, good_handshake_is_answered_with_the_accept_key);
	tcase_add_test(one, unknown_upgrade_on_a_kept_connection_is_refused);
	tcase_add_test(one, unknown_upgrade_pipelined_behind_a_request_is_refused);
	tcase_add_loop_test(one, hostile_requests_are_refused, 0, (int)hostile_request_count);
	tcase_add_test(one, other_versions_are_told_the_one_spoken);
	tcase_add_test(one, connection_header_may_be_a_list);
	tcase_add_loop_test(one, one_subprotocol_is_chosen_and_answered, 0, 5);
	tcase_add_test(one, subprotocols_of_different_clients_do_not_mix);
	tcase_add_test(one, extensions_are_not_agreed_to);
	tcase_add_test(one, refusals_of_the_core_become_statuses);
	tcase_add_test(one, no_memory_for_a_connection_closes_1013);
	tcase_add_loop_test(
	        one, header_name_that_begins_like_a_known_one_swallows_the_next_line, 0, 4);
	tcase_add_loop_test(one, cookies_of_five_kilobytes_are_accepted, 0, 2);
	tcase_add_test(one, headers_beyond_the_limit_are_hung_up_on);
	tcase_add_loop_test(one, frames_in_the_packet_of_the_handshake_are_read, 0, 7);
	tcase_add_test(one, pings_in_the_packet_of_the_handshake_do_no_harm);
	tcase_add_test(one, handshake_byte_by_byte);
	tcase_add_test(one, websocket_after_a_request_on_the_same_connection);
	tcase_add_loop_test(one, mutated_requests_do_no_harm, 0, 5);
	tcase_add_test(one, clients_that_leave_during_the_handshake_leave_nothing);
	tcase_add_loop_test(own, handshakes_that_do_not_go_on_time_out, 0, 3);
	tcase_add_test(own, slow_handshakes_time_out);
	tcase_add_test(own, administrative_listener_serves_no_websockets);
	suite_add_tcase(suite, one);
	suite_add_tcase(suite, own);
	return suite;
}
