/* SPDX-License-Identifier: MIT */
/*
 * The list of rooms: who hears that something was said in a room, and who does not. Each test runs
 * twice, in memory and over sockets.
 */
#include "room_fixture.h"

#include <stdatomic.h>

#define ROOMS       "/ws/rooms/"
#define LOBBY_NEWS  "room_news:1"
#define ENGINE_NEWS "room_news:2"

static struct msgc_test_client *looking(struct msgc_test_browser *browser)
{
	struct msgc_test_client *client = msgc_test_connect(browser, ROOMS);

	msgc_test_wait_for_auth(client);
	return client;
}

START_TEST(members_hear_that_something_was_said)
{
	struct msgc_test_client *ada, *grace;
	const struct msgc_test_frame *frame;
	struct chat_news news;

	server_start_loop(_i);
	grace = looking(logged_in("grace"));
	msgc_test_subscribe(grace, LOBBY_NEWS);
	ada = ada_in_lobby();
	msgc_test_assert_silent(grace); /* that somebody has come is no news */
	say(ada, "short");
	frame = msgc_test_receive_topic(grace, LOBBY_NEWS);
	ck_assert_str_eq(frame->action.ptr, "news");
	msgc_test_assert_json(frame, "/is_mine", "false");
	msgc_test_decode(frame, &chat_news_message, &news);
	ck_assert_str_eq(news.payload.username.ptr, "ada");
	ck_assert_str_eq(news.payload.display_name.ptr, "Ada Lovelace");
	ck_assert_str_eq(news.payload.beginning.ptr, "short");
	ck_assert_int_ge(news.payload.timestamp.seconds, app_now_ms() / 1000 - 60);
	msgc_test_assert_silent(grace); /* once, and without what only the room gets */
}
END_TEST

START_TEST(what_one_says_oneself_is_marked)
{
	struct msgc_test_client *list;

	server_start_loop(_i);
	list = looking(logged_in("ada"));
	msgc_test_subscribe(list, LOBBY_NEWS);
	say(ada_in_lobby(), "mine");
	msgc_test_assert_json(msgc_test_expect(list, "news"), "/is_mine", "true");
}
END_TEST

/* Eighty code points, whole ones, whatever they weigh. */
START_TEST(a_long_text_is_cut)
{
	static const char *const letters[] = {"x", "\xc3\xa9", "\xf0\x9f\x98\x80"};
	struct msgc_test_client *ada, *grace;
	struct chat_news news;
	char text[81 * 4 + 1];

	server_start_loop(_i);
	grace = looking(logged_in("grace"));
	msgc_test_subscribe(grace, LOBBY_NEWS);
	ada = ada_in_lobby();
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
		size_t len = strlen(letters[i]);

		for (size_t points = 80; points <= 81; points++) {
			for (size_t n = 0; n < points; n++)
				memcpy(text + n * len, letters[i], len + 1);
			say(ada, text);
			msgc_test_decode(
			        msgc_test_expect(grace, "news"), &chat_news_message, &news);
			ck_assert_uint_eq(news.payload.beginning.len, 80 * len);
			ck_assert_mem_eq(news.payload.beginning.ptr, text, 80 * len);
		}
	}
}
END_TEST

START_TEST(who_is_no_member_hears_nothing_until_they_join)
{
	struct msgc_test_browser *ada, *grace;
	struct msgc_test_client *list, *inside;

	server_start_loop(_i);
	grace = logged_in("grace");
	ck_assert_int_eq(post(grace, "/api/rooms/engine-room/join", "{}")->status, 200);
	inside = entered(grace, ENGINE_ROOM);
	ada = logged_in("ada");
	list = looking(ada);
	msgc_test_subscribe_refused(list, ENGINE_NEWS, "unauthorized");
	say(inside, "among ourselves");
	msgc_test_assert_silent(list);

	ck_assert_int_eq(post(ada, "/api/rooms/engine-room/join", "{}")->status, 200);
	msgc_test_subscribe(list, ENGINE_NEWS);
	say(inside, "welcome");
	assert_text(msgc_test_expect(list, "news"), "/payload/beginning", "welcome");
}
END_TEST

START_TEST(each_room_is_followed_and_left_by_itself)
{
	struct msgc_test_browser *browser;
	struct msgc_test_client *list, *lobby, *engine;

	server_start_loop(_i);
	browser = logged_in("grace");
	ck_assert_int_eq(post(browser, "/api/rooms/engine-room/join", "{}")->status, 200);
	list = looking(browser);
	msgc_test_subscribe(list, LOBBY_NEWS);
	msgc_test_subscribe(list, ENGINE_NEWS);
	lobby = entered(browser, LOBBY);
	engine = entered(browser, ENGINE_ROOM);
	say(engine, "one");
	ck_assert_str_eq(msgc_test_expect(list, "news")->topic.ptr, ENGINE_NEWS);
	msgc_test_unsubscribe(list, ENGINE_NEWS);
	say(engine, "two");
	say(lobby, "three");
	assert_text(msgc_test_receive_topic(list, LOBBY_NEWS), "/payload/beginning", "three");
	msgc_test_assert_silent(list);
}
END_TEST

START_TEST(where_there_is_no_room_there_is_no_topic)
{
	static const char *const topics[] = {
	        "room_news:999", "room_news:0", "room_news:x", "room_news:", "chat_room_1"};
	struct msgc_test_client *list;

	server_start_loop(_i);
	list = looking(logged_in("ada"));
	for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
		msgc_test_subscribe_refused(list, topics[i], "unknown_topic");
	msgc_test_subscribe(list, LOBBY_NEWS);
}
END_TEST

/* What nobody can read later has not been said: no news of it. */
START_TEST(what_is_not_stored_is_no_news)
{
	struct msgc_test_client *ada, *list;

	server_start_loop(_i);
	list = looking(logged_in("grace"));
	msgc_test_subscribe(list, LOBBY_NEWS);
	ada = ada_in_lobby();
	database_lock();
	msgc_test_send(ada, "{\"action\":\"chat\",\"payload\":\"lost\",\"ref\":\"l\"}");
	expect_error(ada, "busy", "l");
	database_unlock();
	msgc_test_assert_silent(list);
	msgc_test_receive_all(ada, MSGC_TEST_IDLE);
	say(ada, "kept");
	assert_text(msgc_test_expect(list, "news"), "/payload/beginning", "kept");
}
END_TEST

START_TEST(without_a_session_4401)
{
	struct msgc_test_client *client;

	server_start_loop(_i);
	client = msgc_test_connect(msgc_test_browser_new(server.test), ROOMS);
	msgc_test_assert_auth(client, 401);
	msgc_test_assert_closed(client, 4401);
}
END_TEST

START_TEST(a_log_out_closes_the_list_too)
{
	struct msgc_test_browser *browser;
	struct msgc_test_client *list, *other;

	server_start_loop(_i);
	browser = logged_in("ada");
	list = looking(browser);
	other = looking(logged_in("ada"));
	msgc_test_subscribe(list, LOBBY_NEWS);
	msgc_test_subscribe(other, LOBBY_NEWS);
	ck_assert_int_eq(post(browser, "/api/logout", "{}")->status, 200);
	msgc_test_assert_closed(list, 4410);
	say(grace_in_lobby(), "to who is there");
	msgc_test_expect(other, "news");
}
END_TEST

/* The look-up that finds its session just ended; 0: none does. */
static atomic_int lookups_left;

int __real_store_session_lookup(
        struct store *store, struct store_text token, struct store_session *ret_session);
int __wrap_store_session_lookup(
        struct store *store, struct store_text token, struct store_session *ret_session);

int __wrap_store_session_lookup(
        struct store *store, struct store_text token, struct store_session *ret_session)
{
	if (atomic_load(&lookups_left) > 0 && atomic_fetch_sub(&lookups_left, 1) == 1)
		(void)store_session_delete(store, token);
	return __real_store_session_lookup(store, token, ret_session);
}

START_TEST(a_log_out_while_the_list_connects_is_a_log_out)
{
	struct msgc_test_client *list;

	server_start_loop(_i);
	atomic_store(&lookups_left, 2); /* who is it, and again when it is connected */
	list = msgc_test_connect(logged_in("ada"), ROOMS);
	msgc_test_assert_auth(list, 200);
	msgc_test_assert_closed(list, 4410);
	ck_assert_int_eq(atomic_load(&lookups_left), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("chat lobby");
	TCase *tests = add_case(suite, "lobby", server_prepare);

	tcase_add_loop_test(tests, members_hear_that_something_was_said, 0, SERVER_MODES);
	tcase_add_loop_test(tests, what_one_says_oneself_is_marked, 0, SERVER_MODES);
	tcase_add_loop_test(tests, a_long_text_is_cut, 0, SERVER_MODES);
	tcase_add_loop_test(tests, who_is_no_member_hears_nothing_until_they_join, 0, SERVER_MODES);
	tcase_add_loop_test(tests, each_room_is_followed_and_left_by_itself, 0, SERVER_MODES);
	tcase_add_loop_test(tests, where_there_is_no_room_there_is_no_topic, 0, SERVER_MODES);
	tcase_add_loop_test(tests, what_is_not_stored_is_no_news, 0, SERVER_MODES);
	tcase_add_loop_test(tests, without_a_session_4401, 0, SERVER_MODES);
	tcase_add_loop_test(tests, a_log_out_closes_the_list_too, 0, SERVER_MODES);
	tcase_add_loop_test(tests, a_log_out_while_the_list_connects_is_a_log_out, 0, SERVER_MODES);
	return run_suite(suite);
}
