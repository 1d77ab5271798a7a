/* SPDX-License-Identifier: MIT */
/*
 * Presence as clients see it: over sockets and in memory, with one worker and with two. What a client has been told, put together, is who is
 * there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "model.h"
#include "program.h"

static struct msgc_test *test;

enum { ARGUMENTS_MOST = 8 };

static void start_with(int i, const char *first, const char *second)
{
	const char *arguments[ARGUMENTS_MOST] = {i < 2 ? "--workers=1" : "--workers=2",
	        "--presence-window=0", first, first ? second : NULL, NULL};

	test = msgc_test_start(
	        i % 2 == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, presence_make, NULL, arguments);
}

static void start(int i)
{
	start_with(i, NULL, NULL);
}

static struct msgc_test_client *enter(const char *name, const char *target)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(test);
	struct msgc_test_client *client;

	if (name)
		msgc_test_set_cookie(browser, "sid", name);
	client = msgc_test_connect(browser, target);
	msgc_test_wait_for_auth(client);
	return client;
}

/* Somebody with a list of his own. */
struct guest {
	struct msgc_test_client *client;
	struct model model;
};

static struct guest come(const char *name, const char *target, const char *sees)
{
	struct guest guest = {.client = enter(name, target)};

	model_await(&guest.model, guest.client, sees);
	ck_assert_uint_eq(guest.model.states, 1);
	return guest;
}

static void sees(struct guest *guest, const char *text)
{
	model_await(&guest->model, guest->client, text);
}

START_TEST(whoever_comes_sees_who_is_there_and_the_others_see_him)
{
	struct guest ada, bob;

	start(_i);
	ada = come("ada", "/room/a/", "session:ada");
	ck_assert_str_eq(
	        model_info(&ada.model, "session:ada"), "{\"name\":\"ada\",\"mood\":\"a\"}");
	bob = come("bob", "/room/a/", "session:ada session:bob");
	sees(&ada, "session:ada session:bob");
	(void)come("cat", "/room/b/", "session:cat");
	msgc_test_close(bob.client, 1000);
	sees(&ada, "session:ada");
	ck_assert_uint_eq(ada.model.diffs, 2);
	msgc_test_assert_silent(ada.client);
	msgc_test_stop(test);
}
END_TEST

START_TEST(connections_of_one_user_count_once)
{
	struct guest ada, bob, again;

	start(_i);
	ada = come("ada", "/room/a/", "session:ada");
	bob = come("bob", "/room/a/", "session:ada session:bob");
	again = come("bob", "/room/a/", "session:ada session:bob*2");
	sees(&ada, "session:ada session:bob*2");
	ck_assert_uint_eq(ada.model.told, 2);
	msgc_test_close(bob.client, 1000);
	sees(&ada, "session:ada session:bob");
	msgc_test_close(again.client, 1000);
	sees(&ada, "session:ada");
	msgc_test_stop(test);
}
END_TEST

START_TEST(anonymous_connections_are_somebody_each)
{
	struct guest ada;
	struct msgc_test_client *one;

	start(_i);
	ada = come("ada", "/room/a/", "session:ada");
	one = enter(NULL, "/room/a/");
	(void)enter(NULL, "/room/a/");
	while (ada.model.told < 3)
		model_take(&ada.model, msgc_test_receive(ada.client));
	msgc_test_close(one, 1000);
	while (ada.model.told > 2)
		model_take(&ada.model, msgc_test_receive(ada.client));
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_roster_without_entries_shows_who_is_there)
{
	struct guest ada, bob;

	start(_i);
	ada = come("ada", "/house/", "session:ada");
	ck_assert_str_eq(model_info(&ada.model, "session:ada"), "null");
	bob = come("bob", "/house/", "session:ada session:bob");
	sees(&ada, "session:ada session:bob");
	msgc_test_close(bob.client, 1000);
	sees(&ada, "session:ada");
	msgc_test_stop(test);
}
END_TEST

/* ------------------------------------------------------------------------------------------------ lines */

/* Until the server has seen that the others have gone: what a client does to its line arrives there later, on a worker of its own. */
static void wait_for_present(int count)
{
	const struct msgc_test_response *metrics;
	char line[64];
	bool is_so = false;

	snprintf(line, sizeof(line), "\nmsgc_presence_connections %d\n", count);
	for (int i = 0; i < 5000 && !is_so; i++) {
		metrics = msgc_test_admin_get(msgc_test_browser_new(test), "/metrics");
		is_so = strstr(metrics->body.ptr, line) != NULL;
	}
	ck_assert_msg(is_so, "there are never so many: %s", line);
}

START_TEST(a_broken_line_is_waited_for)
{
	struct guest ada, bob;

	start_with(_i, "--presence-linger=1m", NULL);
	ada = come("ada", "/room/a/", "session:ada");
	bob = come("bob", "/room/a/", "session:ada session:bob");
	sees(&ada, "session:ada session:bob");
	msgc_test_drop(bob.client);
	wait_for_present(1);
	msgc_test_assert_silent(ada.client);
	bob = come("bob", "/room/a/", "session:ada session:bob");
	msgc_test_assert_silent(ada.client);
	msgc_test_advance(test, 61000); /* the first line's time is over, too */
	msgc_test_assert_silent(ada.client);
	msgc_test_drop(bob.client);
	wait_for_present(1);
	msgc_test_advance(test, 61000);
	sees(&ada, "session:ada");
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_page_that_is_loaded_anew_is_no_news)
{
	struct guest ada, bob;

	start_with(_i, "--presence-linger=1m", NULL);
	ada = come("ada", "/room/a/", "session:ada");
	bob = come("bob", "/room/a/", "session:ada session:bob");
	sees(&ada, "session:ada session:bob");
	msgc_test_close(bob.client, 1001);
	wait_for_present(1);
	(void)come("bob", "/room/a/", "session:ada session:bob");
	msgc_test_assert_silent(ada.client);
	msgc_test_stop(test);
}
END_TEST

START_TEST(anonymous_lines_are_not_waited_for)
{
	struct guest ada;
	struct msgc_test_client *nobody;

	start(_i);
	ada = come("ada", "/room/a/", "session:ada");
	nobody = enter(NULL, "/room/a/");
	while (ada.model.told < 2)
		model_take(&ada.model, msgc_test_receive(ada.client));
	msgc_test_drop(nobody);
	sees(&ada, "session:ada");
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_crowd_that_comes_back_is_no_storm)
{
	enum { CROWD = 40 };
	struct msgc_test_client *crowd[CROWD];
	struct guest ada;
	unsigned diffs;
	char name[16];

	start_with(_i, "--presence-linger=1h", "--presence-window=1s");
	ada = come("ada", "/room/a/", "session:ada");
	for (int i = 0; i < CROWD; i++) {
		snprintf(name, sizeof name, "guest%d", i);
		crowd[i] = enter(name, "/room/a/");
	}
	while (ada.model.told < CROWD + 1)
		model_take(&ada.model, msgc_test_receive(ada.client));
	diffs = ada.model.diffs;
	for (int i = 0; i < CROWD; i++)
		msgc_test_drop(crowd[i]);
	wait_for_present(1);
	msgc_test_assert_silent(ada.client);
	for (int i = 0; i < CROWD; i++) {
		snprintf(name, sizeof name, "guest%d", i);
		crowd[i] = enter(name, "/room/a/");
	}
	msgc_test_set_idle(test, 1500);
	msgc_test_assert_silent(ada.client);
	ck_assert_uint_eq(ada.model.diffs, diffs);
	for (int i = 0; i < CROWD; i++)
		msgc_test_close(crowd[i], 1000);
	sees(&ada, "session:ada");
	ck_assert_uint_lt(ada.model.diffs - diffs, CROWD); /* together, not one by one */
	msgc_test_stop(test);
}
END_TEST

/* ---------------------------------------------------------------------------------------------- entries */

START_TEST(an_entry_can_change)
{
	struct guest ada, bob;
	struct msgc_test_client *other;

	start(_i);
	ada = come("ada", "/room/a/", "session:ada");
	bob = come("bob", "/room/a/", "session:ada session:bob");
	sees(&ada, "session:ada session:bob");
	other = enter("bob", "/room/a/");
	sees(&ada, "session:ada session:bob*2");
	msgc_test_send(bob.client, "{\"action\":\"feel\",\"payload\":\"glad\"}");
	while (!strstr(model_info(&ada.model, "session:bob"), "glad"))
		model_take(&ada.model, msgc_test_receive(ada.client));
	/* Who has said it last and is still there is shown. */
	msgc_test_close(bob.client, 1000);
	sees(&ada, "session:ada session:bob");
	ck_assert_ptr_null(strstr(model_info(&ada.model, "session:bob"), "glad"));
	msgc_test_expect(other, "presence_state");
	msgc_test_send(other, "{\"action\":\"feel\",\"payload\":\"a\"}"); /* as it is */
	msgc_test_expect(other, "felt");
	msgc_test_assert_silent(ada.client);
	msgc_test_stop(test);
}
END_TEST

START_TEST(an_entry_that_breaks_the_contract_changes_nothing)
{
	struct guest ada;
	char mood[400], text[512];

	start_with(_i, "--presence-entry=150B", NULL);
	ada = come("ada", "/room/a/", "session:ada");
	memset(mood, 'x', sizeof mood);
	snprintf(text, sizeof text, "{\"action\":\"feel\",\"payload\":\"%.*s\"}", 201, mood);
	msgc_test_send(ada.client, text); /* longer than a mood may be */
	msgc_test_expect(ada.client, "error");
	snprintf(text, sizeof text, "{\"action\":\"feel\",\"payload\":\"%.*s\"}", 190, mood);
	msgc_test_send(ada.client, text); /* longer than presence-entry */
	msgc_test_expect(ada.client, "error");
	(void)come("bob", "/room/a/", "session:ada session:bob");
	sees(&ada, "session:ada session:bob");
	ck_assert_ptr_nonnull(strstr(model_info(&ada.model, "session:ada"), "\"mood\":\"a\""));
	msgc_test_stop(test);
}
END_TEST

START_TEST(who_gets_no_entry_does_not_join)
{
	struct msgc_test_browser *browser;
	struct guest ada;

	start(_i);
	ada = come("ada", "/room/a/", "session:ada");
	browser = msgc_test_browser_new(test);
	msgc_test_set_cookie(browser, "sid", "outlaw");
	msgc_test_assert_closed(msgc_test_connect(browser, "/room/a/"), 1011);
	msgc_test_assert_silent(ada.client);
	msgc_test_stop(test);
}
END_TEST

/* ------------------------------------------------------------------------------------------------ order */

static void expect_next(struct msgc_test_client *client, const char *action)
{
	ck_assert_str_eq(msgc_test_receive(client)->action.ptr, action);
}

START_TEST(a_group_that_is_joined_later_is_shown_behind_the_reply)
{
	struct guest ada;
	struct guest bob;
	struct msgc_test_client *cat;

	start(_i);
	bob = come("bob", "/room/b/", "session:bob");
	ada = come("ada", "/room/a/", "session:ada");
	msgc_test_send(ada.client, "{\"action\":\"enter\",\"payload\":\"b\"}");
	expect_next(ada.client, "entered");
	msgc_test_assert_json(msgc_test_receive(ada.client), "/payload/group", "\"room_b\"");
	sees(&bob, "session:ada session:bob");
	cat = enter("cat", "/room/b/");
	msgc_test_assert_json(msgc_test_expect(ada.client, "presence_diff"), "/payload/joins/0/id",
	        "\"session:cat\"");
	msgc_test_send(ada.client, "{\"action\":\"enter\",\"payload\":\"b\"}"); /* is there */
	expect_next(ada.client, "entered");
	msgc_test_send(ada.client, "{\"action\":\"leave\",\"payload\":\"b\"}");
	expect_next(ada.client, "left");
	sees(&bob, "session:bob session:cat");
	msgc_test_close(cat, 1000);
	msgc_test_assert_silent(ada.client);
	msgc_test_stop(test);
}
END_TEST

START_TEST(the_roster_comes_behind_what_was_missed)
{
	struct msgc_test_client *client;
	struct guest ada;
	char target[128];
	struct msgc_str epoch;
	const struct msgc_test_frame *line;

	start(_i);
	ada = come("ada", "/room/a/", "session:ada");
	msgc_test_send(ada.client, "{\"action\":\"say\",\"payload\":\"one\"}");
	line = msgc_test_expect(ada.client, "line");
	ck_assert(msgc_test_json(line, "/epoch", &epoch));
	msgc_test_send(ada.client, "{\"action\":\"say\",\"payload\":\"two\"}");
	msgc_test_expect(ada.client, "line");
	snprintf(target, sizeof target, "/room/a/?epoch=%.*s&seq=1", (int)epoch.len - 2,
	        epoch.ptr + 1);
	client = enter("bob", target);
	expect_next(client, "line");
	expect_next(client, "recovered");
	expect_next(client, "presence_state");
	msgc_test_stop(test);
}
END_TEST

/* ------------------------------------------------------------------------------------------------ topics */

static const struct msgc_test_frame *expect_from(
        struct msgc_test_client *client, const char *topic, const char *action)
{
	const struct msgc_test_frame *frame = msgc_test_receive(client);

	ck_assert_str_eq(frame->action.ptr, action);
	ck_assert_str_eq(frame->topic.ptr, topic);
	return frame;
}

START_TEST(topics_have_rosters_too)
{
	struct msgc_test_client *ada, *bob;
	struct guest own;
	struct model model = {.count = 0};

	start(_i);
	ada = come("ada", "/room/a/", "session:ada").client;
	bob = come("bob", "/room/b/", "session:bob").client;
	msgc_test_subscribe(ada, "table:1");
	model_take(&model, expect_from(ada, "table:1", "presence_state"));
	ck_assert_str_eq(model_text(&model), "session:ada");
	ck_assert_ptr_nonnull(strstr(model_info(&model, "session:ada"), "hungry"));
	msgc_test_subscribe(bob, "table:1");
	msgc_test_assert_json(expect_from(bob, "table:1", "presence_state"), "/payload/count", "2");
	model_take(&model, expect_from(ada, "table:1", "presence_diff"));
	msgc_test_send(bob, "{\"action\":\"feel\",\"topic\":\"table:1\",\"payload\":\"full\"}");
	msgc_test_expect_on(bob, "table:1", "felt");
	model_take(&model, expect_from(ada, "table:1", "presence_diff"));
	ck_assert_ptr_nonnull(strstr(model_info(&model, "session:bob"), "full"));
	/* On its own route frames carry no other name, and the roster is the same. */
	own = (struct guest){.client = enter("zoe", "/table/1/")};
	model_take(&own.model, msgc_test_expect(own.client, "presence_state"));
	ck_assert_str_eq(model_text(&own.model), "session:ada session:bob session:zoe");
	model_take(&model, expect_from(ada, "table:1", "presence_diff"));
	msgc_test_unsubscribe(bob, "table:1");
	model_take(&model, expect_from(ada, "table:1", "presence_diff"));
	ck_assert_str_eq(model_text(&model), "session:ada session:zoe");
	sees(&own, "session:ada session:zoe");
	msgc_test_drop(ada);
	msgc_test_assert_silent(own.client);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_topics_roster_comes_behind_what_was_missed)
{
	struct msgc_test_client *ada, *bob;
	const struct msgc_test_frame *line;
	struct msgc_str epoch;
	char text[64];

	start(_i);
	ada = come("ada", "/room/a/", "session:ada").client;
	msgc_test_subscribe(ada, "table:1");
	expect_from(ada, "table:1", "presence_state");
	for (int i = 0; i < 3; i++) {
		msgc_test_send(
		        ada, "{\"action\":\"nod\",\"topic\":\"table:1\",\"payload\":\"one\"}");
		line = msgc_test_expect_on(ada, "table:1", "line");
	}
	ck_assert(msgc_test_json(line, "/epoch", &epoch));
	snprintf(text, sizeof text, "%.*s", (int)epoch.len - 2, epoch.ptr + 1);
	bob = come("bob", "/room/b/", "session:bob").client;
	msgc_test_subscribe_from(bob, "table:1", text, 1);
	expect_from(bob, "table:1", "line");
	expect_from(bob, "table:1", "line");
	expect_from(bob, "table:1", "recovered");
	expect_from(bob, "table:1", "presence_state");
	msgc_test_stop(test);
}
END_TEST

START_TEST(who_gets_no_entry_does_not_follow)
{
	struct msgc_test_client *outcast;

	start(_i);
	outcast = come("outcast", "/room/a/", "session:outcast").client;
	msgc_test_send(outcast, "{\"action\":\"subscribe\",\"topic\":\"table:1\"}");
	msgc_test_expect_on(outcast, "table:1", "error");
	msgc_test_send(outcast, "{\"action\":\"nod\",\"topic\":\"table:1\",\"payload\":\"x\"}");
	msgc_test_assert_json(
	        msgc_test_expect(outcast, "error"), "/payload/reason", "\"not_subscribed\"");
	msgc_test_assert_silent(outcast);
	msgc_test_stop(test);
}
END_TEST

/* ------------------------------------------------------------------------------------------------ limits */

START_TEST(large_groups_are_counted_and_listed_again_when_they_are_small)
{
	struct guest ada;
	struct msgc_test_client *others[5];
	char name[16];

	start_with(_i, "--presence-limit=4", NULL);
	ada = come("ada", "/room/a/", "session:ada");
	for (int i = 0; i < 5; i++) {
		snprintf(name, sizeof name, "guest%d", i);
		others[i] = enter(name, "/room/a/");
	}
	sees(&ada, "6");
	(void)come("bob", "/room/a/", "7"); /* a count for whoever comes */
	sees(&ada, "7");
	for (int i = 0; i < 4; i++)
		msgc_test_close(others[i], 1000);
	sees(&ada, "session:ada session:bob session:guest4");
	msgc_test_close(others[4], 1000);
	sees(&ada, "session:ada session:bob");
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_limit_of_nothing_gives_counts_only)
{
	struct guest ada, bob;

	start_with(_i, "--presence-limit=0", NULL);
	ada = come("ada", "/room/a/", "1");
	bob = come("bob", "/room/a/", "2");
	sees(&ada, "2");
	msgc_test_close(bob.client, 1000);
	sees(&ada, "1");
	ck_assert_uint_eq(ada.model.diffs, 0);
	msgc_test_stop(test);
}
END_TEST

/* ---------------------------------------------------------------------------------------------- program */

static void ask(struct msgc_test_client *client, const char *room, int most, bool blocking)
{
	msgc_test_sendf(client,
	        "{\"action\":\"who\",\"payload\":{\"room\":\"%s\",\"most\":%d,\"blocking\":%s}}",
	        room, most, blocking ? "true" : "false");
}

START_TEST(the_program_reads_rosters_from_everywhere)
{
	const struct msgc_test_frame *frame;
	struct guest ada;

	start_with(_i, "--presence-limit=1", NULL);
	(void)come("bob", "/room/a/", "session:bob");
	(void)enter("bob", "/room/a/");
	ada = come("ada", "/room/b/", "session:ada");
	for (int blocking = 0; blocking < 2; blocking++) {
		(void)enter(NULL, "/room/a/");
		ask(ada.client, "a", 1, blocking);
		frame = msgc_test_expect(ada.client, "there");
		msgc_test_assert_json(frame, "/payload/count", blocking ? "3" : "2");
		msgc_test_assert_json(frame, "/payload/users",
		        "[{\"realm\":\"session\",\"user\":\"bob\",\"connections\":2,\"name\":"
		        "\"bob\",\"mood\":\"a\"}]");
		ask(ada.client, "empty", 10, blocking);
		msgc_test_assert_json(msgc_test_expect(ada.client, "there"), "/payload",
		        "{\"count\":0,\"users\":[]}");
	}
	ask(ada.client, "a", 10, false);
	frame = msgc_test_expect(ada.client, "there");
	msgc_test_assert_json(frame, "/payload/users/1/user", "\"\"");
	msgc_test_assert_json(frame, "/payload/users/1/name", "\"nobody\"");
	ck_assert_str_eq(
	        msgc_test_get(msgc_test_browser_new(test), "/who/")->body.ptr, "MSGC_OK 3");
	msgc_test_stop(test);
}
END_TEST

START_TEST(metrics_tell_of_presence)
{
	const struct msgc_test_response *metrics;
	struct guest ada;

	start(_i);
	ada = come("ada", "/room/a/", "session:ada");
	(void)come("bob", "/room/a/", "session:ada session:bob");
	sees(&ada, "session:ada session:bob");
	metrics = msgc_test_admin_get(msgc_test_browser_new(test), "/metrics");
	ck_assert_ptr_nonnull(strstr(metrics->body.ptr, "\nmsgc_presence_connections 2\n"));
	ck_assert_ptr_nonnull(
	        strstr(metrics->body.ptr, "\nmsgc_presence_tellings_total{what=\"state\"} 2\n"));
	ck_assert_ptr_nonnull(strstr(metrics->body.ptr, "\nmsgc_presence_returns_total 0\n"));
	msgc_test_stop(test);
}
END_TEST

/* ---------------------------------------------------------------------------------------- all of it together */

static void take_all(struct guest *guest)
{
	struct msgc_test_frames frames = msgc_test_receive_all(guest->client, MSGC_TEST_IDLE);

	for (size_t i = 0; i < frames.count; i++)
		model_take(&guest->model, &frames.items[i]);
}

/* Whatever comes and goes, and in whatever order it is told: in the end those who were there know what a newcomer is shown. */
START_TEST(what_is_told_adds_up)
{
	enum { PEOPLE = 12, STEPS = 150 };
	struct msgc_test_client *people[PEOPLE] = {NULL};
	struct guest ada, last;
	char name[16], want[2048];
	const char *mood;

	srand((unsigned)_i + 7);
	start_with(_i, "--presence-limit=5", "--presence-linger=50ms");
	ada = come("ada", "/room/a/", "session:ada");
	for (int step = 0; step < STEPS; step++) {
		int i = rand() % PEOPLE;

		snprintf(name, sizeof name, "guest%d", i / 2);
		if (!people[i])
			people[i] = enter(name, "/room/a/");
		else if (rand() % 3 == 0)
			msgc_test_sendf(
			        people[i], "{\"action\":\"feel\",\"payload\":\"%d\"}", step % 5);
		else if (rand() % 2 == 0)
			msgc_test_close(people[i], 1000), people[i] = NULL;
		else
			msgc_test_drop(people[i]), people[i] = NULL;
	}
	msgc_test_set_idle(test, 300);
	last = (struct guest){.client = enter("zoe", "/room/a/")};
	take_all(&ada);
	take_all(&last);
	snprintf(want, sizeof want, "%s", model_text(&last.model));
	ck_assert_str_eq(model_text(&ada.model), want);
	/* Her own roster, and one more that tells of zoe. How much is told together is the machine's affair. */
	ck_assert_uint_ge(ada.model.diffs + ada.model.states, 2);
	for (size_t i = 0; last.model.listed && i < last.model.count; i++) {
		mood = model_info(&ada.model, last.model.users[i].id);
		ck_assert_str_eq(mood, last.model.users[i].info);
	}
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rosters");
	TCase *tcase = tcase_create("rosters");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, whoever_comes_sees_who_is_there_and_the_others_see_him, 0, 4);
	tcase_add_loop_test(tcase, connections_of_one_user_count_once, 0, 4);
	tcase_add_loop_test(tcase, anonymous_connections_are_somebody_each, 0, 4);
	tcase_add_loop_test(tcase, a_roster_without_entries_shows_who_is_there, 0, 4);
	tcase_add_loop_test(tcase, a_broken_line_is_waited_for, 0, 4);
	tcase_add_loop_test(tcase, a_page_that_is_loaded_anew_is_no_news, 0, 4);
	tcase_add_loop_test(tcase, anonymous_lines_are_not_waited_for, 0, 4);
	tcase_add_loop_test(tcase, a_crowd_that_comes_back_is_no_storm, 0, 4);
	tcase_add_loop_test(tcase, an_entry_can_change, 0, 4);
	tcase_add_loop_test(tcase, an_entry_that_breaks_the_contract_changes_nothing, 0, 4);
	tcase_add_loop_test(tcase, who_gets_no_entry_does_not_join, 0, 4);
	tcase_add_loop_test(tcase, a_group_that_is_joined_later_is_shown_behind_the_reply, 0, 4);
	tcase_add_loop_test(tcase, the_roster_comes_behind_what_was_missed, 0, 4);
	tcase_add_loop_test(tcase, topics_have_rosters_too, 0, 4);
	tcase_add_loop_test(tcase, a_topics_roster_comes_behind_what_was_missed, 0, 4);
	tcase_add_loop_test(tcase, who_gets_no_entry_does_not_follow, 0, 4);
	tcase_add_loop_test(
	        tcase, large_groups_are_counted_and_listed_again_when_they_are_small, 0, 4);
	tcase_add_loop_test(tcase, a_limit_of_nothing_gives_counts_only, 0, 4);
	tcase_add_loop_test(tcase, the_program_reads_rosters_from_everywhere, 0, 4);
	tcase_add_loop_test(tcase, metrics_tell_of_presence, 0, 4);
	tcase_add_loop_test(tcase, what_is_told_adds_up, 0, 4);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
