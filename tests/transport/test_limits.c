/* SPDX-License-Identifier: MIT */
/* Ports, descriptors, many connections, and what the library itself has to say. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <msgc/base.h>

#include "mock_core.h"
#include "raw.h"
#include "suites.h"

/* In a second with a crowd before the door: some are still let in. A busy loop has tens of thousands. */
enum { TURNS_MOST = 500 };

START_TEST(port_in_use_is_one_clear_line)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char expected[128];

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	ck_assert_int_eq(mock_try(&(struct mock_options){.port = ntohs(at.sin_port)}), MSGC_EIO);
	snprintf(expected, sizeof(expected),
	        "3 listen.failed detail=port %d on 127.0.0.1 is already in use\n",
	        ntohs(at.sin_port));
	ck_assert_str_eq(mock_log(), expected);
	close(fd);
}
END_TEST

START_TEST(free_port_is_told)
{
	char expected[64];

	mock_start(&(struct mock_options){.admin = true});
	ck_assert_int_gt(mock_port(), 0);
	ck_assert_int_gt(mock_admin_port(), 0);
	snprintf(expected, sizeof(expected), "listen.ready host=127.0.0.1 port=%d", mock_port());
	ck_assert_ptr_nonnull(strstr(mock_log(), expected));
	mock_stop();
}
END_TEST

/* Workers share a port; another server does not get it, although the kernel would let it. */
START_TEST(workers_share_a_port_that_nobody_else_gets)
{
	int ports[2], third;

	mock_try_two_workers(ports, &third);
	ck_assert_int_gt(ports[0], 0);
	ck_assert_int_eq(ports[0], ports[1]);
	ck_assert_int_eq(third, MSGC_EIO);
	ck_assert_ptr_nonnull(strstr(mock_log(), "is already in use"));
}
END_TEST

START_TEST(restart_on_the_same_port)
{
	struct raw raw;
	int port, i;

	mock_start(&(struct mock_options){0});
	port = mock_port();
	raw = raw_websocket(port, "/echo");
	mock_stop();
	for (i = 0; i < 3; i++) {
		mock_start(&(struct mock_options){.port = port});
		raw_done(&raw);
		raw = raw_websocket(port, "/echo");
		mock_stop();
	}
	raw_done(&raw);
}
END_TEST

START_TEST(certificate_that_is_none_is_one_clear_line)
{
	ck_assert_int_eq(mock_try(&(struct mock_options){.certificate = "/nonexistent/cert.pem",
	                         .key = "/nonexistent/key.pem"}),
	        MSGC_EIO);
	ck_assert_ptr_nonnull(strstr(
	        mock_log(), "listen.failed detail=the TLS certificate or its key cannot be used"));
}
END_TEST

START_TEST(certificate_without_key_is_refused)
{
	ck_assert_int_eq(mock_try(&(struct mock_options){.certificate = "/nonexistent/cert.pem"}),
	        MSGC_ECONFIG);
}
END_TEST

/* A client process with descriptors enough: opens `count` sockets, waits to be told, closes them, then asks for /hello. */
static pid_t crowd(int count, int to_child[2], int to_parent[2])
{
	pid_t pid;

	ck_assert_int_eq(pipe(to_child), 0);
	ck_assert_int_eq(pipe(to_parent), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (!pid) {
		struct raw *raws = calloc((size_t)count, sizeof(*raws)), last;
		int port, i;
		int status = 503, tries;
		char go;

		if (read(to_child[0], &port, sizeof(port)) != sizeof(port))
			_exit(2);
		for (i = 0; i < count; i++)
			raws[i] = raw_try(port);
		if (write(to_parent[1], "o", 1) != 1 || read(to_child[0], &go, 1) != 1)
			_exit(3);
		for (i = 0; i < count; i++)
			raw_done(&raws[i]);
		/* 503 while the server has not seen yet that the others have gone. */
		for (tries = 0; tries < RAW_WAIT / 100 && status == 503; tries++) {
			last = raw_try(port);
			if (last.fd < 0)
				_exit(4);
			status = raw_status(&last, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
			raw_done(&last);
			raw_sleep(status == 503 ? 100 : 0);
		}
		_exit(status == 200 ? 0 : 5);
	}
	return pid;
}

static void limit_files(rlim_t count)
{
	struct rlimit limit = {count, count};

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static void crowd_is_borne(int count, rlim_t files, const struct mock_options *options)
{
	int to_child[2], to_parent[2], port, status;
	pid_t pid = crowd(count, to_child, to_parent);
	int before;
	char done;

	limit_files(files);
	mock_start(options);
	port = mock_port();
	ck_assert_int_eq((int)write(to_child[1], &port, sizeof(port)), (int)sizeof(port));
	ck_assert_int_eq((int)read(to_parent[0], &done, 1), 1);
	before = mock_counts.turns;
	raw_sleep(1000);
	ck_assert_int_lt(mock_counts.turns - before, TURNS_MOST);
	ck_assert_uint_lt(mock_sockets(), files);
	ck_assert_int_eq((int)write(to_child[1], "c", 1), 1);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_msg(mock_log_lines() < 10, "%s", mock_log());
	mock_stop();
}

/* libwebsockets alone would spin in accept() and fill the log. */
START_TEST(crowd_beyond_the_descriptors_waits)
{
	crowd_is_borne(300, 128, &(struct mock_options){0});
	ck_assert_ptr_nonnull(strstr(mock_log(), "listen.limited"));
}
END_TEST

START_TEST(crowd_beyond_max_connections_waits)
{
	crowd_is_borne(300, 4096, &(struct mock_options){.max_connections = 20});
}
END_TEST

/* HTTP counts, kept connections do; what is beyond is told when to come again, and the administrative listener is no part of it. */
START_TEST(connections_beyond_the_limit_are_told_503)
{
	enum { LIMIT = 6, BEYOND = 3 };
	static const char request[] = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";
	struct raw kept[LIMIT], raw;
	struct raw_answer answer;
	int i, status = 0;

	mock_start(&(struct mock_options){.max_connections = LIMIT, .admin = true});
	kept[0] = raw_websocket(mock_port(), "/echo");
	for (i = 1; i < LIMIT; i++) {
		kept[i] = raw_open(mock_port());
		ck_assert_int_eq(raw_status(&kept[i], "%s", request), 200);
	}
	for (i = 0; i < BEYOND; i++) {
		raw = raw_open(mock_port());
		if (i == 1)
			raw_print(&raw,
			        "GET /echo HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
			        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
			        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
		else
			raw_print(&raw, "%s", request);
		ck_assert_int_eq(raw_answer(&raw, &answer), 1);
		ck_assert_int_eq(answer.status, 503);
		ck_assert_str_eq(raw_header(&answer, "Retry-After"), "5");
		ck_assert_str_eq(raw_header(&answer, "Connection"), "close");
		ck_assert(raw_hangs_up(&raw, RAW_WAIT));
		raw_answer_done(&answer);
		raw_done(&raw);
	}
	ck_assert_int_eq(mock_counts.handshakes, 1);
	for (i = 1; i < LIMIT; i++) /* those within go on */
		ck_assert_int_eq(raw_status(&kept[i], "%s", request), 200);
	raw = raw_open(mock_admin_port());
	ck_assert_int_eq(raw_status(&raw, "%s", request), 200);
	raw_done(&raw);
	raw_done(&kept[0]);
	/* Until the server has seen that one has gone. */
	for (i = 0; i < RAW_WAIT / 20 && status != 200; i++) {
		raw = raw_open(mock_port());
		status = raw_status(&raw, "%s", request);
		raw_done(&raw);
		raw_sleep(20);
	}
	ck_assert_int_eq(status, 200);
	for (i = 1; i < LIMIT; i++)
		raw_done(&kept[i]);
	mock_stop();
}
END_TEST

/* When so many are there that no more are accepted, the administrative listener still answers. */
START_TEST(administrative_listener_is_reached_in_a_crowd)
{
	enum { CROWD = 120 };
	struct raw raws[CROWD], raw;
	int i;

	mock_start(&(struct mock_options){.max_connections = 2, .admin = true});
	for (i = 0; i < CROWD; i++)
		raws[i] = raw_open(mock_port());
	raw_sleep(100);
	ck_assert_uint_lt(mock_sockets(), CROWD);
	raw = raw_open(mock_admin_port());
	ck_assert_int_eq(raw_status(&raw, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
	raw_done(&raw);
	for (i = 0; i < CROWD; i++)
		raw_done(&raws[i]);
	mock_stop();
}
END_TEST

/* The limit was reckoned at the start; then the program itself has used up the rest. */
START_TEST(descriptors_that_run_out_later_are_borne)
{
	int to_child[2], to_parent[2], held[128], port, status, i;
	pid_t pid = crowd(50, to_child, to_parent);
	int before;
	char done;

	limit_files(128);
	mock_start(&(struct mock_options){0});
	port = mock_port();
	for (i = 0; i < 128; i++)
		held[i] = dup(0);
	ck_assert_int_eq((int)write(to_child[1], &port, sizeof(port)), (int)sizeof(port));
	ck_assert_int_eq((int)read(to_parent[0], &done, 1), 1);
	mock_await_log("accept.failed detail=Too many open files");
	before = mock_counts.turns;
	raw_sleep(1000);
	ck_assert_int_lt(mock_counts.turns - before, TURNS_MOST);
	for (i = 0; i < 128; i++)
		if (held[i] >= 0)
			close(held[i]);
	ck_assert_int_eq((int)write(to_child[1], "c", 1), 1);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_msg(mock_log_lines() < 10, "%s", mock_log());
	mock_stop();
}
END_TEST

START_TEST(lines_that_clients_provoke_are_few)
{
	char *cookie = calloc(1, 20001);
	int i;

	memset(cookie, 'c', 20000);
	mock_start(&(struct mock_options){0});
	for (i = 0; i < 200; i++) {
		struct raw raw = raw_open(mock_port());

		raw_print(&raw, "GET / HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n", cookie);
		raw_done(&raw);
	}
	mock_stop();
	ck_assert_msg(mock_log_lines() < 20, "%u lines", mock_log_lines());
	free(cookie);
}
END_TEST

START_TEST(many_connections_talk)
{
	enum { MANY = 400 };
	struct raw *raws = calloc(MANY, sizeof(*raws));
	struct raw_frame frame;
	char text[32];
	int i, round;

	mock_start(&(struct mock_options){0});
	for (i = 0; i < MANY; i++)
		raws[i] = raw_websocket(mock_port(), "/echo");
	mock_await(&mock_counts.opened, MANY);
	for (round = 0; round < 5; round++) {
		for (i = 0; i < MANY; i++) {
			snprintf(text, sizeof(text), "%d says %d", i, round);
			raw_say(&raws[i], text);
		}
		for (i = 0; i < MANY; i++) {
			snprintf(text, sizeof(text), "%d says %d", i, round);
			ck_assert_int_eq(raw_next(&raws[i], &frame, RAW_WAIT), 1);
			ck_assert_str_eq(frame.payload, text);
		}
	}
	for (i = 0; i < MANY; i++)
		raw_done(&raws[i]);
	mock_stop();
	free(raws);
}
END_TEST

START_TEST(connections_come_and_go)
{
	struct raw raw;
	int i;

	mock_start(&(struct mock_options){0});
	for (i = 0; i < 500; i++) {
		raw = raw_websocket(mock_port(), "/echo");
		raw_say(&raw, "and gone");
		if (i % 3 == 0)
			raw_close(&raw, 1000, "");
		raw_done(&raw);
	}
	mock_await(&mock_counts.closed, 500);
	ck_assert_uint_eq(mock_sockets(), 0);
	mock_stop();
}
END_TEST

Suite *suite_limits(void)
{
	Suite *suite = suite_create("limits");
	TCase *own = tcase_create("with options of its own");

	tcase_set_timeout(own, 60);
	tcase_add_test(own, port_in_use_is_one_clear_line);
	tcase_add_test(own, free_port_is_told);
	tcase_add_test(own, workers_share_a_port_that_nobody_else_gets);
	tcase_add_test(own, restart_on_the_same_port);
	tcase_add_test(own, certificate_that_is_none_is_one_clear_line);
	tcase_add_test(own, certificate_without_key_is_refused);
	tcase_add_test(own, crowd_beyond_the_descriptors_waits);
	tcase_add_test(own, crowd_beyond_max_connections_waits);
	tcase_add_test(own, connections_beyond_the_limit_are_told_503);
	tcase_add_test(own, administrative_listener_is_reached_in_a_crowd);
	tcase_add_test(own, descriptors_that_run_out_later_are_borne);
	tcase_add_test(own, lines_that_clients_provoke_are_few);
	tcase_add_test(own, many_connections_talk);
	tcase_add_test(own, connections_come_and_go);
	suite_add_tcase(suite, own);
	return suite;
}
