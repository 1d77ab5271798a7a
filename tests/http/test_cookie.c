/* SPDX-License-Identifier: MIT */
/*
 * Finding cookies in what browsers send, and writing ones that they keep.
 */
#include <string.h>

#include "server/cookie.h"
#include "suites.h"

static const char *found(const char *header, const char *name)
{
	static char out[128];
	struct msgc_str value = msgc__cookie_find(msgc_str_from(header), name);

	if (!value.ptr)
		return NULL;
	memcpy(out, value.ptr, value.len);
	out[value.len] = '\0';
	return out;
}

START_TEST(cookies_are_found_by_their_whole_name)
{
	ck_assert_str_eq(found("sid=1", "sid"), "1");
	ck_assert_str_eq(found("a=b; sid=1;c=d", "sid"), "1");
	ck_assert_str_eq(found("a=b;sid=1", "sid"), "1");
	ck_assert_str_eq(found("  sid=1 ; b=2", "sid"), "1");
	ck_assert_str_eq(found("xsid=2; sid=1", "sid"), "1");
	ck_assert_str_eq(found("sid2=2; sid=1", "sid"), "1");
	ck_assert_str_eq(found("sid=1; sid=2", "sid"), "1");
	ck_assert_str_eq(found("sid=\"quoted\"", "sid"), "quoted");
	ck_assert_str_eq(found("sid=\"", "sid"), "\"");
	ck_assert_str_eq(found("sid=", "sid"), "");
	ck_assert_str_eq(found("sid=a=b", "sid"), "a=b");
	ck_assert_ptr_null(found("sid", "sid"));
	ck_assert_ptr_null(found("", "sid"));
	ck_assert_ptr_null(found(";;; ;", "sid"));
	ck_assert_ptr_null(found("SID=1", "sid"));
	ck_assert_ptr_null(found("a=\"sid=1\"", "sid"));
}
END_TEST

static const char *written(const char *name, const char *value,
        const struct msgc_http_cookie_options *options, bool secure)
{
	static char out[256];
	size_t len;
	int result = msgc__cookie_format(out, sizeof(out), name, value, options, secure, &len);

	if (result)
		return msgc_error_name(result);
	ck_assert_uint_eq(strlen(out), len);
	return out;
}

START_TEST(cookies_are_written_safe_by_default)
{
	struct msgc_http_cookie_options options = {.path = "/chat", .max_age = 3600};

	ck_assert_str_eq(
	        written("sid", "abc", NULL, false), "sid=abc; Path=/; HttpOnly; SameSite=Lax");
	ck_assert_str_eq(written("sid", "abc", NULL, true),
	        "sid=abc; Path=/; HttpOnly; Secure; SameSite=Lax");
	ck_assert_str_eq(written("sid", "abc", &options, true),
	        "sid=abc; Path=/chat; Max-Age=3600; HttpOnly; Secure; SameSite=Lax");
	options = (struct msgc_http_cookie_options){.max_age = -1};
	ck_assert_str_eq(written("sid", "abc", &options, false),
	        "sid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
	options = (struct msgc_http_cookie_options){.readable_by_script = true, .cross_site = true};
	ck_assert_str_eq(written("t", "1", &options, true), "t=1; Path=/; Secure; SameSite=None");
	ck_assert_str_eq(written("t", "1", &options, false), "MSGC_EINVAL");
}
END_TEST

START_TEST(nothing_can_be_smuggled_into_a_cookie)
{
	struct msgc_http_cookie_options options = {.path = "/a; Domain=x"};
	char large[300];

	ck_assert_str_eq(written("a b", "1", NULL, false), "MSGC_EINVAL");
	ck_assert_str_eq(written("", "1", NULL, false), "MSGC_EINVAL");
	ck_assert_str_eq(written("a=b", "1", NULL, false), "MSGC_EINVAL");
	ck_assert_str_eq(written("a", "1; Domain=x", NULL, false), "MSGC_EINVAL");
	ck_assert_str_eq(written("a", "1\r\nSet-Cookie: b=2", NULL, false), "MSGC_EINVAL");
	ck_assert_str_eq(written("a", "\xc3\xa9", NULL, false), "MSGC_EINVAL");
	ck_assert_str_eq(written("a", "1", &options, false), "MSGC_EINVAL");
	options.path = "relative";
	ck_assert_str_eq(written("a", "1", &options, false), "MSGC_EINVAL");
	memset(large, 'a', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	ck_assert_str_eq(written("a", large, NULL, false), "MSGC_ELIMIT");
}
END_TEST

Suite *cookie_suite(void)
{
	Suite *suite = suite_create("cookie");
	TCase *tcase = tcase_create("cookie");

	tcase_add_test(tcase, cookies_are_found_by_their_whole_name);
	tcase_add_test(tcase, cookies_are_written_safe_by_default);
	tcase_add_test(tcase, nothing_can_be_smuggled_into_a_cookie);
	suite_add_tcase(suite, tcase);
	return suite;
}
