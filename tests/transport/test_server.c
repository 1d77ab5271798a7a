/* SPDX-License-Identifier: MIT */
/*
 * The same raw sockets against a whole server: the echo example, started as a program. Its path is the first argument. What only the
 * transport knows is tested in transport_raw; here it is seen from outside.
 */
#define _GNU_SOURCE
#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostile.h"
#include "raw.h"

#define PATH "/ws/echo/"

static const char *program;
static pid_t pid;
static int log_fd, port, admin_port;
static char log_text[65536];
static size_t log_len;

/* ---------------------------------------------------------------------------------------- the server */

/* Reads what the server has logged, until `text` stands there or, with NULL, until it has ended. */
static bool read_log(const char *text)
{
	int64_t start = raw_now();

	while (!text || !strstr(log_text, text)) {
		struct pollfd ready = {.fd = log_fd, .events = POLLIN};
		ssize_t got;

		if (poll(&ready, 1, 100) <= 0 && raw_now() - start > RAW_WAIT)
			return false;
		if (!(ready.revents & (POLLIN | POLLHUP)))
			continue;
		got = read(log_fd, log_text + log_len, sizeof(log_text) - 1 - log_len);
		if (got <= 0)
			return !text;
		log_len += (size_t)got;
		log_text[log_len] = '\0';
	}
	return true;
}

static void launch(const char *const options[], rlim_t files)
{
	const char *arguments[16] = {program, "--port=0", "--admin-port=0"};
	struct rlimit limit = {files, files};
	size_t count = 3;
	int ends[2];

	while (options && *options)
		arguments[count++] = *options++;
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	log_len = 0;
	log_text[0] = '\0';
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (!pid) {
		dup2(ends[1], 2);
		if (files)
			setrlimit(RLIMIT_NOFILE, &limit);
		execv(program, (char *const *)(uintptr_t)arguments);
		_exit(127);
	}
	close(ends[1]);
	log_fd = ends[0];
}

static void start(const char *const options[])
{
	char *at;

	launch(options, 0);
	ck_assert_msg(read_log("event=server.started"), "the server does not start: %s", log_text);
	at = strstr(log_text, "event=listen.ready");
	ck_assert_int_eq(sscanf(strstr(at, "port="), "port=%d", &port), 1);
	at = strstr(at + 1, "event=listen.ready");
	ck_assert_int_eq(sscanf(strstr(at, "port="), "port=%d", &admin_port), 1);
}

static int ended(void)
{
	int status;

	read_log(NULL);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	close(log_fd);
	ck_assert_msg(WIFEXITED(status), "ended by signal %d: %s", WTERMSIG(status), log_text);
	return WEXITSTATUS(status);
}

static void stop(void)
{
	kill(pid, SIGTERM);
	ck_assert_int_eq(ended(), 0);
	ck_assert_msg(strstr(log_text, "event=server.stopped clean=yes"), "%s", log_text);
}

static void up(void)
{
	start(NULL);
}

/* ---------------------------------------------------------------------------------------- a client */

static struct raw connected(void)
{
	struct raw raw = raw_websocket(port, PATH);
	struct raw_frame frame;

	ck_assert_int_eq(raw_next(&raw, &frame, RAW_WAIT), 1);
	ck_assert_msg(strstr(frame.payload, "\"authentication\"") && strstr(frame.payload, "200"),
	        "%s", frame.payload);
	return raw;
}

static void expect(struct raw *raw, const char *part)
{
	struct raw_frame frame;

	ck_assert_int_eq(raw_next(raw, &frame, RAW_WAIT), 1);
	ck_assert_int_eq(frame.opcode, RAW_TEXT);
	ck_assert_msg(strstr(frame.payload, part), "%s instead of %s", frame.payload, part);
}

static void still_echoes(struct raw *raw)
{
	raw_say(raw, "{\"action\":\"say\",\"payload\":\"still there\"}");
	expect(raw, "\"payload\":\"still there\"");
}

static void still_serves(void)
{
	struct raw raw = connected();

	still_echoes(&raw);
	raw_done(&raw);
}

/* ---------------------------------------------------------------------------------------- tests */

START_TEST(hostile_requests_are_refused)
{
	hostile_request(port, PATH, &hostile_requests[_i]);
	still_serves();
}
END_TEST

START_TEST(hostile_frames_are_refused)
{
	struct raw raw = connected();

	hostile_frame(&raw, &hostile_frames[_i]);
	raw_done(&raw);
	still_serves();
}
END_TEST

START_TEST(unknown_upgrade_on_a_kept_connection_is_refused)
{
	struct raw raw = raw_open(port);

	ck_assert_int_eq(raw_status(&raw, "GET /nope HTTP/1.1\r\nHost: x\r\n\r\n"), 404);
	ck_assert_int_ne(raw_status(&raw,
	                         "GET /nope HTTP/1.1\r\nHost: x\r\nUpgrade: foo\r\nConnection: "
	                         "Upgrade\r\n\r\n"),
	        101);
	ck_assert(raw_hangs_up(&raw, RAW_WAIT));
	raw_done(&raw);
	still_serves();
}
END_TEST

START_TEST(unknown_path_is_404)
{
	struct raw raw = raw_open(port);

	ck_assert_int_eq(raw_upgrade(&raw, "/ws/nowhere/", ""), 404);
	raw_done(&raw);
}
END_TEST

START_TEST(large_cookie_is_accepted)
{
	char *cookie = calloc(1, 6000);
	struct raw raw = raw_open(port);

	memset(cookie, 'c', 5500);
	memcpy(cookie, "Cookie: s=", 10);
	strcpy(cookie + 5400, "\r\n");
	ck_assert_int_eq(raw_upgrade(&raw, PATH, cookie), 101);
	raw_done(&raw);
	free(cookie);
}
END_TEST

START_TEST(messages_in_pieces_are_whole_again)
{
	static const char text[] =
	        "{\"action\":\"say\",\"payload\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}";
	struct raw raw = connected();
	char *bytes;
	size_t i, len;

	for (i = 0; i < sizeof(text) - 1; i++) /* a fragment a byte, code points cut */
		raw_frame(&raw, i == sizeof(text) - 2, i ? RAW_CONT : RAW_TEXT, text + i, 1);
	expect(&raw, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	bytes = raw_frame_bytes(true, RAW_TEXT, text, sizeof(text) - 1, &len);
	for (i = 0; i < len; i++) { /* one frame, a packet a byte */
		raw_send(&raw, bytes + i, 1);
		raw_sleep(1);
	}
	expect(&raw, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	free(bytes);
	raw_done(&raw);
}
END_TEST

START_TEST(pings_are_answered)
{
	struct raw raw = connected();
	struct raw_frame frame;

	raw_frame(&raw, true, RAW_PING, "ping", 4);
	ck_assert_int_eq(raw_next(&raw, &frame, RAW_WAIT), 1);
	ck_assert_int_eq(frame.opcode, RAW_PONG);
	ck_assert_str_eq(frame.payload, "ping");
	still_echoes(&raw);
	raw_done(&raw);
}
END_TEST

START_TEST(frame_limit_is_exact)
{
	enum { LIMIT = 64 * 1024 };
	struct raw raw = connected();
	char *text = malloc(LIMIT + 1);
	static const char message[] = "{\"action\":\"say\",\"payload\":\"fits\"}";

	memset(text, ' ', LIMIT + 1);
	memcpy(text, message, sizeof(message) - 1);
	raw_frame(&raw, true, RAW_TEXT, text, LIMIT);
	expect(&raw, "fits");
	raw_frame(&raw, true, RAW_TEXT, text, LIMIT + 1);
	ck_assert_int_eq(raw_close_code(&raw, RAW_WAIT), 1009);
	raw_done(&raw);
	free(text);
}
END_TEST

START_TEST(pipelined_messages_come_back_in_order)
{
	struct raw raw = connected();
	char text[128], *packet = malloc(200000);
	size_t at = 0, len;
	int i;

	for (i = 0; i < 500; i++) {
		char *bytes;

		snprintf(text, sizeof(text), "{\"action\":\"say\",\"payload\":\"number %d\"}", i);
		bytes = raw_frame_bytes(true, RAW_TEXT, text, strlen(text), &len);
		memcpy(packet + at, bytes, len);
		at += len;
		free(bytes);
	}
	raw_send(&raw, packet, at);
	for (i = 0; i < 500; i++) {
		snprintf(text, sizeof(text), "\"number %d\"", i);
		expect(&raw, text);
	}
	free(packet);
	raw_done(&raw);
}
END_TEST

START_TEST(client_may_close)
{
	static const int codes[] = {1000, 1001, 3000, 4999};
	struct raw raw = connected();

	raw_close(&raw, codes[_i], "bye");
	ck_assert_int_eq(raw_close_code(&raw, RAW_WAIT), codes[_i]);
	ck_assert(raw_hangs_up(&raw, RAW_WAIT));
	raw_done(&raw);
}
END_TEST

/* Sends without reading: in the end it is told 4408, or the kernel's buffers hold it back; the server's memory stays bounded. */
START_TEST(client_that_does_not_read_is_bounded)
{
	struct raw slow = raw_open(port);
	char *text = malloc(2100);
	size_t len, sent = 0;
	char *bytes, line[256], path[64];
	long kib = 0;
	FILE *status;

	raw_small_buffers(&slow);
	ck_assert_int_eq(raw_upgrade(&slow, PATH, ""), 101);
	memset(text, 'x', 2100);
	memcpy(text, "{\"action\":\"say\",\"payload\":\"", 27);
	memcpy(text + 2000, "\"}", 2);
	bytes = raw_frame_bytes(true, RAW_TEXT, text, 2002, &len);
	while (sent < 40000 && raw_try_send_for(&slow, bytes, len, 500))
		sent++;
	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	status = fopen(path, "r");
	while (fgets(line, sizeof(line), status))
		sscanf(line, "VmRSS: %ld", &kib);
	fclose(status);
	ck_assert_msg(kib < 60000 || getenv("MSGC_TEST_SANITIZED"), "%ld KiB after %zu messages",
	        kib, sent);
	still_serves();
	raw_done(&slow);
	free(bytes);
	free(text);
}
END_TEST

START_TEST(administrative_listener_answers)
{
	struct raw raw = raw_open(admin_port);

	ck_assert_int_eq(raw_status(&raw, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
	ck_assert_int_eq(raw_upgrade(&raw, PATH, ""), 404);
	raw_done(&raw);
	raw = raw_open(port);
	ck_assert_int_eq(raw_status(&raw, "GET /healthz HTTP/1.1\r\nHost: admin\r\n\r\n"), 404);
	raw_done(&raw);
}
END_TEST

START_TEST(bodies_that_lie_are_refused)
{
	static const struct {
		const char *headers;
		int status;
	} cases[] = {{"Content-Length: -1\r\n", 400},
	        {"Content-Length: 1\r\nContent-Length: 2\r\n", 400},
	        {"Transfer-Encoding: chunked\r\n", 411},
	        {"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", 400}, {"", 411}};
	struct raw raw = raw_open(port);

	ck_assert_int_eq(
	        raw_status(&raw, "POST / HTTP/1.1\r\nHost: x\r\n%s\r\n", cases[_i].headers),
	        cases[_i].status);
	raw_done(&raw);
}
END_TEST

START_TEST(sigterm_closes_1001_and_exits_0)
{
	struct raw raw, idle;

	start(NULL);
	raw = connected();
	idle = raw_open(port);
	kill(pid, SIGTERM);
	ck_assert_int_eq(raw_close_code(&raw, RAW_WAIT), 1001);
	raw_close(&raw, 1001, "");
	ck_assert_int_eq(ended(), 0);
	raw_done(&raw);
	raw_done(&idle);
}
END_TEST

START_TEST(dead_peer_is_hung_up_on)
{
	struct raw raw;
	int64_t since;

	start((const char *const[]){"--ping-interval=200ms", "--ping-timeout=500ms", NULL});
	since = raw_now();
	raw = connected();
	raw_hung_up_on(&raw, since, 500);
	raw_done(&raw);
	stop();
}
END_TEST

START_TEST(handshake_that_does_not_go_on_times_out)
{
	struct raw raw;
	int64_t since;

	start((const char *const[]){"--handshake-timeout=300ms", NULL});
	since = raw_now();
	raw = raw_open(port);
	raw_print(&raw, "GET ");
	raw_hung_up_on(&raw, since, 300);
	raw_done(&raw);
	stop();
}
END_TEST

START_TEST(port_in_use_is_one_line_and_exit_1)
{
	char option[32], expected[64];
	char *at;
	int errors = 0;
	pid_t first;
	int first_fd;

	start(NULL);
	first = pid;
	first_fd = log_fd;
	snprintf(option, sizeof(option), "--port=%d", port);
	launch((const char *const[]){option, NULL}, 0);
	ck_assert_int_eq(ended(), 1);
	snprintf(expected, sizeof(expected), "port %d on 127.0.0.1 is already in use", port);
	ck_assert_msg(strstr(log_text, expected), "%s", log_text);
	for (at = log_text; (at = strstr(at, "level=error")); at++)
		errors++;
	ck_assert_msg(errors == 1, "%s", log_text);
	pid = first;
	log_fd = first_fd;
	stop();
}
END_TEST

START_TEST(few_descriptors_are_borne)
{
	struct raw raws[200], last;
	char *at;
	int i, status = 503;

	launch(NULL, 128);
	ck_assert_msg(read_log("event=server.started"), "%s", log_text);
	at = strstr(log_text, "event=listen.ready");
	ck_assert_int_eq(sscanf(strstr(at, "port="), "port=%d", &port), 1);
	for (i = 0; i < 200; i++)
		raws[i] = raw_try(port);
	raw_sleep(300);
	for (i = 0; i < 200; i++)
		raw_done(&raws[i]);
	/* 503 while the server has not seen yet that the others have gone. */
	for (i = 0; i < RAW_WAIT / 20 && status == 503; i++) {
		last = raw_open(port);
		status = raw_upgrade(&last, PATH, "");
		raw_done(&last);
		raw_sleep(20);
	}
	ck_assert_int_eq(status, 101);
	stop();
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("echo server");
	TCase *one = tcase_create("that runs"), *own = tcase_create("with options of its own");

	tcase_add_checked_fixture(one, up, stop);
	tcase_set_timeout(one, 60);
	tcase_set_timeout(own, 60);
	tcase_add_loop_test(one, hostile_requests_are_refused, 0, (int)hostile_request_count);
	tcase_add_loop_test(one, hostile_frames_are_refused, 0, (int)hostile_frame_count);
	tcase_add_test(one, unknown_upgrade_on_a_kept_connection_is_refused);
	tcase_add_test(one, unknown_path_is_404);
	tcase_add_test(one, large_cookie_is_accepted);
	tcase_add_test(one, messages_in_pieces_are_whole_again);
	tcase_add_test(one, pings_are_answered);
	tcase_add_test(one, frame_limit_is_exact);
	tcase_add_test(one, pipelined_messages_come_back_in_order);
	tcase_add_loop_test(one, client_may_close, 0, 4);
	tcase_add_test(one, client_that_does_not_read_is_bounded);
	tcase_add_test(one, administrative_listener_answers);
	tcase_add_loop_test(one, bodies_that_lie_are_refused, 0, 5);
	tcase_add_test(own, sigterm_closes_1001_and_exits_0);
	tcase_add_test(own, dead_peer_is_hung_up_on);
	tcase_add_test(own, handshake_that_does_not_go_on_times_out);
	tcase_add_test(own, port_in_use_is_one_line_and_exit_1);
	tcase_add_test(own, few_descriptors_are_borne);
	suite_add_tcase(all, one);
	suite_add_tcase(all, own);
	return all;
}

int main(int argc, char **argv)
{
	SRunner *runner;
	int failed;

	if (argc != 2) {
		fprintf(stderr, "usage: %s ECHO_SERVER\n", argv[0]);
		return 2;
	}
	program = argv[1];
	runner = srunner_create(suite());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
