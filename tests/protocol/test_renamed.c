/* SPDX-License-Identifier: MIT */
/*
 * test_renamed.c - standard messages and envelope under the contract's own names. In memory and over sockets.
 */
#include <check.h>

#include <msgc/server.h>
#include <msgc/test.h>

#include "run.h"
#include "renamed.msgc.h"

static const char *const kind[] = {"kind"};
static const struct msgc_envelope_names names = {.keys = kind, .key_count = 1, .ref = "id"};

static struct msgc_test *test;

static int on_say(struct renamed_room *room, const struct renamed_say *in)
{
	struct renamed_said said = {.text = in->text};

	return renamed_everybody_broadcast_said(room->server, room->sender, &said, MSGC_TO_ALL);
}

static struct msgc_server *make(int argc, char **argv, void *app)
{
	struct msgc_server *server = msgc_server_new(argc, argv);
	static const struct renamed_room_handlers handlers = {.say = on_say};

	renamed_room_serve(server, &handlers, app);
	return server;
}

static struct msgc_test_client *enter(int mode)
{
	struct msgc_test_client *client;

	test = msgc_test_start(mode == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, make, NULL, NULL);
	msgc_test_set_envelope(test, &names);
	client = msgc_test_connect(msgc_test_browser_new(test), "/renamed");
	msgc_test_assert_json(
	        msgc_test_expect(client, "authentication"), "/payload/status_code", "200");
	return client;
}

START_TEST(pings_are_answered_in_the_contracts_words)
{
	struct msgc_test_client *client = enter(_i);
	const struct msgc_test_frame *frame;

	msgc_test_send(client, "{\"kind\":\"ping\",\"payload\":null,\"id\":\"7\"}");
	frame = msgc_test_expect(client, "pong");
	ck_assert_str_eq(frame->text.ptr, "{\"kind\":\"pong\",\"id\":\"7\"}");
	msgc_test_assert_json(msgc_test_expect(client, "complete"), "/id", "\"7\"");
	msgc_test_send(client, "{\"action\":\"ping\"}");
	frame = msgc_test_expect(client, "error");
	msgc_test_assert_json(frame, "/payload/0/type", "\"union_tag_not_found\"");
	msgc_test_assert_json(frame, "/payload/0/ctx/discriminator", "\"'kind'\"");
	msgc_test_stop(test);
}
END_TEST

START_TEST(group_messages_show_the_face_that_the_contract_asks_for)
{
	struct msgc_test_client *client = enter(_i);
	const struct msgc_test_frame *frame;

	msgc_test_send(client, "{\"text\":\"hi\",\"kind\":\"say\"}");
	frame = msgc_test_expect(client, "said");
	ck_assert_str_eq(frame->text.ptr, "{\"kind\":\"said\",\"text\":\"hi\",\"mine\":false}");
	msgc_test_receive_until_action(client, "group_complete");
	msgc_test_stop(test);
}
END_TEST

START_TEST(members_of_the_envelope_may_be_called_otherwise_and_others_are_the_messages)
{
	struct msgc_test_client *client = enter(_i);

	msgc_test_send(client, "{\"kind\":\"say\",\"text\":\"hi\",\"id\":5}");
	msgc_test_assert_json(msgc_test_expect(client, "error"), "/payload/0/loc", "[\"id\"]");
	msgc_test_send(client, "{\"kind\":\"say\",\"text\":\"hi\",\"ref\":5}");
	msgc_test_expect(client, "said");
	msgc_test_stop(test);
}
END_TEST

START_TEST(no_subprotocol_is_spoken_unless_the_contract_says_so)
{
	struct msgc_test_browser *browser;

	enter(_i);
	browser = msgc_test_browser_new(test);
	msgc_test_set_header(browser, "Sec-WebSocket-Protocol", "gw.v1");
	ck_assert_int_eq(msgc_test_status(msgc_test_try_connect(browser, "/renamed")), 400);
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        pings_are_answered_in_the_contracts_words,
	        group_messages_show_the_face_that_the_contract_asks_for,
	        members_of_the_envelope_may_be_called_otherwise_and_others_are_the_messages,
	        no_subprotocol_is_spoken_unless_the_contract_says_so,
	};

	return protocol_run("renamed", tests, sizeof(tests) / sizeof(tests[0]));
}
