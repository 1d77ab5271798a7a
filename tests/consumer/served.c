/* SPDX-License-Identifier: MIT */
/*
 * served.c - look-ups that block, answers that come later (from the pool, from elsewhere), groups joined while running,
 * events: as a program would write them.
 */
#include "served.h"

#include <stdlib.h>
#include <time.h>

struct chat_room {
	struct served *served;
	int64_t id;
};

static void sleep_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* ---- look-ups ---- */

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user)
{
	(void)app;
	if (!msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	if (cookie.len == 0)
		return MSGC_EUNAUTHENTICATED;
	ret_user->id = cookie;
	return MSGC_OK;
}

static int no_token(void *context, struct msgc_str token, int64_t now_unix_seconds,
        struct msgc_arena *arena, struct msgc_user *ret_user)
{
	(void)context;
	(void)token;
	(void)now_unix_seconds;
	(void)arena;
	(void)ret_user;
	return MSGC_EUNAUTHENTICATED;
}

static int load_chat_room(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        const struct rooms_room_params *params, struct chat_room **ret_object)
{
	struct served *served = app;
	struct chat_room *object;

	if (!msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	if (msgc_user_is_anonymous(user))
		return MSGC_EINTERNAL;
	if (params->room_id == 404)
		return MSGC_ENOTFOUND;
	object = malloc(sizeof(*object));
	if (!object)
		return MSGC_ENOMEM;
	*object = (struct chat_room){served, params->room_id};
	atomic_fetch_add(&served->loaded, 1);
	*ret_object = object;
	return MSGC_OK;
}

static void release_chat_room(struct chat_room *object)
{
	atomic_fetch_add(&object->served->released, 1);
	free(object);
}

/* Nobody is a member of room 13. */
static int is_member(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        const struct rooms_room_params *params, struct chat_room *object, bool *ret_allowed)
{
	(void)app;
	(void)lookup;
	(void)user;
	*ret_allowed = object->id == params->room_id && object->id != 13;
	return MSGC_OK;
}

static int is_banned(
        void *app, struct msgc_lookup *lookup, const struct msgc_user *user, bool *ret_allowed)
{
	(void)app;
	(void)lookup;
	*ret_allowed = !msgc_str_equal(user->id, MSGC_STR("root"));
	return MSGC_OK;
}

/* ---- hooks ---- */

static int read_history(struct rooms_room_connected_pending *pending)
{
	static const struct msgc_str last = MSGC_STR_INIT("earlier");

	sleep_ms(5);
	pending->result = (void *)&last;
	return pending->object->id == pending->params.room_id ? MSGC_OK : MSGC_EINTERNAL;
}

static int send_history(struct rooms_room_connected_pending *pending, struct rooms_room *room)
{
	const struct rooms_history history = {.payload = {pending->result, 1}};

	return room ? rooms_room_send_history(room, &history) : MSGC_OK;
}

static int on_connected(struct rooms_room *room)
{
	room->state = room;
	return rooms_room_connected_later(room, read_history, send_history);
}

static void on_disconnected(struct rooms_room *room, uint16_t code)
{
	struct served *served = room->app;

	(void)code;
	if (room->state == room)
		atomic_fetch_add(&served->disconnected, 1);
}

/* ---- chat: stored on the pool, posted on the worker ---- */

static int store(struct rooms_room_chat_pending *pending)
{
	struct served *served = pending->app;

	while (msgc_str_equal(pending->in->payload, MSGC_STR("wait")) &&
	        !atomic_load(&served->may_go_on))
		sleep_ms(1);
	if (msgc_str_equal(pending->in->payload, MSGC_STR("broken")))
		return MSGC_EIO;
	/* All that a pending frame holds is there, whether its connection is or not. */
	if (pending->params.lang.len != 2 || pending->object->id != pending->params.room_id ||
	        pending->user->id.len == 0)
		return MSGC_EINTERNAL;
	pending->reply.payload.id = atomic_fetch_add(&served->stored, 1) + 1;
	return MSGC_OK;
}

static int post(struct rooms_room_chat_pending *pending, struct rooms_room *room)
{
	const struct rooms_chat_posted posted = {.payload = pending->in->payload};
	struct served *served = pending->app;

	if (!room)
		atomic_store(&served->done_without_connection, true);
	return rooms_chat_room_broadcast_chat_posted(
	        pending->server, pending->params.room_id, pending->sender, &posted, MSGC_TO_ALL);
}

static int chat(
        struct rooms_room *room, const struct rooms_chat *in, struct rooms_chat_saved *reply)
{
	(void)in;
	(void)reply;
	return rooms_room_chat_later(room, store, post);
}

/* ---- search: answered from elsewhere ---- */

static int search_elsewhere(void *arg)
{
	static const int64_t found[] = {4, 2};
	struct rooms_room_search_pending *pending = arg;

	if (msgc_str_equal(pending->in->payload, MSGC_STR("nothing"))) {
		pending->reply.kind = ROOMS_ROOM_SEARCH_REPLY_NOTHING_FOUND;
	} else {
		pending->reply.kind = ROOMS_ROOM_SEARCH_REPLY_RESULTS;
		pending->reply.results.payload.items = found;
		pending->reply.results.payload.count = 2;
	}
	msgc_pending_finish(pending->pending, MSGC_OK);
	return MSGC_OK;
}

static int search(struct rooms_room *room, const struct rooms_search *in,
        struct rooms_room_search_reply *reply)
{
	struct rooms_room_search_pending *pending;
	int result;

	if (msgc_str_equal(in->payload, MSGC_STR("at once"))) {
		reply->kind = ROOMS_ROOM_SEARCH_REPLY_NOTHING_FOUND;
		return MSGC_OK;
	}
	if (msgc_str_equal(in->payload, MSGC_STR("neither")))
		return MSGC_OK;
	result = rooms_room_search_defer(room, NULL, &pending);
	if (result == MSGC_LATER &&
	        msgc_server_submit(room->server, search_elsewhere, NULL, pending) != MSGC_OK)
		msgc_pending_finish(pending->pending, MSGC_EBUSY);
	return result;
}

/* ---- the others ---- */

static int typing(struct rooms_room *room, const struct rooms_typing *in)
{
	const struct rooms_chat_posted posted = {.payload = MSGC_STR("typing")};

	(void)in;
	return rooms_wing_broadcast_chat_posted(room->server, 1, MSGC_STR("west"), PPL_ROLE_OWNER,
	        false, room->sender, &posted, MSGC_EXCLUDE_CURRENT);
}

/* A …_later() of another message: refused, never wrongly typed. */
static int connected_message(struct rooms_room *room, const struct rooms_connected *in)
{
	struct served *served = room->app;

	(void)in;
	atomic_store(&served->wrong_later, rooms_room_chat_later(room, store, post));
	return msgc_refuse(room->connection, "not like this");
}

static int default_message(struct rooms_room *room, const struct rooms_default *in)
{
	struct msgc_str name = MSGC_STR("west");

	return in->payload ? rooms_room_join_wing(room, 1, name, PPL_ROLE_OWNER, false)
	                   : rooms_room_leave_wing(room, 1, name, PPL_ROLE_OWNER, false);
}

static int look_up_reason(struct rooms_room_event_room_archived_pending *pending)
{
	pending->reply.payload.reason = pending->in->payload.reason;
	return MSGC_OK;
}

static int archived(struct rooms_room *room, const struct rooms_room_archived *event,
        struct rooms_room_closed *ret)
{
	(void)event;
	(void)ret;
	return rooms_room_event_room_archived_later(room, look_up_reason, NULL);
}

static int lobby_connected(struct rooms_lobby *lobby)
{
	const struct rooms_lobby_params *params = &lobby->params;
	struct served *served = lobby->app;

	atomic_store(&served->volume, params->volume);
	atomic_store(&served->station, params->has_station ? (int)params->station.len : -1);
	return MSGC_OK;
}

static int lobby_note(struct rooms_lobby *lobby, const struct ppl_note *in)
{
	return ppl_everybody_broadcast_note(lobby->server, lobby->sender, in, MSGC_TO_ALL);
}

struct msgc_server *served_make(int argc, char **argv, void *app)
{
	static const struct rooms_room_handlers room_handlers = {
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
	static const struct rooms_lobby_handlers lobby_handlers = {
	        .connected = lobby_connected, .people_note = lobby_note};
	static const struct rooms_radio_handlers radio_handlers = {.connected = NULL};
	struct msgc_server *server = msgc_server_new(argc, argv);

	msgc_server_use_sessions(server, "sid", find_session, app);
	msgc_server_use_tokens(server, no_token, NULL, NULL, NULL);
	rooms_room_serve(server, &room_handlers, app);
	rooms_lobby_serve(server, &lobby_handlers, app);
	rooms_radio_serve(server, &radio_handlers, app);
	return server;
}
