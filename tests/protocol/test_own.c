/* SPDX-License-Identifier: MIT */
/*
 * test_own.c - a contract's own words: the frame that comes first of all, and what tells of refused frames. In memory and over sockets.
 */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include <msgc/server.h>
#include <msgc/test.h>
#include <msgc/type.h>

#include "run.h"
#include "own.msgc.h"

static const char *const keys[] = {"op"};
static const struct msgc_envelope_names names = {
        .keys = keys, .key_count = 1, .ref = "n", .ref_type = &msgc_int53_type};

static struct msgc_test *test;

const char *own_check_known_room(const struct msgc_str *value)
{
	return msgc_str_equal(*value, MSGC_STR("nowhere")) ? "no such room" : NULL;
}

static bool is_room(const struct own_gate *gate, const char *name)
{
	return msgc_str_equal(gate->params.room, msgc_str_from(name));
}

/* A challenge that its connection remembers. */
static int on_greet(struct own_gate *gate, struct own_hello *message)
{
	char *nonce = msgc_arena_alloc(gate->arena, 32, 1);

	ck_assert_ptr_null(gate->user);
	if (is_room(gate, "broken"))
		return MSGC_EINTERNAL;
	if (is_room(gate, "closed"))
		return MSGC_EREFUSED;
	ck_assert_ptr_nonnull(nonce);
	snprintf(nonce, 32, "n%llu", (unsigned long long)msgc_connection_id(gate->connection));
	gate->state = nonce;
	message->nonce = msgc_str_from(nonce);
	return MSGC_OK;
}

static int whom(void *app, struct msgc_lookup *lookup, const struct own_gate_params *params,
        void *state, const struct own_identify *in, struct msgc_user *ret_user)
{
	(void)app, (void)lookup, (void)params;
	if (!msgc_str_equal(in->proof, msgc_str_from(state)))
		return MSGC_EUNAUTHENTICATED;
	ret_user->id = MSGC_STR("ada");
	return MSGC_OK;
}

static int on_error(
        struct own_gate *gate, const struct msgc_refusal *refusal, struct own_problem *message)
{
	if (is_room(gate, "silent"))
		return MSGC_SAY_NOTHING;
	if (is_room(gate, "wordless"))
		return MSGC_EINTERNAL;
	message->why = msgc_str_from(refusal->name);
	message->has_what = refusal->message != NULL;
	if (refusal->message)
		message->what = msgc_str_of(refusal->message->name, refusal->message->name_len);
	message->detail = refusal->detail;
	message->count = refusal->problems ? (uint32_t)refusal->problems->count : 0;
	return MSGC_OK;
}

static int on_sum(struct own_gate *gate, const struct own_gate_sum_answer *answer, void *arg)
{
	(void)arg;
	if (answer->result != MSGC_OK)
		return MSGC_OK;
	return answer->sum_is.sum == 5 ? MSGC_OK : msgc_refuse(gate->connection, "wrong");
}

static int on_identify(
        struct own_gate *gate, const struct own_identify *in, struct own_ready *reply)
{
	(void)in;
	reply->user = gate->user->id;
	return own_gate_ask_sum(gate, &(struct own_sum){.a = 2, .b = 3}, 0, on_sum, NULL);
}

static int on_say(struct own_gate *gate, const struct own_say *in, struct own_said *reply)
{
	if (msgc_str_equal(in->text, MSGC_STR("no")))
		return msgc_refuse(gate->connection, "not here");
	if (msgc_str_equal(in->text, MSGC_STR("fail")))
		return MSGC_EIO;
	reply->text = in->text;
	return MSGC_OK;
}

static struct msgc_server *make(int argc, char **argv, void *app)
{
	static const struct own_gate_handlers handlers = {.greet_hello = on_greet,
	        .error = on_error,
	        .authenticate_identify = whom,
	        .identify = on_identify,
	        .say = on_say};
	struct msgc_server *server = msgc_server_new(argc, argv);

	own_gate_serve(server, &handlers, app);
	return server;
}

static void start(int mode)
{
	test = msgc_test_start(mode == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, make, NULL, NULL);
	msgc_test_set_envelope(test, &names);
}

static struct msgc_test_client *go_to(const char *path)
{
	return msgc_test_connect(msgc_test_browser_new(test), path);
}

/* Past the greeting; `*ret_ref`: of the question that follows. */
static struct msgc_test_client *enter(const char *path, const char **ret_ref)
{
	struct msgc_test_client *client = go_to(path);
	struct own_hello hello;
	const struct msgc_test_frame *question;

	msgc_test_decode(msgc_test_receive(client), &own_hello_message, &hello);
	msgc_test_sendf(client, "{\"op\":2,\"proof\":\"%s\",\"n\":1}", hello.nonce.ptr);
	question = msgc_test_receive(client);
	ck_assert_str_eq(question->action.ptr, "5");
	*ret_ref = question->ref.ptr;
	ck_assert_str_eq(
	        msgc_test_receive(client)->text.ptr, "{\"op\":11,\"user\":\"ada\",\"n\":1}");
	return client;
}

static void says(struct msgc_test_client *client, const char *frame, const char *answer)
{
	msgc_test_send(client, frame);
	ck_assert_str_eq(msgc_test_receive(client)->text.ptr, answer);
}

START_TEST(the_greeting_comes_before_anybody_is_known)
{
	struct msgc_test_client *client;
	const char *ref;

	start(_i);
	client = go_to("/own/hall");
	ck_assert_str_eq(msgc_test_receive(client)->action.ptr, "10");
	msgc_test_send(client, "{\"op\":2,\"proof\":\"guess\"}");
	msgc_test_assert_closed(client, 4401);
	enter("/own/hall", &ref);
	msgc_test_assert_closed(go_to("/own/broken"), 1011);
	msgc_test_assert_closed(go_to("/own/closed"), 4403);
	msgc_test_stop(test);
}
END_TEST

START_TEST(parameters_are_changed_and_checked_by_the_program)
{
	struct msgc_test_browser *browser;
	const char *ref;

	start(_i);
	browser = msgc_test_browser_new(test);
	ck_assert_int_eq(msgc_test_status(msgc_test_try_connect(browser, "/own/nowhere")), 404);
	ck_assert_int_eq(msgc_test_status(msgc_test_try_connect(browser, "/own/NOWHERE")), 404);
	enter("/own/HALL", &ref);
	msgc_test_assert_closed(go_to("/own/CLOSED"), 4403);
	msgc_test_stop(test);
}
END_TEST

START_TEST(what_is_refused_is_told_in_the_contracts_words)
{
	struct msgc_test_client *client;
	const char *ref;

	start(_i);
	client = enter("/own/hall", &ref);
	says(client, "{\"op\":3,\"text\":\"\",\"n\":7}",
	        "{\"op\":9,\"why\":\"invalid\",\"what\":\"say\",\"detail\":\"text: String should "
	        "have at least 1 character\",\"count\":1,\"n\":7}");
	says(client, "{\"op\":3,\"text\":\"no\",\"n\":8}",
	        "{\"op\":9,\"why\":\"refused\",\"what\":\"say\",\"detail\":\"not "
	        "here\",\"count\":0,\"n\":8}");
	says(client, "{\"op\":3,\"text\":\"fail\"}",
	        "{\"op\":9,\"why\":\"handler_failed\",\"what\":\"say\",\"detail\":\"The message "
	        "could not be handled.\",\"count\":0}");
	msgc_test_send(client, "{\"op\":77,\"n\":9}");
	msgc_test_assert_json(msgc_test_receive(client), "/what", NULL);
	msgc_test_send(client, "{\"op\":3,\"text\":");
	msgc_test_assert_json(msgc_test_receive(client), "/why", "\"invalid\"");
	says(client, "{\"op\":3,\"text\":\"yes\",\"n\":10}",
	        "{\"op\":4,\"text\":\"yes\",\"n\":10}");
	msgc_test_send(client, "{\"op\":3,\"text\":\"a\"}");
	msgc_test_receive(client);
	msgc_test_send(client, "{\"op\":3,\"text\":\"a\"}");
	msgc_test_receive(client);
	msgc_test_send(client, "{\"op\":3,\"text\":\"a\"}");
	msgc_test_assert_json(msgc_test_receive(client), "/why", "\"rate_limited\"");
	/* An answer of the client is a frame like any other. */
	msgc_test_sendf(client, "{\"op\":6,\"sum\":\"5\",\"n\":%s}", ref);
	msgc_test_assert_json(msgc_test_receive(client), "/n", ref);
	msgc_test_sendf(client, "{\"op\":6,\"sum\":6,\"n\":%s}", ref);
	msgc_test_assert_json(msgc_test_receive(client), "/detail", "\"wrong\"");
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_hook_may_say_nothing_or_have_no_words)
{
	struct msgc_test_client *client;
	const char *ref;

	start(_i);
	client = enter("/own/silent", &ref);
	msgc_test_send(client, "{\"op\":3,\"text\":\"\",\"n\":7}");
	says(client, "{\"op\":3,\"text\":\"yes\",\"n\":8}", "{\"op\":4,\"text\":\"yes\",\"n\":8}");
	client = enter("/own/wordless", &ref);
	msgc_test_send(client, "{\"op\":3,\"text\":\"\",\"n\":7}");
	msgc_test_assert_closed(client, 4400);
	ck_assert_str_eq(
	        msgc_test_close_reason(client), "text: String should have at least 1 character");
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        the_greeting_comes_before_anybody_is_known,
	        parameters_are_changed_and_checked_by_the_program,
	        what_is_refused_is_told_in_the_contracts_words,
	        a_hook_may_say_nothing_or_have_no_words,
	};

	return protocol_run("own", tests, sizeof(tests) / sizeof(tests[0]));
}
