/* SPDX-License-Identifier: MIT */
/*
 * Every allocation fails once: configuration, registration and requests then give an error or a 503, leak nothing and do not crash.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <msgc/http.h>

#include "exchange_kit.h"
#include "shortage.h"
#include "server/config_internal.h"

static unsigned long failing;

static void fail_at(int n)
{
	failing = (unsigned long)n;
	shortage_of(failing, failing);
	shortage_arm(true);
}

/* True: there was no n-th allocation, so that all have had their turn. */
static bool all_done(void)
{
	shortage_arm(false);
	return shortage_count() < failing;
}

START_TEST(configuration)
{
	static char name[] = "chat", list[] = "--log-muted-actions=a,b,c", wrong[] = "--prot=1";
	static char port[] = "MSGC_PORT=80", hots[] = "MSGC_HOTS=x";
	char *environment[] = {port, hots, NULL};
	char *argv[] = {name, list, wrong, NULL};
	const char *text;
	const struct msgc_setting setting = {
	        "database", MSGC_SETTING_STRING, &text, "x", "a file", false};
	struct msgc__config config;
	int refused = 0;

	for (int n = 1;; n++) {
		int result;

		fail_at(n);
		result = msgc__config_load(&config, 3, argv, environment, &setting, 1);
		if (all_done()) {
			ck_assert_int_eq(result, 0);
			ck_assert_int_eq(config.outcome, MSGC__CONFIG_WRONG);
			msgc__config_free(&config);
			ck_assert_int_gt(n, 50);
			break;
		}
		ck_assert_int_eq(result, MSGC_ENOMEM);
		refused++;
	}
	ck_assert_int_gt(refused, 50);
}
END_TEST

static int echo(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	(void)app;
	msgc_http_set_cookie(response, "a", msgc_http_query(request, "a").ptr, NULL);
	msgc_http_set_header(response, "X-Form", msgc_http_form(request, "f").ptr);
	return msgc_http_text(response, "text/plain", msgc_http_body(request));
}

static int refuse(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	(void)app;
	(void)request;
	(void)response;
	return MSGC_EDENIED;
}

static const struct msgc_http_route routes[] = {
        {.method = "POST", .pattern = "/echo/{id}", .handler = echo},
        {.method = "GET", .pattern = "/refuse", .handler = refuse},
};

START_TEST(registration)
{
	static const char *const quiet[] = {"--log-level=error", NULL};

	for (int n = 1;; n++) {
		bool good;

		kit_new(quiet);
		fail_at(n);
		good = msgc_server_routes(kit_server, routes, 2, NULL) == 0;
		good = msgc_server_static(kit_server, "/assets/", "/usr") == 0 && good;
		good = msgc_server_header(kit_server, "X-One", "1") == 0 && good;
		good = msgc_server_keep_header(kit_server, "X-Two") == 0 && good;
		if (all_done()) {
			ck_assert(good);
			ck_assert_int_gt(n, 6);
			kit_free();
			break;
		}
		ck_assert(!good);
		ck_assert(!msgc_server_will_run(kit_server));
		kit_free();
	}
}
END_TEST

/* Check allocates too: between fail_at() and all_done() nothing of it may be called. */
static void note_status(void *link, const struct msgc__response *response)
{
	*(int *)link = response->status;
}

/* One request with its n-th allocation failing; false when there is none. */
static bool request_without(int n, const char *method, const char *target, int *ret_status)
{
	static const struct msgc__http_ops ops = {.respond = note_status};
	static const struct msgc__header headers[] = {
	        {"content-type", MSGC_STR_INIT("application/x-www-form-urlencoded")},
	        {"host", MSGC_STR_INIT("a.example")}};
	const char *query = strchr(target, '?');
	const struct msgc__request request = {
	        .method = method,
	        .path = msgc_str_of(target, query ? (size_t)(query - target) : strlen(target)),
	        .query = msgc_str_from(query ? query + 1 : ""),
	        .headers = headers,
	        .header_count = 2,
	        .address = "192.0.2.1",
	};
	struct msgc__exchange *exchange;
	size_t limit;
	bool done;

	*ret_status = 0;
	fail_at(n);
	exchange = msgc__exchange_begin(kit_worker, &request, false, &ops, ret_status, &limit);
	if (exchange)
		msgc__exchange_body(exchange, "f=1", 3);
	for (int i = 0; exchange && *ret_status == 0 && i < 200000; i++) {
		kit_turn();
		usleep(100);
	}
	done = all_done();
	if (exchange)
		msgc__exchange_end(exchange);
	if (!exchange)
		*ret_status = 503;
	return !done;
}

START_TEST(requests)
{
	static const char *const quiet[] = {"--log-level=error", NULL};
	static const struct {
		const char *method, *target;
		int status;
	} cases[] = {{"POST", "/echo/1?a=1", 200}, {"GET", "/refuse", 403}, {"GET", "/none", 404},
	        {"GET", "/%zz", 400}, {"GET", "/assets/", 404}};

	kit_new(quiet);
	ck_assert_int_eq(msgc_server_routes(kit_server, routes, 2, NULL), 0);
	ck_assert_int_eq(msgc_server_static(kit_server, "/assets/", "/usr"), 0);
	ck_assert_int_eq(kit_start(), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int n = 1, status;

		while (request_without(n, cases[i].method, cases[i].target, &status)) {
			/* Without memory for a header or cookie that its handler does not look at, all is well. */
			ck_assert_msg(status == 503 || status == cases[i].status, "%s: %d",
			        cases[i].target, status);
			n++;
		}
		ck_assert_int_eq(status, cases[i].status);
		ck_assert_int_gt(n, 2);
	}
	kit_free();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("without memory");
	TCase *tcase = tcase_create("without memory");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, configuration);
	tcase_add_test(tcase, registration);
	tcase_add_test(tcase, requests);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
