/* SPDX-License-Identifier: MIT */
/*
 * Topics as clients see them: over sockets and in memory, with one worker and with two.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "program.h"

static struct msgc_test *test;

static void start_with(int i, const char *argument)
{
	const char *const arguments[] = {i < 2 ? "--workers=1" : "--workers=2", argument, NULL};

	test = msgc_test_start(
	        i % 2 == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, topics_make, NULL, arguments);
}

static void start(int i)
{
	start_with(i, NULL);
}

static struct msgc_test_client *enter(const char *name, const char *target)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(test);
	struct msgc_test_client *client;

	if (name)
		msgc_test_set_cookie(browser, "sid", name);
	client = msgc_test_connect(browser, target);
	msgc_test_wait_for_auth(client);
	return client;
}

START_TEST(a_topic_is_subscribed_to_used_and_left)
{
	const struct msgc_test_frame *frame;
	struct msgc_test_client *ada, *bob;

	start(_i);
	ada = enter("ada", "/door/");
	bob = enter("bob", "/door/");
	msgc_test_assert_json(msgc_test_subscribe(ada, "discussion:1"), "/payload", NULL);
	msgc_test_subscribe(bob, "discussion:1");
	msgc_test_send(ada,
	        "{\"action\":\"say\",\"topic\":\"discussion:1\",\"ref\":\"7\",\"payload\":{"
	        "\"text\":"
	        "\"hi\"}}");
	frame = msgc_test_receive_topic(ada, "discussion:1");
	msgc_test_assert_json(frame, "/action", "\"posted\"");
	msgc_test_assert_json(frame, "/payload/text", "\"hi\"");
	msgc_test_assert_json(frame, "/is_mine", "true");
	msgc_test_assert_json(frame, "/is_current", "true");
	msgc_test_assert_json(frame, "/version", "1");
	msgc_test_assert_json(frame, "/seq", "1");
	frame = msgc_test_receive_topic(ada, "discussion:1");
	msgc_test_assert_json(frame, "/action", "\"said\"");
	msgc_test_assert_json(frame, "/ref", "\"7\"");
	frame = msgc_test_receive_topic(bob, "discussion:1");
	msgc_test_assert_json(frame, "/is_mine", "false");
	msgc_test_unsubscribe(bob, "discussion:1");
	msgc_test_send(ada, "{\"action\":\"wave\",\"topic\":\"discussion:1\",\"payload\":\"x\"}");
	msgc_test_assert_json(msgc_test_receive_topic(ada, "discussion:1"), "/action", "\"waved\"");
	msgc_test_assert_silent(bob);
	topics_wait_for("-discussion:1(0) ");
	msgc_test_stop(test);
	ck_assert_ptr_nonnull(strstr(topics_told(), "-discussion:1("));
	ck_assert_int_eq(topics_objects(), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("topics");
	TCase *c = tcase_create("all");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, a_topic_is_subscribed_to_used_and_left, 0, 4);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	SRunner *runner = srunner_create(suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
