/* SPDX-License-Identifier: MIT */
/*
 * rooms_fixture.c - the program that the tests of rooms.msg drive.
 */
#include <stdlib.h>
#include <string.h>

#include "rooms_fixture.h"

struct msgc_server server;
struct msgc_sender sender;
struct msgc_user user;
struct msgc_arena arena;
struct msgc_reply reply;
struct chat_room object = {.number = 77};
int app;

int answer;
int chosen;
const void *seen_in;
uint16_t closed_with;

const struct msgc_consumer *table;
struct rooms_room *room;

static struct msgc_connection connection = {.id = 5};

/* ---- the program's side: handlers that do what `answer` says ---- */

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

static int on_connected(struct rooms_room *self)
{
	ck_assert_ptr_eq(self->connection, &connection);
	return answer;
}

static void on_disconnected(struct rooms_room *self, uint16_t code)
{
	ck_assert_ptr_eq(self->connection, &connection);
	closed_with = code;
}

static int chat(
        struct rooms_room *self, const struct rooms_chat *in, struct rooms_chat_saved *saved)
{
	ck_assert_ptr_eq(self->user, &user);
	seen_in = in;
	saved->payload.id = 12;
	return answer;
}

static int search(struct rooms_room *self, const struct rooms_search *in,
        struct rooms_room_search_reply *found)
{
	static const int64_t ids[] = {3, 4};

	(void)self;
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

static int typing(struct rooms_room *self, const struct rooms_typing *in)
{
	(void)self;
	seen_in = in;
	return answer;
}

static int connected_message(struct rooms_room *self, const struct rooms_connected *in)
{
	(void)self;
	seen_in = in;
	return answer;
}

static int default_message(struct rooms_room *self, const struct rooms_default *in)
{
	(void)self;
	seen_in = in;
	return answer;
}

static int archived(struct rooms_room *self, const struct rooms_room_archived *event,
        struct rooms_room_closed *ret)
{
	(void)self;
	ret->payload.reason = event->payload.reason;
	return answer;
}

const struct rooms_room_handlers handlers = {
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

void rooms_setup(void)
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

void rooms_teardown(void)
{
	free(room);
	msgc_arena_free(&arena);
	fake_clear();
}

const struct msgc_action *rooms_action(const char *wire)
{
	int index = table->find_action(wire, strlen(wire));

	ck_assert_int_ge(index, 0);
	ck_assert_int_lt(index, (int)table->action_count);
	ck_assert_str_eq(table->actions[index].message->name, wire);
	return &table->actions[index];
}

int rooms_run(const char *name, const TTest *const *tests, size_t count)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, rooms_setup, rooms_teardown);
	for (size_t i = 0; i < count; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
