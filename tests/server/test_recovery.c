/* SPDX-License-Identifier: MIT */
/*
 * Histories: positions on frames, retention, and clients that come back for what they have missed: no gap, nothing twice, in order, or they are
 * told. The backend may take its time, so that something can happen at each step.
 */
#include "hall.h"

#include <inttypes.h>
#include <stdio.h>

static const enum msgc_auth_kind by_session_or_nobody[] = {MSGC_AUTH_SESSION, MSGC_AUTH_ANONYMOUS};
static struct hall *last;
static char epoch[32];

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret)
{
	(void)app, (void)lookup;
	ret->id = cookie;
	return 0;
}

static int join_stream(struct hall *hall)
{
	last = hall;
	return hall_enter(hall, "stream");
}

static int shout(struct hall *hall, const struct note *in, struct note *reply)
{
	if (in->payload.ptr[0] == '?')
		reply->payload = text("answer");
	return hall_broadcast(
	        hall->server, "stream", &shout_message, hall->sender, in->payload.ptr, 0);
}

static int start_worker(void *app, unsigned worker)
{
	(void)app, (void)worker;
	return 0;
}

static void start(void)
{
	msgc_server_use_sessions(world->server, "session", find_session, NULL);
	msgc_server_on_worker(world->server, start_worker, NULL, NULL);
	world->consumer.auth = by_session_or_nobody;
	world->consumer.auth_count = 2;
	world->handlers.joins = join_stream;
	world->handlers.say = shout;
	world_start();
}

/* From outside of all connections. */
static void say(const char *payload)
{
	ck_assert_int_eq(
	        hall_broadcast(world->server, "stream", &shout_message, NULL, payload, 0), 0);
	world_pump();
}

static void say_numbers(unsigned from, unsigned to)
{
	char payload[16];

	for (unsigned i = from; i <= to; i++) {
		snprintf(payload, sizeof payload, "%u", i);
		say(payload);
	}
}

static void leave_epoch(client *c, const char *payload, unsigned seq)
{
	struct msgc_buf got;
	char begin[160];
	const char *at;

	msgc_buf_init(&got, 0);
	ck_assert(msgc__memory_receive(c, &got, 0));
	snprintf(begin, sizeof begin,
	        "{\"action\":\"shout\",\"payload\":\"%s\",\"is_mine\":false,\"is_current\":false,"
	        "\"seq\":%u,\"epoch\":\"",
	        payload, seq);
	at = msgc_buf_c(&got);
	ck_assert_msg(strncmp(at, begin, strlen(begin)) == 0, "%s", at);
	ck_assert_int_eq(sscanf(at + strlen(begin), "%31[0-9a-f]", epoch), 1);
	msgc_buf_free(&got);
}

static void expect_shout(client *c, const char *payload, unsigned seq, bool mine, bool current)
{
	char message[256];

	snprintf(message, sizeof message,
	        "{\"action\":\"shout\",\"payload\":\"%s\",\"is_mine\":%s,\"is_current\":%s,"
	        "\"seq\":%u,\"epoch\":\"%s\"}",
	        payload, mine ? "true" : "false", current ? "true" : "false", seq, epoch);
	expect(c, message);
}

static void expect_numbers(client *c, unsigned from, unsigned to)
{
	char payload[16];

	for (unsigned i = from; i <= to; i++) {
		snprintf(payload, sizeof payload, "%u", i);
		expect_shout(c, payload, i, false, false);
	}
}

static void expect_recovered(client *c, bool whole, const char *of, unsigned seq)
{
	char message[256];

	snprintf(message, sizeof message,
	        "{\"action\":\"recovered\",\"payload\":{\"group\":\"stream\",\"recovered\":%s,"
	        "\"epoch\":\"%s\",\"seq\":%u}}",
	        whole ? "true" : "false", of, seq);
	expect(c, message);
}

static client *come(const char *query)
{
	char target[256];
	client *c;

	snprintf(target, sizeof target, "/ws/hall/7/?%s", query);
	c = visit(target, NULL);
	ck_assert_int_eq(status_of(c), 101);
	expect(c, AUTHENTICATED);
	return c;
}

static client *come_back(unsigned seq)
{
	char query[128];

	snprintf(query, sizeof query, "epoch=%s&seq=%u", epoch, seq);
	return come(query);
}

/* Somebody has seen "1", which made the stream. */
static client *begin(void)
{
	client *c = enter();

	say("1");
	leave_epoch(c, "1", 1);
	return c;
}

/* ------------------------------------------------------------------------------------------ positions */

START_TEST(messages_of_a_history_have_a_position_in_it)
{
	client *c;

	world_make(NULL);
	start();
	c = begin();
	ck_assert_uint_ge(strlen(epoch), 8);
	tell(c, "{\"action\":\"say\",\"payload\":\"2\"}");
	expect_shout(c, "2", 2, false, true);
	/* What the history does not name has none. */
	hall_broadcast(world->server, "stream", &plain_message, NULL, "x", 0);
	world_pump();
	expect(c, "{\"action\":\"plain\",\"payload\":\"x\"}");
	say("3");
	expect_shout(c, "3", 3, false, false);
	world_end();
}
END_TEST

START_TEST(who_comes_back_gets_what_it_has_missed_and_then_what_is_live)
{
	client *c;

	world_make(NULL);
	start();
	leave(begin());
	say_numbers(2, 4);
	c = come_back(1);
	expect_numbers(c, 2, 4);
	expect_recovered(c, true, epoch, 4);
	say_numbers(5, 5);
	expect_numbers(c, 5, 5);
	expect_nothing(c);
	leave(c);
	/* Nothing missed. */
	c = come_back(5);
	expect_recovered(c, true, epoch, 5);
	expect_nothing(c);
	world_end();
}
END_TEST

START_TEST(who_does_not_ask_gets_nothing_but_what_is_live)
{
	client *c;

	world_make(NULL);
	start();
	leave(begin());
	c = enter();
	expect_nothing(c);
	say_numbers(2, 2);
	expect_numbers(c, 2, 2);
	world_end();
}
END_TEST

START_TEST(a_position_that_cannot_be_recovered_is_told_with_the_present_one)
{
	static const char *const queries[] = {"epoch=0123456789abcdef&seq=1", "epoch=&seq=0",
	        "epoch=", "epoch=x%20y&seq=1", "epoch=zz&seq=-1",
	        "epoch=zz&seq=99999999999999999999"};

	world_make(NULL);
	start();
	leave(begin());
	say_numbers(2, 3);
	for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
		client *c = come(queries[i]);

		expect_recovered(c, false, epoch, 3);
		expect_nothing(c);
		leave(c);
	}
	/* From the future: the database was restored, or somebody plays. */
	expect_recovered(come_back(4), false, epoch, 3);
	world_end();
}
END_TEST

START_TEST(before_anything_was_said_there_is_no_position)
{
	client *c;

	world_make(NULL);
	start();
	c = come("epoch=&seq=0");
	expect_recovered(c, false, "", 0);
	say("1");
	leave_epoch(c, "1", 1);
	world_end();
}
END_TEST

START_TEST(several_positions_find_their_stream_by_epoch)
{
	char query[200];
	client *c;

	world_make(NULL);
	start();
	leave(begin());
	say_numbers(2, 2);
	snprintf(query, sizeof query, "epoch=aa&seq=7&epoch=%s&seq=1&epoch=bb&seq=0", epoch);
	c = come(query);
	expect_numbers(c, 2, 2);
	expect_recovered(c, true, epoch, 2);
	world_end();
}
END_TEST

START_TEST(a_consumer_with_such_parameters_of_its_own_is_not_asked)
{
	static const char *const params[] = {"id", "epoch"};
	client *c;

	world_make(NULL);
	world->consumer.params = params;
	start();
	c = come("epoch=abc&seq=1");
	expect_nothing(c);
	ck_assert(last->mood.ptr != NULL);
	world_end();
}
END_TEST

/* ------------------------------------------------------------------------------------------ retention */

START_TEST(a_history_keeps_so_many)
{
	client *c;

	world_make(NULL);
	start();
	leave(begin());
	say_numbers(2, 7);
	/* 3 to 7 are there: who has seen 2 has missed nothing else. */
	c = come_back(2);
	expect_numbers(c, 3, 7);
	expect_recovered(c, true, epoch, 7);
	c = come_back(1);
	expect_recovered(c, false, epoch, 7);
	expect_nothing(c);
	world_end();
}
END_TEST

START_TEST(a_history_keeps_so_long)
{
	client *c;

	world_make(NULL);
	start();
	leave(begin());
	msgc__memory_advance(&world->memory, 30000);
	say_numbers(2, 2);
	msgc__memory_advance(&world->memory, 29999);
	c = come_back(0);
	expect_numbers(c, 1, 2);
	expect_recovered(c, true, epoch, 2);
	leave(c);
	msgc__memory_advance(&world->memory, 1);
	expect_recovered(come_back(0), false, epoch, 2);
	/* All is gone; who has missed nothing is told so. */
	msgc__memory_advance(&world->memory, 600000);
	expect_recovered(come_back(1), false, epoch, 2);
	expect_recovered(come_back(2), true, epoch, 2);
	say_numbers(3, 3);
	c = come_back(2);
	expect_numbers(c, 3, 3);
	expect_recovered(c, true, epoch, 3);
	world_end();
}
END_TEST

START_TEST(histories_that_are_silent_longest_make_room)
{
	char name[16], before[32], query[64];
	client *c;

	world_make("--history-memory=64KiB", NULL);
	start();
	leave(begin());
	memcpy(before, epoch, sizeof before);
	for (unsigned i = 0; i < 400; i++) {
		snprintf(name, sizeof name, "stream%u", i);
		ck_assert_int_eq(
		        hall_broadcast(world->server, name, &shout_message, NULL, "x", 0), 0);
	}
	world_pump();
	ck_assert(world_logged("history.evicted"));
	snprintf(query, sizeof query, "epoch=%s&seq=1", before);
	c = come(query);
	expect_recovered(c, false, "", 0);
	say("1");
	leave_epoch(c, "1", 1);
	ck_assert_str_ne(epoch, before);
	world_end();
}
END_TEST

/* ---------------------------------------------------------------------------------------- receivers */

START_TEST(faces_are_made_for_the_receiver)
{
	char query[128];
	client *anna, *berta;

	world_make(NULL);
	start();
	begin();
	anna = enter_as("anna");
	tell(anna, "{\"action\":\"say\",\"payload\":\"2\"}");
	expect_shout(anna, "2", 2, true, true);
	leave(anna);
	snprintf(query, sizeof query, "/ws/hall/7/?epoch=%s&seq=1", epoch);
	anna = visit(query, "origin", "http://hall.example", "cookie", "session=anna", NULL);
	expect(anna, AUTHENTICATED);
	expect_shout(anna, "2", 2, true, false);
	expect_recovered(anna, true, epoch, 2);
	berta = visit(query, "origin", "http://hall.example", "cookie", "session=berta", NULL);
	expect(berta, AUTHENTICATED);
	expect_shout(berta, "2", 2, false, false);
	expect_recovered(berta, true, epoch, 2);
	world_end();
}
END_TEST

START_TEST(permission_is_asked_again)
{
	static const struct msgc_permit_op never[] = {{MSGC_PERMIT_TERM, -1},
	        {MSGC_PERMIT_TERM, -1}, {MSGC_PERMIT_NOT, 0}, {MSGC_PERMIT_AND, 0}};
	char query[128];
	client *c;

	world_make(NULL);
	start();
	leave(begin());
	world->consumer.permit = never;
	world->consumer.permit_count = 4;
	snprintf(query, sizeof query, "/ws/hall/7/?epoch=%s&seq=0", epoch);
	c = visit(query, NULL);
	expect_begin(c, "{\"action\":\"authentication\",\"payload\":{\"status_code\":403");
	expect_nothing(c);
	expect_closed(c, 4403);
	world_end();
}
END_TEST

static int greet(struct hall *hall)
{
	return hall_send(hall, &hello_message, "come in");
}

START_TEST(the_connected_hook_runs_when_it_has_recovered)
{
	client *c;

	world_make(NULL);
	start();
	leave(begin());
	say_numbers(2, 2);
	world->handlers.connected = greet;
	((struct hall_handlers *)world->server->served[0]->handlers)->connected = greet;
	c = come_back(1);
	expect_numbers(c, 2, 2);
	expect_recovered(c, true, epoch, 2);
	expect(c, "{\"action\":\"hello\",\"payload\":\"come in\"}");
	world_end();
}
END_TEST

START_TEST(completion_follows_what_was_missed_as_well)
{
	client *c;

	world_make(NULL);
	world->consumer.completion = true;
	start();
	c = enter();
	say("1");
	leave_epoch(c, "1", 1);
	leave(c);
	c = come_back(0);
	expect_numbers(c, 1, 1);
	expect(c, "{\"action\":\"group_complete\"}");
	expect_recovered(c, true, epoch, 1);
	world_end();
}
END_TEST

/* ----------------------------------------------------------------------------------- slow and many */

static const struct msgc_message *const kept[] = {&shout_message};
static const struct msgc_group_kind long_type = {
        .name = "stream", .history = {.for_ms = 600000}, .kept = kept, .kept_count = 1};

static int join_long(struct hall *hall)
{
	return msgc_connection_enter(hall->connection, &long_type, text("stream"));
}

static void say_long(unsigned from, unsigned to)
{
	static char payload[301];

	for (unsigned i = from; i <= to; i++) {
		struct note note = {.payload = {payload, 300}};

		memset(payload, 'x', 300);
		payload[snprintf(payload, 300, "%u", i)] = ' ';
		ck_assert_int_eq(msgc_group_broadcast(world->server, &long_type, text("stream"),
		                         &shout_message, &note, NULL, 0),
		        0);
	}
	world_pump();
}

static unsigned seq_of(client *c)
{
	struct msgc_buf got;
	unsigned seq = 0;
	const char *at;

	msgc_buf_init(&got, 0);
	ck_assert(msgc__memory_receive(c, &got, 0));
	at = strstr(msgc_buf_c(&got), "\"seq\":");
	ck_assert_msg(at != NULL, "%s", msgc_buf_c(&got));
	ck_assert_int_eq(sscanf(at, "\"seq\":%u,\"epoch\":\"%31[0-9a-f]", &seq, epoch), 2);
	msgc_buf_free(&got);
	return seq;
}

/* Far more than fits the outbox, for a client that reads a little at a time. */
START_TEST(pages_wait_for_the_reader)
{
	enum { MANY = 300 };
	struct msgc__memory_state state;
	unsigned seq = 0;
	client *c;

	world_make("--outbox-limit=8KiB", "--frame-limit=4KiB", NULL);
	start();
	((struct hall_handlers *)world->server->served[0]->handlers)->joins = NULL;
	world->handlers.joins = join_long;
	c = enter();
	say_long(1, 1);
	ck_assert_uint_eq(seq_of(c), 1);
	leave(c);
	say_long(2, MANY);
	c = come_back(1);
	msgc__memory_window(c, 1000);
	ck_assert_uint_le(world->server->workers[0]->output.bytes, 8 * 1024);
	for (seq = 1; seq < MANY; seq++) {
		struct msgc_buf got;

		msgc_buf_init(&got, 0);
		while (!msgc__memory_receive(c, &got, 0)) {
			msgc__memory_look(c, &state);
			ck_assert_msg(!state.closed, "closed with %u", state.close_code);
			msgc__memory_window(c, 1000);
			world_pump();
			if (seq == 150)
				say_long(MANY + 1, MANY + 1); /* live, meanwhile */
		}
		msgc_buf_free(&got);
		ck_assert_uint_le(world->server->workers[0]->output.bytes, 8 * 1024);
	}
	msgc__memory_window(c, SIZE_MAX);
	world_pump();
	expect_open(c);
	world_end();
}
END_TEST

static uint16_t farewell_code;

static void take_leave(struct hall *hall, uint16_t code)
{
	(void)hall;
	farewell_code = code;
}

START_TEST(what_could_be_recovered_is_not_dropped)
{
	client *c;

	world_make("--outbox-limit=8KiB", "--frame-limit=4KiB", "--outbox-policy=drop-new", NULL);
	world->handlers.disconnected = take_leave;
	start();
	world->handlers.joins = join_long;
	c = enter();
	msgc__memory_window(c, 0);
	say_long(1, 40);
	msgc__memory_advance(&world->memory, 5000);
	expect_closed(c, 1006);
	ck_assert_uint_eq(farewell_code, 4408);
	world_end();
}
END_TEST

/* ----------------------------------------------------------------------- a backend that takes its time */

/* Reads are answered when the test says so, with what was true when they were asked. */
static const struct msgc__backend_ops *quick;
static struct {
	msgc__read_fn *done;
	void *arg;
	int result;
	struct msgc__page page;
	struct msgc__stored items[MSGC__PAGE_MOST];
	char bodies[MSGC__PAGE_MOST][128];
	bool waiting;
} asked;
static int read_result;

static void keep_page(void *arg, int result, const struct msgc__page *page)
{
	(void)arg;
	asked.result = result;
	asked.page = *page;
	memcpy(asked.items, page->items, page->count * sizeof page->items[0]);
	for (size_t i = 0; i < page->count; i++) {
		memcpy(asked.bodies[i], page->items[i].body.ptr, page->items[i].body.len);
		asked.items[i].body.ptr = asked.bodies[i];
		asked.items[i].realm = asked.items[i].user = text("");
	}
	asked.page.items = asked.items;
}

static int slow_read(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc_str group, const struct msgc_history *history,
        const struct msgc__position *after, size_t max_bytes, msgc__read_fn *done, void *arg)
{
	if (read_result < 0)
		return read_result;
	ck_assert(!asked.waiting);
	asked.waiting = true;
	asked.done = done;
	asked.arg = arg;
	return quick->read(backend, worker, group, history, after, max_bytes, keep_page, NULL);
}

static void answer(void)
{
	ck_assert(asked.waiting);
	asked.waiting = false;
	asked.done(asked.arg, asked.result, &asked.page);
	world_pump();
}

static void be_slow(void)
{
	static struct msgc__backend_ops ops;

	quick = world->server->backend->ops;
	ops = *quick;
	ops.read = slow_read;
	world->server->backend->ops = &ops;
	asked.waiting = false;
	read_result = 0;
}

START_TEST(what_is_said_while_it_reads_comes_in_its_place)
{
	client *c;

	world_make(NULL);
	start();
	be_slow();
	leave(begin());
	say_numbers(2, 2);
	c = come_back(1);
	say_numbers(3, 3); /* after the page was made, before it is here */
	expect_nothing(c);
	answer();
	expect_numbers(c, 2, 2);
	expect_nothing(c); /* 3 has been seen, so it reads on */
	say_numbers(4, 4);
	answer();
	expect_numbers(c, 3, 3);
	answer();
	expect_numbers(c, 4, 4);
	expect_recovered(c, true, epoch, 4);
	say_numbers(5, 5);
	expect_numbers(c, 5, 5);
	world_end();
}
END_TEST

START_TEST(what_has_no_position_keeps_its_place)
{
	client *c;

	world_make(NULL);
	start();
	be_slow();
	leave(begin());
	say_numbers(2, 2);
	c = come_back(1);
	hall_broadcast(world->server, "stream", &plain_message, NULL, "a", 0);
	world_pump();
	say_numbers(3, 3);
	hall_broadcast(world->server, "stream", &plain_message, NULL, "b", 0);
	world_pump();
	say_numbers(4, 4);
	expect_nothing(c);
	answer();
	answer();
	expect_numbers(c, 2, 2);
	expect(c, "{\"action\":\"plain\",\"payload\":\"a\"}");
	expect_numbers(c, 3, 3);
	expect(c, "{\"action\":\"plain\",\"payload\":\"b\"}");
	expect_numbers(c, 4, 4);
	expect_recovered(c, true, epoch, 4);
	world_end();
}
END_TEST

START_TEST(retention_may_overtake_a_reader)
{
	client *c;

	world_make(NULL);
	start();
	be_slow();
	leave(begin());
	say_numbers(2, 2);
	c = come_back(1);
	say_numbers(3, 9); /* 4 to 8 were missing when it reads on */
	answer();
	expect_numbers(c, 2, 2);
	answer();
	expect_recovered(c, false, epoch, 9);
	say_numbers(10, 10);
	expect_numbers(c, 10, 10);
	expect_nothing(c);
	world_end();
}
END_TEST

START_TEST(a_stream_may_begin_while_it_is_asked_for)
{
	client *c;

	world_make(NULL);
	start();
	be_slow();
	c = come("epoch=&seq=0");
	say("1");
	answer();
	expect_recovered(c, false, "", 0);
	answer();
	answer();
	leave_epoch(c, "1", 1);
	say_numbers(2, 2);
	expect_numbers(c, 2, 2);
	expect_nothing(c);
	world_end();
}
END_TEST

START_TEST(it_may_go_while_it_waits)
{
	client *c, *other;

	world_make(NULL);
	start();
	be_slow();
	other = begin();
	c = come_back(0);
	leave(c);
	answer();
	say_numbers(2, 2);
	expect_numbers(other, 2, 2);
	expect_open(other);
	world_end();
}
END_TEST

START_TEST(too_much_for_one_that_waits_ends_it)
{
	client *c;

	world_make(NULL);
	start();
	be_slow();
	leave(begin());
	c = come_back(0);
	for (unsigned i = 0; i < 1100; i++)
		hall_broadcast(world->server, "stream", &plain_message, NULL, "a", 0);
	world_pump();
	expect_closed(c, 1013);
	answer();
	world_end();
}
END_TEST

START_TEST(a_history_that_cannot_be_read_sends_away_who_asks)
{
	client *c;

	world_make(NULL);
	start();
	be_slow();
	leave(begin());
	read_result = MSGC_EIO;
	c = come_back(0);
	expect_nothing(c);
	expect_closed(c, 1013);
	ck_assert(world_logged("history.read"));
	world_end();
}
END_TEST

/* ------------------------------------------------------------------------------------------ workers */

START_TEST(numbers_are_one_order_for_all_workers)
{
	client *a, *b;

	world_make("--workers=2", NULL);
	start();
	a = enter();
	world->entrance = 1;
	b = enter();
	say("1");
	leave_epoch(a, "1", 1);
	expect_shout(b, "1", 1, false, false);
	/* Both in one turn: whoever was numbered first is seen first, by the sender as well; the answer comes behind. */
	tell_only(a, "{\"action\":\"say\",\"payload\":\"?2\"}");
	tell_only(b, "{\"action\":\"say\",\"payload\":\"?3\"}");
	world_pump();
	expect_shout(a, "?2", 2, false, true);
	expect(a, "{\"action\":\"said\",\"payload\":\"answer\"}");
	expect_shout(a, "?3", 3, false, false);
	expect_shout(b, "?2", 2, false, false);
	expect_shout(b, "?3", 3, false, true);
	expect(b, "{\"action\":\"said\",\"payload\":\"answer\"}");
	leave(b);
	say_numbers(4, 4);
	expect_numbers(a, 4, 4);
	b = come_back(3);
	expect_numbers(b, 4, 4);
	expect_recovered(b, true, epoch, 4);
	world_end();
}
END_TEST

START_TEST(members_whose_worker_has_missed_something_are_sent_away)
{
	client *a, *b;

	world_make("--workers=2", "--mailbox=16", NULL);
	start();
	a = enter();
	world->entrance = 1;
	b = enter();
	say("1");
	leave_epoch(a, "1", 1);
	expect_shout(b, "1", 1, false, false);
	/* From the first worker's thread, while the other does not look into its mailbox. */
	msgc__worker_enter(world->server->workers[0]);
	for (unsigned i = 0; i < 20; i++)
		ck_assert_int_eq(
		        hall_broadcast(world->server, "stream", &shout_message, NULL, "x", 0), 0);
	world_pump();
	expect_open(a);
	expect_closed(b, 1013);
	ck_assert(world_logged("group.missed"));
	world_end();
}
END_TEST

/* ---------------------------------------------------------------------------------------------- main */

int main(void)
{
	const TTest *const tests[] = {messages_of_a_history_have_a_position_in_it,
	        who_comes_back_gets_what_it_has_missed_and_then_what_is_live,
	        who_does_not_ask_gets_nothing_but_what_is_live,
	        a_position_that_cannot_be_recovered_is_told_with_the_present_one,
	        before_anything_was_said_there_is_no_position,
	        several_positions_find_their_stream_by_epoch,
	        a_consumer_with_such_parameters_of_its_own_is_not_asked, a_history_keeps_so_many,
	        a_history_keeps_so_long, histories_that_are_silent_longest_make_room,
	        faces_are_made_for_the_receiver, permission_is_asked_again,
	        the_connected_hook_runs_when_it_has_recovered,
	        completion_follows_what_was_missed_as_well, pages_wait_for_the_reader,
	        what_could_be_recovered_is_not_dropped,
	        what_is_said_while_it_reads_comes_in_its_place,
	        what_has_no_position_keeps_its_place, retention_may_overtake_a_reader,
	        a_stream_may_begin_while_it_is_asked_for, it_may_go_while_it_waits,
	        too_much_for_one_that_waits_ends_it,
	        a_history_that_cannot_be_read_sends_away_who_asks,
	        numbers_are_one_order_for_all_workers,
	        members_whose_worker_has_missed_something_are_sent_away, NULL};

	return hall_main("server recovery", tests);
}
