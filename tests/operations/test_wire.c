/* SPDX-License-Identifier: MIT */
/*
 * Limits, origins and what a client may show, as clients meet them: through the kit, over sockets and in memory, with one worker and with
 * two, and what the metrics say of it. The same on a server that is driven by hand, to the millisecond: test_limits.c and tests/server.
 */
#define _GNU_SOURCE 1 /* memrchr */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <check.h>

#include "desk.h"

static struct msgc_test *test;

static void start(int i, const char *first, const char *second, const char *third)
{
	const char *const arguments[] = {
	        i < 2 ? "--workers=1" : "--workers=2", first, second, third, NULL};

	test = msgc_test_start(
	        i % 2 == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, desk_make, NULL, arguments);
}

/* A browser with the session of that user ("": none), behind a proxy that names this address (NULL: none). */
static struct msgc_test_browser *somebody(const char *name, const char *address)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(test);

	if (name[0])
		msgc_test_set_cookie(browser, "sid", name);
	msgc_test_set_header(browser, "X-Forwarded-For", address);
	return browser;
}

static struct msgc_test_client *enter(struct msgc_test_browser *browser, const char *target)
{
	struct msgc_test_client *client = msgc_test_connect(browser, target);

	msgc_test_wait_for_auth(client);
	return client;
}

static void say(struct msgc_test_client *client)
{
	msgc_test_send(client, "{\"action\":\"say\",\"payload\":\"x\"}");
}

static void be_heard(struct msgc_test_client *client)
{
	say(client);
	msgc_test_expect(client, "said");
}

/* What is said now comes too fast, and may come again after that many seconds: one less where some time has passed. */
static void be_too_fast(struct msgc_test_client *client, long seconds)
{
	const struct msgc_test_frame *frame;
	struct msgc_str after;

	say(client);
	frame = msgc_test_expect(client, "error");
	msgc_test_assert_json(frame, "/payload/reason", "\"rate_limited\"");
	ck_assert(msgc_test_json(frame, "/payload/retry_after", &after));
	ck_assert_int_ge(strtol(after.ptr, NULL, 10), seconds / 2);
	ck_assert_int_le(strtol(after.ptr, NULL, 10), seconds);
}

static void authenticate(struct msgc_test_client *client, const char *name, int64_t expires)
{
	msgc_test_sendf(client,
	        "{\"action\":\"authenticate\",\"payload\":{\"token\":\"%s.%lld.%lld\"}}", name,
	        (long long)time(NULL), (long long)expires);
}

/* The sum of a metric's samples whose labels hold that text, workers added up. */
static double metric(const char *name, const char *label)
{
	const struct msgc_test_response *response =
	        msgc_test_admin_get(somebody("", "192.0.2.9"), "/metrics");
	size_t len = strlen(name);
	double sum = 0;

	ck_assert_int_eq(response->status, 200);
	for (const char *line = response->body.ptr; line; line = strchr(line, '\n')) {
		const char *end, *place;

		line += line[0] == '\n';
		if (strncmp(line, name, len) != 0 || (line[len] != '{' && line[len] != ' '))
			continue;
		end = strchr(line, '\n');
		place = strstr(line, label);
		if (place && place < end)
			sum += strtod(memrchr(line, ' ', (size_t)(end - line)), NULL);
	}
	return sum;
}

/* ---------------------------------------------------------------------------------------------- rates */

START_TEST(an_action_has_a_rate)
{
	struct msgc_test_client *one, *other;

	start(_i, NULL, NULL, NULL);
	one = enter(somebody("", NULL), "/ws/door/");
	other = enter(somebody("", NULL), "/ws/door/");
	be_heard(one);
	be_heard(one);
	be_too_fast(one, 30);
	msgc_test_send(one, "{\"action\":\"ping\"}"); /* another action, another connection */
	msgc_test_expect(one, "pong");
	be_heard(other);
	msgc_test_advance(test, 30000);
	be_heard(one);
	ck_assert_double_eq(metric("msgc_rate_limited_total", "scope=\"action\""), 1);
	ck_assert_double_eq(metric("msgc_errors_told_total", "reason=\"rate_limited\""), 1);
	ck_assert_double_eq(metric("msgc_messages_received_total", "action=\"say\""), 5);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_connection_has_a_rate)
{
	struct msgc_test_client *one, *other;

	start(_i, "--connection-rate=2 per 60s", NULL, NULL);
	one = enter(somebody("ada", NULL), "/ws/desk/1/");
	other = enter(somebody("ada", NULL), "/ws/desk/1/");
	be_heard(one);
	be_heard(one);
	be_too_fast(one, 30);
	be_heard(other);
	msgc_test_advance(test, 30000);
	be_heard(one);
	ck_assert_double_eq(metric("msgc_rate_limited_total", "scope=\"connection\""), 1);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_user_has_a_rate)
{
	struct msgc_test_client *one, *again, *other;

	start(_i, "--user-rate=2 per 60s", NULL, NULL);
	one = enter(somebody("ada", NULL), "/ws/desk/1/");
	again = enter(somebody("ada", NULL), "/ws/desk/2/");
	other = enter(somebody("bob", NULL), "/ws/desk/1/");
	be_heard(one);
	be_heard(again);
	be_too_fast(one, 30);
	be_too_fast(again, 30);
	be_heard(other);
	msgc_test_advance(test, 30000);
	be_heard(again);
	ck_assert_double_eq(metric("msgc_rate_limited_total", "scope=\"user\""), 2);
	msgc_test_stop(test);
}
END_TEST

START_TEST(an_address_has_a_rate)
{
	struct msgc_test_client *ada, *bob, *carl;

	start(_i, "--address-rate=2 per 60s", "--trusted-proxies=127.0.0.1", NULL);
	ada = enter(somebody("ada", "192.0.2.1"), "/ws/desk/1/");
	bob = enter(somebody("bob", "192.0.2.1"), "/ws/desk/1/");
	carl = enter(somebody("carl", "192.0.2.2"), "/ws/desk/1/");
	be_heard(ada);
	be_heard(bob);
	be_too_fast(ada, 30);
	be_heard(carl);
	msgc_test_advance(test, 30000);
	be_heard(bob);
	ck_assert_double_eq(metric("msgc_rate_limited_total", "scope=\"address\""), 1);
	msgc_test_stop(test);
}
END_TEST

START_TEST(handshakes_from_one_address_have_a_rate)
{
	start(_i, "--handshake-rate=2 per 60s", "--trusted-proxies=127.0.0.1", NULL);
	enter(somebody("", "192.0.2.1"), "/ws/door/");
	enter(somebody("", "192.0.2.1"), "/ws/door/");
	ck_assert_int_eq(
	        msgc_test_status(msgc_test_try_connect(somebody("", "192.0.2.1"), "/ws/door/")),
	        429);
	enter(somebody("", "192.0.2.2"), "/ws/door/");
	msgc_test_advance(test, 30000);
	enter(somebody("", "192.0.2.1"), "/ws/door/");
	ck_assert_double_eq(metric("msgc_handshakes_refused_total", "code=\"429\""), 1);
	msgc_test_stop(test);
}
END_TEST

START_TEST(an_address_has_so_many_connections)
{
	struct msgc_test_client *one;
	int status = 0;

	start(_i, "--max-connections-per-address=2", "--trusted-proxies=127.0.0.1", NULL);
	one = enter(somebody("", "192.0.2.1"), "/ws/door/");
	enter(somebody("", "192.0.2.1"), "/ws/door/");
	ck_assert_int_eq(
	        msgc_test_status(msgc_test_try_connect(somebody("", "192.0.2.1"), "/ws/door/")),
	        503);
	enter(somebody("", "192.0.2.2"), "/ws/door/");
	msgc_test_close(one, 1000);
	for (int i = 0; i < 1000 && status != 101; i++) /* until the server has seen that it went */
		status = msgc_test_status(
		        msgc_test_try_connect(somebody("", "192.0.2.1"), "/ws/door/"));
	ck_assert_int_eq(status, 101);
	ck_assert_double_ge(metric("msgc_handshakes_refused_total", "code=\"503\""), 1);
	msgc_test_stop(test);
}
END_TEST

/* --------------------------------------------------------------------------------------------- frames */

START_TEST(frames_have_a_size_and_a_depth)
{
	static char large[5001];
	struct msgc_test_client *client;

	start(_i, "--depth-limit=4", NULL, NULL);
	client = enter(somebody("ada", NULL), "/ws/desk/1/");
	msgc_test_send(client, "{\"action\":\"say\",\"payload\":[[[[[1]]]]]}");
	msgc_test_assert_json(
	        msgc_test_expect(client, "error"), "/payload/0/type", "\"json_invalid\"");
	be_heard(client);
	memset(large, ' ', sizeof(large) - 1);
	memcpy(large, "{}", 2);
	msgc_test_send(client, large);
	msgc_test_assert_closed(client, 1009);
	ck_assert_double_eq(metric("msgc_errors_told_total", "reason=\"invalid\""), 1);
	ck_assert_double_eq(metric("msgc_connections_closed_total", "code=\"1009\""), 1);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_flood_of_bad_frames_ends_the_connection)
{
	struct msgc_test_client *client, *other;

	start(_i, "--bad-frame-limit=5", NULL, NULL);
	client = enter(somebody("ada", NULL), "/ws/desk/1/");
	other = enter(somebody("ada", NULL), "/ws/desk/1/");
	for (int i = 0; i < 6; i++) {
		msgc_test_send(client, "{");
		msgc_test_expect(client, "error");
	}
	msgc_test_assert_closed(client, 4429);
	be_heard(other);
	ck_assert_double_eq(metric("msgc_connections_closed_total", "code=\"4429\""), 1);
	msgc_test_stop(test);
}
END_TEST

/* --------------------------------------------------------------------------------------- slow readers */

enum { LONG = 1900, BATCH = 500, BATCHES = 200, OUTBOX_KIB = 64 };

/* Numbered messages for everybody in the house, until a metric counts: kernels keep some megabytes for who does not read. The last number. */
static int shout_until(const char *name, const char *label)
{
	static char text[LONG + 1];
	int number = 0;

	memset(text, 'x', LONG);
	for (int i = 0; i < BATCHES; i++) {
		for (int k = 0; k < BATCH; k++) {
			struct desk_heard heard = {.payload = {text, LONG}};

			snprintf(text, 16, "%08d", ++number);
			text[8] = ' ';
			while (desk_house_broadcast_heard(msgc_test_server(test), NULL, &heard,
			               MSGC_TO_ALL) == MSGC_EBUSY)
				msgc_test_settle(test);
		}
		if (metric(name, label) > 0)
			return number;
	}
	ck_abort_msg("%s did not count", name);
	return 0;
}

static int number_of(const struct msgc_test_frame *frame)
{
	struct msgc_str payload;

	ck_assert(msgc_test_json(frame, "/payload", &payload));
	return (int)strtol(payload.ptr + 1, NULL, 10);
}

START_TEST(a_slow_reader_is_sent_away)
{
	struct msgc_test_client *slow;

	start(_i, "--outbox-limit=64KiB", "--close-timeout=1m", NULL);
	slow = enter(somebody("ada", NULL), "/ws/desk/1/");
	shout_until("msgc_slow_readers_closed_total", "consumer=\"desk\"");
	msgc_test_assert_closed(slow, 4408);
	ck_assert_double_le(metric("msgc_outbox_high_water_bytes", ""), OUTBOX_KIB * 1024);
	ck_assert_double_eq(metric("msgc_outbox_dropped_total", ""), 0);
	msgc_test_stop(test);
}
END_TEST

/* The lower half of the loop drops the oldest, the upper half what comes. */
START_TEST(a_slow_reader_may_miss_some)
{
	const bool oldest = _i / 4 == 0;
	struct msgc_test_client *slow;
	int last, number = 0, first = 0, count = 0, dropped = 0;

	start(_i % 4, "--outbox-limit=64KiB",
	        oldest ? "--outbox-policy=drop-oldest" : "--outbox-policy=drop-new", NULL);
	slow = enter(somebody("ada", NULL), "/ws/desk/1/");
	last = shout_until("msgc_outbox_dropped_total",
	        oldest ? "policy=\"drop-oldest\"" : "policy=\"drop-new\"");
	/* The last ones may still be on their way to the worker: what has not come is what has been dropped, in the end. */
	for (int i = 0; i < 100 && count + dropped < last; i++) {
		struct msgc_test_frames frames = msgc_test_receive_all(slow, MSGC_TEST_IDLE);

		for (size_t k = 0; k < frames.count; k++) {
			ck_assert_int_gt(number_of(&frames.items[k]), number);
			number = number_of(&frames.items[k]);
			first = count++ == 0 ? number : first;
		}
		dropped = (int)metric("msgc_outbox_dropped_total", "");
	}
	ck_assert_int_eq(count + dropped, last);
	ck_assert_int_gt(dropped, 0);
	if (oldest)
		ck_assert_int_eq(number, last);
	else
		ck_assert_int_eq(first, 1);
	be_heard(slow);
	ck_assert_double_eq(metric("msgc_slow_readers_closed_total", ""), 0);
	msgc_test_stop(test);
}
END_TEST

/* -------------------------------------------------------------------------------------------- origins */

START_TEST(cookies_are_believed_beside_the_right_origin)
{
	static const struct {
		const char *origin;
		bool is_right;
	} cases[] = {{"https://app.example", true}, {"https://desk.example", true},
	        {"http://desk.example", false}, {"https://app.example.evil.example", false},
	        {"https://app.example:444", false}, {"null", false}, {NULL, false}};

	start(_i, "--public-url=https://desk.example", "--allowed-origins=https://app.example",
	        NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct msgc_test_browser *browser = somebody("ada", NULL);
		struct msgc_test_client *client;

		msgc_test_set_header(browser, "Origin", cases[i].origin);
		client = msgc_test_connect(browser, "/ws/desk/1/");
		if (cases[i].is_right) {
			msgc_test_wait_for_auth(client);
			be_heard(client);
		} else {
			authenticate(
			        client, "ada", 1); /* it is nobody yet: a token could say who */
			msgc_test_assert_auth(client, 401);
			msgc_test_assert_closed(client, 4401);
		}
		/* Who needs no cookie may come from anywhere. */
		be_heard(enter(browser, "/ws/door/"));
	}
	ck_assert_double_eq(metric("msgc_authentications_total", "result=\"unauthenticated\""), 5);
	msgc_test_stop(test);
}
END_TEST

START_TEST(clients_that_are_no_browsers_may_be_let_in)
{
	struct msgc_test_browser *browser;
	struct msgc_test_client *client;

	start(_i, "--no-origin-required", NULL, NULL);
	browser = somebody("ada", NULL);
	msgc_test_set_header(browser, "Origin", NULL);
	be_heard(enter(browser, "/ws/desk/1/"));
	msgc_test_set_header(browser, "Origin", "https://elsewhere.example");
	client = msgc_test_connect(browser, "/ws/desk/1/");
	authenticate(client, "ada", 1);
	msgc_test_assert_auth(client, 401);
	msgc_test_stop(test);
}
END_TEST

/* ---------------------------------------------------------------------------------------- credentials */

static void expect_you(struct msgc_test_client *client, const char *json)
{
	msgc_test_send(client, "{\"action\":\"who\"}");
	msgc_test_assert_json(msgc_test_expect(client, "you"), "/payload", json);
}

START_TEST(a_token_in_the_first_frame_beside_anonymous)
{
	struct msgc_test_client *nobody, *ada, *bad, *silent;

	start(_i, "--auth-timeout=1m", NULL, NULL);
	nobody = enter(somebody("", NULL), "/ws/door/"); /* it announces nothing: at once */
	expect_you(nobody, "\"\"");
	ada = msgc_test_connect(somebody("", NULL), "/ws/door/?authenticate=frame");
	msgc_test_assert_silent(ada);
	authenticate(ada, "ada", 0);
	msgc_test_wait_for_auth(ada);
	expect_you(ada, "\"ada\"");
	/* What was announced and is no good makes nobody of it. */
	bad = msgc_test_connect(somebody("", NULL), "/ws/door/?authenticate=frame");
	authenticate(bad, "ada", 1);
	msgc_test_assert_auth(bad, 401);
	msgc_test_assert_closed(bad, 4401);
	silent = msgc_test_connect(somebody("", NULL), "/ws/door/?authenticate=frame");
	while (metric("msgc_connections_opened_total", "consumer=\"door\"") < 4)
		; /* its time begins when the server has it, which may be behind its answer */
	msgc_test_advance(test, 60000);
	msgc_test_assert_closed(silent, 4408);
	expect_you(nobody, "\"\"");
	ck_assert_double_eq(metric("msgc_authentications_total", "result=\"timeout\""), 1);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_ticket_is_for_one_path_and_a_while)
{
	static const char *const targets[] = {"/ws/desk/1/", "/ws/desk/2/", "/ws/desk/1/"};
	struct msgc_test_browser *ada, *stranger;
	const struct msgc_test_response *response;
	char target[128];

	start(_i, "--ticket-lifetime=1m", NULL, NULL);
	ada = somebody("ada", NULL);
	stranger = somebody("", NULL);
	for (int i = 0; i < 3; i++) {
		response = msgc_test_post_json(ada, "/ticket", "{\"path\":\"/ws/desk/1/\"}");
		ck_assert_int_eq(response->status, 200);
		snprintf(target, sizeof(target), "%s?ticket=%.43s", targets[i],
		        strstr(response->body.ptr, "\"ticket\":\"") + 10);
		msgc_test_advance(test, i == 2 ? 61000 : 1000);
		if (i == 0)
			be_heard(enter(stranger, target));
		else
			msgc_test_assert_auth(msgc_test_connect(stranger, target), 401);
	}
	msgc_test_stop(test);
}
END_TEST

/* ---------------------------------------------------------------------------------------------- drain */

START_TEST(a_drain_says_when_to_come_back)
{
	enum { CLIENTS = 8 };
	struct msgc_test_client *clients[CLIENTS];
	long first = -1;
	bool differ = false;

	start(_i, "--reconnect-hint=1h", NULL, NULL);
	for (int i = 0; i < CLIENTS; i++)
		clients[i] = enter(somebody("ada", NULL), "/ws/desk/1/");
	msgc_test_begin_stop(test);
	for (int i = 0; i < CLIENTS; i++) {
		struct msgc_str json;
		long ms;

		ck_assert(msgc_test_json(msgc_test_expect(clients[i], "draining"),
		        "/payload/reconnect_after_ms", &json));
		ms = strtol(json.ptr, NULL, 10);
		ck_assert(ms >= 0 && ms <= 3600000);
		first = i == 0 ? ms : first;
		differ |= ms != first;
		msgc_test_assert_closed(clients[i], 1001);
	}
	ck_assert_msg(differ, "all are told to come back at once: %ld ms", first);
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire");
	TCase *all = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 60);
	tcase_add_loop_test(all, an_action_has_a_rate, 0, 4);
	tcase_add_loop_test(all, a_connection_has_a_rate, 0, 4);
	tcase_add_loop_test(all, a_user_has_a_rate, 0, 4);
	tcase_add_loop_test(all, an_address_has_a_rate, 0, 4);
	tcase_add_loop_test(all, handshakes_from_one_address_have_a_rate, 0, 4);
	tcase_add_loop_test(all, an_address_has_so_many_connections, 0, 4);
	tcase_add_loop_test(all, frames_have_a_size_and_a_depth, 0, 4);
	tcase_add_loop_test(all, a_flood_of_bad_frames_ends_the_connection, 0, 4);
	tcase_add_loop_test(all, cookies_are_believed_beside_the_right_origin, 0, 4);
	tcase_add_loop_test(all, clients_that_are_no_browsers_may_be_let_in, 0, 2);
	tcase_add_loop_test(all, a_token_in_the_first_frame_beside_anonymous, 0, 4);
	tcase_add_loop_test(all, a_ticket_is_for_one_path_and_a_while, 0, 4);
	tcase_add_loop_test(all, a_drain_says_when_to_come_back, 0, 4);
	/* Over sockets: in memory a client of the kit's takes whatever comes. */
	for (int i = 0; i < 8; i += 2)
		tcase_add_loop_test(all, a_slow_reader_may_miss_some, i, i + 1);
	for (int i = 0; i < 4; i += 2)
		tcase_add_loop_test(all, a_slow_reader_is_sent_away, i, i + 1);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
