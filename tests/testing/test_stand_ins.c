/* SPDX-License-Identifier: MIT */
/*
 * Stand-ins and captures, tried on a small program over sockets and in memory: what a test orders happens, and what it did not order does not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "kit.msgc.h"
#include "program.h"
#include "store.h"

MSGC_TEST_WRAP(store_line, (struct msgc_str line, int64_t *ret_number), (line, ret_number))

static struct program program;
static struct msgc_test *test;

static void start(int i)
{
	static const char *const two[] = {"--workers=2", NULL};

	program = (struct program){.disconnected = 0};
	test = msgc_test_start(i % 2 == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, program_make,
	        &program, i < 2 ? NULL : two);
}

static struct msgc_test_client *knock(const char *name, const char *target)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(test);

	msgc_test_set_cookie(browser, "sid", name);
	return msgc_test_connect(browser, target);
}

static struct msgc_test_client *entered(const char *name, const char *target)
{
	struct msgc_test_client *client = knock(name, target);

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

/* ---- handlers */

START_TEST(a_handler_fails_when_it_is_told_to_and_calls_are_recorded)
{
	struct msgc_test_stand_in *stand_in;
	struct msgc_test_client *ada;
	const struct kit_say *second;

	start(_i);
	ada = entered("ada", "/ws/rooms/1/");
	say(ada, "before"); /* nobody counts yet */
	msgc_test_expect(ada, "said");
	stand_in = msgc_test_stand_in_for(test, "room.say");
	ck_assert_ptr_eq(msgc_test_stand_in_for(test, "room.say"), stand_in);
	ck_assert_uint_eq(msgc_test_calls(stand_in), 0);
	msgc_test_let_fail(stand_in, 2, 1, MSGC_EBUSY);
	say(ada, "one");
	msgc_test_expect(ada, "said");
	say(ada, "two");
	expect_error(ada, "busy");
	say(ada, "three");
	msgc_test_assert_json(msgc_test_expect(ada, "said"), "/payload", "\"three\"");
	ck_assert_uint_eq(msgc_test_calls(stand_in), 3);
	second = msgc_test_call(stand_in, 1, &kit_say_message);
	ck_assert_str_eq(second->payload.ptr, "two");
	msgc_test_let_fail(stand_in, 1, 0, MSGC_EIO);
	for (int i = 0; i < 3; i++) {
		say(ada, "four");
		expect_error(ada, "handler_failed");
	}
	msgc_test_let_fail(stand_in, 0, 0, 0);
	say(ada, "five");
	msgc_test_expect(ada, "said");
	msgc_test_stop(test);
}
END_TEST

START_TEST(events_and_the_connected_hook_fail_too)
{
	const struct kit_nudge nudge = {.payload = 7};
	struct msgc_test_client *ada;
	struct msgc_test_stand_in *event, *connected;
	const struct kit_nudge *seen;

	start(_i);
	ada = entered("ada", "/ws/rooms/1/");
	event = msgc_test_stand_in_for(test, "room.event_nudge");
	msgc_test_let_fail(event, 1, 1, MSGC_EIO);
	ck_assert_int_eq(kit_hall_event_nudge(msgc_test_server(test), 1, &nudge), MSGC_OK);
	msgc_test_assert_silent(ada);
	ck_assert_int_eq(kit_hall_event_nudge(msgc_test_server(test), 1, &nudge), MSGC_OK);
	msgc_test_expect(ada, "nudged");
	seen = msgc_test_call(event, 0, &kit_nudge_message);
	ck_assert_int_eq(seen->payload, 7);
	connected = msgc_test_stand_in_for(test, "room.connected");
	msgc_test_let_fail(connected, 1, 1, MSGC_EIO);
	msgc_test_assert_closed(knock("bob", "/ws/rooms/1/"), 1011);
	(void)entered("bob", "/ws/rooms/1/");
	ck_assert_uint_eq(msgc_test_calls(connected), 2);
	msgc_test_stop(test);
}
END_TEST

/* ---- look-ups */

START_TEST(look_ups_fail_once_for_each_question)
{
	struct msgc_test_stand_in *sessions, *welcome;
	struct msgc_test_client *client;

	start(_i);
	sessions = msgc_test_stand_in_for(test, "sessions");
	welcome = msgc_test_stand_in_for(test, "room.is_welcome");
	(void)entered("ada", "/ws/rooms/1/");
	ck_assert_uint_eq(
	        msgc_test_calls(sessions), 1); /* though the hook is called twice: it blocks */
	ck_assert_uint_eq(msgc_test_calls(welcome), 1);
	msgc_test_let_fail(sessions, 1, 1, MSGC_EUNAUTHENTICATED);
	client = knock("ada", "/ws/rooms/1/");
	msgc_test_assert_auth(client, 401);
	msgc_test_assert_closed(client, 4401);
	msgc_test_let_fail(welcome, 1, 1, MSGC_EDENIED);
	client = knock("ada", "/ws/rooms/1/");
	msgc_test_assert_auth(client, 403);
	msgc_test_let_fail(welcome, 1, 1, MSGC_EIO);
	msgc_test_assert_auth(knock("ada", "/ws/rooms/1/"), 500);
	msgc_test_stop(test);
}
END_TEST

/* ---- the store */

START_TEST(the_backend_fails)
{
	struct msgc_test_stand_in *publish, *join;
	struct msgc_test_client *ada;

	start(_i);
	ada = entered("ada", "/ws/rooms/1/");
	publish = msgc_test_stand_in_for(test, "backend.publish");
	msgc_test_let_fail(publish, 1, 1, MSGC_EBUSY);
	msgc_test_send(ada, "{\"action\":\"shout\",\"payload\":\"one\"}");
	expect_error(ada, "busy");
	msgc_test_send(ada, "{\"action\":\"shout\",\"payload\":\"two\"}");
	msgc_test_assert_json(msgc_test_expect(ada, "heard"), "/payload", "\"two\"");
	ck_assert_uint_ge(msgc_test_calls(publish), 2);
	join = msgc_test_stand_in_for(test, "backend.join");
	msgc_test_let_fail(join, 1, 1, MSGC_EIO);
	msgc_test_assert_closed(knock("bob", "/ws/rooms/2/"), 1011);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_function_of_the_program_fails)
{
	struct msgc_test_stand_in *store;
	struct msgc_test_client *ada;

	start(_i);
	ada = entered("ada", "/ws/rooms/1/");
	store = msgc_test_stand_in_for(test, "store_line");
	msgc_test_let_fail(store, 1, 1, MSGC_EIO);
	msgc_test_send(ada, "{\"action\":\"keep\",\"payload\":\"one\"}");
	expect_error(ada, "handler_failed");
	msgc_test_send(ada, "{\"action\":\"keep\",\"payload\":\"two\"}");
	msgc_test_expect(ada, "kept");
	ck_assert_uint_eq(msgc_test_calls(store), 2);
	msgc_test_stop(test);
}
END_TEST

/* ---- captures */

START_TEST(what_is_published_is_captured)
{
	const struct msgc_test_published *published;
	const struct kit_nudge nudge = {.payload = 3};
	struct msgc_test_capture *capture;
	struct msgc_test_client *ada;
	struct kit_heard heard;

	start(_i);
	ada = entered("ada", "/ws/rooms/1/");
	capture = msgc_test_begin_capture(test, false);
	msgc_test_send(ada, "{\"action\":\"shout\",\"payload\":\"hello\"}");
	msgc_test_expect(ada, "heard");
	ck_assert_int_eq(kit_hall_event_nudge(msgc_test_server(test), 9, &nudge), MSGC_OK);
	published = msgc_test_publication(capture, 0);
	ck_assert_str_eq(published->group.ptr, "hall_1");
	ck_assert_ptr_eq(published->type, &kit_heard_message);
	ck_assert(!published->is_event);
	ck_assert_str_eq(published->user.ptr, "ada");
	msgc_test_decode(&published->frame, &kit_heard_message, &heard);
	ck_assert_str_eq(heard.payload.ptr, "hello");
	published = msgc_test_publication(capture, 1); /* nobody is in that hall */
	ck_assert_str_eq(published->group.ptr, "hall_9");
	ck_assert(published->is_event);
	msgc_test_assert_json(&published->frame, "/payload", "3");
	ck_assert_uint_eq(published->user.len, 0);
	msgc_test_end_capture(capture);
	msgc_test_send(ada, "{\"action\":\"shout\",\"payload\":\"again\"}");
	msgc_test_expect(ada, "heard");
	ck_assert_uint_eq(msgc_test_captured(capture), 2);
	msgc_test_stop(test);
}
END_TEST

START_TEST(what_is_captured_may_be_swallowed)
{
	struct msgc_test_capture *capture;
	struct msgc_test_client *ada;

	start(_i);
	ada = entered("ada", "/ws/rooms/1/");
	capture = msgc_test_begin_capture(test, true);
	msgc_test_send(ada, "{\"action\":\"shout\",\"payload\":\"hello\"}");
	(void)msgc_test_publication(capture, 0);
	ck_assert_uint_eq(msgc_test_receive_all(ada, MSGC_TEST_COMPLETE).count, 0);
	msgc_test_assert_silent(ada);
	msgc_test_end_capture(capture);
	msgc_test_stop(test);
}
END_TEST

START_TEST(what_comes_to_a_group_can_be_left_out)
{
	struct msgc_test_frames frames;
	struct msgc_test_client *ada;

	start(_i);
	ada = entered("ada", "/ws/rooms/1/");
	msgc_test_send(ada, "{\"action\":\"shout\",\"payload\":\"hello\"}");
	say(ada, "hi");
	msgc_test_send(ada, "{\"action\":\"shout\",\"payload\":\"bye\"}");
	msgc_test_receive_all(ada, MSGC_TEST_COMPLETE);
	frames = msgc_test_receive_all(
	        ada, (enum msgc_test_until)(MSGC_TEST_IDLE | MSGC_TEST_WITHOUT_GROUP));
	ck_assert_uint_eq(frames.count, 1);
	ck_assert_str_eq(frames.items[0].action.ptr, "said");
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stand-ins");
	TCase *tcase = tcase_create("stand-ins");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, a_handler_fails_when_it_is_told_to_and_calls_are_recorded, 0, 4);
	tcase_add_loop_test(tcase, events_and_the_connected_hook_fail_too, 0, 4);
	tcase_add_loop_test(tcase, look_ups_fail_once_for_each_question, 0, 4);
	tcase_add_loop_test(tcase, the_backend_fails, 0, 4);
	tcase_add_loop_test(tcase, a_function_of_the_program_fails, 0, 4);
	tcase_add_loop_test(tcase, what_is_published_is_captured, 0, 4);
	tcase_add_loop_test(tcase, what_is_captured_may_be_swallowed, 0, 4);
	tcase_add_loop_test(tcase, what_comes_to_a_group_can_be_left_out, 0, 4);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
