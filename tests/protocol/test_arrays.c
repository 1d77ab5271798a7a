/* SPDX-License-Identifier: MIT */
/*
 * test_arrays.c - frames that are arrays: tags and ref have places of their own, elements fill the others. In memory and over sockets.
 */
#include <string.h>

#include <check.h>

#include <msgc/server.h>
#include <msgc/test.h>

#include "run.h"
#include "arrays.msgc.h"

static const uint8_t positions[] = {0, 2};
static const struct msgc_envelope_names names = {
        .positions = positions, .key_count = 2, .ref_at = 2};

static struct msgc_test *test;

static int on_connected(struct arrays_point *point)
{
	return arrays_point_send_tick(point, &(struct arrays_tick){.count = 1});
}

static int on_boot(struct arrays_point *point, const struct arrays_boot *in,
        struct arrays_point_boot_reply *reply)
{
	(void)point;
	if (msgc_str_equal(in->payload.vendor, MSGC_STR("nobody"))) {
		reply->kind = ARRAYS_POINT_BOOT_REPLY_CALL_ERROR;
		reply->call_error.code = MSGC_STR("NotSupported");
		reply->call_error.description = MSGC_STR("a, \"b\" [c]");
		reply->call_error.details = (struct msgc_json){"{}", 2};
		return MSGC_OK;
	}
	reply->kind = ARRAYS_POINT_BOOT_REPLY_BOOT_RESULT;
	reply->boot_result.payload.interval = 300;
	return MSGC_OK;
}

static int on_note(
        struct arrays_point *point, const struct arrays_note *in, struct arrays_noted *reply)
{
	reply->payload.text = in->text;
	reply->payload.level = in->has_level ? in->level : 255;
	return arrays_everybody_broadcast_tick(
	        point->server, point->sender, &(struct arrays_tick){.count = 2}, MSGC_TO_ALL);
}

static struct msgc_server *make(int argc, char **argv, void *app)
{
	static const struct arrays_point_handlers handlers = {
	        .connected = on_connected, .boot = on_boot, .note = on_note};
	struct msgc_server *server = msgc_server_new(argc, argv);

	arrays_point_serve(server, &handlers, app);
	return server;
}

static struct msgc_test_client *enter(int mode)
{
	struct msgc_test_client *client;

	test = msgc_test_start(mode == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, make, NULL, NULL);
	msgc_test_set_envelope(test, &names);
	client = msgc_test_connect(msgc_test_browser_new(test), "/point");
	ck_assert_str_eq(msgc_test_receive(client)->text.ptr, "[2,null,\"Tick\",1]");
	return client;
}

static void says(struct msgc_test_client *client, const char *frame, const char *answer)
{
	msgc_test_send(client, frame);
	ck_assert_str_eq(msgc_test_receive(client)->text.ptr, answer);
}

START_TEST(a_call_is_answered_with_its_ref)
{
	struct msgc_test_client *client = enter(_i);

	says(client, "[2,\"19,[\\\"\",\"Boot\",{\"vendor\":\"acme\"}]",
	        "[3,\"19,[\\\"\",{\"interval\":300}]");
	says(client, " [ 2 , \"20\" , \"Boot\" , {\"vendor\":\"nobody\"} ] ",
	        "[4,\"20\",\"NotSupported\",\"a, \\\"b\\\" [c]\",{}]");
	msgc_test_stop(test);
}
END_TEST

START_TEST(the_last_elements_may_be_absent)
{
	struct msgc_test_client *client = enter(_i);

	says(client, "[2,\"1\",\"Note\",\"x\"]", "[2,null,\"Tick\",2]");
	ck_assert_str_eq(
	        msgc_test_receive(client)->text.ptr, "[3,\"1\",{\"text\":\"x\",\"level\":255}]");
	says(client, "[2,\"2\",\"Note\",\"y\",7]", "[2,null,\"Tick\",2]");
	ck_assert_str_eq(
	        msgc_test_receive(client)->text.ptr, "[3,\"2\",{\"text\":\"y\",\"level\":7}]");
	msgc_test_stop(test);
}
END_TEST

START_TEST(what_is_no_such_array_is_refused)
{
	static const char *const frames[] = {"[2,\"1\",\"Boot\"]",
	        "[2,\"1\",\"Boot\",{\"vendor\":\"\"}]", "[2,\"1\",\"Boot\",{\"vendor\":\"a\"},1]",
	        "[2,1,\"Boot\",{\"vendor\":\"a\"}]", "[2,\"1\",\"Nothing\",{}]",
	        "[9,\"1\",\"Boot\",{}]", "[]", "{}", "[3,\"1\",{\"interval\":1}]"};
	struct msgc_test_client *client = enter(_i);

	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		client = msgc_test_connect(msgc_test_browser_new(test), "/point");
		msgc_test_receive(client);
		msgc_test_send(client, frames[i]);
		msgc_test_assert_closed(client, 4400);
	}
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        a_call_is_answered_with_its_ref,
	        the_last_elements_may_be_absent,
	        what_is_no_such_array_is_refused,
	};

	return protocol_run("arrays", tests, sizeof(tests) / sizeof(tests[0]));
}
