/* SPDX-License-Identifier: MIT */
/*
 * A room as its members see it: entering, talking, going. Each test runs twice, in memory and over
 * sockets.
 */
#include "room_fixture.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

/* ---- the seed: connect and receive history; a chat message comes back ---- */

START_TEST(connect_and_receive_history)
{
	struct msgc_test_browser *ada;
	struct msgc_test_client *client;
	struct msgc_test_frames frames;
	struct chat_history history;

	server_start_loop(_i);
	stored(1, "ada", "first");
	stored(1, "grace", "second");
	ada = logged_in("ada");
	client = msgc_test_connect(ada, LOBBY);

	msgc_test_wait_for_auth(client);
	frames = msgc_test_receive_until_action(client, "history");
	ck_assert_uint_eq(frames.count, 3);
	ck_assert_str_eq(frames.items[0].action.ptr, "presence_state");
	assert_text(&frames.items[0], "/payload/users/0/info/username", "ada");
	ck_assert_str_eq(frames.items[1].action.ptr, "user_joined");
	assert_text(&frames.items[1], "/payload/username", "ada");
	assert_text(&frames.items[1], "/payload/room_name", "Lobby");
	msgc_test_assert_json(&frames.items[1], "/is_mine", "true");
	msgc_test_assert_json(&frames.items[1], "/is_current", "true");

	msgc_test_decode(&frames.items[2], &chat_history_message, &history);
	ck_assert_uint_eq(history.payload.count, 2);
	ck_assert_str_eq(history.payload.items[0].username.ptr, "ada");
	ck_assert_str_eq(history.payload.items[0].display_name.ptr, "Ada Lovelace");
	ck_assert_str_eq(history.payload.items[0].message.ptr, "first");
	ck_assert_str_eq(history.payload.items[1].username.ptr, "grace");
	ck_assert_str_eq(history.payload.items[1].message.ptr, "second");
	ck_assert_int_lt(history.payload.items[0].id, history.payload.items[1].id);
	ck_assert_int_le(msgc_datetime_compare(history.payload.items[0].timestamp,
	                         history.payload.items[1].timestamp),
	        0);
}
END_TEST

START_TEST(the_roster_shows_who_is_there)
{
	const struct msgc_test_frame *frame;
	struct msgc_test_client *ada, *grace;
	struct chat_chat_room_roster roster;
	struct msgc_arena arena;

	server.arguments = NULL;
	server_start_loop(_i);
	ada = msgc_test_connect(logged_in("ada"), LOBBY);
	msgc_test_wait_for_auth(ada);
	frame = msgc_test_expect(ada, "presence_state");
	assert_text(frame, "/payload/users/0/info/display_name", "Ada Lovelace");
	msgc_test_assert_json(frame, "/payload/count", "1");
	grace = msgc_test_connect(logged_in("grace"), LOBBY);
	frame = msgc_test_expect(ada, "presence_diff");
	assert_text(frame, "/payload/joins/0/info/username", "grace");
	msgc_test_expect(grace, "history");

	msgc_arena_init(&arena, 0);
	ck_assert_int_eq(
	        chat_chat_room_read_roster(msgc_test_server(server.test), 1, 10, &arena, &roster),
	        MSGC_OK);
	ck_assert_uint_eq(roster.count, 2);
	ck_assert_str_eq(roster.items[0].info.username.ptr, "ada");
	ck_assert_str_eq(roster.items[1].info.username.ptr, "grace");
	msgc_arena_free(&arena);

	msgc_test_close(grace, 1000);
	frame = msgc_test_expect(ada, "presence_diff");
	assert_text(frame, "/payload/leaves/0/info/username", "grace");
	msgc_test_assert_json(frame, "/payload/count", "1");
}
END_TEST

START_TEST(chat_message_comes_back)
{
	const struct chat_chat message = {.payload = MSGC_STR("  hello, room ")};
	struct msgc_test_client *ada;
	struct msgc_test_frames frames;
	struct chat_chat_posted posted;
	int64_t now = app_now_ms() / 1000;

	server_start_loop(_i);
	ada = ada_in_lobby();
	msgc_test_send_message(ada, &chat_chat_message, &message, "m1");
	frames = msgc_test_receive_all(ada, MSGC_TEST_COMPLETE);
	ck_assert_uint_eq(frames.count, 1);
	ck_assert_str_eq(frames.items[0].action.ptr, "chat");
	msgc_test_decode(&frames.items[0], &chat_chat_posted_message, &posted);
	ck_assert_str_eq(posted.payload.ptr, "hello, room");
	ck_assert_str_eq(posted.username.ptr, "ada");
	ck_assert_str_eq(posted.display_name.ptr, "Ada Lovelace");
	ck_assert_int_gt(posted.id, 0);
	ck_assert_int_ge(posted.timestamp.seconds, now);
	ck_assert_int_le(posted.timestamp.seconds, now + 60);
	ck_assert_uint_eq(stored_count(1), 1);
}
END_TEST

START_TEST(a_frame_is_completed_with_its_ref)
{
	struct msgc_test_client *ada;
	const struct msgc_test_frame *frame;

	server_start_loop(_i);
	ada = ada_in_lobby();
	msgc_test_send(ada, "{\"action\":\"chat\",\"payload\":\"x\",\"ref\":\"m1\"}");
	ck_assert_str_eq(msgc_test_receive(ada)->action.ptr, "chat");
	ck_assert_str_eq(msgc_test_receive(ada)->action.ptr, "group_complete");
	frame = msgc_test_receive(ada);
	ck_assert_str_eq(frame->action.ptr, "complete");
	ck_assert_str_eq(frame->ref.ptr, "m1");
}
END_TEST

START_TEST(ping_is_answered)
{
	struct msgc_test_client *ada;

	server_start_loop(_i);
	ada = ada_in_lobby();
	msgc_test_send(ada, "{\"action\":\"ping\",\"payload\":null,\"ref\":\"p\"}");
	ck_assert_str_eq(msgc_test_expect(ada, "pong")->ref.ptr, "p");
}
END_TEST

/* ---- who was away ---- */

/* What is said while one is away, or just before the server goes down, comes first when one is back. */
START_TEST(who_was_away_gets_what_was_said)
{
	const struct msgc_test_frame *frame;
	struct msgc_test_client *ada, *grace;
	struct msgc_str epoch, seq;
	char target[128];

	server_start_loop(_i);
	ada = ada_in_lobby();
	grace = grace_in_lobby();
	say(ada, "one");
	frame = msgc_test_expect(grace, "chat");
	ck_assert(msgc_test_json(frame, "/epoch", &epoch));
	ck_assert(msgc_test_json(frame, "/seq", &seq));
	snprintf(target, sizeof target, "%s?epoch=%.*s&seq=%.*s", LOBBY, (int)epoch.len - 2,
	        epoch.ptr + 1, (int)seq.len, seq.ptr);
	msgc_test_drop(grace);
	say(ada, "two");
	msgc_test_stop(server.test);
	server_start_loop(_i);
	say(ada_in_lobby(), "three");
	grace = msgc_test_connect(logged_in("grace"), target);
	msgc_test_wait_for_auth(grace);
	frame = msgc_test_expect(grace, "chat");
	assert_text(frame, "/payload", "two");
	frame = msgc_test_expect(grace, "chat");
	assert_text(frame, "/payload", "three");
	msgc_test_assert_json(frame, "/seq", "3");
	msgc_test_assert_json(msgc_test_expect(grace, "recovered"), "/payload/recovered", "true");
	msgc_test_expect(grace, "history");
	ck_assert_uint_eq(stored_count(1), 3);
}
END_TEST

/* ---- who hears what ---- */

START_TEST(each_receiver_is_told_whose_it_is)
{
	struct msgc_test_browser *ada;
	struct msgc_test_client *here, *elsewhere, *grace;
	const struct msgc_test_frame *frame;

	server_start_loop(_i);
	ada = logged_in("ada");
	here = entered(ada, LOBBY);
	elsewhere = entered(logged_in("ada"), LOBBY);
	grace = grace_in_lobby();
	say(here, "to all");

	frame = msgc_test_expect(elsewhere, "chat");
	msgc_test_assert_json(frame, "/is_mine", "true");
	msgc_test_assert_json(frame, "/is_current", "false");
	frame = msgc_test_expect(grace, "chat");
	msgc_test_assert_json(frame, "/is_mine", "false");
	msgc_test_assert_json(frame, "/is_current", "false");
	say(grace, "and back");
	frame = msgc_test_expect(here, "chat");
	assert_text(frame, "/username", "grace");
	assert_text(frame, "/payload", "and back");
	msgc_test_assert_json(frame, "/is_mine", "false");
	msgc_test_assert_json(frame, "/is_current", "false");
}
END_TEST

START_TEST(one_room_does_not_hear_the_other)
{
	struct msgc_test_browser *browser;
	struct msgc_test_client *ada, *grace;

	server_start_loop(_i);
	browser = logged_in("grace");
	ck_assert_int_eq(post(browser, "/api/rooms/engine-room/join", "{}")->status, 200);
	grace = entered(browser, ENGINE_ROOM);
	ada = ada_in_lobby();
	msgc_test_assert_silent(grace);
	say(ada, "for the lobby");
	msgc_test_assert_silent(grace);
	ck_assert_uint_eq(stored_count(2), 0);
}
END_TEST

START_TEST(the_room_hears_who_comes_and_goes)
{
	struct msgc_test_client *ada, *grace;
	const struct msgc_test_frame *frame;

	server_start_loop(_i);
	ada = ada_in_lobby();
	grace = grace_in_lobby();
	frame = msgc_test_expect(ada, "user_joined");
	assert_text(frame, "/payload/username", "grace");
	assert_text(frame, "/payload/display_name", "Grace Hopper");
	msgc_test_assert_json(frame, "/is_mine", "false");
	msgc_test_close(grace, 1000);
	frame = msgc_test_expect(ada, "user_left");
	assert_text(frame, "/payload/username", "grace");
	assert_text(frame, "/payload/room_name", "Lobby");
	msgc_test_assert_json(frame, "/is_mine", "false");
	ck_assert_uint_eq(msgc_test_receive_all(ada, MSGC_TEST_IDLE).count, 0);
}
END_TEST

START_TEST(a_line_that_is_cut_is_a_leave_as_well)
{
	struct msgc_test_client *ada, *grace;

	server_start_loop(_i);
	ada = ada_in_lobby();
	grace = grace_in_lobby();
	msgc_test_drop(grace);
	assert_text(msgc_test_expect(ada, "user_left"), "/payload/username", "grace");
	ck_assert_uint_eq(msgc_test_receive_all(ada, MSGC_TEST_IDLE).count, 0);
}
END_TEST

/* ---- history ---- */

START_TEST(history_is_the_last_fifty)
{
	struct msgc_test_client *ada;
	struct chat_history history;
	char text[32];

	server_start_loop(_i);
	for (int i = 1; i <= 60; i++) {
		snprintf(text, sizeof text, "number %d", i);
		stored(1, i % 2 ? "ada" : "grace", text);
	}
	ada = msgc_test_connect(logged_in("ada"), LOBBY);
	msgc_test_wait_for_auth(ada);
	msgc_test_decode(msgc_test_expect(ada, "history"), &chat_history_message, &history);
	ck_assert_uint_eq(history.payload.count, 50);
	ck_assert_str_eq(history.payload.items[0].message.ptr, "number 11");
	ck_assert_str_eq(history.payload.items[49].message.ptr, "number 60");
}
END_TEST

/*
 * The largest that a contract-abiding room can hold: every character takes its six bytes in JSON.
 */
START_TEST(the_largest_history_arrives)
{
	struct msgc_test_client *ada;
	struct chat_history history;
	char text[STORE_BODY_MAX + 1];

	server_start_loop(_i);
	memset(text, '\1', STORE_BODY_MAX);
	text[STORE_BODY_MAX] = '\0';
	for (int i = 0; i < STORE_HISTORY_MAX; i++)
		stored(1, "ada", text);
	ada = msgc_test_connect(logged_in("ada"), LOBBY);
	msgc_test_wait_for_auth(ada);
	msgc_test_decode(msgc_test_expect(ada, "history"), &chat_history_message, &history);
	ck_assert_uint_eq(history.payload.count, 50);
	ck_assert_uint_eq(history.payload.items[49].message.len, STORE_BODY_MAX);
	say(ada, "goes on");
}
END_TEST

START_TEST(text_comes_back_as_it_was)
{
	static const char frame[] =
	        "{\"action\":\"chat\",\"payload\":\"<b>\\\"\\u0000\\n\\ud83d\\ude00 \\u00e9\"}";
	static const char text[] = "<b>\"\0\n\xf0\x9f\x98\x80 \xc3\xa9";
	const struct msgc_str expected = {text, sizeof text - 1};
	struct msgc_test_client *ada, *grace;
	struct chat_chat_posted posted;
	struct chat_history history;

	server_start_loop(_i);
	ada = ada_in_lobby();
	msgc_test_send(ada, frame);
	msgc_test_decode(msgc_test_expect(ada, "chat"), &chat_chat_posted_message, &posted);
	ck_assert(msgc_str_equal(posted.payload, expected));
	grace = msgc_test_connect(logged_in("grace"), LOBBY);
	msgc_test_wait_for_auth(grace);
	msgc_test_decode(msgc_test_expect(grace, "history"), &chat_history_message, &history);
	ck_assert_uint_eq(history.payload.count, 1);
	ck_assert(msgc_str_equal(history.payload.items[0].message, expected));
}
END_TEST

/* ---- the end ---- */

START_TEST(who_is_connected_hears_that_the_server_goes)
{
	struct msgc_test_client *ada;

	server_start_loop(_i);
	ada = ada_in_lobby();
	msgc_test_begin_stop(server.test);
	msgc_test_expect(ada, "draining");
	msgc_test_assert_closed(ada, 1001);
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

START_TEST(a_log_out_while_the_history_loads_is_a_log_out)
{
	struct msgc_test_browser *browser;
	struct msgc_test_client *ada, *grace;

	server_start_loop(_i);
	grace = grace_in_lobby();
	browser = logged_in("ada");
	atomic_store(&lookups_left, 2); /* who is it, and again with the history */
	ada = msgc_test_connect(browser, LOBBY);
	msgc_test_assert_auth(ada, 200);
	msgc_test_assert_closed(ada, 4410);
	ck_assert_int_eq(atomic_load(&lookups_left), 0);
	/* Nobody came, nobody left. */
	msgc_test_assert_silent(grace);
}
END_TEST

START_TEST(what_was_said_last_is_stored_and_heard)
{
	struct msgc_test_client *ada, *grace;
	const struct msgc_test_frame *frame;
	struct msgc_test_stand_in *chat;

	server.app.lock_timeout = 60000;
	server_start_loop(_i);
	ada = ada_in_lobby();
	grace = grace_in_lobby();
	chat = msgc_test_stand_in_for(server.test, "talk.chat");
	/* While the database waits, its author goes. */
	database_lock();
	msgc_test_send(ada, "{\"action\":\"chat\",\"payload\":\"last words\"}");
	while (msgc_test_calls(chat) == 0)
		usleep(1000);
	msgc_test_drop(ada);
	usleep(50 * 1000); /* or without it: the server may see both in any order */
	database_unlock();
	frame = msgc_test_expect(grace, "chat");
	assert_text(frame, "/payload", "last words");
	assert_text(frame, "/username", "ada");
	assert_text(msgc_test_expect(grace, "user_left"), "/payload/username", "ada");
	ck_assert_uint_eq(stored_count(1), 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("chat room");
	TCase *tests = add_case(suite, "room", server_prepare);

	tcase_add_loop_test(tests, connect_and_receive_history, 0, SERVER_MODES);
	tcase_add_loop_test(tests, the_roster_shows_who_is_there, 0, SERVER_MODES);
	tcase_add_loop_test(tests, chat_message_comes_back, 0, SERVER_MODES);
	tcase_add_loop_test(tests, a_frame_is_completed_with_its_ref, 0, SERVER_MODES);
	tcase_add_loop_test(tests, ping_is_answered, 0, SERVER_MODES);
	tcase_add_loop_test(tests, who_was_away_gets_what_was_said, 0, SERVER_MODES);
	tcase_add_loop_test(tests, each_receiver_is_told_whose_it_is, 0, SERVER_MODES);
	tcase_add_loop_test(tests, one_room_does_not_hear_the_other, 0, SERVER_MODES);
	tcase_add_loop_test(tests, the_room_hears_who_comes_and_goes, 0, SERVER_MODES);
	tcase_add_loop_test(tests, a_line_that_is_cut_is_a_leave_as_well, 0, SERVER_MODES);
	tcase_add_loop_test(tests, history_is_the_last_fifty, 0, SERVER_MODES);
	tcase_add_loop_test(tests, the_largest_history_arrives, 0, SERVER_MODES);
	tcase_add_loop_test(tests, text_comes_back_as_it_was, 0, SERVER_MODES);
	tcase_add_loop_test(tests, who_is_connected_hears_that_the_server_goes, 0, SERVER_MODES);
	tcase_add_loop_test(tests, what_was_said_last_is_stored_and_heard, 0, SERVER_MODES);
	tcase_add_loop_test(tests, a_log_out_while_the_history_loads_is_a_log_out, 0, SERVER_MODES);
	return run_suite(suite);
}
