/* SPDX-License-Identifier: MIT */
/*
 * When the disk does not do what it should: locked, full, broken, damaged, somebody else's. The sender is told, nobody sees what was not
 * stored, reads go on, and a server that cannot keep its promises does not start.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "program.h"

static struct msgc_test *test;
static struct streams_app app;
static char epoch[32];

enum { QUEUE_FILLING = 300, QUEUE_FILLINGS = 50 };

static void start(const char *key, const char *other)
{
	const char *keys[] = {streams_file_key(), key, other, NULL};

	if (!app.db)
		streams_app_open(&app, streams_file());
	test = msgc_test_start(MSGC_TEST_SOCKETS, streams_make, &app, keys);
}

static void end(void)
{
	msgc_test_stop(test);
	streams_app_close(&app);
	streams_file_remove();
}

static struct msgc_test_client *enter(const char *target)
{
	struct msgc_test_client *client = msgc_test_connect(msgc_test_browser_new(test), target);

	msgc_test_wait_for_auth(client);
	return client;
}

static struct msgc_test_client *come_back(long seq)
{
	char target[128];

	snprintf(target, sizeof target, "/talk/a/?epoch=%s&seq=%ld", epoch, seq);
	return enter(target);
}

static void say(struct msgc_test_client *client, const char *payload)
{
	msgc_test_sendf(client, "{\"action\":\"say\",\"payload\":\"%s\"}", payload);
}

static void say_first(struct msgc_test_client *client)
{
	const struct msgc_test_frame *frame;
	struct msgc_str text;

	say(client, "one");
	frame = msgc_test_expect(client, "line");
	ck_assert(msgc_test_json(frame, "/epoch", &text));
	snprintf(epoch, sizeof epoch, "%.*s", (int)text.len - 2, text.ptr + 1);
	msgc_test_expect(client, "said");
}

static void expect_reason(struct msgc_test_client *client, const char *reason)
{
	char json[32];

	snprintf(json, sizeof json, "\"%s\"", reason);
	msgc_test_assert_json(msgc_test_expect(client, "error"), "/payload/reason", json);
}

START_TEST(locked_senders_are_told_and_readers_read)
{
	struct msgc_test_client *client, *other;

	start("--sqlite-lock-timeout=50ms", NULL);
	client = enter("/talk/a/");
	say_first(client);
	ck_assert_int_eq(sqlite3_exec(app.db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	say(client, "never");
	expect_reason(client, "busy");
	other = come_back(0);
	msgc_test_assert_json(msgc_test_expect(other, "line"), "/payload", "\"one\"");
	msgc_test_assert_json(msgc_test_expect(other, "recovered"), "/payload/seq", "1");
	/* What is not kept needs no disk. */
	msgc_test_send(client, "{\"action\":\"wave\",\"payload\":\"still here\"}");
	msgc_test_expect(other, "wink");
	sqlite3_exec(app.db, "COMMIT", NULL, NULL, NULL);
	say(client, "two");
	msgc_test_assert_json(msgc_test_expect(other, "line"), "/seq", "2");
	end();
}
END_TEST

/* A program's transaction holds the lock for less than the server waits: nobody notices. */
START_TEST(a_short_lock_is_waited_for)
{
	struct msgc_test_client *client;

	start("--sqlite-lock-timeout=5s", NULL);
	client = enter("/talk/a/");
	say_first(client);
	sqlite3_exec(app.db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	say(client, "two");
	msgc_test_send(client, "{\"action\":\"ping\"}");
	sqlite3_sleep(200);
	sqlite3_exec(app.db, "COMMIT", NULL, NULL, NULL);
	msgc_test_assert_json(msgc_test_expect(client, "line"), "/seq", "2");
	msgc_test_expect(client, "pong");
	end();
}
END_TEST

START_TEST(full_senders_are_told_and_readers_read)
{
	struct msgc_test_client *client, *other;
	const struct msgc_test_frame *frame;
	char words[201], position[32];
	long stored = 0;

	memset(words, 'x', 200);
	words[200] = '\0';
	start("--sqlite-limit=160KiB", NULL);
	client = enter("/talk/a/");
	say_first(client);
	for (bool full = false; !full;) {
		say(client, words);
		frame = msgc_test_receive(client);
		full = msgc_str_equal(frame->action, MSGC_STR("error"));
		if (!full) {
			msgc_test_expect(client, "said");
			stored++;
		}
	}
	msgc_test_assert_json(frame, "/payload/reason", "\"not_stored\"");
	ck_assert_int_gt(stored, 50);
	other = come_back(stored); /* of 1 + stored */
	snprintf(position, sizeof position, "%ld", stored + 1);
	msgc_test_assert_json(msgc_test_expect(other, "line"), "/seq", position);
	msgc_test_assert_json(msgc_test_expect(other, "recovered"), "/payload/seq", position);
	ck_assert_int_eq(
	        streams_app_count(&app, "SELECT count(*) FROM msgc_items"), (int)stored + 1);
	end();
}
END_TEST

static void set(struct msgc_server *server, void *flag)
{
	(void)server;
	atomic_store((atomic_bool *)flag, true);
}

/* From a thread of ours: a connection's frames wait for one another. More than the queue holds. */
static void fill_queue(const char *words, size_t len)
{
	struct streams_line line = {.payload = {words, len}};
	atomic_bool queued = false;

	for (unsigned i = 0; i < QUEUE_FILLING; i++)
		(void)streams_channel_broadcast_line(
		        msgc_test_server(test), MSGC_STR("a"), NULL, &line, MSGC_TO_ALL);
	ck_assert_int_eq(msgc_server_post(msgc_test_server(test), set, &queued), 0);
	while (!atomic_load(&queued))
		sqlite3_sleep(5);
}

START_TEST(a_full_queue_is_told)
{
	struct msgc_test_client *client = NULL;
	struct msgc_test_frames frames = {NULL, 0};
	char words[201];
	unsigned said = 0, fillings;

	memset(words, 'x', 200);
	words[200] = '\0';
	start("--sqlite-queue=64KiB", "--sqlite-lock-timeout=60s");
	client = enter("/talk/a/");
	say_first(client);
	sqlite3_exec(app.db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	/*
	 * The writer takes out once what waits, whenever it gets there, and stands before the lock with it: there is room again, once. Who
	 * finds room has to wait, so each time somebody else asks.
	 */
	for (fillings = 1; fillings <= QUEUE_FILLINGS && frames.count == 0; fillings++) {
		fill_queue(words, 200);
		client = enter("/talk/a/");
		say(client, words);
		frames = msgc_test_receive_all(client, MSGC_TEST_IDLE);
	}
	ck_assert_uint_eq(frames.count, 1);
	msgc_test_assert_json(&frames.items[0], "/payload/reason", "\"busy\"");
	sqlite3_exec(app.db, "COMMIT", NULL, NULL, NULL);
	say(client, "last");
	while (said == 0) {
		const struct msgc_test_frame *frame = msgc_test_receive(client);

		said += msgc_str_equal(frame->action, MSGC_STR("said"));
	}
	ck_assert_int_lt(streams_app_count(&app, "SELECT count(*) FROM msgc_items"),
	        (int)fillings * QUEUE_FILLING);
	end();
}
END_TEST

/* Somebody who has been at the file can make no server send what is no frame, nor hide a message. */
START_TEST(damaged_rows_reach_nobody)
{
	static const char *const damages[] = {
	        "UPDATE msgc_items SET body = '{\"action\":\"line\",}' WHERE seq = 2",
	        "UPDATE msgc_items SET body = '' WHERE seq = 2",
	        "UPDATE msgc_items SET body = 'x' WHERE seq = 2",
	        "DELETE FROM msgc_items WHERE seq = 2",
	        "DELETE FROM msgc_items WHERE seq = 3",
	        "UPDATE msgc_streams SET epoch = '\"}'",
	        "UPDATE msgc_streams SET seq = -1",
	        "DROP TABLE msgc_items",
	};
	struct msgc_test_client *client;

	start(NULL, NULL);
	client = enter("/talk/a/");
	say_first(client);
	say(client, "two");
	msgc_test_expect(client, "line");
	say(client, "three");
	msgc_test_expect(client, "line");
	ck_assert_int_eq(sqlite3_exec(app.db, damages[_i], NULL, NULL, NULL), SQLITE_OK);
	msgc_test_assert_closed(come_back(1), 1013);
	end();
}
END_TEST

/* ------------------------------------------------------------------------------------------- not starting */

static bool refuses(const char *key, const char *why)
{
	char host[] = "--host=127.0.0.1", port[] = "--port=0", program[] = "streams", path[64];
	char *argv[] = {program, host, port, strdup(streams_file_key()), strdup(key), NULL};
	struct msgc_buf said = {0};
	char bytes[256];
	ssize_t n;
	int log, kept = dup(STDERR_FILENO), code;

	snprintf(path, sizeof path, "%s.log", streams_file());
	log = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	dup2(log, STDERR_FILENO);
	code = msgc_server_run(streams_make(5, argv, &app));
	dup2(kept, STDERR_FILENO);
	close(kept);
	lseek(log, 0, SEEK_SET);
	while ((n = read(log, bytes, sizeof bytes)) > 0)
		msgc_buf_append(&said, bytes, (size_t)n);
	close(log);
	unlink(path);
	ck_assert_int_eq(code, 1);
	ck_assert_msg(strstr(msgc_buf_c(&said), why) != NULL, "%s", msgc_buf_c(&said));
	msgc_buf_free(&said);
	free(argv[3]);
	free(argv[4]);
	return true;
}

static void execute(const char *sql)
{
	ck_assert_int_eq(sqlite3_exec(app.db, sql, NULL, NULL, NULL), SQLITE_OK);
}

START_TEST(a_file_is_one_servers)
{
	start(NULL, NULL);
	ck_assert(refuses("--workers=1", "another server uses it"));
	end();
}
END_TEST

START_TEST(what_cannot_be_trusted_is_refused)
{
	struct msgc_test_client *client;
	int fd;

	start(NULL, NULL);
	client = enter("/talk/a/");
	say_first(client);
	msgc_test_stop(test);
	execute("UPDATE msgc_meta SET version = 99");
	ck_assert(refuses("--workers=1", "a newer version of msgc"));
	execute("UPDATE msgc_meta SET version = 1");
	execute("BEGIN IMMEDIATE");
	ck_assert(refuses("--sqlite-lock-timeout=20ms", "locked by somebody else"));
	execute("ROLLBACK");
	execute("ALTER TABLE msgc_meta RENAME TO msgc_metal");
	ck_assert(refuses("--workers=1", "not ours, or damaged"));
	execute("ALTER TABLE msgc_metal RENAME TO msgc_meta");
	execute("PRAGMA wal_checkpoint(TRUNCATE)");
	streams_app_close(&app);
	fd = open(streams_file(), O_RDWR);
	ck_assert_int_ge(fd, 0);
	for (off_t at = 4096 * 2; at < 4096 * 12; at += 512)
		ck_assert_int_eq(pwrite(fd, "damaged damaged ", 16, at), 16);
	close(fd);
	ck_assert(refuses("--workers=1", "damaged"));
	fd = open(streams_file(), O_RDWR | O_TRUNC);
	ck_assert_int_eq(write(fd, "This is no database at all, it is a letter.\n", 44), 44);
	close(fd);
	ck_assert(refuses("--workers=1", "no SQLite file"));
	streams_file_remove();
}
END_TEST

START_TEST(durable_groups_want_a_disk)
{
	char program[] = "streams", host[] = "--host=127.0.0.1", port[] = "--port=0",
	     level[] = "--log-level=error";
	char *argv[] = {program, host, port, level, NULL};

	app.sabotage = 0;
	ck_assert_int_eq(msgc_server_run(streams_make(4, argv, &app)), 1);
	argv[3] = strdup("--sqlite-file=/nonexistent/streams");
	ck_assert_int_eq(msgc_server_run(streams_make(4, argv, &app)), 1);
	free(argv[3]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("streams failures");
	TCase *all = tcase_create("failures");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 60);
	tcase_add_test(all, locked_senders_are_told_and_readers_read);
	tcase_add_test(all, a_short_lock_is_waited_for);
	tcase_add_test(all, full_senders_are_told_and_readers_read);
	tcase_add_test(all, a_full_queue_is_told);
	tcase_add_loop_test(all, damaged_rows_reach_nobody, 0, 8);
	tcase_add_test(all, a_file_is_one_servers);
	tcase_add_test(all, what_cannot_be_trusted_is_refused);
	tcase_add_test(all, durable_groups_want_a_disk);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
