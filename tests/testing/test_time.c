/* SPDX-License-Identifier: MIT */
/*
 * The clock that a server under test goes by: it stands, and moves as far as the test says. Each of the server's own timeouts is tried to the
 * millisecond where it stands; over sockets it can be moved on, too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <check.h>

#include "kit.msgc.h"
#include "program.h"
#include "store.h"

MSGC_TEST_WRAP(store_line, (struct msgc_str line, int64_t *ret_number), (line, ret_number))

static struct program program;
static struct msgc_test *test;

/* In memory, with one worker or two; the clock stands. */
static void start(int i, const char *argument)
{
	const char *arguments[] = {i == 0 ? "--workers=1" : "--workers=2", argument, NULL};

	program = (struct program){.disconnected = 0};
	test = msgc_test_start(MSGC_TEST_MEMORY, program_make, &program, arguments);
	msgc_test_stop_clock(test);
}

static struct msgc_test_client *knock(const char *name)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(test);

	msgc_test_set_cookie(browser, "sid", name);
	return msgc_test_connect(browser, "/ws/rooms/1/");
}

static struct msgc_test_client *entered(const char *name)
{
	struct msgc_test_client *client = knock(name);

	msgc_test_wait_for_auth(client);
	msgc_test_expect(client, "welcome");
	return client;
}

static void say(struct msgc_test_client *client, const char *text)
{
	msgc_test_sendf(client, "{\"action\":\"say\",\"payload\":\"%s\"}", text);
}

static void expect_error(struct msgc_test_client *client, const char *reason)
{
	char json[64];

	snprintf(json, sizeof(json), "\"%s\"", reason);
	msgc_test_assert_json(msgc_test_expect(client, "error"), "/payload/reason", json);
}

static int64_t real_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

START_TEST(nothing_is_due_while_the_clock_stands)
{
	int64_t before = real_ms();
	struct msgc_test_client *ada;

	start(_i, NULL);
	ada = entered("ada");
	msgc_test_set_idle(test, 60000);
	for (int i = 0; i < 20; i++)
		msgc_test_assert_silent(ada);
	ck_assert_int_lt(real_ms() - before, 60000); /* a silence takes no time */
	msgc_test_advance(test, 24 * 3600 * 1000);
	say(ada, "still here");
	msgc_test_expect(ada, "said");
	msgc_test_stop(test);
}
END_TEST

static void count_up(struct msgc_server *server, void *arg)
{
	atomic_int *count = arg;

	if (atomic_fetch_add(count, 1) < 9)
		(void)msgc_server_after(server, 1000, count_up, arg);
}

START_TEST(tasks_run_one_after_another)
{
	static atomic_int count;

	start(_i, NULL);
	atomic_store(&count, 0);
	ck_assert_int_eq(msgc_server_after(msgc_test_server(test), 1000, count_up, &count), 0);
	msgc_test_settle(test);
	msgc_test_advance(test, 999);
	ck_assert_int_eq(atomic_load(&count), 0);
	msgc_test_advance(test, 1);
	ck_assert_int_eq(atomic_load(&count), 1);
	msgc_test_advance(test, 8500); /* stops at each of them */
	ck_assert_int_eq(atomic_load(&count), 9);
	msgc_test_advance(test, 100000);
	ck_assert_int_eq(atomic_load(&count), 10);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_look_up_that_takes_too_long_is_given_up)
{
	struct msgc_test_client *ada;

	start(_i, "--auth-timeout=10s");
	msgc_test_let_wait(msgc_test_stand_in_for(test, "sessions"), 10001);
	ada = knock("ada");
	msgc_test_assert_silent(ada);
	msgc_test_advance(test, 9999);
	msgc_test_assert_silent(ada);
	msgc_test_advance(test, 1);
	msgc_test_assert_auth(ada, 500); /* the program does not say who it is */
	msgc_test_assert_closed(ada, 1011);
	msgc_test_let_wait(msgc_test_stand_in_for(test, "sessions"), 9999);
	ada = knock("ada");
	msgc_test_assert_silent(ada);
	msgc_test_advance(test, 9999);
	msgc_test_wait_for_auth(ada);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_handler_is_late)
{
	struct msgc_test_client *ada;

	start(_i, "--handler-timeout=30s");
	ada = entered("ada");
	msgc_test_let_wait(msgc_test_stand_in_for(test, "room.say"), 5000);
	say(ada, "slow");
	msgc_test_send(ada, "{\"action\":\"ping\"}"); /* waits behind it */
	msgc_test_advance(test, 4999);
	msgc_test_assert_silent(ada);
	msgc_test_advance(test, 1);
	msgc_test_expect(ada, "said");
	msgc_test_expect(ada, "pong");
	msgc_test_let_wait(msgc_test_stand_in_for(test, "room.say"), 31000);
	say(ada, "too slow");
	msgc_test_advance(test, 29999);
	ck_assert_uint_eq(msgc_test_receive_all(ada, MSGC_TEST_IDLE).count, 0);
	msgc_test_advance(test, 1);
	expect_error(ada, "handler_failed");
	msgc_test_advance(test, 10000);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_blocking_function_is_late)
{
	struct msgc_test_client *ada;

	start(_i, NULL);
	ada = entered("ada");
	msgc_test_let_wait(msgc_test_stand_in_for(test, "store_line"), 3000);
	msgc_test_send(ada, "{\"action\":\"keep\",\"payload\":\"line\"}");
	msgc_test_advance(test, 2999);
	msgc_test_assert_silent(ada);
	msgc_test_advance(test, 1);
	msgc_test_expect(ada, "kept");
	msgc_test_stop(test);
}
END_TEST

START_TEST(the_backend_is_late)
{
	struct msgc_test_client *ada;

	start(_i, NULL);
	ada = entered("ada");
	msgc_test_let_wait(msgc_test_stand_in_for(test, "backend.publish"), 700);
	msgc_test_send(ada, "{\"action\":\"shout\",\"payload\":\"hello\"}");
	msgc_test_assert_silent(ada);
	msgc_test_advance(test, 700);
	msgc_test_expect(ada, "heard");
	msgc_test_expect(ada, "complete");
	msgc_test_stop(test);
}
END_TEST

START_TEST(rates_refill)
{
	struct msgc_test_client *ada;

	start(_i, "--connection-rate=2 per 10s burst 2");
	ada = entered("ada");
	for (int i = 0; i < 2; i++) {
		say(ada, "hi");
		msgc_test_expect(ada, "said");
	}
	say(ada, "hi");
	expect_error(ada, "rate_limited");
	msgc_test_advance(test, 4000);
	say(ada, "hi");
	expect_error(ada, "rate_limited");
	msgc_test_advance(test, 1000);
	say(ada, "hi");
	msgc_test_expect(ada, "said");
	msgc_test_stop(test);
}
END_TEST

START_TEST(message_ids_are_forgotten)
{
	static const char once[] = "{\"action\":\"say\",\"payload\":\"hi\",\"message_id\":\"1\"}";
	struct msgc_test_stand_in *stand_in;
	struct msgc_test_client *ada;

	start(_i, "--message-id-window=1m");
	ada = entered("ada");
	stand_in = msgc_test_stand_in_for(test, "room.say");
	for (int i = 0; i < 3; i++) {
		msgc_test_send(ada, once);
		msgc_test_expect(ada, "said");
		msgc_test_advance(test, 15000);
	}
	ck_assert_uint_eq(msgc_test_calls(stand_in), 1);
	msgc_test_advance(test, 60000);
	msgc_test_send(ada, once);
	msgc_test_expect(ada, "said");
	ck_assert_uint_eq(msgc_test_calls(stand_in), 2);
	msgc_test_stop(test);
}
END_TEST

/* A running clock that is moved on, the same over sockets and in memory: `_i` is the mode. */
START_TEST(a_running_clock_is_moved_on)
{
	int64_t before = real_ms();
	struct msgc_test_client *ada;

	test = msgc_test_start((enum msgc_test_mode)_i, program_make, &program, NULL);
	msgc_test_let_wait(msgc_test_stand_in_for(test, "room.say"), 20000);
	ada = entered("ada");
	say(ada, "slow");
	msgc_test_assert_silent(ada);
	msgc_test_advance(test, 20000);
	msgc_test_expect(ada, "said");
	ck_assert_int_lt(real_ms() - before, 20000);
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("time");
	TCase *tcase = tcase_create("time");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, nothing_is_due_while_the_clock_stands, 0, 2);
	tcase_add_loop_test(tcase, tasks_run_one_after_another, 0, 2);
	tcase_add_loop_test(tcase, a_look_up_that_takes_too_long_is_given_up, 0, 2);
	tcase_add_loop_test(tcase, a_handler_is_late, 0, 2);
	tcase_add_loop_test(tcase, a_blocking_function_is_late, 0, 2);
	tcase_add_loop_test(tcase, the_backend_is_late, 0, 2);
	tcase_add_loop_test(tcase, rates_refill, 0, 2);
	tcase_add_loop_test(tcase, message_ids_are_forgotten, 0, 2);
	tcase_add_loop_test(
	        tcase, a_running_clock_is_moved_on, MSGC_TEST_SOCKETS, MSGC_TEST_MEMORY + 1);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
