/* SPDX-License-Identifier: MIT */
/* Numbers of contracts: canonical text, exact order, exact divisibility. */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "number.h"

static struct arena *arena;

static void setup(void)
{
	arena = arena_new();
}

static void teardown(void)
{
	arena_free(arena);
}

static const struct {
	const char *text;
	const char *canonical; /* NULL: too long */
	bool is_int;
	int64_t i;
	uint64_t u;
	double d;
} readings[] = {
        {"0", "0", true, 0, 0, 0},
        {"-0", "0", true, 0, 0, 0},
        {"-0.000e5", "0", true, 0, 0, 0},
        {"007", "7", true, 7, 7, 7},
        {"1.0", "1", true, 1, 1, 1},
        {"1e2", "100", true, 100, 100, 100},
        {"150E-1", "15", true, 15, 15, 15},
        {"-1.5e+1", "-15", true, -15, 0, -15},
        {"12.340", "12.34", false, 0, 0, 12.34},
        {"0.001", "0.001", false, 0, 0, 0.001},
        {"1e-3", "0.001", false, 0, 0, 0.001},
        {"9223372036854775807", "9223372036854775807", true, INT64_MAX, INT64_MAX, 0x1p63},
        {"9223372036854775808", "9223372036854775808", true, 0, UINT64_C(9223372036854775808),
                0x1p63},
        {"-9223372036854775808", "-9223372036854775808", true, INT64_MIN, 0, -0x1p63},
        {"-9223372036854775809", "-9223372036854775809", false, 0, 0, -0x1p63},
        {"18446744073709551615", "18446744073709551615", true, 0, UINT64_MAX, 0x1p64},
        {"18446744073709551616", "18446744073709551616", false, 0, 0, 0x1p64},
        {"1e63", "1000000000000000000000000000000000000000000000000000000000000000", false, 0, 0,
                1e63},
        {"1e64", NULL, false, 0, 0, 0},
        {"1e-64", "0.0000000000000000000000000000000000000000000000000000000000000001", false, 0, 0,
                1e-64},
        {"1e-65", NULL, false, 0, 0, 0},
        {"1e99999999999999999999", NULL, false, 0, 0, 0},
        {"1e-99999999999999999999", NULL, false, 0, 0, 0},
        {"0e99999999999999999999", "0", true, 0, 0, 0},
};

START_TEST(test_reading)
{
	const struct model_number *number = number_read(arena, readings[_i].text);

	if (readings[_i].canonical == NULL) {
		ck_assert_ptr_null(number);
		return;
	}
	ck_assert_ptr_nonnull(number);
	ck_assert_str_eq(number->text, readings[_i].canonical);
	ck_assert_int_eq(number->is_int, readings[_i].is_int);
	ck_assert_int_eq(number->is_negative, readings[_i].canonical[0] == '-');
	ck_assert_int_eq(number->as_int64, readings[_i].i);
	ck_assert_uint_eq(number->as_uint64, readings[_i].u);
	ck_assert_double_eq(number->as_double, readings[_i].d);
	ck_assert_int_eq(number_is_integral(number), strchr(number->text, '.') == NULL);
}
END_TEST

/* In ascending order. */
static const char *const ladder[] = {"-1e60", "-100", "-99.5", "-10", "-9", "-1.5", "-1.05", "-1",
        "-0.5", "0", "0.05", "0.5", "0.51", "1", "1.05", "1.5", "9", "10", "10.001", "99.5", "100",
        "1e60"};

#define N_LADDER ((int)(sizeof(ladder) / sizeof(ladder[0])))

START_TEST(test_order)
{
	int j;

	for (j = 0; j < N_LADDER; j++) {
		int order = number_compare(
		        number_read(arena, ladder[_i]), number_read(arena, ladder[j]));

		ck_assert_msg((order > 0) - (order < 0) == (_i > j) - (_i < j), "%s and %s",
		        ladder[_i], ladder[j]);
	}
}
END_TEST

static const struct {
	const char *value;
	const char *step;
	bool is_multiple;
} divisions[] = {
        {"0", "7", true},
        {"7", "7", true},
        {"7", "14", false},
        {"14", "7", true},
        {"-10", "2.5", true},
        {"-10", "2.4", false},
        {"0.3", "0.1", true},
        {"0.35", "0.1", false},
        {"0.35", "0.05", true},
        {"1e60", "7.8125e-3", true},
        {"1e60", "3", false},
        {"123456789012345678901234567890", "10", true},
        {"123456789012345678901234567891", "10", false},
        {"1e63", "1e-64", true},
        {"0.0000000000000000000000000000000000000000000000000000000000000001", "1e63", false},
        {"9999999999999999999999999999999999999999", "3333333333333333333333333333333333333333",
                true},
};

START_TEST(test_divisibility)
{
	ck_assert_int_eq(number_is_multiple(number_read(arena, divisions[_i].value),
	                         number_read(arena, divisions[_i].step)),
	        divisions[_i].is_multiple);
}
END_TEST

/* Against the machine's own arithmetic. */
START_TEST(test_small_numbers_against_integers)
{
	int a, b;

	for (a = -60; a <= 60; a++) {
		for (b = 1; b <= 25; b++) {
			const struct model_number *x =
			        number_read(arena, arena_printf(arena, "%de-1", a));
			const struct model_number *y =
			        number_read(arena, arena_printf(arena, "%de-1", b));

			ck_assert_msg(number_is_multiple(x, y) == (a % b == 0), "%d, %d", a, b);
			ck_assert_int_eq(number_compare(x, y) > 0, a > b);
			ck_assert_int_eq(number_compare(x, y) == 0, a == b);
		}
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("number");
	TCase *tests = tcase_create("number");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, test_reading, 0, (int)(sizeof(readings) / sizeof(readings[0])));
	tcase_add_loop_test(tests, test_order, 0, N_LADDER);
	tcase_add_loop_test(
	        tests, test_divisibility, 0, (int)(sizeof(divisions) / sizeof(divisions[0])));
	tcase_add_test(tests, test_small_numbers_against_integers);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
