/* SPDX-License-Identifier: MIT */
/*
 * The chat's store as its callers see it: demo data, accounts, sessions, rooms and messages, and the bounds of each. What
 * happens when the database is locked, full, damaged or killed is in test_store_failures.c.
 */
#include "fixture.h"

#include <sqlite3.h>
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

	ck_assert_int_eq(stat(fixture_path, &about), 0);
	ck_assert_int_eq(about.st_mode & 0777, 0600);
}
END_TEST

START_TEST(a_new_user_can_log_in)
{
	struct store_user created, user;

	ck_ok(store_user_create(
	        fixture_store, T("linus_1"), T("Linus \xc3\x9f"), T("eight ch"), &created));
	ck_ok(store_user_login(fixture_store, T("linus_1"), T("eight ch"), &user));
	ck_assert_int_eq(user.id, created.id);
	ck_assert_str_eq(user.display, "Linus \xc3\x9f");
	ck_ok(store_user_create(fixture_store, T("no_display"), T(""), T("a\0nul in it"), &user));
	ck_assert_str_eq(user.display, "no_display");
	ck_ok(store_user_login(fixture_store, T("no_display"), T("a\0nul in it"), &user));
	ck_assert_int_eq(store_user_login(fixture_store, T("no_display"), T("a\0other end"), &user),
	        STORE_EDENIED);
}
END_TEST

START_TEST(a_name_is_taken_once)
{
	struct store_user user = {.id = 77};

	ck_assert_int_eq(store_user_create(fixture_store, T("ada"), T(""), T("long enough"), &user),
	        STORE_ETAKEN);
	ck_assert_int_eq(user.id, 77); /* written on success only */
}
END_TEST

static const struct {
	struct store_text name, display, password;
} refused_users[] = {
        {T("ab"), T(""), T("long enough")},
        {T(""), T(""), T("long enough")},
        {T("abcdefghijabcdefghijabcdefghijabc"), T(""), T("long enough")}, /* 33 */
        {T("Ada_"), T(""), T("long enough")},
        {T("a-da"), T(""), T("long enough")},
        {T("ad\0a"), T(""), T("long enough")},
        {T("\xc3\xa4\xc3\xb6\xc3\xbc"), T(""), T("long enough")},
        {T("good"), T("41 points: 0123456789012345678901234567890"), T("long enough")},
        {T("good"), T("line\nbreak"), T("long enough")},
        {T("good"), T("c1 \xc2\x85"), T("long enough")},
        {T("good"), T("cut \xc3"), T("long enough")},
        {T("good"), T("overlong \xc0\xaf"), T("long enough")},
        {T("good"), T("surrogate \xed\xa0\x80"), T("long enough")},
        {T("good"), T("beyond \xf4\x90\x80\x80"), T("long enough")},
        {T("good"), T("stray \x80"), T("long enough")},
        {T("good"), T(""), T("7 chars")},
        {T("good"), T(""), T("")},
};

START_TEST(a_user_out_of_bounds_is_refused)
{
	struct store_user user;

	ck_assert_int_eq(store_user_create(fixture_store, refused_users[_i].name,
	                         refused_users[_i].display, refused_users[_i].password, &user),
	        STORE_EINVAL);
}
END_TEST

START_TEST(bounds_themselves_are_accepted)
{
	char longest[STORE_PASSWORD_MAX + 1];
	struct store_user user;

	memset(longest, 'p', sizeof longest);
	ck_ok(store_user_create(fixture_store, T("abcdefghijabcdefghijabcdefghij_9"),
	        T("40 points \xf0\x9f\x98\x80 01234567890123456789\xe2\x82\xac 67890"),
	        (struct store_text){longest, STORE_PASSWORD_MAX}, &user));
	ck_ok(store_user_create(fixture_store, T("abc"), T("x"), T("8 bytes!"), &user));
	ck_assert_int_eq(store_user_create(fixture_store, T("abcd"), T("x"),
	                         (struct store_text){longest, STORE_PASSWORD_MAX + 1}, &user),
	        STORE_EINVAL);
}
END_TEST

START_TEST(a_wrong_login_does_not_say_what_was_wrong)
{
	char huge[5000];
	struct store_user user = {.id = 77};

	memset(huge, 'x', sizeof huge);
	ck_assert_int_eq(store_user_login(fixture_store, T("ada"), T("demo-passwore"), &user),
	        STORE_EDENIED);
	ck_assert_int_eq(store_user_login(fixture_store, T("ada"), T(""), &user), STORE_EDENIED);
	ck_assert_int_eq(
	        store_user_login(fixture_store, T("ada"), (struct store_text){NULL, 0}, &user),
	        STORE_EDENIED);
	ck_assert_int_eq(store_user_login(fixture_store, T("ada"),
	                         (struct store_text){huge, sizeof huge}, &user),
	        STORE_EDENIED);
	ck_assert_int_eq(store_user_login(fixture_store, T("nobody"), T("demo-password"), &user),
	        STORE_EDENIED);
	ck_assert_int_eq(store_user_login(fixture_store, (struct store_text){huge, sizeof huge},
	                         T("demo-password"), &user),
	        STORE_EDENIED);
	ck_assert_int_eq(user.id, 77);
}
END_TEST

static double seconds_of_login(struct store_text name)
{
	struct timespec start, end;
	struct store_user user;

	clock_gettime(CLOCK_MONOTONIC, &start);
	ck_assert_int_eq(
	        store_user_login(fixture_store, name, T("not the password"), &user), STORE_EDENIED);
	clock_gettime(CLOCK_MONOTONIC, &end);
	return (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
}

START_TEST(an_unknown_name_costs_as_much_as_a_known_one)
{
	double known = 1e9, unknown = 1e9, malformed = 1e9;
	int i;

	/* The least of several: what else runs on the machine only adds. */
	for (i = 0; i < 5; i++) {
		double k = seconds_of_login(T("ada")), u = seconds_of_login(T("nobody")),
		       m = seconds_of_login(T("?"));

		known = k < known ? k : known;
		unknown = u < unknown ? u : unknown;
		malformed = m < malformed ? m : malformed;
	}
	ck_assert_msg(unknown > known * 0.5 && unknown < known * 2, "known %f s, unknown %f s",
	        known, unknown);
	ck_assert_msg(malformed > known * 0.5 && malformed < known * 2,
	        "known %f s, malformed %f s", known, malformed);
}
END_TEST

static int64_t number_in_file(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *statement;
	int64_t number;

	ck_assert_int_eq(sqlite3_open_v2(fixture_path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
	number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return number;
}

START_TEST(passwords_and_tokens_are_not_in_the_file)
{
	char token[STORE_TOKEN_LEN + 1];

	ck_ok(store_session_create(fixture_store, demo_user("ada").id, token));
	ck_assert_int_eq(
	        number_in_file("SELECT count(*) FROM users WHERE password LIKE '$argon2id$%'"), 2);
	ck_assert_int_eq(
	        number_in_file("SELECT count(*) FROM users WHERE password LIKE '%demo-password%'"),
	        0);
	/* The same password twice is not the same text twice. */
	ck_assert_int_eq(number_in_file("SELECT count(DISTINCT password) FROM users"), 2);
	ck_assert_int_eq(number_in_file("SELECT length(hash) FROM sessions"), 32);
}
END_TEST

START_TEST(a_session_lives_until_it_is_deleted)
{
	struct store_user ada = demo_user("ada");
	char token[STORE_TOKEN_LEN + 1], other[STORE_TOKEN_LEN + 1];
	struct store_session session;

	ck_ok(store_session_create(fixture_store, ada.id, token));
	ck_ok(store_session_create(fixture_store, ada.id, other));
	ck_assert_uint_eq(strlen(token), STORE_TOKEN_LEN);
	ck_assert_str_ne(token, other);
	ck_ok(store_session_lookup(fixture_store, text(token), &session));
	ck_assert_int_eq(session.user.id, ada.id);
	ck_assert_str_eq(session.user.name, "ada");
	ck_assert_int_eq(session.created_at, fixture_now);
	ck_assert_int_eq(session.expires_at, fixture_now + STORE_SESSION_MS);
	fixture_reopen();
	ck_ok(store_session_lookup(fixture_store, text(token), &session));
	ck_ok(store_session_delete(fixture_store, text(token)));
	ck_assert_int_eq(
	        store_session_lookup(fixture_store, text(token), &session), STORE_ENOTFOUND);
	ck_ok(store_session_delete(fixture_store, text(token)));
	ck_ok(store_session_lookup(fixture_store, text(other), &session));
}
END_TEST

START_TEST(a_session_expires_and_is_then_removed)
{
	struct store_user ada = demo_user("ada");
	char token[STORE_TOKEN_LEN + 1];
	struct store_session session;

	ck_ok(store_session_create(fixture_store, ada.id, token));
	fixture_now += STORE_SESSION_MS - 1;
	ck_ok(store_session_lookup(fixture_store, text(token), &session));
	fixture_now += 1;
	ck_assert_int_eq(
	        store_session_lookup(fixture_store, text(token), &session), STORE_ENOTFOUND);
	ck_assert_int_eq(number_in_file("SELECT count(*) FROM sessions"), 1);
	ck_ok(store_session_create(fixture_store, ada.id, token));
	ck_assert_int_eq(number_in_file("SELECT count(*) FROM sessions"), 1);
}
END_TEST

START_TEST(a_session_notes_when_it_was_last_seen)
{
	char token[STORE_TOKEN_LEN + 1];
	struct store_session session;
	int64_t created = fixture_now;

	ck_ok(store_session_create(fixture_store, demo_user("ada").id, token));
	fixture_now += STORE_TOUCH_MS;
	ck_ok(store_session_lookup(fixture_store, text(token), &session));
	ck_assert_int_eq(number_in_file("SELECT seen_at FROM sessions"), created);
	fixture_now += 1;
	ck_ok(store_session_lookup(fixture_store, text(token), &session));
	ck_assert_int_eq(number_in_file("SELECT seen_at FROM sessions"), fixture_now);
}
END_TEST

START_TEST(rotation_ends_the_old_session)
{
	struct store_user ada = demo_user("ada"), grace = demo_user("grace");
	char old[STORE_TOKEN_LEN + 1], token[STORE_TOKEN_LEN + 1];
	struct store_session session;

	ck_ok(store_session_create(fixture_store, ada.id, old));
	ck_ok(store_session_rotate(fixture_store, text(old), grace.id, token));
	ck_assert_int_eq(store_session_lookup(fixture_store, text(old), &session), STORE_ENOTFOUND);
	ck_ok(store_session_lookup(fixture_store, text(token), &session));
	ck_assert_str_eq(session.user.name, "grace");
	ck_ok(store_session_rotate(fixture_store, T("no token at all"), ada.id, token));
	/* For somebody who does not exist nothing ends either. */
	ck_assert_int_eq(
	        store_session_rotate(fixture_store, text(token), 12345, old), STORE_ECONSTRAINT);
	ck_ok(store_session_lookup(fixture_store, text(token), &session));
}
END_TEST

START_TEST(what_is_no_token_is_not_found)
{
	struct store_session session;
	char token[STORE_TOKEN_LEN + 1];

	ck_ok(store_session_create(fixture_store, demo_user("ada").id, token));
	token[5] = token[5] == 'A' ? 'B' : 'A';
	ck_assert_int_eq(
	        store_session_lookup(fixture_store, text(token), &session), STORE_ENOTFOUND);
	token[5] = '=';
	ck_assert_int_eq(
	        store_session_lookup(fixture_store, text(token), &session), STORE_ENOTFOUND);
	token[5] = '\0';
	ck_assert_int_eq(store_session_lookup(fixture_store,
	                         (struct store_text){token, STORE_TOKEN_LEN}, &session),
	        STORE_ENOTFOUND);
	ck_assert_int_eq(store_session_lookup(fixture_store, T(""), &session), STORE_ENOTFOUND);
	ck_assert_int_eq(
	        store_session_lookup(fixture_store, (struct store_text){NULL, 0}, &session),
	        STORE_ENOTFOUND);
}
END_TEST

START_TEST(a_user_keeps_the_newest_sessions)
{
	struct store_user ada = demo_user("ada");
	char first[STORE_TOKEN_LEN + 1], second[STORE_TOKEN_LEN + 1], token[STORE_TOKEN_LEN + 1];
	struct store_session session;
	int i;

	ck_ok(store_session_create(fixture_store, ada.id, first));
	ck_ok(store_session_create(fixture_store, ada.id, second));
	for (i = 2; i < STORE_SESSIONS_MAX; i++)
		ck_ok(store_session_create(fixture_store, ada.id, token));
	ck_ok(store_session_lookup(fixture_store, text(first), &session));
	ck_ok(store_session_create(fixture_store, ada.id, token));
	ck_assert_int_eq(
	        store_session_lookup(fixture_store, text(first), &session), STORE_ENOTFOUND);
	ck_ok(store_session_lookup(fixture_store, text(second), &session));
	ck_assert_int_eq(number_in_file("SELECT count(*) FROM sessions"), STORE_SESSIONS_MAX);
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

static void add_cases(Suite *suite, const char *name, void (*fill)(TCase *))
{
	TCase *tests = tcase_create(name);

	tcase_add_checked_fixture(tests, fixture_setup, fixture_remove);
	tcase_set_timeout(tests, 60);
	fill(tests);
	suite_add_tcase(suite, tests);
}

static void opening(TCase *tests)
{
	tcase_add_test(tests, first_start_brings_two_users_and_two_rooms);
	tcase_add_test(tests, second_start_adds_nothing);
	tcase_add_test(tests, without_demo_a_new_database_is_empty);
	tcase_add_test(tests, the_file_is_for_its_owner_only);
}

static void accounts(TCase *tests)
{
	tcase_add_test(tests, a_new_user_can_log_in);
	tcase_add_test(tests, a_name_is_taken_once);
	tcase_add_loop_test(tests, a_user_out_of_bounds_is_refused, 0,
	        (int)(sizeof refused_users / sizeof *refused_users));
	tcase_add_test(tests, bounds_themselves_are_accepted);
	tcase_add_test(tests, a_wrong_login_does_not_say_what_was_wrong);
	tcase_add_test(tests, an_unknown_name_costs_as_much_as_a_known_one);
	tcase_add_test(tests, passwords_and_tokens_are_not_in_the_file);
}

static void sessions(TCase *tests)
{
	tcase_add_test(tests, a_session_lives_until_it_is_deleted);
	tcase_add_test(tests, a_session_expires_and_is_then_removed);
	tcase_add_test(tests, a_session_notes_when_it_was_last_seen);
	tcase_add_test(tests, rotation_ends_the_old_session);
	tcase_add_test(tests, what_is_no_token_is_not_found);
	tcase_add_test(tests, a_user_keeps_the_newest_sessions);
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
	SRunner *runner;
	int failed;

	add_cases(suite, "opening", opening);
	add_cases(suite, "accounts", accounts);
	add_cases(suite, "sessions", sessions);
	add_cases(suite, "rooms", rooms);
	add_cases(suite, "messages", messages);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
