/* SPDX-License-Identifier: MIT */
/*
 * What the store's tests share: a database in a directory of its own, a clock that tests set, short
 * ways to write text. Test programs include it once each; it holds no tests.
 */
#ifndef CHAT_TEST_FIXTURE_H
#define CHAT_TEST_FIXTURE_H

#include <check.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store.h"

#define T(literal) ((struct store_text){"" literal, sizeof(literal) - 1})

#define ck_ok(call)                                                                                \
	do {                                                                                       \
		int ck_ok_result = (call);                                                         \
		ck_assert_msg(                                                                     \
		        ck_ok_result == STORE_OK, "%s: %s", #call, store_strerror(ck_ok_result));  \
	} while (0)

static char fixture_dir[128];
static char fixture_path[160];
static struct store *fixture_store;
static _Atomic int64_t fixture_now;

static int64_t fixture_clock(void *unused)
{
	(void)unused;
	return atomic_load(&fixture_now);
}

static inline struct store_text text(const char *c_string)
{
	return (struct store_text){c_string, strlen(c_string)};
}

/* Small waits, so that a test of a lock is over soon; the test's own clock. */
static inline struct store_options fixture_options(void)
{
	return (struct store_options){
	        .busy_timeout_ms = 200, .demo = true, .now_ms = fixture_clock};
}

static inline void fixture_open(void)
{
	struct store_options options = fixture_options();

	ck_ok(store_open(fixture_path, &options, &fixture_store));
}

static inline void fixture_reopen(void)
{
	store_close(fixture_store);
	fixture_store = NULL;
	fixture_open();
}

static inline void fixture_make_dir(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(fixture_dir, sizeof fixture_dir, "%.90s/chat-store-XXXXXX", tmp ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(fixture_dir));
	snprintf(fixture_path, sizeof fixture_path, "%s/chat.sqlite", fixture_dir);
	atomic_store(&fixture_now, INT64_C(1700000000000));
}

static inline void fixture_remove(void)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};
	char path[sizeof fixture_path + 8];
	size_t i;

	store_close(fixture_store);
	fixture_store = NULL;
	for (i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		snprintf(path, sizeof path, "%s%s", fixture_path, suffixes[i]);
		unlink(path);
	}
	rmdir(fixture_dir);
}

static inline void fixture_setup(void)
{
	fixture_make_dir();
	fixture_open();
}

static inline struct store_user demo_user(const char *name)
{
	struct store_user user;

	ck_ok(store_user_login(fixture_store, text(name), T("demo-password"), &user));
	return user;
}

static inline struct store_room room(const char *slug)
{
	struct store_room found;

	ck_ok(store_room_by_slug(fixture_store, text(slug), 0, &found));
	return found;
}

static inline void add_cases(Suite *suite, const char *name, void (*fill)(TCase *))
{
	TCase *tests = tcase_create(name);

	tcase_add_checked_fixture(tests, fixture_setup, fixture_remove);
	tcase_set_timeout(tests, 60);
	fill(tests);
	suite_add_tcase(suite, tests);
}

static inline int fixture_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
