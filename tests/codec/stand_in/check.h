/* SPDX-License-Identifier: MIT */
/*
 * As much of the library Check as tests of the codec and of generated code use, for processors that
 * it is not installed for: see run_neon. All tests of a program run in one process, one after the
 * other; the first that fails ends it.
 */
#ifndef MSGC_TESTS_CODEC_STAND_IN_CHECK_H
#define MSGC_TESTS_CODEC_STAND_IN_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct TTest {
	const char *name;
	void (*run)(int i);
} TTest;

typedef struct TCase TCase;
typedef struct Suite Suite;
typedef struct SRunner SRunner;

#define START_TEST(test)                                                                           \
	static void test##_run(int _i);                                                            \
	static const TTest test##_test = {#test, test##_run};                                      \
	static const TTest *const test = &test##_test;                                             \
	static void test##_run(int _i __attribute__((unused)))
#define END_TEST

/* All live until the program ends; no memory ends it. */
Suite *suite_create(const char *name);
TCase *tcase_create(const char *name);
void suite_add_tcase(Suite *suite, TCase *tcase);
/* For each i from `from`, below `to`. */
void tcase_add_loop_test(TCase *tcase, const TTest *test, int from, int to);
#define tcase_add_test(tcase, test) tcase_add_loop_test(tcase, test, 0, 1)
/* There is none. */
void tcase_set_timeout(TCase *tcase, double seconds);

enum print_output { CK_NORMAL, CK_ENV };

SRunner *srunner_create(Suite *suite);
/* Prints how many there were. */
void srunner_run_all(SRunner *runner, enum print_output how);
int srunner_ntests_run(const SRunner *runner);
/* 0: who comes here has not failed. */
int srunner_ntests_failed(const SRunner *runner);
void srunner_free(SRunner *runner);

_Noreturn void stand_in_failed(const char *file, int line, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

#define ck_abort_msg(...) stand_in_failed(__FILE__, __LINE__, __VA_ARGS__)
#define ck_abort()        ck_abort_msg("failed")
#define ck_assert_msg(x, ...)                                                                      \
	do {                                                                                       \
		if (!(x))                                                                          \
			ck_abort_msg(__VA_ARGS__);                                                 \
	} while (0)
#define ck_assert(x) ck_assert_msg(x, "%s", #x)

#define STAND_IN_COMPARE(type, format, a, op, b)                                                   \
	do {                                                                                       \
		type left_ = (a);                                                                  \
		type right_ = (b);                                                                 \
		if (!(left_ op right_))                                                            \
			ck_abort_msg(                                                              \
			        "%s " #op " %s: %" format " and %" format, #a, #b, left_, right_); \
	} while (0)
#define ck_assert_int_eq(a, b)    STAND_IN_COMPARE(intmax_t, "jd", a, ==, b)
#define ck_assert_int_lt(a, b)    STAND_IN_COMPARE(intmax_t, "jd", a, <, b)
#define ck_assert_int_gt(a, b)    STAND_IN_COMPARE(intmax_t, "jd", a, >, b)
#define ck_assert_int_ge(a, b)    STAND_IN_COMPARE(intmax_t, "jd", a, >=, b)
#define ck_assert_uint_eq(a, b)   STAND_IN_COMPARE(uintmax_t, "ju", a, ==, b)
#define ck_assert_uint_ne(a, b)   STAND_IN_COMPARE(uintmax_t, "ju", a, !=, b)
#define ck_assert_uint_lt(a, b)   STAND_IN_COMPARE(uintmax_t, "ju", a, <, b)
#define ck_assert_uint_le(a, b)   STAND_IN_COMPARE(uintmax_t, "ju", a, <=, b)
#define ck_assert_uint_gt(a, b)   STAND_IN_COMPARE(uintmax_t, "ju", a, >, b)
#define ck_assert_uint_ge(a, b)   STAND_IN_COMPARE(uintmax_t, "ju", a, >=, b)
#define ck_assert_ptr_eq(a, b)    STAND_IN_COMPARE(const void *, "p", a, ==, b)
#define ck_assert_ptr_ne(a, b)    STAND_IN_COMPARE(const void *, "p", a, !=, b)
#define ck_assert_ptr_null(a)     ck_assert_ptr_eq(a, NULL)
#define ck_assert_ptr_nonnull(a)  ck_assert_ptr_ne(a, NULL)
#define ck_assert_mem_eq(a, b, n) ck_assert(memcmp(a, b, n) == 0)
#define ck_assert_str_eq(a, b)                                                                     \
	do {                                                                                       \
		const char *left_ = (a), *right_ = (b);                                            \
		if (!left_ || !right_ || strcmp(left_, right_) != 0)                               \
			ck_abort_msg("%s == %s: %s and %s", #a, #b, left_ ? left_ : "(null)",      \
			        right_ ? right_ : "(null)");                                       \
	} while (0)

#endif
