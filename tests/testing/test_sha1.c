/* SPDX-License-Identifier: MIT */
/*
 * The key of a WebSocket handshake, against the example of RFC 6455 section 1.3 and values of another implementation.
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "testing/testing.h"

START_TEST(the_key_of_the_standard)
{
	char accept[29];

	msgc__test_accept_key("dGhlIHNhbXBsZSBub25jZQ==", accept);
	ck_assert_str_eq(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
	msgc__test_accept_key("x3JJHMbDL1EzLkh9GBhXDw==", accept);
	ck_assert_str_eq(accept, "HSmrc0sMlYUkAGmm5OPpG2HaGWk=");
}
END_TEST

START_TEST(base64_with_padding)
{
	char out[9];

	msgc__test_base64((const uint8_t *)"foob", 4, out);
	ck_assert_str_eq(out, "Zm9vYg==");
	msgc__test_base64((const uint8_t *)"fooba", 5, out);
	ck_assert_str_eq(out, "Zm9vYmE=");
	msgc__test_base64((const uint8_t *)"\xff\xfe\xfd", 3, out);
	ck_assert_str_eq(out, "//79");
	msgc__test_base64(NULL, 0, out);
	ck_assert_str_eq(out, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sha1");
	TCase *tcase = tcase_create("sha1");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, the_key_of_the_standard);
	tcase_add_test(tcase, base64_with_padding);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
