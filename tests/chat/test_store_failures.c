/* SPDX-License-Identifier: MIT */
/*
 * The chat's store when the world is against it: locked, full, damaged, not ours, killed, asked by
 * many threads at once. The promise under test: an error that says which, and nothing lost that was
 * acknowledged.
 */
#include "fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static size_t messages_in(int64_t room_id, char *ret_last_body, size_t size)
{
	struct store_messages messages;
	size_t count;

	ck_ok(store_messages_last(fixture_store, room_id, STORE_HISTORY_MAX, &messages));
	count = messages.count;
	if (count && ret_last_body)
		snprintf(ret_last_body, size, "%.*s", (int)messages.items[count - 1].body.len,
		        messages.items[count - 1].body.ptr);
	store_messages_free(&messages);
	return count;
}

static sqlite3 *rival(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open_v2(fixture_path, &db,
	                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL),
	        SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	return db;
}

START_TEST(a_locked_database_is_busy_and_loses_nothing)
{
	struct store_user ada = demo_user("ada"), other;
	struct store_room lobby = room("lobby"), created;
	char token[STORE_TOKEN_LEN + 1], last[32];
	struct store_session session;
	sqlite3 *locker;
	int64_t id, at;
	double start, quickest = 1000;

	ck_ok(store_session_create(fixture_store, ada.id, token));
	ck_ok(store_message_append(fixture_store, lobby.id, ada.id, T("before"), &id, &at));
	locker = rival("BEGIN IMMEDIATE");
	start = now_s();
	ck_assert_int_eq(
	        store_message_append(fixture_store, lobby.id, ada.id, T("during"), &id, &at),
	        STORE_EBUSY);
	ck_assert_msg(now_s() - start >= 0.15, "it waited %f s", now_s() - start);
	ck_assert_int_eq(
	        store_room_create(fixture_store, ada.id, T("during"), &created), STORE_EBUSY);
	ck_assert_int_eq(store_room_join(fixture_store, lobby.id, ada.id), STORE_EBUSY);
	ck_assert_int_eq(
	        store_user_create(fixture_store, T("during"), T(""), T("long enough"), &other),
	        STORE_EBUSY);
	/*
	 * Who reads is not held up, even where the session would like to note that it was seen. A lock would be waited for each time; the
	 * machine may hold the test up some times.
	 */
	for (int i = 0; i < 10; i++) {
		fixture_now += STORE_TOUCH_MS + 1;
		start = now_s();
		ck_ok(store_session_lookup(fixture_store, text(token), &session));
		ck_assert_uint_eq(messages_in(lobby.id, last, sizeof last), 1);
		quickest = now_s() - start < quickest ? now_s() - start : quickest;
	}
	ck_assert_msg(quickest < 0.15, "reading took %f s", quickest);
	ck_assert_int_eq(sqlite3_exec(locker, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(locker);
	ck_ok(store_message_append(fixture_store, lobby.id, ada.id, T("after"), &id, &at));
	ck_assert_uint_eq(messages_in(lobby.id, last, sizeof last), 2);
	ck_assert_str_eq(last, "after");
}
END_TEST

static void *unlock_soon(void *locker)
{
	usleep(80 * 1000);
	sqlite3_exec(locker, "ROLLBACK", NULL, NULL, NULL);
	return NULL;
}

START_TEST(a_short_lock_is_waited_out)
{
	struct store_options patient = fixture_options();
	struct store_user ada = demo_user("ada");
	struct store_room lobby = room("lobby");
	sqlite3 *locker;
	pthread_t thread;
	int64_t id, at;

	store_close(fixture_store);
	patient.busy_timeout_ms = 30000;
	ck_ok(store_open(fixture_path, &patient, &fixture_store));
	locker = rival("BEGIN IMMEDIATE");
	ck_assert_int_eq(pthread_create(&thread, NULL, unlock_soon, locker), 0);
	ck_ok(store_message_append(fixture_store, lobby.id, ada.id, T("patience"), &id, &at));
	pthread_join(thread, NULL);
	sqlite3_close(locker);
}
END_TEST

START_TEST(a_full_database_refuses_and_keeps_what_it_acknowledged)
{
	struct store_options options = fixture_options();
	struct store_user ada, other;
	struct store_room lobby, created;
	char body[2000];
	int64_t acknowledged = 0, last_id = 0, id, at;
	struct store_messages messages;
	int result;

	store_close(fixture_store);
	options.max_pages = 40;
	ck_ok(store_open(fixture_path, &options, &fixture_store));
	ada = demo_user("ada");
	lobby = room("lobby");
	memset(body, 'x', sizeof body);
	while (!(result = store_message_append(fixture_store, lobby.id, ada.id,
	                 (struct store_text){body, sizeof body}, &id, &at))) {
		ck_assert_int_lt(++acknowledged, 1000);
		last_id = id;
	}
	ck_assert_int_eq(result, STORE_EFULL);
	ck_assert_int_gt(acknowledged, 10);
	/* In a transaction too; and again: the connection is not left inside one. */
	while (!(result = store_room_create(fixture_store, ada.id, T("One more room"), &created)))
		ck_assert_int_lt(++acknowledged, 2000);
	ck_assert_int_eq(result, STORE_EFULL);
	ck_assert_int_eq(store_room_create(fixture_store, ada.id, T("One more room"), &created),
	        STORE_EFULL);
	ck_ok(store_messages_last(fixture_store, lobby.id, STORE_HISTORY_MAX, &messages));
	ck_assert_int_eq(messages.items[messages.count - 1].id, last_id);
	store_messages_free(&messages);
	ck_ok(store_user_login(fixture_store, T("ada"), T("demo-password"), &other));
	/* With room again it goes on. */
	fixture_reopen();
	ck_ok(store_message_append(fixture_store, lobby.id, ada.id, T("room again"), &id, &at));
	ck_assert_int_gt(id, last_id);
}
END_TEST

START_TEST(too_small_for_its_tables_is_not_opened)
{
	struct store_options options = fixture_options();

	fixture_remove();
	fixture_make_dir();
	options.max_pages = 3;
	ck_assert_int_eq(store_open(fixture_path, &options, &fixture_store), STORE_EFULL);
	ck_assert_ptr_null(fixture_store);
	/* Nothing is left behind: the next start is a first start. */
	fixture_open();
	demo_user("ada");
}
END_TEST

/*
 * In a child process: says one message after another, and on the pipe the id of each that was
 * acknowledged.
 */
static void talk_until_killed(int acknowledged_fd)
{
	struct store_options options = {.demo = true};
	int64_t id, at, lobby_id;
	struct store_room lobby;
	struct store *store;

	if (store_open(fixture_path, &options, &store) ||
	        store_room_by_slug(store, T("lobby"), 0, &lobby))
		_exit(1);
	lobby_id = lobby.id;
	for (;;) {
		if (store_message_append(store, lobby_id, 1, T("still alive"), &id, &at) ||
		        write(acknowledged_fd, &id, sizeof id) != sizeof id)
			_exit(2);
	}
}

START_TEST(what_was_acknowledged_survives_kill)
{
	int64_t id, at, last = 0;
	struct store_messages messages;
	struct store_room lobby = room("lobby");
	int ends[2], status;
	pid_t child;

	store_close(fixture_store);
	fixture_store = NULL;
	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (!child) {
		close(ends[0]);
		talk_until_killed(ends[1]);
	}
	close(ends[1]);
	/* Kills land at different moments of a write. */
	while (last < 20 + 7 * _i && read(ends[0], &id, sizeof id) == sizeof id)
		last = id;
	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
	while (read(ends[0], &id, sizeof id) == sizeof id)
		last = id;
	close(ends[0]);
	fixture_open();
	ck_ok(store_messages_last(fixture_store, lobby.id, STORE_HISTORY_MAX, &messages));
	ck_assert_uint_ge(messages.count, 20);
	ck_assert_int_ge(messages.items[messages.count - 1].id, last);
	store_messages_free(&messages);
	ck_ok(store_message_append(
	        fixture_store, lobby.id, demo_user("ada").id, T("back"), &id, &at));
}
END_TEST

static void write_file(const char *bytes, size_t len, off_t at)
{
	int fd = open(fixture_path, O_WRONLY | O_CREAT, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, bytes, len, at), (ssize_t)len);
	close(fd);
}

START_TEST(a_damaged_file_is_said_to_be_damaged)
{
	static const char rubbish[4096] = "this is not a database, and has never been one";
	struct store_options options = fixture_options();
	struct store *store = NULL;

	store_close(fixture_store);
	fixture_store = NULL;
	write_file(rubbish, sizeof rubbish, 0);
	ck_assert_int_eq(store_open(fixture_path, &options, &store), STORE_ECORRUPT);
	ck_assert_ptr_null(store);
}
END_TEST

START_TEST(a_row_that_is_too_long_is_not_believed)
{
	struct store_user ada = demo_user("ada");
	struct store_room lobby = room("lobby"), found;
	struct store_messages messages;
	struct store_rooms rooms;
	struct store_user user;

	sqlite3_close(
	        rival("UPDATE users SET display = printf('%.*c', 5000, 'x') WHERE name = 'ada'"));
	ck_assert_int_eq(store_user_login(fixture_store, T("ada"), T("demo-password"), &user),
	        STORE_ECORRUPT);
	sqlite3_close(rival("INSERT INTO messages (room_id, user_id, body, created_at) SELECT "
	                    "room_id, user_id, "
	                    "printf('%.*c', 9000, 'x'), 0 FROM members WHERE user_id = 2"));
	ck_assert_int_eq(
	        store_messages_last(fixture_store, lobby.id, 5, &messages), STORE_ECORRUPT);
	sqlite3_close(rival("UPDATE rooms SET title = printf('%.*c', 9000, 'x')"));
	ck_assert_int_eq(store_rooms_list(fixture_store, ada.id, &rooms), STORE_ECORRUPT);
	ck_assert_int_eq(store_room_by_id(fixture_store, lobby.id, ada.id, &found), STORE_ECORRUPT);
}
END_TEST

START_TEST(another_programs_database_is_left_alone)
{
	struct store_options options = fixture_options();
	struct store *store = NULL;
	sqlite3 *db;

	fixture_remove();
	fixture_make_dir();
	sqlite3_close(rival("CREATE TABLE precious (x); INSERT INTO precious VALUES (1)"));
	ck_assert_int_eq(store_open(fixture_path, &options, &store), STORE_EVERSION);
	db = rival("SELECT x FROM precious");
	ck_assert_int_ne(sqlite3_exec(db, "SELECT * FROM users", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}
END_TEST

START_TEST(a_newer_version_is_left_alone)
{
	struct store_options options = fixture_options();
	struct store *store = NULL;

	store_close(fixture_store);
	fixture_store = NULL;
	sqlite3_close(rival("PRAGMA user_version = 99"));
	ck_assert_int_eq(store_open(fixture_path, &options, &store), STORE_EVERSION);
}
END_TEST

START_TEST(what_cannot_be_opened_is_an_io_error)
{
	struct store_options options = fixture_options();
	struct store *store = NULL;

	ck_assert_int_eq(store_open("/nonexistent/chat.sqlite", &options, &store), STORE_EIO);
	ck_assert_int_eq(store_open(fixture_dir, &options, &store), STORE_EIO);
	ck_assert_int_eq(store_open("", &options, &store), STORE_EINVAL);
	options.connections = 17;
	ck_assert_int_eq(store_open(fixture_path, &options, &store), STORE_EINVAL);
	options.connections = 1;
	options.busy_timeout_ms = 60001;
	ck_assert_int_eq(store_open(fixture_path, &options, &store), STORE_EINVAL);
	ck_assert_ptr_null(store);
	store_close(NULL);
}
END_TEST

/* Several processes at a first start: one makes the tables, nobody makes them twice. */
START_TEST(first_starts_at_once_make_one_database)
{
	struct store_options options = {.demo = true, .busy_timeout_ms = 60000};
	pid_t children[4];
	int i, status;

	fixture_remove();
	fixture_make_dir();
	for (i = 0; i < 4; i++) {
		children[i] = fork();
		ck_assert_int_ge(children[i], 0);
		if (!children[i]) {
			struct store *store = NULL;
			int result = store_open(fixture_path, &options, &store);

			store_close(store);
			_exit(-result);
		}
	}
	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
		ck_assert_msg(WIFEXITED(status) && !WEXITSTATUS(status), "%s",
		        store_strerror(-WEXITSTATUS(status)));
	}
	fixture_open();
	ck_assert_int_eq(room("lobby").members, 2);
}
END_TEST

enum { TALKERS = 8, EACH = 40 };

struct talker {
	pthread_t thread;
	int64_t room_id, user_id;
	int64_t ids[EACH];
	int result;
};

static void *talk(void *arg)
{
	struct talker *talker = arg;
	struct store_messages messages;
	int64_t at;
	int i;

	for (i = 0; i < EACH && !talker->result; i++) {
		talker->result = store_message_append(fixture_store, talker->room_id,
		        talker->user_id, T("all at once"), &talker->ids[i], &at);
		if (!talker->result)
			talker->result =
			        store_messages_last(fixture_store, talker->room_id, 5, &messages);
		if (!talker->result)
			store_messages_free(&messages);
	}
	return NULL;
}

static int compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

START_TEST(many_threads_share_the_pool)
{
	struct store_options options = {.demo = true, .busy_timeout_ms = 30000, .connections = 3};
	static struct talker talkers[TALKERS];
	int64_t all[TALKERS * EACH];
	int i, k;

	store_close(fixture_store);
	ck_ok(store_open(fixture_path, &options, &fixture_store));
	for (i = 0; i < TALKERS; i++) {
		talkers[i] = (struct talker){.room_id = room("lobby").id,
		        .user_id = demo_user(i % 2 ? "ada" : "grace").id};
		ck_assert_int_eq(pthread_create(&talkers[i].thread, NULL, talk, &talkers[i]), 0);
	}
	for (i = 0; i < TALKERS; i++) {
		pthread_join(talkers[i].thread, NULL);
		ck_ok(talkers[i].result);
		for (k = 0; k < EACH; k++) {
			all[i * EACH + k] = talkers[i].ids[k];
			ck_assert(!k || talkers[i].ids[k] > talkers[i].ids[k - 1]);
		}
	}
	qsort(all, TALKERS * EACH, sizeof *all, compare_ids);
	for (i = 1; i < TALKERS * EACH; i++)
		ck_assert_int_ne(all[i], all[i - 1]);
}
END_TEST

START_TEST(every_code_has_its_words)
{
	int code;

	for (code = STORE_EUNKNOWN; code <= STORE_OK; code++)
		ck_assert_str_ne(store_strerror(code), "unknown error");
	ck_assert_str_eq(store_strerror(STORE_EUNKNOWN - 1), "unknown error");
	ck_assert_str_eq(store_strerror(1), "unknown error");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("chat store, failures");
	TCase *tests = tcase_create("failures");

	tcase_add_checked_fixture(tests, fixture_setup, fixture_remove);
	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, a_locked_database_is_busy_and_loses_nothing);
	tcase_add_test(tests, a_short_lock_is_waited_out);
	tcase_add_test(tests, a_full_database_refuses_and_keeps_what_it_acknowledged);
	tcase_add_test(tests, too_small_for_its_tables_is_not_opened);
	tcase_add_loop_test(tests, what_was_acknowledged_survives_kill, 0, 5);
	tcase_add_test(tests, a_damaged_file_is_said_to_be_damaged);
	tcase_add_test(tests, a_row_that_is_too_long_is_not_believed);
	tcase_add_test(tests, another_programs_database_is_left_alone);
	tcase_add_test(tests, a_newer_version_is_left_alone);
	tcase_add_test(tests, what_cannot_be_opened_is_an_io_error);
	tcase_add_test(tests, first_starts_at_once_make_one_database);
	tcase_add_test(tests, many_threads_share_the_pool);
	tcase_add_test(tests, every_code_has_its_words);
	suite_add_tcase(suite, tests);
	return fixture_run(suite);
}
