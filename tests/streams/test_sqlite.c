/* SPDX-License-Identifier: MIT */
/*
 * Histories on disk: they survive the server, message_ids do, rows of the program and messages are one transaction, what is too old
 * goes. The server is stopped and started again on the same file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "program.h"

static struct msgc_test *test;
static struct streams_app app;
static char epoch[32];

/* Locks are waited for: who gets one first is not for a test to say. */
static void start(int i)
{
	const char *keys[] = {i / 2 % 2 == 0 ? "--workers=1" : "--workers=2", streams_file_key(),
	        "--sqlite-lock-timeout=60s", NULL};

	if (!app.db)
		streams_app_open(&app, streams_file());
	test = msgc_test_start(
	        i % 2 == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, streams_make, &app, keys);
}

static void end(void)
{
	msgc_test_stop(test);
	streams_app_close(&app);
	streams_file_remove();
}

static struct msgc_test_client *enter_as(const char *name, const char *target)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(test);
	struct msgc_test_client *client;

	if (name)
		msgc_test_set_cookie(browser, "sid", name);
	client = msgc_test_connect(browser, target);
	msgc_test_wait_for_auth(client);
	return client;
}

static struct msgc_test_client *enter(const char *target)
{
	return enter_as(NULL, target);
}

static struct msgc_test_client *come_back(const char *path, long seq)
{
	char target[128];

	snprintf(target, sizeof target, "%s?epoch=%s&seq=%ld", path, epoch, seq);
	return enter(target);
}

static void leave_epoch(const struct msgc_test_frame *frame)
{
	struct msgc_str text;

	ck_assert(msgc_test_json(frame, "/epoch", &text));
	snprintf(epoch, sizeof epoch, "%.*s", (int)text.len - 2, text.ptr + 1);
}

static void expect_line(struct msgc_test_client *client, const char *payload, int seq)
{
	const struct msgc_test_frame *frame = msgc_test_expect(client, "line");
	char text[64];

	snprintf(text, sizeof text, "\"%s\"", payload);
	msgc_test_assert_json(frame, "/payload", text);
	snprintf(text, sizeof text, "%d", seq);
	msgc_test_assert_json(frame, "/seq", text);
	snprintf(text, sizeof text, "\"%s\"", epoch);
	if (epoch[0])
		msgc_test_assert_json(frame, "/epoch", text);
	else
		leave_epoch(frame);
}

static void say(struct msgc_test_client *client, const char *action, const char *payload)
{
	msgc_test_sendf(client, "{\"action\":\"%s\",\"payload\":\"%s\"}", action, payload);
}

START_TEST(a_stream_goes_on_after_a_restart)
{
	struct msgc_test_client *client;

	start(_i);
	client = enter_as("ada", "/talk/a/");
	say(client, "say", "one");
	expect_line(client, "one", 1);
	say(client, "say", "two");
	expect_line(client, "two", 2);
	msgc_test_stop(test);

	start(_i);
	client = come_back("/talk/a/", 1);
	expect_line(client, "two", 2);
	msgc_test_assert_json(msgc_test_expect(client, "recovered"), "/payload/recovered", "true");
	say(client, "say", "three");
	expect_line(client, "three", 3);
	client = enter_as("ada", "/talk/a/?epoch=");
	msgc_test_assert_json(msgc_test_expect(client, "recovered"), "/payload/seq", "3");
	end();
}
END_TEST

START_TEST(who_said_it_is_known_after_a_restart)
{
	char target[128];
	struct msgc_test_client *client;

	start(_i);
	client = enter_as("ada", "/talk/a/");
	say(client, "say", "one");
	expect_line(client, "one", 1);
	say(client, "say", "two");
	expect_line(client, "two", 2);
	msgc_test_stop(test);
	start(_i);
	snprintf(target, sizeof target, "/talk/a/?epoch=%s&seq=1", epoch);
	msgc_test_assert_json(
	        msgc_test_expect(enter_as("ada", target), "line"), "/is_mine", "true");
	msgc_test_assert_json(
	        msgc_test_expect(enter_as("bob", target), "line"), "/is_mine", "false");
	end();
}
END_TEST

START_TEST(a_message_id_is_remembered_after_a_restart)
{
	static const char once[] =
	        "{\"action\":\"say\",\"payload\":\"once\",\"message_id\":\"m1\"}";
	static const char other[] =
	        "{\"action\":\"say\",\"payload\":\"other\",\"message_id\":\"m1\"}";
	struct msgc_test_client *client;

	start(_i);
	client = enter_as("ada", "/talk/a/");
	msgc_test_send(client, once);
	expect_line(client, "once", 1);
	msgc_test_expect(client, "said");
	msgc_test_stop(test);

	start(_i);
	client = enter_as("ada", "/talk/a/");
	msgc_test_send(client, once);
	msgc_test_expect(client, "said");
	msgc_test_send(client, other);
	msgc_test_assert_json(msgc_test_expect(client, "error"), "/payload/reason", "\"conflict\"");
	say(client, "say", "next");
	expect_line(client, "next", 2);
	end();
}
END_TEST

static void run_sql(const char *sql)
{
	pthread_mutex_lock(&app.lock);
	ck_assert_int_eq(sqlite3_exec(app.db, sql, NULL, NULL, NULL), SQLITE_OK);
	pthread_mutex_unlock(&app.lock);
}

/* What a process left in the file that died while it had the frame in hand. */
START_TEST(whose_server_died_in_the_middle_is_told_so)
{
	static const char once[] =
	        "{\"action\":\"say\",\"payload\":\"once\",\"message_id\":\"m1\"}";
	struct msgc_test_client *client, *other;

	start(_i);
	client = enter_as("ada", "/talk/a/");
	other = enter_as("ada", "/talk/a/");
	msgc_test_let_wait(msgc_test_stand_in_for(test, "talk.say"), 1000);
	msgc_test_send(client, once);
	while (streams_app_count(&app, "SELECT count(*) FROM msgc_keys") == 0)
		msgc_test_settle(test);
	msgc_test_send(other, once);
	msgc_test_assert_json(msgc_test_expect(other, "error"), "/payload/reason", "\"busy\"");
	run_sql("CREATE TABLE left_in_hand AS SELECT * FROM msgc_keys");
	msgc_test_expect(client, "said");
	msgc_test_stop(test);
	run_sql("UPDATE msgc_keys SET value = (SELECT value FROM left_in_hand)");

	start(_i);
	client = enter_as("ada", "/talk/a/");
	for (int i = 0; i < 2; i++) {
		msgc_test_send(client, once);
		msgc_test_assert_json(
		        msgc_test_expect(client, "error"), "/payload/reason", "\"lost\"");
	}
	say(client, "say", "next");
	epoch[0] = '\0';
	expect_line(client, "next", 2);
	end();
}
END_TEST

START_TEST(only_what_the_history_keeps_is_shown_and_the_rest_goes)
{
	struct msgc_test_client *client;

	start(_i);
	client = enter("/hoard/");
	for (int i = 1; i <= 60; i++) {
		const struct msgc_test_frame *frame;

		msgc_test_sendf(client, "{\"action\":\"lay_up\",\"payload\":%d}", i);
		frame = msgc_test_expect(client, "coin");
		if (i == 1)
			leave_epoch(frame);
		msgc_test_expect(client, "laid_up");
	}
	ck_assert_int_eq(streams_app_count(&app, "SELECT count(*) FROM msgc_items"), 50);
	ck_assert_int_eq(streams_app_count(&app, "SELECT min(seq) FROM msgc_items"), 11);
	client = come_back("/hoard/", 9);
	msgc_test_assert_json(msgc_test_receive(client), "/payload/recovered", "false");
	client = come_back("/hoard/", 10);
	for (int i = 11; i <= 60; i++) {
		char number[16];

		snprintf(number, sizeof number, "%d", i);
		msgc_test_assert_json(msgc_test_expect(client, "coin"), "/payload", number);
	}
	msgc_test_assert_json(msgc_test_receive(client), "/payload/recovered", "true");
	end();
}
END_TEST

/* ----------------------------------------------------------------------- with rows of the program's own */

START_TEST(a_row_and_a_message_are_one_transaction)
{
	struct msgc_test_client *client, *other;

	start(_i);
	client = enter_as("ada", "/talk/a/");
	other = enter("/talk/a/");
	say(client, "note", "one");
	expect_line(client, "one", 1);
	msgc_test_expect(client, "wink");
	msgc_test_expect(client, "noted");
	expect_line(other, "one", 1);
	msgc_test_expect(other, "wink");
	say(other, "say", "two");
	expect_line(client, "two", 2);
	expect_line(other, "two", 2);
	ck_assert_int_eq(streams_app_count(&app, "SELECT count(*) FROM notes"), 1);
	for (app.sabotage = 1; app.sabotage <= 2; app.sabotage++) {
		say(client, "note", "never");
		msgc_test_assert_json(msgc_test_expect(client, "error"), "/payload/reason",
		        app.sabotage == 1 ? "\"handler_failed\"" : "\"refused\"");
	}
	ck_assert_int_eq(streams_app_count(&app, "SELECT count(*) FROM notes"), 1);
	ck_assert_int_eq(streams_app_count(&app, "SELECT count(*) FROM msgc_items"), 2);
	msgc_test_expect(other, "said");
	msgc_test_assert_silent(other);
	app.sabotage = 3;
	say(client, "note", "twice");
	expect_line(client, "twice", 3);
	msgc_test_expect(client, "wink");
	expect_line(client, "twice", 4);
	msgc_test_stop(test);

	app.sabotage = 0;
	start(_i);
	client = come_back("/talk/a/", 2);
	expect_line(client, "twice", 3);
	expect_line(client, "twice", 4);
	ck_assert_int_eq(streams_app_count(&app, "SELECT count(*) FROM notes"), 2);
	end();
}
END_TEST

enum { TALKERS = 4, WORDS_EACH = 40 };

/* Half of what is said is stored by the server, half with rows of the program's: one order, no number missing. */
START_TEST(both_ways_to_store_give_one_order)
{
	struct msgc_test_client *talkers[TALKERS], *listener;
	int sent[TALKERS] = {0}, lines = 0;
	long seq = 0;

	start(_i);
	listener = enter("/talk/a/");
	for (int i = 0; i < TALKERS; i++)
		talkers[i] = enter("/talk/a/");
	for (int k = 0; k < WORDS_EACH; k++) {
		for (int i = 0; i < TALKERS; i++) {
			char word[16];

			snprintf(word, sizeof word, "%d %d", i, k);
			say(talkers[i], i % 2 ? "say" : "note", word);
		}
	}
	while (lines < TALKERS * WORDS_EACH) {
		const struct msgc_test_frame *frame = msgc_test_receive(listener);
		struct msgc_str json;
		int talker, word;

		if (!msgc_str_equal(frame->action, MSGC_STR("line")))
			continue;
		ck_assert(msgc_test_json(frame, "/seq", &json));
		ck_assert_int_eq(strtol(json.ptr, NULL, 10), ++seq);
		ck_assert(msgc_test_json(frame, "/payload", &json));
		ck_assert_int_eq(sscanf(json.ptr, "\"%d %d\"", &talker, &word), 2);
		ck_assert_int_eq(word, sent[talker]++);
		lines++;
	}
	ck_assert_int_eq(
	        streams_app_count(&app, "SELECT count(*) FROM notes"), TALKERS / 2 * WORDS_EACH);
	end();
}
END_TEST

START_TEST(joining_wants_a_transaction_on_the_servers_file)
{
	struct msgc_sqlite_transaction *transaction = NULL, *second = NULL;
	struct streams_line line = {.payload = MSGC_STR("x")};
	sqlite3 *elsewhere;

	start(_i);
	ck_assert_int_eq(
	        msgc_sqlite_join(msgc_test_server(test), app.db, &transaction), MSGC_EINVAL);
	ck_assert_int_eq(sqlite3_open(":memory:", &elsewhere), SQLITE_OK);
	sqlite3_exec(elsewhere, "BEGIN", NULL, NULL, NULL);
	ck_assert_int_eq(
	        msgc_sqlite_join(msgc_test_server(test), elsewhere, &transaction), MSGC_EINVAL);
	sqlite3_close(elsewhere);
	sqlite3_exec(app.db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	ck_assert_int_eq(msgc_sqlite_join(msgc_test_server(test), app.db, &transaction), MSGC_OK);
	ck_assert_int_eq(msgc_sqlite_join(msgc_test_server(test), app.db, &second), MSGC_EINVAL);
	ck_assert_ptr_null(second);
	ck_assert_int_eq(streams_channel_broadcast_line(
	                         msgc_test_server(test), MSGC_STR("a"), NULL, &line, MSGC_TO_ALL),
	        MSGC_OK);
	/* The program ends it behind our back: then nothing is told. */
	sqlite3_exec(app.db, "ROLLBACK", NULL, NULL, NULL);
	ck_assert_int_lt(msgc_sqlite_commit(transaction), 0);
	ck_assert_int_eq(streams_app_count(&app, "SELECT count(*) FROM msgc_items"), 0);
	end();
}
END_TEST

START_TEST(what_is_durable_wants_full_synchronisation)
{
	struct msgc_sqlite_transaction *transaction;
	struct streams_coin coin = {.payload = 1};

	start(_i);
	for (int full = 0; full <= 1; full++) {
		sqlite3_exec(app.db,
		        full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", NULL,
		        NULL, NULL);
		sqlite3_exec(app.db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
		ck_assert_int_eq(
		        msgc_sqlite_join(msgc_test_server(test), app.db, &transaction), MSGC_OK);
		ck_assert_int_eq(streams_treasure_broadcast_coin(
		                         msgc_test_server(test), NULL, &coin, MSGC_TO_ALL),
		        full ? MSGC_OK : MSGC_EINVAL);
		ck_assert_int_eq(msgc_sqlite_commit(transaction), full ? MSGC_OK : MSGC_EINVAL);
	}
	ck_assert_int_eq(streams_app_count(&app, "SELECT count(*) FROM msgc_items"), 1);
	end();
}
END_TEST

/* --------------------------------------------------------------------------------- epochs, and forgetting */

/* What the file says of the machine when it was killed while the server ran. */
static void pretend(const char *sql)
{
	ck_assert_int_eq(sqlite3_exec(app.db, sql, NULL, NULL, NULL), SQLITE_OK);
}

START_TEST(when_the_power_was_lost_only_durable_streams_keep_their_epoch)
{
	struct msgc_test_client *client;
	char of_coins[32];

	start(_i);
	client = enter("/hoard/");
	msgc_test_send(client, "{\"action\":\"lay_up\",\"payload\":1}");
	leave_epoch(msgc_test_expect(client, "coin"));
	memcpy(of_coins, epoch, sizeof of_coins);
	epoch[0] = '\0';
	client = enter("/talk/a/");
	say(client, "say", "one");
	expect_line(client, "one", 1);
	msgc_test_stop(test);

	/* Killed, but the machine went on. */
	pretend("UPDATE msgc_meta SET clean = 0");
	start(_i);
	client = come_back("/talk/a/", 1);
	msgc_test_assert_json(msgc_test_receive(client), "/payload/recovered", "true");
	msgc_test_stop(test);

	pretend("UPDATE msgc_meta SET clean = 0, boot = 'another'");
	start(_i);
	client = come_back("/talk/a/", 1);
	msgc_test_assert_json(msgc_test_receive(client), "/payload/recovered", "false");
	memcpy(epoch, of_coins, sizeof epoch);
	client = come_back("/hoard/", 1);
	msgc_test_assert_json(msgc_test_receive(client), "/payload/recovered", "true");
	end();
}
END_TEST

START_TEST(what_is_too_old_is_swept_away)
{
	struct msgc_test_client *client;

	start(_i);
	client = enter_as("ada", "/talk/a/");
	msgc_test_send(client, "{\"action\":\"say\",\"payload\":\"two\",\"message_id\":\"m\"}");
	msgc_test_expect(client, "said");
	ck_assert_int_eq(streams_app_count(&app, "SELECT count(*) FROM msgc_keys"), 1);
	pretend("DELETE FROM msgc_items");
	client = enter("/hoard/");
	for (int i = 1; i <= 2; i++) {
		msgc_test_send(client, "{\"action\":\"lay_up\",\"payload\":7}");
		leave_epoch(msgc_test_expect(client, "coin"));
	}
	msgc_test_stop(test);
	/* Everything happened two hours ago; the hoard keeps an hour. */
	pretend("UPDATE msgc_items SET at = at - 7200000");
	pretend("UPDATE msgc_streams SET at = at - 7200000, due = due - 7200000");
	pretend("UPDATE msgc_keys SET due = due - 7200000");
	start(_i);
	client = come_back("/hoard/", 1);
	msgc_test_assert_json(msgc_test_receive(client), "/payload/recovered", "false");
	client = come_back("/hoard/", 2);
	msgc_test_assert_json(msgc_test_receive(client), "/payload/recovered", "true");
	for (int i = 0; i < 200 && streams_app_count(&app, "SELECT count(*) FROM msgc_items"); i++)
		sqlite3_sleep(50);
	ck_assert_int_eq(streams_app_count(&app, "SELECT count(*) FROM msgc_items"), 0);
	ck_assert_int_eq(streams_app_count(&app, "SELECT count(*) FROM msgc_keys"), 0);
	msgc_test_send(client, "{\"action\":\"lay_up\",\"payload\":7}");
	msgc_test_assert_json(msgc_test_expect(client, "coin"), "/seq", "3");
	msgc_test_stop(test);
	/* Nobody has been here for a year. */
	pretend("DELETE FROM msgc_items");
	pretend("UPDATE msgc_streams SET at = at - 31536000000, due = 0");
	start(_i);
	for (int i = 0; i < 200 && streams_app_count(&app, "SELECT count(*) FROM msgc_streams");
	        i++)
		sqlite3_sleep(50);
	ck_assert_int_eq(streams_app_count(&app, "SELECT count(*) FROM msgc_streams"), 0);
	end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("streams sqlite");
	TCase *all = tcase_create("sqlite");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 60);
	tcase_add_loop_test(all, a_stream_goes_on_after_a_restart, 0, 4);
	tcase_add_loop_test(all, who_said_it_is_known_after_a_restart, 0, 1);
	tcase_add_loop_test(all, a_message_id_is_remembered_after_a_restart, 0, 1);
	tcase_add_loop_test(all, whose_server_died_in_the_middle_is_told_so, 0, 4);
	tcase_add_loop_test(all, only_what_the_history_keeps_is_shown_and_the_rest_goes, 0, 1);
	tcase_add_loop_test(all, a_row_and_a_message_are_one_transaction, 0, 4);
	tcase_add_loop_test(all, both_ways_to_store_give_one_order, 0, 4);
	tcase_add_loop_test(all, joining_wants_a_transaction_on_the_servers_file, 0, 1);
	tcase_add_loop_test(all, what_is_durable_wants_full_synchronisation, 0, 1);
	tcase_add_loop_test(
	        all, when_the_power_was_lost_only_durable_streams_keep_their_epoch, 0, 1);
	tcase_add_loop_test(all, what_is_too_old_is_swept_away, 0, 1);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
