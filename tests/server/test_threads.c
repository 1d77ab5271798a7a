/* SPDX-License-Identifier: MIT */
/*
 * A server with threads of its own, two workers and a pool, under clients and publishers on other threads: what ThreadSanitizer should see.
 */
#include "hall.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

enum { WAIT_MS = 10000, CLIENTS = 6, ROUNDS = 60, PUBLISHERS = 2 };

static pthread_t server_thread;
static int exit_code;

static void *run_server(void *arg)
{
	exit_code = msgc_server_run(arg);
	return NULL;
}

static int join_hall(struct hall *hall)
{
	return hall_join(hall, "hall");
}

static int shout(struct hall *hall, const struct note *in, struct note *reply)
{
	reply->payload = in->payload;
	return hall_publish(hall->server, "hall", &shout_message, hall->sender, in->payload.ptr, 0);
}

static int work(struct hall_pending *p)
{
	/* From the pool: at once, through the mailbox. */
	int result = hall_publish(p->server, "hall", &plain_message, p->sender, "pool", 0);

	return result == MSGC_EBUSY ? 0 : result;
}

static int done(struct hall_pending *p, struct hall *hall)
{
	(void)hall;
	p->reply.payload = p->in->payload;
	return hall_publish(p->server, "hall", &shout_message, p->sender, "stored", 0);
}

static int store(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)in, (void)reply;
	return hall_store_later(hall, work, done);
}

static atomic_int worker_starts, worker_stops;
static int start_worker(void *app, unsigned worker)
{
	(void)app, (void)worker;
	atomic_fetch_add(&worker_starts, 1);
	return 0;
}
static void stop_worker(void *app, unsigned worker)
{
	(void)app, (void)worker;
	atomic_fetch_add(&worker_stops, 1);
}

static atomic_int arrivals, farewells;
static int arrive(struct hall *hall)
{
	(void)hall;
	atomic_fetch_add(&arrivals, 1);
	return 0;
}
static void take_leave(struct hall *hall, uint16_t code)
{
	(void)hall, (void)code;
	atomic_fetch_add(&farewells, 1);
}

/* Both look-ups block: they run on the pool. */
static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret)
{
	(void)app;
	if (!msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	ret->id = cookie;
	return 0;
}

static int load(struct hall *hall, struct msgc_lookup *lookup, void **ret)
{
	if (!msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	*ret = malloc((size_t)hall->id);
	return *ret ? 0 : MSGC_ENOMEM;
}

extern const struct msgc_object_type hall_object;

static void start(void)
{
	static const enum msgc_auth_kind kinds[] = {MSGC_AUTH_SESSION};

	msgc_server_use_sessions(world->server, "session", find_session, NULL);
	world->consumer.auth = kinds;
	world->consumer.auth_count = 1;
	world->consumer.object = &hall_object;
	world->handlers.load = load;
	world->handlers.release = free;
	world->server->transport = &msgc__memory_transport;
	world->server->log.level = MSGC_LOG_WARNING;
	world->handlers.joins = join_hall;
	world->handlers.say = shout;
	world->handlers.store = store;
	world->handlers.connected = arrive;
	world->handlers.disconnected = take_leave;
	msgc_server_on_worker(world->server, start_worker, stop_worker, NULL);
	ck_assert_int_eq(
	        msgc_server_serve(world->server, &world->consumer, &world->handlers, NULL), 0);
	pthread_create(&server_thread, NULL, run_server, world->server);
	while (!atomic_load(&world->server->started))
		sched_yield();
}

static void finish(void)
{
	msgc_server_stop(world->server);
	pthread_join(server_thread, NULL);
	world->server = NULL; /* freed by msgc_server_run() */
	ck_assert_int_eq(exit_code, 0);
	world_end();
}

static client *connect_to(unsigned worker)
{
	struct msgc__header headers[] = {{"host", MSGC_STR_INIT("hall.example")},
	        {"origin", MSGC_STR_INIT("http://hall.example")},
	        {"cookie", MSGC_STR_INIT("session=anna")}};
	struct msgc__request request = {.method = "GET",
	        .path = MSGC_STR_INIT("/ws/hall/7/"),
	        .query = {"", 0},
	        .headers = headers,
	        .header_count = 3,
	        .address = "127.0.0.1"};

	return msgc__memory_connect(world->server, worker, &request);
}

static bool next(client *c, struct msgc_buf *message)
{
	msgc_buf_reset(message);
	return msgc__memory_receive(c, message, WAIT_MS);
}

static void *chatter(void *arg)
{
	unsigned me = (unsigned)(uintptr_t)arg;
	client *c = connect_to(me % 2);
	struct msgc_buf message = {0};
	int replies = 0;

	ck_assert(next(c, &message));
	ck_assert_str_eq(msgc_buf_c(&message), AUTHENTICATED);
	for (int i = 0; i < ROUNDS; i++) {
		char frame[100];

		snprintf(frame, sizeof frame,
		        "{\"action\":\"%s\",\"payload\":\"%u\",\"ref\":\"%d\"}",
		        i % 5 == 4 ? "store" : "say", me, i);
		msgc__memory_send(c, frame, strlen(frame));
	}
	/* Replies come in order, whatever else comes between them. */
	while (replies < ROUNDS) {
		char want[100];

		ck_assert_msg(next(c, &message), "reply %d is missing", replies);
		snprintf(want, sizeof want,
		        "{\"action\":\"said\",\"payload\":\"%u\",\"ref\":\"%d\"}", me, replies);
		replies += strcmp(msgc_buf_c(&message), want) == 0;
		ck_assert_ptr_null(strstr(msgc_buf_c(&message), "\"error\""));
	}
	if (me % 3 == 0)
		msgc__memory_drop(c);
	else
		msgc__memory_close(c, 1000);
	msgc__memory_free(c);
	msgc_buf_free(&message);
	return NULL;
}

static void *publisher(void *arg)
{
	(void)arg;
	for (int i = 0; i < 300; i++) {
		int result = hall_publish(world->server, "hall",
		        i % 10 ? &plain_message : &horn_message, NULL, "thread", 0);

		ck_assert(result == 0 || result == MSGC_EBUSY);
	}
	return NULL;
}

START_TEST(two_workers_a_pool_and_publishers_do_not_disturb_each_other)
{
	pthread_t threads[CLIENTS + PUBLISHERS];

	world_make("--workers=2", "--pool-threads=3", NULL);
	start();
	for (uintptr_t i = 0; i < CLIENTS; i++)
		pthread_create(&threads[i], NULL, chatter, (void *)i);
	for (int i = CLIENTS; i < CLIENTS + PUBLISHERS; i++)
		pthread_create(&threads[i], NULL, publisher, NULL);
	for (int i = 0; i < CLIENTS + PUBLISHERS; i++)
		pthread_join(threads[i], NULL);
	finish();
	ck_assert_int_eq(atomic_load(&arrivals), CLIENTS);
	ck_assert_int_eq(atomic_load(&farewells), CLIENTS);
	ck_assert_int_eq(atomic_load(&worker_starts), 2);
	ck_assert_int_eq(atomic_load(&worker_stops), 2);
}
END_TEST

START_TEST(a_group_spans_workers_and_keeps_each_publishers_order)
{
	struct msgc_buf message = {0};
	client *a, *b;

	world_make("--workers=2", NULL);
	start();
	a = connect_to(0);
	b = connect_to(1);
	ck_assert(next(a, &message) && next(b, &message));
	/* A round trip on each: now both are members. */
	msgc__memory_send(a, "{\"action\":\"ping\"}", 17);
	msgc__memory_send(b, "{\"action\":\"ping\"}", 17);
	ck_assert(next(a, &message) && next(b, &message));
	for (int i = 0; i < 100; i++) {
		char frame[64];

		snprintf(frame, sizeof frame, "{\"action\":\"say\",\"payload\":\"%d\"}", i);
		msgc__memory_send(a, frame, strlen(frame));
	}
	for (int i = 0; i < 100; i++) {
		char want[100];

		ck_assert(next(b, &message));
		snprintf(want, sizeof want,
		        "{\"action\":\"shout\",\"payload\":\"%d\",\"is_mine\":true,\"is_current\":"
		        "false}",
		        i);
		ck_assert_str_eq(msgc_buf_c(&message), want);
	}
	msgc__memory_free(a);
	msgc__memory_free(b);
	msgc_buf_free(&message);
	finish();
}
END_TEST

static atomic_int ticks;
static void tick(struct msgc_server *server, void *arg)
{
	(void)arg;
	atomic_fetch_add(&ticks, 1);
	if (atomic_load(&ticks) < 3)
		ck_assert_int_eq(msgc_server_after(server, 5, tick, NULL), 0);
}

static int job(void *arg)
{
	(void)arg;
	return 1;
}
static atomic_int ends;
static void job_end(struct msgc_server *server, void *arg, int result)
{
	(void)server, (void)arg;
	atomic_fetch_add(&ends, result);
}

START_TEST(tasks_jobs_and_timers_come_from_any_thread)
{
	world_make("--workers=2", NULL);
	start();
	ck_assert_int_eq(msgc_server_after(world->server, 1, tick, NULL), 0);
	for (int i = 0; i < 10; i++)
		ck_assert_int_eq(msgc_server_submit(world->server, job, job_end, NULL), 0);
	for (int i = 0; i < WAIT_MS && atomic_load(&ticks) + atomic_load(&ends) < 13; i++)
		ck_assert_int_eq(usleep(1000), 0);
	finish();
	ck_assert_int_eq(atomic_load(&ticks), 3);
	ck_assert_int_eq(atomic_load(&ends), 10);
}
END_TEST

START_TEST(a_stop_from_another_thread_drains_clients_that_are_talking)
{
	client *c[4];

	world_make("--workers=2", NULL);
	start();
	for (unsigned i = 0; i < 4; i++) {
		c[i] = connect_to(i % 2);
		for (int k = 0; k < 50; k++)
			msgc__memory_send(c[i], "{\"action\":\"store\",\"payload\":\"x\"}", 32);
	}
	finish();
	for (unsigned i = 0; i < 4; i++)
		msgc__memory_free(c[i]);
	ck_assert_int_eq(atomic_load(&arrivals), atomic_load(&farewells));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        two_workers_a_pool_and_publishers_do_not_disturb_each_other,
	        a_group_spans_workers_and_keeps_each_publishers_order,
	        tasks_jobs_and_timers_come_from_any_thread,
	        a_stop_from_another_thread_drains_clients_that_are_talking,
	        NULL,
	};

	return hall_main("server threads", tests);
}
