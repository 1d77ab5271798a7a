/* SPDX-License-Identifier: MIT */
/*
 * Credentials as clients use them, over sockets and in memory, with one worker and with two.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <check.h>

#include "desk.h"

static struct msgc_test *test;

static struct msgc_test_browser *start(int i)
{
	static const char *const two[] = {"--workers=2", NULL};

	test = msgc_test_start(i % 2 == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, desk_make, NULL,
	        i < 2 ? NULL : two);
	return msgc_test_browser_new(test);
}

static void log_in(struct msgc_test_browser *browser, const char *name)
{
	char form[64];

	snprintf(form, sizeof(form), "name=%s", name);
	msgc_test_log_in(browser, "/login", form);
}

static struct msgc_test_client *enter(struct msgc_test_browser *browser, const char *target)
{
	struct msgc_test_client *client = msgc_test_connect(browser, target);

	msgc_test_wait_for_auth(client);
	return client;
}

static struct msgc_test_browser *bearing(const char *name, int64_t issued, int64_t expires)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(test);
	char header[96];

	snprintf(header, sizeof(header), "Bearer %s.%lld.%lld", name, (long long)issued,
	        (long long)expires);
	msgc_test_set_header(browser, "Authorization", header);
	msgc_test_set_header(browser, "Origin", NULL);
	return browser;
}

START_TEST(a_ticket_from_the_route_to_the_socket)
{
	struct msgc_test_browser *ada = start(_i), *stranger = msgc_test_browser_new(test);
	const struct msgc_test_response *response;
	char target[128];

	log_in(ada, "ada");
	ck_assert_int_eq(
	        msgc_test_post_json(stranger, "/ticket", "{\"path\":\"/ws/desk/1/\"}")->status,
	        401);
	ck_assert_int_eq(msgc_test_get(ada, "/ticket")->status, 405);
	response = msgc_test_post_json(ada, "/ticket", "{\"path\":\"/ws/desk/1/\"}");
	ck_assert_int_eq(response->status, 200);
	ck_assert_str_eq(msgc_test_header(response, "cache-control"), "no-store");
	snprintf(target, sizeof(target), "/ws/desk/1/?ticket=%.43s",
	        strstr(response->body.ptr, "\"ticket\":\"") + 10);
	msgc_test_set_header(stranger, "Origin", "https://elsewhere.example");
	msgc_test_send(enter(stranger, target), "{\"action\":\"say\",\"payload\":\"x\"}");
	msgc_test_assert_auth(msgc_test_connect(stranger, target), 401);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_machine_with_a_password)
{
	struct msgc_test_browser *machine = start(_i);
	struct msgc_test_client *client;

	msgc_test_set_header(machine, "Origin", NULL);
	msgc_test_set_header(machine, "Authorization", "Basic ZGV2aWNlOnNlc2FtZQ==");
	client = enter(machine, "/ws/desk/1/");
	msgc_test_send(client, "{\"action\":\"say\",\"payload\":\"x\"}");
	msgc_test_expect(client, "said");
	msgc_test_set_header(machine, "Authorization", "Basic ZGV2aWNlOm5v");
	client = msgc_test_connect(machine, "/ws/desk/1/");
	msgc_test_assert_auth(client, 401);
	msgc_test_assert_closed(client, 4401);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_token_is_refreshed_or_ends)
{
	int64_t now = (int64_t)time(NULL);
	struct msgc_test_client *kept, *lost;
	char frame[128];

	start(_i);
	kept = enter(bearing("ada", now, now + 60), "/ws/desk/1/");
	lost = enter(bearing("ada", now, now + 60), "/ws/desk/1/");
	snprintf(frame, sizeof(frame),
	        "{\"action\":\"refresh\",\"payload\":{\"token\":\"ada.%lld.%lld\"}}",
	        (long long)now, (long long)now + 3600);
	msgc_test_send(kept, frame);
	msgc_test_expect(kept, "refreshed");
	msgc_test_advance(test, 61000);
	msgc_test_assert_closed(lost, 4410);
	ck_assert_str_eq(msgc_test_close_reason(lost), "credentials have expired");
	msgc_test_send(kept, "{\"action\":\"say\",\"payload\":\"x\"}");
	msgc_test_expect(kept, "said");
	msgc_test_stop(test);
}
END_TEST

START_TEST(logged_out_on_every_worker)
{
	enum { EACH = 6 };
	struct msgc_test_browser *ada = start(_i), *bob = msgc_test_browser_new(test);
	struct msgc_test_client *hers[EACH], *his[EACH];

	log_in(ada, "ada");
	log_in(bob, "bob");
	for (int i = 0; i < EACH; i++) {
		hers[i] = enter(ada, "/ws/desk/1/");
		his[i] = enter(bob, "/ws/desk/2/");
	}
	ck_assert_int_eq(msgc_test_post_form(ada, "/everywhere", "")->status, 200);
	for (int i = 0; i < EACH; i++) {
		msgc_test_assert_closed(hers[i], 4410);
		ck_assert_str_eq(msgc_test_close_reason(hers[i]), "credentials have been revoked");
		msgc_test_send(his[i], "{\"action\":\"say\",\"payload\":\"x\"}");
		msgc_test_expect(his[i], "said");
	}
	msgc_test_assert_auth(
	        msgc_test_connect(bearing("ada", time(NULL) - 10, 0), "/ws/desk/1/"), 401);
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("desk");
	TCase *all = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 30);
	tcase_add_loop_test(all, a_ticket_from_the_route_to_the_socket, 0, 4);
	tcase_add_loop_test(all, a_machine_with_a_password, 0, 2);
	tcase_add_loop_test(all, a_token_is_refreshed_or_ends, 0, 2);
	tcase_add_loop_test(all, logged_out_on_every_worker, 0, 4);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
