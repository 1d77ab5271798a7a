/* SPDX-License-Identifier: MIT */
/*
 * test_consumer.c - the code that msgc generates for groups and consumers, driven by hand over its tables, with a
 * server that only writes down what it is asked for (fake_server.h).
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "fake_server.h"
#include "people.msgc.h"
#include "rooms.msgc.h"

static struct msgc_server server;
static struct msgc_connection connection = {.id = 5};
static struct msgc_sender sender;
static struct msgc_user user;
static struct msgc_arena arena;
static struct msgc_reply reply;
static int app;

struct chat_room {
	int number;
};
static struct chat_room object = {.number = 77};

/* ---- the program's side: handlers that do what `answer` says ---- */

static int answer;
static const void *seen_in;

static int load_chat_room(void *app_, struct msgc_lookup *lookup, const struct msgc_user *user_,
        const struct rooms_room_params *params, struct chat_room **ret_object)
{
	ck_assert_ptr_eq(app_, &app);
	ck_assert_ptr_null(lookup);
	ck_assert_ptr_eq(user_, &user);
	ck_assert_int_eq(params->room_id, 7);
	if (answer == MSGC_OK)
		*ret_object = &object;
	return answer;
}

static void release_chat_room(struct chat_room *object_)
{
	object_->number++;
}

static int is_member(void *app_, struct msgc_lookup *lookup, const struct msgc_user *user_,
        const struct rooms_room_params *params, struct chat_room *object_, bool *ret_allowed)
{
	(void)lookup;
	ck_assert_ptr_eq(app_, &app);
	ck_assert_ptr_eq(user_, &user);
	ck_assert_int_eq(params->room_id, 7);
	ck_assert_ptr_eq(object_, &object);
	*ret_allowed = true;
	return answer;
}

static int is_banned(
        void *app_, struct msgc_lookup *lookup, const struct msgc_user *user_, bool *ret_allowed)
{
	(void)lookup;
	ck_assert_ptr_eq(app_, &app);
	ck_assert_ptr_eq(user_, &user);
	*ret_allowed = false;
	return answer;
}

static int on_connected(struct rooms_room *room)
{
	ck_assert_ptr_eq(room->connection, &connection);
	return answer;
}

static uint16_t closed_with;

static void on_disconnected(struct rooms_room *room, uint16_t code)
{
	ck_assert_ptr_eq(room->connection, &connection);
	closed_with = code;
}

static int chat(
        struct rooms_room *room, const struct rooms_chat *in, struct rooms_chat_saved *saved)
{
	ck_assert_ptr_eq(room->user, &user);
	seen_in = in;
	saved->payload.id = 12;
	return answer;
}

static int chosen;

static int search(struct rooms_room *room, const struct rooms_search *in,
        struct rooms_room_search_reply *found)
{
	static const int64_t ids[] = {3, 4};

	(void)room;
	seen_in = in;
	if (chosen == 1) {
		found->kind = ROOMS_ROOM_SEARCH_REPLY_RESULTS;
		found->results.payload.items = ids;
		found->results.payload.count = 2;
	} else if (chosen == 2) {
		found->kind = ROOMS_ROOM_SEARCH_REPLY_NOTHING_FOUND;
	}
	return answer;
}

static int typing(struct rooms_room *room, const struct rooms_typing *in)
{
	(void)room;
	seen_in = in;
	return answer;
}

static int connected_message(struct rooms_room *room, const struct rooms_connected *in)
{
	(void)room;
	seen_in = in;
	return answer;
}

static int default_message(struct rooms_room *room, const struct rooms_default *in)
{
	(void)room;
	seen_in = in;
	return answer;
}

static int archived(struct rooms_room *room, const struct rooms_room_archived *event,
        struct rooms_room_closed *ret)
{
	(void)room;
	ret->payload.reason = event->payload.reason;
	return answer;
}

static const struct rooms_room_handlers handlers = {
        .load_chat_room = load_chat_room,
        .release_chat_room = release_chat_room,
        .is_member = is_member,
        .is_banned = is_banned,
        .connected = on_connected,
        .disconnected = on_disconnected,
        .chat = chat,
        .search = search,
        .typing = typing,
        .connected_ = connected_message,
        .default_ = default_message,
        .event_room_archived = archived,
};

/* ---- helpers ---- */

static const struct msgc_consumer *table;
static struct rooms_room *room;

static void setup(void)
{
	struct msgc_context context = {
	        .connection = &connection,
	        .server = &server,
	        .sender = &sender,
	        .user = &user,
	        .arena = &arena,
	        .app = &app,
	        .object = &object,
	};

	fake_clear();
	answer = MSGC_OK;
	chosen = 0;
	seen_in = NULL;
	closed_with = 0;
	object.number = 77;
	ck_assert_int_eq(rooms_room_serve(&server, &handlers, &app), MSGC_OK);
	table = server.consumer;
	room = calloc(1, table->self_size);
	ck_assert_ptr_nonnull(room);
	room->params.room_id = 7;
	room->params.lang = MSGC_STR("en");
	table->bind(room, &context);
}

static void teardown(void)
{
	free(room);
	msgc_arena_free(&arena);
	fake_clear();
}

static const struct msgc_action *action(const char *wire)
{
	int index = table->find_action(wire, strlen(wire));

	ck_assert_int_ge(index, 0);
	ck_assert_int_lt(index, (int)table->action_count);
	ck_assert_str_eq(table->actions[index].message->name, wire);
	return &table->actions[index];
}

/* ---- tables ---- */

START_TEST(table_says_what_the_contract_says)
{
	static const enum msgc_auth_kind auth[] = {MSGC_AUTH_SESSION, MSGC_AUTH_JWT};

	ck_assert_uint_eq(table->abi, MSGC_GENERATED_ABI);
	ck_assert_str_eq(table->contract, "rooms");
	ck_assert_str_eq(table->name, "room");
	ck_assert_uint_eq(table->handlers_size, sizeof(struct rooms_room_handlers));
	ck_assert_uint_eq(table->path_count, 4);
	ck_assert_str_eq(table->path[0].literal, "ws");
	ck_assert_str_eq(table->path[1].literal, "chat");
	ck_assert_ptr_null(table->path[2].literal);
	ck_assert_uint_eq(table->path[2].param, 0);
	ck_assert_uint_eq(table->path[3].param, 1);
	ck_assert(table->path_slash);
	ck_assert_uint_eq(table->param_count, 2);
	ck_assert_str_eq(table->params[0], "room_id");
	ck_assert_str_eq(table->params[1], "lang");
	ck_assert_uint_eq(table->auth_count, 2);
	ck_assert_mem_eq(table->auth, auth, sizeof(auth));
	ck_assert_str_eq(table->object->name, "chat_room");
	ck_assert_uint_eq(table->rate.tokens, 120);
	ck_assert_uint_eq(table->rate.burst, 120);
	ck_assert_int_eq(table->rate.per_ms, 60000);
	ck_assert_uint_eq(table->frame_limit, 16384);
	ck_assert(table->completion);
	ck_assert_str_eq(table->envelope.discriminator, "action");
	ck_assert_str_eq(table->envelope.ref, "ref");
}
END_TEST

START_TEST(what_the_contract_does_not_say_is_left_out)
{
	static const struct rooms_radio_handlers none;

	ck_assert_int_eq(rooms_radio_serve(&server, &none, NULL), MSGC_OK);
	table = server.consumer;
	ck_assert_uint_eq(table->path_count, 2);
	ck_assert(!table->path_slash);
	ck_assert_ptr_null(table->read_params);
	ck_assert_uint_eq(table->auth_count, 0);
	ck_assert_uint_eq(table->permit_count, 0);
	ck_assert_ptr_null(table->object);
	ck_assert_uint_eq(table->action_count, 0);
	ck_assert_int_eq(table->find_action("ping", 4), -1);
	ck_assert_uint_eq(table->event_count, 0);
	ck_assert_uint_eq(table->required_count, 0);
	ck_assert_uint_eq(table->rate.tokens, 0);
	ck_assert_uint_eq(table->frame_limit, 0);
	ck_assert(!table->completion);
}
END_TEST

/* is_authenticated and (is_member or not is_banned(user)), in postfix order. */
START_TEST(permit_is_in_postfix_order)
{
	static const struct msgc_permit_op ops[] = {
	        {MSGC_PERMIT_TERM, -1},
	        {MSGC_PERMIT_TERM, 0},
	        {MSGC_PERMIT_TERM, 1},
	        {MSGC_PERMIT_NOT, 0},
	        {MSGC_PERMIT_OR, 0},
	        {MSGC_PERMIT_AND, 0},
	};

	ck_assert_uint_eq(table->permit_count, 6);
	for (size_t i = 0; i < 6; i++) {
		ck_assert_int_eq(table->permit[i].kind, ops[i].kind);
		if (ops[i].kind == MSGC_PERMIT_TERM)
			ck_assert_int_eq(table->permit[i].term, ops[i].term);
	}
	ck_assert_uint_eq(table->term_count, 2);
	ck_assert_str_eq(table->terms[0].name, "is_member");
	ck_assert(table->terms[0].needs_object);
	ck_assert_str_eq(table->terms[1].name, "is_banned");
	ck_assert(!table->terms[1].needs_object);
}
END_TEST

START_TEST(actions_are_found_by_their_whole_name)
{
	static const char *const wires[] = {
	        "ping", "chat", "search.rooms", "typing", "connected", "default"};
	static const char *const wrong[] = {"", "c", "cha", "chat ", "Chat", "chaT", "pong",
	        "search", "search.roomz", "history"};

	ck_assert_uint_eq(table->action_count, 6);
	for (size_t i = 0; i < 6; i++)
		ck_assert_int_eq(table->find_action(wires[i], strlen(wires[i])), (int)i);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_int_eq(table->find_action(wrong[i], strlen(wrong[i])), -1);
	ck_assert_ptr_null(table->actions[0].handler);
	ck_assert_str_eq(table->actions[1].handler, "chat");
	ck_assert_uint_eq(table->actions[1].rate.tokens, 5);
	ck_assert_uint_eq(table->actions[1].rate.burst, 10);
	ck_assert_int_eq(table->actions[1].rate.per_ms, 1000);
	ck_assert_uint_eq(table->actions[2].rate.tokens, 0);
	ck_assert_str_eq(table->actions[4].handler, "connected_");
}
END_TEST

START_TEST(required_names_every_handler_and_its_place)
{
	static const char *const names[] = {"load_chat_room", "is_member", "is_banned", "chat",
	        "search", "typing", "connected_", "default_", "event_room_archived"};

	ck_assert_uint_eq(table->required_count, sizeof(names) / sizeof(names[0]));
	for (size_t i = 0; i < table->required_count; i++) {
		void *at;

		ck_assert_str_eq(table->required[i].name, names[i]);
		ck_assert_uint_le(
		        table->required[i].offset + sizeof(at), sizeof(struct rooms_room_handlers));
		memcpy(&at, (const char *)&handlers + table->required[i].offset, sizeof(at));
		ck_assert_ptr_nonnull(at);
	}
	ck_assert_uint_eq(
	        table->required[0].offset, offsetof(struct rooms_room_handlers, load_chat_room));
	ck_assert_uint_eq(
	        table->required[6].offset, offsetof(struct rooms_room_handlers, connected_));
}
END_TEST

/* ---- parameters ---- */

static int read_params(const char *room_id, const char *lang, struct msgc_problems *problems)
{
	struct msgc_str values[2] = {msgc_str(room_id), msgc_str(lang)};

	msgc_problems_clear(problems);
	return table->read_params(room, values, &arena, problems);
}

START_TEST(params_are_typed)
{
	struct msgc_problems problems;

	ck_assert_int_eq(read_params("9007199254740991", " de ", &problems), MSGC_OK);
	ck_assert_int_eq(room->params.room_id, INT64_C(9007199254740991));
	ck_assert_str_eq(msgc_str_c(room->params.lang), "de");
	ck_assert_uint_eq(room->params.lang.len, 2);
	ck_assert_uint_eq(problems.count, 0);
}
END_TEST

START_TEST(params_that_break_the_contract_are_refused)
{
	static const char *const ids[] = {"0", "-1", "x", "", "1.5", "1e3", "9007199254740992",
	        "99999999999999999999", "+1", "1 "};
	struct msgc_problems problems;

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		ck_assert_int_eq(read_params(ids[i], "en", &problems), MSGC_ECONTRACT);
		ck_assert_uint_eq(problems.count, 1);
		ck_assert_str_eq(problems.items[0].loc, "[\"path\",\"room_id\"]");
	}
	ck_assert_int_eq(read_params("0", "e", &problems), MSGC_ECONTRACT);
	ck_assert_uint_eq(problems.count, 2);
	ck_assert_str_eq(problems.items[0].type, "greater_than_equal");
	ck_assert_str_eq(problems.items[1].loc, "[\"path\",\"lang\"]");
	ck_assert_str_eq(problems.items[1].type, "string_too_short");
}
END_TEST

/* ---- look-ups ---- */

START_TEST(object_is_loaded_and_released_typed)
{
	void *loaded = NULL;

	ck_assert_int_eq(table->object->load(&handlers, room, NULL, &loaded), MSGC_OK);
	ck_assert_ptr_eq(loaded, &object);
	table->object->release(&handlers, loaded);
	ck_assert_int_eq(object.number, 78);
	answer = MSGC_ENOTFOUND;
	ck_assert_int_eq(table->object->load(&handlers, room, NULL, &loaded), MSGC_ENOTFOUND);
}
END_TEST

START_TEST(release_may_be_missing)
{
	struct rooms_room_handlers without = handlers;

	without.release_chat_room = NULL;
	table->object->release(&without, &object);
	ck_assert_int_eq(object.number, 77);
}
END_TEST

START_TEST(terms_ask_what_they_are_about)
{
	bool allowed = false;

	ck_assert_int_eq(table->terms[0].ask(&handlers, room, NULL, &allowed), MSGC_OK);
	ck_assert(allowed);
	ck_assert_int_eq(table->terms[1].ask(&handlers, room, NULL, &allowed), MSGC_OK);
	ck_assert(!allowed);
	answer = MSGC_BLOCKS;
	ck_assert_int_eq(table->terms[0].ask(&handlers, room, NULL, &allowed), MSGC_BLOCKS);
}
END_TEST

/* ---- hooks and joins ---- */

START_TEST(hooks_may_be_missing)
{
	static const struct rooms_room_handlers none;

	ck_assert_int_eq(table->connected(&none, room, &reply), MSGC_OK);
	table->disconnected(&none, room, 1000);
	answer = MSGC_EBUSY;
	ck_assert_int_eq(table->connected(&handlers, room, &reply), MSGC_EBUSY);
	table->disconnected(&handlers, room, 1001);
	ck_assert_uint_eq(closed_with, 1001);
}
END_TEST

START_TEST(joins_at_the_start_are_the_contracts)
{
	ck_assert_int_eq(table->joins(room), MSGC_OK);
	ck_assert_str_eq(fake_log, "join 5 chat_room_7\njoin 5 everybody\n");
	fake_clear();
	fake_result = MSGC_ENOMEM;
	ck_assert_int_eq(table->joins(room), MSGC_ENOMEM);
	ck_assert_str_eq(fake_log, "join 5 chat_room_7\n");
}
END_TEST

START_TEST(joins_while_running_are_typed)
{
	struct msgc_str name = MSGC_STR("a/b");

	ck_assert_int_eq(rooms_room_join_wing(room, 255, name, PPL_ROLE_GUEST, true), MSGC_OK);
	ck_assert_int_eq(rooms_room_leave_wing(room, 0, name, PPL_ROLE_OWNER, false), MSGC_OK);
	ck_assert_int_eq(rooms_room_leave_people_everybody(room), MSGC_OK);
	ck_assert_str_eq(fake_log,
	        "join 5 wing:255:a%2Fb/guest-true\n"
	        "leave 5 wing:0:a%2Fb/owner-false\n"
	        "leave 5 everybody\n");
}
END_TEST

/* ---- handlers ---- */

START_TEST(one_reply_is_put_when_the_handler_succeeds)
{
	struct rooms_chat in = {.payload = MSGC_STR("hi")};
	const struct msgc_action *chat_action = action("chat");
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
	const struct msgc_action *search_action = action("search.rooms");

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
		ck_assert_int_eq(action(wires[i])->handle(&handlers, room, &in, &reply), MSGC_OK);
		ck_assert_ptr_eq(seen_in, &in);
	}
	ck_assert_str_eq(fake_log, "");
	answer = MSGC_EREFUSED;
	ck_assert_int_eq(action("typing")->handle(&handlers, room, &in, &reply), MSGC_EREFUSED);
}
END_TEST

START_TEST(ping_is_answered_without_a_handler)
{
	ck_assert_int_eq(action("ping")->handle(&handlers, room, NULL, &reply), MSGC_OK);
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
	        "publish chat_room_-3 from somebody to others "
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

static int fail(struct rooms_room_search_pending *pending, struct rooms_room *gone_or_not)
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
	ck_assert_int_eq(rooms_room_search_later(room, choose, fail), MSGC_LATER);
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
	static const TTest *const tests[] = {table_says_what_the_contract_says,
	        what_the_contract_does_not_say_is_left_out, permit_is_in_postfix_order,
	        actions_are_found_by_their_whole_name, required_names_every_handler_and_its_place,
	        params_are_typed, params_that_break_the_contract_are_refused,
	        object_is_loaded_and_released_typed, release_may_be_missing,
	        terms_ask_what_they_are_about, hooks_may_be_missing,
	        joins_at_the_start_are_the_contracts, joins_while_running_are_typed,
	        one_reply_is_put_when_the_handler_succeeds, one_of_several_replies_is_put,
	        handlers_without_reply_put_none, ping_is_answered_without_a_handler,
	        events_are_handled_or_passed_on, send_is_typed,
	        broadcasts_and_events_go_to_the_groups_name, a_name_too_long_reaches_nobody,
	        later_works_then_is_done, done_runs_for_a_connection_that_has_gone,
	        without_done_the_reply_of_work_is_put, later_is_refused_where_it_makes_no_sense,
	        defer_hands_out_the_pending_frame, later_with_several_replies_puts_the_chosen_one,
	        the_connected_hook_may_answer_later};
	Suite *suite = suite_create("consumer");
	TCase *tcase = tcase_create("consumer");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
