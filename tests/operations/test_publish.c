/* SPDX-License-Identifier: MIT */
/*
 * POST /publish: who may, what gets through to whom, and what is said about the rest. Over sockets and in memory, with one worker and with two.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "desk.h"
#include "../../runtime/testing/testing.h"

#define KEY "a key of sixteen bytes, or more"

static struct msgc_test *test;
static struct msgc_test_browser *browser;

static void start(int i)
{
	static const char *const one[] = {"--publish-key=" KEY, NULL};
	static const char *const two[] = {"--publish-key=" KEY, "--workers=2", NULL};

	test = msgc_test_start(i % 2 == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, desk_make, NULL,
	        i < 2 ? one : two);
	browser = msgc_test_browser_new(test);
}

static struct msgc_buf head, body;

static int post_with(const char *authorization, const char *json)
{
	const struct msgc__header headers[] = {{"host", msgc_str_from("127.0.0.1")},
	        {"authorization", msgc_str_from(authorization)},
	        {"content-type", MSGC_STR("application/json")}};
	const struct msgc__request request = {.method = "POST",
	        .path = MSGC_STR("/publish"),
	        .query = MSGC_STR(""),
	        .headers = headers,
	        .header_count = 3,
	        .address = "127.0.0.1"};
	int status;

	msgc_buf_reset(&head);
	msgc_buf_reset(&body);
	/* Of the administrative listener, which belongs to the first worker. */
	status = test->ways->request(test, &request, true, msgc_str_from(json), &head, &body);
	ck_assert_ptr_nonnull(msgc_buf_c(&body));
	return status;
}

static int post(const char *json)
{
	return post_with("Bearer " KEY, json);
}

static struct msgc_test_client *enter(const char *target)
{
	struct msgc_test_client *client;

	msgc_test_set_cookie(browser, "sid", "ada");
	client = msgc_test_connect(browser, target);
	msgc_test_wait_for_auth(client);
	msgc_test_send(client, "{\"action\":\"ping\"}"); /* its groups are joined */
	msgc_test_expect(client, "pong");
	return client;
}

START_TEST(messages_and_events_reach_the_group)
{
	struct msgc_test_client *here[4], *elsewhere;

	start(_i);
	for (int i = 0; i < 4; i++)
		here[i] = enter("/ws/desk/7/");
	elsewhere = enter("/ws/desk/8/");
	ck_assert_int_eq(post("{\"group\":\"floor_7\",\"message\":{\"action\":\"bell\",\"payload\":"
	                      "{\"count\":3}}}"),
	        202);
	ck_assert_str_eq(msgc_buf_c(&body), "{\"status\":\"published\"}");
	for (int i = 0; i < 4; i++)
		msgc_test_assert_json(msgc_test_expect(here[i], "rung"), "/payload", "3");
	ck_assert_int_eq(post("{\"message\":{\"payload\":\"h\\u00e9\",\"action\":\"heard\"},"
	                      "\"group\":\"floor_7\"}"),
	        202);
	for (int i = 0; i < 4; i++) {
		const struct msgc_test_frame *frame = msgc_test_expect(here[i], "heard");

		msgc_test_assert_json(frame, "/payload", "\"h\xC3\xA9\"");
		msgc_test_assert_json(frame, "/is_mine", "false");
	}
	msgc_test_assert_silent(elsewhere);
	ck_assert_int_eq(post("{\"group\":\"house\",\"message\":{\"action\":\"heard\",\"payload\":"
	                      "\"all\"}}"),
	        202);
	msgc_test_expect(elsewhere, "heard");
	ck_assert_ptr_nonnull(strstr(msgc_test_admin_get(browser, "/metrics")->body.ptr,
	        "msgc_publications_total{source=\"admin\",kind=\"event\"} 1\n"));
	msgc_test_stop(test);
}
END_TEST

START_TEST(who_may_publish)
{
	static const char message[] =
	        "{\"group\":\"house\",\"message\":{\"action\":\"heard\",\"payload\":\"x\"}}";

	start(_i);
	ck_assert_int_eq(post(message), 202);
	ck_assert_int_eq(post_with("Bearer a key of sixteen bytes, or less", message), 401);
	ck_assert_int_eq(post_with("Bearer a key of sixteen bytes, or mor", message), 401);
	ck_assert_int_eq(post_with("Bearer " KEY KEY, message), 401);
	ck_assert_int_eq(post_with("Bearer ", message), 401);
	ck_assert_int_eq(post_with(KEY, message), 401);
	ck_assert_int_eq(msgc_test_admin_get(browser, "/publish")->status, 405);
	ck_assert_int_eq(msgc_test_post_json(browser, "/publish", message)->status, 404);
	msgc_test_stop(test);
}
END_TEST

START_TEST(without_a_key_nobody_may)
{
	test = msgc_test_start(
	        _i == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, desk_make, NULL, NULL);
	ck_assert_int_eq(post_with("Bearer ", "{}"), 404);
	ck_assert_int_eq(post_with("Bearer x", "{}"), 404);
	msgc_test_stop(test);
}
END_TEST

START_TEST(what_the_contract_refuses)
{
	static const struct {
		const char *json, *says;
		int status;
	} cases[] = {
	        {"{\"group\":\"floor_7\",\"message\":{\"action\":\"bell\",\"payload\":{\"count\":0}"
	         "}}",
	                "\"type\":\"greater_than_equal\",\"loc\":[\"payload\",\"count\"]", 400},
	        {"{\"group\":\"floor_7\",\"message\":{\"action\":\"bell\"}}",
	                "\"type\":\"missing\"", 400},
	        {"{\"group\":\"floor_7\",\"message\":{\"action\":\"rung\",\"payload\":1}}",
	                "\"type\":\"union_tag_invalid\"", 400},
	        {"{\"group\":\"house\",\"message\":{\"action\":\"said\",\"payload\":\"x\"}}",
	                "'heard'", 400},
	        {"{\"group\":\"floor_7\",\"message\":{}}", "\"type\":\"union_tag_not_found\"", 400},
	        {"{\"group\":\"floor_7\",\"message\":7}", "\"error\"", 400},
	        {"{\"group\":\"floor_7\"}", "\"loc\":[\"message\"]", 400},
	        {"{\"message\":{}}", "\"loc\":[\"group\"]", 400},
	        {"{\"group\":\"floor_7\",\"message\":{},\"grup\":1}", "\"extra_forbidden\"", 400},
	        {"{\"group\":\"floor_7\",\"group\":\"house\",\"message\":{}}", "\"error\"", 400},
	        {"{\"group\":", "\"json_invalid\"", 400},
	        {"", "\"json_invalid\"", 400},
	        {"{\"group\":\"cellar\",\"message\":{\"action\":\"heard\",\"payload\":\"x\"}}",
	                "\"unknown_group\"", 404},
	        {"{\"group\":\"floor_7/8\",\"message\":{\"action\":\"heard\",\"payload\":\"x\"}}",
	                "\"unknown_group\"", 404},
	        {"{\"group\":\"\\u0001revoked\",\"message\":{\"action\":\"heard\",\"payload\":"
	         "\"x\"}}",
	                "\"unknown_group\"", 404},
	        {"{\"group\":\"\",\"message\":{}}", "\"unknown_group\"", 404},
	};
	struct msgc_test_client *client;

	start(_i);
	client = enter("/ws/desk/7/");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_msg(post(cases[i].json) == cases[i].status, "%s: %s", cases[i].json,
		        msgc_buf_c(&body));
		ck_assert_msg(strstr(msgc_buf_c(&body), cases[i].says) != NULL, "%s: %s",
		        cases[i].json, msgc_buf_c(&body));
	}
	msgc_test_assert_silent(client);
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("publish");
	TCase *all = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 30);
	tcase_add_loop_test(all, messages_and_events_reach_the_group, 0, 4);
	tcase_add_loop_test(all, who_may_publish, 0, 2);
	tcase_add_loop_test(all, without_a_key_nobody_may, 0, 2);
	tcase_add_loop_test(all, what_the_contract_refuses, 0, 2);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
