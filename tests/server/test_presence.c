/* SPDX-License-Identifier: MIT */
/*
 * Presence to the millisecond: windows, lines that are waited for, what a large group costs, tellings that fail, and backends that take their time.
 */
#include "hall.h"

#include <stdio.h>

static const enum msgc_auth_kind by_session_or_nobody[] = {MSGC_AUTH_SESSION, MSGC_AUTH_ANONYMOUS};

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret)
{
	(void)app, (void)lookup;
	ret->id = cookie;
	return 0;
}

static int join_crowd(struct hall *hall)
{
	return hall_attend(hall, "crowd");
}

static int greet(struct hall *hall)
{
	return hall_send(hall, &hello_message, "welcome");
}

/* "+name" joins, "-name" leaves. */
static int move(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)reply;
	return in->payload.ptr[0] == '+' ? hall_attend(hall, in->payload.ptr + 1)
	                                 : hall_leave(hall, in->payload.ptr + 1);
}

static void start(void)
{
	msgc_server_use_sessions(world->server, "session", find_session, NULL);
	world->consumer.auth = by_session_or_nobody;
	world->consumer.auth_count = 2;
	world->handlers.joins = join_crowd;
	world->handlers.store = move;
	world_start();
}

static client *come(const char *name)
{
	char cookie[128];
	client *c;

	snprintf(cookie, sizeof cookie, "session=%s", name);
	c = visit("/ws/hall/7", "origin", "http://hall.example", "cookie", cookie, NULL);
	expect(c, AUTHENTICATED);
	return c;
}

static void pass(int64_t ms)
{
	msgc__memory_advance(&world->memory, ms);
}

#define USER(name) "{\"id\":\"session:" name "\",\"connections\":1,\"info\":null}"
#define GONE(name) "{\"id\":\"session:" name "\",\"connections\":0,\"info\":null}"
#define STATE(users, count)                                                                        \
	"{\"action\":\"presence_state\",\"payload\":{\"group\":\"crowd\",\"users\":[" users        \
	"],\"count\":" count "}}"
#define COUNT(count)                                                                               \
	"{\"action\":\"presence_state\",\"payload\":{\"group\":\"crowd\",\"count\":" count "}}"
#define DIFF(joins, leaves, count)                                                                 \
	"{\"action\":\"presence_diff\",\"payload\":{\"group\":\"crowd\",\"joins\":[" joins         \
	"],\"leaves\":[" leaves "],\"count\":" count "}}"

/* ---------------------------------------------------------------------------------------------- windows */

START_TEST(what_happens_within_a_window_is_told_together)
{
	client *a, *b, *c;

	world_make("--presence-window=1s", NULL);
	start();
	a = come("a");
	expect(a, STATE(USER("a"), "1"));
	pass(5000);
	b = come("b"); /* it has been quiet: at once */
	expect(b, STATE(USER("a") "," USER("b"), "2"));
	expect(a, DIFF(USER("b"), "", "2"));
	pass(10);
	c = come("c");
	expect(c, STATE(USER("a") "," USER("b") "," USER("c"), "3"));
	leave(b);
	pass(980);
	expect_nothing(a);
	pass(10);
	expect(a, DIFF(USER("c"), GONE("b"), "2"));
	/* Who came after the leave was shown the list without him, and is told nevertheless: it does no harm. */
	expect(c, DIFF(USER("c"), GONE("b"), "2"));
	pass(10000);
	expect_nothing(a);
	expect_nothing(c);
	world_end();
}
END_TEST

START_TEST(what_came_and_went_within_a_window_is_not_told)
{
	client *a, *b;

	world_make("--presence-window=1s", NULL);
	start();
	a = come("a");
	expect(a, STATE(USER("a"), "1"));
	for (int i = 0; i < 10; i++) {
		b = come("b");
		leave(b);
		pass(50);
	}
	pass(5000);
	expect_nothing(a);
	world_end();
}
END_TEST

START_TEST(a_broken_line_is_waited_for_to_the_millisecond)
{
	client *a, *b;

	world_make("--presence-window=0", "--presence-linger=5s", NULL);
	start();
	a = come("a");
	expect(a, STATE(USER("a"), "1"));
	b = come("b");
	pass(10);
	expect(a, DIFF(USER("b"), "", "2"));
	msgc__memory_drop(b);
	world_pump();
	pass(4999);
	b = come("b");
	pass(10);
	expect_nothing(a);
	msgc__memory_drop(b);
	world_pump();
	pass(4999);
	expect_nothing(a);
	pass(1);
	expect(a, DIFF("", GONE("b"), "1"));
	world_end();
}
END_TEST

START_TEST(who_is_sent_away_for_good_is_not_waited_for)
{
	client *a, *b;

	world_make("--presence-window=0", NULL);
	start();
	a = come("a");
	expect(a, STATE(USER("a"), "1"));
	b = come("b");
	pass(10);
	expect(a, DIFF(USER("b"), "", "2"));
	ck_assert_int_eq(msgc_server_revoke(world->server, MSGC_STR("session"), MSGC_STR("b")), 0);
	world_pump();
	pass(10);
	expect(a, DIFF("", GONE("b"), "1"));
	expect(b, STATE(USER("a") "," USER("b"), "2"));
	expect_closed(b, 4410);
	world_end();
}
END_TEST

/* ------------------------------------------------------------------------------------------ large groups */

static uint64_t frames_out(void)
{
	return msgc__counter_get(&world->server->workers[0]->metrics.consumers[0].frames_out);
}

static void drain_inbox(client *c)
{
	while (msgc__memory_receive(c, NULL, 0))
		;
}

START_TEST(a_join_to_a_large_group_costs_two_frames)
{
	enum { MEMBERS = 10000, MORE = 100 };
	client *c, *first;
	char name[32];
	uint64_t before;

	world_make("--max-connections=20000", NULL);
	start();
	first = come("first");
	for (int i = 1; i < MEMBERS; i++) {
		snprintf(name, sizeof name, "guest%d", i);
		drain_inbox(come(name));
	}
	drain_inbox(first);
	pass(30000);
	expect(first, COUNT("10000"));
	before = frames_out();
	for (int i = 0; i < MORE; i++) {
		snprintf(name, sizeof name, "more%d", i);
		c = come(name);
		expect_begin(c,
		        "{\"action\":\"presence_state\",\"payload\":{\"group\":\"crowd\",\"count\":"
		        "10");
	}
	/* The first of them is told at once, for it has been quiet; then not for a millisecond for each member. */
	ck_assert_uint_le(frames_out() - before, 2 * MORE + MEMBERS + 1);
	drain_inbox(first);
	before = frames_out();
	pass(9000);
	ck_assert_uint_eq(frames_out(), before);
	pass(2000);
	ck_assert_uint_eq(frames_out() - before, MEMBERS + MORE - 1); /* the last one knows it */
	expect(first, COUNT("10100"));
	world_end();
}
END_TEST

START_TEST(lists_come_back_with_some_room)
{
	client *a, *b, *c, *d;

	world_make("--presence-window=0", "--presence-limit=3", NULL);
	start();
	a = come("a");
	b = come("b");
	c = come("c");
	d = come("d");
	pass(100);
	drain_inbox(a);
	leave(d);
	pass(100);
	expect(a, COUNT("3")); /* at the limit: not yet */
	leave(c);
	pass(100);
	expect(a, STATE(USER("a") "," USER("b"), "2"));
	leave(b);
	pass(100);
	expect(a, DIFF("", GONE("b"), "1"));
	world_end();
}
END_TEST

/* A count that was shown before the others heard of it: if the group shrinks meanwhile, that client gets its list all the same. */
START_TEST(who_has_seen_a_count_gets_a_list)
{
	client *a, *b, *c;

	world_make("--presence-window=10s", "--presence-limit=2", NULL);
	start();
	a = come("a");
	expect(a, STATE(USER("a"), "1"));
	b = come("b");
	expect(b, STATE(USER("a") "," USER("b"), "2"));
	c = come("c");
	expect(c, COUNT("3"));
	leave(b);
	pass(10000);
	expect(c, STATE(USER("a") "," USER("c"), "2"));
	expect(a, STATE(USER("a") "," USER("c"), "2"));
	world_end();
}
END_TEST

START_TEST(a_list_that_would_fill_a_small_outbox_is_left_out)
{
	client *a;

	world_make("--presence-window=0", NULL);
	world->consumer.outbox_limit = 256;
	start();
	a = come("a-name-that-is-longer-than-names-are-wont-to-be-and-longer");
	expect(a, COUNT("1"));
	world_end();
}
END_TEST

/* ------------------------------------------------------------------------------------- failures, delays */

static struct msgc__backend *beneath;
static int failing; /* publishes that fail */
static bool holding;
static struct held {
	msgc__roster_fn *done;
	void *arg;
	struct msgc__worker *worker;
	char id[32], group[32];
	uint64_t process, connection;
} held[8];
static unsigned held_count;

static int failing_publish(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc__publication *publication, msgc__published_fn *done, void *arg)
{
	(void)backend;
	if (failing > 0 && publication->roster_to > 0) {
		failing--;
		return MSGC_EBUSY;
	}
	return beneath->ops->publish(beneath, worker, publication, done, arg);
}

static int slow_attend(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc_str group, const struct msgc__attendee *who,
        const struct msgc__roster_policy *policy, msgc__roster_fn *done, void *arg)
{
	struct held *h = &held[held_count];

	(void)backend;
	if (!holding)
		return beneath->ops->attend(beneath, worker, group, who, policy, done, arg);
	held_count++;
	*h = (struct held){
	        done, arg, worker, .process = who->process, .connection = who->connection};
	snprintf(h->id, sizeof h->id, "%.*s", (int)who->id.len, who->id.ptr);
	snprintf(h->group, sizeof h->group, "%.*s", (int)group.len, group.ptr);
	return 0;
}

static void let_go(unsigned i, int result)
{
	struct msgc__roster_policy policy = {.limit = 100, .bytes = 100000};
	struct msgc__attendee who = {.id = text(held[i].id),
	        .info = text(""),
	        .process = held[i].process,
	        .connection = held[i].connection};

	if (result < 0)
		held[i].done(held[i].arg, result, NULL);
	else
		(void)beneath->ops->attend(beneath, held[i].worker, text(held[i].group), &who,
		        &policy, held[i].done, held[i].arg);
	world_pump();
}

#define PASS_ON(name, params, args)                                                                \
	static int pass_##name params                                                              \
	{                                                                                          \
		(void)backend;                                                                     \
		return beneath->ops->name args;                                                    \
	}
PASS_ON(join,
        (struct msgc__backend * backend, struct msgc__worker *worker, struct msgc_str group,
                msgc__done_fn *done, void *arg),
        (beneath, worker, group, done, arg))
PASS_ON(leave,
        (struct msgc__backend * backend, struct msgc__worker *worker, struct msgc_str group,
                msgc__done_fn *done, void *arg),
        (beneath, worker, group, done, arg))
PASS_ON(depart,
        (struct msgc__backend * backend, struct msgc__worker *worker, struct msgc_str group,
                const struct msgc__attendee *who, int64_t linger_ms,
                const struct msgc__roster_policy *policy, msgc__departed_fn *done, void *arg),
        (beneath, worker, group, who, linger_ms, policy, done, arg))
PASS_ON(roster,
        (struct msgc__backend * backend, struct msgc__worker *worker, struct msgc_str group,
                const struct msgc__roster_policy *policy, size_t most, msgc__roster_fn *done,
                void *arg),
        (beneath, worker, group, policy, most, done, arg))
PASS_ON(changes,
        (struct msgc__backend * backend, struct msgc__worker *worker, struct msgc_str group,
                const struct msgc__roster_policy *policy, msgc__changes_fn *done, void *arg),
        (beneath, worker, group, policy, done, arg))

PASS_ON(get,
        (struct msgc__backend * backend, struct msgc__worker *worker, struct msgc_str key,
                msgc__value_fn *done, void *arg),
        (beneath, worker, key, done, arg))

static void free_between(struct msgc__backend *backend)
{
	beneath->ops->free(beneath);
	free(backend);
}

static void stand_between(void)
{
	static const struct msgc__backend_ops ops = {.name = "between",
	        .publish = failing_publish,
	        .join = pass_join,
	        .leave = pass_leave,
	        .attend = slow_attend,
	        .depart = pass_depart,
	        .roster = pass_roster,
	        .changes = pass_changes,
	        .get = pass_get,
	        .free = free_between};
	struct msgc__backend *between = calloc(1, sizeof *between);

	between->ops = &ops;
	beneath = world->server->backend;
	world->server->backend = between;
	failing = 0;
	holding = false;
	held_count = 0;
}

START_TEST(a_telling_that_fails_is_made_good)
{
	client *a, *b;

	world_make("--presence-window=0", NULL);
	start();
	stand_between();
	a = come("a");
	expect(a, STATE(USER("a"), "1"));
	pass(100);
	failing = 1;
	b = come("b");
	expect(b, STATE(USER("a") "," USER("b"), "2"));
	pass(50);
	expect_nothing(a);
	pass(100);
	expect(a, STATE(USER("a") "," USER("b"), "2")); /* it has missed something: all of it */
	expect_nothing(b);                              /* knows it */
	failing = 3;
	leave(b);
	pass(250);
	expect_nothing(a);
	pass(300);
	expect(a, STATE(USER("a"), "1"));
	/* Somebody else may come before it is made good. */
	failing = 1;
	b = come("b");
	pass(20);
	(void)come("c");
	pass(10);
	expect(a, STATE(USER("a") "," USER("b") "," USER("c"), "3"));
	pass(1000);
	expect_nothing(a);
	world_end();
}
END_TEST

START_TEST(the_hook_waits_for_the_roster)
{
	client *a, *b;

	world_make("--presence-window=0", NULL);
	world->handlers.connected = greet;
	start();
	stand_between();
	holding = true;
	a = come("a");
	expect_nothing(a);
	tell(a, "{\"action\":\"ping\"}");
	expect_nothing(a);
	let_go(0, 0);
	expect(a, STATE(USER("a"), "1"));
	expect_begin(a, "{\"action\":\"hello\"");
	expect(a, "{\"action\":\"pong\"}");
	/* It may go meanwhile, and it may fail. */
	b = come("b");
	msgc__memory_drop(b);
	world_pump();
	let_go(1, 0);
	b = come("c");
	let_go(2, MSGC_EIO);
	expect_closed(b, 1013);
	world_end();
}
END_TEST

START_TEST(what_is_told_before_the_state_has_come_is_not_missed)
{
	client *a, *b, *c;

	world_make("--presence-window=0", NULL);
	start();
	stand_between();
	a = come("a");
	expect(a, STATE(USER("a"), "1"));
	holding = true;
	b = come("b");
	holding = false;
	c = come("c");
	pass(100);
	expect(a, DIFF(USER("c"), "", "2"));
	let_go(0, 0);
	expect(b, STATE(USER("a") "," USER("c") "," USER("b"), "3"));
	pass(100);
	expect(a, DIFF(USER("b"), "", "3"));
	expect_nothing(b);
	leave(c);
	pass(100);
	expect(b, DIFF("", GONE("c"), "2"));
	world_end();
}
END_TEST

START_TEST(a_group_is_left_before_its_seat_is_taken)
{
	client *a;

	world_make("--presence-window=0", NULL);
	start();
	stand_between();
	a = come("a");
	expect(a, STATE(USER("a"), "1"));
	holding = true;
	tell(a, "{\"action\":\"store\",\"payload\":\"+more\"}");
	tell(a, "{\"action\":\"store\",\"payload\":\"-more\"}");
	let_go(0, 0); /* nobody waits for it any more */
	holding = false;
	tell(a, "{\"action\":\"store\",\"payload\":\"+more\"}");
	expect_begin(a, "{\"action\":\"presence_state\",\"payload\":{\"group\":\"more\"");
	world_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        what_happens_within_a_window_is_told_together,
	        what_came_and_went_within_a_window_is_not_told,
	        a_broken_line_is_waited_for_to_the_millisecond,
	        who_is_sent_away_for_good_is_not_waited_for,
	        a_join_to_a_large_group_costs_two_frames,
	        lists_come_back_with_some_room,
	        who_has_seen_a_count_gets_a_list,
	        a_list_that_would_fill_a_small_outbox_is_left_out,
	        a_telling_that_fails_is_made_good,
	        the_hook_waits_for_the_roster,
	        what_is_told_before_the_state_has_come_is_not_missed,
	        a_group_is_left_before_its_seat_is_taken,
	        NULL,
	};

	return hall_main("server presence", tests);
}
