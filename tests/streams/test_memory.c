/* SPDX-License-Identifier: MIT */
/*
 * Allocations fail while a server keeps its histories on disk: the server's own on its workers, its pool and the backend's threads, and SQLite's.
 * Nothing crashes, leaks or hangs, and what clients have been told was stored is in the file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "program.h"
#include "shortage.h"
#include "../../runtime/server/core.h"
#include "../../runtime/testing/testing.h"
#include "../../runtime/transport/memory.h"

/* ------------------------------------------------------------------------- malloc: ours by the linker, SQLite's by its own hook */

static sqlite3_mem_methods sqlite_memory;

static void *sqlite_malloc(int size)
{
	return shortage_strikes() ? NULL : sqlite_memory.xMalloc(size);
}

static void *sqlite_realloc(void *p, int size)
{
	return shortage_strikes() ? NULL : sqlite_memory.xRealloc(p, size);
}

static void hook_sqlite(void)
{
	sqlite3_mem_methods mine;

	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory) != SQLITE_OK)
		abort();
	mine = sqlite_memory;
	mine.xMalloc = sqlite_malloc;
	mine.xRealloc = sqlite_realloc;
	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &mine) != SQLITE_OK)
		abort();
}

/* --------------------------------------------------------------------------------------------- a visit */

static struct msgc_test *test;
static struct streams_app app;

/* What one client has been told. */
struct told {
	unsigned acknowledged;
	char epoch[32];
	unsigned long seq;
	bool gone;
};

static void look_at(struct told *told, const char *frame)
{
	const char *at = strstr(frame, "\"seq\":");
	unsigned long seq;
	char epoch[32] = "";

	told->acknowledged += strstr(frame, "\"action\":\"said\"") != NULL ||
	        strstr(frame, "\"action\":\"noted\"") != NULL;
	if (strstr(frame, "\"action\":\"line\"") && at) {
		ck_assert_int_eq(sscanf(at, "\"seq\":%lu,\"epoch\":\"%31[0-9a-f]", &seq, epoch), 2);
		if (told->epoch[0])
			ck_assert_uint_eq(seq, told->seq + 1);
		memcpy(told->epoch, epoch, sizeof epoch);
		told->seq = seq;
	} else if (strstr(frame, "\"recovered\":true")) {
		ck_assert_int_eq(sscanf(at, "\"seq\":%lu", &seq), 1);
		ck_assert_uint_eq(seq, told->seq);
	}
}

/* How long what should come is waited for. Where memory is short it may be that nothing comes, at no time. */
static int patience_ms;

/* Until `word` comes, the connection ends, or nothing more. */
static void wait_for(struct msgc_test_client *client, struct told *told, const char *word)
{
	struct msgc_buf frame;
	bool found = false;

	while (!found && !told->gone) {
		int result;

		msgc_buf_init(&frame, 0);
		result = test->ways->receive(client->link, &frame, patience_ms);
		told->gone = result != MSGC__TEST_MESSAGE;
		if (result == MSGC__TEST_MESSAGE) {
			look_at(told, msgc_buf_c(&frame));
			found = strstr(msgc_buf_c(&frame), word) != NULL ||
			        strstr(msgc_buf_c(&frame), "\"error\"") != NULL;
		}
		msgc_buf_free(&frame);
	}
}

static void visit(struct told *told)
{
	static const char *const frames[] = {
	        "{\"action\":\"say\",\"payload\":\"a\",\"message_id\":\"1\"}",
	        "{\"action\":\"note\",\"payload\":\"b\"}",
	        "{\"action\":\"wave\",\"payload\":\"c\"}",
	};
	static const char *const answers[] = {"\"said\"", "\"noted\"", "\"wink\""};
	struct msgc_test_browser *browser = msgc_test_browser_new(test);
	struct msgc_test_client *client;
	char target[96];

	msgc_test_set_cookie(browser, "sid", "ada");
	snprintf(target, sizeof target, "/talk/a/?epoch=%s&seq=%lu", told->epoch, told->seq);
	told->gone = false;
	/* Handshakes without memory are for tests/server: here the kit wants an answer. */
	shortage_arm(false);
	client = msgc_test_connect(browser, target);
	shortage_arm(true);
	wait_for(client, told, "\"recovered\"");
	for (size_t i = 0; i < sizeof frames / sizeof frames[0] && !told->gone; i++) {
		test->ways->send(client->link, frames[i], strlen(frames[i]), 0);
		wait_for(client, told, answers[i]);
	}
	test->ways->drop(client->link);
}

static void live(struct told *told)
{
	const char *keys[] = {streams_file_key(), "--log-level=error", "--drain-timeout=1s", NULL};

	shortage_spare_this_thread(true);
	streams_app_open(&app, streams_file());
	test = msgc_test_start(MSGC_TEST_MEMORY, streams_make, &app, keys);
	visit(told); /* it arms once the worker, which may still be starting, has answered */
	visit(told);
	shortage_arm(false);
	(void)msgc_test_stop_code(test);
	ck_assert(sqlite3_get_autocommit(app.db));
	/* Acknowledged is stored; a row of the program's has its message and the other way round. */
	ck_assert_int_ge(streams_app_count(&app, "SELECT count(*) FROM msgc_items"),
	        (int)told->acknowledged - 1); /* a message_id's second answer stores nothing */
	ck_assert_int_eq(streams_app_count(&app, "SELECT count(*) FROM notes"),
	        streams_app_count(
	                &app, "SELECT count(*) FROM msgc_items WHERE body LIKE '%:\"b\"%'"));
	ck_assert_int_eq(streams_app_count(&app,
	                         "SELECT count(*) FROM pragma_integrity_check WHERE "
	                         "integrity_check <> 'ok'"),
	        0);
	streams_app_close(&app);
	streams_file_clear();
}

enum { LIVES = 40 };

START_TEST(allocations_fail_while_histories_are_kept)
{
	unsigned long all;
	struct told told = {.gone = false};

	ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
	shortage_of(SHORTAGE_NONE, SHORTAGE_NONE);
	patience_ms = 20000;
	live(&told);
	patience_ms = 300;
	ck_assert_uint_eq(told.acknowledged, 4);
	ck_assert_uint_eq(told.seq, 3);
	all = shortage_count();
	ck_assert_uint_gt(all, 50);
	/* With threads the same number is not always the same allocation: a part of them in each of two ways. */
	for (unsigned long i = 0; i < LIVES; i++) {
		unsigned long n = 1 + i * all / LIVES;

		told = (struct told){.gone = false};
		shortage_of(n, _i == 0 ? n : n + 5);
		live(&told);
	}
	streams_file_remove();
}
END_TEST

/* Opening is one thread's work: each of its allocations fails once, and the server starts or says that it does not. */
START_TEST(allocations_fail_while_the_file_is_opened)
{
	char program[] = "streams", host[] = "--host=127.0.0.1", port[] = "--port=0", *key;
	unsigned refused = 0;
	bool all_done = false;

	ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
	key = shortage_strdup(streams_file_key());
	shortage_spare_this_thread(false);
	for (unsigned long n = 1; !all_done; n++) {
		char *argv[] = {program, host, port, key, NULL};
		struct msgc_server *server = streams_make(4, argv, NULL);
		int result;

		ck_assert_ptr_nonnull(server);
		server->transport = &msgc__memory_transport;
		shortage_of(n, n);
		shortage_arm(true);
		result = msgc__server_start(server);
		shortage_arm(false);
		(void)msgc__server_finish(server);
		msgc_server_free(server);
		all_done = shortage_count() < n;
		refused += result < 0;
		ck_assert(!all_done || result == 0);
	}
	ck_assert_uint_gt(refused, 20);
	free(key);
	streams_file_remove();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("streams memory");
	TCase *all = tcase_create("memory");
	SRunner *runner;
	int failed;

	hook_sqlite();
	tcase_set_timeout(all, 200);
	tcase_add_loop_test(all, allocations_fail_while_histories_are_kept, 0, 2);
	tcase_add_test(all, allocations_fail_while_the_file_is_opened);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
