/* SPDX-License-Identifier: MIT */
/*
 * What a handler causes: the order in which it leaves, and that nothing of it leaves when the handler fails.
 */
#include "hall.h"

#include <stdarg.h>

static struct hall *other;
static int result;

static int join_hall(struct hall *hall)
{
	return hall_join(hall, "hall");
}

/* All effects in the wrong order; `result` is what it returns. */
static int everything(struct hall *hall, const struct note *in, struct note *reply)
{
	reply->payload = in->payload;
	ck_assert_int_eq(hall_send(hall, &hello_message, "first"), 0);
	ck_assert_int_eq(
	        hall_publish(hall->server, "hall", &shout_message, hall->sender, "one", 0), 0);
	ck_assert_int_eq(hall_send(hall, &hello_message, "second"), 0);
	ck_assert_int_eq(
	        hall_publish(hall->server, "hall", &plain_message, hall->sender, "two", 0), 0);
	return result;
}

START_TEST(effects_leave_in_the_order_broadcasts_sends_reply_complete)
{
	client *c;

	world_make(NULL);
	world->handlers.joins = join_hall;
	world->handlers.say = everything;
	world->consumer.completion = true;
	result = 0;
	world_start();
	c = enter();
	tell(c, "{\"action\":\"say\",\"payload\":\"r\",\"ref\":\"1\"}");
	expect(c,
	        "{\"action\":\"shout\",\"payload\":\"one\",\"is_mine\":false,\"is_current\":true}");
	expect(c, "{\"action\":\"group_complete\"}");
	expect(c, "{\"action\":\"plain\",\"payload\":\"two\"}");
	expect(c, "{\"action\":\"group_complete\"}");
	expect(c, "{\"action\":\"hello\",\"payload\":\"first\"}");
	expect(c, "{\"action\":\"hello\",\"payload\":\"second\"}");
	expect(c, "{\"action\":\"said\",\"payload\":\"r\",\"ref\":\"1\"}");
	expect(c, "{\"action\":\"complete\",\"ref\":\"1\"}");
	expect_nothing(c);
	world_end();
}
END_TEST

START_TEST(a_handler_that_fails_causes_one_error_and_nothing_else)
{
	static const struct {
		int result;
		const char *payload;
	} cases[] = {
	        {MSGC_EIO,
	                "{\"reason\":\"handler_failed\",\"detail\":\"The message could not be "
	                "handled.\"}"},
	        {MSGC_ENOMEM,
	                "{\"reason\":\"handler_failed\",\"detail\":\"The message could not be "
	                "handled.\"}"},
	        {MSGC_LATER,
	                "{\"reason\":\"handler_failed\",\"detail\":\"The message could not be "
	                "handled.\"}"},
	        {MSGC_EBUSY,
	                "{\"reason\":\"busy\",\"detail\":\"The server is "
	                "busy.\",\"retry_after\":1}"},
	        {MSGC_ECONFLICT,
	                "{\"reason\":\"conflict\",\"detail\":\"Another message had this id.\"}"},
	        {MSGC_EREFUSED, "{\"reason\":\"refused\",\"detail\":\"Refused.\"}"},
	};
	client *c, *witness;

	world_make(NULL);
	world->handlers.joins = join_hall;
	world->handlers.say = everything;
	world->consumer.completion = true;
	world_start();
	c = enter();
	witness = enter();
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char want[300] = "{\"action\":\"error\",\"payload\":";

		result = cases[i].result;
		tell(c, "{\"action\":\"say\",\"payload\":\"r\",\"ref\":\"1\"}");
		strcat(want, cases[i].payload);
		strcat(want, ",\"ref\":\"1\"}");
		expect(c, want);
		expect_nothing(c);
		expect_nothing(witness);
	}
	expect_open(c);
	ck_assert(world_logged("event=handler.failed"));
	world_end();
}
END_TEST

static int refuse(struct hall *hall, const struct note *in, struct note *reply)
{
	reply->payload = in->payload;
	(void)hall_send(hall, &hello_message, "never seen");
	return msgc_refuse(hall->connection, "the room \"%.*s\" is full", (int)in->payload.len,
	        in->payload.ptr);
}

static int refuse_long(struct hall *hall, const struct note *in, struct note *reply)
{
	static char words[1000];

	(void)in, (void)reply;
	for (size_t i = 0; i + 2 < sizeof words; i += 2)
		memcpy(words + i, "\xC3\xA4", 2);
	return msgc_refuse(hall->connection, "x%s", words);
}

static int refuse_garbage(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)in, (void)reply;
	return msgc_refuse(hall->connection, "%s", "\xFF\xFE");
}

START_TEST(a_refusal_carries_the_handlers_words)
{
	struct msgc_buf got = {0};
	client *c;

	world_make(NULL);
	world->handlers.say = refuse;
	world_start();
	c = enter();
	tell(c, "{\"action\":\"say\",\"payload\":\"blue\",\"ref\":\"1\"}");
	expect(c,
	        "{\"action\":\"error\",\"payload\":{\"reason\":\"refused\","
	        "\"detail\":\"the room \\\"blue\\\" is full\"},\"ref\":\"1\"}");
	expect_nothing(c);
	world_end();

	world_make(NULL);
	world->handlers.say = refuse_long;
	world->handlers.store = refuse_garbage;
	world_start();
	c = enter();
	tell(c, "{\"action\":\"say\",\"payload\":\"\"}");
	ck_assert(msgc__memory_receive(c, &got, 0));
	ck_assert(msgc_utf8_valid(got.data, got.len));
	ck_assert_uint_gt(got.len, 500);
	msgc_buf_free(&got);
	tell(c, "{\"action\":\"store\",\"payload\":\"\"}");
	expect(c,
	        "{\"action\":\"error\",\"payload\":{\"reason\":\"refused\",\"detail\":\"Refused.\"}"
	        "}");
	world_end();
}
END_TEST

static int big_reply(struct hall *hall, const struct note *in, struct note *reply)
{
	static char big[8000];

	(void)hall, (void)in;
	memset(big, 'x', sizeof big);
	reply->payload = msgc_str_of(big, sizeof big);
	return 0;
}

static int start_worker(void *app, unsigned worker)
{
	(void)app, (void)worker;
	return 0;
}

static int shout_once(struct hall *hall, const struct note *in, struct note *reply)
{
	reply->payload = in->payload;
	return hall_publish(hall->server, "hall", &plain_message, hall->sender, in->payload.ptr, 0);
}

static void open_nothing(struct msgc__worker *worker, struct msgc__mail *mail)
{
	(void)worker, (void)mail;
}

START_TEST(a_worker_without_room_misses_a_broadcast_that_the_others_get)
{
	static struct msgc__mail mails[16];
	client *c[3];

	world_make("--workers=3", "--mailbox=16", NULL);
	msgc_server_on_worker(world->server, start_worker, NULL, NULL);
	world->handlers.joins = join_hall;
	world->handlers.say = shout_once;
	world_start();
	for (world->entrance = 0; world->entrance < 3; world->entrance++)
		c[world->entrance] = enter();
	for (size_t i = 0; i < 16; i++) {
		mails[i].deliver = open_nothing;
		ck_assert_int_eq(msgc__worker_post(world->server->workers[1], &mails[i], true), 0);
	}
	tell(c[0], "{\"action\":\"say\",\"payload\":\"1\"}");
	expect(c[0], "{\"action\":\"plain\",\"payload\":\"1\"}");
	expect_begin(c[0], "{\"action\":\"said\"");
	expect_nothing(c[1]);
	expect(c[2], "{\"action\":\"plain\",\"payload\":\"1\"}");
	ck_assert(world_logged("event=group.missed worker=1 group=hall error="));
	/* Its mail has been read: the next one arrives. */
	tell(c[0], "{\"action\":\"say\",\"payload\":\"2\"}");
	for (int i = 0; i < 3; i++)
		expect(c[i], "{\"action\":\"plain\",\"payload\":\"2\"}");
	world_end();
}
END_TEST

START_TEST(an_answer_that_cannot_fit_is_an_error)
{
	client *c;

	world_make("--outbox-limit=4KiB", "--frame-limit=1KiB", NULL);
	world->handlers.say = big_reply;
	world_start();
	c = enter();
	tell(c, "{\"action\":\"say\",\"payload\":\"\"}");
	expect(c,
	        "{\"action\":\"error\",\"payload\":{\"reason\":\"too_large\","
	        "\"detail\":\"The answer is too large.\"}}");
	expect_open(c);
	world_end();
}
END_TEST

static int contract_breaker(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)hall, (void)in;
	reply->payload = msgc_str_of("\xFF", 1);
	return 0;
}

static int contract_breaker_sends(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)reply;
	ck_assert_int_eq(hall_send(hall, &hello_message, "\xFF"), MSGC_ECONTRACT);
	ck_assert_int_eq(hall_publish(hall->server, "hall", &shout_message, NULL, "\xFF", 0),
	        MSGC_ECONTRACT);
	/* What was staged before stays as it was. */
	reply->payload = in->payload;
	return hall_send(hall, &hello_message, "good");
}

START_TEST(a_value_that_breaks_the_contract_does_not_leave)
{
	client *c;

	world_make(NULL);
	world->handlers.say = contract_breaker;
	world->handlers.store = contract_breaker_sends;
	world_start();
	c = enter();
	tell(c, "{\"action\":\"say\",\"payload\":\"\"}");
	expect_begin(c, "{\"action\":\"error\",\"payload\":{\"reason\":\"handler_failed\"");
	tell(c, "{\"action\":\"store\",\"payload\":\"r\"}");
	expect(c, "{\"action\":\"hello\",\"payload\":\"good\"}");
	expect(c, "{\"action\":\"said\",\"payload\":\"r\"}");
	world_end();
}
END_TEST

static int remember(struct hall *hall)
{
	other = hall;
	return 0;
}

static int send_to_other(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)in, (void)reply;
	ck_assert_int_eq(hall_send(other, &hello_message, "from elsewhere"), 0);
	msgc_connection_close(other->connection, 4000, "that was all");
	msgc_connection_close(hall->connection, 4001, NULL);
	ck_assert_int_eq(hall_send(hall, &hello_message, "bye"), 0);
	return result;
}

START_TEST(a_close_comes_after_what_was_sent_before_it)
{
	struct msgc__memory_state state;
	client *c, *to;

	world_make(NULL);
	world->handlers.connected = remember;
	world->handlers.say = send_to_other;
	result = 0;
	world_start();
	c = enter();
	to = enter();
	tell(c, "{\"action\":\"say\",\"payload\":\"r\"}");
	expect(to, "{\"action\":\"hello\",\"payload\":\"from elsewhere\"}");
	expect_closed(to, 4000);
	msgc__memory_look(to, &state);
	ck_assert_str_eq(state.close_reason, "that was all");
	expect(c, "{\"action\":\"hello\",\"payload\":\"bye\"}");
	expect_closed(c, 4001);
	world_end();
}
END_TEST

START_TEST(a_handler_that_fails_still_closes_what_it_wanted_closed)
{
	client *c, *to;

	world_make(NULL);
	world->handlers.connected = remember;
	world->handlers.say = send_to_other;
	result = MSGC_EIO;
	world_start();
	c = enter();
	to = enter();
	tell(c, "{\"action\":\"say\",\"payload\":\"r\"}");
	expect_nothing(to);
	expect_closed(to, 4000);
	expect_begin(c, "{\"action\":\"error\"");
	expect_closed(c, 4001);
	world_end();
}
END_TEST

static void send_from_task(struct msgc_server *server, void *arg)
{
	(void)server;
	ck_assert_int_eq(hall_send(arg, &hello_message, "task"), 0);
	ck_assert_int_eq(hall_send(arg, &shout_message, "task"), 0);
}

static void close_from_task(struct msgc_server *server, void *arg)
{
	struct hall *hall = arg;

	(void)server;
	msgc_connection_close(hall->connection, 999, "no such code");
	ck_assert_int_eq(hall_send(hall, &hello_message, "too late"), MSGC_EGONE);
}

START_TEST(outside_of_handlers_messages_leave_at_the_end_of_the_turn)
{
	client *c;

	world_make(NULL);
	world->handlers.connected = remember;
	world_start();
	c = enter();
	ck_assert_int_eq(msgc_server_post(world->server, send_from_task, other), 0);
	world_pump();
	expect(c, "{\"action\":\"hello\",\"payload\":\"task\"}");
	expect(c,
	        "{\"action\":\"shout\",\"payload\":\"task\",\"is_mine\":false,\"is_current\":"
	        "false}");
	ck_assert_int_eq(msgc_server_after(world->server, 500, send_from_task, other), 0);
	msgc__memory_advance(&world->memory, 499);
	expect_nothing(c);
	msgc__memory_advance(&world->memory, 1);
	expect(c, "{\"action\":\"hello\",\"payload\":\"task\"}");
	expect_begin(c, "{\"action\":\"shout\"");
	ck_assert_int_eq(msgc_server_post(world->server, close_from_task, other), 0);
	world_pump();
	expect_closed(c, 1000);
	expect_nothing(c);
	world_end();
}
END_TEST

static char seen_ref[16];
static int see_ref(struct hall *hall, const struct note *in, struct note *reply)
{
	struct msgc_str ref = msgc_connection_ref(hall->connection);

	(void)in, (void)reply;
	seen_ref[0] = '\0';
	strncat(seen_ref, ref.ptr, ref.len);
	ck_assert_uint_eq(
	        msgc_connection_id(hall->connection), msgc_connection_id(other->connection));
	ck_assert_str_eq(msgc_connection_address(hall->connection), "127.0.0.1");
	return 0;
}

START_TEST(a_handler_can_see_its_frames_ref)
{
	client *c;

	world_make(NULL);
	world->handlers.connected = remember;
	world->handlers.say = see_ref;
	world_start();
	c = enter();
	tell(c, "{\"action\":\"say\",\"payload\":\"\",\"ref\":\"r-1\"}");
	ck_assert_str_eq(seen_ref, "r-1");
	tell(c, "{\"action\":\"say\",\"payload\":\"\"}");
	ck_assert_str_eq(seen_ref, "");
	world_end();
}
END_TEST

static int fail_at_entry(struct hall *hall)
{
	ck_assert_int_eq(hall_send(hall, &hello_message, "never"), 0);
	return result == MSGC_EREFUSED ? msgc_refuse(hall->connection, "not today") : result;
}

static unsigned farewells;
static void count_farewell(struct hall *hall, uint16_t code)
{
	(void)hall, (void)code;
	farewells++;
}

START_TEST(a_connected_hook_that_fails_ends_the_connection)
{
	static const struct {
		int result;
		const char *reason;
		uint16_t code;
	} cases[] = {{MSGC_EIO, "handler_failed", 1011}, {MSGC_EREFUSED, "refused", 4403},
	        {MSGC_EBUSY, "busy", 1013}};

	world_make(NULL);
	world->handlers.connected = fail_at_entry;
	world->handlers.disconnected = count_farewell;
	world_start();
	for (unsigned i = 0; i < 3; i++) {
		char want[100] = "{\"action\":\"error\",\"payload\":{\"reason\":\"";
		client *c;

		result = cases[i].result;
		c = enter();
		strcat(want, cases[i].reason);
		expect_begin(c, want);
		expect_nothing(c);
		expect_closed(c, cases[i].code);
		ck_assert_uint_eq(farewells, i + 1);
	}
	world_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        effects_leave_in_the_order_broadcasts_sends_reply_complete,
	        a_handler_that_fails_causes_one_error_and_nothing_else,
	        a_refusal_carries_the_handlers_words,
	        a_worker_without_room_misses_a_broadcast_that_the_others_get,
	        an_answer_that_cannot_fit_is_an_error,
	        a_value_that_breaks_the_contract_does_not_leave,
	        a_close_comes_after_what_was_sent_before_it,
	        a_handler_that_fails_still_closes_what_it_wanted_closed,
	        outside_of_handlers_messages_leave_at_the_end_of_the_turn,
	        a_handler_can_see_its_frames_ref,
	        a_connected_hook_that_fails_ends_the_connection,
	        NULL,
	};

	return hall_main("server effects", tests);
}
