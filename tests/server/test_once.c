/* SPDX-License-Identifier: MIT */
/*
 * Sends with a message_id: one effect, and the first answer for whoever sends the same again; another body is a conflict. With a backend that
 * answers at once and with one that takes its time.
 */
#include "hall.h"

#include <stdio.h>

static const enum msgc_auth_kind by_session_or_nobody[] = {MSGC_AUTH_SESSION, MSGC_AUTH_ANONYMOUS};
static unsigned effects;
static int result_now;

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret)
{
	(void)app, (void)lookup;
	ret->id = cookie;
	return 0;
}

/* Answers how often it has been asked. */
static int count_up(struct hall *hall, const struct note *in, struct note *reply)
{
	char *words = msgc_arena_alloc(hall->arena, 32, 1);

	effects++;
	if (in->payload.ptr[0] != '-' && words) {
		snprintf(words, 32, "%u", effects);
		reply->payload = text(words);
	}
	if (result_now < 0)
		return result_now;
	return hall_publish(hall->server, "hall", &plain_message, NULL, "effect", 0);
}

static struct hall_pending *held;

static int hold(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)in, (void)reply;
	effects++;
	return hall_store_defer(hall, NULL, &held);
}

static void start(void)
{
	effects = 0;
	result_now = 0;
	msgc_server_use_sessions(world->server, "session", find_session, NULL);
	world->consumer.auth = by_session_or_nobody;
	world->consumer.auth_count = 2;
	world->handlers.say = count_up;
	world->handlers.store = hold;
	world_start();
}

#define SAY(id, body, ref)                                                                         \
	"{\"action\":\"say\",\"payload\":\"" body "\",\"message_id\":\"" id "\",\"ref\":\"" ref    \
	"\"}"
#define SAID(n, ref) "{\"action\":\"said\",\"payload\":\"" n "\",\"ref\":\"" ref "\"}"
#define CONFLICT(ref)                                                                              \
	"{\"action\":\"error\",\"payload\":{\"reason\":\"conflict\",\"detail\":"                   \
	"\"Another message had this id.\"},\"ref\":\"" ref "\"}"
#define STORE "{\"action\":\"store\",\"payload\":\"x\",\"message_id\":\"s\"}"

START_TEST(the_same_again_gets_the_first_answer)
{
	client *c;

	world_make(NULL);
	start();
	c = enter_as("anna");
	tell(c, SAY("1", "a", "r1"));
	expect(c, SAID("1", "r1"));
	tell(c, SAY("1", "a", "r2"));
	expect(c, SAID("1", "r2"));
	/* However it is written. */
	tell(c, "{ \"message_id\":\"1\" , \"payload\":\"\\u0061\", \"action\":\"say\"}");
	expect(c, "{\"action\":\"said\",\"payload\":\"1\"}");
	ck_assert_uint_eq(effects, 1);
	tell(c, SAY("2", "a", "r3"));
	expect(c, SAID("2", "r3"));
	tell(c, "{\"action\":\"say\",\"payload\":\"a\"}");
	expect(c, "{\"action\":\"said\",\"payload\":\"3\"}");
	expect_nothing(c);
	world_end();
}
END_TEST

START_TEST(another_body_is_a_conflict)
{
	client *c;

	world_make(NULL);
	start();
	c = enter_as("anna");
	tell(c, SAY("1", "a", "r1"));
	expect(c, SAID("1", "r1"));
	tell(c, SAY("1", "b", "r2"));
	expect(c, CONFLICT("r2"));
	/* Another action is another body. */
	tell(c, "{\"action\":\"limited\",\"payload\":\"a\",\"message_id\":\"1\",\"ref\":\"r3\"}");
	expect(c, CONFLICT("r3"));
	tell(c, SAY("1", "a", "r4"));
	expect(c, SAID("1", "r4"));
	ck_assert_uint_eq(effects, 1);
	expect_open(c);
	world_end();
}
END_TEST

START_TEST(ids_belong_to_a_user_at_a_place)
{
	client *c;

	world_make(NULL);
	start();
	tell(c = enter_as("anna"), SAY("1", "a", "r"));
	expect(c, SAID("1", "r"));
	leave(c);
	tell(c = enter_as("anna"), SAY("1", "a", "r"));
	expect(c, SAID("1", "r"));
	tell(c = enter_as("berta"), SAY("1", "a", "r"));
	expect(c, SAID("2", "r"));
	c = visit("/ws/hall/8/", "origin", "http://hall.example", "cookie", "session=anna", NULL);
	expect(c, AUTHENTICATED);
	tell(c, SAY("1", "a", "r"));
	expect(c, SAID("3", "r"));
	/* Nobody is a user of his own on each connection. */
	tell(c = enter(), SAY("1", "a", "r"));
	expect(c, SAID("4", "r"));
	tell(c, SAY("1", "a", "r"));
	expect(c, SAID("4", "r"));
	tell(c = enter(), SAY("1", "a", "r"));
	expect(c, SAID("5", "r"));
	world_end();
}
END_TEST

START_TEST(what_has_failed_may_be_tried_again)
{
	client *c;

	world_make(NULL);
	start();
	c = enter_as("anna");
	result_now = MSGC_EIO;
	tell(c, SAY("1", "a", "r1"));
	expect_begin(c, "{\"action\":\"error\",\"payload\":{\"reason\":\"handler_failed\"");
	result_now = 0;
	tell(c, SAY("1", "b", "r2"));
	expect(c, SAID("2", "r2"));
	tell(c, SAY("1", "b", "r3"));
	expect(c, SAID("2", "r3"));
	world_end();
}
END_TEST

/* A store that failed half-way may have stored it after all: a second effect would be worse than none. */
START_TEST(what_nobody_knows_is_not_tried_again)
{
	client *c;

	world_make("--message-id-window=60s", NULL);
	start();
	c = enter_as("anna");
	result_now = MSGC_ETIMEOUT;
	tell(c, SAY("1", "a", "r1"));
	expect_begin(c, "{\"action\":\"error\",\"payload\":{\"reason\":\"handler_failed\"");
	result_now = 0;
	tell(c, SAY("1", "a", "r2"));
	expect_begin(c, "{\"action\":\"error\",\"payload\":{\"reason\":\"busy\"");
	msgc__memory_advance(&world->memory, 60000);
	tell(c, SAY("1", "a", "r3"));
	expect(c, SAID("2", "r3"));
	world_end();
}
END_TEST

START_TEST(the_answer_is_forgotten_after_the_window)
{
	client *c;

	world_make("--message-id-window=60s", NULL);
	start();
	c = enter_as("anna");
	tell(c, SAY("1", "a", "r1"));
	expect(c, SAID("1", "r1"));
	msgc__memory_advance(&world->memory, 59000);
	tell(c, SAY("1", "a", "r2"));
	expect(c, SAID("1", "r2"));
	msgc__memory_advance(&world->memory, 1000);
	tell(c, SAY("1", "c", "r3"));
	expect(c, SAID("2", "r3"));
	world_end();
}
END_TEST

START_TEST(without_an_answer_there_is_its_completion)
{
	client *c;

	world_make(NULL);
	world->consumer.completion = true;
	start();
	c = enter_as("anna");
	for (int i = 0; i < 2; i++) {
		tell(c, SAY("1", "-", "r"));
		expect(c, "{\"action\":\"complete\",\"ref\":\"r\"}");
		expect_nothing(c);
	}
	ck_assert_uint_eq(effects, 1);
	world_end();
}
END_TEST

START_TEST(while_the_first_is_in_hand_the_second_is_told_to_come_later)
{
	static const char busy[] = "{\"action\":\"error\",\"payload\":{\"reason\":\"busy\"";
	client *a, *b;

	world_make(NULL);
	start();
	a = enter_as("anna");
	b = enter_as("anna");
	tell(a, STORE);
	ck_assert_ptr_nonnull(held);
	tell(b, STORE);
	expect_begin(b, busy);
	held->reply.payload = text("kept");
	msgc_pending_finish(held->pending, 0);
	world_pump();
	expect(a, "{\"action\":\"said\",\"payload\":\"kept\"}");
	tell(b, STORE);
	expect(b, "{\"action\":\"said\",\"payload\":\"kept\"}");
	ck_assert_uint_eq(effects, 1);
	world_end();
}
END_TEST

START_TEST(what_is_finished_after_its_time_is_kept_as_well)
{
	client *c;

	world_make("--handler-timeout=1s", NULL);
	start();
	c = enter_as("anna");
	tell(c, STORE);
	msgc__memory_advance(&world->memory, 1000);
	expect_begin(c, "{\"action\":\"error\",\"payload\":{\"reason\":\"handler_failed\"");
	held->reply.payload = text("late");
	msgc_pending_finish(held->pending, 0);
	world_pump();
	expect_nothing(c);
	tell(c, STORE);
	expect(c, "{\"action\":\"said\",\"payload\":\"late\"}");
	ck_assert_uint_eq(effects, 1);
	world_end();
}
END_TEST

START_TEST(ids_have_a_length)
{
	char frame[300], id[130];
	client *c;

	world_make(NULL);
	start();
	c = enter_as("anna");
	memset(id, 'x', sizeof id);
	id[129] = '\0';
	snprintf(frame, sizeof frame,
	        "{\"action\":\"say\",\"payload\":\"a\",\"message_id\":\"%s\"}", id);
	tell(c, frame);
	expect_begin(c,
	        "{\"action\":\"error\",\"payload\":[{\"type\":\"string_too_long\",\"loc\":["
	        "\"message_id\"]");
	snprintf(frame, sizeof frame,
	        "{\"action\":\"say\",\"payload\":\"a\",\"message_id\":\"%s\"}", id + 1);
	tell(c, frame);
	expect(c, "{\"action\":\"said\",\"payload\":\"1\"}");
	tell(c, SAY("", "a", "r"));
	expect_begin(c, "{\"action\":\"error\",\"payload\":[{\"type\":\"string_too_short\"");
	ck_assert_uint_eq(effects, 1);
	world_end();
}
END_TEST

START_TEST(ids_have_a_bound)
{
	char frame[128];
	unsigned busy = 0;
	client *c;

	world_make("--keys-memory=64KiB", NULL);
	start();
	c = enter_as("anna");
	for (unsigned i = 0; i < 1000; i++) {
		struct msgc_buf got;

		snprintf(frame, sizeof frame,
		        "{\"action\":\"say\",\"payload\":\"a\",\"message_id\":\"%u\"}", i);
		tell(c, frame);
		msgc_buf_init(&got, 0);
		ck_assert(msgc__memory_receive(c, &got, 0));
		busy += strstr(msgc_buf_c(&got), "\"reason\":\"busy\"") != NULL;
		msgc_buf_free(&got);
	}
	ck_assert_uint_gt(busy, 100);
	ck_assert_uint_eq(busy + effects, 1000);
	/* Those that were taken still have their answers. */
	tell(c, SAY("0", "a", "r"));
	expect(c, SAID("1", "r"));
	world_end();
}
END_TEST

/* ----------------------------------------------------------------------- a backend that takes its time */

static const struct msgc__backend_ops *quick;
static struct {
	void (*answer)(void);
	msgc__done_fn *done;
	msgc__value_fn *value_done;
	void *arg;
	struct msgc_str key;
	uint8_t bytes[64];
	struct msgc_bytes value;
	int64_t ttl_ms;
	enum msgc__put_mode mode;
	struct msgc__worker *worker;
} asked;

static void put_now(void)
{
	(void)quick->put(world->server->backend, asked.worker, asked.key, asked.value, asked.ttl_ms,
	        asked.mode, asked.done, asked.arg);
}

static void get_now(void)
{
	(void)quick->get(
	        world->server->backend, asked.worker, asked.key, asked.value_done, asked.arg);
}

static void take_now(void)
{
	(void)quick->take(
	        world->server->backend, asked.worker, asked.key, asked.value_done, asked.arg);
}

static int slow_put(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        struct msgc_bytes value, int64_t ttl_ms, enum msgc__put_mode mode, msgc__done_fn *done,
        void *arg)
{
	(void)backend;
	ck_assert_ptr_null(asked.answer);
	ck_assert_uint_le(value.len, sizeof asked.bytes);
	memcpy(asked.bytes, value.ptr, value.len);
	asked.answer = put_now;
	asked.worker = worker;
	asked.key = key;
	asked.value = (struct msgc_bytes){asked.bytes, value.len};
	asked.ttl_ms = ttl_ms;
	asked.mode = mode;
	asked.done = done;
	asked.arg = arg;
	return 0;
}

static int slow_get(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        msgc__value_fn *done, void *arg)
{
	(void)backend;
	asked.answer = get_now;
	asked.worker = worker;
	asked.key = key;
	asked.value_done = done;
	asked.arg = arg;
	return 0;
}

static int slow_take(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc_str key, msgc__value_fn *done, void *arg)
{
	(void)slow_get(backend, worker, key, done, arg);
	asked.answer = take_now;
	return 0;
}

static void answer(void)
{
	void (*now)(void) = asked.answer;

	ck_assert_ptr_nonnull(now);
	asked.answer = NULL;
	now();
	world_pump();
}

static void be_slow(void)
{
	static struct msgc__backend_ops ops;

	quick = world->server->backend->ops;
	ops = *quick;
	ops.put = slow_put;
	ops.get = slow_get;
	ops.take = slow_take;
	world->server->backend->ops = &ops;
	asked.answer = NULL;
}

START_TEST(a_slow_backend_is_waited_for)
{
	client *c;

	world_make(NULL);
	start();
	c = enter();
	be_slow();
	tell(c, SAY("1", "a", "r1"));
	tell(c, SAY("1", "a", "r2")); /* waits behind it */
	ck_assert_uint_eq(effects, 0);
	answer();
	ck_assert_uint_eq(effects, 1);
	expect_nothing(c); /* before the answer is kept it is not given */
	answer();
	expect(c, SAID("1", "r1"));
	answer(); /* taken */
	answer(); /* by whom */
	expect(c, SAID("1", "r2"));
	result_now = MSGC_EIO;
	tell(c, SAY("2", "a", "r3"));
	answer();
	expect_nothing(c);
	answer();
	expect_begin(c, "{\"action\":\"error\",\"payload\":{\"reason\":\"handler_failed\"");
	expect_nothing(c);
	world_end();
}
END_TEST

static bool refuses_at_once;

/* Room for a mark, and for nothing longer. */
static int full_put(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        struct msgc_bytes value, int64_t ttl_ms, enum msgc__put_mode mode, msgc__done_fn *done,
        void *arg)
{
	if (value.len <= 17)
		return quick->put(backend, worker, key, value, ttl_ms, mode, done, arg);
	if (refuses_at_once)
		return MSGC_EBUSY;
	done(arg, MSGC_EIO);
	return 0;
}

static void lose(client *c, const char *first, const char *again, const char *other)
{
	unsigned before = effects;

	tell(c, first);
	expect(c, before == 0 ? SAID("1", "r1") : SAID("2", "r1"));
	tell(c, again);
	expect(c,
	        "{\"action\":\"error\",\"payload\":{\"reason\":\"lost\",\"detail\":"
	        "\"It was dealt with, but its answer could not be kept.\"},\"ref\":\"r2\"}");
	tell(c, other);
	expect(c, CONFLICT("r3"));
	ck_assert_uint_eq(effects, before + 1);
}

START_TEST(an_answer_that_finds_no_room_is_lost_and_not_busy)
{
	static struct msgc__backend_ops ops;
	client *c;

	world_make(NULL);
	start();
	c = enter();
	quick = world->server->backend->ops;
	ops = *quick;
	ops.put = full_put;
	world->server->backend->ops = &ops;
	refuses_at_once = true;
	lose(c, SAY("1", "a", "r1"), SAY("1", "a", "r2"), SAY("1", "b", "r3"));
	refuses_at_once = false;
	lose(c, SAY("2", "a", "r1"), SAY("2", "a", "r2"), SAY("2", "b", "r3"));
	world_end();
}
END_TEST

START_TEST(who_goes_meanwhile_has_his_effect_kept)
{
	client *c;

	world_make(NULL);
	start();
	c = enter_as("anna");
	be_slow();
	tell(c, SAY("1", "a", "r1"));
	leave(c);
	answer();
	answer();
	world->server->backend->ops = quick;
	c = enter_as("anna");
	tell(c, SAY("1", "a", "r2"));
	expect(c, SAID("1", "r2"));
	ck_assert_uint_eq(effects, 1);
	world_end();
}
END_TEST

/* ---------------------------------------------------------------------------------------------- main */

int main(void)
{
	const TTest *const tests[] = {the_same_again_gets_the_first_answer,
	        another_body_is_a_conflict, ids_belong_to_a_user_at_a_place,
	        what_has_failed_may_be_tried_again, what_nobody_knows_is_not_tried_again,
	        the_answer_is_forgotten_after_the_window, without_an_answer_there_is_its_completion,
	        while_the_first_is_in_hand_the_second_is_told_to_come_later,
	        what_is_finished_after_its_time_is_kept_as_well, ids_have_a_length,
	        ids_have_a_bound, a_slow_backend_is_waited_for,
	        an_answer_that_finds_no_room_is_lost_and_not_busy,
	        who_goes_meanwhile_has_his_effect_kept, NULL};

	return hall_main("server once", tests);
}
