/* SPDX-License-Identifier: MIT */
/*
 * permessage-deflate from a contract's word to the client, through whole servers: who gets it, what travels deflated, once for how many, and that all clients
 * read the same whether they inflate or not. The kit's client refuses frames that it has not agreed to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "../../runtime/testing/testing.h"
#include "../../runtime/testing/test_websocket.h"
#include "program.h"

static struct msgc_test *test;
static struct msgc_test_browser *plain_browser, *packed_browser;

static void start_with(const char *one, const char *two)
{
	const char *keys[] = {one ? one : "--workers=1", two, NULL};

	test = msgc_test_start(MSGC_TEST_SOCKETS, packed_make, NULL, keys);
	plain_browser = msgc_test_browser_new(test);
	packed_browser = msgc_test_browser_new(test);
	msgc_test_offer_compression(packed_browser);
}

static void start(void)
{
	start_with(NULL, NULL);
}

static void stop(void)
{
	msgc_test_stop(test);
}

static struct msgc_test_client *enter(struct msgc_test_browser *browser, const char *target)
{
	struct msgc_test_client *client = msgc_test_connect(browser, target);

	msgc_test_wait_for_auth(client);
	return client;
}

/* A counter's sum over the labels that hold `label`. */
static long counter(const char *name, const char *label)
{
	const struct msgc_test_response *all = msgc_test_admin_get(plain_browser, "/metrics");
	const char *line = all->body.ptr;
	long sum = 0;

	for (; line && *line; line = strchr(line, '\n'), line += line != NULL) {
		const char *blank = strchr(line, ' ');
		const char *found = strstr(line, label);

		if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == '{' && found &&
		        found < blank)
			sum += strtol(blank, NULL, 10);
	}
	return sum;
}

static size_t deflated_in(const struct msgc_test_client *client)
{
	return client->link->deflated_count;
}

static char *text_of(size_t len)
{
	static const char words[] =
	        "in the room somebody says something that was said before, and ";
	static char text[200001];

	for (size_t i = 0; i < len; i++)
		text[i] = words[(i + i / 1000) % (sizeof(words) - 1)];
	text[len] = '\0';
	return text;
}

static void say(struct msgc_test_client *client, const char *action, size_t len)
{
	msgc_test_sendf(client, "{\"action\":\"%s\",\"payload\":\"%s\"}", action, text_of(len));
}

static void expect(struct msgc_test_client *client, const char *action, size_t len)
{
	const struct msgc_test_frame *frame = msgc_test_expect(client, action);
	struct msgc_str payload;

	ck_assert(msgc_test_json(frame, "/payload", &payload));
	ck_assert_uint_eq(payload.len, len + 2);
	ck_assert_mem_eq(payload.ptr + 1, text_of(len), len);
}

static void expect_told(struct msgc_test_client *client, size_t len, bool is_mine)
{
	const struct msgc_test_frame *frame = msgc_test_expect(client, "told");
	struct msgc_str payload;

	ck_assert(msgc_test_json(frame, "/payload", &payload));
	ck_assert_uint_eq(payload.len, len + 2);
	ck_assert_mem_eq(payload.ptr + 1, text_of(len), len);
	msgc_test_assert_json(frame, "/is_current", is_mine ? "true" : "false");
}

START_TEST(only_who_offers_it_where_the_contract_says_so)
{
	start();
	ck_assert(msgc_test_is_compressed(enter(packed_browser, "/packed/1/")));
	ck_assert(!msgc_test_is_compressed(enter(packed_browser, "/plain/1/")));
	ck_assert(!msgc_test_is_compressed(enter(plain_browser, "/packed/1/")));
	stop();
}
END_TEST

START_TEST(the_configuration_can_forbid_it)
{
	start_with("--compression=no", NULL);
	ck_assert(!msgc_test_is_compressed(enter(packed_browser, "/packed/1/")));
	stop();
}
END_TEST

START_TEST(in_memory_there_is_nothing_to_deflate)
{
	struct msgc_test_client *client;

	test = msgc_test_start(MSGC_TEST_MEMORY, packed_make, NULL, NULL);
	packed_browser = msgc_test_browser_new(test);
	msgc_test_offer_compression(packed_browser);
	client = enter(packed_browser, "/packed/1/");
	ck_assert(!msgc_test_is_compressed(client));
	say(client, "say", 5000);
	expect(client, "said", 5000);
	stop();
}
END_TEST

START_TEST(answers_are_deflated_from_the_threshold_on)
{
	static const size_t around = sizeof("{\"action\":\"said\",\"payload\":\"\"}") - 1;
	struct msgc_test_client *client;

	start();
	client = enter(packed_browser, "/packed/1/");
	say(client, "say", 511 - around);
	expect(client, "said", 511 - around);
	ck_assert_uint_eq(deflated_in(client), 0);
	say(client, "say", 512 - around);
	expect(client, "said", 512 - around);
	ck_assert_uint_eq(deflated_in(client), 1);
	stop();
}
END_TEST

START_TEST(the_threshold_is_configured)
{
	struct msgc_test_client *client;

	start_with("--compression-threshold=100", NULL);
	client = enter(packed_browser, "/packed/1/");
	say(client, "say", 100);
	expect(client, "said", 100);
	ck_assert_uint_eq(deflated_in(client), 1);
	stop();
}
END_TEST

START_TEST(messages_of_all_sizes)
{
	static const size_t sizes[] = {0, 1, 1000, 4000, 4096, 5000, 32768, 65536, 200000};
	struct msgc_test_client *client;

	start();
	client = enter(packed_browser, "/packed/1/");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		say(client, "say", sizes[i]);
		expect(client, "said", sizes[i]);
	}
	msgc_test_send_fragments(client, "{\"action\":\"say\",\"payload\":\"Zo\xc3\xab\"}", 3);
	msgc_test_assert_json(msgc_test_expect(client, "said"), "/payload", "\"Zo\xc3\xab\"");
	ck_assert_int_eq(counter("msgc_inflated_messages_total", "packed"), 10);
	ck_assert_int_gt(counter("msgc_inflated_to_bytes_total", "packed"),
	        10 * counter("msgc_inflated_from_bytes_total", "packed"));
	stop();
}
END_TEST

START_TEST(a_group_s_frame_is_deflated_once_for_all)
{
	enum { PACKED = 5, PLAIN = 3, ROUNDS = 4 };
	struct msgc_test_client *packed[PACKED], *plain[PLAIN], *speaker;

	start();
	speaker = enter(packed_browser, "/packed/1/");
	for (int i = 0; i < PACKED; i++)
		packed[i] = enter(packed_browser, "/packed/1/");
	for (int i = 0; i < PLAIN; i++)
		plain[i] = enter(plain_browser, i % 2 ? "/plain/1/" : "/packed/1/");
	for (int round = 0; round < ROUNDS; round++) {
		say(speaker, "tell", 3000);
		expect_told(speaker, 3000, true);
		for (int i = 0; i < PACKED; i++)
			expect_told(packed[i], 3000, false);
		for (int i = 0; i < PLAIN; i++)
			expect_told(plain[i], 3000, false);
	}
	/* One face for the speaker, one for the others. */
	ck_assert_int_eq(counter("msgc_deflated_messages_total", "packed"), 2 * ROUNDS);
	ck_assert_int_eq(
	        counter("msgc_deflated_frames_sent_total", "packed"), (1 + PACKED) * ROUNDS);
	for (int i = 0; i < PACKED; i++)
		ck_assert_uint_eq(deflated_in(packed[i]), ROUNDS);
	stop();
}
END_TEST

/* Many messages at once, so that frames are appended to others' buffers: nobody may get the other kind. */
START_TEST(members_of_both_kinds_and_bursts)
{
	static const size_t sizes[] = {10, 600, 20, 1500, 700, 30, 5000, 40};
	enum { BURST = 24 };
	struct msgc_test_client *packed, *plain;

	start_with(_i ? "--outbox-policy=drop-oldest" : NULL, NULL);
	packed = enter(packed_browser, "/packed/1/");
	plain = enter(plain_browser, "/packed/1/");
	for (int i = 0; i < BURST; i++)
		say(_i % 2 ? packed : plain, "tell", sizes[i % 8]);
	for (int i = 0; i < BURST; i++)
		expect_told(packed, sizes[i % 8], _i % 2);
	for (int i = 0; i < BURST; i++)
		expect_told(plain, sizes[i % 8], !(_i % 2));
	ck_assert_uint_eq(deflated_in(packed), BURST / 2);
	ck_assert_uint_eq(deflated_in(plain), 0);
	stop();
}
END_TEST

START_TEST(what_was_missed_comes_deflated_too)
{
	struct msgc_test_client *speaker, *back;
	struct msgc_str epoch;
	char target[128];

	start();
	speaker = enter(plain_browser, "/plain/1/");
	say(speaker, "tell", 10);
	ck_assert(msgc_test_json(msgc_test_expect(speaker, "told"), "/epoch", &epoch));
	snprintf(target, sizeof(target), "/packed/1/?epoch=%.*s&seq=1", (int)epoch.len - 2,
	        epoch.ptr + 1);
	for (int i = 0; i < 20; i++) {
		say(speaker, "tell", 2000);
		expect_told(speaker, 2000, true);
	}
	back = enter(packed_browser, target);
	for (int i = 0; i < 20; i++)
		expect_told(back, 2000, false);
	msgc_test_expect(back, "recovered");
	ck_assert_uint_eq(deflated_in(back), 20);
	stop();
}
END_TEST

/* RFC 7692 section 7.1.2.1: members with different windows are in one group, and get what each of them can inflate. */
START_TEST(windows_as_the_client_wishes)
{
	static const char *const offers[] = {"permessage-deflate; server_max_window_bits=9",
	        "permessage-deflate; server_max_window_bits=13", "permessage-deflate"};
	enum { CLIENTS = 6 };
	struct msgc_test_client *clients[CLIENTS];

	start();
	for (int i = 0; i < CLIENTS; i++) {
		msgc_test_set_header(packed_browser, "Sec-WebSocket-Extensions", offers[i % 3]);
		clients[i] = enter(packed_browser, "/packed/1/");
		ck_assert(msgc_test_is_compressed(clients[i]));
	}
	say(clients[0], "tell", 20000);
	for (int i = 0; i < CLIENTS; i++)
		expect_told(clients[i], 20000, i == 0);
	/* One face for the speaker, of three windows for the others. */
	ck_assert_int_eq(counter("msgc_deflated_messages_total", "packed"), 1 + 3);
	/* Short messages look back no further than they are long. */
	say(clients[0], "tell", 510);
	for (int i = 0; i < CLIENTS; i++)
		expect_told(clients[i], 510, i == 0);
	ck_assert_int_eq(counter("msgc_deflated_messages_total", "packed"), 4 + 1 + 2);
	stop();
}
END_TEST

/* What counts is what waits: forty messages of 100,000 letters are more than the outbox holds, but not deflated. */
START_TEST(the_outbox_counts_what_really_waits)
{
	struct msgc_test_client *client;
	struct msgc_str payload;

	start();
	client = enter(packed_browser, "/packed/1/");
	msgc_test_send(client, "{\"action\":\"pour\",\"payload\":40}");
	for (int i = 0; i < 40; i++) {
		ck_assert(msgc_test_json(msgc_test_expect(client, "drop"), "/payload", &payload));
		ck_assert_uint_eq(payload.len, 100002);
	}
	client = enter(plain_browser, "/packed/1/");
	msgc_test_send(client, "{\"action\":\"pour\",\"payload\":40}");
	msgc_test_assert_closed(client, 4408);
	stop();
}
END_TEST

/* What cannot be made shorter goes as it is. */
START_TEST(noise_is_sent_as_it_is)
{
	static char noise[3001], frame[4000];
	struct msgc_test_client *client;
	unsigned state = 1;
	struct msgc_str payload;

	for (size_t i = 0; i < 3000; i++) {
		state = state * 1664525 + 1013904223;
		noise[i] =
		        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[state >>
		                26];
	}
	start_with("--compression-threshold=1", NULL);
	client = enter(packed_browser, "/packed/1/");
	/* Short ones do not get shorter. */
	msgc_test_send(client, "{\"action\":\"say\",\"payload\":\"x\"}");
	ck_assert(msgc_test_json(msgc_test_expect(client, "said"), "/payload", &payload));
	snprintf(frame, sizeof(frame), "{\"action\":\"say\",\"payload\":\"%s\"}", noise);
	msgc_test_send(client, frame);
	ck_assert(msgc_test_json(msgc_test_expect(client, "said"), "/payload", &payload));
	ck_assert_mem_eq(payload.ptr + 1, noise, 3000);
	ck_assert_int_ge(counter("msgc_deflated_from_bytes_total", "packed"),
	        counter("msgc_deflated_to_bytes_total", "packed") + 1);
	stop();
}
END_TEST

START_TEST(it_drains_and_closes_like_others)
{
	struct msgc_test_client *client;

	start();
	client = enter(packed_browser, "/packed/1/");
	say(client, "say", 5000);
	expect(client, "said", 5000);
	msgc_test_ping(client);
	ck_assert_int_eq(msgc_test_stop_code(test), 0);
}
END_TEST

START_TEST(with_two_workers)
{
	struct msgc_test_client *clients[6];

	start_with("--workers=2", NULL);
	for (int i = 0; i < 6; i++)
		clients[i] = enter(i % 2 ? plain_browser : packed_browser, "/packed/1/");
	for (int round = 0; round < 10; round++) {
		say(clients[0], "tell", 4000);
		for (int i = 0; i < 6; i++)
			expect_told(clients[i], 4000, i == 0);
	}
	stop();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("deflate");
	TCase *all = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 60);
	tcase_add_test(all, only_who_offers_it_where_the_contract_says_so);
	tcase_add_test(all, the_configuration_can_forbid_it);
	tcase_add_test(all, in_memory_there_is_nothing_to_deflate);
	tcase_add_test(all, answers_are_deflated_from_the_threshold_on);
	tcase_add_test(all, the_threshold_is_configured);
	tcase_add_test(all, messages_of_all_sizes);
	tcase_add_test(all, a_group_s_frame_is_deflated_once_for_all);
	tcase_add_loop_test(all, members_of_both_kinds_and_bursts, 0, 2);
	tcase_add_test(all, what_was_missed_comes_deflated_too);
	tcase_add_test(all, windows_as_the_client_wishes);
	tcase_add_test(all, the_outbox_counts_what_really_waits);
	tcase_add_test(all, noise_is_sent_as_it_is);
	tcase_add_test(all, it_drains_and_closes_like_others);
	tcase_add_test(all, with_two_workers);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
