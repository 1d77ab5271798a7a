/* SPDX-License-Identifier: MIT */
/*
 * Users and sessions in the chat's store: who may be created, who is let in, how long a session
 * lives, and what of all that can be read in the file.
 */
#include "fixture.h"

#include <sqlite3.h>

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

/* Of this thread alone: hashing is its own work, and other programs' do not count. */
static double seconds_of_login(struct store_text name)
{
	struct timespec start, end;
	struct store_user user;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
	ck_assert_int_eq(
	        store_user_login(fixture_store, name, T("not the password"), &user), STORE_EDENIED);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
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

int main(void)
{
	Suite *suite = suite_create("chat store, accounts");

	add_cases(suite, "accounts", accounts);
	add_cases(suite, "sessions", sessions);
	return fixture_run(suite);
}
