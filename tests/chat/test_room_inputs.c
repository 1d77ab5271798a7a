/* SPDX-License-Identifier: MIT */
/*
 * What each input gets: who may not come in and what may not be said, and that a connection lives
 * through what it may live through.
 */
#include "room_fixture.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* ---- who may come in ---- */

START_TEST(without_a_session_4401)
{
	struct msgc_test_client *client;

	server_start_loop(_i);
	client = msgc_test_connect(msgc_test_browser_new(server.test), LOBBY);
	msgc_test_assert_auth(client, 401);
	msgc_test_assert_closed(client, 4401);
}
END_TEST

START_TEST(with_a_session_that_nobody_has_4401)
{
	static const char *const tokens[] = {"x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
	struct msgc_test_browser *browser;
	struct msgc_test_client *client;

	server_start_loop(_i);
	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
		browser = msgc_test_browser_new(server.test);
		msgc_test_set_cookie(browser, CHAT_COOKIE, tokens[i]);
		client = msgc_test_connect(browser, LOBBY);
		msgc_test_assert_auth(client, 401);
		msgc_test_assert_closed(client, 4401);
	}
}
END_TEST

START_TEST(who_is_no_member_4403)
{
	struct msgc_test_browser *grace;
	struct msgc_test_client *inside, *outside;

	server_start_loop(_i);
	grace = logged_in("grace");
	ck_assert_int_eq(post(grace, "/api/rooms/engine-room/join", "{}")->status, 200);
	inside = entered(grace, ENGINE_ROOM);
	outside = msgc_test_connect(logged_in("ada"), ENGINE_ROOM);
	msgc_test_assert_auth(outside, 403);
	msgc_test_assert_closed(outside, 4403);
	msgc_test_assert_silent(inside); /* nobody joined, nobody left */
}
END_TEST

START_TEST(where_there_is_no_room_4404)
{
	struct msgc_test_browser *ada;
	struct msgc_test_client *client;

	server_start_loop(_i);
	ada = logged_in("ada");
	client = msgc_test_connect(ada, "/ws/chat/999/");
	msgc_test_assert_auth(client, 404);
	msgc_test_assert_closed(client, 4404);
}
END_TEST

START_TEST(what_is_no_room_number_is_not_found)
{
	static const char *const paths[] = {"/ws/chat/0/", "/ws/chat/-1/", "/ws/chat/x/",
	        "/ws/chat/1.5/", "/ws/chat/", "/ws/chat/1/2/"};
	struct msgc_test_browser *ada;

	server_start_loop(_i);
	ada = logged_in("ada");
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		ck_assert_int_eq(msgc_test_status(msgc_test_try_connect(ada, paths[i])), 404);
}
END_TEST

/* The session is good; the page that uses it is not ours. */
START_TEST(a_foreign_origin_403)
{
	static const char *const origins[] = {"http://evil.example", "https://127.0.0.1", "null",
	        "http://127.0.0.1.evil.example"};
	struct msgc_test_browser *ada;
	const struct msgc_test_response *response;

	server_start_loop(_i);
	ada = logged_in("ada");
	for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
		msgc_test_set_header(ada, "Origin", origins[i]);
		ck_assert_int_eq(msgc_test_status(msgc_test_try_connect(ada, LOBBY)), 403);
		response = post(ada, "/api/rooms/engine-room/join", "{}");
		ck_assert_int_eq(response->status, 403);
	}
}
END_TEST

/* No browser leaves it out: whoever does has to show more than a cookie. */
START_TEST(a_cookie_without_an_origin_4401)
{
	struct msgc_test_browser *ada;
	struct msgc_test_client *client;

	server_start_loop(_i);
	ada = logged_in("ada");
	msgc_test_set_header(ada, "Origin", NULL);
	client = msgc_test_connect(ada, LOBBY);
	msgc_test_assert_auth(client, 401);
	msgc_test_assert_closed(client, 4401);
	ck_assert_int_eq(post(ada, "/api/rooms/engine-room/join", "{}")->status, 403);
}
END_TEST

/* ---- what may be said ---- */

static void assert_alive(struct msgc_test_client *client)
{
	msgc_test_send(
	        client, "{\"action\":\"chat\",\"payload\":\"still here\",\"ref\":\"alive\"}");
	assert_text(msgc_test_expect(client, "chat"), "/payload", "still here");
	ck_assert_str_eq(msgc_test_receive(client)->action.ptr, "group_complete");
	ck_assert_str_eq(msgc_test_receive(client)->ref.ptr, "alive");
}

struct refusal {
	const char *payload;
	const char *type;
};

START_TEST(a_bad_frame_is_told_its_problem)
{
	static const struct refusal refusals[] = {
	        {"\"payload\":5", "string_type"},
	        {"\"payload\":null", "string_type"},
	        {"\"payload\":{}", "string_type"},
	        {"\"payload\":\"\"", "string_too_short"},
	        {"\"other\":1", "missing"},
	};
	struct msgc_test_client *ada, *grace;
	const struct msgc_test_frame *frame;

	server_start_loop(_i);
	ada = ada_in_lobby();
	grace = grace_in_lobby();
	hear(ada, "user_joined");
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		msgc_test_sendf(ada, "{\"action\":\"chat\",\"ref\":\"r\",%s}", refusals[i].payload);
		frame = msgc_test_receive(ada);
		assert_problem(frame, 0, refusals[i].type, "[\"payload\"]");
		ck_assert_str_eq(frame->ref.ptr, "r");
	}
	msgc_test_assert_silent(grace);
	ck_assert_uint_eq(stored_count(1), 0);
	assert_alive(ada);
}
END_TEST

START_TEST(a_ref_that_is_no_text_is_a_problem_too)
{
	struct msgc_test_client *ada;

	server_start_loop(_i);
	ada = ada_in_lobby();
	msgc_test_send(ada, "{\"action\":\"chat\",\"ref\":7,\"payload\":\"x\"}");
	assert_problem(msgc_test_receive(ada), 0, "string_type", "[\"ref\"]");
	ck_assert_uint_eq(stored_count(1), 0);
	assert_alive(ada);
}
END_TEST

START_TEST(text_that_is_too_long_or_blank)
{
	static char frame[8192];
	struct msgc_test_client *ada;
	const struct msgc_test_frame *answer;
	size_t len;

	server_start_loop(_i);
	ada = ada_in_lobby();
	len = (size_t)snprintf(
	        frame, sizeof frame, "{\"action\":\"chat\",\"payload\":\"%02001d\"}", 7);
	msgc_test_send_text(ada, frame, len);
	answer = msgc_test_receive(ada);
	assert_problem(answer, 0, "string_too_long", "[\"payload\"]");
	msgc_test_assert_json(answer, "/payload/0/ctx/max_length", "2000");
	assert_no_problem(answer, 1);
	ck_assert_ptr_null(strstr(answer->text.ptr, "0000000")); /* what came is not repeated */

	msgc_test_send(ada, "{\"action\":\"chat\",\"payload\":\" \\n\\t \"}");
	ck_assert_str_eq(msgc_test_receive(ada)->action.ptr, "error");
	ck_assert_uint_eq(stored_count(1), 0);
	assert_alive(ada);
}
END_TEST

START_TEST(an_unknown_action_is_told_the_known_ones)
{
	struct msgc_test_client *ada;
	const struct msgc_test_frame *frame;
	struct msgc_str expected;

	server_start_loop(_i);
	ada = ada_in_lobby();
	msgc_test_send(ada, "{\"action\":\"shout\",\"payload\":\"x\",\"ref\":\"r\"}");
	frame = msgc_test_receive(ada);
	assert_problem(frame, 0, "union_tag_invalid", "[]");
	ck_assert(msgc_test_json(frame, "/payload/0/ctx/expected_tags", &expected));
	ck_assert_ptr_nonnull(strstr(expected.ptr, "'chat'"));
	ck_assert_ptr_nonnull(strstr(expected.ptr, "'ping'"));
	ck_assert_str_eq(frame->ref.ptr, "r");
	assert_alive(ada);
}
END_TEST

/* What only the server says is nothing that a client may say. */
START_TEST(a_client_does_not_speak_for_the_server)
{
	static const char *const actions[] = {
	        "history", "user_joined", "user_left", "complete", "authentication"};
	struct msgc_test_client *ada, *grace;

	server_start_loop(_i);
	ada = ada_in_lobby();
	grace = grace_in_lobby();
	hear(ada, "user_joined");
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		msgc_test_sendf(ada, "{\"action\":\"%s\",\"payload\":[]}", actions[i]);
		assert_problem(msgc_test_receive(ada), 0, "union_tag_invalid", "[]");
	}
	msgc_test_assert_silent(grace);
}
END_TEST

START_TEST(what_is_not_json_is_told_where)
{
	struct msgc_test_client *ada;
	const struct msgc_test_frame *frame;

	server_start_loop(_i);
	ada = ada_in_lobby();
	msgc_test_send(ada, "{\"action\":\"chat\",}");
	frame = msgc_test_receive(ada);
	assert_problem(frame, 0, "json_invalid", "[]");
	msgc_test_assert_json(frame, "/payload/0/ctx/byte", "17");
	assert_no_problem(frame, 1);
	msgc_test_send(ada, "hello");
	frame = msgc_test_receive(ada);
	assert_problem(frame, 0, "json_invalid", "[]");
	msgc_test_assert_json(frame, "/payload/0/ctx/byte", "0");
	assert_alive(ada);
}
END_TEST

START_TEST(a_member_twice_is_refused)
{
	struct msgc_test_client *ada;

	server_start_loop(_i);
	ada = ada_in_lobby();
	msgc_test_send(ada, "{\"action\":\"chat\",\"payload\":\"a\",\"payload\":\"b\"}");
	ck_assert_str_eq(msgc_test_receive(ada)->action.ptr, "error");
	ck_assert_uint_eq(stored_count(1), 0);
	assert_alive(ada);
}
END_TEST

START_TEST(too_many_messages_are_told_when_to_go_on)
{
	struct msgc_test_client *ada;
	const struct msgc_test_frame *frame;
	size_t refused = 0;

	server_start_loop(_i);
	ada = ada_in_lobby();
	for (int i = 0; i < 40; i++)
		msgc_test_sendf(
		        ada, "{\"action\":\"chat\",\"payload\":\"%d\",\"ref\":\"%d\"}", i, i);
	for (int i = 0; i < 40; i++) {
		frame = outcome(ada);
		if (!msgc_str_equal(frame->action, MSGC_STR("error")))
			continue;
		assert_text(frame, "/payload/reason", "rate_limited");
		ck_assert(frame->ref.len > 0);
		refused++;
	}
	ck_assert_uint_gt(refused, 0);
	ck_assert_uint_le(refused, 30); /* ten may come at once */
	ck_assert_uint_eq(stored_count(1), 40 - refused);
}
END_TEST

/* ---- frames that end it ---- */

START_TEST(a_binary_frame_1003)
{
	struct msgc_test_client *ada;

	server_start_loop(_i);
	ada = ada_in_lobby();
	msgc_test_send_binary(ada, "{\"action\":\"ping\"}", 17);
	msgc_test_assert_closed(ada, 1003);
}
END_TEST

START_TEST(too_big_a_frame_1009)
{
	static char frame[33 * 1024];
	struct msgc_test_client *ada;

	server_start_loop(_i);
	ada = ada_in_lobby();
	memset(frame, ' ', sizeof frame);
	msgc_test_send_text(ada, frame, sizeof frame);
	msgc_test_assert_closed(ada, 1009);
}
END_TEST

START_TEST(what_is_not_utf8_1007)
{
	static const char frame[] = "{\"action\":\"chat\",\"payload\":\"\xc3\x28\"}";
	struct msgc_test_client *ada;

	server_start_loop(_i);
	ada = ada_in_lobby();
	msgc_test_send_text(ada, frame, sizeof frame - 1);
	msgc_test_assert_closed(ada, 1007);
	ck_assert_uint_eq(stored_count(1), 0);
}
END_TEST

/* ---- the database does not play along ---- */

START_TEST(database_locked)
{
	struct msgc_test_client *ada, *grace;
	const struct msgc_test_frame *frame;

	server_start_loop(_i);
	ada = ada_in_lobby();
	grace = grace_in_lobby();
	hear(ada, "user_joined");
	say(ada, "before");
	hear(grace, "chat");

	database_lock();
	msgc_test_send(ada, "{\"action\":\"chat\",\"payload\":\"lost?\",\"ref\":\"m2\"}");
	frame = expect_error(ada, "busy", "m2");
	ck_assert(msgc_test_json(frame, "/payload/retry_after", &(struct msgc_str){0}));
	msgc_test_assert_silent(ada); /* no complete, no chat */
	msgc_test_assert_silent(grace);
	/* Reading goes on: somebody can still come in. */
	msgc_test_close(grace, 1000);
	msgc_test_expect(ada, "user_left");
	database_unlock();

	ck_assert_uint_eq(stored_count(1), 1);
	say(ada, "afterwards");
	ck_assert_uint_eq(stored_count(1), 2);
}
END_TEST

START_TEST(one_can_enter_while_the_database_is_locked)
{
	struct msgc_test_browser *grace;
	struct msgc_test_client *client;
	struct chat_history history;

	server_start_loop(_i);
	stored(1, "ada", "there");
	grace = logged_in("grace");
	database_lock();
	client = msgc_test_connect(grace, LOBBY);
	msgc_test_wait_for_auth(client);
	msgc_test_decode(msgc_test_expect(client, "history"), &chat_history_message, &history);
	ck_assert_uint_eq(history.payload.count, 1);
}
END_TEST

static void limit_database(int64_t more)
{
	struct stat status;

	ck_assert_int_eq(stat(server.path, &status), 0);
	server.app.database_limit = (int64_t)status.st_size + more;
}

/* Until the file may grow no more: what was acknowledged is there afterwards, and nothing else. */
START_TEST(database_full)
{
	static char frame[8192];
	struct msgc_test_client *ada;
	const struct msgc_test_frame *answer;
	struct chat_history history;
	size_t acknowledged = 0, refused = 0;

	limit_database(44 * 1024); /* seven tables and indexes of the server's, and some messages */
	server_start_loop(_i);
	ada = ada_in_lobby();
	snprintf(frame, sizeof frame, "{\"action\":\"chat\",\"payload\":\"%02000d\",\"ref\":\"r\"}",
	        7);
	for (int i = 0; i < 9; i++) {
		msgc_test_send(ada, frame);
		answer = outcome(ada);
		if (msgc_str_equal(answer->action, MSGC_STR("chat"))) {
			acknowledged++;
			continue;
		}
		assert_text(answer, "/payload/reason", "refused");
		ck_assert_str_eq(answer->ref.ptr, "r");
		refused++;
	}
	ck_assert_uint_gt(acknowledged, 0);
	ck_assert_uint_gt(refused, 0);

	ada = msgc_test_connect(logged_in("ada"), LOBBY);
	msgc_test_wait_for_auth(ada);
	msgc_test_decode(msgc_test_expect(ada, "history"), &chat_history_message, &history);
	ck_assert_uint_eq(history.payload.count, acknowledged);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("chat inputs");
	TCase *tests = add_case(suite, "entering", server_prepare);

	tcase_add_loop_test(tests, without_a_session_4401, 0, SERVER_MODES);
	tcase_add_loop_test(tests, with_a_session_that_nobody_has_4401, 0, SERVER_MODES);
	tcase_add_loop_test(tests, who_is_no_member_4403, 0, SERVER_MODES);
	tcase_add_loop_test(tests, where_there_is_no_room_4404, 0, SERVER_MODES);
	tcase_add_loop_test(tests, what_is_no_room_number_is_not_found, 0, SERVER_MODES);
	tcase_add_loop_test(tests, a_foreign_origin_403, 0, SERVER_MODES);
	tcase_add_loop_test(tests, a_cookie_without_an_origin_4401, 0, SERVER_MODES);

	tests = add_case(suite, "frames", server_prepare);
	tcase_add_loop_test(tests, a_bad_frame_is_told_its_problem, 0, SERVER_MODES);
	tcase_add_loop_test(tests, a_ref_that_is_no_text_is_a_problem_too, 0, SERVER_MODES);
	tcase_add_loop_test(tests, text_that_is_too_long_or_blank, 0, SERVER_MODES);
	tcase_add_loop_test(tests, an_unknown_action_is_told_the_known_ones, 0, SERVER_MODES);
	tcase_add_loop_test(tests, a_client_does_not_speak_for_the_server, 0, SERVER_MODES);
	tcase_add_loop_test(tests, what_is_not_json_is_told_where, 0, SERVER_MODES);
	tcase_add_loop_test(tests, a_member_twice_is_refused, 0, SERVER_MODES);
	tcase_add_loop_test(tests, too_many_messages_are_told_when_to_go_on, 0, SERVER_MODES);
	tcase_add_loop_test(tests, a_binary_frame_1003, 0, SERVER_MODES);
	tcase_add_loop_test(tests, too_big_a_frame_1009, 0, SERVER_MODES);
	tcase_add_loop_test(tests, what_is_not_utf8_1007, 0, SERVER_MODES);

	tests = add_case(suite, "database", server_prepare);
	tcase_add_loop_test(tests, database_locked, 0, SERVER_MODES);
	tcase_add_loop_test(tests, one_can_enter_while_the_database_is_locked, 0, SERVER_MODES);
	tcase_add_loop_test(tests, database_full, 0, SERVER_MODES);
	return run_suite(suite);
}
