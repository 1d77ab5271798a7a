/* SPDX-License-Identifier: MIT */
/*
 * Allocations fail while messages are inflated and deflated, zlib's own included: what cannot be deflated is sent as it is, what cannot be inflated closes
 * with 1013, and nothing crashes or leaks.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../runtime/deflate/deflate.h"
#include "shortage.h"

static char text[20000], deflated[24000];

static void make_text(void)
{
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = "again and "[i % 10 + (i / 1000) % 2 * (i % 10 < 9)];
}

START_TEST(each_allocation_of_a_message_fails_once)
{
	bool failed_all = false;
	unsigned refused = 0;

	make_text();
	for (unsigned long n = 1; !failed_all; n++) {
		struct msgc__deflater *deflater;
		struct msgc__inflater *inflater;
		size_t cap = 16, len = 0, back = 0;
		char *memory = malloc(cap + MSGC_PADDING);
		int result = MSGC_ENOMEM;

		shortage_of(n, n);
		shortage_arm(true);
		deflater = msgc__deflater_new();
		inflater = msgc__inflater_new();
		if (deflater)
			result = msgc__deflate(deflater, 15, msgc_str_of(text, sizeof(text)),
			        msgc_str_of(NULL, 0), deflated, sizeof(deflated), &len);
		if (result == 0)
			result = inflater ? msgc__inflate(inflater, msgc_str_of(deflated, len),
			                            sizeof(text), &memory, &cap, &back)
			                  : MSGC_ENOMEM;
		shortage_arm(false);
		if (result == 0) {
			ck_assert_uint_eq(back, sizeof(text));
			ck_assert_mem_eq(memory, text, sizeof(text));
			failed_all = n > shortage_count();
		} else {
			ck_assert_int_eq(result, MSGC_ENOMEM);
			refused++;
		}
		/* With memory again it works. */
		if (deflater && inflater) {
			ck_assert_int_eq(
			        msgc__deflate(deflater, 15, msgc_str_of(text, sizeof(text)),
			                msgc_str_of(NULL, 0), deflated, sizeof(deflated), &len),
			        0);
			ck_assert_int_eq(msgc__inflate(inflater, msgc_str_of(deflated, len),
			                         sizeof(text), &memory, &cap, &back),
			        0);
			ck_assert_uint_eq(back, sizeof(text));
		}
		msgc__deflater_free(deflater);
		msgc__inflater_free(inflater);
		free(memory);
	}
	ck_assert_uint_ge(refused, 5);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("deflate without memory");
	TCase *all = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 60);
	tcase_add_test(all, each_allocation_of_a_message_fails_once);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
