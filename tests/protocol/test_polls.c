/* SPDX-License-Identifier: MIT */
/*
 * test_polls.c - questions of a topic beside those of its connection: each is answered where it was asked, and ends with what asked it. In memory and over
 * sockets.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include <msgc/server.h>
#include <msgc/test.h>

#include "run.h"
#include "polls.msgc.h"

static struct msgc_test *test;
static atomic_int gone, left, gone_after;

static int on_ballot(
        struct polls_poll *poll, const struct polls_poll_vote_answer *answer, void *arg)
{
	ck_assert_ptr_eq(arg, &gone);
	if (answer->result != MSGC_OK) {
		atomic_fetch_add(&gone, answer->result == MSGC_EGONE);
		atomic_fetch_add(&gone_after, left);
		return MSGC_OK;
	}
	return polls_poll_send_told(poll, &(struct polls_told){.payload = answer->ballot.payload});
}

static int on_start(struct polls_poll *poll, const struct polls_start *in)
{
	(void)in;
	return polls_poll_ask_vote(
	        poll, &(struct polls_vote){.payload = MSGC_STR("topic")}, 0, on_ballot, &gone);
}

static int on_hold_answer(
        struct polls_poll *poll, const struct polls_poll_vote_answer *answer, void *arg)
{
	struct polls_poll_hold_pending *pending = arg;

	(void)poll;
	pending->reply.payload = answer->result == MSGC_OK ? MSGC_STR("voted") : MSGC_STR("nobody");
	msgc_pending_finish(pending->pending, MSGC_OK);
	return MSGC_OK;
}

static int on_hold(struct polls_poll *poll, const struct polls_hold *in, struct polls_held *reply)
{
	struct polls_poll_hold_pending *pending;
	int result = polls_poll_hold_defer(poll, NULL, &pending), asked;

	(void)in, (void)reply;
	if (result != MSGC_LATER)
		return result;
	asked = polls_poll_ask_vote(poll, &(struct polls_vote){.payload = MSGC_STR("held")}, 0,
	        on_hold_answer, pending);
	if (asked < 0)
		msgc_pending_finish(pending->pending, asked);
	return result;
}

static void on_unsubscribed(struct polls_poll *poll, uint16_t code)
{
	(void)poll, (void)code;
	atomic_fetch_add(&left, 1);
}

static int on_hall_ballot(
        struct polls_hall *hall, const struct polls_hall_vote_answer *answer, void *arg)
{
	(void)arg;
	if (answer->result != MSGC_OK)
		return MSGC_OK;
	return polls_hall_send_told(hall, &(struct polls_told){.payload = MSGC_STR("hall")});
}

static int on_hall_start(struct polls_hall *hall, const struct polls_start *in)
{
	(void)in;
	return polls_hall_ask_vote(
	        hall, &(struct polls_vote){.payload = MSGC_STR("hall")}, 0, on_hall_ballot, NULL);
}

static struct msgc_server *make(int argc, char **argv, void *app)
{
	static const struct polls_poll_handlers poll = {
	        .unsubscribed = on_unsubscribed, .start = on_start, .hold = on_hold};
	static const struct polls_hall_handlers hall = {.start = on_hall_start};
	struct msgc_server *server = msgc_server_new(argc, argv);

	polls_poll_serve(server, &poll, app);
	polls_hall_serve(server, &hall, app);
	return server;
}

static struct msgc_test_client *enter(int mode, const char *path)
{
	struct msgc_test_client *client;

	gone = left = gone_after = 0;
	test = msgc_test_start(mode == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, make, NULL, NULL);
	client = msgc_test_connect(msgc_test_browser_new(test), path);
	msgc_test_wait_for_auth(client);
	return client;
}

static const struct msgc_test_frame *vote(struct msgc_test_client *client, const char *topic)
{
	const struct msgc_test_frame *question = msgc_test_expect(client, "vote");

	msgc_test_assert_json(question, "/topic", topic);
	return question;
}

static void answers(
        struct msgc_test_client *client, const struct msgc_test_frame *question, const char *topic)
{
	msgc_test_sendf(client, "{\"action\":\"ballot\",\"payload\":\"yes\",\"ref\":\"%s\"%s%s%s}",
	        question->ref.ptr, topic ? ",\"topic\":\"" : "", topic ? topic : "",
	        topic ? "\"" : "");
}

START_TEST(answers_go_where_they_were_asked_for)
{
	struct msgc_test_client *client = enter(_i, "/polls");
	const struct msgc_test_frame *of_topic, *of_hall, *told;

	msgc_test_send(client, "{\"action\":\"subscribe\",\"topic\":\"poll:1\"}");
	msgc_test_expect(client, "subscribed");
	msgc_test_send(client, "{\"action\":\"start\",\"topic\":\"poll:1\"}");
	of_topic = vote(client, "\"poll:1\"");
	msgc_test_send(client, "{\"action\":\"start\"}");
	of_hall = vote(client, NULL);
	/* With the other's address it is nobody's answer. */
	answers(client, of_topic, NULL);
	answers(client, of_hall, "poll:1");
	msgc_test_assert_silent(client);
	answers(client, of_hall, NULL);
	told = msgc_test_expect(client, "told");
	msgc_test_assert_json(told, "/payload", "\"hall\"");
	msgc_test_assert_json(told, "/topic", NULL);
	answers(client, of_topic, "poll:1");
	told = msgc_test_expect(client, "told");
	msgc_test_assert_json(told, "/payload", "\"yes\"");
	msgc_test_assert_json(told, "/topic", "\"poll:1\"");
	msgc_test_stop(test);
	ck_assert_int_eq(gone, 0);
}
END_TEST

START_TEST(leaving_a_topic_ends_its_questions_first)
{
	struct msgc_test_client *client = enter(_i, "/polls");

	msgc_test_send(client, "{\"action\":\"subscribe\",\"topic\":\"poll:1\"}");
	msgc_test_send(client, "{\"action\":\"start\",\"topic\":\"poll:1\"}");
	msgc_test_send(client, "{\"action\":\"start\",\"topic\":\"poll:1\"}");
	vote(client, "\"poll:1\"");
	vote(client, "\"poll:1\"");
	msgc_test_send(client, "{\"action\":\"unsubscribe\",\"topic\":\"poll:1\"}");
	msgc_test_expect(client, "unsubscribed");
	ck_assert_int_eq(gone, 2);
	ck_assert_int_eq(left, 1);
	ck_assert_int_eq(gone_after, 0);
	/* And so does the connection's end. */
	msgc_test_send(client, "{\"action\":\"subscribe\",\"topic\":\"poll:2\"}");
	msgc_test_send(client, "{\"action\":\"start\",\"topic\":\"poll:2\"}");
	vote(client, "\"poll:2\"");
	left = 0;
	msgc_test_stop(test);
	ck_assert_int_eq(gone, 3);
	ck_assert_int_eq(left, 1);
	ck_assert_int_eq(gone_after, 0);
}
END_TEST

START_TEST(a_topics_handler_may_wait_for_its_answer)
{
	static const char *const paths[] = {"/polls", "/polls/7"};

	for (size_t i = 0; i < 2; i++) {
		struct msgc_test_client *client = enter(_i, paths[i]);
		const struct msgc_test_frame *question;

		if (i == 0)
			msgc_test_send(client, "{\"action\":\"subscribe\",\"topic\":\"poll:7\"}");
		msgc_test_expect(client, "subscribed");
		msgc_test_send(client, "{\"action\":\"hold\",\"topic\":\"poll:7\",\"ref\":\"1\"}");
		question = vote(client, "\"poll:7\"");
		msgc_test_send(client, "{\"action\":\"start\",\"topic\":\"poll:7\"}");
		answers(client, question, i == 0 ? "poll:7" : NULL);
		msgc_test_assert_json(msgc_test_expect(client, "held"), "/payload", "\"voted\"");
		vote(client, "\"poll:7\"");
		msgc_test_stop(test);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        answers_go_where_they_were_asked_for,
	        leaving_a_topic_ends_its_questions_first,
	        a_topics_handler_may_wait_for_its_answer,
	};

	return protocol_run("polls", tests, sizeof(tests) / sizeof(tests[0]));
}
