/* SPDX-License-Identifier: MIT */
/* What texts of defaults may be: times, durations, formats, base64. Never more than the run time takes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "checks.h"

static const struct {
	enum model_kind kind;
	const char *text;
	bool fine;
} kinds[] = {
        {MODEL_DATETIME, "2024-02-29T23:59:59Z", true},
        {MODEL_DATETIME, "2024-02-29T23:59:59.123456789+23:59", true},
        {MODEL_DATETIME, "2024-02-29T23:59:59-00:00", true},
        {MODEL_DATETIME, "2023-02-29T23:59:59Z", false},
        {MODEL_DATETIME, "2024-02-29 23:59:59Z", false},
        {MODEL_DATETIME, "2024-02-29T23:59:59", false},
        {MODEL_DATETIME, "2024-02-29T23:59:59.Z", false},
        {MODEL_DATETIME, "2024-02-29T23:59:60Z", false},
        {MODEL_DATETIME, "2024-02-29T24:00:00Z", false},
        {MODEL_DATETIME, "2024-02-29T23:59:59+24:00", false},
        {MODEL_DATETIME, "2024-02-29T23:59:59Z ", false},
        {MODEL_DATETIME, "", false},
        {MODEL_DATE, "0000-01-01", true},
        {MODEL_DATE, "2000-02-29", true},
        {MODEL_DATE, "1900-02-29", false},
        {MODEL_DATE, "2024-00-01", false},
        {MODEL_DATE, "2024-01-00", false},
        {MODEL_DATE, "2024-04-31", false},
        {MODEL_DATE, "2024-1-1", false},
        {MODEL_TIME, "00:00:00Z", true},
        {MODEL_TIME, "23:59:59.5+01:00", true},
        {MODEL_TIME, "00:00Z", false},
        {MODEL_TIME, "00:60:00Z", false},
        {MODEL_DURATION, "P1Y2M3DT4H5M6S", true},
        {MODEL_DURATION, "P2W", true},
        {MODEL_DURATION, "PT0S", true},
        {MODEL_DURATION, "P1YT1M", true},
        {MODEL_DURATION, "P", false},
        {MODEL_DURATION, "PT", false},
        {MODEL_DURATION, "P1DT", false},
        {MODEL_DURATION, "P1D2Y", false},
        {MODEL_DURATION, "P1W2D", false},
        {MODEL_DURATION, "P1.5D", false},
        {MODEL_DURATION, "-P1D", false},
        {MODEL_DURATION, "P9999999999D", false},
        {MODEL_UUID, "123E4567-e89b-12d3-a456-426614174000", true},
        {MODEL_UUID, "123e4567e89b12d3a456426614174000", false},
        {MODEL_UUID, "123e4567-e89b-12d3-a456-42661417400g", false},
        {MODEL_UUID, "123e4567-e89b-12d3-a456-4266141740000", false},
        {MODEL_STRING, "anything", true},
        {MODEL_RECORD, "anything", true},
};

START_TEST(test_kinds)
{
	const char *example =
	        check_text_kind(kinds[_i].kind, kinds[_i].text, strlen(kinds[_i].text));

	ck_assert_msg((example == NULL) == kinds[_i].fine, "%s '%s'",
	        model_kind_name(kinds[_i].kind), kinds[_i].text);
}
END_TEST

static const struct {
	enum model_format format;
	const char *text;
	bool fine;
} formats[] = {
        {MODEL_FORMAT_NONE, "", true},
        {MODEL_FORMAT_EMAIL, "ada@example.org", true},
        {MODEL_FORMAT_EMAIL, "a.b+c!@example", true},
        {MODEL_FORMAT_EMAIL, "ada", false},
        {MODEL_FORMAT_EMAIL, "@example.org", false},
        {MODEL_FORMAT_EMAIL, "ada@", false},
        {MODEL_FORMAT_EMAIL, ".ada@example.org", false},
        {MODEL_FORMAT_EMAIL, "ada.@example.org", false},
        {MODEL_FORMAT_EMAIL, "a..b@example.org", false},
        {MODEL_FORMAT_EMAIL, "a b@example.org", false},
        {MODEL_FORMAT_EMAIL, "a@b@example.org", false},
        {MODEL_FORMAT_EMAIL, "ada@-example.org", false},
        {MODEL_FORMAT_URI, "https://example.org:8080/a/b?c=%20d#e", true},
        {MODEL_FORMAT_URI, "urn:isbn:0451450523", true},
        {MODEL_FORMAT_URI, "mailto:ada@example.org", true},
        {MODEL_FORMAT_URI, "/page", false},
        {MODEL_FORMAT_URI, "1http://x", false},
        {MODEL_FORMAT_URI, "http://x/%2", false},
        {MODEL_FORMAT_URI, "http://x/ y", false},
        {MODEL_FORMAT_URI, "http://x#a#b", false},
        {MODEL_FORMAT_URI, "http://x:80a/", false},
        {MODEL_FORMAT_URI, "http://a@b@c/", false},
        {MODEL_FORMAT_URI, "://x", false},
        {MODEL_FORMAT_URI_REFERENCE, "", true},
        {MODEL_FORMAT_URI_REFERENCE, "../a?b", true},
        {MODEL_FORMAT_URI_REFERENCE, "//example.org", true},
        {MODEL_FORMAT_URI_REFERENCE, "a\\b", false},
        {MODEL_FORMAT_HOSTNAME, "www.example-1.org", true},
        {MODEL_FORMAT_HOSTNAME, "localhost", true},
        {MODEL_FORMAT_HOSTNAME, "a..b", false},
        {MODEL_FORMAT_HOSTNAME, "a.", false},
        {MODEL_FORMAT_HOSTNAME, "a_b", false},
        {MODEL_FORMAT_HOSTNAME, "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcd",
                false},
        {MODEL_FORMAT_IPV4, "192.0.2.255", true},
        {MODEL_FORMAT_IPV4, "192.0.2.256", false},
        {MODEL_FORMAT_IPV4, "192.0.2", false},
        {MODEL_FORMAT_IPV4, "192.0.2.01", false},
        {MODEL_FORMAT_IPV6, "2001:db8::1", true},
        {MODEL_FORMAT_IPV6, "::ffff:192.0.2.1", true},
        {MODEL_FORMAT_IPV6, "2001:db8::1::2", false},
        {MODEL_FORMAT_IPV6, "fe80::1%eth0", false},
        {MODEL_FORMAT_SLUG, "a-B_9", true},
        {MODEL_FORMAT_SLUG, "", false},
        {MODEL_FORMAT_SLUG, "a b", false},
};

START_TEST(test_formats)
{
	const char *example =
	        check_text_format(formats[_i].format, formats[_i].text, strlen(formats[_i].text));

	ck_assert_msg((example == NULL) == formats[_i].fine, "format %d '%s'", formats[_i].format,
	        formats[_i].text);
}
END_TEST

START_TEST(test_a_nul_inside_fits_nothing)
{
	ck_assert_ptr_nonnull(check_text_kind(MODEL_DATE, "2024-01-01\0", 11));
	ck_assert_ptr_nonnull(check_text_format(MODEL_FORMAT_SLUG, "a\0b", 3));
}
END_TEST

static const struct {
	const char *text;
	const char *bytes; /* NULL: no base64 */
	size_t length;
} encodings[] = {
        {"", "", 0},
        {"Zg==", "f", 1},
        {"Zm8=", "fo", 2},
        {"Zm9v", "foo", 3},
        {"Zm9vYmFy", "foobar", 6},
        {"AP/+", "\0\xff\xfe", 3},
        {"Zg", NULL, 0},
        {"Zg=", NULL, 0},
        {"Zh==", NULL, 0},
        {"Zm9=", NULL, 0},
        {"Z===", NULL, 0},
        {"====", NULL, 0},
        {"Zm9v\n", NULL, 0},
        {"Zm-_", NULL, 0},
        {"Zg==Zg==", NULL, 0},
};

START_TEST(test_base64)
{
	struct arena *arena = arena_new();
	size_t length = 0;
	const char *bytes =
	        check_text_base64(arena, encodings[_i].text, strlen(encodings[_i].text), &length);

	ck_assert_msg((bytes != NULL) == (encodings[_i].bytes != NULL), "'%s'", encodings[_i].text);
	ck_assert_uint_eq(length, encodings[_i].length);
	if (bytes != NULL)
		ck_assert_mem_eq(bytes, encodings[_i].bytes, length);
	arena_free(arena);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

int main(void)
{
	Suite *suite = suite_create("text");
	TCase *tests = tcase_create("text");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tests, test_kinds, 0, COUNT(kinds));
	tcase_add_loop_test(tests, test_formats, 0, COUNT(formats));
	tcase_add_test(tests, test_a_nul_inside_fits_nothing);
	tcase_add_loop_test(tests, test_base64, 0, COUNT(encodings));
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
