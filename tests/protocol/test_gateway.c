/* SPDX-License-Identifier: MIT */
/*
 * test_gateway.c - two discriminators, one of them integers, refs that are integers, no standard messages: what is refused closes the
 * connection. In memory and over sockets.
 */
#include <string.h>

#include <check.h>

#include <msgc/server.h>
#include <msgc/test.h>
#include <msgc/type.h>

#include "run.h"
#include "gateway.msgc.h"

static const char *const keys[] = {"op", "t"};
static const struct msgc_envelope_names names = {
        .keys = keys, .key_count = 2, .ref = "n", .ref_type = &msgc_int53_type, .untagged = true};

static struct msgc_test *test;

static int on_connected(struct gateway_gate *gate)
{
	return gateway_gate_send_hello(gate, &(struct gateway_hello){.d.interval = 40});
}

static int on_heartbeat(struct gateway_gate *gate, const struct gateway_heartbeat *in,
        struct gateway_heartbeat_ack *reply)
{
	(void)gate, (void)in, (void)reply;
	return MSGC_OK;
}

static int on_say(
        struct gateway_gate *gate, const struct gateway_say *in, struct gateway_said *reply)
{
	struct gateway_posted posted = {.d = in->d};

	if (msgc_str_equal(in->d, MSGC_STR("no")))
		return msgc_refuse(gate->connection, "not here");
	if (msgc_str_equal(in->d, MSGC_STR("fail")))
		return MSGC_EINTERNAL;
	reply->d.id = 5;
	return gateway_everybody_broadcast_posted(gate->server, gate->sender, &posted, MSGC_TO_ALL);
}

static int on_name(
        struct gateway_gate *gate, const struct gateway_name *in, struct gateway_heard *reply)
{
	(void)gate, (void)in;
	reply->d = MSGC_STR("name");
	return MSGC_OK;
}

static int on_age(
        struct gateway_gate *gate, const struct gateway_age *in, struct gateway_heard *reply)
{
	(void)gate, (void)in;
	reply->d = MSGC_STR("age");
	return MSGC_OK;
}

static int on_anything(
        struct gateway_gate *gate, const struct gateway_anything *in, struct gateway_heard *reply)
{
	(void)gate;
	reply->d = in->has_t ? MSGC_STR("anything with t") : MSGC_STR("anything");
	return MSGC_OK;
}

static int on_bare(
        struct gateway_gate *gate, const struct gateway_bare *in, struct gateway_bare_too *reply)
{
	(void)gate;
	reply->bare = reply->twice = in->bare;
	return MSGC_OK;
}

static struct msgc_server *make(int argc, char **argv, void *app)
{
	struct msgc_server *server = msgc_server_new(argc, argv);
	static const struct gateway_gate_handlers handlers = {.connected = on_connected,
	        .heartbeat = on_heartbeat,
	        .say = on_say,
	        .name = on_name,
	        .age = on_age,
	        .anything = on_anything,
	        .bare = on_bare};

	gateway_gate_serve(server, &handlers, app);
	return server;
}

static void start(int mode)
{
	test = msgc_test_start(mode == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, make, NULL, NULL);
	msgc_test_set_envelope(test, &names);
}

static struct msgc_test_client *enter(void)
{
	struct msgc_test_client *client = msgc_test_connect(msgc_test_browser_new(test), "/gate");

	ck_assert_str_eq(
	        msgc_test_receive(client)->text.ptr, "{\"op\":10,\"d\":{\"interval\":40}}");
	return client;
}

static void says(struct msgc_test_client *client, const char *frame, const char *answer)
{
	msgc_test_send(client, frame);
	ck_assert_str_eq(msgc_test_receive(client)->text.ptr, answer);
}

START_TEST(integers_tell_messages_apart_and_refs_come_back_as_integers)
{
	struct msgc_test_client *client;

	start(_i);
	client = enter();
	says(client, "{\"op\":1,\"d\":null}", "{\"op\":11}");
	says(client, "{\"d\":7,\"n\":12,\"op\":1.0}", "{\"op\":11,\"n\":12}");
	says(client, "{\"n\":-3,\"op\":1,\"t\":null,\"d\":7}", "{\"op\":11,\"n\":-3}");
	msgc_test_stop(test);
}
END_TEST

START_TEST(the_second_discriminator_decides_where_it_is_known)
{
	struct msgc_test_client *client;

	start(_i);
	client = enter();
	says(client, "{\"op\":4,\"t\":\"NAME\",\"d\":\"x\"}",
	        "{\"op\":0,\"t\":\"HEARD\",\"d\":\"name\"}");
	says(client, "{\"d\":9,\"t\":\"AGE\",\"op\":4,\"n\":1}",
	        "{\"op\":0,\"t\":\"HEARD\",\"d\":\"age\",\"n\":1}");
	says(client, "{\"op\":4,\"t\":\"OTHER\",\"d\":9}",
	        "{\"op\":0,\"t\":\"HEARD\",\"d\":\"anything with t\"}");
	says(client, "{\"op\":4,\"t\":null,\"d\":{}}",
	        "{\"op\":0,\"t\":\"HEARD\",\"d\":\"anything with t\"}");
	says(client, "{\"op\":4,\"d\":[]}", "{\"op\":0,\"t\":\"HEARD\",\"d\":\"anything\"}");
	msgc_test_stop(test);
}
END_TEST

START_TEST(group_messages_have_the_envelope_of_the_contract)
{
	struct msgc_test_client *client;

	start(_i);
	client = enter();
	msgc_test_send(client, "{\"op\":3,\"t\":null,\"d\":\"hi\",\"n\":4}");
	ck_assert_str_eq(msgc_test_receive(client)->text.ptr,
	        "{\"op\":0,\"t\":\"POSTED\",\"d\":\"hi\",\"own\":true}");
	ck_assert_str_eq(msgc_test_receive(client)->text.ptr,
	        "{\"op\":0,\"t\":\"SAID\",\"d\":{\"id\":5},\"n\":4}");
	msgc_test_stop(test);
}
END_TEST

START_TEST(frames_may_come_and_go_without_discriminators)
{
	struct msgc_test_client *client;

	start(_i);
	client = enter();
	says(client, "{\"bare\":\"x\",\"n\":2}", "{\"bare\":\"x\",\"twice\":\"x\",\"n\":2}");
	msgc_test_stop(test);
}
END_TEST

static const struct {
	const char *frame;
	int code;
	const char *reason;
} refused[] = {
        {"{\"op\":3,\"d\":\"\"}", 4400, "d: String should have at least 1 character"},
        {"{\"op\":77}", 4400, NULL},
        {"{\"op\":1,\"d\":null,\"n\":\"7\"}", 4400, "n: Input should be a valid integer"},
        {"{\"op\":1,", 4400, NULL},
        {"{\"op\":3,\"d\":\"no\"}", 4403, "not here"},
        {"{\"op\":3,\"d\":\"fail\"}", 1011, "The message could not be handled."},
};

START_TEST(what_is_refused_closes_the_connection_with_the_reason)
{
	struct msgc_test_client *client;

	start(_i);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		client = enter();
		msgc_test_send(client, refused[i].frame);
		msgc_test_assert_closed(client, (uint16_t)refused[i].code);
		if (refused[i].reason)
			ck_assert_str_eq(msgc_test_close_reason(client), refused[i].reason);
	}
	client = enter();
	says(client, "{\"op\":4,\"t\":\"AGE\",\"d\":9}",
	        "{\"op\":0,\"t\":\"HEARD\",\"d\":\"age\"}");
	msgc_test_send(client, "{\"op\":4,\"t\":\"AGE\",\"d\":9}");
	msgc_test_assert_closed(client, 4429);
	msgc_test_stop(test);
}
END_TEST

START_TEST(the_subprotocol_is_the_first_that_both_like)
{
	static const struct {
		const char *offered;
		int status;
	} offers[] = {{"gw.v1", 101}, {"other, gw.v1 ,gw.v2", 101}, {"gw.v3", 400}, {"gw", 400}};
	struct msgc_test_browser *browser;

	start(_i);
	browser = msgc_test_browser_new(test);
	for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
		msgc_test_set_header(browser, "Sec-WebSocket-Protocol", offers[i].offered);
		ck_assert_int_eq(msgc_test_status(msgc_test_try_connect(browser, "/gate")),
		        offers[i].status);
	}
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        integers_tell_messages_apart_and_refs_come_back_as_integers,
	        the_second_discriminator_decides_where_it_is_known,
	        group_messages_have_the_envelope_of_the_contract,
	        frames_may_come_and_go_without_discriminators,
	        what_is_refused_closes_the_connection_with_the_reason,
	        the_subprotocol_is_the_first_that_both_like,
	};

	return protocol_run("gateway", tests, sizeof(tests) / sizeof(tests[0]));
}
