/* SPDX-License-Identifier: MIT */
/*
 * Frames answered later: on the pool or by the program, with the connection there or gone, in time or not, and what waits behind them.
 */
#include "hall.h"

#include <stdio.h>

static int work_result, done_result;
static unsigned works, dones, gone;
static struct hall_pending *deferred;
static char stored[32];

static void reset(void)
{
	work_result = done_result = 0;
	works = dones = gone = 0;
	deferred = NULL;
	stored[0] = '\0';
}

static int join_hall(struct hall *hall)
{
	return hall_join(hall, "hall");
}

static int echo(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)hall;
	reply->payload = in->payload;
	return 0;
}

static int work(struct hall_pending *p)
{
	struct msgc_str copy;

	works++;
	/* The arena is this thread's while it works. */
	ck_assert_int_eq(msgc_arena_copy(msgc_pending_arena(p->pending), p->in->payload, &copy), 0);
	snprintf(stored, sizeof stored, "%s", copy.ptr);
	p->reply.payload = copy;
	if (work_result == MSGC_EREFUSED)
		return msgc_pending_refuse(p->pending, "no %s here", copy.ptr);
	return work_result;
}

static int done(struct hall_pending *p, struct hall *hall)
{
	dones++;
	gone += hall == NULL;
	ck_assert_int_eq(
	        hall_publish(p->server, "hall", &shout_message, p->sender, p->in->payload.ptr, 0),
	        0);
	if (hall)
		ck_assert_int_eq(hall_send(hall, &hello_message, "done"), 0);
	return done_result;
}

static int store_on_pool(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)in, (void)reply;
	ck_assert_int_eq(hall_send(hall, &hello_message, "before"), 0);
	return hall_store_later(hall, work, done);
}

static int store_deferred(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)in, (void)reply;
	return hall_store_defer(hall, done, &deferred);
}

static void start(int (*store)(struct hall *, const struct note *, struct note *))
{
	reset();
	world->handlers.say = echo;
	world->handlers.store = store;
	world_start();
}

/* With a group and completion. */
static void start_with_group(int (*store)(struct hall *, const struct note *, struct note *))
{
	world->handlers.joins = join_hall;
	world->consumer.completion = true;
	start(store);
}

#define STORE(text, ref) "{\"action\":\"store\",\"payload\":\"" text "\",\"ref\":\"" ref "\"}"

START_TEST(a_frame_stored_on_the_pool_is_answered_when_that_is_done)
{
	client *c;

	world_make(NULL);
	start_with_group(store_on_pool);
	world->memory.hold_pool = true;
	c = enter();
	tell(c, STORE("a", "1"));
	expect_nothing(c);
	ck_assert_uint_eq(works, 0);
	ck_assert(msgc__memory_pool(&world->memory));
	ck_assert_str_eq(stored, "a");
	world_pump();
	expect(c, "{\"action\":\"shout\",\"payload\":\"a\",\"is_mine\":false,\"is_current\":true}");
	expect(c, "{\"action\":\"group_complete\"}");
	expect(c, "{\"action\":\"hello\",\"payload\":\"before\"}");
	expect(c, "{\"action\":\"hello\",\"payload\":\"done\"}");
	expect(c, "{\"action\":\"said\",\"payload\":\"a\",\"ref\":\"1\"}");
	expect(c, "{\"action\":\"complete\",\"ref\":\"1\"}");
	expect_nothing(c);
	world_end();
}
END_TEST

START_TEST(frames_behind_it_wait_and_those_of_others_do_not)
{
	client *c, *d;

	world_make(NULL);
	start(store_on_pool);
	world->memory.hold_pool = true;
	c = enter();
	d = enter();
	tell_only(c, STORE("a", "1"));
	tell_only(c, "{\"action\":\"say\",\"payload\":\"b\"}");
	tell_only(c, STORE("c", "3"));
	tell_only(c, "{\"action\":\"say\",\"payload\":\"d\"}");
	world_pump();
	expect_nothing(c);
	tell(d, "{\"action\":\"say\",\"payload\":\"x\"}");
	expect(d, "{\"action\":\"said\",\"payload\":\"x\"}");
	ck_assert(msgc__memory_pool(&world->memory));
	ck_assert(!msgc__memory_pool(&world->memory));
	world_pump();
	expect_begin(c, "{\"action\":\"hello\"");
	expect_begin(c, "{\"action\":\"hello\"");
	expect(c, "{\"action\":\"said\",\"payload\":\"a\",\"ref\":\"1\"}");
	expect(c, "{\"action\":\"said\",\"payload\":\"b\"}");
	expect_nothing(c);
	ck_assert(msgc__memory_pool(&world->memory));
	world_pump();
	expect_begin(c, "{\"action\":\"hello\"");
	expect_begin(c, "{\"action\":\"hello\"");
	expect(c, "{\"action\":\"said\",\"payload\":\"c\",\"ref\":\"3\"}");
	expect(c, "{\"action\":\"said\",\"payload\":\"d\"}");
	world->memory.hold_pool = false;
	world_end();
}
END_TEST

START_TEST(work_that_fails_or_refuses_is_one_error)
{
	client *c;

	world_make(NULL);
	start(store_on_pool);
	c = enter();
	work_result = MSGC_EIO;
	tell(c, STORE("a", "1"));
	expect(c,
	        "{\"action\":\"error\",\"payload\":{\"reason\":\"handler_failed\","
	        "\"detail\":\"The message could not be handled.\"},\"ref\":\"1\"}");
	work_result = MSGC_EREFUSED;
	tell(c, STORE("b", "2"));
	expect(c,
	        "{\"action\":\"error\",\"payload\":{\"reason\":\"refused\",\"detail\":\"no b "
	        "here\"},\"ref\":\"2\"}");
	work_result = 0;
	ck_assert_uint_eq(dones, 0);
	done_result = MSGC_EBUSY;
	tell(c, STORE("c", "3"));
	expect(c,
	        "{\"action\":\"error\",\"payload\":{\"reason\":\"busy\",\"detail\":\"The server is "
	        "busy.\","
	        "\"retry_after\":1},\"ref\":\"3\"}");
	done_result = MSGC_LATER;
	tell(c, STORE("d", "4"));
	expect_begin(c, "{\"action\":\"error\",\"payload\":{\"reason\":\"handler_failed\"");
	expect_nothing(c);
	world_end();
}
END_TEST

START_TEST(what_was_stored_takes_effect_when_its_client_has_gone)
{
	client *c, *witness;

	world_make(NULL);
	start_with_group(store_on_pool);
	world->memory.hold_pool = true;
	c = enter();
	witness = enter();
	tell(c, STORE("a", "1"));
	msgc__memory_drop(c);
	world_pump();
	expect_nothing(witness);
	ck_assert(msgc__memory_pool(&world->memory));
	world_pump();
	ck_assert_uint_eq(gone, 1);
	expect(witness,
	        "{\"action\":\"shout\",\"payload\":\"a\",\"is_mine\":false,\"is_current\":false}");
	expect(witness, "{\"action\":\"group_complete\"}");
	expect_nothing(witness);
	world->memory.hold_pool = false;
	world_end();
}
END_TEST

START_TEST(a_frame_not_answered_in_time_fails_and_takes_effect_without_a_reply_later)
{
	client *c, *witness;

	world_make("--handler-timeout=2s", NULL);
	start_with_group(store_on_pool);
	world->memory.hold_pool = true;
	c = enter();
	witness = enter();
	tell_only(c, STORE("a", "1"));
	tell(c, "{\"action\":\"say\",\"payload\":\"b\"}");
	msgc__memory_advance(&world->memory, 1999);
	expect_nothing(c);
	msgc__memory_advance(&world->memory, 1);
	expect(c,
	        "{\"action\":\"error\",\"payload\":{\"reason\":\"handler_failed\","
	        "\"detail\":\"The message could not be handled.\"},\"ref\":\"1\"}");
	expect(c, "{\"action\":\"said\",\"payload\":\"b\"}");
	expect_begin(c, "{\"action\":\"complete\"");
	/* The next frame may be pending while the old one comes back. */
	tell(c, STORE("c", "3"));
	ck_assert(msgc__memory_pool(&world->memory));
	world_pump();
	ck_assert_uint_eq(gone, 0);
	expect(witness,
	        "{\"action\":\"shout\",\"payload\":\"a\",\"is_mine\":false,\"is_current\":false}");
	expect_begin(c, "{\"action\":\"shout\",\"payload\":\"a\"");
	expect(c, "{\"action\":\"group_complete\"}");
	expect(c, "{\"action\":\"hello\",\"payload\":\"before\"}");
	expect(c, "{\"action\":\"hello\",\"payload\":\"done\"}");
	expect_nothing(c);
	ck_assert(msgc__memory_pool(&world->memory));
	world_pump();
	expect_begin(c, "{\"action\":\"shout\",\"payload\":\"c\"");
	expect(c, "{\"action\":\"group_complete\"}");
	expect_begin(c, "{\"action\":\"hello\"");
	expect_begin(c, "{\"action\":\"hello\"");
	expect(c, "{\"action\":\"said\",\"payload\":\"c\",\"ref\":\"3\"}");
	world->memory.hold_pool = false;
	world_end();
}
END_TEST

START_TEST(a_deferred_frame_is_finished_by_the_program)
{
	client *c;

	world_make(NULL);
	start(store_deferred);
	c = enter();
	tell(c, STORE("a", "1"));
	expect_nothing(c);
	deferred->reply.payload = text("later");
	msgc_pending_finish(deferred->pending, MSGC_OK);
	msgc_pending_finish(deferred->pending, MSGC_EIO);
	world_pump();
	expect_begin(c, "{\"action\":\"hello\"");
	expect(c, "{\"action\":\"said\",\"payload\":\"later\",\"ref\":\"1\"}");
	tell(c, STORE("b", "2"));
	msgc_pending_finish(deferred->pending,
	        msgc_pending_refuse(deferred->pending, "closed on %s", "Sundays"));
	world_pump();
	expect(c,
	        "{\"action\":\"error\",\"payload\":{\"reason\":\"refused\",\"detail\":\"closed on "
	        "Sundays\"},\"ref\":\"2\"}");
	tell(c, STORE("c", "3"));
	msgc_pending_finish(deferred->pending, MSGC_LATER);
	world_pump();
	expect_begin(c, "{\"action\":\"error\",\"payload\":{\"reason\":\"handler_failed\"");
	expect_nothing(c);
	world_end();
}
END_TEST

static int defer_and_fail(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)in, (void)reply;
	(void)hall_store_defer(hall, done, &deferred);
	ck_assert_int_eq(hall_publish(hall->server, "hall", &shout_message, NULL, "never", 0), 0);
	ck_assert_int_eq(hall_send(hall, &hello_message, "never"), 0);
	return MSGC_EIO;
}

static int defer_and_succeed(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)defer_and_fail(hall, in, reply);
	return 0;
}

static int submit_and_succeed(struct hall *hall, const struct note *in, struct note *reply)
{
	reply->payload = in->payload;
	ck_assert_int_eq(hall_store_later(hall, work, done), MSGC_LATER);
	return 0;
}

static int wrong_message(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)in, (void)reply;
	ck_assert_int_eq(hall_store_later(hall, work, done), MSGC_EINVAL);
	return 0;
}

static int twice(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)in, (void)reply;
	ck_assert_int_eq(hall_store_later(hall, work, done), MSGC_LATER);
	ck_assert_int_eq(hall_store_later(hall, work, done), MSGC_EINVAL);
	return MSGC_LATER;
}

/* The program holds on to a frame whose client has been told that it failed. */
START_TEST(what_was_deferred_by_a_handler_that_failed_has_no_effects)
{
	int (*const handlers[])(struct hall *, const struct note *, struct note *) = {
	        defer_and_fail, defer_and_succeed};
	client *c, *other;

	for (size_t i = 0; i < 2; i++) {
		world_make(NULL);
		start(handlers[i]);
		c = enter();
		other = enter();
		tell(c, STORE("a", "1"));
		expect_begin(c, "{\"action\":\"error\",\"payload\":{\"reason\":\"handler_failed\"");
		/* Nobody waits for it. */
		tell(c, "{\"action\":\"ping\"}");
		expect(c, "{\"action\":\"pong\"}");
		msgc_pending_finish(deferred->pending, MSGC_OK);
		world_pump();
		expect_nothing(c);
		expect_nothing(other);
		ck_assert_uint_eq(dones, 0);
		world_end();
	}
}
END_TEST

START_TEST(handlers_that_misuse_it_fail_safely)
{
	client *c;

	world_make(NULL);
	start(submit_and_succeed);
	world->handlers.say = wrong_message;
	c = enter();
	tell(c, STORE("a", "1"));
	expect_begin(c, "{\"action\":\"error\",\"payload\":{\"reason\":\"handler_failed\"");
	ck_assert_uint_eq(works, 0);
	expect_open(c);
	world_end();

	world_make(NULL);
	start(twice);
	world->handlers.say = wrong_message;
	c = enter();
	tell(c, "{\"action\":\"say\",\"payload\":\"x\"}");
	tell(c, STORE("a", "1"));
	ck_assert_uint_eq(works, 1);
	expect_open(c);
	world_end();
}
END_TEST

START_TEST(a_full_pool_is_busy_at_once)
{
	client *c, *d;

	world_make("--pool-queue=1", NULL);
	start(store_on_pool);
	world->memory.hold_pool = true;
	c = enter();
	d = enter();
	tell(c, STORE("a", "1"));
	tell(d, STORE("b", "1"));
	expect_begin(d, "{\"action\":\"error\",\"payload\":{\"reason\":\"busy\"");
	world->memory.hold_pool = false;
	world_pump();
	ck_assert_str_eq(stored, "a");
	world_end();
}
END_TEST

static bool is_paused(client *c)
{
	struct msgc__memory_state state;

	msgc__memory_look(c, &state);
	return state.paused;
}

START_TEST(a_client_whose_frames_wait_is_paused_and_later_resumed)
{
	client *c;

	world_make("--pending-frames=4", NULL);
	start(store_on_pool);
	world->memory.hold_pool = true;
	c = enter();
	tell(c, STORE("a", "1"));
	for (int i = 0; i < 3; i++)
		tell(c, "{\"action\":\"say\",\"payload\":\"x\"}");
	ck_assert(!is_paused(c));
	tell(c, "{\"action\":\"say\",\"payload\":\"x\"}");
	ck_assert(is_paused(c));
	for (int i = 0; i < 50; i++)
		tell(c, "{\"action\":\"say\",\"payload\":\"y\"}");
	world->memory.hold_pool = false;
	world_pump();
	ck_assert(!is_paused(c));
	expect_begin(c, "{\"action\":\"hello\"");
	expect_begin(c, "{\"action\":\"hello\"");
	expect(c, "{\"action\":\"said\",\"payload\":\"a\",\"ref\":\"1\"}");
	for (int i = 0; i < 4; i++)
		expect(c, "{\"action\":\"said\",\"payload\":\"x\"}");
	for (int i = 0; i < 50; i++)
		expect(c, "{\"action\":\"said\",\"payload\":\"y\"}");
	world_end();
}
END_TEST

START_TEST(large_frames_pause_by_their_bytes)
{
	static char frame[1000];
	client *c;

	world_make("--frame-limit=1000", NULL);
	start(store_on_pool);
	world->memory.hold_pool = true;
	memset(frame, ' ', 990);
	c = enter();
	tell(c, STORE("a", "1"));
	tell(c, frame);
	tell(c, frame);
	ck_assert(!is_paused(c));
	tell(c, frame);
	ck_assert(is_paused(c));
	world->memory.hold_pool = false;
	world_end();
}
END_TEST

START_TEST(a_link_that_does_not_pause_is_closed_before_memory_is_spent)
{
	static const char frame[] = "{\"action\":\"say\",\"payload\":\"x\"}";
	struct msgc_connection *connection;
	client *c;
	int sent = 0;

	world_make("--pending-frames=4", NULL);
	start(store_on_pool);
	world->memory.hold_pool = true;
	c = enter();
	tell(c, STORE("a", "1"));
	connection = world->server->workers[0]->connections;
	while (connection->state < MSGC__CLOSING) {
		char padded[sizeof frame + MSGC_PADDING] = {0};

		memcpy(padded, frame, sizeof frame);
		msgc__connection_text(connection, padded, sizeof frame - 1);
		ck_assert_int_lt(++sent, 1000);
	}
	world_pump();
	expect_closed(c, 4429);
	world->memory.hold_pool = false;
	world_end();
	ck_assert_int_ge(sent, 16);
}
END_TEST

static int enter_on_pool(struct hall *hall)
{
	ck_assert_int_eq(hall_send(hall, &hello_message, "welcome"), 0);
	return hall_connected_later(hall, NULL, NULL);
}

static unsigned farewells;
static void count_farewell(struct hall *hall, uint16_t code)
{
	(void)hall, (void)code;
	farewells++;
}

START_TEST(the_connected_hook_may_answer_later_and_frames_wait_for_it)
{
	client *c;

	world_make(NULL);
	reset();
	farewells = 0;
	world->handlers.say = echo;
	world->handlers.connected = enter_on_pool;
	world->handlers.disconnected = count_farewell;
	world_start();
	world->memory.hold_pool = true;
	c = enter();
	tell(c, "{\"action\":\"say\",\"payload\":\"x\"}");
	expect_nothing(c);
	ck_assert(msgc__memory_pool(&world->memory));
	world_pump();
	expect(c, "{\"action\":\"hello\",\"payload\":\"welcome\"}");
	expect(c, "{\"action\":\"said\",\"payload\":\"x\"}");

	/* A client that leaves meanwhile is taken leave of when the hook has ended. */
	c = enter();
	msgc__memory_drop(c);
	world_pump();
	ck_assert_uint_eq(farewells, 0);
	ck_assert(msgc__memory_pool(&world->memory));
	world_pump();
	ck_assert_uint_eq(farewells, 1);
	world->memory.hold_pool = false;
	world_end();
	ck_assert_uint_eq(farewells, 2);
}
END_TEST

START_TEST(a_connected_hook_that_never_answers_ends_the_connection)
{
	client *c;

	world_make("--handler-timeout=1s", NULL);
	reset();
	world->handlers.connected = enter_on_pool;
	world_start();
	world->memory.hold_pool = true;
	c = enter();
	msgc__memory_advance(&world->memory, 1000);
	expect_begin(c, "{\"action\":\"error\",\"payload\":{\"reason\":\"handler_failed\"");
	expect_closed(c, 1011);
	world->memory.hold_pool = false;
	world_end();
}
END_TEST

/* ------------------------------------------------------------------------------------------------ jobs */

static int job_runs, job_ends;
static int run_job(void *arg)
{
	ck_assert_ptr_eq(arg, &job_runs);
	return ++job_runs;
}

static void end_job(struct msgc_server *server, void *arg, int result)
{
	ck_assert_ptr_eq(server, world->server);
	ck_assert_ptr_eq(arg, &job_runs);
	job_ends += result;
}

START_TEST(the_programs_own_jobs_run_on_the_pool_and_end_on_a_worker)
{
	world_make("--pool-queue=2", NULL);
	reset();
	world_start();
	world->memory.hold_pool = true;
	ck_assert_int_eq(msgc_server_submit(world->server, run_job, end_job, &job_runs), 0);
	ck_assert_int_eq(msgc_server_submit(world->server, run_job, NULL, &job_runs), 0);
	ck_assert_int_eq(msgc_server_submit(world->server, run_job, NULL, &job_runs), MSGC_EBUSY);
	world_pump();
	ck_assert_int_eq(job_runs, 0);
	ck_assert(msgc__memory_pool(&world->memory));
	ck_assert_int_eq(job_ends, 0);
	world_pump();
	ck_assert_int_eq(job_ends, 1);
	world->memory.hold_pool = false;
	world_end();
	ck_assert_int_eq(job_runs, 2);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        a_frame_stored_on_the_pool_is_answered_when_that_is_done,
	        frames_behind_it_wait_and_those_of_others_do_not,
	        work_that_fails_or_refuses_is_one_error,
	        what_was_stored_takes_effect_when_its_client_has_gone,
	        a_frame_not_answered_in_time_fails_and_takes_effect_without_a_reply_later,
	        a_deferred_frame_is_finished_by_the_program,
	        what_was_deferred_by_a_handler_that_failed_has_no_effects,
	        handlers_that_misuse_it_fail_safely,
	        a_full_pool_is_busy_at_once,
	        a_client_whose_frames_wait_is_paused_and_later_resumed,
	        large_frames_pause_by_their_bytes,
	        a_link_that_does_not_pause_is_closed_before_memory_is_spent,
	        the_connected_hook_may_answer_later_and_frames_wait_for_it,
	        a_connected_hook_that_never_answers_ends_the_connection,
	        the_programs_own_jobs_run_on_the_pool_and_end_on_a_worker,
	        NULL,
	};

	return hall_main("server later", tests);
}
