/* SPDX-License-Identifier: MIT */
/*
 * The chat's store as its callers see it: demo data, rooms and messages, and the bounds of each.
 * Users and sessions are in test_store_accounts.c; what happens when the database is locked, full,
 * damaged or killed in test_store_failures.c.
 */
#include "fixture.h"

#include <sys/stat.h>

START_TEST(first_start_brings_two_users_and_two_rooms)
{
	struct store_user ada = demo_user("ada"), grace = demo_user("grace");
	struct store_room lobby, engine_room;

	ck_assert_str_eq(ada.name, "ada");
	ck_assert_str_eq(ada.display, "Ada Lovelace");
	ck_assert_int_ne(ada.id, grace.id);
	ck_ok(store_room_by_slug(fixture_store, T("lobby"), ada.id, &lobby));
	ck_assert_str_eq(lobby.title, "Lobby");
	ck_assert(lobby.is_member);
	ck_assert_int_eq(lobby.members, 2);
	ck_assert_int_eq(lobby.last_message_at, 0);
	ck_ok(store_room_by_slug(fixture_store, T("engine-room"), ada.id, &engine_room));
	ck_assert(!engine_room.is_member);
	ck_assert_int_eq(engine_room.members, 0);
}
END_TEST

START_TEST(second_start_adds_nothing)
{
	struct store_rooms rooms;

	fixture_reopen();
	ck_ok(store_rooms_list(fixture_store, 0, &rooms));
	ck_assert_uint_eq(rooms.count, 2);
	store_rooms_free(&rooms);
	ck_assert_int_eq(room("lobby").members, 2);
}
END_TEST

START_TEST(without_demo_a_new_database_is_empty)
{
	struct store_options options = {0};
	struct store_user user;
	struct store_rooms rooms;

	fixture_remove();
	fixture_make_dir();
	ck_ok(store_open(fixture_path, &options, &fixture_store));
	ck_assert_int_eq(store_user_login(fixture_store, T("ada"), T("demo-password"), &user),
	        STORE_EDENIED);
	ck_ok(store_rooms_list(fixture_store, 0, &rooms));
	ck_assert_uint_eq(rooms.count, 0);
	store_rooms_free(&rooms);
}
END_TEST

START_TEST(the_file_is_for_its_owner_only)
{
	struct stat about;

	fixture_start_anew();
	ck_assert_int_eq(stat(fixture_path, &about), 0);
	ck_assert_int_eq(about.st_mode & 0777, 0600);
}
END_TEST

static const struct {
	const char *title, *slug;
} slugs[] = {
        {"Reading list", "reading-list"},
        {"  C & C++ -- only!  ", "c-c-only"},
        {"LOBBY", "lobby-2"}, /* "lobby" is there */
        {"\xd0\xa7\xd0\xb0\xd1\x82", "room"},
        {"A title that is as long as a title may ever be, 60 long.....",
                "a-title-that-is-as-long-as-a-title-may-ever"},
};

START_TEST(a_room_gets_a_slug_of_its_title)
{
	struct store_user ada = demo_user("ada");
	struct store_room created, found;

	ck_ok(store_room_create(fixture_store, ada.id, text(slugs[_i].title), &created));
	ck_assert_str_eq(created.slug, slugs[_i].slug);
	ck_assert_str_eq(created.title, slugs[_i].title);
	ck_assert(created.is_member);
	ck_assert_int_eq(created.members, 1);
	ck_ok(store_room_by_id(fixture_store, created.id, ada.id, &found));
	ck_assert_str_eq(found.slug, slugs[_i].slug);
}
END_TEST

START_TEST(rooms_of_one_title_are_numbered)
{
	struct store_user ada = demo_user("ada");
	struct store_room created;
	char expected[32];
	int i;

	for (i = 1; i <= 12; i++) {
		ck_ok(store_room_create(fixture_store, ada.id, T("Twelve"), &created));
		snprintf(expected, sizeof expected, i == 1 ? "twelve" : "twelve-%d", i);
		ck_assert_str_eq(created.slug, expected);
	}
}
END_TEST

START_TEST(a_room_out_of_bounds_is_refused)
{
	struct store_room created;
	struct store_rooms rooms;
	int64_t ada = demo_user("ada").id;

	ck_assert_int_eq(store_room_create(fixture_store, ada, T(""), &created), STORE_EINVAL);
	ck_assert_int_eq(
	        store_room_create(fixture_store, ada, T("bell \a"), &created), STORE_EINVAL);
	ck_assert_int_eq(
	        store_room_create(fixture_store, ada,
	                T("61 points 0123456789012345678901234567890123456789012345678901"),
	                &created),
	        STORE_EINVAL);
	/* The room goes with the member that could not be entered. */
	ck_assert_int_eq(store_room_create(fixture_store, 12345, T("Nobody's"), &created),
	        STORE_ECONSTRAINT);
	ck_ok(store_rooms_list(fixture_store, ada, &rooms));
	ck_assert_uint_eq(rooms.count, 2);
	store_rooms_free(&rooms);
}
END_TEST

START_TEST(there_are_so_many_rooms_and_no_more)
{
	struct store_user ada = demo_user("ada");
	struct store_room created;
	struct store_rooms rooms;
	char title[32];
	int i;

	for (i = 2; i < STORE_ROOMS_MAX; i++) {
		snprintf(title, sizeof title, "Room %d", i);
		ck_ok(store_room_create(fixture_store, ada.id, text(title), &created));
	}
	ck_assert_int_eq(
	        store_room_create(fixture_store, ada.id, T("One more"), &created), STORE_ELIMIT);
	ck_ok(store_rooms_list(fixture_store, ada.id, &rooms));
	ck_assert_uint_eq(rooms.count, STORE_ROOMS_MAX);
	store_rooms_free(&rooms);
}
END_TEST

START_TEST(the_list_has_ones_own_rooms_first)
{
	struct store_user ada = demo_user("ada"), grace = demo_user("grace");
	struct store_room created;
	struct store_rooms rooms;

	ck_ok(store_room_create(fixture_store, ada.id, T("zebra"), &created));
	ck_ok(store_room_create(fixture_store, grace.id, T("Apple"), &created));
	ck_ok(store_rooms_list(fixture_store, ada.id, &rooms));
	ck_assert_uint_eq(rooms.count, 4);
	ck_assert_str_eq(rooms.items[0].title, "Lobby");
	ck_assert(rooms.items[0].is_member);
	ck_assert_str_eq(rooms.items[1].title, "zebra");
	ck_assert(rooms.items[1].is_member);
	ck_assert_str_eq(rooms.items[2].title, "Apple");
	ck_assert(!rooms.items[2].is_member);
	ck_assert_str_eq(rooms.items[3].title, "Engine room");
	store_rooms_free(&rooms);
}
END_TEST

START_TEST(joining_makes_a_member_once)
{
	struct store_user ada = demo_user("ada");
	struct store_room engine_room = room("engine-room");
	bool is_member = true;

	ck_ok(store_is_member(fixture_store, engine_room.id, ada.id, &is_member));
	ck_assert(!is_member);
	ck_ok(store_room_join(fixture_store, engine_room.id, ada.id));
	ck_ok(store_room_join(fixture_store, engine_room.id, ada.id));
	ck_ok(store_is_member(fixture_store, engine_room.id, ada.id, &is_member));
	ck_assert(is_member);
	ck_assert_int_eq(room("engine-room").members, 1);
	ck_assert_int_eq(store_room_join(fixture_store, 12345, ada.id), STORE_ECONSTRAINT);
	ck_assert_int_eq(store_room_join(fixture_store, engine_room.id, 12345), STORE_ECONSTRAINT);
}
END_TEST

START_TEST(a_room_that_is_not_there_is_not_found)
{
	struct store_room found = {.id = 77};
	char long_slug[STORE_SLUG_MAX + 2] = {0};

	memset(long_slug, 'a', STORE_SLUG_MAX + 1);
	ck_assert_int_eq(
	        store_room_by_slug(fixture_store, T("nowhere"), 1, &found), STORE_ENOTFOUND);
	ck_assert_int_eq(
	        store_room_by_slug(fixture_store, text(long_slug), 1, &found), STORE_ENOTFOUND);
	ck_assert_int_eq(store_room_by_slug(fixture_store, T(""), 1, &found), STORE_ENOTFOUND);
	ck_assert_int_eq(store_room_by_slug(fixture_store, T("lobby' OR 1=1 --"), 1, &found),
	        STORE_ENOTFOUND);
	ck_assert_int_eq(store_room_by_id(fixture_store, 12345, 1, &found), STORE_ENOTFOUND);
	ck_assert_int_eq(store_room_by_id(fixture_store, INT64_MIN, 1, &found), STORE_ENOTFOUND);
	ck_assert_int_eq(found.id, 77);
}
END_TEST

static int64_t say(int64_t room_id, int64_t user_id, struct store_text body)
{
	int64_t id = 0, at = 0;

	ck_ok(store_message_append(fixture_store, room_id, user_id, body, &id, &at));
	ck_assert_int_eq(at, fixture_now);
	return id;
}

START_TEST(messages_come_back_as_they_were_said)
{
	static const struct store_text said[] = {T("hello"),
	        T("\xe2\x82\xac \xf0\x9f\x98\x80 <b>&\"'\\"), T("a\0b\n\t"),
	        T("Robert'); DROP TABLE messages;--")};
	struct store_user ada = demo_user("ada"), grace = demo_user("grace");
	struct store_room lobby = room("lobby");
	struct store_messages messages;
	int64_t last = 0;
	size_t i;

	for (i = 0; i < 4; i++) {
		fixture_now += 10;
		int64_t id = say(lobby.id, i % 2 ? grace.id : ada.id, said[i]);

		ck_assert_int_gt(id, last);
		last = id;
	}
	fixture_reopen();
	ck_ok(store_messages_last(fixture_store, lobby.id, STORE_HISTORY_MAX, &messages));
	ck_assert_uint_eq(messages.count, 4);
	for (i = 0; i < 4; i++) {
		ck_assert_uint_eq(messages.items[i].body.len, said[i].len);
		ck_assert_mem_eq(messages.items[i].body.ptr, said[i].ptr, said[i].len + 1);
		ck_assert_str_eq(messages.items[i].name, i % 2 ? "grace" : "ada");
		ck_assert_int_eq(messages.items[i].created_at, fixture_now - 10 * (3 - (int64_t)i));
	}
	ck_assert_int_eq(messages.items[3].id, last);
	ck_assert_int_eq(room("lobby").last_message_at, fixture_now);
	store_messages_free(&messages);
}
END_TEST

START_TEST(history_is_the_last_ones_oldest_first)
{
	struct store_user ada = demo_user("ada");
	struct store_room lobby = room("lobby"), engine_room = room("engine-room");
	struct store_messages messages;
	char body[32];
	unsigned i;

	ck_ok(store_room_join(fixture_store, engine_room.id, ada.id));
	for (i = 0; i < STORE_HISTORY_MAX + 7; i++) {
		snprintf(body, sizeof body, "message %u", i);
		say(lobby.id, ada.id, text(body));
		say(engine_room.id, ada.id, T("elsewhere"));
	}
	ck_ok(store_messages_last(fixture_store, lobby.id, 1000, &messages));
	ck_assert_uint_eq(messages.count, STORE_HISTORY_MAX);
	for (i = 0; i < messages.count; i++) {
		snprintf(body, sizeof body, "message %u", i + 7);
		ck_assert_str_eq(messages.items[i].body.ptr, body);
	}
	store_messages_free(&messages);
	ck_ok(store_messages_last(fixture_store, lobby.id, 2, &messages));
	ck_assert_uint_eq(messages.count, 2);
	ck_assert_str_eq(messages.items[1].body.ptr, "message 56");
	store_messages_free(&messages);
	ck_ok(store_messages_last(fixture_store, lobby.id, 0, &messages));
	ck_assert_uint_eq(messages.count, 0);
	store_messages_free(&messages);
	ck_ok(store_messages_last(fixture_store, 12345, 10, &messages));
	ck_assert_uint_eq(messages.count, 0);
	store_messages_free(&messages);
}
END_TEST

START_TEST(only_members_are_heard)
{
	struct store_user ada = demo_user("ada");
	struct store_room engine_room = room("engine-room");
	int64_t id = 77, at = 77;

	ck_assert_int_eq(
	        store_message_append(fixture_store, engine_room.id, ada.id, T("hello?"), &id, &at),
	        STORE_EDENIED);
	ck_assert_int_eq(store_message_append(fixture_store, 12345, ada.id, T("hello?"), &id, &at),
	        STORE_EDENIED);
	ck_assert_int_eq(
	        store_message_append(fixture_store, engine_room.id, 12345, T("hello?"), &id, &at),
	        STORE_EDENIED);
	ck_assert_int_eq(id, 77);
	ck_assert_int_eq(at, 77);
}
END_TEST

START_TEST(a_message_is_as_long_as_it_may_be)
{
	struct store_user ada = demo_user("ada");
	struct store_room lobby = room("lobby");
	struct store_messages messages;
	char body[STORE_BODY_MAX * 4 + 1];
	int64_t id, at;
	size_t i;

	for (i = 0; i < STORE_BODY_MAX; i++)
		memcpy(body + 4 * i, "\xf0\x9f\x98\x80", 4);
	say(lobby.id, ada.id, (struct store_text){body, STORE_BODY_MAX * 4});
	ck_ok(store_messages_last(fixture_store, lobby.id, 1, &messages));
	ck_assert_uint_eq(messages.items[0].body.len, STORE_BODY_MAX * 4);
	ck_assert_mem_eq(messages.items[0].body.ptr, body, STORE_BODY_MAX * 4);
	store_messages_free(&messages);
	memset(body, 'x', sizeof body);
	say(lobby.id, ada.id, (struct store_text){body, STORE_BODY_MAX});
	ck_assert_int_eq(store_message_append(fixture_store, lobby.id, ada.id,
	                         (struct store_text){body, STORE_BODY_MAX + 1}, &id, &at),
	        STORE_EINVAL);
	ck_assert_int_eq(store_message_append(fixture_store, lobby.id, ada.id, T(""), &id, &at),
	        STORE_EINVAL);
	ck_assert_int_eq(store_message_append(fixture_store, lobby.id, ada.id, T("\xff"), &id, &at),
	        STORE_EINVAL);
}
END_TEST

static void opening(TCase *tests)
{
	tcase_add_test(tests, first_start_brings_two_users_and_two_rooms);
	tcase_add_test(tests, second_start_adds_nothing);
	tcase_add_test(tests, without_demo_a_new_database_is_empty);
	tcase_add_test(tests, the_file_is_for_its_owner_only);
}

static void rooms(TCase *tests)
{
	tcase_add_loop_test(
	        tests, a_room_gets_a_slug_of_its_title, 0, (int)(sizeof slugs / sizeof *slugs));
	tcase_add_test(tests, rooms_of_one_title_are_numbered);
	tcase_add_test(tests, a_room_out_of_bounds_is_refused);
	tcase_add_test(tests, there_are_so_many_rooms_and_no_more);
	tcase_add_test(tests, the_list_has_ones_own_rooms_first);
	tcase_add_test(tests, joining_makes_a_member_once);
	tcase_add_test(tests, a_room_that_is_not_there_is_not_found);
}

static void messages(TCase *tests)
{
	tcase_add_test(tests, messages_come_back_as_they_were_said);
	tcase_add_test(tests, history_is_the_last_ones_oldest_first);
	tcase_add_test(tests, only_members_are_heard);
	tcase_add_test(tests, a_message_is_as_long_as_it_may_be);
}

int main(void)
{
	Suite *suite = suite_create("chat store");

	add_cases(suite, "opening", opening);
	add_cases(suite, "rooms", rooms);
	add_cases(suite, "messages", messages);
	return fixture_run(suite);
}
