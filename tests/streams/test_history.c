/* SPDX-License-Identifier: MIT */
/*
 * Histories as clients see them: over sockets and in memory, with one worker and with two, kept in memory and in a file. Members come and go while others speak; what each of
 * them has seen in the end is the whole stream, in order and once.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "program.h"

static struct msgc_test *test;

enum { WAYS = 8 };

static void start_with(int i, const char *key)
{
	const char *keys[4] = {i / 2 % 2 == 0 ? "--workers=1" : "--workers=2"};
	unsigned n = 1;

	if (i >= WAYS / 2)
		keys[n++] = streams_file_key();
	keys[n] = key;

	test = msgc_test_start(
	        i % 2 == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, streams_make, NULL, keys);
}

static void start(int i)
{
	start_with(i, NULL);
}

static void stop(void)
{
	msgc_test_stop(test);
	streams_file_remove();
}

static struct msgc_test_client *enter(const char *name, const char *target)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(test);
	struct msgc_test_client *client;

	if (name)
		msgc_test_set_cookie(browser, "sid", name);
	client = msgc_test_connect(browser, target);
	msgc_test_wait_for_auth(client);
	return client;
}

/* What a client remembers while it is away. */
struct memory {
	char epoch[32];
	long seq;
};

static long number_at(const struct msgc_test_frame *frame, const char *pointer)
{
	struct msgc_str json;

	ck_assert(msgc_test_json(frame, pointer, &json));
	return strtol(json.ptr, NULL, 10);
}

static void remember(struct memory *memory, const struct msgc_test_frame *frame, const char *prefix)
{
	struct msgc_str epoch;
	char pointer[32];

	snprintf(pointer, sizeof pointer, "%s/epoch", prefix);
	ck_assert(msgc_test_json(frame, pointer, &epoch));
	ck_assert_uint_lt(epoch.len - 2, sizeof memory->epoch);
	snprintf(memory->epoch, sizeof memory->epoch, "%.*s", (int)epoch.len - 2, epoch.ptr + 1);
	snprintf(pointer, sizeof pointer, "%s/seq", prefix);
	memory->seq = number_at(frame, pointer);
}

static struct msgc_test_client *come_back(const char *name, const struct memory *memory)
{
	char target[256];

	snprintf(target, sizeof target, "/talk/a/?epoch=%s&seq=%ld", memory->epoch, memory->seq);
	return enter(name, target);
}

START_TEST(what_was_missed_comes_first)
{
	const struct msgc_test_frame *frame;
	struct msgc_test_client *ada, *bob;
	struct memory memory = {"", 0};

	start(_i);
	ada = enter("ada", "/talk/a/");
	bob = enter("bob", "/talk/a/?epoch=");
	frame = msgc_test_expect(bob, "recovered");
	msgc_test_assert_json(frame, "/payload/group", "\"channel_a\"");
	msgc_test_assert_json(frame, "/payload/recovered", "false");
	msgc_test_assert_json(frame, "/payload/seq", "0");
	msgc_test_send(ada, "{\"action\":\"say\",\"payload\":\"one\",\"ref\":\"1\"}");
	frame = msgc_test_expect(ada, "line");
	msgc_test_assert_json(frame, "/is_mine", "true");
	msgc_test_assert_json(frame, "/is_current", "true");
	msgc_test_assert_json(frame, "/seq", "1");
	msgc_test_assert_json(msgc_test_expect(ada, "said"), "/ref", "\"1\"");
	remember(&memory, msgc_test_expect(bob, "line"), "");
	ck_assert_int_eq(memory.seq, 1);
	msgc_test_close(bob, 1000);
	msgc_test_send(ada, "{\"action\":\"wave\",\"payload\":\"hello\"}");
	msgc_test_send(ada, "{\"action\":\"say\",\"payload\":\"two\"}");
	msgc_test_expect(ada, "wink");
	msgc_test_expect(ada, "line");
	msgc_test_expect(ada, "said");
	msgc_test_drop(ada);
	bob = come_back("bob", &memory);
	frame = msgc_test_receive(bob);
	msgc_test_assert_json(frame, "/payload", "\"two\"");
	msgc_test_assert_json(frame, "/is_mine", "false");
	msgc_test_assert_json(frame, "/seq", "2");
	frame = msgc_test_receive(bob);
	msgc_test_assert_json(frame, "/payload/recovered", "true");
	msgc_test_assert_json(frame, "/payload/seq", "2");
	ada = come_back("ada", &memory);
	frame = msgc_test_receive(ada);
	msgc_test_assert_json(frame, "/is_mine", "true");
	msgc_test_assert_json(frame, "/is_current", "false");
	msgc_test_expect(ada, "recovered");
	msgc_test_send(ada, "{\"action\":\"say\",\"payload\":\"three\"}");
	msgc_test_assert_json(msgc_test_expect(bob, "line"), "/seq", "3");
	stop();
}
END_TEST

START_TEST(groups_have_streams_of_their_own)
{
	struct memory a = {"", 0}, b = {"", 0};
	struct msgc_test_client *client;

	start(_i);
	client = enter(NULL, "/talk/a/");
	msgc_test_send(client, "{\"action\":\"say\",\"payload\":\"x\"}");
	remember(&a, msgc_test_expect(client, "line"), "");
	client = enter(NULL, "/talk/b/");
	msgc_test_send(client, "{\"action\":\"say\",\"payload\":\"x\"}");
	remember(&b, msgc_test_expect(client, "line"), "");
	ck_assert_str_ne(a.epoch, b.epoch);
	ck_assert_int_eq(b.seq, 1);
	client = come_back(NULL, &b); /* to a, with the position of b */
	msgc_test_assert_json(msgc_test_receive(client), "/payload/recovered", "false");
	stop();
}
END_TEST

/* ----------------------------------------------------------------------------------- many, coming and going */

enum { SPEAKERS = 2, LISTENERS = 3, LINES = 150 };

/* Speaks from a thread of the program's. */
static void *speak(void *arg)
{
	int speaker = *(const int *)arg;
	char text[32];

	for (int i = 0; i < LINES; i++) {
		struct streams_line line = {
		        .payload = {
		                text, (size_t)snprintf(text, sizeof text, "%d %d", speaker, i)}};
		struct streams_wink wink = {.payload = line.payload};

		while (streams_channel_broadcast_line(msgc_test_server(test), MSGC_STR("a"), NULL,
		               &line, MSGC_TO_ALL) == MSGC_EBUSY)
			;
		(void)streams_channel_broadcast_wink(
		        msgc_test_server(test), MSGC_STR("a"), NULL, &wink, MSGC_TO_ALL);
	}
	return NULL;
}

/* What a listener has seen: the next number, each speaker's next word, and how often it came back. */
struct listener {
	struct memory memory;
	struct msgc_test_client *client;
	int next[SPEAKERS];
	int comings;
	bool behind; /* between its coming and `recovered` */
};

static void take_line(struct listener *l, const struct msgc_test_frame *frame)
{
	long before = l->memory.seq;
	struct msgc_str payload;
	int speaker, word;

	remember(&l->memory, frame, "");
	ck_assert_int_eq(l->memory.seq, before + 1);
	ck_assert(msgc_test_json(frame, "/payload", &payload));
	ck_assert_int_eq(sscanf(payload.ptr, "\"%d %d\"", &speaker, &word), 2);
	ck_assert_int_eq(word, l->next[speaker]);
	l->next[speaker]++;
}

static void take_frame(struct listener *l)
{
	const struct msgc_test_frame *frame = msgc_test_receive(l->client);

	if (msgc_str_equal(frame->action, MSGC_STR("line"))) {
		take_line(l, frame);
	} else if (msgc_str_equal(frame->action, MSGC_STR("recovered"))) {
		msgc_test_assert_json(frame, "/payload/recovered", "true");
		ck_assert_int_eq(number_at(frame, "/payload/seq"), l->memory.seq);
		ck_assert(l->behind);
		l->behind = false;
	} else {
		/* What is not kept may be missed, but it never comes before what was kept before it. */
		struct msgc_str payload;
		int speaker, word;

		ck_assert(msgc_str_equal(frame->action, MSGC_STR("wink")));
		ck_assert(msgc_test_json(frame, "/payload", &payload));
		ck_assert_int_eq(sscanf(payload.ptr, "\"%d %d\"", &speaker, &word), 2);
		ck_assert_int_lt(word, l->next[speaker]);
	}
}

static void come_again(struct listener *l)
{
	msgc_test_drop(l->client);
	l->client = come_back(NULL, &l->memory);
	l->behind = true;
	l->comings++;
}

START_TEST(no_gap_nothing_twice_in_order)
{
	struct listener listeners[LISTENERS] = {{.comings = 0}};
	int speakers[SPEAKERS];
	pthread_t threads[SPEAKERS];
	struct msgc_test_client *first;

	start(_i);
	first = enter(NULL, "/talk/a/");
	msgc_test_send(first, "{\"action\":\"say\",\"payload\":\"begin\"}");
	remember(&listeners[0].memory, msgc_test_expect(first, "line"), "");
	for (int i = 0; i < LISTENERS; i++) {
		listeners[i].memory = listeners[0].memory;
		listeners[i].client = come_back(NULL, &listeners[i].memory);
		listeners[i].behind = true;
	}
	for (int i = 0; i < SPEAKERS; i++) {
		speakers[i] = i;
		pthread_create(&threads[i], NULL, speak, &speakers[i]);
	}
	for (int left = LISTENERS; left > 0;) {
		left = 0;
		for (int i = 0; i < LISTENERS; i++) {
			struct listener *l = &listeners[i];
			bool done = l->memory.seq == 1 + SPEAKERS * LINES && !l->behind;

			if (!done)
				take_frame(l);
			if (!done && l->comings < 20 && rand() % 10 == 0)
				come_again(l);
			left += !done;
		}
	}
	for (int i = 0; i < SPEAKERS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < LISTENERS; i++)
		ck_assert_int_eq(listeners[i].next[0] + listeners[i].next[1], SPEAKERS * LINES);
	stop();
}
END_TEST

/* A long one, numbered; it is stored. */
static void tell(struct msgc_test_client *client, int number)
{
	msgc_test_sendf(client, "{\"action\":\"say\",\"payload\":\"%06d %0190d\"}", number, 0);
	msgc_test_expect(client, "said");
}

/* Several times what may wait for a client; what is said meanwhile comes behind it. */
START_TEST(what_was_missed_comes_in_pages)
{
	enum { MANY = 700 };
	const struct msgc_test_frame *frame;
	struct msgc_test_client *ada, *bob;
	struct memory memory = {"", 0};
	struct msgc_str payload;
	bool recovered = false;

	start_with(_i, "--outbox-limit=64KiB");
	ada = enter("ada", "/talk/a/");
	bob = enter("bob", "/talk/a/");
	tell(ada, 1);
	remember(&memory, msgc_test_expect(bob, "line"), "");
	msgc_test_close(bob, 1000);
	for (int i = 2; i <= MANY; i++)
		tell(ada, i);
	bob = come_back("bob", &memory);
	tell(ada, MANY + 1);
	for (long next = 2; next <= MANY + 1 || !recovered;) {
		frame = msgc_test_receive(bob);
		if (msgc_str_equal(frame->action, MSGC_STR("recovered"))) {
			msgc_test_assert_json(frame, "/payload/recovered", "true");
			ck_assert_int_ge(next, MANY + 1);
			recovered = true;
			continue;
		}
		ck_assert_int_eq(number_at(frame, "/seq"), next);
		ck_assert(msgc_test_json(frame, "/payload", &payload));
		ck_assert_int_eq(strtol(payload.ptr + 1, NULL, 10), next);
		next++;
	}
	stop();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("streams history");
	TCase *all = tcase_create("history");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 60);
	tcase_add_loop_test(all, what_was_missed_comes_first, 0, WAYS);
	tcase_add_loop_test(all, groups_have_streams_of_their_own, 0, WAYS);
	tcase_add_loop_test(all, what_was_missed_comes_in_pages, 0, WAYS);
	tcase_add_loop_test(all, no_gap_nothing_twice_in_order, 0, WAYS);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
