/* SPDX-License-Identifier: MIT */
/*
 * All connections of a user: told and closed from handlers and from other threads, over sockets and in memory, with one worker and two.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "kit.msgc.h"
#include "program.h"

enum { ADAS = 5 };

static struct program program;
static struct msgc_test *test;
static struct msgc_test_client *ada[ADAS], *bob;

static struct msgc_test_client *enter(const char *name, int room)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(test);
	struct msgc_test_client *client;
	char target[32];

	msgc_test_set_cookie(browser, "sid", name);
	snprintf(target, sizeof target, "/ws/rooms/%d/", room);
	client = msgc_test_connect(browser, target);
	msgc_test_wait_for_auth(client);
	msgc_test_expect(client, "welcome");
	return client;
}

/* Ada is there several times, in several rooms. */
static void start(int i)
{
	static const char *const two[] = {"--workers=2", NULL};

	program = (struct program){.disconnected = 0};
	test = msgc_test_start(i % 2 == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, program_make,
	        &program, i < 2 ? NULL : two);
	for (int n = 0; n < ADAS; n++)
		ada[n] = enter("ada", 1 + n % 2);
	bob = enter("bob", 1);
}

static struct msgc_server *server(void)
{
	return msgc_test_server(test);
}

START_TEST(a_user_is_told_on_all_his_connections)
{
	const struct kit_welcome welcome = {.payload = {.id = 7, .user = MSGC_STR_INIT("ada")}};

	start(_i);
	ck_assert_int_eq(
	        kit_room_tell_welcome(server(), MSGC_STR("session"), MSGC_STR("ada"), &welcome),
	        MSGC_OK);
	for (int n = 0; n < ADAS; n++)
		msgc_test_assert_json(msgc_test_expect(ada[n], "welcome"), "/payload/id", "7");
	/* Another realm is another user, and nobody at all is no mistake. */
	ck_assert_int_eq(
	        kit_room_tell_welcome(server(), MSGC_STR("jwt"), MSGC_STR("ada"), &welcome),
	        MSGC_OK);
	ck_assert_int_eq(
	        kit_room_tell_welcome(server(), MSGC_STR("session"), MSGC_STR("eve"), &welcome),
	        MSGC_OK);
	ck_assert_int_eq(
	        kit_room_tell_welcome(server(), MSGC_STR("session"), MSGC_STR(""), &welcome),
	        MSGC_EINVAL);
	msgc_test_assert_silent(ada[0]);
	msgc_test_assert_silent(bob);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_handler_tells_when_it_has_succeeded)
{
	start(_i);
	msgc_test_send(
	        bob, "{\"action\":\"summon\",\"payload\":{\"user\":\"ada\",\"fails\":true}}");
	msgc_test_expect(bob, "error");
	msgc_test_assert_silent(ada[0]);
	msgc_test_send(bob, "{\"action\":\"summon\",\"payload\":{\"user\":\"ada\"},\"ref\":\"1\"}");
	msgc_test_assert_json(msgc_test_expect(bob, "summoned"), "/ref", "\"1\"");
	for (int n = 0; n < ADAS; n++)
		msgc_test_assert_json(msgc_test_expect(ada[n], "welcome"), "/payload/id", "1");
	/* Who tells himself hears it before the reply. */
	msgc_test_send(bob, "{\"action\":\"summon\",\"payload\":{\"user\":\"bob\"}}");
	msgc_test_expect(bob, "welcome");
	msgc_test_expect(bob, "summoned");
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_user_is_closed_but_for_one_connection)
{
	start(_i);
	msgc_test_send(ada[2], "{\"action\":\"alone\"}");
	msgc_test_expect(ada[2], "left_alone");
	for (int n = 0; n < ADAS; n++) {
		if (n != 2) {
			msgc_test_assert_closed(ada[n], 4001);
			ck_assert_str_eq(msgc_test_close_reason(ada[n]), "elsewhere");
		}
	}
	msgc_test_send(ada[2], "{\"action\":\"ping\"}");
	msgc_test_expect(ada[2], "pong");
	ada[0] = enter("ada", 3); /* he may come back */
	ck_assert_int_eq(msgc_server_close_user(
	                         server(), MSGC_STR("session"), MSGC_STR("ada"), 1000, NULL, 0),
	        MSGC_OK);
	msgc_test_assert_closed(ada[0], 1000);
	msgc_test_assert_closed(ada[2], 1000);
	msgc_test_send(bob, "{\"action\":\"ping\"}");
	msgc_test_expect(bob, "pong");
	msgc_test_stop(test);
}
END_TEST

START_TEST(what_cannot_be_said_is_refused)
{
	char long_id[1100], reason[130];
	struct msgc_str id;

	start(_i);
	memset(long_id, 'a', sizeof long_id);
	memset(reason, 'r', sizeof reason);
	reason[124] = '\0';
	id = msgc_str_of(long_id, sizeof long_id);
	ck_assert_int_eq(msgc_server_close_user(server(), MSGC_STR("session"), id, 1000, NULL, 0),
	        MSGC_EINVAL);
	id = MSGC_STR("ada");
	ck_assert_int_eq(msgc_server_close_user(server(), MSGC_STR("session"), id, 1005, NULL, 0),
	        MSGC_EINVAL);
	ck_assert_int_eq(msgc_server_close_user(server(), MSGC_STR("session"), id, 4000, reason, 0),
	        MSGC_EINVAL);
	ck_assert_int_eq(msgc_server_close_user(server(), MSGC_STR("session"), id, 4000, "\xff", 0),
	        MSGC_EINVAL);
	ck_assert_int_eq(
	        msgc_server_close_user(NULL, MSGC_STR("session"), id, 4000, NULL, 0), MSGC_EINVAL);
	reason[123] = '\0';
	ck_assert_int_eq(msgc_server_close_user(server(), MSGC_STR("session"), id, 4000, reason, 0),
	        MSGC_OK);
	msgc_test_assert_closed(ada[0], 4000);
	ck_assert_str_eq(msgc_test_close_reason(ada[0]), reason);
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reach");
	TCase *tcase = tcase_create("reach");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, a_user_is_told_on_all_his_connections, 0, 4);
	tcase_add_loop_test(tcase, a_handler_tells_when_it_has_succeeded, 0, 4);
	tcase_add_loop_test(tcase, a_user_is_closed_but_for_one_connection, 0, 4);
	tcase_add_loop_test(tcase, what_cannot_be_said_is_refused, 0, 4);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
