/* SPDX-License-Identifier: MIT */
/*
 * How connections and servers end: `disconnected` exactly once, slow readers, rude clients, the drain and its deadline.
 */
#include "hall.h"

#include <stdio.h>

static unsigned arrivals, farewells;
static uint16_t farewell_code;
static unsigned members_at_farewell;

static int arrive(struct hall *hall)
{
	(void)hall;
	arrivals++;
	return 0;
}

static void take_leave(struct hall *hall, uint16_t code)
{
	struct msgc__group *group =
	        msgc__groups_find(&world->server->workers[0]->groups, text("hall"));

	farewells++;
	farewell_code = code;
	members_at_farewell = group ? group->count : 0;
	/* Those who stay are told; the one who goes gets nothing. */
	(void)hall_publish(hall->server, "hall", &shout_message, hall->sender, "bye", 0);
	(void)hall_send(hall, &hello_message, "never seen");
}

static int join_hall(struct hall *hall)
{
	return hall_join(hall, "hall");
}

static int store_later(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)in, (void)reply;
	return hall_store_later(hall, NULL, NULL);
}

static int close_4000(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)in, (void)reply;
	msgc_connection_close(hall->connection, 4000, "enough");
	msgc_connection_close(hall->connection, 4001, "more than enough");
	return 0;
}

static void start(void)
{
	arrivals = farewells = 0;
	world->handlers.connected = arrive;
	world->handlers.disconnected = take_leave;
	world->handlers.joins = join_hall;
	world->handlers.say = close_4000;
	world->handlers.store = store_later;
	world_start();
}

START_TEST(disconnected_runs_once_whoever_ends_it_and_with_the_code)
{
	client *c, *witness;

	world_make(NULL);
	start();
	witness = enter();

	c = enter();
	leave(c);
	ck_assert_uint_eq(farewells, 1);
	ck_assert_uint_eq(farewell_code, 1000);
	ck_assert_uint_eq(members_at_farewell, 1);
	expect(witness,
	        "{\"action\":\"shout\",\"payload\":\"bye\",\"is_mine\":false,\"is_current\":"
	        "false}");

	c = enter();
	msgc__memory_drop(c);
	world_pump();
	ck_assert_uint_eq(farewells, 2);
	ck_assert_uint_eq(farewell_code, 1006);

	c = enter();
	tell(c, "{\"action\":\"say\",\"payload\":\"\"}");
	expect_closed(c, 4000);
	ck_assert_uint_eq(farewells, 3);
	ck_assert_uint_eq(farewell_code, 4000);

	/* Both at once. */
	c = enter();
	tell_only(c, "{\"action\":\"say\",\"payload\":\"\"}");
	msgc__memory_close(c, 1000);
	msgc__memory_drop(c);
	world_pump();
	ck_assert_uint_eq(farewells, 4);
	expect_nothing(c);
	world_end();
	ck_assert_uint_eq(farewells, 5);
	ck_assert_uint_eq(farewell_code, 1001);
	ck_assert_uint_eq(arrivals, 5);
}
END_TEST

static const enum msgc_auth_kind by_session[] = {MSGC_AUTH_SESSION};
static int no_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret)
{
	(void)app, (void)lookup, (void)cookie, (void)ret;
	return MSGC_EUNAUTHENTICATED;
}

START_TEST(who_never_connected_is_not_disconnected)
{
	client *c;

	world_make("--origin-required=no", NULL);
	msgc_server_use_sessions(world->server, "session", no_session, NULL);
	world->consumer.auth = by_session;
	world->consumer.auth_count = 1;
	start();
	c = visit("/ws/hall/1", NULL);
	expect_closed(c, 4401);
	world_end();
	ck_assert_uint_eq(arrivals, 0);
	ck_assert_uint_eq(farewells, 0);
}
END_TEST

START_TEST(disconnected_waits_for_the_frame_in_hand)
{
	client *c;

	world_make(NULL);
	start();
	world->memory.hold_pool = true;
	c = enter();
	tell(c, "{\"action\":\"store\",\"payload\":\"a\"}");
	tell(c, "{\"action\":\"say\",\"payload\":\"never handled\"}");
	msgc__memory_drop(c);
	world_pump();
	ck_assert_uint_eq(farewells, 0);
	ck_assert_uint_eq(world->server->workers[0]->groups.count, 0);
	ck_assert(msgc__memory_pool(&world->memory));
	world_pump();
	ck_assert_uint_eq(farewells, 1);
	world->memory.hold_pool = false;
	world_end();
}
END_TEST

START_TEST(disconnected_does_not_wait_longer_than_the_handlers_deadline)
{
	client *c;

	world_make("--handler-timeout=1s", NULL);
	start();
	world->memory.hold_pool = true;
	c = enter();
	tell(c, "{\"action\":\"store\",\"payload\":\"a\"}");
	msgc__memory_drop(c);
	msgc__memory_advance(&world->memory, 999);
	ck_assert_uint_eq(farewells, 0);
	msgc__memory_advance(&world->memory, 1);
	ck_assert_uint_eq(farewells, 1);
	world->memory.hold_pool = false;
	world_end();
	ck_assert_uint_eq(farewells, 1);
}
END_TEST

/* ------------------------------------------------------------------------------------------ slow readers */

static int publish_many(int count, char letter)
{
	static char payload[900];
	int result = 0;

	memset(payload, letter, sizeof payload - 1);
	for (int i = 0; i < count && result == 0; i++)
		result = hall_publish(world->server, "hall", &plain_message, NULL, payload, 0);
	world_pump();
	return result;
}

START_TEST(a_client_that_does_not_read_is_closed_with_4408_and_others_get_everything)
{
	struct msgc__memory_state state;
	client *slow, *good;

	world_make("--outbox-limit=16KiB", "--frame-limit=1KiB", "--close-timeout=5s", NULL);
	start();
	slow = enter();
	good = enter();
	msgc__memory_window(slow, 0);
	ck_assert_int_eq(publish_many(17, 'x'), 0);
	msgc__memory_look(slow, &state);
	ck_assert_uint_eq(state.frames, 1);
	ck_assert_uint_eq(world->server->workers[0]->output.bytes > 0, 1);
	ck_assert_int_eq(publish_many(2, 'x'), 0);
	/* What waited for it has been dropped. */
	ck_assert_uint_eq(world->server->workers[0]->output.bytes, 0);
	for (int i = 0; i < 19; i++)
		expect_begin(good, "{\"action\":\"plain\",\"payload\":\"xxx");
	expect_nothing(good);
	expect_open(good);
	/* Its socket takes no CLOSE frame: it is cut off in time. */
	msgc__memory_advance(&world->memory, 5000);
	expect_closed(slow, 1006);
	ck_assert_uint_eq(farewells, 1);
	ck_assert_uint_eq(farewell_code, 4408);
	world_end();
}
END_TEST

START_TEST(a_client_that_reads_again_in_time_has_lost_nothing)
{
	client *slow;

	world_make("--outbox-limit=1MiB", NULL);
	start();
	slow = enter();
	msgc__memory_window(slow, 3000);
	for (char letter = 'a'; letter < 'k'; letter++)
		ck_assert_int_eq(publish_many(100, letter), 0);
	for (int i = 0; i < 400; i++) {
		msgc__memory_window(slow, 30000);
		world_pump();
	}
	for (char letter = 'a'; letter < 'k'; letter++) {
		char begin[64];

		snprintf(begin, sizeof begin, "{\"action\":\"plain\",\"payload\":\"%c", letter);
		for (int i = 0; i < 100; i++)
			expect_begin(slow, begin);
	}
	expect_nothing(slow);
	expect_open(slow);
	ck_assert_uint_eq(world->server->workers[0]->output.bytes, 0);
	world_end();
}
END_TEST

START_TEST(what_was_queued_leaves_before_the_close)
{
	client *slow;

	world_make(NULL);
	start();
	slow = enter();
	msgc__memory_window(slow, 0);
	ck_assert_int_eq(publish_many(3, 'x'), 0);
	tell(slow, "{\"action\":\"say\",\"payload\":\"\"}");
	expect_open(slow);
	msgc__memory_window(slow, SIZE_MAX);
	world_pump();
	for (int i = 0; i < 3; i++)
		expect_begin(slow, "{\"action\":\"plain\"");
	expect_closed(slow, 4000);
	world_end();
}
END_TEST

START_TEST(a_client_that_does_not_answer_the_close_is_cut_off)
{
	client *rude;

	world_make("--close-timeout=2s", NULL);
	start();
	rude = enter();
	msgc__memory_be_rude(rude);
	tell(rude, "{\"action\":\"say\",\"payload\":\"\"}");
	tell(rude, "{\"action\":\"say\",\"payload\":\"\"}");
	expect_open(rude);
	ck_assert_uint_eq(farewells, 0);
	msgc__memory_advance(&world->memory, 2000);
	expect_closed(rude, 4000);
	ck_assert_uint_eq(farewells, 1);
	ck_assert_uint_eq(farewell_code, 4000);
	world_end();
}
END_TEST

/* ----------------------------------------------------------------------------------------------- drain */

static int stops;
static void stopped(void *app)
{
	ck_assert_ptr_eq(app, &stops);
	stops++;
}

START_TEST(a_drain_tells_everybody_and_finishes_what_was_accepted)
{
	client *idle, *busy;
	int64_t hint;
	struct msgc_buf got = {0};

	world_make("--reconnect-hint=2s", NULL);
	msgc_server_on_stop(world->server, stopped, &stops);
	start();
	world->memory.hold_pool = true;
	idle = enter();
	busy = enter();
	tell_only(busy, "{\"action\":\"store\",\"payload\":\"a\",\"ref\":\"1\"}");
	tell(busy, "{\"action\":\"ping\",\"ref\":\"2\"}");
	msgc_server_stop(world->server);
	world_pump();
	ck_assert(msgc__memory_receive(idle, &got, 0));
	ck_assert_int_eq(
	        sscanf(msgc_buf_c(&got),
	                "{\"action\":\"draining\",\"payload\":{\"reconnect_after_ms\":%ld}}",
	                &hint),
	        1);
	ck_assert_int_ge(hint, 0);
	ck_assert_int_lt(hint, 2000);
	msgc_buf_free(&got);
	expect_closed(idle, 1001);
	/* Nobody new is let in; frames that come now are not taken. */
	ck_assert_int_eq(status_of(visit("/ws/hall/7", NULL)), 503);
	tell(busy, "{\"action\":\"ping\",\"ref\":\"3\"}");
	expect_begin(busy, "{\"action\":\"draining\"");
	expect(busy,
	        "{\"action\":\"shout\",\"payload\":\"bye\",\"is_mine\":false,\"is_current\":"
	        "false}");
	expect_nothing(busy);
	expect_open(busy);
	ck_assert(msgc__memory_pool(&world->memory));
	world_pump();
	expect(busy, "{\"action\":\"pong\",\"ref\":\"2\"}");
	expect_nothing(busy);
	expect_closed(busy, 1001);
	ck_assert_uint_eq(farewells, 2);
	ck_assert_int_eq(stops, 0);
	ck_assert_int_eq(world_stop(), 0);
	ck_assert_int_eq(stops, 1);
	world->memory.hold_pool = false;
	world_end();
}
END_TEST

START_TEST(a_drain_gives_up_at_its_deadline_and_says_so)
{
	client *busy, *gone;

	world_make("--drain-timeout=3s", "--handler-timeout=1h", NULL);
	start();
	world->memory.hold_pool = true;
	busy = enter();
	tell(busy, "{\"action\":\"store\",\"payload\":\"a\"}");
	/* This one's client has gone, and its frame has not come back. */
	gone = enter();
	tell(gone, "{\"action\":\"store\",\"payload\":\"a\"}");
	msgc__memory_drop(gone);
	msgc_server_stop(world->server);
	msgc__memory_advance(&world->memory, 2999);
	ck_assert_int_eq(world->server->workers[0]->state, MSGC__WORKER_DRAINING);
	msgc__memory_advance(&world->memory, 1);
	ck_assert_int_eq(world->server->workers[0]->state, MSGC__WORKER_STOPPED);
	ck_assert(world_logged("event=server.gave_up"));
	ck_assert_uint_eq(farewells, 2);
	ck_assert_int_eq(world_stop(), 1);
	ck_assert_uint_eq(farewells, 2);
	world_end();
}
END_TEST

START_TEST(a_rude_client_does_not_make_the_drain_fail)
{
	client *rude;

	world_make("--drain-timeout=1s", "--close-timeout=1h", NULL);
	start();
	rude = enter();
	msgc__memory_be_rude(rude);
	msgc_server_stop(world->server);
	msgc__memory_advance(&world->memory, 1000);
	ck_assert_uint_eq(farewells, 1);
	ck_assert_int_eq(world_stop(), 0);
	world_end();
}
END_TEST

START_TEST(a_client_in_the_midst_of_authenticating_is_sent_away_by_the_drain)
{
	static const enum msgc_auth_kind by_token[] = {MSGC_AUTH_JWT};
	client *c;

	world_make(NULL);
	msgc_server_use_tokens(world->server, (msgc_token_fn *)abort, NULL, NULL, NULL);
	world->consumer.auth = by_token;
	world->consumer.auth_count = 1;
	start();
	c = visit("/ws/hall/7", NULL);
	msgc_server_stop(world->server);
	world_pump();
	expect_begin(c, "{\"action\":\"draining\"");
	expect_closed(c, 1001);
	ck_assert_int_eq(world_stop(), 0);
	world_end();
}
END_TEST

static int job_done;
static int slow_job(void *arg)
{
	(void)arg;
	return 7;
}
static void end_job(struct msgc_server *server, void *arg, int result)
{
	(void)server, (void)arg;
	job_done = result;
}

START_TEST(the_programs_jobs_are_finished_before_the_end)
{
	world_make(NULL);
	start();
	world->memory.hold_pool = true;
	ck_assert_int_eq(msgc_server_submit(world->server, slow_job, end_job, NULL), 0);
	msgc_server_stop(world->server);
	world_pump();
	ck_assert_int_eq(world->server->workers[0]->state, MSGC__WORKER_DRAINING);
	world->memory.hold_pool = false;
	ck_assert_int_eq(world_stop(), 0);
	ck_assert_int_eq(job_done, 7);
	ck_assert_int_eq(
	        hall_publish(world->server, "hall", &plain_message, NULL, "x", 0), MSGC_EGONE);
	ck_assert_int_eq(msgc_server_post(world->server,
	                         (void (*)(struct msgc_server *, void *))abort, NULL),
	        MSGC_EGONE);
	world_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        disconnected_runs_once_whoever_ends_it_and_with_the_code,
	        who_never_connected_is_not_disconnected,
	        disconnected_waits_for_the_frame_in_hand,
	        disconnected_does_not_wait_longer_than_the_handlers_deadline,
	        a_client_that_does_not_read_is_closed_with_4408_and_others_get_everything,
	        a_client_that_reads_again_in_time_has_lost_nothing,
	        what_was_queued_leaves_before_the_close,
	        a_client_that_does_not_answer_the_close_is_cut_off,
	        a_drain_tells_everybody_and_finishes_what_was_accepted,
	        a_drain_gives_up_at_its_deadline_and_says_so,
	        a_rude_client_does_not_make_the_drain_fail,
	        a_client_in_the_midst_of_authenticating_is_sent_away_by_the_drain,
	        the_programs_jobs_are_finished_before_the_end,
	        NULL,
	};

	return hall_main("server ends", tests);
}
