/* SPDX-License-Identifier: MIT */
/* Places: lines and columns of any offset, whatever the line ends with; and text of any size. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "source.h"

static struct arena *arena;

static void setup(void)
{
	arena = arena_new();
}

static void teardown(void)
{
	arena_free(arena);
}

static const struct source *source_of(const char *text)
{
	const struct source *source = NULL;

	ck_assert_int_eq(
	        source_from_memory(arena, "a.msg", text, strlen(text), false, &source), SOURCE_OK);
	return source;
}

static const struct {
	const char *text;
	uint32_t offset;
	uint32_t line, column, start, end;
} places[] = {
        {"", 0, 1, 1, 0, 0},
        {"abc", 0, 1, 1, 0, 3},
        {"abc", 3, 1, 4, 0, 3},
        {"abc", 99, 1, 4, 0, 3},
        {"a\nbc\n", 1, 1, 2, 0, 1},
        {"a\nbc\n", 2, 2, 1, 2, 4},
        {"a\nbc\n", 4, 2, 3, 2, 4},
        {"a\nbc\n", 5, 3, 1, 5, 5},
        {"a\r\nbc\r\nd", 3, 2, 1, 3, 5},
        {"a\r\nbc\r\nd", 5, 2, 3, 3, 5},
        {"a\r\nbc\r\nd", 7, 3, 1, 7, 8},
        {"gr\xc3\xb6\xc3\x9f"
         "e x",
                8, 1, 7, 0, 9},
        {"\xf0\x9f\x98\x80"
         "ab",
                5, 1, 3, 0, 6},
};

START_TEST(test_positions)
{
	const struct source *source = source_of(places[_i].text);
	struct source_position at = source_position(source, places[_i].offset);

	ck_assert_uint_eq(at.line, places[_i].line);
	ck_assert_uint_eq(at.column, places[_i].column);
	ck_assert_uint_eq(at.line_start, places[_i].start);
	ck_assert_uint_eq(at.line_end, places[_i].end);
}
END_TEST

START_TEST(test_sizes)
{
	char *text = calloc(1, SOURCE_MAX_BYTES + 1);
	const struct source *source = NULL;

	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(source_from_memory(arena, "a", text, SOURCE_MAX_BYTES + 1, false, &source),
	        SOURCE_TOO_BIG);
	ck_assert_ptr_null(source);
	ck_assert_int_eq(
	        source_from_memory(arena, "a", text, SOURCE_MAX_BYTES, false, &source), SOURCE_OK);
	ck_assert_uint_eq(source->length, SOURCE_MAX_BYTES);
	free(text);
}
END_TEST

START_TEST(test_files_that_cannot_be_read)
{
	const struct source *source = NULL;

	ck_assert_int_eq(source_read(arena, "/nowhere/a.msg", &source), SOURCE_MISSING);
	ck_assert_int_eq(source_read(arena, "/dev/null/a.msg", &source), SOURCE_MISSING);
	ck_assert_int_eq(source_read(arena, "/", &source), SOURCE_UNREADABLE);
	ck_assert_int_eq(source_read(arena, "/dev/zero", &source), SOURCE_TOO_BIG);
	ck_assert_ptr_null(source);
	ck_assert_int_eq(source_read(arena, "/dev/null", &source), SOURCE_OK);
	ck_assert_uint_eq(source->length, 0);
	ck_assert_str_eq(source->dir, "/dev");
}
END_TEST

START_TEST(test_joined_places)
{
	const struct source *source = source_of("abcdef"), *other = source_of("x");
	struct place a = {source, 1, 2}, b = {source, 4, 6}, far = {other, 0, 1}, none = {0};

	ck_assert_uint_eq(place_join(a, b).start, 1);
	ck_assert_uint_eq(place_join(a, b).end, 6);
	ck_assert_uint_eq(place_join(b, a).end, 6);
	ck_assert_uint_eq(place_join(a, far).end, 2);
	ck_assert_ptr_eq(place_join(none, b).source, source);
	ck_assert_uint_eq(place_join(a, none).end, 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("source");
	TCase *tests = tcase_create("source");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, test_positions, 0, (int)(sizeof(places) / sizeof(places[0])));
	tcase_add_test(tests, test_sizes);
	tcase_add_test(tests, test_files_that_cannot_be_read);
	tcase_add_test(tests, test_joined_places);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
