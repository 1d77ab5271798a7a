/* SPDX-License-Identifier: MIT */
/* Identifiers: keywords escaped, clashes told apart, by one rule. And what "did you mean" means. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "diag.h"
#include "names.h"

static struct arena *arena;

static void setup(void)
{
	arena = arena_new();
}

static void teardown(void)
{
	arena_free(arena);
}

START_TEST(test_names_stay_as_they_are)
{
	struct names names = {.arena = arena};

	ck_assert_str_eq(names_claim(&names, "room"), "room");
	ck_assert_str_eq(names_claim(&names, "Int"), "Int");
	ck_assert_str_eq(names_claim(&names, "class_"), "class_");
	ck_assert(names_is_taken(&names, "room"));
	ck_assert(!names_is_taken(&names, "rooms"));
	names_clear(&names);
	ck_assert(!names_is_taken(&names, "room"));
}
END_TEST

START_TEST(test_clashes_get_underscores)
{
	struct names names = {.arena = arena};

	ck_assert_str_eq(names_claim(&names, "a"), "a");
	ck_assert_str_eq(names_claim(&names, "a"), "a_");
	ck_assert_str_eq(names_claim(&names, "a"), "a__");
	ck_assert_str_eq(names_claim(&names, "int_"), "int_");
	ck_assert_str_eq(names_claim(&names, "int"), "int__");
	names_clear(&names);
}
END_TEST

static const char *const reserved[] = {"int", "class", "new", "default", "register", "template",
        "this", "bool", "true", "NULL", "errno", "EOF", "stdin", "linux", "unix", "I", "and",
        "xor_eq", "_Bool", "BUFSIZ", "typeof_unqual"};

START_TEST(test_words_of_c_and_cpp_are_escaped)
{
	struct names names = {.arena = arena};

	ck_assert(names_is_reserved(reserved[_i]));
	ck_assert_str_eq(
	        names_claim(&names, reserved[_i]), arena_printf(arena, "%s_", reserved[_i]));
	names_clear(&names);
}
END_TEST

START_TEST(test_prefixes)
{
	ck_assert(names_is_prefix("rooms"));
	ck_assert(names_is_prefix("r2_D2"));
	ck_assert(names_is_prefix("abcdefghijklmnopqrstuvwxyz012345"));
	ck_assert(!names_is_prefix("abcdefghijklmnopqrstuvwxyz0123456"));
	ck_assert(!names_is_prefix(""));
	ck_assert(!names_is_prefix("_rooms"));
	ck_assert(!names_is_prefix("2rooms"));
	ck_assert(!names_is_prefix("a b"));
	ck_assert(!names_is_prefix("a\"b"));
	ck_assert_str_eq(names_upper(arena, "aB_9"), "AB_9");
	ck_assert_str_eq(names_join(arena, "a", "b"), "a_b");
}
END_TEST

static const char *const candidates[] = {
        "string", "int32", "int53", "message", "receive", "len", "min", "role"};

static const struct {
	const char *word;
	const char *meant; /* NULL: nothing near */
} slips[] = {
        {"strng", "string"},
        {"String", "string"},
        {"STRING", "string"},
        {"sting", "string"},
        {"recieve", "receive"},
        {"mesage", "message"},
        {"masage", "message"},
        {"int35", "int32"},
        {"in53", "int53"},
        {"minimum", "min"},
        {"length", "len"},
        {"roll", "role"},
        {"bool", NULL},
        {"xyz", NULL},
        {"", NULL},
        {"a", NULL},
        {"frobnicate_the_whole_thing_with_a_name_that_is_far_too_long_to_compare", NULL},
};

START_TEST(test_suggestions)
{
	struct suggestion suggestion = suggestion_for(slips[_i].word);
	size_t i;

	for (i = 0; i < sizeof(candidates) / sizeof(candidates[0]); i++)
		suggestion_offer(&suggestion, candidates[i]);
	if (slips[_i].meant == NULL)
		ck_assert_ptr_null(suggestion.best);
	else
		ck_assert_pstr_eq(suggestion.best, slips[_i].meant);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("names");
	TCase *tests = tcase_create("names");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, test_names_stay_as_they_are);
	tcase_add_test(tests, test_clashes_get_underscores);
	tcase_add_loop_test(tests, test_words_of_c_and_cpp_are_escaped, 0,
	        (int)(sizeof(reserved) / sizeof(reserved[0])));
	tcase_add_test(tests, test_prefixes);
	tcase_add_loop_test(tests, test_suggestions, 0, (int)(sizeof(slips) / sizeof(slips[0])));
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
