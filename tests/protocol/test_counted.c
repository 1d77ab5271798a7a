/* SPDX-License-Identifier: MIT */
/*
 * test_counted.c - questions with integers as refs: answers that share their tag are told apart by them, as is one without any. In memory and over sockets.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <msgc/server.h>
#include <msgc/test.h>
#include <msgc/type.h>

#include "run.h"
#include "counted.msgc.h"

static const char *const keys[] = {"op"};
static const struct msgc_envelope_names names = {
        .keys = keys, .key_count = 1, .ref = "id", .ref_type = &msgc_int8_type};

static struct msgc_test *test;

static int done(struct counted_gate *gate, const char *word, unsigned number)
{
	char text[50];

	snprintf(text, sizeof text, "%s %u", word, number);
	return counted_gate_send_done(gate, &(struct counted_done){.d = msgc_str_from(text)});
}

static int on_left(
        struct counted_gate *gate, const struct counted_gate_left_answer *answer, void *arg)
{
	(void)arg;
	if (answer->result != MSGC_OK)
		return MSGC_OK;
	if (answer->kind == COUNTED_GATE_LEFT_ANSWER_RESULT_)
		return done(gate, answer->result_.result.ptr, 0);
	return done(gate, "left", answer->left_is.left);
}

static int on_right(
        struct counted_gate *gate, const struct counted_gate_right_answer *answer, void *arg)
{
	(void)arg;
	return answer->result == MSGC_OK ? done(gate, "right", answer->right_is.right) : MSGC_OK;
}

static int on_go(struct counted_gate *gate, const struct counted_go *in)
{
	int result = counted_gate_ask_left(
	        gate, &(struct counted_left){.d = MSGC_STR("l")}, 0, on_left, NULL);

	(void)in;
	if (result == MSGC_OK)
		result = counted_gate_ask_right(
		        gate, &(struct counted_right){.d = MSGC_STR("r")}, 0, on_right, NULL);
	return result;
}

static struct msgc_server *make(int argc, char **argv, void *app)
{
	static const struct counted_gate_handlers handlers = {.go = on_go};
	struct msgc_server *server = msgc_server_new(argc, argv);

	counted_gate_serve(server, &handlers, app);
	return server;
}

static struct msgc_test_client *enter(int mode)
{
	static const char *const arguments[] = {"--pending-questions=1000", NULL};

	test = msgc_test_start(
	        mode == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, make, NULL, arguments);
	msgc_test_set_envelope(test, &names);
	return msgc_test_connect(msgc_test_browser_new(test), "/counted");
}

static void says_done(struct msgc_test_client *client, const char *text)
{
	msgc_test_assert_json(msgc_test_expect(client, "3"), "/d", text);
}

START_TEST(refs_tell_answers_of_one_tag_apart)
{
	struct msgc_test_client *client = enter(_i);
	const struct msgc_test_frame *left, *right;

	msgc_test_send(client, "{\"op\":4}");
	left = msgc_test_expect(client, "1");
	right = msgc_test_expect(client, "2");
	ck_assert_str_ne(left->ref.ptr, right->ref.ptr);
	msgc_test_sendf(client, "{\"op\":7,\"right\":8,\"id\":%s.0}", right->ref.ptr);
	says_done(client, "\"right 8\"");
	msgc_test_answer(
	        client, left, &counted_left_is_message, &(struct counted_left_is){.left = 5});
	says_done(client, "\"left 5\"");
	msgc_test_send(client, "{\"op\":4}");
	left = msgc_test_expect(client, "1");
	msgc_test_sendf(client, "{\"result\":\"bare\",\"id\":%s}", left->ref.ptr);
	says_done(client, "\"bare 0\"");
	msgc_test_stop(test);
}
END_TEST

/* 1 to 63 are the client's, so to say: 64 to 127 are all that an int8 has left. */
START_TEST(there_are_as_many_questions_as_refs)
{
	struct msgc_test_client *client = enter(_i);
	bool seen[128] = {false};

	for (int i = 0; i < 32; i++) {
		msgc_test_send(client, "{\"op\":4}");
		for (int k = 0; k < 2; k++) {
			int ref = atoi(msgc_test_receive(client)->ref.ptr);

			ck_assert(ref >= 64 && ref <= 127 && !seen[ref]);
			seen[ref] = true;
		}
	}
	msgc_test_send(client, "{\"op\":4}");
	msgc_test_assert_closed(client, 1013);
	msgc_test_stop(test);
}
END_TEST

START_TEST(an_answer_that_is_wrong_ends_what_has_no_words_for_it)
{
	struct msgc_test_client *client = enter(_i);
	const struct msgc_test_frame *left;

	msgc_test_send(client, "{\"op\":4}");
	left = msgc_test_expect(client, "1");
	msgc_test_send(client, "{\"op\":7,\"left\":8,\"id\":1}"); /* nobody asked by that */
	msgc_test_send(client, "{\"op\":4}");
	msgc_test_expect(client, "1");
	msgc_test_sendf(client, "{\"op\":7,\"left\":\"8\",\"id\":%s}", left->ref.ptr);
	msgc_test_assert_closed(client, 4400);
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        refs_tell_answers_of_one_tag_apart,
	        there_are_as_many_questions_as_refs,
	        an_answer_that_is_wrong_ends_what_has_no_words_for_it,
	};

	return protocol_run("counted", tests, sizeof(tests) / sizeof(tests[0]));
}
