/* SPDX-License-Identifier: MIT */
/*
 * Rates per client address, in a table that does not grow.
 */
#include <stdio.h>

#include "server/http_internal.h"
#include "suites.h"

static struct msgc__throttle *throttle;

static void setup(void)
{
	ck_assert_int_eq(msgc__throttle_new(64, &throttle), 0);
}

static void teardown(void)
{
	msgc__throttle_free(throttle);
}

static int64_t take(uint32_t scope, const char *address, int64_t now)
{
	return msgc__throttle_take(throttle, scope, address, 3, 3000, now);
}

START_TEST(tokens_come_back_with_time)
{
	int64_t wait;

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(take(0, "192.0.2.1", 1000), 0);
	wait = take(0, "192.0.2.1", 1000);
	ck_assert_int_gt(wait, 0);
	ck_assert_int_le(wait, 1000);
	ck_assert_int_gt(take(0, "192.0.2.1", 1000 + wait - 1), 0);
	ck_assert_int_eq(take(0, "192.0.2.1", 1000 + wait), 0);
	ck_assert_int_gt(take(0, "192.0.2.1", 1000 + wait), 0);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(take(0, "192.0.2.1", 100000), 0);
	ck_assert_int_gt(take(0, "192.0.2.1", 100000), 0);
}
END_TEST

START_TEST(addresses_and_routes_are_told_apart)
{
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(take(0, "192.0.2.1", 0), 0);
	ck_assert_int_gt(take(0, "192.0.2.1", 0), 0);
	ck_assert_int_eq(take(1, "192.0.2.1", 0), 0);
	ck_assert_int_eq(take(0, "192.0.2.2", 0), 0);
}
END_TEST

START_TEST(ipv6_counts_by_network)
{
	for (int i = 0; i < 3; i++) {
		char address[48];

		snprintf(address, sizeof(address), "2001:db8:1:2::%x", i + 1);
		ck_assert_int_eq(take(0, address, 0), 0);
	}
	ck_assert_int_gt(take(0, "2001:db8:1:2:ffff::9", 0), 0);
	ck_assert_int_eq(take(0, "2001:db8:1:3::1", 0), 0);
}
END_TEST

START_TEST(many_addresses_do_not_make_it_grow)
{
	char address[32];

	for (int i = 0; i < 5000; i++) {
		snprintf(address, sizeof(address), "10.0.%d.%d", i / 250, i % 250);
		ck_assert_int_eq(take(0, address, i), 0);
	}
	/* The one touched last is still known. */
	ck_assert_int_eq(take(0, address, 5000), 0);
	ck_assert_int_eq(take(0, address, 5000), 0);
	ck_assert_int_gt(take(0, address, 5000), 0);
}
END_TEST

Suite *throttle_suite(void)
{
	Suite *suite = suite_create("throttle");
	TCase *tcase = tcase_create("throttle");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, tokens_come_back_with_time);
	tcase_add_test(tcase, addresses_and_routes_are_told_apart);
	tcase_add_test(tcase, ipv6_counts_by_network);
	tcase_add_test(tcase, many_addresses_do_not_make_it_grow);
	suite_add_tcase(suite, tcase);
	return suite;
}
