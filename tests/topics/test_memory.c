/* SPDX-License-Identifier: MIT */
/*
 * The Nth allocation fails, for every N, while clients subscribe, speak, come back and leave: nothing crashes, leaks or hangs, each hook
 * that had a beginning has an end, and nobody is told what is not so.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "program.h"
#include "shortage.h"

#include "server/worker.h"
#include "transport/memory.h"

/* -------------------------------------------------------------------------------------------- the visit */

typedef struct msgc__memory_client client;

static struct msgc__memory memory;
static int subscribed, said; /* that clients were told of */
static char epoch[32];

static client *come(
        struct msgc_server *server, const char *path, const char *query, const char *cookie)
{
	struct msgc__header headers[] = {{"host", MSGC_STR_INIT("topics.example")},
	        {"origin", MSGC_STR_INIT("http://topics.example")},
	        {"cookie", msgc_str_from(cookie)}};
	struct msgc__request request = {.method = "GET",
	        .path = msgc_str_from(path),
	        .query = msgc_str_from(query),
	        .headers = headers,
	        .header_count = 3,
	        .address = "127.0.0.1"};
	client *c = msgc__memory_connect(server, 0, &request);

	msgc__memory_pump(&memory);
	return c;
}

static void say(client *c, const char *frame)
{
	if (c)
		msgc__memory_send(c, frame, strlen(frame));
	msgc__memory_pump(&memory);
}

static void look_at(const char *frame)
{
	const char *at = strstr(frame, "\"epoch\":\"");

	subscribed += strstr(frame, "{\"action\":\"subscribed\"") != NULL;
	said += strstr(frame, "{\"action\":\"said\"") != NULL;
	if (at && !epoch[0])
		(void)sscanf(at, "\"epoch\":\"%31[0-9a-f]", epoch);
}

/* Reads what has come; without arms, since it is not the server's memory. */
static void listen(client *c)
{
	static char text[4096];
	struct msgc__memory_state state;
	struct msgc_buf message;
	bool any = c != NULL;

	shortage_arm(false);
	if (c) {
		msgc__memory_look(c, &state);
		ck_assert(!state.malformed);
		any = !state.lost;
	}
	while (any) {
		msgc_buf_init_fixed(&message, text, sizeof text - 1);
		any = msgc__memory_receive(c, &message, 0);
		text[message.len] = '\0';
		if (any)
			look_at(text);
	}
	shortage_arm(true);
}

static void leave(client *c)
{
	listen(c);
	shortage_arm(false);
	msgc__memory_free(c);
	shortage_arm(true);
	msgc__memory_pump(&memory);
}

static void visit(struct msgc_server *server)
{
	static const struct topics_archived archived = {.payload = {.reason = {"old", 3}}};
	client *ada = come(server, "/door/", "", "sid=ada");
	client *bob = come(server, "/discussion/20/", "epoch=", "sid=bob");
	client *eve = come(server, "/desk/", "", "sid=eve");
	char frame[256];

	epoch[0] = '\0';
	say(ada, "{\"action\":\"subscribe\",\"topic\":\"discussion:20\",\"ref\":\"1\"}");
	say(ada, "{\"action\":\"subscribe\",\"topic\":\"discussion:1500\"}");
	say(ada, "{\"action\":\"subscribe\",\"topic\":\"discussion:2500\"}");
	say(ada, "{\"action\":\"subscribe\",\"topic\":\"discussion:77\"}");
	say(ada, "{\"action\":\"subscribe\",\"topic\":\"discussion:66\"}");
	say(ada, "{\"action\":\"subscribe\",\"topic\":\"discussion:404\"}");
	say(ada,
	        "{\"action\":\"subscribe\",\"topic\":\"run:550e8400-e29b-41d4-a716-446655440000/"
	        "a\"}");
	say(ada, "{\"action\":\"subscribe\",\"topic\":\"discussion:%32%30\"}");
	say(eve,
	        "{\"action\":\"subscribe\",\"topic\":\"discussion:20\",\"payload\":{\"epoch\":\"\","
	        "\"seq\":0}}");
	say(ada,
	        "{\"action\":\"say\",\"topic\":\"discussion:20\",\"ref\":\"2\",\"payload\":{"
	        "\"text\":\"one\"}}");
	say(bob, "{\"action\":\"say\",\"message_id\":\"m\",\"payload\":{\"text\":\"later\"}}");
	(void)topics_discussion_event_archived(server, 20, &archived);
	msgc__memory_pump(&memory);
	listen(eve);
	say(eve, "{\"action\":\"unsubscribe\",\"topic\":\"discussion:20\"}");
	say(ada, "{\"action\":\"say\",\"topic\":\"discussion:20\",\"payload\":{\"text\":\"two\"}}");
	snprintf(frame, sizeof frame,
	        "{\"action\":\"subscribe\",\"topic\":\"discussion:20\",\"payload\":{\"epoch\":\"%"
	        "s\",\"seq\":1}}",
	        epoch);
	say(eve, frame);
	say(ada, "{\"action\":\"wave\",\"topic\":\"discussion:20\",\"payload\":\"x\"}");
	say(ada, "{\"action\":\"wave\",\"topic\":\"nothing\",\"payload\":\"x\"}");
	say(ada, "{\"action\":\"say\",\"topic\":\"discussion:77\",\"payload\":{\"text\":\"out\"}}");
	say(ada, "{\"action\":\"unsubscribe\",\"topic\":\"discussion:20\"}");
	say(bob, "{\"action\":\"unsubscribe\",\"topic\":\"discussion:20\"}");
	if (ada)
		msgc__memory_close(ada, 1000);
	msgc__memory_pump(&memory);
	leave(ada);
	leave(bob);
	leave(eve);
}

/* The whole life of a server. True: it ran to its end. */
static bool live(void)
{
	static char *argv[] = {(char *)(uintptr_t) "tests",
	        (char *)(uintptr_t) "--drain-timeout=1s", (char *)(uintptr_t) "--log-level=error",
	        NULL};
	struct msgc_server *server;
	bool ran = false;

	subscribed = said = 0;
	(void)topics_told();
	topics_forget();
	memset(&memory, 0, sizeof memory);
	server = msgc_server_new(2, argv);
	if (!server)
		return false;
	server->log.level = (enum msgc_log_level)(MSGC_LOG_ERROR + 1);
	topics_serve(server, NULL);
	if (msgc__memory_start(&memory, server) == 0) {
		ran = true;
		visit(server);
		(void)msgc__memory_stop(&memory);
	}
	msgc_server_free(server);
	return ran;
}

static void check(unsigned long n)
{
	ck_assert_msg(
	        topics_objects() == 0, "allocation %lu: %d objects are left", n, topics_objects());
	ck_assert_msg(topics_following() == 0, "allocation %lu: %d subscriptions are left: %s", n,
	        topics_following(), topics_told());
	ck_assert_msg(said <= topics_posts(), "allocation %lu: a lie", n);
}

static unsigned long count_all(void)
{
	shortage_of(SHORTAGE_NONE, SHORTAGE_NONE);
	shortage_arm(true);
	ck_assert(live());
	shortage_arm(false);
	check(0);
	ck_assert_int_eq(subscribed, 9);
	ck_assert_int_eq(said, 4);
	ck_assert_str_ne(epoch, "");
	return shortage_count();
}

static void fail_each(unsigned long howmany)
{
	unsigned long all = count_all();

	ck_assert_uint_gt(all, 100);
	for (unsigned long n = 1; n <= all; n++) {
		shortage_of(n, howmany == 0 ? SHORTAGE_FOR_GOOD : n + howmany - 1);
		shortage_arm(true);
		(void)live();
		shortage_arm(false);
		check(n);
	}
}

START_TEST(any_single_allocation_may_fail)
{
	fail_each(1);
}
END_TEST

START_TEST(memory_may_be_gone_for_a_while)
{
	fail_each(8);
}
END_TEST

START_TEST(memory_may_be_gone_for_good)
{
	fail_each(0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("topics memory");
	TCase *all = tcase_create("topics memory");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 240);
	tcase_add_test(all, any_single_allocation_may_fail);
	tcase_add_test(all, memory_may_be_gone_for_a_while);
	tcase_add_test(all, memory_may_be_gone_for_good);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
