/* SPDX-License-Identifier: MIT */
/*
 * test_served.c - generated code and the real server together: what its users see of rooms.msg. In memory and over
 * sockets.
 */
#include <stdlib.h>
#include <time.h>

#include <check.h>

#include "served.h"

static struct served served;
static struct msgc_test *test;

static void start(int mode)
{
	served = (struct served){.loaded = 0};
	test = msgc_test_start(
	        mode == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, served_make, &served, NULL);
}

static struct msgc_test_browser *known(const char *name)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(test);

	msgc_test_set_cookie(browser, "sid", name);
	return browser;
}

static struct msgc_test_client *entered(const char *name, const char *target)
{
	struct msgc_test_client *client = msgc_test_connect(known(name), target);

	msgc_test_wait_for_auth(client);
	msgc_test_assert_json(msgc_test_receive(client), "/payload", "[\"earlier\"]");
	return client;
}

/* Stops; every object has been released by then. */
static void stop(void)
{
	msgc_test_stop(test);
	ck_assert_int_eq(atomic_load(&served.loaded), atomic_load(&served.released));
}

static void wait_until(const atomic_int *counter, int count)
{
	for (int i = 0; i < 3000 && atomic_load(counter) < count; i++)
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	ck_assert_int_eq(atomic_load(counter), count);
}

START_TEST(a_message_is_stored_posted_and_acknowledged)
{
	struct msgc_test_client *ada, *bob;
	struct msgc_test_frames frames;

	start(_i);
	ada = entered("ada", "/ws/chat/7/en/");
	bob = entered("bob", "/ws/chat/7/de/");
	msgc_test_send(ada, "{\"action\":\"chat\",\"payload\":\" hi \",\"ref\":\"r1\"}");
	frames = msgc_test_receive_all(ada, MSGC_TEST_COMPLETE);
	ck_assert_uint_eq(frames.count, 2);
	msgc_test_assert_json(&frames.items[0], "/action", "\"chat\"");
	msgc_test_assert_json(&frames.items[0], "/payload", "\"hi\"");
	msgc_test_assert_json(&frames.items[0], "/is_mine", "true");
	msgc_test_assert_json(&frames.items[0], "/is_current", "true");
	msgc_test_assert_json(&frames.items[1], "/action", "\"chat_saved\"");
	msgc_test_assert_json(&frames.items[1], "/payload/id", "1");
	msgc_test_assert_json(&frames.items[1], "/ref", "\"r1\"");
	frames = msgc_test_receive_all(bob, MSGC_TEST_GROUP_COMPLETE);
	ck_assert_uint_eq(frames.count, 1);
	msgc_test_assert_json(&frames.items[0], "/is_mine", "false");
	stop();
	ck_assert_int_eq(atomic_load(&served.disconnected), 2);
}
END_TEST

START_TEST(what_fails_is_told_to_nobody_else)
{
	struct msgc_test_client *ada, *bob;
	const struct msgc_test_frame *error;

	start(_i);
	ada = entered("ada", "/ws/chat/7/en/");
	bob = entered("bob", "/ws/chat/7/en/");
	msgc_test_send(ada, "{\"action\":\"chat\",\"payload\":\"broken\",\"ref\":\"x\"}");
	error = msgc_test_expect(ada, "error");
	msgc_test_assert_json(error, "/payload/reason", "\"handler_failed\"");
	msgc_test_assert_json(error, "/ref", "\"x\"");
	msgc_test_assert_silent(bob);
	stop();
}
END_TEST

START_TEST(a_stored_message_is_posted_though_its_sender_has_gone)
{
	struct msgc_test_client *ada, *bob;

	start(_i);
	ada = entered("ada", "/ws/chat/7/en/");
	bob = entered("bob", "/ws/chat/7/en/");
	msgc_test_send(ada, "{\"action\":\"chat\",\"payload\":\"wait\"}");
	msgc_test_drop(ada);
	msgc_test_assert_silent(bob); /* long enough for the server to see that she has gone */
	ck_assert_int_eq(atomic_load(&served.stored), 0);
	atomic_store(&served.may_go_on, true);
	msgc_test_assert_json(msgc_test_expect(bob, "chat"), "/payload", "\"wait\"");
	ck_assert(atomic_load(&served.done_without_connection));
	wait_until(&served.disconnected, 1);
	stop();
}
END_TEST

START_TEST(one_of_several_replies_comes_from_elsewhere)
{
	static const char *const cases[][2] = {{"all", "results"}, {"nothing", "nothing_found"},
	        {"at once", "nothing_found"}, {"neither", "error"}};
	struct msgc_test_client *ada;

	start(_i);
	ada = entered("ada", "/ws/chat/7/en/");
	for (size_t i = 0; i < 4; i++) {
		const struct msgc_test_frame *frame;

		msgc_test_sendf(ada,
		        "{\"action\":\"search.rooms\",\"payload\":\"%s\",\"ref\":\"%zu\"}",
		        cases[i][0], i);
		frame = msgc_test_expect(ada, cases[i][1]);
		if (i == 0)
			msgc_test_assert_json(frame, "/payload", "[4,2]");
		if (i == 3)
			msgc_test_assert_json(frame, "/payload/reason", "\"handler_failed\"");
	}
	stop();
}
END_TEST

START_TEST(frames_wait_for_the_one_that_is_answered_later)
{
	struct msgc_test_client *ada;
	struct msgc_test_frames frames;

	start(_i);
	ada = entered("ada", "/ws/chat/7/en/");
	msgc_test_send(ada, "{\"action\":\"chat\",\"payload\":\"wait\"}");
	msgc_test_send(ada, "{\"action\":\"ping\"}");
	msgc_test_assert_silent(ada);
	atomic_store(&served.may_go_on, true);
	frames = msgc_test_receive_until_action(ada, "pong");
	ck_assert_uint_eq(frames.count, 3);
	msgc_test_assert_json(&frames.items[1], "/action", "\"chat_saved\"");
	stop();
}
END_TEST

START_TEST(later_of_another_message_is_refused)
{
	struct msgc_test_client *ada;
	const struct msgc_test_frame *error;

	start(_i);
	ada = entered("ada", "/ws/chat/7/en/");
	msgc_test_send(ada, "{\"action\":\"connected\",\"payload\":\"x\"}");
	error = msgc_test_expect(ada, "error");
	msgc_test_assert_json(error, "/payload/reason", "\"refused\"");
	msgc_test_assert_json(error, "/payload/detail", "\"not like this\"");
	ck_assert_int_eq(atomic_load(&served.wrong_later), MSGC_EINVAL);
	stop();
}
END_TEST

START_TEST(groups_are_joined_and_left_while_running)
{
	struct msgc_test_client *ada, *bob;

	start(_i);
	ada = entered("ada", "/ws/chat/7/en/");
	bob = entered("bob", "/ws/chat/8/en/");
	msgc_test_send(bob, "{\"action\":\"default\",\"payload\":true}");
	msgc_test_receive_all(bob, MSGC_TEST_COMPLETE);
	msgc_test_send(ada, "{\"action\":\"default\",\"payload\":true}");
	msgc_test_receive_all(ada, MSGC_TEST_COMPLETE);
	msgc_test_send(ada, "{\"action\":\"typing\"}");
	msgc_test_assert_json(msgc_test_expect(bob, "chat"), "/payload", "\"typing\"");
	ck_assert_uint_eq(msgc_test_receive_all(ada, MSGC_TEST_COMPLETE).count, 0);
	msgc_test_send(bob, "{\"action\":\"default\",\"payload\":false}");
	msgc_test_receive_all(bob, MSGC_TEST_COMPLETE);
	msgc_test_send(ada, "{\"action\":\"typing\"}");
	msgc_test_receive_all(ada, MSGC_TEST_COMPLETE);
	msgc_test_assert_silent(bob);
	stop();
}
END_TEST

START_TEST(events_from_outside_are_handled_later_or_passed_on)
{
	const struct rooms_room_archived archived = {.payload.reason = MSGC_STR("too old")};
	const struct rooms_renamed renamed = {.payload.title = MSGC_STR("Attic")};
	struct msgc_test_client *ada, *bob;
	struct msgc_test_frames frames;

	start(_i);
	ada = entered("ada", "/ws/chat/7/en/");
	bob = entered("bob", "/ws/chat/8/en/");
	ck_assert_int_eq(
	        rooms_chat_room_event_room_archived(msgc_test_server(test), 7, &archived), MSGC_OK);
	frames = msgc_test_receive_all(ada, MSGC_TEST_EVENT_COMPLETE);
	ck_assert_uint_eq(frames.count, 1);
	msgc_test_assert_json(&frames.items[0], "/action", "\"room_closed\"");
	msgc_test_assert_json(&frames.items[0], "/payload/reason", "\"too old\"");
	ck_assert_int_eq(
	        rooms_chat_room_event_renamed(msgc_test_server(test), 7, &renamed), MSGC_OK);
	frames = msgc_test_receive_all(ada, MSGC_TEST_EVENT_COMPLETE);
	ck_assert_uint_eq(frames.count, 1);
	msgc_test_assert_json(&frames.items[0], "/payload/title", "\"Attic\"");
	msgc_test_assert_silent(bob);
	stop();
}
END_TEST

START_TEST(who_may_not_enter_is_told_why)
{
	static const struct {
		const char *name, *target;
		int status;
		uint16_t code;
	} cases[] = {
	        {"", "/ws/chat/7/en/", 401, 4401},
	        {"ada", "/ws/chat/404/en/", 404, 4404},
	        {"ada", "/ws/chat/13/en/", 403, 4403},
	};

	start(_i);
	for (size_t i = 0; i < 3; i++) {
		struct msgc_test_browser *browser = known(cases[i].name);
		struct msgc_test_client *client;

		/* An unknown session alone would be asked for a token. */
		if (cases[i].status == 401)
			msgc_test_set_header(browser, "Authorization", "Bearer of-bad-news");
		client = msgc_test_connect(browser, cases[i].target);
		msgc_test_assert_auth(client, cases[i].status);
		msgc_test_assert_closed(client, cases[i].code);
	}
	/* not is_banned(user) is true for root: room 13 is open to them. */
	entered("root", "/ws/chat/13/en/");
	stop();
}
END_TEST

START_TEST(a_bad_parameter_is_not_found)
{
	static const char *const targets[] = {"/ws/chat/0/en/", "/ws/chat/x/en/",
	        "/ws/chat/7/english/", "/ws/chat/7/", "/ws/chat/9007199254740992/en/"};

	start(_i);
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		ck_assert_int_eq(
		        msgc_test_status(msgc_test_try_connect(known("ada"), targets[i])), 404);
	entered("ada", "/ws/chat/9007199254740991/%20e%6E/");
	stop();
}
END_TEST

START_TEST(query_parameters_are_read_checked_and_may_be_absent)
{
	static const struct {
		const char *target;
		int volume, station; /* station: -1 where it is absent; volume -1: refused */
	} cases[] = {
	        {"/ws", 5, -1},
	        {"/ws?volume=11", 11, -1},
	        {"/ws?station=+F%4D+4%20&other=1&volume=0", 0, 4},
	        {"/ws?volume=12", -1, 0},
	        {"/ws?volume=", -1, 0},
	        {"/ws?volume=1&volume=1", -1, 0},
	        {"/ws?station=+", -1, 0},
	};

	start(_i);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct msgc_test_client *client =
		        msgc_test_try_connect(msgc_test_browser_new(test), cases[i].target);

		ck_assert_int_eq(msgc_test_status(client), cases[i].volume < 0 ? 404 : 101);
		if (cases[i].volume < 0)
			continue;
		msgc_test_wait_for_auth(client);
		msgc_test_send(client, "{\"action\":\"nothing\"}");
		msgc_test_expect(client, "error"); /* connected has run before any frame */
		ck_assert_int_eq(atomic_load(&served.volume), cases[i].volume);
		ck_assert_int_eq(atomic_load(&served.station), cases[i].station);
	}
	stop();
}
END_TEST

START_TEST(a_group_of_another_contract_is_shared_by_consumers)
{
	struct msgc_test_client *lobby, *radio, *ada;

	start(_i);
	radio = msgc_test_connect(msgc_test_browser_new(test), "/ws/radio");
	msgc_test_wait_for_auth(radio);
	lobby = msgc_test_connect(msgc_test_browser_new(test), "/ws");
	msgc_test_wait_for_auth(lobby);
	ada = entered("ada", "/ws/chat/7/en/");
	msgc_test_send(lobby, "{\"action\":\"note\",\"payload\":\"on air\"}");
	msgc_test_assert_json(msgc_test_expect(radio, "note"), "/payload", "\"on air\"");
	msgc_test_assert_json(msgc_test_expect(ada, "note"), "/payload", "\"on air\"");
	msgc_test_send(radio, "{\"action\":\"note\",\"payload\":\"x\"}");
	msgc_test_assert_json(
	        msgc_test_expect(radio, "error"), "/payload/0/type", "\"union_tag_invalid\"");
	stop();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {a_message_is_stored_posted_and_acknowledged,
	        what_fails_is_told_to_nobody_else,
	        a_stored_message_is_posted_though_its_sender_has_gone,
	        one_of_several_replies_comes_from_elsewhere,
	        frames_wait_for_the_one_that_is_answered_later, later_of_another_message_is_refused,
	        groups_are_joined_and_left_while_running,
	        events_from_outside_are_handled_later_or_passed_on, who_may_not_enter_is_told_why,
	        a_bad_parameter_is_not_found, query_parameters_are_read_checked_and_may_be_absent,
	        a_group_of_another_contract_is_shared_by_consumers};
	Suite *suite = suite_create("served");
	TCase *tcase = tcase_create("served");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 30);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_loop_test(tcase, tests[i], 0, 2);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
