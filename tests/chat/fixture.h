/* SPDX-License-Identifier: MIT */
/*
 * What the store's tests share: a database in a directory of its own, a clock that tests set, short
 * ways to write text. The demo's passwords take their time to hash, so a first start happens once,
 * before the tests, and each of them has a copy of what it made. Test programs include it once
 * each; it holds no tests.
 */
#ifndef CHAT_TEST_FIXTURE_H
#define CHAT_TEST_FIXTURE_H

#include <check.h>
#include <stdatomic.h>
#include <stdbool.h>
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
static char *fixture_first; /* a database after its first start */
static size_t fixture_first_size;
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

/* Runs before any test, so Check's assertions are not to be had. Closed, a database is one file. */
static inline bool fixture_make_first(void)
{
	struct store_options options = fixture_options();
	FILE *file;
	long size;

	atomic_store(&fixture_now, INT64_C(1700000000000));
	snprintf(fixture_dir, sizeof fixture_dir, "/tmp/chat-first-XXXXXX");
	if (!mkdtemp(fixture_dir))
		return false;
	snprintf(fixture_path, sizeof fixture_path, "%s/chat.sqlite", fixture_dir);
	if (store_open(fixture_path, &options, &fixture_store) != STORE_OK)
		return false;
	store_close(fixture_store);
	fixture_store = NULL;
	file = fopen(fixture_path, "rb");
	if (!file || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) <= 0)
		return false;
	rewind(file);
	fixture_first_size = (size_t)size;
	fixture_first = malloc(fixture_first_size);
	if (!fixture_first ||
	        fread(fixture_first, 1, fixture_first_size, file) != fixture_first_size)
		return false;
	fclose(file);
	fixture_remove();
	return true;
}

static inline void fixture_setup(void)
{
	FILE *file;

	fixture_make_dir();
	file = fopen(fixture_path, "wb");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(fixture_first, 1, fixture_first_size, file), fixture_first_size);
	ck_assert_int_eq(fclose(file), 0);
	fixture_open();
}

/* In place of the copy: a first start, now. */
static inline void fixture_start_anew(void)
{
	fixture_remove();
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

	if (!fixture_make_first()) {
		perror("the first start");
		return EXIT_FAILURE;
	}
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	free(fixture_first);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
