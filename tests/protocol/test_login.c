/* SPDX-License-Identifier: MIT */
/*
 * test_login.c - the first frame names the user, by the program's own look-up. In memory and over sockets.
 */
#include <string.h>

#include <check.h>

#include <msgc/server.h>
#include <msgc/test.h>

#include "run.h"
#include "login.msgc.h"

static struct msgc_test *test;

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user)
{
	(void)app, (void)lookup;
	ret_user->id = cookie;
	return MSGC_OK;
}

static int by_token(void *app, struct msgc_lookup *lookup, const struct login_gate_params *params,
        const struct login_identify *in, struct msgc_user *ret_user)
{
	(void)app;
	if (!msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	if (params->v != 1 || !msgc_str_equal(in->token, MSGC_STR("good")))
		return MSGC_EUNAUTHENTICATED;
	ret_user->id = MSGC_STR("ada");
	return MSGC_OK;
}

static int by_session(void *app, struct msgc_lookup *lookup, const struct login_gate_params *params,
        const struct login_resume *in, struct msgc_user *ret_user)
{
	(void)app, (void)lookup, (void)params;
	if (msgc_str_equal(in->session, MSGC_STR("broken")))
		return MSGC_EIO;
	ret_user->id = in->session;
	return MSGC_OK;
}

static int on_identify(
        struct login_gate *gate, const struct login_identify *in, struct login_ready *reply)
{
	ck_assert_str_eq(in->token.ptr, "good");
	reply->user = gate->user->id;
	return MSGC_OK;
}

static int on_resume(
        struct login_gate *gate, const struct login_resume *in, struct login_ready *reply)
{
	(void)in;
	reply->user = gate->user->id;
	return MSGC_OK;
}

static int on_who(struct login_gate *gate, const struct login_who *in, struct login_you *reply)
{
	(void)in;
	reply->user = gate->user->id;
	return MSGC_OK;
}

static struct msgc_server *make(int argc, char **argv, void *app)
{
	static const struct login_gate_handlers handlers = {.authenticate_identify = by_token,
	        .authenticate_resume = by_session,
	        .identify = on_identify,
	        .resume = on_resume,
	        .who = on_who};
	struct msgc_server *server = msgc_server_new(argc, argv);

	msgc_server_use_sessions(server, "sid", find_session, NULL);
	login_gate_serve(server, &handlers, app);
	return server;
}

static struct msgc_test_client *come(int mode, const char *target)
{
	static const char *const arguments[] = {"--auth-timeout=400ms", NULL};

	test = msgc_test_start(
	        mode == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, make, NULL, arguments);
	return msgc_test_connect(msgc_test_browser_new(test), target);
}

static void says(struct msgc_test_client *client, const char *frame, const char *answer)
{
	msgc_test_send(client, frame);
	ck_assert_str_eq(msgc_test_receive(client)->text.ptr, answer);
}

START_TEST(the_first_frame_names_the_user_and_is_answered)
{
	struct msgc_test_client *client = come(_i, "/login");

	msgc_test_send(client, "{\"op\":2,\"token\":\"good\",\"ref\":\"r\"}");
	says(client, "{\"op\":4}", "{\"op\":3,\"user\":\"ada\",\"ref\":\"r\"}");
	ck_assert_str_eq(msgc_test_receive(client)->text.ptr, "{\"op\":5,\"user\":\"ada\"}");
	msgc_test_send(client, "{\"op\":2,\"token\":\"good\"}");
	msgc_test_assert_closed(client, 4403);
	ck_assert_str_eq(msgc_test_close_reason(client), "You are authenticated already.");
	msgc_test_stop(test);
}
END_TEST

START_TEST(there_may_be_several_such_messages)
{
	struct msgc_test_client *client = come(_i, "/login?v=7");

	says(client, "{\"session\":\"bob\",\"op\":6}", "{\"op\":3,\"user\":\"bob\"}");
	msgc_test_stop(test);
}
END_TEST

START_TEST(who_is_recognised_otherwise_need_not_say_who_it_is)
{
	struct msgc_test_browser *browser;
	struct msgc_test_client *client = come(_i, "/login");

	browser = msgc_test_browser_new(test);
	msgc_test_set_cookie(browser, "sid", "eve");
	client = msgc_test_connect(browser, "/login");
	says(client, "{\"op\":4}", "{\"op\":5,\"user\":\"eve\"}");
	msgc_test_stop(test);
}
END_TEST

static const struct {
	const char *target, *frame;
	int code;
} refused[] = {
        {"/login", "{\"op\":2,\"token\":\"bad\"}", 4401},
        {"/login?v=2", "{\"op\":2,\"token\":\"good\"}", 4401},
        {"/login", "{\"op\":2,\"token\":\"\"}", 4401},
        {"/login", "{\"op\":4}", 4401},
        {"/login", "nonsense", 4401},
        {"/login", "{\"op\":6,\"session\":\"broken\"}", 1011},
        {"/login", "{\"op\":6,\"session\":\"\"}", 4403}, /* anonymous */
        {"/login", NULL, 4408},
};

START_TEST(who_is_nobody_is_sent_away)
{
	struct msgc_test_client *client = come(_i, "/login");

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		client = msgc_test_connect(msgc_test_browser_new(test), refused[i].target);
		if (refused[i].frame)
			msgc_test_send(client, refused[i].frame);
		msgc_test_assert_closed(client, (uint16_t)refused[i].code);
	}
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        the_first_frame_names_the_user_and_is_answered,
	        there_may_be_several_such_messages,
	        who_is_recognised_otherwise_need_not_say_who_it_is,
	        who_is_nobody_is_sent_away,
	};

	return protocol_run("login", tests, sizeof(tests) / sizeof(tests[0]));
}
