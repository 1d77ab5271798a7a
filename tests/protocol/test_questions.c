/* SPDX-License-Identifier: MIT */
/*
 * test_questions.c - the server asks: what is answered, what is not, and that the program hears of each question once. In memory and over sockets.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <check.h>
#include <pthread.h>

#include <msgc/server.h>
#include <msgc/test.h>

#include "run.h"
#include "questions.msgc.h"

/* What the program has seen; its threads are the server's and the test's. */
struct seen {
	atomic_int outcomes[4]; /* ETIMEOUT, EGONE, EREFUSED, other errors */
	atomic_int disconnected;
	atomic_int after_the_end; /* outcomes that came when the connection's end had been told */
	atomic_int posted_to_nobody;
	_Atomic uint64_t connection;
};

static struct seen seen;
static struct msgc_test *test;

static void note_end(int result)
{
	unsigned at = result == MSGC_ETIMEOUT ? 0
	        : result == MSGC_EGONE        ? 1
	        : result == MSGC_EREFUSED     ? 2
	                                      : 3;

	atomic_fetch_add(&seen.outcomes[at], 1);
	atomic_fetch_add(&seen.after_the_end, atomic_load(&seen.disconnected));
}

static int tell(struct questions_room *room, const char *format, long long value)
{
	char text[100];

	snprintf(text, sizeof text, format, value);
	return questions_room_send_told(
	        room, &(struct questions_told){.payload = msgc_str_from(text)});
}

/* ---- what comes of questions */

static int on_picked(
        struct questions_room *room, const struct questions_room_pick_answer *answer, void *arg)
{
	ck_assert_ptr_eq(arg, &seen);
	if (answer->result != MSGC_OK) {
		note_end(answer->result);
		(void)tell(room, "nothing: %lld", answer->result);
		return MSGC_OK;
	}
	if (answer->picked.payload == 13)
		return msgc_refuse(room->connection, "not that one");
	return tell(room, "picked %lld", answer->picked.payload);
}

static int removed(struct questions_room_remove_pending *pending, struct questions_room *room)
{
	(void)room;
	pending->reply.payload = pending->result != NULL;
	return MSGC_OK;
}

/* The handler that asked has waited for this. */
static int on_confirmed(
        struct questions_room *room, const struct questions_room_confirm_answer *answer, void *arg)
{
	struct questions_room_remove_pending *pending = arg;

	(void)room;
	if (answer->result != MSGC_OK)
		note_end(answer->result);
	else if (answer->kind == QUESTIONS_ROOM_CONFIRM_ANSWER_YES)
		pending->result = answer->yes.payload.note.len > 0 ? &seen : NULL;
	msgc_pending_finish(pending->pending, MSGC_OK);
	return MSGC_OK;
}

/* Looked at on a pool thread, then told. */
static int work(struct questions_room_ping_answer_pending *pending)
{
	pending->result = pending->in->result == MSGC_OK ? &seen : NULL;
	return MSGC_OK;
}

static int worked(struct questions_room_ping_answer_pending *pending, struct questions_room *room)
{
	return room ? tell(room, "pong %lld", pending->result == &seen) : MSGC_OK;
}

static int on_pong(
        struct questions_room *room, const struct questions_room_ping_answer *answer, void *arg)
{
	(void)answer, (void)arg;
	return questions_room_ping_answer_later(room, work, worked);
}

/* ---- handlers */

static int on_connected(struct questions_room *room)
{
	atomic_store(&seen.connection, msgc_connection_id(room->connection));
	return MSGC_OK;
}

static void on_disconnected(struct questions_room *room, uint16_t code)
{
	static const struct questions_pick none;

	(void)code;
	ck_assert_int_eq(questions_room_ask_pick(room, &none, 0, on_picked, NULL), MSGC_EGONE);
	atomic_store(&seen.disconnected, 1);
}

static int on_remove(struct questions_room *room, const struct questions_remove *in,
        struct questions_removed *reply)
{
	struct questions_confirm question = {.payload.text = in->payload};
	struct questions_room_remove_pending *pending;
	int result = questions_room_remove_defer(room, removed, &pending), asked;

	(void)reply;
	if (result != MSGC_LATER)
		return result;
	asked = questions_room_ask_confirm(room, &question, 0, on_confirmed, pending);
	if (asked < 0) {
		msgc_pending_finish(pending->pending, asked);
		return asked;
	}
	return result;
}

static int on_bother(struct questions_room *room, const struct questions_bother *in)
{
	struct msgc_str words[] = {MSGC_STR("one"), MSGC_STR("two")};
	struct questions_pick question = {.payload = {words, 2}};

	for (unsigned i = 0; i < in->payload; i++) {
		int result = questions_room_ask_pick(
		        room, &question, in->payload > 9 ? 60 : 0, on_picked, &seen);

		if (result < 0)
			return tell(room, "not asked: %lld", result);
	}
	return MSGC_OK;
}

static int on_stumble(struct questions_room *room, const struct questions_stumble *in)
{
	static const struct questions_pick question;

	(void)in;
	ck_assert_int_eq(questions_room_ask_pick(room, &question, 0, on_picked, &seen), MSGC_OK);
	return MSGC_EINTERNAL;
}

static int on_check_me(struct questions_room *room, const struct questions_check_me *in)
{
	static const struct msgc_std_ping question;

	(void)in;
	return questions_room_ask_ping(room, &question, 0, on_pong, NULL);
}

static int on_number(struct questions_room *room, const struct questions_number *in,
        struct questions_number_is *reply)
{
	(void)in;
	reply->payload = (int64_t)msgc_connection_id(room->connection);
	return MSGC_OK;
}

static int on_worker(void *app, unsigned worker)
{
	(void)app, (void)worker;
	return MSGC_OK;
}

static struct msgc_server *make(int argc, char **argv, void *app)
{
	static const struct questions_room_handlers handlers = {.connected = on_connected,
	        .disconnected = on_disconnected,
	        .remove = on_remove,
	        .bother = on_bother,
	        .stumble = on_stumble,
	        .check_me = on_check_me,
	        .number = on_number};
	struct msgc_server *server = msgc_server_new(argc, argv);

	msgc_server_on_worker(server, on_worker, NULL, NULL);
	questions_room_serve(server, &handlers, app);
	return server;
}

/* ---- */

static struct msgc_test_client *enter(int mode, const char *const *arguments)
{
	struct msgc_test_client *client;

	memset(&seen, 0, sizeof seen);
	test = msgc_test_start(
	        mode == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, make, NULL, arguments);
	client = msgc_test_connect(msgc_test_browser_new(test), "/questions");
	msgc_test_wait_for_auth(client);
	return client;
}

static void leave(void)
{
	msgc_test_stop(test);
	ck_assert_int_eq(seen.after_the_end, 0);
}

static const struct msgc_test_frame *bother(struct msgc_test_client *client)
{
	const struct msgc_test_frame *question;

	msgc_test_send(client, "{\"action\":\"bother\",\"payload\":1,\"ref\":\"b\"}");
	question = msgc_test_receive(client);
	ck_assert_str_eq(question->action.ptr, "pick");
	ck_assert_str_eq(
	        msgc_test_receive(client)->text.ptr, "{\"action\":\"complete\",\"ref\":\"b\"}");
	return question;
}

static void tells(struct msgc_test_client *client, const char *text)
{
	const struct msgc_test_frame *frame = msgc_test_expect(client, "told");
	char json[120];

	snprintf(json, sizeof json, "\"%s\"", text);
	msgc_test_assert_json(frame, "/payload", json);
}

static bool metric_is(const char *line)
{
	const struct msgc_test_response *response =
	        msgc_test_admin_get(msgc_test_browser_new(test), "/metrics");

	return strstr(response->body.ptr, line) != NULL;
}

START_TEST(an_answer_reaches_who_asked_and_has_effects)
{
	struct msgc_test_client *client = enter(_i, NULL);
	const struct msgc_test_frame *question = bother(client);
	char complete[100];

	msgc_test_assert_json(question, "/payload", "[\"one\",\"two\"]");
	ck_assert_int_eq(question->ref.ptr[0], 'q');
	msgc_test_answer(client, question, &questions_picked_message,
	        &(struct questions_picked){.payload = 2});
	ck_assert_str_eq(msgc_test_receive(client)->text.ptr,
	        "{\"action\":\"told\",\"payload\":\"picked 2\"}");
	snprintf(complete, sizeof complete, "{\"action\":\"complete\",\"ref\":\"%s\"}",
	        question->ref.ptr);
	ck_assert_str_eq(msgc_test_receive(client)->text.ptr, complete);
	msgc_test_answer(client, question, &questions_picked_message,
	        &(struct questions_picked){.payload = 3});
	msgc_test_assert_silent(client); /* one answer */
	ck_assert(metric_is("msgc_questions_total{contract=\"questions\",consumer=\"room\",result="
	                    "\"answered\"} 1\n"));
	ck_assert(metric_is(
	        "msgc_stray_answers_total{contract=\"questions\",consumer=\"room\"} 1\n"));
	ck_assert(metric_is("kind=\"answer\",handler=\"pick\""));
	leave();
	ck_assert_int_eq(seen.outcomes[0] + seen.outcomes[1] + seen.outcomes[2], 0);
}
END_TEST

START_TEST(an_answer_that_is_refused_is_an_error_with_its_ref)
{
	struct msgc_test_client *client = enter(_i, NULL);
	const struct msgc_test_frame *question = bother(client), *error;

	msgc_test_answer(client, question, &questions_picked_message,
	        &(struct questions_picked){.payload = 13});
	error = msgc_test_receive(client);
	ck_assert_str_eq(error->action.ptr, "error");
	ck_assert_str_eq(error->ref.ptr, question->ref.ptr);
	msgc_test_assert_json(error, "/payload/detail", "\"not that one\"");
	leave();
}
END_TEST

START_TEST(a_wrong_answer_is_told_and_the_question_stands)
{
	struct msgc_test_client *client = enter(_i, NULL);
	const struct msgc_test_frame *question = bother(client), *error;
	const char *ref = question->ref.ptr;

	msgc_test_sendf(client, "{\"action\":\"picked\",\"payload\":\"x\",\"ref\":\"%s\"}", ref);
	error = msgc_test_expect(client, "error");
	ck_assert_str_eq(error->ref.ptr, ref);
	msgc_test_assert_json(error, "/payload/0/type", "\"int_type\"");
	/* Of another question; of none. */
	msgc_test_sendf(client, "{\"action\":\"no\",\"ref\":\"%s\"}", ref);
	error = msgc_test_expect(client, "error");
	msgc_test_assert_json(error, "/payload/0/type", "\"union_tag_invalid\"");
	msgc_test_assert_json(error, "/payload/0/ctx/expected_tags", "\"'picked'\"");
	msgc_test_sendf(client, "{\"action\":\"what\",\"ref\":\"%s\"}", ref);
	msgc_test_expect(client, "error");
	/* Without a ref; with one that nobody has asked by; with one that is none. */
	msgc_test_send(client, "{\"action\":\"picked\",\"payload\":1}");
	error = msgc_test_expect(client, "error");
	msgc_test_assert_json(error, "/payload/0/type", "\"missing\"");
	msgc_test_assert_json(error, "/payload/0/loc", "[\"ref\"]");
	msgc_test_send(client, "{\"action\":\"picked\",\"payload\":\"x\",\"ref\":\"q0-1\"}");
	msgc_test_assert_silent(client);
	msgc_test_send(client, "{\"action\":\"picked\",\"payload\":1,\"ref\":5}");
	error = msgc_test_expect(client, "error");
	msgc_test_assert_json(error, "/payload/0/loc", "[\"ref\"]");
	/* An action of the client's own with that ref is what it says. */
	msgc_test_sendf(client, "{\"action\":\"number\",\"ref\":\"%s\"}", ref);
	ck_assert_str_eq(msgc_test_expect(client, "number_is")->ref.ptr, ref);
	msgc_test_sendf(client, "{\"action\":\"picked\",\"payload\":1,\"ref\":\"%s\"}", ref);
	tells(client, "picked 1");
	leave();
}
END_TEST

START_TEST(time_ends_a_question_once)
{
	static const char *const arguments[] = {
	        "--question-timeout=80ms", "--pending-questions=2", NULL};
	struct msgc_test_client *client = enter(_i, arguments);
	const struct msgc_test_frame *question = bother(client), *second = bother(client);

	msgc_test_sendf(client, "{\"action\":\"picked\",\"payload\":\"x\",\"ref\":\"%s\"}",
	        second->ref.ptr);
	msgc_test_expect(client, "error");
	tells(client, "nothing: -13");
	tells(client, "nothing: -3"); /* what came broke the contract */
	msgc_test_answer(client, question, &questions_picked_message,
	        &(struct questions_picked){.payload = 2});
	msgc_test_assert_silent(client);
	ck_assert(metric_is("consumer=\"room\",result=\"timeout\"} 1\n"));
	ck_assert(metric_is("consumer=\"room\",result=\"invalid\"} 1\n"));
	ck_assert(metric_is("msgc_questions_pending 0\n"));
	leave();
	ck_assert_int_eq(seen.outcomes[0], 1);
	ck_assert_int_eq(seen.outcomes[3], 1);
}
END_TEST

START_TEST(only_so_many_wait_for_one_client)
{
	static const char *const arguments[] = {"--pending-questions=3", NULL};
	struct msgc_test_client *client = enter(_i, arguments);

	msgc_test_send(client, "{\"action\":\"bother\",\"payload\":5}");
	for (int i = 0; i < 3; i++)
		ck_assert_str_eq(msgc_test_receive(client)->action.ptr, "pick");
	tells(client, "not asked: -9");
	ck_assert(metric_is("consumer=\"room\",result=\"full\"} 1\n"));
	ck_assert(metric_is("msgc_questions_pending 3\n"));
	leave();
	ck_assert_int_eq(seen.outcomes[1], 3);
}
END_TEST

START_TEST(the_connections_end_is_told_before_disconnected)
{
	struct msgc_test_client *client = enter(_i, NULL), *other;

	msgc_test_send(client, "{\"action\":\"bother\",\"payload\":4}");
	for (int i = 0; i < 4; i++)
		ck_assert_str_eq(msgc_test_receive(client)->action.ptr, "pick");
	if (_i == 0)
		msgc_test_drop(client);
	else
		msgc_test_close(client, 1000);
	other = msgc_test_connect(msgc_test_browser_new(test), "/questions");
	msgc_test_wait_for_auth(other);
	leave();
	ck_assert_int_eq(seen.outcomes[1], 4);
}
END_TEST

START_TEST(what_a_failing_handler_asked_is_not_asked)
{
	struct msgc_test_client *client = enter(_i, NULL);

	msgc_test_send(client, "{\"action\":\"stumble\"}");
	ck_assert_str_eq(msgc_test_receive(client)->action.ptr, "error");
	tells(client, "nothing: -5");
	leave();
	ck_assert_int_eq(seen.outcomes[2], 1);
}
END_TEST

START_TEST(a_handler_may_wait_for_its_answer_before_others_have_their_turn)
{
	struct msgc_test_client *client = enter(_i, NULL);
	const struct msgc_test_frame *question;

	msgc_test_send(client, "{\"action\":\"remove\",\"payload\":\"sure?\",\"ref\":\"1\"}");
	question = msgc_test_expect(client, "confirm");
	msgc_test_send(client, "{\"action\":\"number\",\"ref\":\"2\"}");
	msgc_test_assert_silent(client);
	msgc_test_answer(client, question, &questions_yes_message,
	        &(struct questions_yes){.payload.note = MSGC_STR("fine")});
	msgc_test_assert_json(msgc_test_expect(client, "removed"), "/payload", "true");
	ck_assert_str_eq(msgc_test_expect(client, "number_is")->ref.ptr, "2");

	msgc_test_send(client, "{\"action\":\"remove\",\"payload\":\"sure?\",\"ref\":\"3\"}");
	question = msgc_test_expect(client, "confirm");
	msgc_test_answer(client, question, &questions_no_message, &(struct questions_no){0});
	msgc_test_assert_json(msgc_test_expect(client, "removed"), "/payload", "false");
	leave();
}
END_TEST

START_TEST(what_is_not_waited_for_keeps_its_turn)
{
	struct msgc_test_client *client = enter(_i, NULL);
	const struct msgc_test_frame *question = bother(client), *confirm;

	msgc_test_send(client, "{\"action\":\"remove\",\"payload\":\"sure?\",\"ref\":\"1\"}");
	confirm = msgc_test_expect(client, "confirm");
	msgc_test_answer(client, question, &questions_picked_message,
	        &(struct questions_picked){.payload = 2});
	msgc_test_assert_silent(client);
	msgc_test_answer(client, confirm, &questions_no_message, &(struct questions_no){0});
	ck_assert_str_eq(
	        msgc_test_receive_until_action(client, "told").items[0].action.ptr, "removed");
	leave();
}
END_TEST

START_TEST(the_drain_ends_questions_so_that_handlers_end)
{
	struct msgc_test_client *client = enter(_i, NULL);

	msgc_test_send(client, "{\"action\":\"remove\",\"payload\":\"sure?\",\"ref\":\"1\"}");
	msgc_test_expect(client, "confirm");
	msgc_test_begin_stop(test);
	msgc_test_assert_json(msgc_test_expect(client, "removed"), "/payload", "false");
	msgc_test_assert_closed(client, 1001);
	leave();
	ck_assert_int_eq(seen.outcomes[1], 1);
}
END_TEST

START_TEST(answers_can_be_dealt_with_later_and_standard_messages_asked)
{
	struct msgc_test_client *client = enter(_i, NULL);
	const struct msgc_test_frame *question;

	msgc_test_send(client, "{\"action\":\"check_me\"}");
	question = msgc_test_expect(client, "ping");
	msgc_test_sendf(client, "{\"action\":\"pong\",\"ref\":\"%s\"}", question->ref.ptr);
	tells(client, "pong 1");
	leave();
}
END_TEST

static void ask_from_outside(struct questions_room *room, void *arg)
{
	static const struct questions_pick question;

	if (!room)
		atomic_fetch_add(&seen.posted_to_nobody, 1);
	else
		ck_assert_int_eq(
		        questions_room_ask_pick(room, &question, 0, on_picked, arg), MSGC_OK);
}

START_TEST(any_thread_may_ask_by_way_of_the_connections_number)
{
	static const char *const arguments[] = {"--workers=3", NULL};
	struct msgc_test_client *client = enter(_i, arguments);
	const struct msgc_test_frame *question;
	uint64_t number = atomic_load(&seen.connection);

	ck_assert_int_eq(
	        questions_room_post(msgc_test_server(test), number, ask_from_outside, &seen),
	        MSGC_OK);
	question = msgc_test_expect(client, "pick");
	msgc_test_answer(client, question, &questions_picked_message,
	        &(struct questions_picked){.payload = 7});
	tells(client, "picked 7");
	ck_assert_int_eq(
	        questions_room_post(msgc_test_server(test), number + 1, ask_from_outside, &seen),
	        MSGC_OK);
	ck_assert_int_eq(questions_room_post(msgc_test_server(test), 0, ask_from_outside, &seen),
	        MSGC_EINVAL);
	leave();
	ck_assert_int_eq(seen.posted_to_nobody, 1);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        an_answer_reaches_who_asked_and_has_effects,
	        an_answer_that_is_refused_is_an_error_with_its_ref,
	        a_wrong_answer_is_told_and_the_question_stands,
	        time_ends_a_question_once,
	        only_so_many_wait_for_one_client,
	        the_connections_end_is_told_before_disconnected,
	        what_a_failing_handler_asked_is_not_asked,
	        a_handler_may_wait_for_its_answer_before_others_have_their_turn,
	        what_is_not_waited_for_keeps_its_turn,
	        the_drain_ends_questions_so_that_handlers_end,
	        answers_can_be_dealt_with_later_and_standard_messages_asked,
	        any_thread_may_ask_by_way_of_the_connections_number,
	};

	return protocol_run("questions", tests, sizeof(tests) / sizeof(tests[0]));
}
