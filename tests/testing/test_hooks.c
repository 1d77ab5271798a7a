/* SPDX-License-Identifier: MIT */
/*
 * Stand-ins for every kind of hook and every operation of the store: each is counted, fails when it is told to, and comes late where that can be.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <msgc/test.h>

#include "gate.msgc.h"
#include "props.msgc.h"

static struct msgc_test *test;

/* ---- the program */

static atomic_int loaded, released, gone, unsubscribed;

struct thing {
	int dummy;
};
static struct thing the_thing;

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user)
{
	(void)app;
	(void)lookup;
	ret_user->id = cookie;
	return MSGC_OK;
}

static int load_thing(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        const struct props_room_params *params, struct thing **ret_object)
{
	(void)app;
	(void)lookup;
	(void)user;
	(void)params;
	loaded++;
	*ret_object = &the_thing;
	return MSGC_OK;
}

static void release_thing(struct thing *object)
{
	(void)object;
	released++;
}

static int present_hall(struct props_room *room, struct props_face *ret_entry)
{
	ret_entry->name = room->user->id;
	return MSGC_OK;
}

static int room_connected(struct props_room *room)
{
	const struct props_told told = {.payload = MSGC_STR_INIT("welcome")};

	return props_room_send_told(room, &told);
}

static void room_disconnected(struct props_room *room, uint16_t code)
{
	(void)room;
	(void)code;
	gone++;
}

static int say(struct props_room *room, const struct props_say *in, struct props_said *reply)
{
	const struct props_line line = {.payload = in->payload};

	reply->payload = in->payload;
	return props_hall_broadcast_line(room->server, room->sender, &line, MSGC_TO_ALL);
}

static int hear(struct props_room *room, const struct props_room_why_answer *answer, void *arg)
{
	const struct props_told told = {.payload = answer->result == MSGC_OK
	                ? answer->because.payload
	                : MSGC_STR("nothing")};

	(void)arg;
	return props_room_send_told(room, &told);
}

static int wonder(struct props_room *room, const struct props_wonder *in)
{
	const struct props_why why = {.payload = in->payload};

	return props_room_ask_why(room, &why, 0, hear, NULL);
}

static int present_note(struct props_note *note, struct props_face *ret_entry)
{
	ret_entry->name = note->user->id;
	return MSGC_OK;
}

static void note_unsubscribed(struct props_note *note, uint16_t code)
{
	(void)note;
	(void)code;
	unsubscribed++;
}

static int say_note(struct props_note *note, const struct props_say *in, struct props_said *reply)
{
	(void)note;
	reply->payload = in->payload;
	return MSGC_OK;
}

static int greet(struct gate_gateway *gateway, struct gate_hello *message)
{
	(void)gateway;
	message->nonce = MSGC_STR("n");
	return MSGC_OK;
}

static int tell(struct gate_gateway *gateway, const struct msgc_refusal *refusal,
        struct gate_problem *message)
{
	(void)gateway;
	message->detail = refusal->detail;
	return MSGC_OK;
}

static int authenticate(void *app, struct msgc_lookup *lookup, void *state,
        const struct gate_identify *in, struct msgc_user *ret_user)
{
	(void)app;
	(void)lookup;
	(void)state;
	ret_user->id = in->name;
	return MSGC_OK;
}

static int identify(
        struct gate_gateway *gateway, const struct gate_identify *in, struct gate_ready *reply)
{
	(void)gateway;
	reply->name = in->name;
	return MSGC_OK;
}

static int hush(struct gate_gateway *gateway, const struct gate_say *in)
{
	(void)in;
	return msgc_refuse(gateway->connection, "hush");
}

static int start_worker(void *app, unsigned worker)
{
	(void)app;
	(void)worker;
	return MSGC_OK;
}

static struct msgc_server *make(int argc, char **argv, void *app)
{
	static const struct props_room_handlers room = {.load_thing = load_thing,
	        .release_thing = release_thing,
	        .present_hall = present_hall,
	        .connected = room_connected,
	        .disconnected = room_disconnected,
	        .say = say,
	        .wonder = wonder};
	static const struct props_note_handlers note = {
	        .present = present_note, .unsubscribed = note_unsubscribed, .say = say_note};
	static const struct gate_gateway_handlers gateway = {.greet_hello = greet,
	        .error = tell,
	        .authenticate_identify = authenticate,
	        .identify = identify,
	        .say = hush};
	struct msgc_server *server = msgc_server_new(argc, argv);

	msgc_server_on_worker(server, start_worker, NULL, app);
	msgc_server_use_sessions(server, "sid", find_session, app);
	props_room_serve(server, &room, app);
	props_note_serve(server, &note, app);
	gate_gateway_serve(server, &gateway, app);
	return server;
}

/* ---- the test's side */

static void start(int i)
{
	const char *const arguments[] = {i < 2 ? "--workers=1" : "--workers=2",
	        "--presence-window=10ms", "--presence-linger=10ms", NULL};

	loaded = released = gone = unsubscribed = 0;
	test = msgc_test_start(
	        i % 2 == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, make, NULL, arguments);
}

static struct msgc_test_stand_in *stand_in(const char *name)
{
	return msgc_test_stand_in_for(test, name);
}

static struct msgc_test_client *knock(void)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(test);

	msgc_test_set_cookie(browser, "sid", "ada");
	return msgc_test_connect(browser, "/room/1/");
}

static struct msgc_test_client *enter(void)
{
	struct msgc_test_client *client = knock();

	msgc_test_wait_for_auth(client);
	msgc_test_assert_json(msgc_test_expect(client, "told"), "/payload", "\"welcome\"");
	return client;
}

static void wonder_at(struct msgc_test_client *client, const char *answer)
{
	const struct msgc_test_frame *question;
	const struct props_because because = {.payload = msgc_str_from(answer)};

	msgc_test_send(client, "{\"action\":\"wonder\",\"payload\":\"so\"}");
	question = msgc_test_expect(client, "why");
	msgc_test_answer(client, question, &props_because_message, &because);
}

/* Something is late by `ms`: it has not come before, and comes then. */
static void expect_late(struct msgc_test_client *client, int64_t ms, const char *action)
{
	msgc_test_assert_silent(client);
	msgc_test_advance(test, ms);
	msgc_test_expect(client, action);
}

START_TEST(connecting_is_late_or_fails)
{
	struct msgc_test_stand_in *connected, *load;
	struct msgc_test_client *client;

	start(_i);
	connected = stand_in("room.connected");
	load = stand_in("room.load_thing");
	(void)enter();
	msgc_test_let_wait(connected, 5000);
	client = knock();
	msgc_test_wait_for_auth(client);
	msgc_test_expect(client, "presence_state");
	expect_late(client, 5000, "told");
	msgc_test_let_wait(connected, 0);
	msgc_test_let_fail(load, 1, 1, MSGC_ENOTFOUND);
	msgc_test_assert_auth(knock(), 404);
	msgc_test_let_wait(load, 5000);
	client = knock();
	expect_late(client, 5000, "authentication");
	ck_assert_uint_eq(msgc_test_calls(connected), 3);
	ck_assert_uint_eq(msgc_test_calls(load), 4);
	msgc_test_stop(test);
}
END_TEST

START_TEST(ends_are_counted_and_may_go_unheard)
{
	struct msgc_test_stand_in *disconnected, *release, *left;

	start(_i);
	disconnected = stand_in("room.disconnected");
	release = stand_in("room.release_thing");
	left = stand_in("note.unsubscribed");
	msgc_test_let_fail(disconnected, 2, 1, MSGC_EIO);
	for (int i = 0; i < 3; i++) {
		struct msgc_test_client *client = enter();

		msgc_test_subscribe(client, "note:1");
		msgc_test_close(client, 1000);
	}
	msgc_test_stop(test);
	ck_assert_int_eq(gone, 2); /* one of three was not told */
	ck_assert_int_eq(released, 3);
	ck_assert_int_eq(unsubscribed, 3);
	(void)release;
	(void)left;
}
END_TEST

START_TEST(ends_are_seen_while_the_server_runs)
{
	struct msgc_test_stand_in *disconnected, *release, *left;
	struct msgc_test_client *client;

	start(_i);
	disconnected = stand_in("room.disconnected");
	release = stand_in("room.release_thing");
	left = stand_in("note.unsubscribed");
	client = enter();
	msgc_test_subscribe(client, "note:1");
	msgc_test_unsubscribe(client, "note:1");
	ck_assert_uint_eq(msgc_test_calls(left), 1);
	msgc_test_close(client, 1000);
	for (int i = 0; i < 500 && msgc_test_calls(release) == 0; i++)
		msgc_test_assert_silent(enter());
	ck_assert_uint_eq(msgc_test_calls(disconnected), 1);
	ck_assert_uint_eq(msgc_test_calls(release), 1);
	msgc_test_stop(test);
}
END_TEST

START_TEST(topics_hooks_are_late_or_fail)
{
	struct msgc_test_stand_in *subscribed, *told, *present;
	struct msgc_test_client *client;

	start(_i);
	subscribed = stand_in("note.subscribed");
	told = stand_in("note.say");
	present = stand_in("note.present");
	client = enter();
	msgc_test_let_fail(subscribed, 1, 1, MSGC_EIO);
	msgc_test_send(client, "{\"action\":\"subscribe\",\"topic\":\"note:1\"}");
	msgc_test_expect(client, "error");
	msgc_test_let_wait(subscribed, 5000);
	msgc_test_send(client, "{\"action\":\"subscribe\",\"topic\":\"note:1\"}");
	msgc_test_assert_silent(client);
	msgc_test_advance(test, 5000);
	msgc_test_expect_on(client, "note:1", "subscribed");
	msgc_test_let_wait(told, 5000);
	msgc_test_send(client, "{\"action\":\"say\",\"topic\":\"note:1\",\"payload\":\"x\"}");
	msgc_test_receive_all(client, MSGC_TEST_IDLE);
	msgc_test_advance(test, 5000);
	msgc_test_expect_on(client, "note:1", "said");
	msgc_test_let_fail(present, 1, 1, MSGC_EDENIED);
	msgc_test_subscribe_refused(client, "note:2", "handler_failed");
	ck_assert_uint_ge(msgc_test_calls(present), 2);
	msgc_test_stop(test);
}
END_TEST

START_TEST(entries_of_rosters_fail)
{
	struct msgc_test_stand_in *present;

	start(_i);
	present = stand_in("room.present_hall");
	msgc_test_let_fail(present, 1, 1, MSGC_EIO);
	msgc_test_assert_closed(knock(), 1011);
	(void)enter();
	ck_assert_uint_eq(msgc_test_calls(present), 2);
	msgc_test_stop(test);
}
END_TEST

START_TEST(answers_to_questions_are_recorded_late_or_lost)
{
	const struct props_because *because;
	struct msgc_test_stand_in *answer;
	struct msgc_test_client *client;

	start(_i);
	answer = stand_in("room.answer_why");
	client = enter();
	wonder_at(client, "first");
	msgc_test_assert_json(msgc_test_expect(client, "told"), "/payload", "\"first\"");
	because = msgc_test_call(answer, 0, &props_because_message);
	ck_assert_str_eq(because->payload.ptr, "first");
	msgc_test_let_fail(answer, 1, 1, MSGC_EIO);
	wonder_at(client, "second");
	msgc_test_expect(client, "error");
	msgc_test_let_wait(answer, 5000);
	wonder_at(client, "third");
	msgc_test_receive_all(client, MSGC_TEST_IDLE);
	msgc_test_advance(test, 5000);
	msgc_test_assert_json(msgc_test_expect(client, "told"), "/payload", "\"third\"");
	ck_assert_uint_eq(msgc_test_calls(answer), 3);
	msgc_test_stop(test);
}
END_TEST

/* Other people's protocols have hooks of their own. */
START_TEST(greetings_first_messages_and_own_words_fail)
{
	static const char *const keys[] = {"op"};
	static const struct msgc_envelope_names names = {.keys = keys, .key_count = 1};
	struct msgc_test_stand_in *greeting, *named, *error;
	struct msgc_test_client *client;
	const struct gate_identify *seen;

	start(_i);
	msgc_test_set_envelope(test, &names);
	greeting = stand_in("gateway.greet_hello");
	named = stand_in("gateway.authenticate_identify");
	error = stand_in("gateway.error");
	msgc_test_let_fail(greeting, 1, 1, MSGC_EIO);
	msgc_test_assert_closed(msgc_test_connect(msgc_test_browser_new(test), "/gateway"), 1011);
	msgc_test_let_fail(named, 1, 1, MSGC_EUNAUTHENTICATED);
	client = msgc_test_connect(msgc_test_browser_new(test), "/gateway");
	msgc_test_send(client, "{\"op\":2,\"name\":\"ada\"}");
	msgc_test_assert_closed(client, 4401);
	seen = msgc_test_call(named, 0, &gate_identify_message);
	ck_assert_str_eq(seen->name.ptr, "ada");
	client = msgc_test_connect(msgc_test_browser_new(test), "/gateway");
	msgc_test_send(client, "{\"op\":2,\"name\":\"bob\"}");
	msgc_test_send(client, "{\"op\":3,\"text\":\"hi\"}");
	(void)msgc_test_receive_all(client, MSGC_TEST_IDLE);
	ck_assert_uint_eq(msgc_test_calls(error), 1);
	msgc_test_let_fail(error, 1, 1, MSGC_EIO);
	msgc_test_send(client, "{\"op\":3,\"text\":\"hi\"}");
	msgc_test_assert_closed(client, 4403);
	ck_assert_uint_eq(msgc_test_calls(greeting), 3);
	ck_assert_uint_eq(msgc_test_calls(named), 2);
	msgc_test_stop(test);
}
END_TEST

/* ---- the store */

static struct msgc_test_client *come_back(void)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(test);

	msgc_test_set_cookie(browser, "sid", "bob");
	return msgc_test_connect(browser, "/room/1/?epoch=&seq=0");
}

START_TEST(all_of_the_store_is_late)
{
	static const char *const operations[] = {
	        "backend.join", "backend.read", "backend.attend", "backend.publish"};
	struct msgc_test_client *client;

	start(_i);
	client = enter();
	msgc_test_send(client, "{\"action\":\"say\",\"payload\":\"x\"}");
	msgc_test_expect(client, "said");
	for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
		struct msgc_test_stand_in *operation = stand_in(operations[i]);
		unsigned before;

		msgc_test_let_wait(operation, 1000);
		before = msgc_test_calls(operation);
		client = come_back();
		for (int k = 0; k < 5; k++) {
			msgc_test_settle(test);
			msgc_test_advance(test, 1000);
		}
		msgc_test_wait_for_auth(client);
		msgc_test_expect(client, "told");
		msgc_test_send(client, "{\"action\":\"say\",\"payload\":\"y\"}");
		for (int k = 0; k < 5; k++) {
			msgc_test_settle(test);
			msgc_test_advance(test, 1000);
		}
		msgc_test_expect(client, "said");
		if (i > 0) /* the worker may have members of the group already */
			ck_assert_uint_gt(msgc_test_calls(operation), before);
		msgc_test_let_wait(operation, 0);
	}
	msgc_test_stop(test);
}
END_TEST

START_TEST(leaving_rosters_and_groups_is_late)
{
	struct msgc_test_stand_in *depart, *leave, *changes;
	struct msgc_test_client *watcher, *client;

	start(_i);
	depart = stand_in("backend.depart");
	leave = stand_in("backend.leave");
	changes = stand_in("backend.changes");
	watcher = enter();
	msgc_test_let_wait(depart, 60000);
	msgc_test_let_wait(leave, 1000);
	msgc_test_let_wait(changes, 1000);
	client = come_back();
	msgc_test_wait_for_auth(client);
	msgc_test_expect(client, "told");
	msgc_test_advance(test, 2000);
	msgc_test_assert_json(msgc_test_expect(watcher, "presence_diff"), "/payload/joins/0/id",
	        "\"session:bob\"");
	msgc_test_close(client, 1000);
	msgc_test_settle(test);
	msgc_test_assert_silent(watcher);
	ck_assert_uint_eq(msgc_test_calls(depart), 1);
	for (int k = 0; k < 4; k++) {
		msgc_test_advance(test, 30000);
		msgc_test_settle(test);
	}
	msgc_test_assert_json(msgc_test_expect(watcher, "presence_diff"), "/payload/leaves/0/id",
	        "\"session:bob\"");
	ck_assert_uint_ge(msgc_test_calls(changes), 2);
	(void)leave;
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hooks");
	TCase *tcase = tcase_create("hooks");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, connecting_is_late_or_fails, 0, 4);
	tcase_add_loop_test(tcase, ends_are_counted_and_may_go_unheard, 0, 4);
	tcase_add_loop_test(tcase, ends_are_seen_while_the_server_runs, 0, 4);
	tcase_add_loop_test(tcase, topics_hooks_are_late_or_fail, 0, 4);
	tcase_add_loop_test(tcase, entries_of_rosters_fail, 0, 4);
	tcase_add_loop_test(tcase, answers_to_questions_are_recorded_late_or_lost, 0, 4);
	tcase_add_loop_test(tcase, greetings_first_messages_and_own_words_fail, 0, 4);
	tcase_add_loop_test(tcase, all_of_the_store_is_late, 0, 4);
	tcase_add_loop_test(tcase, leaving_rosters_and_groups_is_late, 0, 4);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
