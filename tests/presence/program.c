/* SPDX-License-Identifier: MIT */
/*
 * Rooms that show who is in them. It must not know what is tested with it.
 */
#include <stdio.h>

#include "program.h"

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user)
{
	(void)app;
	(void)lookup;
	ret_user->id = cookie;
	return MSGC_OK;
}

static int present_room(
        struct presence_guest *guest, struct msgc_str name, struct presence_face *ret_entry)
{
	if (msgc_str_equal(guest->user->id, msgc_str_from("outlaw")))
		return MSGC_EDENIED;
	ret_entry->name = guest->user->id.len > 0 ? guest->user->id : msgc_str_from("nobody");
	ret_entry->mood = name; /* the room that was asked for: parameters reach the hook */
	return MSGC_OK;
}

static int say(
        struct presence_guest *guest, const struct presence_say *in, struct presence_said *reply)
{
	const struct presence_line line = {.payload = in->payload};

	(void)reply;
	return presence_room_broadcast_line(
	        guest->server, guest->params.name, guest->sender, &line, MSGC_TO_ALL);
}

static int feel(
        struct presence_guest *guest, const struct presence_feel *in, struct presence_felt *reply)
{
	const struct presence_face face = {.name = guest->user->id, .mood = in->payload};

	(void)reply;
	return presence_guest_present_room(guest, guest->params.name, &face);
}

static int enter(struct presence_guest *guest, const struct presence_enter *in,
        struct presence_entered *reply)
{
	(void)reply;
	return presence_guest_join_room(guest, in->payload);
}

static int leave(
        struct presence_guest *guest, const struct presence_leave *in, struct presence_left *reply)
{
	(void)reply;
	return presence_guest_leave_room(guest, in->payload);
}

static int answer(const struct presence_room_roster *roster, struct msgc_arena *arena,
        struct presence_there *reply)
{
	struct presence_someone *users =
	        msgc_arena_calloc(arena, roster->item_count + 1, sizeof users[0]);

	if (!users)
		return MSGC_ENOMEM;
	for (size_t i = 0; i < roster->item_count; i++) {
		const struct presence_room_present *from = &roster->items[i];

		users[i] = (struct presence_someone){
		        .realm = from->who.realm,
		        .user = from->who.user,
		        .connections = from->who.connections,
		        .name = from->info.name,
		        .mood = from->info.mood,
		};
	}
	reply->payload.count = (int64_t)roster->count;
	reply->payload.users.items = users;
	reply->payload.users.count = roster->item_count;
	return MSGC_OK;
}

static int ask_elsewhere(struct presence_guest_who_pending *pending)
{
	struct msgc_arena *arena = msgc_pending_arena(pending->pending);
	struct presence_room_roster roster;
	int result = presence_room_read_roster(pending->server, pending->in->payload.room,
	        (size_t)pending->in->payload.most, arena, &roster);

	return result < 0 ? result : answer(&roster, arena, &pending->reply);
}

static int who(
        struct presence_guest *guest, const struct presence_who *in, struct presence_there *reply)
{
	struct presence_room_roster roster;
	int result;

	if (in->payload.blocking)
		return presence_guest_who_later(guest, ask_elsewhere, NULL);
	result = presence_room_read_roster(
	        guest->server, in->payload.room, (size_t)in->payload.most, guest->arena, &roster);
	return result < 0 ? result : answer(&roster, guest->arena, reply);
}

static int fail(struct presence_guest *guest, const struct presence_fail *in)
{
	(void)guest;
	(void)in;
	return MSGC_EINTERNAL;
}

static int list(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	struct presence_room_roster roster;
	char text[64];
	int result;

	(void)app;
	result = presence_room_read_roster(msgc_http_server(request), msgc_str_from("a"), 10,
	        msgc_http_arena(request), &roster);
	snprintf(text, sizeof text, "%s %d", msgc_error_name(result),
	        result < 0 ? -1 : (int)roster.count);
	return msgc_http_text(response, "text/plain", msgc_str_from(text));
}

static int present_at_table(struct presence_table *table, struct presence_face *ret_entry)
{
	if (msgc_str_equal(table->user->id, msgc_str_from("outcast")))
		return MSGC_EDENIED;
	ret_entry->name = table->user->id.len > 0 ? table->user->id : msgc_str_from("nobody");
	ret_entry->mood = msgc_str_from("hungry");
	return MSGC_OK;
}

static int nod(
        struct presence_table *table, const struct presence_nod *in, struct presence_nodded *reply)
{
	const struct presence_line line = {.payload = in->payload};

	(void)reply;
	return presence_table_broadcast_line(
	        table->server, table->params.id, table->sender, &line, MSGC_TO_ALL);
}

static int feel_at_table(
        struct presence_table *table, const struct presence_feel *in, struct presence_felt *reply)
{
	const struct presence_face face = {.name = table->user->id, .mood = in->payload};

	(void)reply;
	return presence_table_present_as(table, &face);
}

static int start_worker(void *app, unsigned worker)
{
	(void)app;
	(void)worker;
	return MSGC_OK;
}

struct msgc_server *presence_make(int argc, char **argv, void *app)
{
	static const struct presence_guest_handlers guest = {
	        .present_room = present_room,
	        .say = say,
	        .feel = feel,
	        .enter = enter,
	        .leave = leave,
	        .who = who,
	        .fail = fail,
	};
	static const struct presence_visitor_handlers visitor = {0};
	static const struct presence_table_handlers table = {
	        .present = present_at_table, .nod = nod, .feel = feel_at_table};
	static const struct msgc_http_route routes[] = {
	        {.method = "GET", .pattern = "/who/", .handler = list}};
	struct msgc_server *server = msgc_server_new(argc, argv);

	msgc_server_use_sessions(server, "sid", find_session, NULL);
	msgc_server_on_worker(server, start_worker, NULL, NULL);
	msgc_server_routes(server, routes, sizeof routes / sizeof routes[0], app);
	presence_guest_serve(server, &guest, app);
	presence_visitor_serve(server, &visitor, app);
	presence_table_serve(server, &table, app);
	return server;
}
