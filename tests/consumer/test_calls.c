/* SPDX-License-Identifier: MIT */
/*
 * test_calls.c - generated handlers, sends, broadcasts, and answers that come later.
 */
#include <string.h>

#include "rooms_fixture.h"

/* ---- handlers ---- */

START_TEST(one_reply_is_put_when_the_handler_succeeds)
{
	struct rooms_chat in = {.payload = MSGC_STR("hi")};
	const struct msgc_action *chat_action = rooms_action("chat");
	static const int others[] = {MSGC_LATER, MSGC_EREFUSED, MSGC_EBUSY, MSGC_EINTERNAL};

	ck_assert_int_eq(chat_action->handle(&handlers, room, &in, &reply), MSGC_OK);
	ck_assert_ptr_eq(seen_in, &in);
	ck_assert_str_eq(fake_log, "reply {\"action\":\"chat_saved\",\"payload\":{\"id\":12}}\n");
	fake_clear();
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		answer = others[i];
		ck_assert_int_eq(chat_action->handle(&handlers, room, &in, &reply), others[i]);
		ck_assert_str_eq(fake_log, "");
	}
	answer = MSGC_OK;
	fake_result = MSGC_ECONTRACT;
	ck_assert_int_eq(chat_action->handle(&handlers, room, &in, &reply), MSGC_ECONTRACT);
}
END_TEST

START_TEST(one_of_several_replies_is_put)
{
	struct rooms_search in = {.payload = MSGC_STR("x")};
	const struct msgc_action *search_action = rooms_action("search.rooms");

	chosen = 1;
	ck_assert_int_eq(search_action->handle(&handlers, room, &in, &reply), MSGC_OK);
	ck_assert_str_eq(fake_log, "reply {\"action\":\"results\",\"payload\":[3,4]}\n");
	fake_clear();
	chosen = 2;
	ck_assert_int_eq(search_action->handle(&handlers, room, &in, &reply), MSGC_OK);
	ck_assert_str_eq(fake_log, "reply {\"action\":\"nothing_found\"}\n");
	fake_clear();
	chosen = 0;
	ck_assert_int_eq(search_action->handle(&handlers, room, &in, &reply), MSGC_EINTERNAL);
	ck_assert_str_eq(fake_log, "");
}
END_TEST

START_TEST(handlers_without_reply_put_none)
{
	static const char *const wires[] = {"typing", "connected", "default"};
	struct rooms_connected in = {.payload = MSGC_STR("x")};

	for (size_t i = 0; i < 3; i++) {
		seen_in = NULL;
		ck_assert_int_eq(
		        rooms_action(wires[i])->handle(&handlers, room, &in, &reply), MSGC_OK);
		ck_assert_ptr_eq(seen_in, &in);
	}
	ck_assert_str_eq(fake_log, "");
	answer = MSGC_EREFUSED;
	ck_assert_int_eq(
	        rooms_action("typing")->handle(&handlers, room, &in, &reply), MSGC_EREFUSED);
}
END_TEST

START_TEST(ping_is_answered_without_a_handler)
{
	ck_assert_int_eq(rooms_action("ping")->handle(&handlers, room, NULL, &reply), MSGC_OK);
	ck_assert_str_eq(fake_log, "reply {\"action\":\"pong\"}\n");
}
END_TEST

START_TEST(events_are_handled_or_passed_on)
{
	struct rooms_room_archived event = {.payload.reason = MSGC_STR("old")};

	ck_assert_uint_eq(table->event_count, 2);
	ck_assert_ptr_eq(table->events[0].message, &rooms_room_archived_message);
	ck_assert_str_eq(table->events[0].handler, "event_room_archived");
	ck_assert_int_eq(table->events[0].handle(&handlers, room, &event, &reply), MSGC_OK);
	ck_assert_str_eq(
	        fake_log, "reply {\"action\":\"room_closed\",\"payload\":{\"reason\":\"old\"}}\n");
	ck_assert_ptr_eq(table->events[1].message, &rooms_renamed_message);
	ck_assert_ptr_null(table->events[1].handler);
	ck_assert_ptr_null(table->events[1].handle);
}
END_TEST

/* ---- what the program calls ---- */

START_TEST(send_is_typed)
{
	static const struct msgc_str texts[] = {MSGC_STR_INIT("a"), MSGC_STR_INIT("b")};
	struct rooms_history history = {.payload = {texts, 2}};

	ck_assert_int_eq(rooms_room_send_history(room, &history), MSGC_OK);
	ck_assert_str_eq(
	        fake_log, "send to 5 {\"action\":\"history\",\"payload\":[\"a\",\"b\"]}\n");
	fake_result = MSGC_ECONTRACT;
	ck_assert_int_eq(rooms_room_send_history(room, &history), MSGC_ECONTRACT);
	fake_result = MSGC_OK;
	fake_clear();
	ck_assert_int_eq(
	        rooms_room_tell_history(&server, MSGC_STR("session"), MSGC_STR("ada"), &history),
	        MSGC_OK);
	ck_assert_str_eq(fake_log,
	        "tell session:ada at room {\"action\":\"history\",\"payload\":[\"a\",\"b\"]}\n");
	fake_result = MSGC_EBUSY;
	ck_assert_int_eq(
	        rooms_room_tell_history(&server, MSGC_STR("session"), MSGC_STR("ada"), &history),
	        MSGC_EBUSY);
}
END_TEST

START_TEST(broadcasts_and_events_go_to_the_groups_name)
{
	struct rooms_chat_posted posted = {.payload = MSGC_STR("hi")};
	struct ppl_note note = {.payload = MSGC_STR("n")};
	struct rooms_room_archived archived_event = {.payload.reason = MSGC_STR("r")};

	rooms_chat_room_broadcast_chat_posted(&server, -3, &sender, &posted, MSGC_EXCLUDE_CURRENT);
	rooms_chat_room_broadcast_people_note(&server, 4, NULL, &note, MSGC_TO_ALL);
	rooms_chat_room_event_room_archived(&server, 5, &archived_event);
	ppl_everybody_broadcast_note(&server, NULL, &note, MSGC_TO_ALL);
	ck_assert_str_eq(fake_log,
	        "publish chat_room_%2D3 from somebody to others "
	        "{\"action\":\"chat\",\"payload\":\"hi\"}\n"
	        "publish chat_room_4 {\"action\":\"note\",\"payload\":\"n\"}\n"
	        "publish chat_room_5 "
	        "{\"action\":\"room_archived\",\"payload\":{\"reason\":\"r\"}}\n"
	        "publish everybody {\"action\":\"note\",\"payload\":\"n\"}\n");
}
END_TEST

START_TEST(a_name_too_long_reaches_nobody)
{
	struct rooms_chat_posted posted = {.payload = MSGC_STR("hi")};
	struct msgc_group_name name = {.len = 1};
	char text[300];
	struct msgc_str longest = {text, 100}, longer = {text, 255};

	memset(text, 'x', sizeof(text));
	ck_assert_int_eq(rooms_wing_broadcast_chat_posted(
	                         &server, 1, longest, PPL_ROLE_OWNER, true, NULL, &posted, 0),
	        MSGC_OK);
	fake_clear();
	ck_assert_int_eq(rooms_wing_broadcast_chat_posted(
	                         &server, 1, longer, PPL_ROLE_OWNER, true, NULL, &posted, 0),
	        MSGC_ELIMIT);
	ck_assert_int_eq(rooms_room_join_wing(room, 1, longer, PPL_ROLE_OWNER, true), MSGC_ELIMIT);
	ck_assert_int_eq(
	        rooms_wing_group_name(1, longer, PPL_ROLE_OWNER, true, &name), MSGC_ELIMIT);
	ck_assert_uint_eq(name.len, 1);
	ck_assert_str_eq(fake_log, "");
}
END_TEST

/* ---- later ---- */

static struct rooms_room *done_with;
static int steps;

static int store(struct rooms_room_chat_pending *pending)
{
	ck_assert_ptr_eq(pending->server, &server);
	ck_assert_ptr_eq(pending->sender, &sender);
	ck_assert_ptr_eq(pending->user, &user);
	ck_assert_ptr_eq(pending->app, &app);
	ck_assert_ptr_eq(pending->object, &object);
	ck_assert_int_eq(pending->params.room_id, 7);
	ck_assert_ptr_eq(pending->in, fake_in);
	ck_assert_ptr_null(pending->result);
	pending->result = &steps;
	pending->reply.payload.id = 99;
	steps++;
	return answer;
}

static int post(struct rooms_room_chat_pending *pending, struct rooms_room *gone_or_not)
{
	struct rooms_chat_posted posted = {.payload = pending->in->payload};

	ck_assert_ptr_eq(pending->result, &steps);
	done_with = gone_or_not;
	return rooms_chat_room_broadcast_chat_posted(
	        pending->server, pending->params.room_id, pending->sender, &posted, MSGC_TO_ALL);
}

static void chat_in_hand(const struct rooms_chat *in)
{
	fake_in_hand = &rooms_chat_message;
	fake_in = in;
	steps = 0;
	done_with = NULL;
}

START_TEST(later_works_then_is_done)
{
	struct rooms_chat in = {.payload = MSGC_STR("hi")};

	chat_in_hand(&in);
	ck_assert_int_eq(rooms_room_chat_later(room, store, post), MSGC_LATER);
	ck_assert(fake_pending.submitted && !fake_pending.deferred);
	ck_assert_int_eq(fake_pending.type->work(fake_pending.typed), MSGC_OK);
	ck_assert_int_eq(fake_pending.type->done(fake_pending.typed, room, &reply), MSGC_OK);
	ck_assert_ptr_eq(done_with, room);
	ck_assert_str_eq(fake_log,
	        "publish chat_room_7 from somebody {\"action\":\"chat\",\"payload\":\"hi\"}\n"
	        "reply {\"action\":\"chat_saved\",\"payload\":{\"id\":99}}\n");
}
END_TEST

START_TEST(done_runs_for_a_connection_that_has_gone)
{
	struct rooms_chat in = {.payload = MSGC_STR("hi")};

	chat_in_hand(&in);
	ck_assert_int_eq(rooms_room_chat_later(room, store, post), MSGC_LATER);
	ck_assert_int_eq(fake_pending.type->work(fake_pending.typed), MSGC_OK);
	ck_assert_int_eq(fake_pending.type->done(fake_pending.typed, NULL, &reply), MSGC_OK);
	ck_assert_ptr_null(done_with);
	ck_assert_str_eq(fake_log,
	        "publish chat_room_7 from somebody {\"action\":\"chat\",\"payload\":\"hi\"}\n");
}
END_TEST

START_TEST(without_done_the_reply_of_work_is_put)
{
	struct rooms_chat in = {.payload = MSGC_STR("hi")};

	chat_in_hand(&in);
	ck_assert_int_eq(rooms_room_chat_later(room, store, NULL), MSGC_LATER);
	ck_assert_int_eq(fake_pending.type->work(fake_pending.typed), MSGC_OK);
	ck_assert_int_eq(fake_pending.type->done(fake_pending.typed, room, &reply), MSGC_OK);
	ck_assert_str_eq(fake_log, "reply {\"action\":\"chat_saved\",\"payload\":{\"id\":99}}\n");
}
END_TEST

START_TEST(later_is_refused_where_it_makes_no_sense)
{
	struct rooms_chat in = {.payload = MSGC_STR("hi")};

	chat_in_hand(&in);
	ck_assert_int_eq(rooms_room_chat_later(room, NULL, post), MSGC_EINVAL);
	fake_in_hand = &rooms_search_message; /* the handler of another message */
	ck_assert_int_eq(rooms_room_chat_later(room, store, post), MSGC_EINVAL);
	ck_assert_ptr_null(fake_pending.typed);
	fake_in_hand = &rooms_chat_message;
	fake_result = MSGC_EBUSY;
	ck_assert_int_eq(rooms_room_chat_later(room, store, post), MSGC_EBUSY);
	ck_assert_int_eq(steps, 0);
}
END_TEST

START_TEST(defer_hands_out_the_pending_frame)
{
	struct rooms_chat in = {.payload = MSGC_STR("hi")};
	struct rooms_room_chat_pending *pending = NULL;

	chat_in_hand(&in);
	ck_assert_int_eq(rooms_room_chat_defer(room, post, &pending), MSGC_LATER);
	ck_assert(fake_pending.deferred && !fake_pending.submitted);
	ck_assert_ptr_eq(pending, fake_pending.typed);
	ck_assert_ptr_eq(pending->pending, &fake_pending);
	ck_assert_ptr_eq(pending->in, &in);
	pending->result = &steps;
	pending->reply.payload.id = 3;
	ck_assert_int_eq(fake_pending.type->done(fake_pending.typed, room, &reply), MSGC_OK);
	ck_assert_str_eq(fake_log,
	        "publish chat_room_7 from somebody {\"action\":\"chat\",\"payload\":\"hi\"}\n"
	        "reply {\"action\":\"chat_saved\",\"payload\":{\"id\":3}}\n");
	pending = NULL;
	fake_result = MSGC_EBUSY;
	ck_assert_int_eq(rooms_room_chat_defer(room, post, &pending), MSGC_EBUSY);
	ck_assert_ptr_null(pending);
}
END_TEST

static int choose(struct rooms_room_search_pending *pending)
{
	pending->reply.kind = ROOMS_ROOM_SEARCH_REPLY_NOTHING_FOUND;
	return MSGC_OK;
}

static int break_down(struct rooms_room_search_pending *pending, struct rooms_room *gone_or_not)
{
	(void)pending;
	(void)gone_or_not;
	return MSGC_EIO;
}

START_TEST(later_with_several_replies_puts_the_chosen_one)
{
	fake_in_hand = &rooms_search_message;
	ck_assert_int_eq(rooms_room_search_later(room, choose, NULL), MSGC_LATER);
	ck_assert_int_eq(fake_pending.type->work(fake_pending.typed), MSGC_OK);
	ck_assert_int_eq(fake_pending.type->done(fake_pending.typed, room, &reply), MSGC_OK);
	ck_assert_str_eq(fake_log, "reply {\"action\":\"nothing_found\"}\n");
	ck_assert_int_eq(rooms_room_search_later(room, choose, break_down), MSGC_LATER);
	ck_assert_int_eq(fake_pending.type->done(fake_pending.typed, room, &reply), MSGC_EIO);
	ck_assert_str_eq(fake_log, "reply {\"action\":\"nothing_found\"}\n");
}
END_TEST

static int greet(struct rooms_room_connected_pending *pending, struct rooms_room *gone_or_not)
{
	(void)pending;
	done_with = gone_or_not;
	return MSGC_OK;
}

START_TEST(the_connected_hook_may_answer_later)
{
	struct rooms_room_connected_pending *pending;

	done_with = NULL;
	ck_assert_int_eq(rooms_room_connected_defer(room, greet, &pending), MSGC_LATER);
	ck_assert_ptr_eq(pending->object, &object);
	ck_assert_int_eq(fake_pending.type->done(fake_pending.typed, room, &reply), MSGC_OK);
	ck_assert_ptr_eq(done_with, room);
	ck_assert_str_eq(fake_log, "");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {one_reply_is_put_when_the_handler_succeeds,
	        one_of_several_replies_is_put, handlers_without_reply_put_none,
	        ping_is_answered_without_a_handler, events_are_handled_or_passed_on, send_is_typed,
	        broadcasts_and_events_go_to_the_groups_name, a_name_too_long_reaches_nobody,
	        later_works_then_is_done, done_runs_for_a_connection_that_has_gone,
	        without_done_the_reply_of_work_is_put, later_is_refused_where_it_makes_no_sense,
	        defer_hands_out_the_pending_frame, later_with_several_replies_puts_the_chosen_one,
	        the_connected_hook_may_answer_later};

	return rooms_run("consumer calls", tests, sizeof(tests) / sizeof(tests[0]));
}
