/* SPDX-License-Identifier: MIT */
/*
 * The kit must fail where something is wrong, and say what, at the line that called it. Each test in here has to fail; main() looks
 * whether it did, and why.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <check.h>

#include "kit.msgc.h"
#include "program.h"
#include "testing/test_websocket.h"

/* testing.h is for the kit's own files and leaves the places out; here they are wanted. */
#define HERE(call) (msgc_test_at(__FILE__, __LINE__), call)

static struct program program;
static struct msgc_test *test;

static void start(enum msgc_test_mode mode)
{
	test = HERE(msgc_test_start(mode, program_make, &program, NULL));
	msgc_test_set_idle(test, 50);
	test->timeout_ms = 200;
}

static struct msgc_test_client *entered(void)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(test);
	struct msgc_test_client *client;

	msgc_test_set_cookie(browser, "sid", "ada");
	client = HERE(msgc_test_connect(browser, "/ws/rooms/1/"));
	HERE(msgc_test_wait_for_auth(client));
	HERE(msgc_test_expect(client, "welcome"));
	return client;
}

/* ---- what the program does not do */

START_TEST(a_refused_handshake)
{
	start(MSGC_TEST_MEMORY);
	HERE(msgc_test_connect(msgc_test_browser_new(test), "/nowhere"));
}
END_TEST

START_TEST(a_log_in_that_fails)
{
	start(MSGC_TEST_MEMORY);
	HERE(msgc_test_log_in(msgc_test_browser_new(test), "/login", "name="));
}
END_TEST

START_TEST(a_log_in_without_a_cookie)
{
	start(MSGC_TEST_SOCKETS);
	HERE(msgc_test_log_in(msgc_test_browser_new(test), "/echo", ""));
}
END_TEST

START_TEST(another_status)
{
	start(MSGC_TEST_SOCKETS);
	HERE(msgc_test_wait_for_auth(
	        msgc_test_connect(msgc_test_browser_new(test), "/ws/rooms/1/")));
}
END_TEST

START_TEST(no_completion)
{
	start(MSGC_TEST_MEMORY);
	HERE(msgc_test_receive_all(entered(), MSGC_TEST_COMPLETE));
}
END_TEST

START_TEST(no_such_action)
{
	struct msgc_test_client *client;

	start(MSGC_TEST_SOCKETS);
	client = entered();
	msgc_test_send(client, "{\"action\":\"say\",\"payload\":\"hello\"}");
	HERE(msgc_test_expect(client, "heard"));
}
END_TEST

START_TEST(closed_before)
{
	struct msgc_test_client *client;

	start(MSGC_TEST_SOCKETS);
	client = entered();
	msgc_test_send(client, "{\"action\":\"leave\",\"payload\":4005}");
	HERE(msgc_test_expect(client, "heard"));
}
END_TEST

START_TEST(not_silent)
{
	struct msgc_test_client *client;

	start(MSGC_TEST_MEMORY);
	client = entered();
	msgc_test_send(client, "{\"action\":\"ping\"}");
	HERE(msgc_test_assert_silent(client));
}
END_TEST

START_TEST(still_open)
{
	start(MSGC_TEST_MEMORY);
	HERE(msgc_test_assert_closed(entered(), 1000));
}
END_TEST

START_TEST(another_close_code)
{
	struct msgc_test_client *client;

	start(MSGC_TEST_SOCKETS);
	client = entered();
	msgc_test_send(client, "{\"action\":\"leave\",\"payload\":4005}");
	HERE(msgc_test_assert_closed(client, 1000));
}
END_TEST

START_TEST(another_json)
{
	struct msgc_test_client *client;

	start(MSGC_TEST_MEMORY);
	client = entered();
	msgc_test_send(client, "{\"action\":\"say\",\"payload\":\"hello\"}");
	HERE(msgc_test_assert_json(HERE(msgc_test_expect(client, "said")), "/payload", "\"hell\""));
}
END_TEST

START_TEST(another_type)
{
	struct msgc_test_client *client;
	struct kit_nudged nudged;

	start(MSGC_TEST_MEMORY);
	client = entered();
	msgc_test_send(client, "{\"action\":\"say\",\"payload\":\"hello\"}");
	HERE(msgc_test_decode(
	        HERE(msgc_test_expect(client, "said")), &kit_nudged_message, &nudged));
}
END_TEST

START_TEST(raw_bytes_in_memory)
{
	start(MSGC_TEST_MEMORY);
	HERE(msgc_test_send_raw(entered(), "x", 1));
}
END_TEST

static struct msgc_server *refuses_to_start(int argc, char **argv, void *app)
{
	struct msgc_server *server = msgc_server_new(argc, argv);

	(void)app;
	msgc_server_fail(server, "on purpose");
	return server;
}

START_TEST(a_server_that_does_not_start)
{
	HERE(msgc_test_start(MSGC_TEST_MEMORY, refuses_to_start, NULL, NULL));
}
END_TEST

START_TEST(a_wrong_argument)
{
	static const char *const wrong[] = {"--prot=1", NULL};

	HERE(msgc_test_start(MSGC_TEST_MEMORY, program_make, &program, wrong));
}
END_TEST

/* ---- a server that breaks RFC 6455, played by the test over a socket pair */

static const struct {
	const char *bytes;
	size_t len;
	const char *complaint;
} broken[] = {
#define BYTES(text) text, sizeof(text) - 1
        {BYTES("\x81\x81"
               "abcd"
               "\x20"),
                "the server masks its frames"},
        {BYTES("\xc1\x01"
               "a"),
                "a frame with a reserved bit: 0xc1"},
        {BYTES("\x83\x00"), "opcode 3, where only text is spoken"},
        {BYTES("\x82\x01"
               "a"),
                "opcode 2, where only text is spoken"},
        {BYTES("\x8b\x00"), "opcode 11"},
        {BYTES("\x80\x01"
               "a"),
                "the continuation of nothing"},
        {BYTES("\x01\x01"
               "a"
               "\x81\x01"
               "b"),
                "a new message inside of another"},
        {BYTES("\x09\x00"), "a control frame in fragments, or too long"},
        {BYTES("\x89\x7e\x00\x7e"
               "12345678901234567890123456789012345678901234567890123456789012345678901234"
               "5678901234567890123456789012345678901234567890123456"),
                "a control frame in fragments, or too long"},
        {BYTES("\x81\x7e\x00\x01"
               "a"),
                "a length in more bytes than it needs"},
        {BYTES("\x81\x7f\x00\x00\x00\x00\x00\x00\xff\xff"), "a length in more bytes than it needs"},
        {BYTES("\x81\x7f\x00\x00\x00\x00\x7f\xff\xff\xff"), "a frame of 2147483647 bytes"},
        {BYTES("\x81\x01\xff"), "the server sent what is not UTF-8"},
        {BYTES("\x88\x01\x03"), "a CLOSE frame with one byte"},
        {BYTES("\x88\x02\x03\xed"), "a CLOSE frame with 1005"},
        {BYTES("\x88\x03\x03\xe8\xff"), "the reason of a CLOSE frame is not UTF-8"},
        {BYTES("\x88\x02\x03\xe8\x81\x00"), "a frame behind the CLOSE frame"},
        {BYTES("\x81\x05"
               "abc"),
                "the server hung up inside of a frame"},
#undef BYTES
};
enum { BROKEN = sizeof(broken) / sizeof(broken[0]) };

START_TEST(a_broken_server)
{
	struct msgc__test_link link = {.close_code = 1006};
	struct msgc_buf out;
	int ends[2];

	start(MSGC_TEST_MEMORY);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
	link.test = link.tcp.test = test;
	link.tcp.fd = ends[0];
	link.kept_end = &link.kept;
	msgc_buf_init(&out, 0);
	ck_assert_int_eq(write(ends[1], broken[_i].bytes, broken[_i].len), (ssize_t)broken[_i].len);
	shutdown(ends[1], SHUT_WR);
	while (HERE(msgc__test_websocket_receive(&link, &out, 100)) == MSGC__TEST_MESSAGE) {
	}
}
END_TEST

/* ---- all of them */

static const struct {
	const char *test;
	const char *complaint;
} expected[] = {
        {"a_refused_handshake", "the handshake for /nowhere was refused: 404"},
        {"a_log_in_that_fails", "POST /login: 401 {\"error\":"},
        {"a_log_in_without_a_cookie", "POST /echo: 200, but no cookie"},
        {"another_status", "401 at /payload/status_code, wanted 200"},
        {"no_completion", "complete did not come within 200 ms; what came: nothing"},
        {"no_such_action", "heard did not come within 200 ms; what came:\n  {\"action\":\"said\""},
        {"closed_before", "closed with 4005 \"as you wish\" before heard came"},
        {"not_silent", "something came: {\"action\":\"pong\""},
        {"still_open", "still open, wanted close code 1000"},
        {"another_close_code", "closed with 4005 \"as you wish\", wanted 1000"},
        {"another_json", "\"hello\" at /payload, wanted \"hell\""},
        {"another_type", "the frame is no nudged: MSGC_ECONTRACT"},
        {"raw_bytes_in_memory", "msgc_test_send_raw() needs sockets"},
        {"a_server_that_does_not_start", "the server does not start: see the log"},
        {"a_wrong_argument", "the server's configuration is wrong: see the log"},
};

static const char *complaint_of(const char *name, size_t *broken_seen)
{
	if (strcmp(name, "a_broken_server") == 0)
		return broken[(*broken_seen)++].complaint;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		if (strcmp(expected[i].test, name) == 0)
			return expected[i].complaint;
	}
	return "a test without a row in expected[]";
}

/* How many did not fail as they should. */
static int judge(SRunner *runner)
{
	TestResult **results = srunner_results(runner);
	size_t broken_seen = 0;
	int wrong = 0;

	for (int i = 0; i < srunner_ntests_run(runner); i++) {
		const char *wanted = complaint_of(tr_tcname(results[i]), &broken_seen);
		const char *said = tr_msg(results[i]) ? tr_msg(results[i]) : "";
		const char *file = tr_lfile(results[i]) ? tr_lfile(results[i]) : "";

		if (tr_rtype(results[i]) == CK_FAILURE && strstr(said, wanted) &&
		        strstr(file, "test_kit_failures.c"))
			continue;
		wrong++;
		printf("%s:%d: %s\n  said: %s\n  wanted: %s\n", file, tr_lno(results[i]),
		        tr_tcname(results[i]), said, wanted);
	}
	free(results);
	return wrong;
}

static void add(Suite *suite, const char *name, const TTest *one, int times)
{
	TCase *tcase = tcase_create(name);

	tcase_set_timeout(tcase, 20);
	tcase_add_loop_test(tcase, one, 0, times);
	suite_add_tcase(suite, tcase);
}
#define ADD(name) add(suite, #name, name, 1)

int main(void)
{
	Suite *suite = suite_create("failures");
	SRunner *runner;
	int run, wrong;

	ADD(a_refused_handshake);
	ADD(a_log_in_that_fails);
	ADD(a_log_in_without_a_cookie);
	ADD(another_status);
	ADD(no_completion);
	ADD(no_such_action);
	ADD(closed_before);
	ADD(not_silent);
	ADD(still_open);
	ADD(another_close_code);
	ADD(another_json);
	ADD(another_type);
	ADD(raw_bytes_in_memory);
	ADD(a_server_that_does_not_start);
	ADD(a_wrong_argument);
	add(suite, "a_broken_server", a_broken_server, BROKEN);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_SILENT);
	run = srunner_ntests_run(runner);
	wrong = judge(runner);
	printf("%d failures, %d of them not as they should be\n", run, wrong);
	srunner_free(runner);
	return wrong == 0 && run == 15 + BROKEN ? EXIT_SUCCESS : EXIT_FAILURE;
}
