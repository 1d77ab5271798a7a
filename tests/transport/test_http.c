/* SPDX-License-Identifier: MIT */
/* Plain HTTP: heads, responses, keeping connections. Bodies of requests are in test_body.c. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mock_core.h"
#include "raw.h"
#include "suites.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"

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

static void expect(struct raw *raw, int status, const char *body)
{
	struct raw_answer answer;

	ck_assert_int_eq(raw_answer(raw, &answer), 1);
	ck_assert_int_eq(answer.status, status);
	if (body)
		ck_assert_str_eq(answer.body, body);
	raw_answer_done(&answer);
}

START_TEST(response_has_what_it_needs)
{
	struct raw_answer answer;

	raw_print(&http, GET("/hello"));
	ck_assert_int_eq(raw_answer(&http, &answer), 1);
	ck_assert_int_eq(answer.status, 200);
	ck_assert_ptr_nonnull(strstr(answer.head, "HTTP/1.1 200 OK\r\n"));
	ck_assert_str_eq(raw_header(&answer, "Content-Type"), "text/plain");
	ck_assert_str_eq(raw_header(&answer, "X-Mock"), "yes");
	ck_assert_str_eq(raw_header(&answer, "Content-Length"), "5");
	ck_assert_str_eq(raw_header(&answer, "Connection"), "");
	ck_assert_uint_eq(
	        strlen(raw_header(&answer, "Date")), strlen("Sun, 06 Nov 1994 08:49:37 GMT"));
	ck_assert_str_eq(answer.body, "hello");
	raw_answer_done(&answer);
}
END_TEST

START_TEST(connection_serves_many_requests)
{
	int i;

	for (i = 0; i < 50; i++) {
		raw_print(&http, "%s", i % 2 ? GET("/hello") : GET("/nowhere"));
		expect(&http, i % 2 ? 200 : 404, i % 2 ? "hello" : "not here");
	}
	ck_assert_uint_eq(mock_sockets(), 1);
}
END_TEST

START_TEST(pipelined_requests_are_answered_in_order)
{
	raw_print(&http, GET("/hello") GET("/late?50") GET("/nowhere") GET("/hello"));
	expect(&http, 200, "hello");
	expect(&http, 200, "late");
	expect(&http, 404, "not here");
	expect(&http, 200, "hello");
}
END_TEST

START_TEST(head_gets_no_body)
{
	char after[512];
	struct raw_answer answer;

	raw_print(&http, "HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n" GET("/nowhere"));
	while (raw_fill(&http, 300) > 0)
		;
	snprintf(after, sizeof(after), "%.*s", (int)http.len, http.in);
	ck_assert_ptr_nonnull(strstr(after, "Content-Length: 5\r\n"));
	ck_assert_ptr_nonnull(strstr(after, "\r\n\r\nHTTP/1.1 404"));
	(void)answer;
}
END_TEST

START_TEST(no_content_has_no_length)
{
	struct raw_answer answer;

	raw_print(&http, GET("/none"));
	ck_assert_int_eq(raw_answer(&http, &answer), 1);
	ck_assert_int_eq(answer.status, 204);
	ck_assert_str_eq(raw_header(&answer, "Content-Length"), "");
	raw_answer_done(&answer);
	raw_print(&http, GET("/hello"));
	expect(&http, 200, "hello");
}
END_TEST

START_TEST(connection_ends_when_it_should)
{
	static const char *const requests[] = {"GET /hello HTTP/1.0\r\n\r\n",
	        "GET /hello HTTP/1.0\r\nHost: x\r\n\r\n",
	        "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
	        "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: foo, Close\r\n\r\n"};
	struct raw_answer answer;

	raw_print(&http, "%s", requests[_i]);
	ck_assert_int_eq(raw_answer(&http, &answer), 1);
	ck_assert_int_eq(answer.status, 200);
	ck_assert_str_eq(raw_header(&answer, "Connection"), "close");
	ck_assert_int_eq(raw_fill(&http, RAW_WAIT), RAW_EOF);
	raw_answer_done(&answer);
}
END_TEST

START_TEST(large_responses_arrive_whole)
{
	static const int sizes[] = {0, 1, 65535, 65536, 65537, 5000000};
	struct raw slow = raw_try(mock_port());
	struct raw_answer answer;
	int i;

	raw_small_buffers(&slow);
	raw_print(&slow, "GET /big?%d HTTP/1.1\r\nHost: x\r\n\r\n" GET("/hello"), sizes[_i]);
	raw_sleep(100);
	ck_assert_int_eq(raw_answer(&slow, &answer), 1);
	ck_assert_int_eq((int)answer.len, sizes[_i]);
	for (i = 0; i < sizes[_i]; i += 997)
		ck_assert_int_eq(answer.body[i], 'a' + i % 26);
	raw_answer_done(&answer);
	expect(&slow, 200, "hello");
	raw_done(&slow);
}
END_TEST

START_TEST(files_arrive_whole)
{
	static const int sizes[] = {0, 1, 65536, 3000000};
	char path[] = "/tmp/msgc-transport-XXXXXX";
	int fd = mkstemp(path), i;
	struct raw_answer answer;

	ck_assert_int_ge(fd, 0);
	for (i = 0; i < sizes[_i]; i += 10)
		ck_assert_int_eq((int)write(fd, "0123456789",
		                         (size_t)(sizes[_i] - i < 10 ? sizes[_i] - i : 10)),
		        sizes[_i] - i < 10 ? sizes[_i] - i : 10);
	close(fd);
	raw_print(&http, "GET /file?%s HTTP/1.1\r\nHost: x\r\n\r\n" GET("/hello"), path);
	ck_assert_int_eq(raw_answer(&http, &answer), 1);
	ck_assert_int_eq(answer.status, 200);
	ck_assert_int_eq((int)answer.len, sizes[_i]);
	for (i = 0; i < sizes[_i] && answer.body[i] == '0' + i % 10; i++)
		;
	ck_assert_int_eq(i, sizes[_i]);
	raw_answer_done(&answer);
	expect(&http, 200, "hello");
	raw_print(&http, "HEAD /file?%s HTTP/1.1\r\nHost: x\r\n\r\n", path);
	unlink(path);
}
END_TEST

START_TEST(files_that_are_none_are_not_sent)
{
	static const char *const paths[] = {"/tmp/msgc-there-is-no-such-file", "/tmp", "/dev/zero"};

	raw_print(&http, "GET /file?%s HTTP/1.1\r\nHost: x\r\n\r\n", paths[_i]);
	expect(&http, 404, NULL);
}
END_TEST

START_TEST(client_that_leaves_while_it_is_answered_leaves_nothing)
{
	static const char *const requests[] = {GET("/never"), GET("/late?50"), GET("/big?9000000")};

	raw_small_buffers(&http);
	raw_print(&http, "%s", requests[_i]);
	mock_await(&mock_counts.begun, 1);
	raw_done(&http);
	if (_i)
		mock_await(&mock_counts.ended, 1);
	http = raw_open(mock_port());
	raw_print(&http, GET("/hello"));
	expect(&http, 200, "hello");
}
END_TEST

/* A client that goes on sending while it is answered must not keep the loop busy. */
START_TEST(input_during_an_answer_keeps_no_loop_busy)
{
	int before;

	if (_i) {
		raw_small_buffers(&http);
		raw_print(&http, GET("/big?9000000") GET("/hello"));
	} else {
		raw_print(&http, GET("/late?700") GET("/hello"));
	}
	raw_sleep(100);
	before = mock_counts.turns;
	raw_print(&http, GET("/hello"));
	raw_sleep(500);
	ck_assert_int_lt(mock_counts.turns - before, 50); /* a busy loop has thousands */
}
END_TEST

START_TEST(header_that_would_split_the_response_is_not_sent)
{
	raw_print(&http, GET("/split"));
	ck_assert_int_le(raw_fill(&http, RAW_WAIT), 0);
	ck_assert_ptr_nonnull(strstr(mock_log(), "http.broken"));
}
END_TEST

START_TEST(no_memory_is_503)
{
	raw_print(&http, GET("/dry"));
	expect(&http, 503, NULL);
	ck_assert(raw_hangs_up(&http, RAW_WAIT));
}
END_TEST

/* ---------------------------------------------------------------------------------------------- heads */

static char *dumped(const char *target, const char *headers)
{
	struct raw_answer answer;

	raw_print(&http, "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n", target, headers);
	ck_assert_int_eq(raw_answer(&http, &answer), 1);
	ck_assert_int_eq(answer.status, 200);
	return answer.body;
}

START_TEST(target_reaches_the_core_encoded)
{
	static const struct {
		const char *target, *path, *query;
	} cases[] = {
	        {"/dump", "/dump", ""},
	        {"/dump?", "/dump", ""},
	        {"/dump?a=1", "/dump", "a=1"},
	        {"/dump?a=1&b=2", "/dump", "a=1&b=2"},
	        {"/dump?a", "/dump", "a"},
	        {"/dump?a=&b", "/dump", "a=&b"},
	        {"/dump?a&", "/dump", "a"},
	        {"/dump?a&&b", "/dump", "a&&b"},
	        {"/dump?/&b", "/dump", "/&b"},
	        {"/dump?a=x%26y", "/dump", "a=x%26y"},
	        {"/dump?a=x%3Dy=z", "/dump", "a=x%3Dy%3Dz"},
	        {"/dump?a=%C3%A9", "/dump", "a=%C3%A9"},
	        {"/dump?a=b+c", "/dump", "a=b%20c"},
	        {"/dump?a=b%2Bc", "/dump", "a=b%2Bc"},
	        {"/dump?next=%2Froom%2F7%3Fq%3D1", "/dump", "next=/room/7%3Fq%3D1"},
	        {"/dump?a=100%25", "/dump", "a=100%25"},
	        {"//dump", "/dump", ""},
	        {"/x/../dump", "/dump", ""},
	        {"/./dump", "/dump", ""},
	        {"/%64ump", "/dump", ""},
	        {"/dump?a=1;b=2", "/dump", "a=1&b=2"},
	};
	char expected[256], *body = dumped(cases[_i].target, "");

	snprintf(expected, sizeof(expected),
	        "method=GET\npath=%s\nquery=%s\naddress=127.0.0.1\nsecure=0\n", cases[_i].path,
	        cases[_i].query);
	ck_assert_msg(!strncmp(body, expected, strlen(expected)), "%s: %s", cases[_i].target, body);
	free(body);
}
END_TEST

START_TEST(paths_are_encoded_again)
{
	static const struct {
		const char *target;
		int status;
	} cases[] = {{"/a%20b", 404}, {"/a%25b", 404}, {"/a%00b", 403}, {"/a&b", 400},
	        {"/a;b", 400}, {"/a%26b", 404}, {"/a%", 403}, {"/a%zz", 403}, {"x", 403},
	        {"http://x/hello", 403}, {"*", 403}};
	int status = raw_status(&http, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", cases[_i].target);

	ck_assert_msg(status == cases[_i].status || (status <= 0 && cases[_i].status == 403),
	        "%s: %d", cases[_i].target, status);
}
END_TEST

START_TEST(headers_reach_the_core)
{
	char *body = dumped("/dump",
	        "User-Agent: raw\r\nCookie: a=1; b=2\r\nX-Forwarded-For: "
	        "192.0.2.1\r\nx-forwarded-PROTO: https\r\n"
	        "X-Custom: \t one two \t\r\nX-Unknown: no\r\nAccept: a\r\nAccept: b\r\n");

	ck_assert_ptr_nonnull(strstr(body, "\nhost=[x]\n"));
	ck_assert_ptr_nonnull(strstr(body, "\nuser-agent=[raw]\n"));
	ck_assert_ptr_nonnull(strstr(body, "\ncookie=[a=1; b=2]\n"));
	ck_assert_ptr_nonnull(strstr(body, "\nx-forwarded-for=[192.0.2.1]\n"));
	ck_assert_ptr_nonnull(strstr(body, "\nx-forwarded-proto=[https]\n"));
	ck_assert_ptr_nonnull(strstr(body, "\nx-custom=[one two]\n"));
	ck_assert_ptr_null(strstr(body, "x-unknown"));
	ck_assert_ptr_nonnull(strstr(body, "\naccept=[a,"));
	ck_assert_ptr_null(strstr(strstr(body, "\nhost=") + 1, "\nhost="));
	free(body);
}
END_TEST

/* Two addresses from two headers must look like two. */
START_TEST(doubled_forwarded_addresses_stay_two)
{
	char *body =
	        dumped("/dump", "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\n");

	ck_assert_ptr_nonnull(strstr(body, "x-forwarded-for=[192.0.2.1,"));
	ck_assert_ptr_nonnull(strstr(body, "192.0.2.2]"));
	free(body);
}
END_TEST

START_TEST(heads_that_can_be_read_in_two_ways_are_refused)
{
	static const struct {
		const char *request;
		int status;
	} cases[] = {
	        {"GET /hello HTTP/1.1\r\n\r\n", 400},
	        {"GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
	        {"GET /hello HTTP/1.1\r\nHost: a\r\nCookie: a=1\r\nCookie: a=2\r\n\r\n", 400},
	        {"GET /hello HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n",
	                400},
	        {"GET /hello HTTP/1.1\r\nHost: a\r\nContent-Type: a\r\nContent-Type: b\r\n\r\n",
	                400},
	        {"GET /hello HTTP/1.1\r\nHost: a\r\nUser-Agent: a\x01\r\n\r\n", 400},
	        {"GET /hello HTTP/2.0\r\nHost: a\r\n\r\n", 505},
	        {"GET /hello HTTP/1.11\r\nHost: a\r\n\r\n", 505},
	        {"GET /hello\r\nHost: a\r\n\r\n", 505},
	};
	int status;

	raw_print(&http, "%s", cases[_i].request);
	status = raw_status(&http, "%s", "");
	ck_assert_msg(status == cases[_i].status || (status <= 0 && cases[_i].status == 505),
	        "%d: %d", _i, status);
	ck_assert_int_eq(mock_counts.begun, 0);
}
END_TEST

START_TEST(unknown_methods_are_refused)
{
	static const char *const methods[] = {"TRACE", "BREW", "get", "GETX", "PROPFIND", "PUTX"};
	int status = raw_status(
	        &http, "%s /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", methods[_i]);

	ck_assert_msg(status <= 0 || status >= 400 || !strcmp(methods[_i], "get"), "%s: %d",
	        methods[_i], status);
}
END_TEST

START_TEST(known_methods_reach_the_core)
{
	static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
	struct raw_answer answer;
	char line[32];

	raw_print(&http, "%s /dump HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n" GET("/hello"),
	        methods[_i]);
	ck_assert_int_eq(raw_answer(&http, &answer), 1);
	ck_assert_int_eq(answer.status, 200);
	snprintf(line, sizeof(line), "method=%s\n", methods[_i]);
	ck_assert_msg(!strncmp(answer.body, line, strlen(line)), "%s", answer.body);
	raw_answer_done(&answer);
	expect(&http, 200, "hello");
}
END_TEST

START_TEST(hundred_headers_are_no_problem)
{
	char headers[16000] = "";
	size_t at = 0;
	int i, status;

	for (i = 0; i < _i; i++)
		at += (size_t)snprintf(
		        headers + at, sizeof(headers) - at, "X-Header-%d: value\r\n", i);
	status = raw_status(&http, "GET /hello HTTP/1.1\r\nHost: x\r\n%s\r\n", headers);
	ck_assert_int_eq(status, 200);
}
END_TEST

START_TEST(administrative_listener_is_another_place)
{
	struct raw public, admin;

	mock_start(&(struct mock_options){.admin = true});
	ck_assert_int_ne(mock_port(), mock_admin_port());
	public = raw_open(mock_port());
	admin = raw_open(mock_admin_port());
	raw_print(&admin, GET("/sensitive"));
	expect(&admin, 200, "admin");
	raw_print(&public, GET("/sensitive"));
	expect(&public, 404, "public");
	/* the Host header does not lead there */
	raw_print(&public, "GET /sensitive HTTP/1.1\r\nHost: admin\r\n\r\n");
	expect(&public, 404, "public");
	raw_print(&public, "GET /sensitive HTTP/1.1\r\nHost: admin:%d\r\n\r\n", mock_admin_port());
	expect(&public, 404, "public");
	raw_print(&admin, "GET /sensitive HTTP/1.1\r\nHost: server\r\n\r\n");
	expect(&admin, 200, "admin");
	raw_done(&public);
	raw_done(&admin);
	mock_stop();
}
END_TEST

START_TEST(idle_connection_is_closed)
{
	int64_t start;

	mock_start(&(struct mock_options){.keepalive_ms = 300});
	http = raw_open(mock_port());
	start = raw_now();
	raw_print(&http, GET("/hello"));
	expect(&http, 200, "hello");
	raw_hung_up_on(&http, start, 300);
	raw_done(&http);
	mock_stop();
}
END_TEST

/* ... but not while the server is the one that takes its time. */
START_TEST(answer_may_take_longer_than_all_deadlines)
{
	mock_start(&(struct mock_options){
	        .keepalive_ms = 100, .handshake_ms = 100, .request_ms = 100});
	http = raw_open(mock_port());
	raw_print(&http, GET("/late?500"));
	expect(&http, 200, "late");
	raw_done(&http);
	mock_stop();
}
END_TEST

START_TEST(reader_that_stops_is_hung_up_on)
{
	mock_start(&(struct mock_options){.request_ms = 300});
	http = raw_open(mock_port());
	raw_small_buffers(&http);
	raw_print(&http, GET("/big?9000000"));
	mock_await(&mock_counts.ended, 1);
	ck_assert_uint_eq(mock_sockets(), 0);
	raw_done(&http);
	mock_stop();
}
END_TEST

Suite *suite_http(void)
{
	Suite *suite = suite_create("http");
	TCase *one = tcase_create("of one client"), *own = tcase_create("with options of its own");

	tcase_add_checked_fixture(one, up, down);
	tcase_set_timeout(one, 30);
	tcase_set_timeout(own, 30);
	tcase_add_test(one, response_has_what_it_needs);
	tcase_add_test(one, connection_serves_many_requests);
	tcase_add_test(one, pipelined_requests_are_answered_in_order);
	tcase_add_test(one, head_gets_no_body);
	tcase_add_test(one, no_content_has_no_length);
	tcase_add_loop_test(one, connection_ends_when_it_should, 0, 4);
	tcase_add_loop_test(one, large_responses_arrive_whole, 0, 6);
	tcase_add_loop_test(one, files_arrive_whole, 0, 4);
	tcase_add_loop_test(one, files_that_are_none_are_not_sent, 0, 3);
	tcase_add_loop_test(one, client_that_leaves_while_it_is_answered_leaves_nothing, 0, 3);
	tcase_add_loop_test(one, input_during_an_answer_keeps_no_loop_busy, 0, 2);
	tcase_add_test(one, header_that_would_split_the_response_is_not_sent);
	tcase_add_test(one, no_memory_is_503);
	tcase_add_loop_test(one, target_reaches_the_core_encoded, 0, 21);
	tcase_add_loop_test(one, paths_are_encoded_again, 0, 11);
	tcase_add_test(one, headers_reach_the_core);
	tcase_add_test(one, doubled_forwarded_addresses_stay_two);
	tcase_add_loop_test(one, heads_that_can_be_read_in_two_ways_are_refused, 0, 9);
	tcase_add_loop_test(one, unknown_methods_are_refused, 0, 6);
	tcase_add_loop_test(one, known_methods_reach_the_core, 0, 6);
	tcase_add_loop_test(one, hundred_headers_are_no_problem, 100, 101);
	tcase_add_test(own, administrative_listener_is_another_place);
	tcase_add_test(own, idle_connection_is_closed);
	tcase_add_test(own, answer_may_take_longer_than_all_deadlines);
	tcase_add_test(own, reader_that_stops_is_hung_up_on);
	suite_add_tcase(suite, one);
	suite_add_tcase(suite, own);
	return suite;
}
