/* SPDX-License-Identifier: MIT */
/*
 * The real server behind the test kit. The demo's passwords take their time to hash, so a new
 * database is made once and copied for every test.
 */
#include "room_fixture.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct server server;

static char template_path[160];
static sqlite3 *locker;

/* ---- files ---- */

static const char *temporary(void)
{
	const char *tmp = getenv("TMPDIR");

	return tmp ? tmp : "/tmp";
}

/* Before any test runs, so Check's assertions are not to be had. */
static bool make_template(void)
{
	const struct store_options options = {.demo = true};
	struct store *store;
	int fd, result;

	snprintf(template_path, sizeof template_path, "%.90s/chat-template-XXXXXX", temporary());
	fd = mkstemp(template_path);
	if (fd < 0) {
		perror(template_path);
		return false;
	}
	close(fd);
	result = store_open(template_path, &options, &store);
	if (result != STORE_OK) {
		fprintf(stderr, "%s: %s\n", template_path, store_strerror(result));
		return false;
	}
	store_close(store);
	return true;
}

static void copy(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	char buffer[16384];
	ssize_t n;

	ck_assert_int_ge(in, 0);
	ck_assert_int_ge(out, 0);
	while ((n = read(in, buffer, sizeof buffer)) > 0)
		ck_assert_int_eq(write(out, buffer, (size_t)n), n);
	ck_assert_int_eq(n, 0);
	close(in);
	close(out);
}

static void remove_database(const char *path)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", "-server"};
	char name[180];

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
		unlink(name);
	}
}

/* ---- server ---- */

static struct msgc_server *make(int argc, char **argv, void *app)
{
	struct msgc_server *made = msgc_server_new(argc, argv);

	ck_assert_ptr_nonnull(made);
	app_start(app, made);
	return made;
}

void server_prepare(void)
{
	static const char *const quiet[] = {"--presence-window=1h", NULL};

	memset(&server, 0, sizeof server);
	server.arguments = quiet;
	snprintf(server.dir, sizeof server.dir, "%.90s/chat-room-XXXXXX", temporary());
	ck_assert_ptr_nonnull(mkdtemp(server.dir));
	snprintf(server.path, sizeof server.path, "%s/chat.sqlite", server.dir);
	copy(template_path, server.path);
	server.app.database = server.path;
	server.app.www = CHAT_WWW;
	server.app.lock_timeout = 200;
}

void server_start(enum msgc_test_mode mode)
{
	server.test = msgc_test_start(mode, make, &server.app, server.arguments);
	server.store = server.app.store; /* any thread may use it */
}

void server_start_loop(int i)
{
	server_start(i % SERVER_MODES == 1 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY);
}

void server_end(void)
{
	database_unlock();
	if (server.test)
		msgc_test_stop(server.test);
	server.test = NULL;
	remove_database(server.path);
	rmdir(server.dir);
}

/* ---- people ---- */

const struct msgc_test_response *post(
        struct msgc_test_browser *browser, const char *target, const char *json)
{
	return msgc_test_post_json(browser, target, json);
}

struct msgc_test_browser *logged_in(const char *name)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(server.test);
	char token[STORE_TOKEN_LEN + 1];

	ck_assert_int_eq(store_session_create(server.store, user_id(name), token), STORE_OK);
	msgc_test_set_cookie(browser, CHAT_COOKIE, token);
	return browser;
}

struct msgc_test_client *entered(struct msgc_test_browser *browser, const char *path)
{
	struct msgc_test_client *client = msgc_test_connect(browser, path);

	msgc_test_wait_for_auth(client);
	msgc_test_receive_until_action(client, "history");
	return client;
}

struct msgc_test_client *ada_in_lobby(void)
{
	return entered(logged_in("ada"), LOBBY);
}

struct msgc_test_client *grace_in_lobby(void)
{
	return entered(logged_in("grace"), LOBBY);
}

void say(struct msgc_test_client *client, const char *text)
{
	const struct chat_chat message = {.payload = msgc_str_from(text)};

	msgc_test_send_message(client, &chat_chat_message, &message, NULL);
	msgc_test_receive_all(client, MSGC_TEST_COMPLETE);
}

/* ---- the database behind the server's back ---- */

int64_t user_id(const char *name)
{
	sqlite3 *db;
	sqlite3_stmt *query;
	int64_t id;

	ck_assert_int_eq(sqlite3_open_v2(server.path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	ck_assert_int_eq(
	        sqlite3_prepare_v2(db, "SELECT id FROM users WHERE name = ?", -1, &query, NULL),
	        SQLITE_OK);
	sqlite3_bind_text(query, 1, name, -1, SQLITE_STATIC);
	ck_assert_int_eq(sqlite3_step(query), SQLITE_ROW);
	id = sqlite3_column_int64(query, 0);
	sqlite3_finalize(query);
	sqlite3_close(db);
	return id;
}

void stored(int64_t room_id, const char *author, const char *text)
{
	int64_t id, created_at;

	ck_assert_int_eq(store_message_append(server.store, room_id, user_id(author),
	                         store_text_of(msgc_str_from(text)), &id, &created_at),
	        STORE_OK);
}

size_t stored_count(int64_t room_id)
{
	struct store_messages messages;
	size_t count;

	ck_assert_int_eq(
	        store_messages_last(server.store, room_id, STORE_HISTORY_MAX, &messages), STORE_OK);
	count = messages.count;
	store_messages_free(&messages);
	return count;
}

void database_lock(void)
{
	ck_assert_int_eq(
	        sqlite3_open_v2(server.path, &locker, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(locker, 2000);
	ck_assert_int_eq(sqlite3_exec(locker, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
}

void database_unlock(void)
{
	sqlite3_close(locker); /* rolls back; NULL is nothing */
	locker = NULL;
}

/* ---- frames ---- */

void assert_text(const struct msgc_test_frame *frame, const char *pointer, const char *text)
{
	char json[256];

	snprintf(json, sizeof json, "\"%s\"", text);
	msgc_test_assert_json(frame, pointer, json);
}

const struct msgc_test_frame *hear(struct msgc_test_client *client, const char *action)
{
	const struct msgc_test_frame *frame = msgc_test_receive(client);

	ck_assert_str_eq(frame->action.ptr, action);
	ck_assert_str_eq(msgc_test_receive(client)->action.ptr, "group_complete");
	return frame;
}

const struct msgc_test_frame *outcome(struct msgc_test_client *client)
{
	for (;;) {
		const struct msgc_test_frame *frame = msgc_test_receive(client);

		if (msgc_str_equal(frame->action, MSGC_STR("chat")) ||
		        msgc_str_equal(frame->action, MSGC_STR("error")))
			return frame;
	}
}

const struct msgc_test_frame *expect_error(
        struct msgc_test_client *client, const char *reason, const char *ref)
{
	const struct msgc_test_frame *frame = msgc_test_receive(client);

	ck_assert_msg(msgc_str_equal(frame->action, MSGC_STR("error")), "%s", frame->text.ptr);
	assert_text(frame, "/payload/reason", reason);
	ck_assert_str_eq(frame->ref.ptr ? frame->ref.ptr : "", ref);
	return frame;
}

void assert_problem(
        const struct msgc_test_frame *frame, unsigned n, const char *type, const char *loc)
{
	char pointer[64];

	ck_assert_msg(msgc_str_equal(frame->action, MSGC_STR("error")), "%s", frame->text.ptr);
	snprintf(pointer, sizeof pointer, "/payload/%u/type", n);
	assert_text(frame, pointer, type);
	snprintf(pointer, sizeof pointer, "/payload/%u/loc", n);
	msgc_test_assert_json(frame, pointer, loc);
}

void assert_no_problem(const struct msgc_test_frame *frame, unsigned n)
{
	char pointer[64];

	snprintf(pointer, sizeof pointer, "/payload/%u", n);
	msgc_test_assert_json(frame, pointer, NULL);
}

/* ---- suites ---- */

TCase *add_case(Suite *suite, const char *name, void (*setup)(void))
{
	TCase *tests = tcase_create(name);

	tcase_add_checked_fixture(tests, setup, server_end);
	tcase_set_timeout(tests, 60);
	suite_add_tcase(suite, tests);
	return tests;
}

int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed = 1;

	if (make_template()) {
		srunner_run_all(runner, CK_ENV);
		failed = srunner_ntests_failed(runner);
	}
	srunner_free(runner);
	remove_database(template_path);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
