/* SPDX-License-Identifier: MIT */
/*
 * Groups: who gets what with which face, joining and leaving, events, publishing from other threads, and backends that take their time.
 */
#include "hall.h"

#include <pthread.h>
#include <stdio.h>

static const enum msgc_auth_kind by_session_or_nobody[] = {MSGC_AUTH_SESSION, MSGC_AUTH_ANONYMOUS};
static unsigned flags;
static struct hall *last;

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret)
{
	(void)app, (void)lookup;
	ret->id = cookie;
	return 0;
}

static int join_hall(struct hall *hall)
{
	last = hall;
	return hall_join(hall, "hall");
}

static int shout(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)reply;
	return hall_publish(
	        hall->server, "hall", &shout_message, hall->sender, in->payload.ptr, flags);
}

/* "+name" joins, "-name" leaves. */
static int move(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)reply;
	return in->payload.ptr[0] == '+' ? hall_join(hall, in->payload.ptr + 1)
	                                 : hall_leave(hall, in->payload.ptr + 1);
}

static void start(void)
{
	flags = 0;
	msgc_server_use_sessions(world->server, "session", find_session, NULL);
	world->consumer.auth = by_session_or_nobody;
	world->consumer.auth_count = 2;
	world->handlers.joins = join_hall;
	world->handlers.say = shout;
	world->handlers.store = move;
	world_start();
}

#define SHOUT(text) "{\"action\":\"say\",\"payload\":\"" text "\"}"
#define HEARD(text, mine, current)                                                                 \
	"{\"action\":\"shout\",\"payload\":\"" text "\",\"is_mine\":" #mine                        \
	",\"is_current\":" #current "}"

START_TEST(each_member_sees_its_own_face)
{
	client *anna, *anna_too, *berta, *nobody;

	world_make(NULL);
	start();
	anna = enter_as("anna");
	anna_too = enter_as("anna");
	berta = enter_as("berta");
	nobody = enter();
	tell(anna, SHOUT("a"));
	expect(anna, HEARD("a", true, true));
	expect(anna_too, HEARD("a", true, false));
	expect(berta, HEARD("a", false, false));
	expect(nobody, HEARD("a", false, false));
	/* Anonymous messages are nobody's, not even the sender's. */
	tell(nobody, SHOUT("b"));
	expect(nobody, HEARD("b", false, true));
	expect(anna, HEARD("b", false, false));
	world_end();
}
END_TEST

START_TEST(the_sender_itself_may_be_left_out)
{
	client *anna, *anna_too;

	world_make(NULL);
	start();
	anna = enter_as("anna");
	anna_too = enter_as("anna");
	flags = MSGC_EXCLUDE_CURRENT;
	tell(anna, SHOUT("a"));
	expect_nothing(anna);
	expect(anna_too, HEARD("a", true, false));
	world_end();
}
END_TEST

START_TEST(members_join_and_leave_while_they_live)
{
	client *a, *b;

	world_make(NULL);
	start();
	a = enter();
	b = enter();
	tell(a, "{\"action\":\"store\",\"payload\":\"-hall\"}");
	tell(a, "{\"action\":\"store\",\"payload\":\"-hall\"}");
	tell(a, "{\"action\":\"store\",\"payload\":\"-nowhere\"}");
	tell(b, SHOUT("x"));
	expect_nothing(a);
	expect(b, HEARD("x", false, true));
	for (int i = 0; i < 3; i++)
		tell(a, "{\"action\":\"store\",\"payload\":\"+hall\"}");
	tell(b, SHOUT("y"));
	expect(a, HEARD("y", false, false));
	expect_nothing(a);
	expect_open(a);
	ck_assert_uint_eq(world->server->workers[0]->groups.count, 1);
	leave(a);
	leave(b);
	ck_assert_uint_eq(world->server->workers[0]->groups.count, 0);
	world_end();
}
END_TEST

START_TEST(a_connection_can_be_in_so_many_groups)
{
	client *c;

	world_make("--max-groups=3", NULL);
	start();
	c = enter();
	tell(c, "{\"action\":\"store\",\"payload\":\"+one\"}");
	tell(c, "{\"action\":\"store\",\"payload\":\"+two\"}");
	expect_nothing(c);
	tell(c, "{\"action\":\"store\",\"payload\":\"+three\"}");
	expect_begin(c, "{\"action\":\"error\"");
	tell(c, "{\"action\":\"store\",\"payload\":\"+\"}");
	expect_begin(c, "{\"action\":\"error\"");
	tell(c, "{\"action\":\"store\",\"payload\":\"-one\"}");
	tell(c, "{\"action\":\"store\",\"payload\":\"+three\"}");
	expect_nothing(c);
	world_end();
}
END_TEST

START_TEST(many_groups_and_members_are_kept_apart)
{
	client *c[40];
	char frame[64];

	world_make(NULL);
	start();
	for (int i = 0; i < 40; i++) {
		c[i] = enter();
		for (int g = 0; g < 10; g++) {
			snprintf(frame, sizeof frame, "{\"action\":\"store\",\"payload\":\"+g%d\"}",
			        i * 7 + g);
			tell(c[i], frame);
		}
	}
	for (int g = 0; g < 290; g++) {
		char name[16];

		snprintf(name, sizeof name, "g%d", g);
		ck_assert_int_eq(
		        hall_publish(world->server, name, &plain_message, NULL, name, 0), 0);
	}
	world_pump();
	for (int i = 0; i < 40; i++) {
		for (int g = 0; g < 10; g++) {
			snprintf(frame, sizeof frame, "{\"action\":\"plain\",\"payload\":\"g%d\"}",
			        i * 7 + g);
			expect(c[i], frame);
		}
		expect_nothing(c[i]);
	}
	world_end();
}
END_TEST

/* ---------------------------------------------------------------------------------------------- events */

static const void *decoded[4];
static unsigned rung;
static int ring(struct hall *hall, const struct note *in, struct note *ret)
{
	(void)hall;
	decoded[rung++ % 4] = in;
	ck_assert(msgc_str_equal(in->payload, text("ding")));
	ret->payload = text("dong");
	return 0;
}

START_TEST(an_event_is_decoded_once_and_handled_for_each_member)
{
	client *a, *b;

	world_make(NULL);
	world->handlers.bell = ring;
	world->consumer.completion = true;
	start();
	a = enter();
	b = enter();
	rung = 0;
	ck_assert_int_eq(hall_publish(world->server, "hall", &bell_message, NULL, "ding", 0), 0);
	ck_assert_uint_eq(rung, 0);
	world_pump();
	ck_assert_uint_eq(rung, 2);
	ck_assert_ptr_eq(decoded[0], decoded[1]);
	expect(a, "{\"action\":\"said\",\"payload\":\"dong\"}");
	expect(a, "{\"action\":\"event_complete\"}");
	expect_nothing(a);
	expect(b, "{\"action\":\"said\",\"payload\":\"dong\"}");
	world_end();
}
END_TEST

START_TEST(an_event_without_a_handler_is_passed_on)
{
	client *a;

	world_make(NULL);
	world->consumer.completion = true;
	start();
	a = enter();
	ck_assert_int_eq(hall_publish(world->server, "hall", &horn_message, NULL, "toot", 0), 0);
	world_pump();
	expect(a, "{\"action\":\"horn\",\"payload\":\"toot\"}");
	expect(a, "{\"action\":\"event_complete\"}");
	expect_nothing(a);
	world_end();
}
END_TEST

START_TEST(an_event_that_the_consumer_does_not_know_is_no_business_of_its_clients)
{
	client *a;

	world_make(NULL);
	world->consumer.event_count = 0;
	start();
	a = enter();
	ck_assert_int_eq(hall_publish(world->server, "hall", &bell_message, NULL, "ding", 0), 0);
	world_pump();
	expect_nothing(a);
	expect_open(a);
	world_end();
}
END_TEST

static int store_later(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)in, (void)reply;
	return hall_store_later(hall, NULL, NULL);
}

static int fail_event(struct hall *hall, const struct note *in, struct note *ret)
{
	(void)in, (void)ret;
	(void)hall_send(hall, &hello_message, "never");
	return MSGC_EIO;
}

START_TEST(events_wait_behind_a_pending_frame_and_their_failure_is_not_the_clients)
{
	client *a;

	world_make(NULL);
	world->handlers.bell = ring;
	start();
	world->handlers.store = store_later;
	world_end();

	world_make(NULL);
	world->handlers.bell = ring;
	flags = 0;
	world->handlers.joins = join_hall;
	world->handlers.store = store_later;
	world_start();
	rung = 0;
	world->memory.hold_pool = true;
	a = enter();
	tell(a, "{\"action\":\"store\",\"payload\":\"x\"}");
	ck_assert_int_eq(hall_publish(world->server, "hall", &bell_message, NULL, "ding", 0), 0);
	world_pump();
	ck_assert_uint_eq(rung, 0);
	world->memory.hold_pool = false;
	world_pump();
	ck_assert_uint_eq(rung, 1);
	expect(a, "{\"action\":\"said\",\"payload\":\"dong\"}");
	world_end();

	world_make(NULL);
	world->handlers.joins = join_hall;
	world->handlers.bell = fail_event;
	world_start();
	a = enter();
	ck_assert_int_eq(hall_publish(world->server, "hall", &bell_message, NULL, "ding", 0), 0);
	world_pump();
	expect_nothing(a);
	expect_open(a);
	ck_assert(world_logged("handler=bell"));
	world_end();
}
END_TEST

START_TEST(events_that_cannot_be_kept_end_the_connection)
{
	client *a;

	world_make("--pending-frames=1", NULL);
	world->handlers.joins = join_hall;
	world->handlers.store = store_later;
	world_start();
	world->memory.hold_pool = true;
	a = enter();
	tell(a, "{\"action\":\"store\",\"payload\":\"x\"}");
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(
		        hall_publish(world->server, "hall", &bell_message, NULL, "ding", 0), 0);
	world_pump();
	expect_closed(a, 1013);
	world->memory.hold_pool = false;
	world_end();
}
END_TEST

/* --------------------------------------------------------------------------------------- other threads */

static void *publish_from_thread(void *arg)
{
	for (int i = 0; i < 100; i++) {
		char payload[16];

		snprintf(payload, sizeof payload, "%s%d", (const char *)arg, i);
		ck_assert_int_eq(
		        hall_publish(world->server, "hall", &plain_message, NULL, payload, 0), 0);
	}
	return NULL;
}

START_TEST(other_threads_publish_through_the_mailbox_in_their_order)
{
	pthread_t threads[2];
	struct msgc_buf got = {0};
	int next[2] = {0, 0};
	client *c;

	world_make(NULL);
	start();
	c = enter();
	pthread_create(&threads[0], NULL, publish_from_thread, (void *)(uintptr_t) "a");
	pthread_create(&threads[1], NULL, publish_from_thread, (void *)(uintptr_t) "b");
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	expect_nothing(c);
	world_pump();
	while (msgc__memory_receive(c, &got, 0)) {
		char which;
		int number;

		ck_assert_int_eq(
		        sscanf(msgc_buf_c(&got), "{\"action\":\"plain\",\"payload\":\"%c%d\"}",
		                &which, &number),
		        2);
		ck_assert_int_eq(number, next[which - 'a']++);
		msgc_buf_reset(&got);
	}
	ck_assert_int_eq(next[0] + next[1], 200);
	msgc_buf_free(&got);
	world_end();
}
END_TEST

static void *overfill(void *arg)
{
	int *busy = arg;

	for (int i = 0; i < 40; i++)
		*busy += hall_publish(world->server, "hall", &plain_message, NULL, "x", 0) ==
		        MSGC_EBUSY;
	return NULL;
}

START_TEST(a_full_mailbox_is_busy)
{
	pthread_t thread;
	int busy = 0;

	world_make("--mailbox=16", NULL);
	start();
	enter();
	pthread_create(&thread, NULL, overfill, &busy);
	pthread_join(thread, NULL);
	ck_assert_int_eq(busy, 24);
	world_end();
}
END_TEST

/* ------------------------------------------------------------------------------- a backend that waits */

/* Keeps what it is asked until the test lets it go; then memory does it. */
enum { ASKED_MAX = 16 };
struct asked {
	struct msgc__worker *worker;
	struct msgc__publication *publication;
	char group[32];
	msgc__published_fn *published;
	msgc__done_fn *done;
	void *arg;
};
static struct asked asked[ASKED_MAX];
static unsigned asked_count, asked_at;
static struct msgc__backend *beneath;

static int slow_publish(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc__publication *publication, msgc__published_fn *done, void *arg)
{
	(void)backend;
	asked[asked_count++] = (struct asked){.worker = worker,
	        .publication = msgc__publication_ref(publication),
	        .published = done,
	        .arg = arg};
	return 0;
}

static int slow_join(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc_str group, msgc__done_fn *done, void *arg)
{
	struct asked *a = &asked[asked_count++];

	(void)backend;
	*a = (struct asked){.worker = worker, .done = done, .arg = arg};
	memcpy(a->group, group.ptr, group.len);
	return 0;
}

static int quick_leave(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc_str group, msgc__done_fn *done, void *arg)
{
	(void)backend, (void)worker, (void)group;
	done(arg, 0);
	return 0;
}

static void free_slow(struct msgc__backend *backend)
{
	beneath->ops->free(beneath);
	free(backend);
}

static void use_slow_backend(void)
{
	static const struct msgc__backend_ops ops = {.name = "slow",
	        .publish = slow_publish,
	        .join = slow_join,
	        .leave = quick_leave,
	        .free = free_slow};
	struct msgc__backend *slow = calloc(1, sizeof *slow);

	slow->ops = &ops;
	beneath = world->server->backend;
	world->server->backend = slow;
	asked_count = asked_at = 0;
}

static void let_go(int result)
{
	struct asked *a = &asked[asked_at++];
	struct msgc__position none = {0};

	ck_assert_uint_le(asked_at, asked_count);
	if (a->publication) {
		if (result == 0)
			msgc__group_deliver(a->worker, a->publication);
		msgc__publication_unref(a->publication);
		a->published(a->arg, result, &none);
	} else {
		a->done(a->arg, result);
	}
	world_pump();
}

static int shout_twice(struct hall *hall, const struct note *in, struct note *reply)
{
	reply->payload = in->payload;
	(void)hall_publish(hall->server, "hall", &plain_message, NULL, "one", 0);
	return hall_publish(hall->server, "hall", &plain_message, NULL, "two", 0);
}

START_TEST(the_reply_waits_until_each_publish_is_done)
{
	client *c;

	world_make(NULL);
	start();
	c = enter();
	world_end();

	world_make(NULL);
	world->handlers.joins = join_hall;
	world->handlers.say = shout_twice;
	world_start();
	use_slow_backend();
	c = visit("/ws/hall/7", NULL);
	expect(c, AUTHENTICATED);
	ck_assert_str_eq(asked[0].group, "hall");
	tell_only(c, "{\"action\":\"say\",\"payload\":\"r\"}");
	tell(c, "{\"action\":\"ping\"}");
	expect_nothing(c);
	let_go(0); /* the join: now the connection is open and its frames are handled */
	expect_nothing(c);
	ck_assert_uint_eq(asked_count, 2);
	let_go(0);
	expect(c, "{\"action\":\"plain\",\"payload\":\"one\"}");
	expect_nothing(c);
	let_go(0);
	expect(c, "{\"action\":\"plain\",\"payload\":\"two\"}");
	expect(c, "{\"action\":\"said\",\"payload\":\"r\"}");
	expect(c, "{\"action\":\"pong\"}");
	/* A publish that fails is an error, and what follows it does not happen. */
	tell(c, "{\"action\":\"say\",\"payload\":\"r\"}");
	let_go(MSGC_EBUSY);
	expect_begin(c, "{\"action\":\"error\",\"payload\":{\"reason\":\"busy\"");
	ck_assert_uint_eq(asked_count, 4);
	/* The client may go while it is waited for. */
	tell(c, "{\"action\":\"say\",\"payload\":\"r\"}");
	msgc__memory_drop(c);
	world_pump();
	let_go(0);
	let_go(0);
	world_end();
}
END_TEST

START_TEST(a_group_that_the_backend_refuses_ends_the_connection_or_fails_the_frame)
{
	client *c;

	world_make(NULL);
	world->handlers.joins = join_hall;
	world->handlers.store = move;
	world_start();
	use_slow_backend();
	c = visit("/ws/hall/7", NULL);
	expect(c, AUTHENTICATED);
	let_go(MSGC_EIO);
	expect_closed(c, 1011);
	ck_assert_uint_eq(world->server->workers[0]->groups.count, 0);

	c = visit("/ws/hall/7", NULL);
	expect(c, AUTHENTICATED);
	let_go(0);
	tell(c, "{\"action\":\"store\",\"payload\":\"+more\"}");
	tell(c, "{\"action\":\"ping\"}");
	expect_nothing(c);
	let_go(MSGC_EIO);
	expect_begin(c, "{\"action\":\"error\",\"payload\":{\"reason\":\"handler_failed\"");
	expect(c, "{\"action\":\"pong\"}");
	ck_assert_uint_eq(world->server->workers[0]->groups.count, 1);
	/* Gone while the backend is asked. */
	tell(c, "{\"action\":\"store\",\"payload\":\"+more\"}");
	msgc__memory_drop(c);
	world_pump();
	let_go(0);
	ck_assert_uint_eq(world->server->workers[0]->groups.count, 0);
	world_end();
}
END_TEST

static unsigned farewells;
static void count_farewell(struct hall *hall, uint16_t code)
{
	(void)hall, (void)code;
	farewells++;
}

START_TEST(a_drain_waits_for_the_backend_and_not_for_ever)
{
	client *c;

	world_make("--drain-timeout=2s", NULL);
	world->handlers.joins = join_hall;
	world->handlers.say = shout;
	world->handlers.store = move;
	world->handlers.disconnected = count_farewell;
	farewells = 0;
	world_start();
	use_slow_backend();
	for (int i = 0; i < 2; i++) {
		c = visit("/ws/hall/7", NULL);
		if (i == 0)
			let_go(0); /* this worker's first member of the group */
		/* One waits for a publish, the other for a join. */
		tell(c,
		        i ? "{\"action\":\"store\",\"payload\":\"+more\"}"
		          : "{\"action\":\"say\",\"payload\":\"r\"}");
	}
	ck_assert_uint_eq(asked_count, 3);
	msgc_server_stop(world->server);
	msgc__memory_advance(&world->memory, 1999);
	ck_assert_int_eq(world->server->workers[0]->state, MSGC__WORKER_DRAINING);
	ck_assert_uint_eq(farewells, 0);
	msgc__memory_advance(&world->memory, 1);
	ck_assert_int_eq(world->server->workers[0]->state, MSGC__WORKER_STOPPED);
	ck_assert_uint_eq(farewells, 2);
	asked_at = 1;
	let_go(0);
	asked_at = 2;
	let_go(0);
	ck_assert_int_eq(world_stop(), 1);
	world_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        each_member_sees_its_own_face,
	        the_sender_itself_may_be_left_out,
	        members_join_and_leave_while_they_live,
	        a_connection_can_be_in_so_many_groups,
	        many_groups_and_members_are_kept_apart,
	        an_event_is_decoded_once_and_handled_for_each_member,
	        an_event_without_a_handler_is_passed_on,
	        an_event_that_the_consumer_does_not_know_is_no_business_of_its_clients,
	        events_wait_behind_a_pending_frame_and_their_failure_is_not_the_clients,
	        events_that_cannot_be_kept_end_the_connection,
	        other_threads_publish_through_the_mailbox_in_their_order,
	        a_full_mailbox_is_busy,
	        the_reply_waits_until_each_publish_is_done,
	        a_group_that_the_backend_refuses_ends_the_connection_or_fails_the_frame,
	        a_drain_waits_for_the_backend_and_not_for_ever,
	        NULL,
	};

	return hall_main("server groups", tests);
}
