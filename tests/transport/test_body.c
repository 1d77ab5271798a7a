/* SPDX-License-Identifier: MIT */
/* Bodies of requests: lengths that lie, bodies that are too large, too slow, or come in pieces. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mock_core.h"
#include "raw.h"
#include "suites.h"

#define POST(path, length) "POST " path " HTTP/1.1\r\nHost: x\r\nContent-Length: " length "\r\n\r\n"

static struct raw http;

static void up(void)
{
	server_up();
	http = raw_open(mock_port());
}

static void down(void)
{
	raw_done(&http);
	server_down();
}

static void expect(int status, const char *body)
{
	struct raw_answer answer;
	int result = raw_answer(&http, &answer);

	ck_assert_msg(result == 1, "no answer: %d", result);
	ck_assert_int_eq(answer.status, status);
	if (body)
		ck_assert_str_eq(answer.body, body);
	raw_answer_done(&answer);
}

static void expect_sum(size_t len)
{
	char text[64];

	snprintf(text, sizeof(text), "%zu bytes, sum %zu", len, len * 'b');
	expect(200, text);
}

static void post(const char *method, size_t len, size_t piece)
{
	char *body = malloc(len + 1);
	size_t at;

	memset(body, 'b', len + 1);
	raw_print(
	        &http, "%s /body HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n", method, len);
	for (at = 0; at < len; at += piece) {
		raw_send(&http, body + at, len - at < piece ? len - at : piece);
		if (piece < len && at / piece % 10 == 0)
			raw_sleep(1);
	}
	free(body);
}

START_TEST(bodies_of_all_sizes_arrive)
{
	static const size_t sizes[] = {0, 1, 4095, 4096, 4097, 16384, 40000, 99999, 100000};

	post("POST", sizes[_i], sizes[_i] + 1);
	expect_sum(sizes[_i]);
	post("POST", 3, 4);
	expect_sum(3);
}
END_TEST

START_TEST(bodies_in_pieces_arrive)
{
	static const size_t pieces[] = {1, 7, 1000};

	post("POST", 2000, pieces[_i]);
	expect_sum(2000);
}
END_TEST

START_TEST(other_methods_may_have_bodies)
{
	static const char *const methods[] = {"GET", "PUT", "PATCH", "DELETE"};

	post(methods[_i], 500, 501);
	expect_sum(500);
	post(methods[_i], 0, 1);
	expect_sum(0);
}
END_TEST

/*
 * libwebsockets 4.1 would take the second one's head for its body, 4.3 hangs up on the first: either way the client has to ask again, and
 * nothing wrong is handed up.
 */
START_TEST(pipelined_bodies_are_not_mistaken)
{
	struct raw_answer answer;

	raw_print(&http,
	        POST("/body", "2") "bb" POST("/body", "3") "bbb" POST("/body", "0")
	                POST("/body", "1") "b");
	if (raw_answer(&http, &answer) == 1)
		ck_assert_str_eq(answer.body, "2 bytes, sum 196");
	raw_answer_done(&answer);
	ck_assert(raw_hangs_up(&http, RAW_WAIT));
	ck_assert_int_eq(mock_counts.begun, 1);
}
END_TEST

START_TEST(bodies_one_after_the_other_are_told_apart)
{
	size_t len;

	for (len = 1; len < 40; len++) {
		post("POST", len, len + 1);
		expect_sum(len);
	}
}
END_TEST

/* A negative length, read as a number without sign, is a very long body. */
START_TEST(lengths_that_are_no_numbers_are_refused)
{
	static const char *const lengths[] = {"-1", "+1", "1 ,", "0x10", "1,1",
	        "99999999999999999999", "1e3", "\"5\"", "5;", "five", "18446744073709551615",
	        "9223372036854775808"};

	raw_print(&http, "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: %s\r\n\r\nb",
	        lengths[_i]);
	expect(400, NULL);
	ck_assert_int_eq(mock_counts.begun, 0);
}
END_TEST

START_TEST(framing_that_can_be_read_in_two_ways_is_refused)
{
	static const struct {
		const char *headers;
		int status;
	} cases[] = {
	        {"Content-Length: 1\r\nContent-Length: 2\r\n", 400},
	        {"Content-Length: 1\r\nContent-Length: 1\r\n", 400},
	        {"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", 400},
	        {"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n", 400},
	        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", 400},
	        {"Transfer-Encoding: chunked\r\n", 411},
	        {"Transfer-Encoding: gzip, chunked\r\n", 411},
	        {"", 411},
	        {"Content-Length:\r\n", 411},
	};

	raw_print(&http, "POST /body HTTP/1.1\r\nHost: x\r\n%s\r\n1\r\nb\r\n0\r\n\r\n",
	        cases[_i].headers);
	expect(cases[_i].status, NULL);
	ck_assert_int_eq(mock_counts.begun, 0);
	ck_assert(raw_hangs_up(&http, RAW_WAIT));
}
END_TEST

START_TEST(chunked_get_is_refused)
{
	raw_print(&http,
	        "GET /hello HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
	expect(411, NULL);
	ck_assert(raw_hangs_up(&http, RAW_WAIT));
}
END_TEST

/* The refusal arrives although the client sends the whole body first. */
START_TEST(body_beyond_the_limit_is_413)
{
	size_t len = _i ? 700000 : 100001;
	char *body = calloc(1, len);

	raw_print(&http, "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n", len);
	raw_try_send(&http, body, len);
	expect(413, NULL);
	ck_assert(raw_hangs_up(&http, RAW_WAIT));
	ck_assert_int_eq(mock_counts.bodies, 0);
	free(body);
}
END_TEST

START_TEST(refused_body_without_end_is_hung_up_on)
{
	char *body = calloc(1, 1 << 20);
	int i;

	raw_print(&http, POST("/body", "999999999"));
	for (i = 0; i < 64 && raw_try_send(&http, body, 1 << 20); i++)
		;
	ck_assert_int_lt(i, 64);
	ck_assert(raw_hangs_up(&http, RAW_WAIT));
	free(body);
}
END_TEST

START_TEST(refused_body_that_does_not_come_is_hung_up_on)
{
	raw_print(&http, POST("/body", "999999999"));
	expect(413, NULL);
	ck_assert(raw_hangs_up(&http, RAW_WAIT));
}
END_TEST

START_TEST(answer_before_the_body_ends_the_connection)
{
	char *body = calloc(1, 900);
	struct raw_answer answer;

	raw_print(&http, POST("/early", "900"));
	raw_sleep(50);
	raw_try_send(&http, body, 900);
	ck_assert_int_eq(raw_answer(&http, &answer), 1);
	ck_assert_int_eq(answer.status, 403);
	ck_assert_str_eq(raw_header(&answer, "Connection"), "close");
	raw_answer_done(&answer);
	ck_assert(raw_hangs_up(&http, RAW_WAIT));
	free(body);
}
END_TEST

START_TEST(expectation_is_answered)
{
	raw_print(&http,
	        "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: "
	        "100-continue\r\n\r\n");
	expect(100, NULL);
	raw_print(&http, "bbbb");
	expect_sum(4);
	raw_print(&http,
	        "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\nExpect: "
	        "100-continue\r\n\r\n");
	expect(413, NULL);
}
END_TEST

START_TEST(client_that_leaves_inside_a_body_leaves_nothing)
{
	raw_print(&http, POST("/body", "5000") "only this much");
	mock_await(&mock_counts.begun, 1);
	raw_done(&http);
	mock_await(&mock_counts.ended, 1);
	ck_assert_int_eq(mock_counts.bodies, 0);
}
END_TEST

/* One byte from time to time does not keep a body alive. */
START_TEST(slow_body_is_408)
{
	int i;

	mock_start(&(struct mock_options){.request_ms = 400});
	http = raw_open(mock_port());
	raw_print(&http, POST("/body", "5000"));
	for (i = 0; i < RAW_WAIT / 50 && raw_try_send(&http, "b", 1) &&
	        raw_fill(&http, 50) == RAW_TIMEOUT;
	        i++)
		;
	expect(408, NULL);
	ck_assert(raw_hangs_up(&http, RAW_WAIT));
	mock_await(&mock_counts.ended, 1);
	raw_done(&http);
	mock_stop();
}
END_TEST

Suite *suite_body(void)
{
	Suite *suite = suite_create("body");
	TCase *one = tcase_create("of one client"), *own = tcase_create("with options of its own");

	tcase_add_checked_fixture(one, up, down);
	tcase_set_timeout(one, 30);
	tcase_set_timeout(own, 30);
	tcase_add_loop_test(one, bodies_of_all_sizes_arrive, 0, 9);
	tcase_add_loop_test(one, bodies_in_pieces_arrive, 0, 3);
	tcase_add_loop_test(one, other_methods_may_have_bodies, 0, 4);
	tcase_add_test(one, pipelined_bodies_are_not_mistaken);
	tcase_add_test(one, bodies_one_after_the_other_are_told_apart);
	tcase_add_loop_test(one, lengths_that_are_no_numbers_are_refused, 0, 12);
	tcase_add_loop_test(one, framing_that_can_be_read_in_two_ways_is_refused, 0, 9);
	tcase_add_test(one, chunked_get_is_refused);
	tcase_add_loop_test(one, body_beyond_the_limit_is_413, 0, 2);
	tcase_add_test(one, refused_body_without_end_is_hung_up_on);
	tcase_add_test(one, refused_body_that_does_not_come_is_hung_up_on);
	tcase_add_test(one, answer_before_the_body_ends_the_connection);
	tcase_add_test(one, expectation_is_answered);
	tcase_add_test(one, client_that_leaves_inside_a_body_leaves_nothing);
	tcase_add_test(own, slow_body_is_408);
	suite_add_tcase(suite, one);
	suite_add_tcase(suite, own);
	return suite;
}
