/* SPDX-License-Identifier: MIT */
/*
 * The throttle of the chat's logins: bursts, refill, attempts given back, keys apart from each
 * other, a bounded table.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "throttle.h"

static struct throttle *throttle;

static unsigned take(const char *key, int64_t now_ms)
{
	return throttle_take(throttle, key, strlen(key), now_ms);
}

static void setup(void)
{
	throttle = throttle_new(3, 1000, 64);
	ck_assert_ptr_nonnull(throttle);
}

static void teardown(void)
{
	throttle_free(throttle);
}

START_TEST(a_burst_then_one_per_refill)
{
	ck_assert_uint_eq(take("ada", 0), 0);
	ck_assert_uint_eq(take("ada", 0), 0);
	ck_assert_uint_eq(take("ada", 0), 0);
	ck_assert_uint_eq(take("ada", 0), 1000);
	ck_assert_uint_eq(take("ada", 400), 600);
	ck_assert_uint_eq(take("ada", 1000), 0);
	ck_assert_uint_eq(take("ada", 1000), 1000);
	/* Full again, and not more than full. */
	ck_assert_uint_eq(take("ada", 100000), 0);
	ck_assert_uint_eq(take("ada", 100000), 0);
	ck_assert_uint_eq(take("ada", 100000), 0);
	ck_assert_uint_ne(take("ada", 100000), 0);
}
END_TEST

START_TEST(a_refused_attempt_costs_nothing)
{
	int i;

	for (i = 0; i < 3; i++)
		ck_assert_uint_eq(take("ada", 0), 0);
	for (i = 0; i < 50; i++)
		ck_assert_uint_eq(take("ada", 0), 1000);
	ck_assert_uint_eq(take("ada", 1000), 0);
}
END_TEST

START_TEST(keys_do_not_touch_each_other)
{
	int i;

	for (i = 0; i < 3; i++)
		ck_assert_uint_eq(take("ada", 0), 0);
	ck_assert_uint_eq(take("grace", 0), 0);
	ck_assert_uint_ne(take("ada", 0), 0);
	ck_assert_uint_eq(throttle_take(throttle, "ada\0x", 5, 0), 0);
	ck_assert_uint_eq(throttle_take(throttle, "", 0, 0), 0);
}
END_TEST

START_TEST(a_good_attempt_is_given_back)
{
	int i;

	for (i = 0; i < 100; i++) {
		ck_assert_uint_eq(take("ada", 0), 0);
		throttle_give(throttle, "ada", 3, 0);
	}
	/* Giving without taking does not make the bucket larger. */
	throttle_give(throttle, "ada", 3, 0);
	for (i = 0; i < 3; i++)
		ck_assert_uint_eq(take("ada", 0), 0);
	ck_assert_uint_ne(take("ada", 0), 0);
}
END_TEST

START_TEST(a_flood_of_keys_does_not_grow_it)
{
	char key[32];
	int i;

	for (i = 0; i < 20000; i++) {
		snprintf(key, sizeof key, "address %d", i);
		ck_assert_uint_eq(take(key, i), 0);
	}
}
END_TEST

START_TEST(a_clock_that_goes_back_refills_nothing)
{
	int i;

	for (i = 0; i < 3; i++)
		ck_assert_uint_eq(take("ada", 1000000), 0);
	ck_assert_uint_gt(take("ada", 0), 1000);
	ck_assert_uint_eq(take("ada", 1001000), 0);
}
END_TEST

START_TEST(sizes_out_of_range_are_refused)
{
	ck_assert_ptr_null(throttle_new(0, 1000, 64));
	ck_assert_ptr_null(throttle_new(1001, 1000, 64));
	ck_assert_ptr_null(throttle_new(1, 0, 64));
	ck_assert_ptr_null(throttle_new(1, 3600001, 64));
	ck_assert_ptr_null(throttle_new(1, 1000, 0));
	ck_assert_ptr_null(throttle_new(1, 1000, 1000001));
	throttle_free(NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("chat throttle");
	TCase *tests = tcase_create("throttle");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, a_burst_then_one_per_refill);
	tcase_add_test(tests, a_refused_attempt_costs_nothing);
	tcase_add_test(tests, keys_do_not_touch_each_other);
	tcase_add_test(tests, a_good_attempt_is_given_back);
	tcase_add_test(tests, a_flood_of_keys_does_not_grow_it);
	tcase_add_test(tests, a_clock_that_goes_back_refills_nothing);
	tcase_add_test(tests, sizes_out_of_range_are_refused);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
