/* SPDX-License-Identifier: MIT */
/*
 * Accounts and rooms over HTTP, and what a log-in and a log-out do to sockets that are open.
 */
#include "room_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#define WRONG "{\"name\":\"ada\",\"password\":\"a wrong one\"}"
#define RIGHT "{\"name\":\"ada\",\"password\":\"demo-password\"}"

static void start(void)
{
	server_prepare();
	server_start(MSGC_TEST_SOCKETS);
}

static void assert_body(const struct msgc_test_response *response, int status, const char *part)
{
	ck_assert_msg(response->status == status && strstr(response->body.ptr, part), "%d %s",
	        response->status, response->body.ptr);
}

/* ---- log in, log out ---- */

START_TEST(login_starts_a_session)
{
	struct msgc_test_browser *ada = msgc_test_browser_new(server.test);
	const struct msgc_test_response *response = post(ada, "/api/login", RIGHT);
	const char *cookie;

	assert_body(response, 200,
	        "{\"user\":{\"id\":1,\"name\":\"ada\",\"display\":\"Ada Lovelace\"}}");
	cookie = msgc_test_header(response, "set-cookie");
	ck_assert_ptr_nonnull(cookie);
	ck_assert_ptr_nonnull(strstr(cookie, "HttpOnly"));
	ck_assert_ptr_nonnull(strstr(cookie, "SameSite=Lax"));
	ck_assert_uint_eq(strlen(msgc_test_cookie(ada, CHAT_COOKIE)), STORE_TOKEN_LEN);
	assert_body(msgc_test_get(ada, "/api/me"), 200, "\"name\":\"ada\"");
}
END_TEST

START_TEST(a_wrong_password_and_a_wrong_name_are_answered_alike)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(server.test);
	const struct msgc_test_response *password = post(browser, "/api/login", WRONG);
	const struct msgc_test_response *name =
	        post(browser, "/api/login", "{\"name\":\"nobody\",\"password\":\"demo-password\"}");

	assert_body(password, 401, "unauthenticated");
	ck_assert_int_eq(name->status, 401);
	ck_assert_str_eq(name->body.ptr, password->body.ptr);
	ck_assert_ptr_null(msgc_test_cookie(browser, CHAT_COOKIE));
}
END_TEST

START_TEST(login_rotates_the_session_and_ends_the_old_one)
{
	struct msgc_test_browser *browser = logged_in("ada");
	struct msgc_test_browser *thief = msgc_test_browser_new(server.test);
	struct msgc_test_client *ada = entered(browser, LOBBY);
	char old[STORE_TOKEN_LEN + 1];

	snprintf(old, sizeof old, "%s", msgc_test_cookie(browser, CHAT_COOKIE));
	msgc_test_set_cookie(thief, CHAT_COOKIE, old);
	ck_assert_int_eq(msgc_test_get(thief, "/api/me")->status, 200);
	ck_assert_int_eq(post(browser, "/api/login", RIGHT)->status, 200);
	ck_assert_str_ne(msgc_test_cookie(browser, CHAT_COOKIE), old);
	ck_assert_int_eq(msgc_test_get(thief, "/api/me")->status, 401);
	msgc_test_assert_closed(ada, 4410);
}
END_TEST

/* A session id that somebody else has chosen does not become a session. */
START_TEST(login_does_not_take_over_a_given_session_id)
{
	static const char given[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	struct msgc_test_browser *ada = msgc_test_browser_new(server.test);

	msgc_test_set_cookie(ada, CHAT_COOKIE, given);
	ck_assert_int_eq(post(ada, "/api/login", RIGHT)->status, 200);
	ck_assert_str_ne(msgc_test_cookie(ada, CHAT_COOKIE), given);
}
END_TEST

START_TEST(logout_ends_the_session_in_every_window)
{
	struct msgc_test_browser *browser = logged_in("ada");
	struct msgc_test_browser *elsewhere = logged_in("ada");
	struct msgc_test_client *first = entered(browser, LOBBY);
	struct msgc_test_client *second = entered(browser, LOBBY);
	struct msgc_test_client *other = entered(elsewhere, LOBBY);
	struct msgc_test_browser *thief = msgc_test_browser_new(server.test);
	struct msgc_test_client *client;

	msgc_test_set_cookie(thief, CHAT_COOKIE, msgc_test_cookie(browser, CHAT_COOKIE));
	assert_body(post(browser, "/api/logout", "{}"), 200, "{}");
	msgc_test_assert_closed(first, 4410);
	msgc_test_assert_closed(second, 4410);
	ck_assert_ptr_null(msgc_test_cookie(browser, CHAT_COOKIE));
	ck_assert_int_eq(msgc_test_get(thief, "/api/me")->status, 401);
	client = msgc_test_connect(thief, LOBBY);
	msgc_test_assert_auth(client, 401);
	/* The same person's other log-in goes on. */
	say(other, "still here");
	ck_assert_int_eq(msgc_test_get(elsewhere, "/api/me")->status, 200);
}
END_TEST

START_TEST(logout_without_a_session_is_no_error)
{
	ck_assert_int_eq(
	        post(msgc_test_browser_new(server.test), "/api/logout", "{}")->status, 200);
}
END_TEST

START_TEST(wrong_passwords_for_one_name_are_throttled)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(server.test);
	const struct msgc_test_response *response;
	const char *wait;

	for (int i = 0; i < 10; i++)
		ck_assert_int_eq(post(browser, "/api/login", WRONG)->status, 401);
	response = post(browser, "/api/login", RIGHT);
	assert_body(response, 429, "rate_limited");
	wait = msgc_test_header(response, "retry-after");
	ck_assert_ptr_nonnull(wait);
	ck_assert_int_gt(atoi(wait), 0);
	ck_assert_int_le(atoi(wait), 21);
	ck_assert_ptr_null(msgc_test_cookie(browser, CHAT_COOKIE));
	/* Another name is not held up. */
	response =
	        post(browser, "/api/login", "{\"name\":\"grace\",\"password\":\"demo-password\"}");
	ck_assert_int_eq(response->status, 200);
}
END_TEST

/* Behind a proxy of ours each browser has an address of its own. */
static void start_behind_a_proxy(void)
{
	static const char *const arguments[] = {"--trusted-proxies=127.0.0.1", NULL};

	server_prepare();
	server.arguments = arguments;
	server_start(MSGC_TEST_SOCKETS);
}

static struct msgc_test_browser *browser_at(const char *address)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(server.test);

	msgc_test_set_header(browser, "X-Forwarded-For", address);
	return browser;
}

START_TEST(wrong_passwords_do_not_lock_out_whoever_has_another_address)
{
	struct msgc_test_browser *foe = browser_at("192.0.2.1");
	struct msgc_test_browser *ada = browser_at("192.0.2.2");

	for (int i = 0; i < 10; i++)
		ck_assert_int_eq(post(foe, "/api/login", WRONG)->status, 401);
	ck_assert_int_eq(post(foe, "/api/login", RIGHT)->status, 429);
	assert_body(post(ada, "/api/login", RIGHT), 200, "\"name\":\"ada\"");
	ck_assert_int_eq(post(foe, "/api/login", RIGHT)->status, 429);
}
END_TEST

START_TEST(many_addresses_do_not_make_many_guesses)
{
	struct msgc_test_browser *foe = browser_at("192.0.2.1");
	struct throttle *names = server.app.logins_by_name;

	for (int i = 0; i < 99; i++) /* hashing a hundred passwords would take its time */
		ck_assert_uint_eq(throttle_take(names, "ada", 3, app_now_ms()), 0);
	ck_assert_int_eq(post(foe, "/api/login", WRONG)->status, 401);
	for (int i = 0; i < 12; i++) {
		while (throttle_take(names, "ada", 3, app_now_ms()) == 0)
			; /* what has come back meanwhile */
		assert_body(
		        post(browser_at("192.0.2.3"), "/api/login", RIGHT), 429, "rate_limited");
	}
	/* Refused so, they cost their own address nothing. */
	for (int i = 0; i < 12; i++)
		throttle_give(names, "ada", 3, app_now_ms());
	ck_assert_int_eq(post(browser_at("192.0.2.3"), "/api/login", RIGHT)->status, 200);
}
END_TEST

START_TEST(right_passwords_are_not_counted)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(server.test);

	for (int i = 0; i < 12; i++)
		ck_assert_int_eq(post(browser, "/api/login", RIGHT)->status, 200);
}
END_TEST

START_TEST(attempts_from_one_address_are_limited)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(server.test);
	const struct msgc_test_response *response = NULL;

	for (int i = 0; i < 2000; i++) {                      /* more than come back meanwhile */
		response = post(browser, "/api/login", "{}"); /* costs the server nothing */
		if (response->status != 400)
			break;
	}
	ck_assert_int_eq(response->status, 429);
	ck_assert_ptr_nonnull(msgc_test_header(response, "retry-after"));
}
END_TEST

START_TEST(a_foreign_page_cannot_post)
{
	struct msgc_test_browser *ada = logged_in("ada");
	static const char *const targets[] = {"/api/login", "/api/signup", "/api/logout",
	        "/api/rooms", "/api/rooms/engine-room/join"};

	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
		msgc_test_set_header(ada, "Origin", "https://evil.example");
		ck_assert_int_eq(post(ada, targets[i], RIGHT)->status, 403);
		msgc_test_set_header(ada, "Origin", NULL); /* with a cookie */
		ck_assert_int_eq(post(ada, targets[i], RIGHT)->status, 403);
	}
}
END_TEST

START_TEST(a_bad_body_is_told_what_is_wrong)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(server.test);

	assert_body(post(browser, "/api/login", "name=ada"), 400, "\"reason\":\"invalid\"");
	assert_body(post(browser, "/api/login", ""), 400, "\"reason\":\"invalid\"");
	assert_body(post(browser, "/api/login", "{\"name\":\"ada\"}"), 400, "password");
	assert_body(
	        post(browser, "/api/login", "{\"name\":\"ada\",\"password\":5}"), 400, "password");
}
END_TEST

/* ---- sign up ---- */

START_TEST(signup_makes_a_user_and_logs_in)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(server.test);

	assert_body(
	        post(browser, "/api/signup",
	                "{\"name\":\"mary\",\"display\":\" Mary S. \",\"password\":\"12345678\"}"),
	        201, "\"display\":\"Mary S.\"");
	assert_body(msgc_test_get(browser, "/api/me"), 200, "\"name\":\"mary\"");
	/* Without a display name, the name is shown. */
	assert_body(post(msgc_test_browser_new(server.test), "/api/signup",
	                    "{\"name\":\"joan\",\"password\":\"12345678\"}"),
	        201, "\"display\":\"joan\"");
}
END_TEST

START_TEST(signup_refuses_what_cannot_be)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(server.test);

	assert_body(post(browser, "/api/signup", "{\"name\":\"ada\",\"password\":\"12345678\"}"),
	        409, "\"reason\":\"taken\"");
	assert_body(post(browser, "/api/signup", "{\"name\":\"mary\",\"password\":\"1234567\"}"),
	        400, "password");
	assert_body(post(browser, "/api/signup", "{\"name\":\"ab\",\"password\":\"12345678\"}"),
	        400, "name");
	assert_body(post(browser, "/api/signup", "{\"name\":\"Mary S\",\"password\":\"12345678\"}"),
	        400, "a-z");
	ck_assert_ptr_null(msgc_test_cookie(browser, CHAT_COOKIE));
}
END_TEST

/* ---- rooms ---- */

START_TEST(rooms_need_a_session)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(server.test);

	ck_assert_int_eq(msgc_test_get(browser, "/api/me")->status, 401);
	ck_assert_int_eq(msgc_test_get(browser, "/api/rooms")->status, 401);
	ck_assert_int_eq(msgc_test_get(browser, "/api/rooms/lobby")->status, 401);
	ck_assert_int_eq(post(browser, "/api/rooms", "{\"title\":\"x\"}")->status, 401);
	ck_assert_int_eq(post(browser, "/api/rooms/engine-room/join", "{}")->status, 401);
}
END_TEST

START_TEST(rooms_are_listed_with_what_one_is_to_them)
{
	struct msgc_test_browser *ada = logged_in("ada");
	const struct msgc_test_response *response = msgc_test_get(ada, "/api/rooms");

	assert_body(response, 200,
	        "{\"rooms\":[{\"id\":1,\"slug\":\"lobby\",\"title\":\"Lobby\",\"members\":2,"
	        "\"is_member\":true,\"last_message_at\":null},{\"id\":2,\"slug\":\"engine-room\","
	        "\"title\":\"Engine "
	        "room\",\"members\":0,\"is_member\":false,\"last_message_at\":null}]}");
	stored(1, "ada", "x");
	assert_body(msgc_test_get(ada, "/api/rooms/lobby"), 200, "\"last_message_at\":\"2");
	assert_body(msgc_test_get(ada, "/api/rooms/nowhere"), 404, "not_found");
	assert_body(msgc_test_get(ada, "/api/rooms/No%20Slug%2F"), 404, "not_found");
}
END_TEST

START_TEST(joining_is_a_post_and_opens_the_door)
{
	struct msgc_test_browser *ada = logged_in("ada");
	struct msgc_test_client *client;

	ck_assert_int_eq(msgc_test_get(ada, "/api/rooms/engine-room/join")->status, 405);
	client = msgc_test_connect(ada, ENGINE_ROOM);
	msgc_test_assert_auth(client, 403);
	for (int i = 0; i < 2; i++)
		assert_body(post(ada, "/api/rooms/engine-room/join", "{}"), 200,
		        "\"members\":1,\"is_member\":true");
	ck_assert_int_eq(post(ada, "/api/rooms/nowhere/join", "{}")->status, 404);
	say(entered(ada, ENGINE_ROOM), "hello");
}
END_TEST

START_TEST(who_opens_a_room_is_in_it)
{
	struct msgc_test_browser *ada = logged_in("ada");

	assert_body(post(ada, "/api/rooms", "{\"title\":\" Tea & <b>Cake</b> \"}"), 201,
	        "\"slug\":\"tea-b-cake-b\",\"title\":\"Tea & <b>Cake</b>\",\"members\":1,"
	        "\"is_member\":true");
	say(entered(ada, "/ws/chat/3/"), "first");
	assert_body(post(ada, "/api/rooms", "{\"title\":\"  \"}"), 400, "title");
	assert_body(post(ada, "/api/rooms", "{\"title\":\"a\\u0000b\"}"), 400, "control");
}
END_TEST

/* ---- all answers ---- */

START_TEST(every_answer_carries_the_policies)
{
	static const char *const targets[] = {
	        "/", "/login.html", "/js/room.js", "/api/me", "/nothing"};
	struct msgc_test_browser *browser = msgc_test_browser_new(server.test);
	const struct msgc_test_response *response;
	const char *policy;

	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
		response = msgc_test_get(browser, targets[i]);
		policy = msgc_test_header(response, "content-security-policy");
		ck_assert_msg(policy != NULL, "%s", targets[i]);
		ck_assert_ptr_nonnull(strstr(policy, "default-src 'none'"));
		ck_assert_ptr_nonnull(strstr(policy, "frame-ancestors 'none'"));
		ck_assert_ptr_null(strstr(policy, "unsafe"));
		ck_assert_str_eq(msgc_test_header(response, "x-content-type-options"), "nosniff");
	}
}
END_TEST

START_TEST(answers_with_a_locked_database)
{
	struct msgc_test_browser *ada = logged_in("ada");

	database_lock();
	ck_assert_int_eq(msgc_test_get(ada, "/api/rooms")->status, 200);
	ck_assert_int_eq(post(ada, "/api/rooms/engine-room/join", "{}")->status, 503);
	ck_assert_int_eq(post(ada, "/api/login", RIGHT)->status, 503);
	ck_assert_int_eq(post(ada, "/api/logout", "{}")->status, 503);
	database_unlock();
	ck_assert_int_eq(msgc_test_get(ada, "/api/me")->status, 200);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("chat routes");
	TCase *tests = add_case(suite, "accounts", start);

	tcase_add_test(tests, login_starts_a_session);
	tcase_add_test(tests, a_wrong_password_and_a_wrong_name_are_answered_alike);
	tcase_add_test(tests, login_rotates_the_session_and_ends_the_old_one);
	tcase_add_test(tests, login_does_not_take_over_a_given_session_id);
	tcase_add_test(tests, logout_ends_the_session_in_every_window);
	tcase_add_test(tests, logout_without_a_session_is_no_error);
	tcase_add_test(tests, wrong_passwords_for_one_name_are_throttled);
	tcase_add_test(tests, right_passwords_are_not_counted);
	tcase_add_test(tests, attempts_from_one_address_are_limited);
	tcase_add_test(tests, a_foreign_page_cannot_post);
	tcase_add_test(tests, a_bad_body_is_told_what_is_wrong);
	tcase_add_test(tests, signup_makes_a_user_and_logs_in);
	tcase_add_test(tests, signup_refuses_what_cannot_be);

	tests = add_case(suite, "addresses", start_behind_a_proxy);
	tcase_add_test(tests, wrong_passwords_do_not_lock_out_whoever_has_another_address);
	tcase_add_test(tests, many_addresses_do_not_make_many_guesses);

	tests = add_case(suite, "rooms", start);
	tcase_add_test(tests, rooms_need_a_session);
	tcase_add_test(tests, rooms_are_listed_with_what_one_is_to_them);
	tcase_add_test(tests, joining_is_a_post_and_opens_the_door);
	tcase_add_test(tests, who_opens_a_room_is_in_it);
	tcase_add_test(tests, every_answer_carries_the_policies);
	tcase_add_test(tests, answers_with_a_locked_database);
	return run_suite(suite);
}
