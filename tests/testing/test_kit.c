/* SPDX-License-Identifier: MIT */
/*
 * The kit, tried out on a small program. Every test runs twice, over sockets and in memory: the same code must do for both.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <check.h>

#include <msgc/http.h>

#include "kit.msgc.h"
#include "program.h"

static struct program program;
static struct msgc_test *test;
static const char *const none[] = {NULL};

/* `_i` of a loop test. */
static void start(int i, const char *const *arguments)
{
	program = (struct program){.disconnected = 0};
	test = msgc_test_start(
	        i == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, program_make, &program, arguments);
}

static struct msgc_test_browser *logged_in(const char *name)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(test);
	char form[64];

	snprintf(form, sizeof(form), "name=%s", name);
	msgc_test_log_in(browser, "/login", form);
	return browser;
}

/* In the room, greeted. */
static struct msgc_test_client *entered(const char *name, const char *target)
{
	struct msgc_test_client *client = msgc_test_connect(logged_in(name), target);

	msgc_test_wait_for_auth(client);
	msgc_test_assert_json(msgc_test_receive(client), "/action", "\"welcome\"");
	return client;
}

static void wait_for_disconnected(int count)
{
	for (int i = 0; i < 2000 && atomic_load(&program.disconnected) < count; i++)
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	ck_assert_int_eq(atomic_load(&program.disconnected), count);
}

/* ---- browsers */

START_TEST(a_browser_keeps_its_cookies)
{
	struct msgc_test_browser *ada, *other;

	start(_i, none);
	ada = msgc_test_browser_new(test);
	other = msgc_test_browser_new(test);
	ck_assert_int_eq(msgc_test_get(ada, "/who")->status, 401);
	ck_assert_ptr_null(msgc_test_cookie(ada, "sid"));
	msgc_test_log_in(ada, "/login", "name=ada");
	ck_assert_str_eq(msgc_test_cookie(ada, "sid"), "ada");
	ck_assert_str_eq(msgc_test_cookie(ada, "theme"), "dark");
	ck_assert_str_eq(msgc_test_get(ada, "/who")->body.ptr, "ada");
	ck_assert_int_eq(msgc_test_get(other, "/who")->status, 401);
	ck_assert_int_eq(msgc_test_post_form(ada, "/logout", "")->status, 200);
	ck_assert_ptr_null(msgc_test_cookie(ada, "sid"));
	ck_assert_str_eq(msgc_test_cookie(ada, "theme"), "dark");
	ck_assert_int_eq(msgc_test_get(ada, "/who")->status, 401);
	msgc_test_set_cookie(ada, "sid", "bob");
	ck_assert_str_eq(msgc_test_get(ada, "/who")->body.ptr, "bob");
	msgc_test_stop(test);
}
END_TEST

START_TEST(requests_and_responses)
{
	const struct msgc_test_response *response;
	struct msgc_test_browser *browser;

	start(_i, none);
	browser = msgc_test_browser_new(test);
	msgc_test_set_header(browser, "X-Own", "mine");
	response = msgc_test_post_json(browser, "/echo?q=a%20b", "{\"a\":1}");
	ck_assert_int_eq(response->status, 200);
	ck_assert_str_eq(response->body.ptr, "{\"a\":1}");
	ck_assert_str_eq(msgc_test_header(response, "Content-Type"), "text/plain");
	ck_assert_str_eq(msgc_test_header(response, "x-own"), "mine");
	ck_assert_str_eq(msgc_test_header(response, "x-query"), "a b");
	ck_assert_ptr_null(msgc_test_header(response, "x-none"));
	msgc_test_set_header(browser, "x-OWN", NULL);
	response = msgc_test_http(browser, "PUT", "/echo", "text/plain", "put");
	ck_assert_str_eq(response->body.ptr, "put");
	ck_assert_ptr_null(msgc_test_header(response, "x-own"));
	response = msgc_test_get(browser, "/large");
	ck_assert_uint_eq(response->body.len, 100000);
	response = msgc_test_get(browser, "/none");
	ck_assert_int_eq(response->status, 404);
	ck_assert_str_eq(msgc_test_header(response, "content-type"), "application/json");
	response = msgc_test_http(browser, "HEAD", "/large", NULL, NULL);
	ck_assert_int_eq(response->status, 200);
	ck_assert_uint_eq(response->body.len, 0);
	msgc_test_stop(test);
}
END_TEST

START_TEST(the_origin_is_the_servers_own_unless_told_otherwise)
{
	struct msgc_test_browser *browser;

	start(_i, none);
	browser = logged_in("ada");
	msgc_test_set_header(browser, "Origin", "https://evil.example");
	ck_assert_int_eq(msgc_test_post_form(browser, "/logout", "")->status, 403);
	ck_assert_int_eq(msgc_test_status(msgc_test_try_connect(browser, "/ws/rooms/1/")), 403);
	msgc_test_set_header(browser, "Origin", NULL);
	ck_assert_int_eq(msgc_test_post_form(browser, "/logout", "")->status, 403);
	msgc_test_stop(test);
}
END_TEST

START_TEST(the_administrative_listener)
{
	start(_i, none);
	ck_assert_str_eq(msgc_test_admin_get(msgc_test_browser_new(test), "/healthz")->body.ptr,
	        "{\"status\":\"ok\"}");
	ck_assert_int_eq(msgc_test_get(msgc_test_browser_new(test), "/healthz")->status, 404);
	msgc_test_stop(test);
}
END_TEST

/* ---- conversations */

START_TEST(a_message_and_its_reply)
{
	struct msgc_test_client *ada;
	struct msgc_test_frames frames;

	start(_i, none);
	ada = entered("ada", "/ws/rooms/1/");
	ck_assert_int_eq(msgc_test_status(ada), 101);
	msgc_test_send(ada, "{\"action\":\"say\",\"payload\":\"hello\",\"ref\":\"7\"}");
	frames = msgc_test_receive_all(ada, MSGC_TEST_COMPLETE);
	ck_assert_uint_eq(frames.count, 1);
	ck_assert_str_eq(frames.items[0].action.ptr, "said");
	ck_assert_str_eq(frames.items[0].ref.ptr, "7");
	msgc_test_assert_json(&frames.items[0], "/payload", "\"hello\"");
	msgc_test_assert_json(&frames.items[0], "/is_mine", NULL);
	msgc_test_assert_silent(ada);
	msgc_test_stop(test);
}
END_TEST

START_TEST(typed_messages)
{
	struct kit_say say = {.payload = MSGC_STR("typed \"text\"")};
	struct kit_said said;
	struct kit_welcome welcome;
	struct msgc_test_client *ada;
	const struct msgc_test_frame *frame;

	start(_i, none);
	ada = msgc_test_connect(logged_in("ada"), "/ws/rooms/42/");
	msgc_test_decode(msgc_test_expect(ada, "welcome"), &kit_welcome_message, &welcome);
	ck_assert_int_eq(welcome.payload.id, 42);
	ck_assert_str_eq(welcome.payload.user.ptr, "ada");
	msgc_test_send_message(ada, &kit_say_message, &say, "r\"1");
	frame = msgc_test_expect(ada, "said");
	ck_assert_str_eq(frame->ref.ptr, "r\"1");
	msgc_test_decode(frame, &kit_said_message, &said);
	ck_assert_str_eq(said.payload.ptr, "typed \"text\"");
	msgc_test_send_message(ada, &kit_say_message, &say, NULL);
	ck_assert_uint_eq(msgc_test_expect(ada, "said")->ref.len, 0);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_group_hears_and_completes)
{
	struct msgc_test_client *ada, *bob;
	struct msgc_test_frames frames;

	start(_i, none);
	ada = entered("ada", "/ws/rooms/1/");
	bob = entered("bob", "/ws/rooms/1/");
	msgc_test_sendf(ada, "{\"action\":\"shout\",\"payload\":\"%s\"}", "hello");
	frames = msgc_test_receive_all(bob, MSGC_TEST_GROUP_COMPLETE);
	ck_assert_uint_eq(frames.count, 1);
	msgc_test_assert_json(&frames.items[0], "/action", "\"heard\"");
	msgc_test_assert_json(&frames.items[0], "/is_mine", "false");
	frames = msgc_test_receive_all(ada, MSGC_TEST_IDLE);
	ck_assert_uint_eq(frames.count, 1); /* without complete and group_complete */
	msgc_test_assert_json(&frames.items[0], "/is_mine", "true");
	msgc_test_assert_json(&frames.items[0], "/is_current", "true");
	msgc_test_stop(test);
}
END_TEST

START_TEST(until_an_action)
{
	struct msgc_test_client *ada;
	struct msgc_test_frames frames;

	start(_i, none);
	ada = msgc_test_connect(logged_in("ada"), "/ws/rooms/1/");
	for (int i = 0; i < 20; i++)
		msgc_test_sendf(ada, "{\"action\":\"say\",\"payload\":\"%d\"}", i);
	msgc_test_send(ada, "{\"action\":\"ping\"}");
	frames = msgc_test_receive_until_action(ada, "pong");
	ck_assert_uint_eq(frames.count, 23); /* authentication, welcome, said × 20, pong */
	ck_assert_str_eq(frames.items[0].action.ptr, "authentication");
	ck_assert_str_eq(frames.items[22].action.ptr, "pong");
	msgc_test_assert_json(&frames.items[21], "/payload", "\"19\"");
	ck_assert_str_eq(msgc_test_receive(ada)->action.ptr, "complete");
	msgc_test_stop(test);
}
END_TEST

START_TEST(the_server_speaks_first)
{
	const struct kit_heard heard = {.payload = MSGC_STR("from outside")};
	const struct kit_nudge nudge = {.payload = 5};
	struct msgc_test_client *ada;
	struct msgc_test_frames frames;

	start(_i, none);
	ada = entered("ada", "/ws/rooms/1/");
	ck_assert_int_eq(
	        kit_hall_broadcast_heard(msgc_test_server(test), 1, NULL, &heard, MSGC_TO_ALL), 0);
	frames = msgc_test_receive_all(ada, MSGC_TEST_GROUP_COMPLETE);
	ck_assert_uint_eq(frames.count, 1);
	msgc_test_assert_json(&frames.items[0], "/is_mine", "false");
	ck_assert_int_eq(kit_hall_event_nudge(msgc_test_server(test), 1, &nudge), 0);
	frames = msgc_test_receive_all(ada, MSGC_TEST_EVENT_COMPLETE);
	ck_assert_uint_eq(frames.count, 1);
	msgc_test_assert_json(&frames.items[0], "/payload", "5");
	ck_assert_int_eq(
	        kit_hall_broadcast_heard(msgc_test_server(test), 2, NULL, &heard, MSGC_TO_ALL), 0);
	msgc_test_assert_silent(ada);
	msgc_test_stop(test);
}
END_TEST

START_TEST(errors_are_frames_too)
{
	struct msgc_test_client *ada;
	const struct msgc_test_frame *error;

	start(_i, none);
	ada = entered("ada", "/ws/rooms/1/");
	msgc_test_send(ada, "{\"action\":\"say\"}");
	error = msgc_test_expect(ada, "error");
	msgc_test_assert_json(error, "/payload/0/type", "\"missing\"");
	msgc_test_assert_json(error, "/payload/0/loc", "[\"payload\"]");
	msgc_test_assert_json(error, "/payload/1", NULL);
	msgc_test_send(ada, "{\"action\":\"say\",\"payload\":\"secret\"}");
	error = msgc_test_expect(ada, "error");
	msgc_test_assert_json(error, "/payload/detail", "\"that is not said here\"");
	msgc_test_send(ada, "no json");
	msgc_test_assert_json(
	        msgc_test_expect(ada, "error"), "/payload/0/type", "\"json_invalid\"");
	msgc_test_send(ada, "{\"action\":\"ping\"}");
	msgc_test_expect(ada, "pong");
	msgc_test_stop(test);
}
END_TEST

START_TEST(long_messages_and_fragments)
{
	static char text[150100];
	struct msgc_test_client *ada;
	struct msgc_str payload;
	size_t len;

	start(_i, none);
	ada = entered("ada", "/ws/rooms/1/");
	len = (size_t)snprintf(text, sizeof(text), "{\"action\":\"say\",\"payload\":\"");
	memset(text + len, 'x', 150000);
	strcpy(text + len + 150000, "\"}");
	msgc_test_send(ada, text);
	ck_assert(msgc_test_json(msgc_test_expect(ada, "said"), "/payload", &payload));
	ck_assert_uint_eq(payload.len, 150002);
	msgc_test_send_fragments(ada, "{\"action\":\"say\",\"payload\":\"Zo\xc3\xab\"}", 5);
	msgc_test_assert_json(msgc_test_expect(ada, "said"), "/payload", "\"Zo\xc3\xab\"");
	msgc_test_send_fragments(ada, "{\"action\":\"say\",\"payload\":\"Zo\xc3\xab\"}", 1);
	msgc_test_assert_json(msgc_test_expect(ada, "said"), "/payload", "\"Zo\xc3\xab\"");
	msgc_test_ping(ada);
	msgc_test_stop(test);
}
END_TEST

/* ---- refusals and ends */

START_TEST(who_may_not_enter)
{
	struct msgc_test_browser *browser;
	struct msgc_test_client *client;

	start(_i, none);
	browser = msgc_test_browser_new(test);
	client = msgc_test_connect(browser, "/ws/rooms/1/");
	msgc_test_assert_auth(client, 401);
	msgc_test_assert_closed(client, 4401);
	client = msgc_test_connect(logged_in("bob"), "/ws/rooms/13/");
	msgc_test_assert_auth(client, 403);
	msgc_test_assert_closed(client, 4403);
	ck_assert_int_eq(msgc_test_status(msgc_test_try_connect(browser, "/ws/rooms/none/")), 404);
	ck_assert_int_eq(msgc_test_status(msgc_test_try_connect(browser, "/ws/nowhere/")), 404);
	msgc_test_stop(test);
	ck_assert_int_eq(atomic_load(&program.disconnected), 0); /* they never were connected */
}
END_TEST

START_TEST(the_server_closes_with_a_code_and_a_reason)
{
	struct msgc_test_client *ada;

	start(_i, none);
	ada = entered("ada", "/ws/rooms/1/");
	msgc_test_send(ada, "{\"action\":\"leave\",\"payload\":4005}");
	msgc_test_assert_closed(ada, 4005);
	ck_assert_str_eq(msgc_test_close_reason(ada), "as you wish");
	ck_assert_uint_eq(msgc_test_receive_all(ada, MSGC_TEST_IDLE).count, 0);
	ada = entered("ada", "/ws/rooms/1/");
	msgc_test_send_binary(ada, "\0\1", 2);
	msgc_test_assert_closed(ada, 1003);
	wait_for_disconnected(2);
	msgc_test_stop(test);
}
END_TEST

START_TEST(the_client_closes_or_vanishes)
{
	struct msgc_test_client *ada, *bob;

	start(_i, none);
	ada = entered("ada", "/ws/rooms/1/");
	bob = entered("bob", "/ws/rooms/1/");
	msgc_test_close(ada, 1000);
	wait_for_disconnected(1);
	ck_assert_int_eq(atomic_load(&program.last_code), 1000);
	msgc_test_drop(bob);
	wait_for_disconnected(2);
	ck_assert_int_eq(atomic_load(&program.last_code), 1006);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_drain_can_be_watched)
{
	struct msgc_test_client *ada;

	start(_i, none);
	ada = entered("ada", "/ws/rooms/1/");
	msgc_test_begin_stop(test);
	msgc_test_assert_closed(ada, 1001);
	msgc_test_stop(test);
	ck_assert_int_eq(atomic_load(&program.disconnected), 1);
}
END_TEST

START_TEST(a_server_with_two_workers)
{
	static const char *const two[] = {"--workers=2", NULL};
	struct msgc_test_client *clients[6];

	start(_i, two);
	for (int i = 0; i < 6; i++)
		clients[i] = entered(i % 2 ? "ada" : "bob", "/ws/rooms/1/");
	msgc_test_send(clients[0], "{\"action\":\"shout\",\"payload\":\"all\"}");
	for (int i = 0; i < 6; i++) {
		struct msgc_test_frames frames =
		        msgc_test_receive_all(clients[i], MSGC_TEST_GROUP_COMPLETE);

		ck_assert_uint_ge(frames.count, 1);
		msgc_test_assert_json(&frames.items[0], "/payload", "\"all\"");
	}
	msgc_test_stop(test);
}
END_TEST

START_TEST(arguments_reach_the_server)
{
	static const char *const small[] = {"--bad-frame-limit=2", "--admin-port=off", NULL};
	struct msgc_test_client *ada;

	start(_i, small);
	ada = entered("ada", "/ws/rooms/1/");
	for (int i = 0; i < 3; i++)
		msgc_test_send(ada, "no JSON");
	msgc_test_assert_closed(ada, 4429);
	msgc_test_stop(test);
}
END_TEST

/* ---- over sockets only */

START_TEST(raw_bytes_over_sockets)
{
	/* After a broken frame libwebsockets reads no more, so that our answer to its CLOSE frame is not seen. */
	static const char *const impatient[] = {"--close-timeout=100ms", NULL};
	static const uint8_t reserved[] = {0xf1, 0x80, 0, 0, 0, 0};
	struct msgc_test_client *ada;

	start(0, impatient);
	ck_assert_int_gt(msgc_test_port(test), 0);
	ada = entered("ada", "/ws/rooms/1/");
	msgc_test_send_raw(ada, reserved, sizeof(reserved));
	msgc_test_assert_closed(ada, 1002);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_ping_loses_no_message)
{
	struct msgc_test_client *ada;

	start(0, none);
	ada = entered("ada", "/ws/rooms/1/");
	msgc_test_send(ada, "{\"action\":\"say\",\"payload\":\"1\"}");
	msgc_test_send(ada, "{\"action\":\"say\",\"payload\":\"2\"}");
	msgc_test_expect(ada, "said");
	msgc_test_ping(ada);
	msgc_test_assert_json(msgc_test_expect(ada, "said"), "/payload", "\"2\"");
	msgc_test_stop(test);
}
END_TEST

/* ---- frames by themselves */

START_TEST(json_pointers)
{
	static const char text[] =
	        "{\"a\":{\"b/c\":[1,{\"~\":null},[]]},\"\":\"empty\",\"d\":\"\\u00e9\", \"e\" : "
	        "1.50 }";
	const struct msgc_test_frame frame_of = {.text = msgc_str_from(text)};
	struct msgc_test_frame frame = frame_of;
	struct msgc_str all;

	start(1, none);
	frame.test = test;
	msgc_test_assert_json(&frame, "/a/b~1c/0", "1");
	msgc_test_assert_json(&frame, "/a/b~1c/1/~0", "null");
	msgc_test_assert_json(&frame, "/a/b~1c/2", "[]");
	msgc_test_assert_json(&frame, "/a/b~1c/3", NULL);
	msgc_test_assert_json(&frame, "/a/b~1c/-1", NULL);
	msgc_test_assert_json(&frame, "/a/b~1c/x", NULL);
	msgc_test_assert_json(&frame, "/", "\"empty\"");
	msgc_test_assert_json(&frame, "/d", "\"\\u00e9\"");
	msgc_test_assert_json(&frame, "/e", "1.50");
	msgc_test_assert_json(&frame, "/d/x", NULL);
	msgc_test_assert_json(&frame, "/none", NULL);
	ck_assert(msgc_test_json(&frame, "", &all));
	ck_assert_uint_eq(all.len, sizeof(text) - 1);
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kit");
	TCase *both = tcase_create("both"), *sockets = tcase_create("sockets");
	SRunner *runner;
	int failed;

	tcase_set_timeout(both, 30);
	tcase_add_loop_test(both, a_browser_keeps_its_cookies, 0, 2);
	tcase_add_loop_test(both, requests_and_responses, 0, 2);
	tcase_add_loop_test(both, the_origin_is_the_servers_own_unless_told_otherwise, 0, 2);
	tcase_add_loop_test(both, the_administrative_listener, 0, 2);
	tcase_add_loop_test(both, a_message_and_its_reply, 0, 2);
	tcase_add_loop_test(both, typed_messages, 0, 2);
	tcase_add_loop_test(both, a_group_hears_and_completes, 0, 2);
	tcase_add_loop_test(both, until_an_action, 0, 2);
	tcase_add_loop_test(both, the_server_speaks_first, 0, 2);
	tcase_add_loop_test(both, errors_are_frames_too, 0, 2);
	tcase_add_loop_test(both, long_messages_and_fragments, 0, 2);
	tcase_add_loop_test(both, who_may_not_enter, 0, 2);
	tcase_add_loop_test(both, the_server_closes_with_a_code_and_a_reason, 0, 2);
	tcase_add_loop_test(both, the_client_closes_or_vanishes, 0, 2);
	tcase_add_loop_test(both, a_drain_can_be_watched, 0, 2);
	tcase_add_loop_test(both, a_server_with_two_workers, 0, 2);
	tcase_add_loop_test(both, arguments_reach_the_server, 0, 2);
	tcase_add_test(both, json_pointers);
	suite_add_tcase(suite, both);
	tcase_set_timeout(sockets, 30);
	tcase_add_test(sockets, raw_bytes_over_sockets);
	tcase_add_test(sockets, a_ping_loses_no_message);
	suite_add_tcase(suite, sockets);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
