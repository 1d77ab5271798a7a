/* SPDX-License-Identifier: MIT */
/*
 * Percent-decoding, paths and name=value lists: what comes out, what is refused, what is bounded.
 */
#include <stdio.h>
#include <string.h>

#include "server/url.h"
#include "suites.h"

static struct msgc_arena arena;

static void setup(void)
{
	msgc_arena_init(&arena, 1 << 20);
}

static void teardown(void)
{
	msgc_arena_free(&arena);
}

static const char *decoded(const char *text, bool plus)
{
	static char out[256];
	size_t len = 0;
	int result = msgc__url_decode(text, strlen(text), plus, out, &len);

	if (result)
		return msgc_error_name(result);
	out[len] = '\0';
	return out;
}

START_TEST(escapes_are_decoded)
{
	ck_assert_str_eq(decoded("a%20b", false), "a b");
	ck_assert_str_eq(decoded("a+b", false), "a+b");
	ck_assert_str_eq(decoded("a+b%2B", true), "a b+");
	ck_assert_str_eq(decoded("Zo%C3%ab", false), "Zoë");
	ck_assert_str_eq(decoded("%2525", false), "%25"); /* once only */
	ck_assert_str_eq(decoded("", false), "");
}
END_TEST

START_TEST(bad_escapes_and_bad_utf8_are_refused)
{
	static const char *const bad[] = {"%", "%2", "a%", "%g0", "%0g", "%%20", "% 20", "%c3%28",
	        "%ff", "%ed%a0%80", "%c0%af", "\xff"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_str_eq(decoded(bad[i], false), "MSGC_EINVAL");
}
END_TEST

START_TEST(nul_bytes_are_kept_with_their_length)
{
	char out[8];
	size_t len;

	ck_assert_int_eq(msgc__url_decode("a%00b", 5, false, out, &len), 0);
	ck_assert_uint_eq(len, 3);
	ck_assert_int_eq(memcmp(out, "a\0b", 3), 0);
}
END_TEST

/* "a|b|" with a slash at the end when the path has one. */
static const char *split(const char *path)
{
	static char out[512];
	struct msgc__path ret;
	int result = msgc__path_split(msgc_str_from(path), &arena, &ret);
	size_t len = 0;

	if (result)
		return msgc_error_name(result);
	out[0] = '\0';
	for (size_t i = 0; i < ret.count; i++)
		len += (size_t)snprintf(out + len, sizeof(out) - len, "%s|", ret.segments[i].ptr);
	if (ret.slash)
		snprintf(out + len, sizeof(out) - len, "/");
	return out;
}

START_TEST(paths_are_split_before_they_are_decoded)
{
	ck_assert_str_eq(split("/"), "/");
	ck_assert_str_eq(split("/ws/chat/7/"), "ws|chat|7|/");
	ck_assert_str_eq(split("/ws/chat/7"), "ws|chat|7|");
	ck_assert_str_eq(split("/a%2Fb/c%20d"), "a/b|c d|");
	ck_assert_str_eq(split("//a"), "|a|");
	ck_assert_str_eq(split("/a//b/"), "a||b|/");
	ck_assert_str_eq(split("//"), "|/");
	ck_assert_str_eq(split("/../%2e%2e"), "..|..|"); /* told apart by whoever opens files */
}
END_TEST

START_TEST(bad_paths_are_refused)
{
	char text[MSGC__PATH_MAX + 2];

	ck_assert_str_eq(split(""), "MSGC_EINVAL");
	ck_assert_str_eq(split("a"), "MSGC_EINVAL");
	ck_assert_str_eq(split("*"), "MSGC_EINVAL");
	ck_assert_str_eq(split("/a%00b"), "MSGC_EINVAL");
	ck_assert_str_eq(split("/%zz"), "MSGC_EINVAL");
	memset(text, '/', sizeof(text));
	text[MSGC__SEGMENTS_MAX + 1] = '\0'; /* the last one is the final slash */
	ck_assert_int_ne(split(text)[0], 'M');
	text[MSGC__SEGMENTS_MAX + 1] = '/';
	text[MSGC__SEGMENTS_MAX + 2] = '\0';
	ck_assert_str_eq(split(text), "MSGC_ELIMIT");
	memset(text + 1, 'a', sizeof(text) - 1);
	text[MSGC__PATH_MAX + 1] = '\0';
	ck_assert_str_eq(split(text), "MSGC_ELIMIT");
}
END_TEST

START_TEST(a_path_at_the_limit_is_split)
{
	char text[MSGC__PATH_MAX + 1];
	struct msgc__path path;

	memset(text, 'a', MSGC__PATH_MAX);
	text[MSGC__PATH_MAX] = '\0';
	text[0] = '/';
	ck_assert_int_eq(msgc__path_split(msgc_str_from(text), &arena, &path), 0);
	ck_assert_uint_eq(path.count, 1);
	ck_assert_uint_eq(path.segments[0].len, MSGC__PATH_MAX - 1);
}
END_TEST

START_TEST(pairs_are_read_as_forms_write_them)
{
	struct msgc__pairs pairs;
	size_t count;

	ck_assert_int_eq(
	        msgc__pairs_parse(msgc_str_from("&a=1&&b=two+words&a=3&flag&=nameless&c=x%3Dy=z&"),
	                &arena, &pairs),
	        0);
	ck_assert_uint_eq(pairs.count, 6);
	ck_assert_str_eq(msgc__pairs_find(&pairs, "a", &count)->ptr, "1");
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(msgc__pairs_find(&pairs, "b", &count)->ptr, "two words");
	ck_assert_uint_eq(count, 1);
	ck_assert_str_eq(msgc__pairs_find(&pairs, "flag", NULL)->ptr, "");
	ck_assert_str_eq(msgc__pairs_find(&pairs, "", NULL)->ptr, "nameless");
	ck_assert_str_eq(msgc__pairs_find(&pairs, "c", NULL)->ptr, "x=y=z");
	ck_assert_ptr_null(msgc__pairs_find(&pairs, "d", &count));
	ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(pairs_are_bounded)
{
	struct msgc__pairs pairs = {NULL, 99};
	struct msgc_arena tiny;
	char text[2 * MSGC__PAIRS_MAX + 3];

	ck_assert_int_eq(msgc__pairs_parse(msgc_str_from(""), &arena, &pairs), 0);
	ck_assert_uint_eq(pairs.count, 0);
	for (size_t i = 0; i <= MSGC__PAIRS_MAX; i++)
		memcpy(text + 2 * i, "a&", 2);
	ck_assert_int_eq(
	        msgc__pairs_parse(msgc_str_of(text, 2 * MSGC__PAIRS_MAX), &arena, &pairs), 0);
	ck_assert_uint_eq(pairs.count, MSGC__PAIRS_MAX);
	ck_assert_int_eq(
	        msgc__pairs_parse(msgc_str_of(text, 2 * MSGC__PAIRS_MAX + 1), &arena, &pairs),
	        MSGC_ELIMIT);
	ck_assert_int_eq(msgc__pairs_parse(msgc_str_from("a=%ff"), &arena, &pairs), MSGC_EINVAL);
	msgc_arena_init_fixed(&tiny, text, 32);
	ck_assert_int_eq(msgc__pairs_parse(msgc_str_from("a=1&b=2"), &tiny, &pairs), MSGC_ENOMEM);
}
END_TEST

Suite *url_suite(void)
{
	Suite *suite = suite_create("url");
	TCase *tcase = tcase_create("url");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, escapes_are_decoded);
	tcase_add_test(tcase, bad_escapes_and_bad_utf8_are_refused);
	tcase_add_test(tcase, nul_bytes_are_kept_with_their_length);
	tcase_add_test(tcase, paths_are_split_before_they_are_decoded);
	tcase_add_test(tcase, bad_paths_are_refused);
	tcase_add_test(tcase, a_path_at_the_limit_is_split);
	tcase_add_test(tcase, pairs_are_read_as_forms_write_them);
	tcase_add_test(tcase, pairs_are_bounded);
	suite_add_tcase(suite, tcase);
	return suite;
}
