/* SPDX-License-Identifier: MIT */
/*
 * Allocations fail while messages are inflated and deflated, zlib's own included: what cannot be deflated is sent as it is, what cannot be inflated closes
 * with 1013, and nothing crashes or leaks.
 */
#define _GNU_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../runtime/deflate/deflate.h"
#include "../../runtime/testing/testing.h"
#include "program.h"
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

/* --------------------------------------------------------------------------------------------- a server */

enum { SAID = 6000, LIVES = 40 };

static struct msgc_test *test;

/* Until what was asked for comes, an error, or the end. What comes is whole. */
static bool wait_for(struct msgc_test_client *client, const char *action, size_t len)
{
	struct msgc_buf frame;
	bool found = false, gone = false;

	while (!found && !gone) {
		msgc_buf_init(&frame, 0);
		gone = test->ways->receive(client->link, &frame, 400) != MSGC__TEST_MESSAGE;
		if (!gone && strstr(msgc_buf_c(&frame), action)) {
			found = true;
			ck_assert_uint_ge(frame.len, len);
			ck_assert_ptr_nonnull(memmem(frame.data, frame.len, text, len));
		}
		gone |= !gone && strstr(msgc_buf_c(&frame), "\"error\"") != NULL;
		msgc_buf_free(&frame);
	}
	return found;
}

/* How many answers came. */
static unsigned live(void)
{
	static const char *const keys[] = {"--log-level=error", "--drain-timeout=1s", NULL};
	static char frame[SAID + 64];
	struct msgc_test_browser *packing, *plain;
	struct msgc_test_client *clients[2];
	unsigned answers = 0;

	test = msgc_test_start(MSGC_TEST_SOCKETS, packed_make, NULL, keys);
	packing = msgc_test_browser_new(test);
	plain = msgc_test_browser_new(test);
	msgc_test_offer_compression(packing);
	clients[0] = msgc_test_connect(packing, "/packed/1/");
	clients[1] = msgc_test_connect(plain, "/packed/1/");
	msgc_test_wait_for_auth(clients[0]);
	msgc_test_wait_for_auth(clients[1]);
	shortage_arm(true);
	for (int i = 0; i < 2; i++) {
		int len = snprintf(frame, sizeof(frame), "{\"action\":\"%s\",\"payload\":\"%.*s\"}",
		        i ? "tell" : "say", SAID, text);

		test->ways->send(clients[0]->link, frame, (size_t)len, 0);
		answers += wait_for(clients[0], i ? "told" : "said", SAID);
	}
	answers += wait_for(clients[1], "told", SAID);
	shortage_arm(false);
	(void)msgc_test_stop_code(test);
	return answers;
}

START_TEST(allocations_fail_in_a_server)
{
	unsigned long all;
	unsigned whole = 0;

	make_text();
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = text[i] ? text[i] : ' ';
	ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
	shortage_spare_this_thread(true);
	shortage_of(SHORTAGE_NONE, SHORTAGE_NONE);
	ck_assert_uint_eq(live(), 3);
	all = shortage_count();
	ck_assert_uint_gt(all, 10);
	for (unsigned long i = 0; i < LIVES && i < all; i++) {
		unsigned long n = 1 + (all <= LIVES ? i : i * all / LIVES);

		shortage_of(n, n);
		whole += live() == 3;
	}
	/* Without memory to deflate with, messages go as they are. */
	ck_assert_uint_gt(whole, 0);
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
	tcase_add_test(all, allocations_fail_in_a_server);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
