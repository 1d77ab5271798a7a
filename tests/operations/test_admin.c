/* SPDX-License-Identifier: MIT */
/*
 * The administrative listener through the kit, over sockets and in memory: health, readiness, metrics of several workers.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "../testing/program.h"
#include "kit.msgc.h"

static struct program program;
static struct msgc_test *test;
static atomic_bool well;

static bool is_well(void *app)
{
	(void)app;
	return atomic_load(&well);
}

static struct msgc_server *make(int argc, char **argv, void *app)
{
	struct msgc_server *server = program_make(argc, argv, app);

	msgc_server_on_ready(server, is_well, NULL);
	return server;
}

static struct msgc_test_browser *start(int i, msgc_test_make_fn *how, const char *const *arguments)
{
	atomic_store(&well, true);
	test = msgc_test_start(
	        i == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, how, &program, arguments);
	return msgc_test_browser_new(test);
}

static double sample(struct msgc_test_browser *browser, const char *name)
{
	const struct msgc_test_response *response = msgc_test_admin_get(browser, "/metrics");
	size_t len = strlen(name);

	ck_assert_int_eq(response->status, 200);
	for (const char *line = response->body.ptr; line && *line;
	        line = strchr(line, '\n'), line += line != NULL) {
		if (strncmp(line, name, len) == 0 && line[len] == ' ')
			return strtod(line + len, NULL);
	}
	return -1;
}

START_TEST(ready_when_the_program_says_so)
{
	struct msgc_test_browser *browser = start(_i, make, NULL);
	const struct msgc_test_response *response = msgc_test_admin_get(browser, "/readyz");

	ck_assert_int_eq(response->status, 200);
	ck_assert_str_eq(response->body.ptr, "{\"status\":\"ready\"}");
	atomic_store(&well, false);
	response = msgc_test_admin_get(browser, "/readyz");
	ck_assert_int_eq(response->status, 503);
	ck_assert_str_eq(response->body.ptr, "{\"status\":\"not_ready\",\"reason\":\"program\"}");
	ck_assert_int_eq(msgc_test_admin_get(browser, "/healthz")->status, 200);
	ck_assert_int_eq(msgc_test_get(browser, "/readyz")->status, 404); /* not for the public */
	ck_assert_int_eq(msgc_test_get(browser, "/metrics")->status, 404);
	msgc_test_stop(test);
}
END_TEST

START_TEST(without_a_hook_it_is_ready_when_it_serves)
{
	struct msgc_test_browser *browser = start(_i, program_make, NULL);

	for (int i = 0; i < 100 && msgc_test_admin_get(browser, "/readyz")->status != 200; i++)
		;
	ck_assert_int_eq(msgc_test_admin_get(browser, "/readyz")->status, 200);
	msgc_test_stop(test);
}
END_TEST

START_TEST(the_counts_of_all_workers_are_added_up)
{
	static const char *const two[] = {"--workers=2", NULL};
	struct msgc_test_browser *browser = start(_i, program_make, two);
	struct msgc_test_client *clients[8];

	msgc_test_log_in(browser, "/login", "name=ada");
	for (int i = 0; i < 8; i++) {
		clients[i] = msgc_test_connect(browser, "/ws/rooms/1/");
		msgc_test_wait_for_auth(clients[i]);
		msgc_test_send(clients[i], "{\"action\":\"say\",\"payload\":\"x\"}");
		msgc_test_expect(clients[i], "said");
	}
	ck_assert_double_eq(sample(browser, "msgc_workers"), 2);
	ck_assert_double_eq(
	        sample(browser, "msgc_connections{contract=\"kit\",consumer=\"room\"}"), 8);
	ck_assert_double_eq(sample(browser,
	                            "msgc_messages_received_total{contract=\"kit\",consumer="
	                            "\"room\",action=\"say\"}"),
	        8);
	msgc_test_send(clients[0], "{\"action\":\"shout\",\"payload\":\"x\"}");
	for (int i = 0; i < 8; i++)
		msgc_test_expect(clients[i], "heard");
	ck_assert_double_eq(sample(browser, "msgc_deliveries_total"), 8);
	ck_assert_double_eq(
	        sample(browser, "msgc_publications_total{source=\"handler\",kind=\"message\"}"), 1);
	msgc_test_stop(test);
}
END_TEST

/* More than the kernel takes for somebody who does not read: the last is there, others are not, and the order is kept. */
START_TEST(a_slow_reader_gets_the_latest)
{
	enum { MESSAGES = 12000, SIZE = 2000 };
	static const char *const latest[] = {
	        "--outbox-policy=drop-oldest", "--outbox-limit=128KiB", NULL};
	struct msgc_test_browser *browser = start(_i, program_make, latest);
	static char text[SIZE + 1];
	const struct kit_heard heard = {.payload = {text, SIZE}};
	struct msgc_test_client *client;
	int count = 0, number = -1;

	msgc_test_log_in(browser, "/login", "name=ada");
	client = msgc_test_connect(browser, "/ws/rooms/1/");
	msgc_test_wait_for_auth(client);
	msgc_test_expect(client, "welcome");
	for (int i = 0; i < MESSAGES; i++) {
		snprintf(text, sizeof(text), "%-*d", SIZE, i);
		ck_assert_int_eq(kit_hall_broadcast_heard(
		                         msgc_test_server(test), 1, NULL, &heard, MSGC_TO_ALL),
		        0);
	}
	while (sample(browser, "msgc_deliveries_total") < MESSAGES)
		;
	while (number < MESSAGES - 1) {
		const struct msgc_test_frame *frame = msgc_test_expect(client, "heard");
		struct msgc_str payload;
		int next;

		ck_assert(msgc_test_json(frame, "/payload", &payload));
		next = atoi(payload.ptr + 1);
		ck_assert_int_gt(next, number);
		number = next;
		count++;
	}
	ck_assert_int_lt(count, MESSAGES);
	ck_assert_double_gt(sample(browser,
	                            "msgc_outbox_dropped_total{contract=\"kit\",consumer="
	                            "\"room\",policy=\"drop-oldest\"}"),
	        0);
	msgc_test_send(client, "{\"action\":\"say\",\"payload\":\"x\"}");
	msgc_test_expect(client, "said");
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("admin");
	TCase *both = tcase_create("both");
	SRunner *runner;
	int failed;

	tcase_set_timeout(both, 30);
	tcase_add_loop_test(both, ready_when_the_program_says_so, 0, 2);
	tcase_add_loop_test(both, without_a_hook_it_is_ready_when_it_serves, 0, 2);
	tcase_add_loop_test(both, the_counts_of_all_workers_are_added_up, 0, 2);
	tcase_add_loop_test(both, a_slow_reader_gets_the_latest, 0, 1); /* over sockets */
	suite_add_tcase(suite, both);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
