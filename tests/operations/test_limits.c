/* SPDX-License-Identifier: MIT */
/*
 * Rates by connection, user and address, and what becomes of output that is not read: on a server that is driven by hand, and over sockets.
 */
#include "hall.h"

#include <stdio.h>

static int find(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret)
{
	(void)app;
	(void)lookup;
	ret->id = cookie;
	return 0;
}

static int join_room(struct hall *hall)
{
	return hall_join(hall, "room");
}

static int echo(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)hall;
	reply->payload = in->payload;
	return 0;
}

static void start(void)
{
	static const enum msgc_auth_kind by_session[] = {MSGC_AUTH_SESSION, MSGC_AUTH_ANONYMOUS};

	msgc_server_use_sessions(world->server, "session", find, NULL);
	world->consumer.auth = by_session;
	world->consumer.auth_count = 2;
	world->handlers.joins = join_room;
	world->handlers.say = echo;
	world_start();
}

static void say(client *c)
{
	tell(c, "{\"action\":\"say\",\"payload\":\"x\",\"ref\":\"1\"}");
}

#define SAID "{\"action\":\"said\",\"payload\":\"x\",\"ref\":\"1\"}"
#define LIMITED(seconds)                                                                           \
	"{\"action\":\"error\",\"payload\":{\"reason\":\"rate_limited\",\"detail\":\"Too many "    \
	"messages.\",\"retry_after\":" seconds "},\"ref\":\"1\"}"

/* ------------------------------------------------------------------------------------------ rates */

START_TEST(a_connection_has_a_rate_beside_its_contracts)
{
	client *a, *b;

	world_make("--connection-rate=2 per 10s", NULL);
	start();
	a = enter();
	b = enter();
	say(a), say(a), say(a);
	expect(a, SAID);
	expect(a, SAID);
	expect(a, LIMITED("5"));
	say(b);
	expect(b, SAID);
	msgc__memory_advance(&world->memory, 5000);
	world_pump();
	say(a);
	expect(a, SAID);
	world_end();
}
END_TEST

START_TEST(a_burst_is_let_through_at_once)
{
	client *c;

	world_make("--connection-rate=1 per 1s burst 4", NULL);
	start();
	c = enter();
	for (int i = 0; i < 5; i++)
		say(c);
	for (int i = 0; i < 4; i++)
		expect(c, SAID);
	expect(c, LIMITED("1"));
	world_end();
}
END_TEST

START_TEST(a_user_has_one_rate_for_all_connections)
{
	client *anna, *again, *berta, *nobody;

	world_make("--user-rate=3 per 60s", "--bad-frame-limit=0", NULL);
	start();
	anna = enter_as("anna");
	again = enter_as("anna");
	berta = enter_as("berta");
	nobody = enter();
	say(anna), say(again), say(anna), say(again);
	expect(anna, SAID);
	expect(anna, SAID);
	expect(again, SAID);
	expect(again, LIMITED("20"));
	say(berta);
	expect(berta, SAID);
	for (int i = 0; i < 5; i++) {
		say(nobody);
		expect(nobody, SAID);
	}
	world_end();
}
END_TEST

START_TEST(an_address_has_one_rate_for_all_connections)
{
	client *a, *b;

	world_make("--address-rate=2 per 2s", NULL);
	start();
	a = enter_as("anna");
	b = enter_as("berta");
	say(a), say(b), say(b);
	expect(a, SAID);
	expect(b, SAID);
	expect(b, LIMITED("1"));
	world_end();
}
END_TEST

START_TEST(too_many_handshakes_are_answered_429)
{
	struct msgc__memory_state state;
	client *c;

	world_make("--handshake-rate=2 per 30s", NULL);
	start();
	enter();
	enter();
	c = visit("/ws/hall/7/", NULL);
	msgc__memory_look(c, &state);
	ck_assert_int_eq(state.status, 429);
	ck_assert_int_eq(state.retry_after, 15);
	msgc__memory_advance(&world->memory, 15000);
	enter();
	world_end();
}
END_TEST

START_TEST(who_goes_on_regardless_is_closed)
{
	client *c;

	world_make("--connection-rate=1 per 60s", "--bad-frame-limit=5", NULL);
	start();
	c = enter();
	say(c);
	expect(c, SAID);
	for (int i = 0; i < 6; i++)
		say(c);
	for (int i = 0; i < 5; i++)
		expect(c, LIMITED("60"));
	expect_begin(c, "{\"action\":\"error\"");
	expect_closed(c, 4429);
	world_end();
}
END_TEST

/* ------------------------------------------------------------------------------------- slow readers */

enum { MESSAGES = 600 };

static void shout(int i)
{
	char number[16];

	snprintf(number, sizeof number, "%d", i);
	ck_assert_int_eq(
	        hall_publish(world->server, "room", &plain_message, NULL, number, MSGC_TO_ALL), 0);
}

/* How many of the numbered messages come, from which on and up to which; they must be in order. */
static int read_numbers(client *c, int *ret_first, int *ret_last)
{
	struct msgc_buf text;
	int count = 0, last = -1;

	msgc_buf_init(&text, 0);
	for (;;) {
		int number;

		msgc_buf_reset(&text);
		if (!msgc__memory_receive(c, &text, 0))
			break;
		if (sscanf(msgc_buf_c(&text), "{\"action\":\"plain\",\"payload\":\"%d\"}",
		            &number) != 1)
			continue;
		ck_assert_int_gt(number, last);
		if (count++ == 0)
			*ret_first = number;
		last = number;
	}
	msgc_buf_free(&text);
	*ret_last = last;
	return count;
}

static client *slow(void)
{
	client *c = enter();

	msgc__memory_window(c, 0);
	return c;
}

static void fill(void)
{
	for (int i = 0; i < MESSAGES; i++)
		shout(i);
	world_pump();
}

static void read_on(client *c)
{
	msgc__memory_window(c, SIZE_MAX);
	world_pump();
}

START_TEST(by_default_a_slow_reader_is_sent_away)
{
	client *c;

	world_make("--outbox-limit=4KiB", "--frame-limit=4KiB", NULL);
	start();
	c = slow();
	fill();
	msgc__memory_advance(&world->memory, 10000);
	expect_closed(c, 1006); /* not even the CLOSE frame finds room in its socket */
	ck_assert(!world_logged("outbox.dropping"));
	world_end();
}
END_TEST

START_TEST(the_oldest_make_room)
{
	int first = 0, last = 0, count;
	client *c;

	world_make(
	        "--outbox-limit=4KiB", "--frame-limit=4KiB", "--outbox-policy=drop-oldest", NULL);
	start();
	c = slow();
	fill();
	ck_assert(world_logged("event=outbox.dropping"));
	read_on(c);
	count = read_numbers(c, &first, &last);
	ck_assert_int_eq(last, MESSAGES - 1);
	ck_assert_int_eq(count, last - first + 1); /* no hole behind the first */
	ck_assert_int_gt(first, 0);
	ck_assert_int_gt(count, 5);
	expect_open(c);
	say(c);
	expect(c, SAID);
	world_end();
}
END_TEST

START_TEST(those_that_come_now_are_left_out)
{
	int first = 0, last = 0, count;
	client *c;

	world_make("--outbox-limit=4KiB", "--frame-limit=4KiB", "--outbox-policy=drop-new", NULL);
	start();
	c = slow();
	fill();
	read_on(c);
	count = read_numbers(c, &first, &last);
	ck_assert_int_eq(first, 0);
	ck_assert_int_eq(count, last + 1);
	ck_assert_int_lt(last, MESSAGES - 1);
	ck_assert_int_gt(count, 50);
	shout(MESSAGES);
	world_pump();
	ck_assert_int_eq(read_numbers(c, &first, &last), 1);
	expect_open(c);
	world_end();
}
END_TEST

START_TEST(replies_are_never_dropped)
{
	static const char *const policies[] = {
	        "--outbox-policy=drop-oldest", "--outbox-policy=drop-new"};
	int first = 0, last = 0;
	client *c;

	world_make("--outbox-limit=4KiB", "--frame-limit=4KiB", policies[_i], NULL);
	start();
	c = slow();
	shout(0);
	say(c);
	for (int i = 1; i < MESSAGES; i++) {
		shout(i);
		if (_i == 0 && i % 100 == 0)
			say(c);
	}
	world_pump();
	read_on(c);
	if (_i == 0) {
		struct msgc_buf text;
		int replies = 0;

		msgc_buf_init(&text, 0);
		for (; msgc__memory_receive(c, &text, 0); msgc_buf_reset(&text))
			replies += strcmp(msgc_buf_c(&text), SAID) == 0;
		msgc_buf_free(&text);
		ck_assert_int_eq(replies, 6);
	} else {
		expect(c, "{\"action\":\"plain\",\"payload\":\"0\"}");
		expect(c, SAID);
		ck_assert_int_gt(read_numbers(c, &first, &last), 0);
	}
	expect_open(c);
	world_end();
}
END_TEST

START_TEST(without_anything_to_drop_the_client_is_sent_away)
{
	client *c;

	world_make(
	        "--outbox-limit=4KiB", "--frame-limit=4KiB", "--outbox-policy=drop-oldest", NULL);
	start();
	c = slow();
	shout(0);
	for (int i = 0; i < 200; i++)
		say(c);
	msgc__memory_advance(&world->memory, 10000);
	expect_closed(c, 1006);
	ck_assert(world_logged("code=4408"));
	world_end();
}
END_TEST

START_TEST(a_completion_goes_with_its_message)
{
	static const char *const policies[] = {
	        "--outbox-policy=drop-oldest", "--outbox-policy=drop-new"};
	bool message_before = false;
	struct msgc_buf text;
	client *c;
	int pairs = 0;

	world_make("--outbox-limit=4KiB", "--frame-limit=4KiB", policies[_i], NULL);
	world->consumer.completion = true;
	start();
	c = slow();
	fill();
	read_on(c);
	msgc_buf_init(&text, 0);
	for (; msgc__memory_receive(c, &text, 0); msgc_buf_reset(&text)) {
		bool is_complete =
		        strcmp(msgc_buf_c(&text), "{\"action\":\"group_complete\"}") == 0;

		ck_assert(!is_complete || message_before);
		pairs += is_complete;
		message_before = !is_complete;
	}
	msgc_buf_free(&text);
	ck_assert_int_gt(pairs, 2);
	world_end();
}
END_TEST

START_TEST(a_consumer_may_have_a_policy_of_its_own)
{
	static const char *const lists[] = {
	        "--consumer-outbox-policy=other=disconnect,hall=drop-new",
	        "--consumer-outbox-policy=tests.hall=drop-new",
	        "--consumer-outbox-policy=strange.hall=drop-new"};
	client *c;

	world_make("--outbox-limit=4KiB", "--frame-limit=4KiB", lists[_i], NULL);
	start();
	c = slow();
	fill();
	msgc__memory_advance(&world->memory, 10000);
	read_on(c);
	if (_i < 2)
		expect_open(c);
	ck_assert_int_eq(world_logged("code=4408"), _i == 2);
	world_end();
}
END_TEST

START_TEST(a_table_decides_before_the_configuration)
{
	client *c;

	world_make("--outbox-limit=1MiB", NULL);
	world->consumer.outbox_policy = MSGC_OUTBOX_DROP_NEW;
	world->consumer.outbox_limit = 4096;
	start();
	c = slow();
	fill();
	ck_assert(world_logged("event=outbox.dropping"));
	read_on(c);
	expect_open(c);
	world_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {a_connection_has_a_rate_beside_its_contracts,
	        a_burst_is_let_through_at_once, a_user_has_one_rate_for_all_connections,
	        an_address_has_one_rate_for_all_connections, too_many_handshakes_are_answered_429,
	        who_goes_on_regardless_is_closed, by_default_a_slow_reader_is_sent_away,
	        the_oldest_make_room, those_that_come_now_are_left_out,
	        without_anything_to_drop_the_client_is_sent_away,
	        a_table_decides_before_the_configuration, NULL};
	const TTest *const in_turn[] = {replies_are_never_dropped,
	        a_completion_goes_with_its_message, a_consumer_may_have_a_policy_of_its_own, NULL};
	const int times[] = {2, 2, 3};
	Suite *suite = suite_create("limits");
	TCase *one = tcase_create("one"), *loops = tcase_create("loops");
	SRunner *runner;
	int failed;

	for (size_t i = 0; tests[i]; i++)
		tcase_add_test(one, tests[i]);
	for (size_t i = 0; in_turn[i]; i++)
		tcase_add_loop_test(loops, in_turn[i], 0, times[i]);
	suite_add_tcase(suite, one);
	suite_add_tcase(suite, loops);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
