/* SPDX-License-Identifier: MIT */
/*
 * test_tables.c - what generated tables say of a consumer, and what its parameters, look-ups, hooks and joins do.
 */
#include <string.h>

#include "rooms_fixture.h"

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
	ck_assert_str_eq(table->envelope.keys[0], "action");
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
	struct msgc_str values[2] = {msgc_str_from(room_id), msgc_str_from(lang)};

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

int main(void)
{
	const TTest *const tests[] = {table_says_what_the_contract_says,
	        what_the_contract_does_not_say_is_left_out, permit_is_in_postfix_order,
	        actions_are_found_by_their_whole_name, required_names_every_handler_and_its_place,
	        params_are_typed, params_that_break_the_contract_are_refused,
	        object_is_loaded_and_released_typed, release_may_be_missing,
	        terms_ask_what_they_are_about, hooks_may_be_missing,
	        joins_at_the_start_are_the_contracts, joins_while_running_are_typed};

	return rooms_run("consumer tables", tests, sizeof(tests) / sizeof(tests[0]));
}
