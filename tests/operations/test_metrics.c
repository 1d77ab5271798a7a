/* SPDX-License-Identifier: MIT */
/*
 * What is counted, seen through the administrative listener of a server that is driven by hand: each count has its cause here.
 */
#include "hall.h"

#include <stdio.h>

#include "../../runtime/transport/memory.h"

static struct msgc_buf page;

static int ask(const char *path)
{
	struct msgc__request request = {
	        .method = "GET", .path = text(path), .query = text(""), .address = "127.0.0.1"};
	client *c = msgc__memory_request(world->server, 0, &request, true, text(""));
	struct msgc__memory_state state;
	struct msgc_buf headers;

	world_pump();
	msgc_buf_init(&headers, 0);
	msgc_buf_reset(&page);
	ck_assert(msgc__memory_response(c, &headers, &page, 0));
	msgc_buf_free(&headers);
	msgc__memory_look(c, &state);
	msgc__memory_free(c);
	ck_assert_ptr_nonnull(msgc_buf_c(&page));
	return state.status;
}

/* The value of a sample by its whole name; -1: it is not there. */
static double sample(const char *name)
{
	size_t len = strlen(name);

	ck_assert_int_eq(ask("/metrics"), 200);
	for (const char *line = msgc_buf_c(&page); line && *line;
	        line = strchr(line, '\n'), line += line != NULL) {
		if (strncmp(line, name, len) == 0 && line[len] == ' ')
			return strtod(line + len, NULL);
	}
	return -1;
}

#define HERE          "{contract=\"tests\",consumer=\"hall\""
#define OF(name, ...) name HERE __VA_ARGS__ "}"

static int anna(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret)
{
	(void)app;
	(void)lookup;
	if (!msgc_str_equal(cookie, text("anna")))
		return MSGC_EUNAUTHENTICATED;
	ret->id = text("anna");
	return 0;
}

START_TEST(connections_frames_and_bytes)
{
	client *c;

	world_make("--admin-port=0", NULL);
	world_start();
	ck_assert_double_eq(sample(OF("msgc_connections")), 0);
	c = enter();
	ck_assert_double_eq(sample(OF("msgc_connections")), 1);
	ck_assert_double_eq(sample(OF("msgc_connections_opened_total")), 1);
	ck_assert_double_eq(sample(OF("msgc_authentications_total", ",result=\"ok\"")), 1);
	ck_assert_double_eq(sample(OF("msgc_frames_sent_total")), 1);
	ck_assert_double_eq(
	        sample(OF("msgc_sent_bytes_total")), (double)(sizeof(AUTHENTICATED) - 1 + 2));
	tell(c, "{\"action\":\"ping\"}");
	expect(c, "{\"action\":\"pong\"}");
	ck_assert_double_eq(sample(OF("msgc_frames_received_total")), 1);
	ck_assert_double_eq(sample(OF("msgc_received_bytes_total")), 17);
	ck_assert_double_eq(sample(OF("msgc_messages_received_total", ",action=\"ping\"")), 1);
	ck_assert_double_eq(sample(OF("msgc_messages_received_total", ",action=\"say\"")), 0);
	leave(c);
	ck_assert_double_eq(sample(OF("msgc_connections")), 0);
	ck_assert_double_ge(sample(OF("msgc_connections_closed_total", ",code=\"1000\"")), 1);
	world_end();
}
END_TEST

START_TEST(refused_handshakes_and_credentials)
{
	static const enum msgc_auth_kind by_session[] = {MSGC_AUTH_SESSION};

	world_make("--admin-port=0", NULL);
	msgc_server_use_sessions(world->server, "session", anna, NULL);
	world->consumer.auth = by_session;
	world->consumer.auth_count = 1;
	world_start();
	visit("/nowhere", NULL);
	visit("/ws/hall/x", NULL);
	ck_assert_double_eq(sample("msgc_handshakes_refused_total{code=\"404\"}"), 2);
	visit("/ws/hall/1", "origin", "http://hall.example", "cookie", "session=berta", NULL);
	visit("/ws/hall/1", "origin", "http://hall.example", "cookie", "session=anna", NULL);
	ck_assert_double_eq(
	        sample(OF("msgc_credentials_total", ",kind=\"session\",result=\"refused\"")), 1);
	ck_assert_double_eq(
	        sample(OF("msgc_credentials_total", ",kind=\"session\",result=\"ok\"")), 1);
	ck_assert_double_eq(
	        sample(OF("msgc_authentications_total", ",result=\"unauthenticated\"")), 1);
	ck_assert_double_eq(sample(OF("msgc_connections_closed_total", ",code=\"4401\"")), 1);
	world_end();
}
END_TEST

static int say_no(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)reply;
	if (in->payload.len == 0)
		return msgc_refuse(hall->connection, "no");
	return MSGC_EIO;
}

START_TEST(errors_by_reason)
{
	client *c;

	world_make("--admin-port=0", NULL);
	world->handlers.say = say_no;
	world_start();
	c = enter();
	tell(c, "{");
	tell(c, "{\"action\":\"nothing\"}");
	tell(c, "{\"action\":\"say\",\"payload\":\"\"}");
	tell(c, "{\"action\":\"say\",\"payload\":\"x\"}");
	ck_assert_double_eq(sample(OF("msgc_errors_told_total", ",reason=\"invalid\"")), 2);
	ck_assert_double_eq(sample(OF("msgc_errors_told_total", ",reason=\"refused\"")), 1);
	ck_assert_double_eq(sample(OF("msgc_errors_told_total", ",reason=\"handler_failed\"")), 1);
	ck_assert_double_eq(sample(OF("msgc_handler_duration_seconds_count",
	                            ",kind=\"action\",handler=\"say\"")),
	        2);
	ck_assert_double_eq(sample(OF("msgc_handler_duration_seconds_count",
	                            ",kind=\"hook\",handler=\"connected\"")),
	        1);
	world_end();
}
END_TEST

START_TEST(a_rate_is_counted_by_its_scope)
{
	client *c;

	world_make("--admin-port=0", NULL);
	world->consumer.rate = (struct msgc_rate){.tokens = 3, .per_ms = 60000};
	world_start();
	c = enter();
	for (int i = 0; i < 5; i++)
		tell(c, "{\"action\":\"say\",\"payload\":\"\"}");
	ck_assert_double_eq(sample(OF("msgc_rate_limited_total", ",scope=\"connection\"")), 2);
	ck_assert_double_eq(sample(OF("msgc_rate_limited_total", ",scope=\"action\"")), 0);
	ck_assert_double_eq(sample(OF("msgc_errors_told_total", ",reason=\"rate_limited\"")), 2);
	world_end();
}
END_TEST

static int join_room(struct hall *hall)
{
	return hall_join(hall, "room");
}

START_TEST(groups_and_publications)
{
	client *a, *b;

	world_make("--admin-port=0", NULL);
	world->handlers.joins = join_room;
	world_start();
	a = enter();
	b = enter();
	ck_assert_double_eq(sample("msgc_groups"), 1);
	ck_assert_double_eq(sample("msgc_memberships"), 2);
	ck_assert_int_eq(
	        hall_publish(world->server, "room", &shout_message, NULL, "hi", MSGC_TO_ALL), 0);
	world_pump();
	ck_assert_double_eq(sample("msgc_publications_total{source=\"task\",kind=\"message\"}") +
	                sample("msgc_publications_total{source=\"thread\",kind=\"message\"}"),
	        1);
	ck_assert_double_eq(sample("msgc_deliveries_total"), 2);
	leave(a);
	leave(b);
	ck_assert_double_eq(sample("msgc_groups"), 0);
	ck_assert_double_eq(sample("msgc_memberships"), 0);
	world_end();
}
END_TEST

START_TEST(a_slow_reader_is_seen)
{
	client *c;

	world_make("--admin-port=0", "--outbox-limit=64KiB", NULL);
	world->handlers.joins = join_room;
	world_start();
	c = enter();
	msgc__memory_window(c, 0);
	for (int i = 0; i < 100; i++)
		hall_publish(world->server, "room", &shout_message, NULL, "hello", MSGC_TO_ALL);
	world_pump();
	ck_assert_double_gt(sample("msgc_outbox_bytes"), 1000);
	for (int i = 0; i < 2000; i++)
		hall_publish(world->server, "room", &shout_message, NULL, "hello", MSGC_TO_ALL);
	world_pump();
	ck_assert_double_eq(sample(OF("msgc_slow_readers_closed_total")), 1);
	ck_assert_double_eq(sample("msgc_outbox_bytes"), 0);
	ck_assert_double_gt(sample("msgc_outbox_high_water_bytes"), 60 * 1024);
	ck_assert_double_le(sample("msgc_outbox_high_water_bytes"), 64 * 1024);
	world_end();
}
END_TEST

static struct hall_pending *kept;
static int store_later(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)in;
	(void)reply;
	return hall_store_defer(hall, NULL, &kept);
}

START_TEST(what_waits_and_what_is_answered_later)
{
	client *c;

	world_make("--admin-port=0", NULL);
	world->handlers.store = store_later;
	world_start();
	c = enter();
	tell(c, "{\"action\":\"store\",\"payload\":\"x\"}");
	tell(c, "{\"action\":\"say\",\"payload\":\"x\"}");
	tell(c, "{\"action\":\"say\",\"payload\":\"x\"}");
	ck_assert_double_eq(sample("msgc_later_frames"), 1);
	ck_assert_double_eq(sample("msgc_waiting_frames"), 2);
	msgc_pending_finish(kept->pending, MSGC_OK);
	world_pump();
	ck_assert_double_eq(sample("msgc_later_frames"), 0);
	ck_assert_double_eq(sample("msgc_waiting_frames"), 0);
	world_end();
}
END_TEST

static int work(void *arg)
{
	(void)arg;
	return 0;
}

START_TEST(the_pool_and_its_queue)
{
	world_make("--admin-port=0", "--pool-queue=2", NULL);
	world_start();
	ck_assert_int_eq(msgc_server_submit(world->server, work, NULL, NULL), 0);
	ck_assert_int_eq(msgc_server_submit(world->server, work, NULL, NULL), 0);
	ck_assert_int_eq(msgc_server_submit(world->server, work, NULL, NULL), MSGC_EBUSY);
	world_pump();
	ck_assert_double_eq(sample("msgc_pool_jobs_total"), 2);
	ck_assert_double_eq(sample("msgc_pool_refused_total"), 1);
	ck_assert_double_eq(sample("msgc_pool_queue_length"), 0);
	ck_assert_double_eq(sample("msgc_http_exchanges"), 1);
	ck_assert_double_eq(sample("msgc_http_responses_total{code=\"200\"}"), 4);
	world_end();
}
END_TEST

START_TEST(labels_are_escaped)
{
	struct msgc_message odd = say_message;

	world_make("--admin-port=0", NULL);
	odd.name = "a\"b\\c\nd";
	odd.name_len = 7;
	world->actions[0].message = &odd;
	world_start();
	ck_assert_double_eq(
	        sample(OF("msgc_messages_received_total", ",action=\"a\\\"b\\\\c\\nd\"")), 0);
	world_end();
}
END_TEST

START_TEST(readiness_ends_with_the_drain)
{
	client *c;

	world_make("--admin-port=0", NULL);
	world->handlers.store = store_later;
	world_start();
	c = enter();
	atomic_fetch_sub(&world->server->serving, 1); /* as if a worker were still starting */
	ck_assert_int_eq(ask("/readyz"), 503);
	ck_assert_ptr_nonnull(strstr(page.data, "starting"));
	atomic_fetch_add(&world->server->serving, 1);
	ck_assert_int_eq(ask("/readyz"), 200);
	ck_assert_int_eq(ask("/healthz"), 200);
	tell(c, "{\"action\":\"store\",\"payload\":\"x\"}"); /* keeps the drain waiting */
	msgc_server_stop(world->server);
	world_pump();
	ck_assert_int_eq(ask("/readyz"), 503);
	ck_assert_ptr_nonnull(strstr(page.data, "draining"));
	ck_assert_int_eq(ask("/healthz"), 503);
	ck_assert_double_eq(sample("msgc_draining"), 1);
	msgc_pending_finish(kept->pending, MSGC_OK);
	world_pump();
	world_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {connections_frames_and_bytes,
	        refused_handshakes_and_credentials, errors_by_reason,
	        a_rate_is_counted_by_its_scope, groups_and_publications, a_slow_reader_is_seen,
	        what_waits_and_what_is_answered_later, the_pool_and_its_queue, labels_are_escaped,
	        readiness_ends_with_the_drain, NULL};

	return hall_main("metrics", tests);
}
