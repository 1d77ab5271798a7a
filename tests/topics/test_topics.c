/* SPDX-License-Identifier: MIT */
/*
 * Topics as clients see them: over sockets and in memory, with one worker and with two.
 */
#define _GNU_SOURCE 1 /* usleep */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "program.h"

static struct msgc_test *test;

static void start_with(int i, const char *argument)
{
	const char *const arguments[] = {i < 2 ? "--workers=1" : "--workers=2", argument, NULL};

	test = msgc_test_start(
	        i % 2 == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, topics_make, NULL, arguments);
}

static void start(int i)
{
	start_with(i, NULL);
}

/* All that was loaded has been released, and each hook that had a beginning had an end. */
static void stop(void)
{
	msgc_test_stop(test);
	ck_assert_int_eq(topics_objects(), 0);
	ck_assert_int_eq(topics_following(), 0);
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

/* {"action":…,"topic":…,"payload":…,"ref":…}; payload and ref may be NULL. */
static void say_to(struct msgc_test_client *client, const char *topic, const char *action,
        const char *payload, const char *ref)
{
	msgc_test_sendf(client, "{\"action\":\"%s\",\"topic\":\"%s\"%s%s%s%s%s}", action, topic,
	        payload ? ",\"payload\":" : "", payload ? payload : "", ref ? ",\"ref\":\"" : "",
	        ref ? ref : "", ref ? "\"" : "");
}

static const struct msgc_test_frame *expect_next(
        struct msgc_test_client *client, const char *topic, const char *action)
{
	const struct msgc_test_frame *frame = msgc_test_receive_topic(client, topic);

	ck_assert_msg(msgc_str_equal(frame->action, msgc_str_from(action)), "wanted %s: %s", action,
	        frame->text.ptr);
	return frame;
}

static void expect_refusal(struct msgc_test_client *client, const char *topic, const char *reason)
{
	char wanted[64];

	snprintf(wanted, sizeof wanted, "\"%s\"", reason);
	msgc_test_assert_json(expect_next(client, topic, "error"), "/payload/reason", wanted);
}

/* ------------------------------------------------------------------------------------------ the life */

START_TEST(a_topic_is_subscribed_to_used_and_left)
{
	const struct msgc_test_frame *frame;
	struct msgc_test_client *ada, *bob;

	start(_i);
	ada = enter("ada", "/door/");
	bob = enter("bob", "/door/");
	frame = msgc_test_subscribe(ada, "discussion:1");
	msgc_test_assert_json(frame, "/payload", NULL);
	msgc_test_assert_json(frame, "/version", "1");
	msgc_test_subscribe(bob, "discussion:1");
	say_to(ada, "discussion:1", "say", "{\"text\":\"hi\"}", "7");
	frame = expect_next(ada, "discussion:1", "posted");
	msgc_test_assert_json(frame, "/payload/text", "\"hi\"");
	msgc_test_assert_json(frame, "/is_mine", "true");
	msgc_test_assert_json(frame, "/is_current", "true");
	msgc_test_assert_json(frame, "/version", "1");
	msgc_test_assert_json(frame, "/seq", "1");
	msgc_test_assert_json(frame, "/ref", NULL);
	frame = expect_next(ada, "discussion:1", "said");
	msgc_test_assert_json(frame, "/ref", "\"7\"");
	frame = expect_next(bob, "discussion:1", "posted");
	msgc_test_assert_json(frame, "/is_mine", "false");
	msgc_test_unsubscribe(bob, "discussion:1");
	topics_wait_for("-discussion:1(0) ");
	say_to(ada, "discussion:1", "wave", "\"x\"", NULL);
	expect_next(ada, "discussion:1", "waved");
	msgc_test_assert_silent(bob);
	stop();
}
END_TEST

START_TEST(two_topics_and_the_consumer_have_a_cancel_each)
{
	static const char run[] = "run:550e8400-e29b-41d4-a716-446655440000/a b";
	struct msgc_test_client *ada;

	start(_i);
	ada = enter("ada", "/door/");
	msgc_test_subscribe(ada, "discussion:1");
	msgc_test_subscribe(ada, run);
	say_to(ada, "discussion:1", "cancel", NULL, "1");
	say_to(ada, run, "cancel", NULL, "2");
	msgc_test_send(ada, "{\"action\":\"cancel\",\"ref\":\"3\"}");
	msgc_test_assert_json(
	        expect_next(ada, "discussion:1", "cancelled"), "/payload", "\"a discussion\"");
	msgc_test_assert_json(expect_next(ada, run, "cancelled"), "/payload", "\"a run\"");
	msgc_test_assert_json(expect_next(ada, "", "cancelled"), "/payload", "\"the door\"");
	say_to(ada, run, "ping", NULL, "4");
	msgc_test_assert_json(
	        expect_next(ada, run, "error"), "/payload/0/type", "\"union_tag_invalid\"");
	say_to(ada, "discussion:1", "ping", NULL, "5");
	msgc_test_assert_json(expect_next(ada, "discussion:1", "pong"), "/ref", "\"5\"");
	stop();
}
END_TEST

START_TEST(frames_behind_a_subscribe_are_for_the_topic)
{
	struct msgc_test_client *ada;

	start(_i);
	ada = enter("ada", "/door/");
	/* 1500 is loaded on the pool, 2500 later. */
	for (int i = 0; i < 2; i++) {
		const char *topic = i == 0 ? "discussion:1500" : "discussion:2500";

		say_to(ada, topic, "subscribe", NULL, "1");
		say_to(ada, topic, "say", "{\"text\":\"later\"}", "2");
		say_to(ada, topic, "cancel", NULL, "3");
		say_to(ada, topic, "unsubscribe", NULL, "4");
		say_to(ada, topic, "cancel", NULL, "5");
		expect_next(ada, topic, "subscribed");
		expect_next(ada, topic, "posted");
		msgc_test_assert_json(expect_next(ada, topic, "said"), "/ref", "\"2\"");
		msgc_test_assert_json(expect_next(ada, topic, "cancelled"), "/ref", "\"3\"");
		msgc_test_assert_json(expect_next(ada, topic, "unsubscribed"), "/ref", "\"4\"");
		expect_refusal(ada, topic, "not_subscribed");
	}
	stop();
}
END_TEST

START_TEST(the_hook_speaks_behind_subscribed)
{
	struct msgc_test_client *ada;

	start(_i);
	ada = enter("ada", "/door/");
	say_to(ada, "discussion:20", "subscribe", NULL, "1");
	expect_next(ada, "discussion:20", "subscribed");
	msgc_test_assert_json(expect_next(ada, "discussion:20", "came"), "/payload", "\"ada\"");
	msgc_test_assert_json(
	        expect_next(ada, "discussion:20", "greet"), "/payload", "\"welcome\"");
	say_to(ada, "discussion:77", "subscribe", NULL, "2");
	expect_next(ada, "discussion:77", "subscribed");
	msgc_test_assert_json(
	        expect_next(ada, "discussion:77", "greet"), "/payload", "\"hello, later\"");
	/* What it says goodbye with is for the others. */
	say_to(ada, "discussion:20", "unsubscribe", NULL, "3");
	expect_next(ada, "discussion:20", "unsubscribed");
	msgc_test_assert_silent(ada);
	stop();
}
END_TEST

START_TEST(the_program_ends_a_subscription)
{
	struct msgc_test_client *ada;

	start(_i);
	ada = enter("ada", "/door/");
	msgc_test_subscribe(ada, "discussion:1");
	say_to(ada, "discussion:1", "say", "{\"text\":\"out\"}", "1");
	expect_next(ada, "discussion:1", "posted");
	msgc_test_assert_json(expect_next(ada, "discussion:1", "said"), "/ref", "\"1\"");
	msgc_test_assert_json(expect_next(ada, "discussion:1", "unsubscribed"), "/ref", NULL);
	topics_wait_for("-discussion:1(0) ");
	say_to(ada, "discussion:1", "cancel", NULL, "2");
	expect_refusal(ada, "discussion:1", "not_subscribed");
	stop();
}
END_TEST

START_TEST(the_end_of_a_connection_is_the_end_of_its_topics)
{
	struct msgc_test_client *ada;
	const char *told;

	start(_i);
	ada = enter("ada", "/door/");
	msgc_test_subscribe(ada, "discussion:1");
	msgc_test_subscribe(ada, "run:550e8400-e29b-41d4-a716-446655440000/x");
	msgc_test_subscribe(ada, "news");
	topics_wait_for("+run:x ");
	msgc_test_close(ada, 1000);
	topics_wait_for("-run:x(1000) -discussion:1(1000) -door(1000) ");
	ada = enter("ada", "/door/");
	msgc_test_subscribe(ada, "discussion:2");
	msgc_test_drop(ada);
	topics_wait_for("-discussion:2(1006) -door(1006) ");
	ada = enter("ada", "/door/");
	msgc_test_subscribe(ada, "discussion:3");
	ck_assert_int_eq(
	        msgc_server_revoke(msgc_test_server(test), MSGC_STR("session"), MSGC_STR("ada")),
	        0);
	msgc_test_assert_closed(ada, 4410);
	topics_wait_for("-discussion:3(4410) -door(4410) ");
	told = topics_told();
	ck_assert_str_eq(told, "");
	stop();
}
END_TEST

/* ---------------------------------------------------------------------------------------- refusals */

START_TEST(who_may_not_is_told_why)
{
	struct msgc_test_client *ada, *admin, *nobody;

	start(_i);
	ada = enter("ada", "/door/");
	admin = enter("admin", "/door/");
	nobody = enter(NULL, "/door/");
	msgc_test_subscribe_refused(ada, "nothing", "unknown_topic");
	msgc_test_subscribe_refused(ada, "", "unknown_topic");
	msgc_test_subscribe_refused(ada, "discussion:", "unknown_topic");
	msgc_test_subscribe_refused(ada, "discussion:x", "unknown_topic");
	msgc_test_subscribe_refused(ada, "discussion:0", "unknown_topic");
	msgc_test_subscribe_refused(ada, "discussion:1x", "unknown_topic");
	msgc_test_subscribe_refused(ada, "discussion:%31%", "unknown_topic");
	msgc_test_subscribe_refused(ada, "news/", "unknown_topic");
	msgc_test_subscribe_refused(ada, "run:550e8400/x", "unknown_topic");
	msgc_test_subscribe_refused(ada, "desk_1", "unknown_topic");
	msgc_test_subscribe_refused(ada, "discussion:404", "unknown_topic");
	msgc_test_subscribe_refused(ada, "discussion:403", "unauthorized");
	msgc_test_subscribe_refused(ada, "discussion:500", "handler_failed");
	msgc_test_subscribe_refused(ada, "discussion:13", "unauthorized");
	msgc_test_subscribe(admin, "discussion:13");
	msgc_test_subscribe_refused(
	        nobody, "run:550e8400-e29b-41d4-a716-446655440000/x", "unauthorized");
	msgc_test_assert_json(msgc_test_subscribe_refused(ada, "discussion:66", "refused"),
	        "/payload/detail", "\"the thread is full\"");
	msgc_test_subscribe_refused(ada, "discussion:67", "handler_failed");
	/* Its hook had a beginning, so it has an end. */
	topics_wait_for("+discussion:66 -discussion:66(0) +discussion:67 -discussion:67(0) ");
	say_to(ada, "discussion:66", "cancel", NULL, "1");
	expect_refusal(ada, "discussion:66", "not_subscribed");
	stop();
}
END_TEST

START_TEST(asking_twice_is_asking_once)
{
	struct msgc_test_client *ada, *bob;

	start(_i);
	ada = enter("ada", "/door/");
	bob = enter("bob", "/door/");
	msgc_test_subscribe(ada, "discussion:1");
	msgc_test_subscribe(ada, "discussion:1");
	msgc_test_subscribe(bob, "discussion:1");
	say_to(bob, "discussion:1", "wave", "\"x\"", NULL);
	expect_next(ada, "discussion:1", "waved");
	msgc_test_assert_silent(ada);
	/* The same topic in other letters: it is called so from now on. */
	msgc_test_subscribe(ada, "discussion:%31");
	say_to(bob, "discussion:1", "wave", "\"y\"", NULL);
	expect_next(ada, "discussion:%31", "waved");
	expect_next(bob, "discussion:1", "waved");
	say_to(ada, "discussion:1", "cancel", NULL, "2");
	expect_next(ada, "discussion:1", "cancelled");
	msgc_test_unsubscribe(ada, "discussion:1");
	msgc_test_unsubscribe(ada, "discussion:1");
	msgc_test_unsubscribe(ada, "nothing at all");
	say_to(bob, "discussion:1", "wave", "\"z\"", NULL);
	msgc_test_assert_silent(ada);
	topics_wait_for("+discussion:1 +discussion:1 -discussion:1(0) ");
	stop();
}
END_TEST

START_TEST(topics_are_bounded)
{
	struct msgc_test_client *ada;
	char topic[32], name[400];

	start_with(_i, "--max-topics=3");
	ada = enter("ada", "/door/");
	for (int i = 1; i <= 3; i++) {
		snprintf(topic, sizeof topic, "discussion:%d", i);
		msgc_test_subscribe(ada, topic);
	}
	msgc_test_assert_json(msgc_test_subscribe_refused(ada, "news", "refused"),
	        "/payload/detail", "\"Too many topics on this connection.\"");
	msgc_test_unsubscribe(ada, "discussion:2");
	msgc_test_subscribe(ada, "news");
	memset(name, 'x', 300);
	name[300] = '\0';
	say_to(ada, name, "subscribe", NULL, "1");
	msgc_test_assert_json(expect_next(ada, "", "error"), "/payload/0/loc", "[\"topic\"]");
	stop();
}
END_TEST

START_TEST(topics_and_their_messages_have_rates_of_their_own)
{
	static const char run[] = "run:550e8400-e29b-41d4-a716-446655440000/x";
	struct msgc_test_client *ada;

	start(_i);
	ada = enter("ada", "/door/");
	msgc_test_subscribe(ada, "discussion:1");
	msgc_test_subscribe(ada, "discussion:2");
	msgc_test_subscribe(ada, run);
	for (int i = 0; i < 3; i++) {
		say_to(ada, "discussion:1", "wave", "\"x\"", NULL);
		expect_next(ada, "discussion:1", "waved");
	}
	say_to(ada, "discussion:1", "wave", "\"x\"", NULL);
	expect_refusal(ada, "discussion:1", "rate_limited");
	/* Coming back does not help. */
	msgc_test_unsubscribe(ada, "discussion:1");
	msgc_test_subscribe(ada, "discussion:1");
	say_to(ada, "discussion:1", "wave", "\"x\"", NULL);
	expect_refusal(ada, "discussion:1", "rate_limited");
	say_to(ada, "discussion:1", "cancel", NULL, NULL);
	expect_next(ada, "discussion:1", "cancelled");
	say_to(ada, "discussion:2", "wave", "\"x\"", NULL);
	expect_next(ada, "discussion:2", "waved");
	for (int i = 0; i < 4; i++) {
		say_to(ada, run, "cancel", NULL, NULL);
		expect_next(ada, run, "cancelled");
	}
	say_to(ada, run, "cancel", NULL, NULL);
	expect_refusal(ada, run, "rate_limited");
	stop();
}
END_TEST

START_TEST(what_is_wrong_is_told_with_the_topic)
{
	struct msgc_test_client *ada;
	const struct msgc_test_frame *frame;

	start(_i);
	ada = enter("ada", "/door/");
	msgc_test_subscribe(ada, "discussion:1");
	say_to(ada, "discussion:1", "say", "{\"text\":\"\"}", "1");
	frame = expect_next(ada, "discussion:1", "error");
	msgc_test_assert_json(frame, "/payload/0/loc", "[\"payload\",\"text\"]");
	msgc_test_assert_json(frame, "/ref", "\"1\"");
	say_to(ada, "discussion:1", "shout", "\"x\"", "2");
	msgc_test_assert_json(expect_next(ada, "discussion:1", "error"), "/payload/0/type",
	        "\"union_tag_invalid\"");
	say_to(ada, "discussion:1", "say", "{\"text\":\"refuse\"}", "3");
	frame = expect_next(ada, "discussion:1", "error");
	msgc_test_assert_json(frame, "/payload/detail", "\"not that word\"");
	msgc_test_assert_json(frame, "/ref", "\"3\"");
	msgc_test_send(
	        ada, "{\"action\":\"say\",\"topic\":7,\"ref\":\"4\",\"payload\":{\"text\":\"x\"}}");
	msgc_test_assert_json(expect_next(ada, "", "error"), "/payload/0/loc", "[\"topic\"]");
	msgc_test_send(ada, "{\"action\":\"say\",\"topic\":\"discussion:1\",\"ref\":5}");
	frame = expect_next(ada, "discussion:1", "error");
	msgc_test_assert_json(frame, "/payload/0/loc", "[\"ref\"]");
	msgc_test_assert_json(frame, "/payload/1/loc", "[\"payload\"]");
	msgc_test_send(ada,
	        "{\"action\":\"subscribe\",\"payload\":{\"topic\":\"discussion:1\"},"
	        "\"ref\":\"8\"}");
	frame = expect_next(ada, "", "error");
	msgc_test_assert_json(frame, "/payload/0/loc", "[\"topic\"]");
	msgc_test_assert_json(frame, "/payload/0/type", "\"missing\"");
	msgc_test_assert_json(frame, "/ref", "\"8\"");
	msgc_test_send(ada, "{\"action\":\"unsubscribe\"}");
	msgc_test_assert_json(expect_next(ada, "", "error"), "/payload/0/type", "\"missing\"");
	msgc_test_send(ada, "{\"action\":\"say\",\"payload\":{\"text\":\"x\"},\"ref\":\"9\"}");
	frame = expect_next(ada, "", "error");
	msgc_test_assert_json(frame, "/payload/0/loc", "[\"topic\"]");
	msgc_test_assert_json(frame, "/ref", "\"9\"");
	msgc_test_send(ada, "{\"action\":\"nowhere\"}");
	msgc_test_assert_json(
	        expect_next(ada, "", "error"), "/payload/0/type", "\"union_tag_invalid\"");
	say_to(ada, "discussion:2", "subscribe", "{\"epoch\":\"x\"}", "6");
	msgc_test_assert_json(expect_next(ada, "discussion:2", "error"), "/payload/0/loc",
	        "[\"payload\",\"seq\"]");
	say_to(ada, "discussion:2", "subscribe", "null", "7");
	msgc_test_assert_json(expect_next(ada, "discussion:2", "subscribed"), "/ref", "\"7\"");
	stop();
}
END_TEST

/* ------------------------------------------------------------------------- events, completions, ids */

START_TEST(events_reach_those_who_follow)
{
	static const struct topics_archived archived = {.payload = {.reason = {"old", 3}}};
	static const struct topics_passed passed = {.payload = {"by", 2}};
	struct msgc_server *server;
	struct msgc_test_client *ada;

	start(_i);
	server = msgc_test_server(test);
	ada = enter("ada", "/desk/");
	msgc_test_subscribe(ada, "discussion:1");
	ck_assert_int_eq(topics_discussion_event_archived(server, 1, &archived), 0);
	msgc_test_assert_json(
	        expect_next(ada, "discussion:1", "closed"), "/payload/reason", "\"old\"");
	msgc_test_assert_json(
	        msgc_test_expect(ada, "event_complete"), "/topic", "\"discussion:1\"");
	ck_assert_int_eq(topics_discussion_event_passed(server, 1, &passed), 0);
	expect_next(ada, "discussion:1", "passed");
	msgc_test_assert_json(
	        msgc_test_expect(ada, "event_complete"), "/topic", "\"discussion:1\"");
	say_to(ada, "discussion:1", "wave", "\"x\"", "1");
	expect_next(ada, "discussion:1", "waved");
	msgc_test_assert_json(
	        msgc_test_expect(ada, "group_complete"), "/topic", "\"discussion:1\"");
	msgc_test_assert_json(msgc_test_expect(ada, "complete"), "/topic", "\"discussion:1\"");
	msgc_test_unsubscribe(ada, "discussion:1");
	ck_assert_int_eq(topics_discussion_event_archived(server, 1, &archived), 0);
	msgc_test_assert_silent(ada);
	stop();
}
END_TEST

START_TEST(a_message_id_counts_within_its_topic)
{
	static const char say[] = "{\"action\":\"say\",\"topic\":\"%s\",\"message_id\":\"m\","
	                          "\"ref\":\"%d\",\"payload\":{\"text\":\"once\"}}";
	struct msgc_str first, again;
	struct msgc_test_client *ada;

	start(_i);
	ada = enter("ada", "/door/");
	msgc_test_subscribe(ada, "discussion:1");
	msgc_test_subscribe(ada, "discussion:2");
	msgc_test_sendf(ada, say, "discussion:1", 1);
	expect_next(ada, "discussion:1", "posted");
	ck_assert(msgc_test_json(expect_next(ada, "discussion:1", "said"), "/payload/id", &first));
	msgc_test_sendf(ada, say, "discussion:1", 2);
	ck_assert(msgc_test_json(expect_next(ada, "discussion:1", "said"), "/payload/id", &again));
	ck_assert(msgc_str_equal(first, again));
	msgc_test_sendf(ada, say, "discussion:2", 3);
	expect_next(ada, "discussion:2", "posted");
	expect_next(ada, "discussion:2", "said");
	stop();
}
END_TEST

/* --------------------------------------------------------------------------------- a route of its own */

START_TEST(a_topic_has_a_route_of_its_own)
{
	const struct msgc_test_frame *frame;
	struct msgc_test_client *ada, *bob;

	start(_i);
	ada = enter("ada", "/discussion/20/");
	frame = expect_next(ada, "discussion:20", "subscribed");
	msgc_test_assert_json(frame, "/ref", NULL);
	expect_next(ada, "discussion:20", "came");
	expect_next(ada, "discussion:20", "greet");
	bob = enter("bob", "/door/");
	msgc_test_subscribe(bob, "discussion:20");
	expect_next(ada, "discussion:20", "came");
	msgc_test_send(ada, "{\"action\":\"say\",\"ref\":\"1\",\"payload\":{\"text\":\"hi\"}}");
	expect_next(ada, "discussion:20", "posted");
	msgc_test_assert_json(expect_next(ada, "discussion:20", "said"), "/ref", "\"1\"");
	msgc_test_send(ada, "{\"action\":\"where\",\"ref\":\"2\"}");
	msgc_test_assert_json(expect_next(ada, "discussion:20", "here"), "/payload", "\"here\"");
	msgc_test_expect(bob, "posted");
	/* Whoever writes the name is understood as well, and so is whoever asks for what is followed already. */
	msgc_test_subscribe(ada, "discussion:20");
	msgc_test_send(ada, "{\"action\":\"subscribe\",\"ref\":\"7\"}");
	msgc_test_assert_json(expect_next(ada, "discussion:20", "subscribed"), "/ref", "\"7\"");
	say_to(ada, "discussion:20", "cancel", NULL, "3");
	expect_next(ada, "discussion:20", "cancelled");
	/* Others of the kind can be followed here, too. */
	msgc_test_subscribe(ada, "discussion:21");
	msgc_test_unsubscribe(ada, "discussion:20");
	topics_wait_for("-discussion:20(0) ");
	msgc_test_send(ada, "{\"action\":\"cancel\",\"ref\":\"4\"}");
	expect_refusal(ada, "discussion:20", "not_subscribed");
	say_to(ada, "discussion:21", "cancel", NULL, "5");
	expect_next(ada, "discussion:21", "cancelled");
	msgc_test_subscribe(ada, "discussion:20");
	msgc_test_send(ada, "{\"action\":\"where\",\"ref\":\"6\"}");
	msgc_test_expect(ada, "here");
	msgc_test_close(ada, 1000);
	topics_wait_for("-discussion:20(1000) ");
	stop();
}
END_TEST

START_TEST(a_route_of_its_own_asks_who_may_come)
{
	struct msgc_test_client *client;
	struct msgc_test_browser *browser;

	start(_i);
	browser = msgc_test_browser_new(test);
	client = msgc_test_connect(browser, "/discussion/13/");
	msgc_test_assert_auth(client, 403);
	msgc_test_assert_closed(client, 4403);
	client = msgc_test_connect(browser, "/discussion/404/");
	msgc_test_assert_auth(client, 404);
	msgc_test_assert_closed(client, 4404);
	ck_assert_int_eq(msgc_test_status(msgc_test_try_connect(browser, "/discussion/0/")), 404);
	ck_assert_int_eq(msgc_test_status(msgc_test_try_connect(browser, "/")), 404);
	/* Its hook refuses: the connection ends. */
	client = msgc_test_connect(browser, "/discussion/66/");
	msgc_test_wait_for_auth(client);
	expect_next(client, "discussion:66", "subscribed");
	expect_refusal(client, "discussion:66", "refused");
	msgc_test_assert_closed(client, 4403);
	topics_wait_for("+discussion:66 -discussion:66(4403) ");
	stop();
}
END_TEST

/* -------------------------------------------------------------------------------------------- streams */

/* Where a client has been. */
struct memory {
	char epoch[32];
	long seq;
};

static void remember(struct memory *memory, const struct msgc_test_frame *frame, const char *prefix)
{
	struct msgc_str json;
	char pointer[32];

	snprintf(pointer, sizeof pointer, "%s/epoch", prefix);
	ck_assert(msgc_test_json(frame, pointer, &json));
	snprintf(memory->epoch, sizeof memory->epoch, "%.*s", (int)json.len - 2, json.ptr + 1);
	snprintf(pointer, sizeof pointer, "%s/seq", prefix);
	ck_assert(msgc_test_json(frame, pointer, &json));
	memory->seq = strtol(json.ptr, NULL, 10);
}

static void post(struct msgc_test_client *client, const char *topic, const char *text)
{
	char payload[64];

	snprintf(payload, sizeof payload, "{\"text\":\"%s\"}", text);
	say_to(client, topic, "say", payload, NULL);
	msgc_test_expect(client, "said");
}

START_TEST(what_was_missed_comes_behind_subscribed)
{
	const struct msgc_test_frame *frame;
	struct msgc_test_client *ada, *bob;
	struct memory memory;

	start(_i);
	ada = enter("ada", "/door/");
	bob = enter("bob", "/door/");
	msgc_test_subscribe(ada, "discussion:1");
	frame = msgc_test_subscribe_from(bob, "discussion:1", "", 0);
	msgc_test_assert_json(frame, "/payload/recovered", "false");
	msgc_test_assert_json(frame, "/payload/seq", "0");
	post(ada, "discussion:1", "one");
	remember(&memory, expect_next(bob, "discussion:1", "posted"), "");
	ck_assert_int_eq(memory.seq, 1);
	msgc_test_unsubscribe(bob, "discussion:1");
	post(ada, "discussion:1", "two");
	say_to(ada, "discussion:1", "wave", "\"x\"", NULL);
	post(ada, "discussion:1", "three");
	frame = msgc_test_subscribe_from(bob, "discussion:1", memory.epoch, memory.seq);
	msgc_test_assert_json(frame, "/payload/recovered", "true");
	msgc_test_assert_json(frame, "/payload/seq", "3");
	frame = expect_next(bob, "discussion:1", "posted");
	msgc_test_assert_json(frame, "/payload/text", "\"two\"");
	msgc_test_assert_json(frame, "/is_mine", "false");
	msgc_test_assert_json(frame, "/version", "1");
	msgc_test_assert_json(expect_next(bob, "discussion:1", "posted"), "/seq", "3");
	frame = expect_next(bob, "discussion:1", "recovered");
	msgc_test_assert_json(frame, "/payload/group", "\"discussion:1\"");
	msgc_test_assert_json(frame, "/payload/recovered", "true");
	post(ada, "discussion:1", "four");
	msgc_test_assert_json(expect_next(bob, "discussion:1", "posted"), "/seq", "4");
	/* With another epoch, and after too much. */
	msgc_test_unsubscribe(bob, "discussion:1");
	frame = msgc_test_subscribe_from(bob, "discussion:1", "abcdef", 1);
	msgc_test_assert_json(frame, "/payload/recovered", "false");
	msgc_test_assert_json(frame, "/payload/seq", "4");
	msgc_test_unsubscribe(bob, "discussion:1");
	for (int i = 0; i < 60; i++)
		post(ada, "discussion:1", "more");
	frame = msgc_test_subscribe_from(bob, "discussion:1", memory.epoch, memory.seq);
	msgc_test_assert_json(frame, "/payload/recovered", "false");
	msgc_test_assert_json(frame, "/payload/seq", "64");
	post(ada, "discussion:1", "last");
	msgc_test_assert_json(expect_next(bob, "discussion:1", "posted"), "/seq", "65");
	/* There is no stream. */
	frame = msgc_test_subscribe_from(bob, "news", "abc", 1);
	msgc_test_assert_json(frame, "/payload/recovered", "false");
	msgc_test_assert_json(frame, "/payload/epoch", "\"\"");
	stop();
}
END_TEST

/* --------------------------------------------------------------------------- many, coming and going */

enum { POSTS = 2000, LISTENERS = 3 };

static void *speak(void *arg)
{
	struct msgc_server *server = arg;
	struct topics_posted posted = {.payload = {.text = {"word", 4}}};

	for (int i = 1; i <= POSTS; i++) {
		posted.payload.id = i;
		while (topics_log_broadcast_posted(server, NULL, &posted, MSGC_TO_ALL) ==
		        MSGC_EBUSY)
			usleep(1000);
		if (i % 50 == 0)
			usleep(2000);
	}
	return NULL;
}

/* Hears some, then leaves, and comes back to where it was. True: it has heard the last one. */
static bool hear_some(struct msgc_test_client *client, struct memory *memory, int howmany)
{
	const struct msgc_test_frame *frame =
	        msgc_test_subscribe_from(client, "log", memory->epoch, memory->seq);

	if (memory->seq > 0)
		msgc_test_assert_json(frame, "/payload/recovered", "true");
	else
		remember(memory, frame, "/payload");
	while (howmany > 0 && memory->seq < POSTS) {
		long before = memory->seq;

		frame = msgc_test_receive_topic(client, "log");
		if (!msgc_str_equal(frame->action, MSGC_STR("posted")))
			continue; /* recovered */
		remember(memory, frame, "");
		ck_assert_int_eq(memory->seq, before + 1);
		howmany--;
	}
	msgc_test_unsubscribe(client, "log");
	return memory->seq == POSTS;
}

START_TEST(no_gap_nothing_twice_in_order)
{
	static const struct topics_posted first = {.payload = {.id = 0, .text = {"first", 5}}};
	struct msgc_test_client *clients[LISTENERS];
	struct memory memories[LISTENERS] = {{"", 0}};
	pthread_t speaker;
	bool done = false;

	start(_i);
	/* The stream has begun: everybody knows its epoch. */
	ck_assert_int_eq(
	        topics_log_broadcast_posted(msgc_test_server(test), NULL, &first, MSGC_TO_ALL), 0);
	for (int i = 0; i < LISTENERS; i++) {
		clients[i] = enter("ada", "/door/");
		while (memories[i].seq == 0) {
			memories[i] = (struct memory){"", 0};
			remember(&memories[i], msgc_test_subscribe_from(clients[i], "log", "", 0),
			        "/payload");
			msgc_test_unsubscribe(clients[i], "log");
		}
	}
	ck_assert_int_eq(pthread_create(&speaker, NULL, speak, msgc_test_server(test)), 0);
	while (!done) {
		done = true;
		for (int i = 0; i < LISTENERS; i++)
			done &= hear_some(clients[i], &memories[i], 37 + 50 * i);
	}
	pthread_join(speaker, NULL);
	stop();
}
END_TEST

START_TEST(a_route_of_its_own_is_recovered_by_its_url)
{
	const struct msgc_test_frame *frame;
	struct msgc_test_client *ada, *bob;
	struct memory memory;
	char target[128];

	start(_i);
	ada = enter("ada", "/discussion/1/");
	post(ada, "discussion:1", "one");
	bob = enter("bob", "/door/");
	remember(&memory, msgc_test_subscribe_from(bob, "discussion:1", "", 0), "/payload");
	post(ada, "discussion:1", "two");
	snprintf(
	        target, sizeof target, "/discussion/1/?epoch=%s&seq=%ld", memory.epoch, memory.seq);
	bob = enter("bob", target);
	expect_next(bob, "discussion:1", "subscribed");
	frame = expect_next(bob, "discussion:1", "posted");
	msgc_test_assert_json(frame, "/payload/text", "\"two\"");
	msgc_test_assert_json(
	        expect_next(bob, "discussion:1", "recovered"), "/payload/recovered", "true");
	post(ada, "discussion:1", "three");
	msgc_test_assert_json(expect_next(bob, "discussion:1", "posted"), "/seq", "3");
	stop();
}
END_TEST

START_TEST(a_group_that_is_joined_later_is_recovered_once)
{
	const struct msgc_test_frame *frame;
	struct msgc_test_client *ada, *bob;
	struct memory memory;
	char target[128];

	start(_i);
	ada = enter("ada", "/door/");
	msgc_test_send(ada, "{\"action\":\"shout\",\"payload\":\"join\"}");
	msgc_test_send(ada, "{\"action\":\"shout\",\"payload\":\"one\"}");
	remember(&memory, msgc_test_expect(ada, "posted"), "");
	msgc_test_send(ada, "{\"action\":\"shout\",\"payload\":\"two\"}");
	msgc_test_expect(ada, "posted");
	snprintf(target, sizeof target, "/door/?epoch=%s&seq=%ld", memory.epoch, memory.seq);
	bob = enter("bob", target);
	msgc_test_assert_silent(bob);
	msgc_test_send(bob, "{\"action\":\"shout\",\"payload\":\"join\"}");
	frame = msgc_test_receive(bob);
	msgc_test_assert_json(frame, "/payload/text", "\"two\"");
	msgc_test_assert_json(frame, "/seq", "2");
	msgc_test_assert_json(msgc_test_expect(bob, "recovered"), "/payload/recovered", "true");
	msgc_test_send(ada, "{\"action\":\"shout\",\"payload\":\"three\"}");
	msgc_test_assert_json(msgc_test_expect(bob, "posted"), "/seq", "3");
	/* A position counts once: whoever comes in again starts afresh. */
	msgc_test_send(bob, "{\"action\":\"shout\",\"payload\":\"leave\"}");
	msgc_test_send(bob, "{\"action\":\"shout\",\"payload\":\"join\"}");
	frame = msgc_test_receive(bob);
	msgc_test_assert_json(frame, "/payload/recovered", "false");
	msgc_test_assert_json(frame, "/payload/seq", "3");
	stop();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("topics");
	TCase *all = tcase_create("topics");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 60);
	tcase_add_loop_test(all, a_topic_is_subscribed_to_used_and_left, 0, 4);
	tcase_add_loop_test(all, two_topics_and_the_consumer_have_a_cancel_each, 0, 4);
	tcase_add_loop_test(all, frames_behind_a_subscribe_are_for_the_topic, 0, 4);
	tcase_add_loop_test(all, the_hook_speaks_behind_subscribed, 0, 4);
	tcase_add_loop_test(all, the_program_ends_a_subscription, 0, 4);
	tcase_add_loop_test(all, the_end_of_a_connection_is_the_end_of_its_topics, 0, 4);
	tcase_add_loop_test(all, who_may_not_is_told_why, 0, 4);
	tcase_add_loop_test(all, asking_twice_is_asking_once, 0, 4);
	tcase_add_loop_test(all, topics_are_bounded, 0, 4);
	tcase_add_loop_test(all, topics_and_their_messages_have_rates_of_their_own, 0, 4);
	tcase_add_loop_test(all, what_is_wrong_is_told_with_the_topic, 0, 4);
	tcase_add_loop_test(all, events_reach_those_who_follow, 0, 4);
	tcase_add_loop_test(all, a_message_id_counts_within_its_topic, 0, 4);
	tcase_add_loop_test(all, a_topic_has_a_route_of_its_own, 0, 4);
	tcase_add_loop_test(all, a_route_of_its_own_asks_who_may_come, 0, 4);
	tcase_add_loop_test(all, what_was_missed_comes_behind_subscribed, 0, 4);
	tcase_add_loop_test(all, no_gap_nothing_twice_in_order, 0, 4);
	tcase_add_loop_test(all, a_route_of_its_own_is_recovered_by_its_url, 0, 4);
	tcase_add_loop_test(all, a_group_that_is_joined_later_is_recovered_once, 0, 4);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
