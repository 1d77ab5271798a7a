/* SPDX-License-Identifier: MIT */
/*
 * What happens in a room: somebody comes, says something, goes. Handlers run on the server's worker
 * and must not block; what needs the database runs on a pool thread (`work` below) and comes back
 * (`done`). No JSON here: messages are the contract's structs.
 */
#include "chat.h"

#include <string.h>

#include <msgc/sqlite.h>

static struct chat_passage passage(const struct msgc_user *user, const struct chat_room *room)
{
	const struct store_user *who = &account_of(user)->user;

	return (struct chat_passage){
	        .username = msgc_str_from(who->name),
	        .display_name = msgc_str_from(who->display),
	        .room_name = msgc_str_from(room->stored.title),
	        .timestamp = app_datetime(app_now_ms()),
	};
}

/* ---- who is there ---- */

static int show_face(struct chat_talk *talk, int64_t room_id, struct chat_face *ret_entry)
{
	const struct store_user *who = &account_of(talk->user)->user;

	(void)room_id;
	ret_entry->username = msgc_str_from(who->name);
	ret_entry->display_name = msgc_str_from(who->display);
	return MSGC_OK;
}

/* ---- coming: the room hears of it, the newcomer gets the last messages ---- */

static int entry_from(
        const struct store_message *stored, struct msgc_arena *arena, struct chat_entry *ret_entry)
{
	ret_entry->id = stored->id;
	ret_entry->timestamp = app_datetime(stored->created_at);
	if (msgc_arena_copy(arena, msgc_str_from(stored->name), &ret_entry->username) ||
	        msgc_arena_copy(arena, msgc_str_from(stored->display), &ret_entry->display_name) ||
	        msgc_arena_copy(arena, msgc_str_of(stored->body.ptr, stored->body.len),
	                &ret_entry->message))
		return MSGC_ENOMEM;
	return MSGC_OK;
}

static int history_from(const struct store_messages *stored, struct msgc_arena *arena,
        struct chat_history **ret_history)
{
	struct chat_history *history = msgc_arena_calloc(arena, 1, sizeof *history);
	struct chat_entry *entries =
	        msgc_arena_calloc(arena, stored->count ? stored->count : 1, sizeof *entries);
	int result = history && entries ? MSGC_OK : MSGC_ENOMEM;

	for (size_t i = 0; result == MSGC_OK && i < stored->count; i++)
		result = entry_from(&stored->items[i], arena, &entries[i]);
	if (result != MSGC_OK)
		return result;
	history->payload.items = entries;
	history->payload.count = stored->count;
	*ret_history = history;
	return MSGC_OK;
}

static int load_history(struct chat_talk_connected_pending *pending)
{
	struct app *app = pending->app;
	struct store_messages stored;
	struct chat_history *history;
	bool there;
	int result = session_still_there(app, pending->user, &there);

	if (result != MSGC_OK || !there)
		return result; /* logged out meanwhile: no history */
	result = store_messages_last(
	        app->store, pending->params.room_id, STORE_HISTORY_MAX, &stored);
	if (result != STORE_OK)
		return app_result(app, "read the history", result);
	result = history_from(&stored, msgc_pending_arena(pending->pending), &history);
	store_messages_free(&stored);
	if (result == MSGC_OK)
		pending->result = history;
	return result;
}

/* Broadcasts leave before what goes to this client alone: user_joined, then history. */
static int welcome(struct chat_talk_connected_pending *pending, struct chat_talk *talk)
{
	struct chat_user_joined joined = {.payload = passage(pending->user, pending->object)};
	struct visit *visit;
	int result;

	if (!talk)
		return MSGC_OK; /* gone again before anybody saw it */
	if (!pending->result) {
		msgc_connection_close(talk->connection, VISITS_SESSION_ENDED, "logged out");
		return MSGC_OK;
	}
	result = chat_chat_room_broadcast_user_joined(
	        pending->server, pending->params.room_id, pending->sender, &joined, MSGC_TO_ALL);
	if (result == MSGC_OK)
		result = chat_talk_send_history(talk, pending->result);
	if (result == MSGC_OK) {
		visit = talk->state;
		visit->announced = true;
	}
	return result;
}

static int come(struct chat_talk *talk)
{
	struct app *app = talk->app;

	talk->state = visit_begin(&app->visits, talk->connection, account_of(talk->user)->token);
	if (!talk->state)
		return MSGC_ENOMEM;
	return chat_talk_connected_later(talk, load_history, welcome);
}

/* ---- talking: stored first, then everybody sees it ---- */

static int store_result_of(int result, sqlite3 *db)
{
	switch (result) {
	case MSGC_OK: return STORE_OK;
	case MSGC_EBUSY: return STORE_EBUSY;
	case MSGC_ENOMEM: return STORE_ENOMEM;
	case MSGC_ETIMEOUT: return STORE_EUNKNOWN;
	default: return sqlite3_errcode(db) == SQLITE_FULL ? STORE_EFULL : STORE_EIO;
	}
}

/* Who is in the room gets the message, who has the list of rooms open the beginning of it. */
static int tell_members(struct chat_talk_chat_pending *pending, int64_t id, int64_t created_at)
{
	const struct store_user *author = &account_of(pending->user)->user;
	const struct chat_chat_posted posted = {
	        .payload = pending->in->payload,
	        .id = id,
	        .username = msgc_str_from(author->name),
	        .display_name = msgc_str_from(author->display),
	        .timestamp = app_datetime(created_at),
	};
	const struct chat_news news = {
	        .payload =
	                {
	                        .username = posted.username,
	                        .display_name = posted.display_name,
	                        .beginning = news_beginning(posted.payload),
	                        .timestamp = posted.timestamp,
	                },
	};
	int64_t room = pending->params.room_id;
	int result = chat_chat_room_broadcast_chat_posted(
	        pending->server, room, pending->sender, &posted, MSGC_TO_ALL);

	if (result == MSGC_OK)
		result = chat_room_news_broadcast_news(
		        pending->server, room, pending->sender, &news, MSGC_TO_ALL);
	return result;
}

/* The room's history gets the message in the transaction of its row: both are there or neither. Members hear of it after the commit. */
static int post(void *context, sqlite3 *db, int64_t id, int64_t created_at)
{
	struct chat_talk_chat_pending *pending = context;
	struct msgc_sqlite_transaction *transaction;
	int result = msgc_sqlite_join(pending->server, db, &transaction);

	if (result != MSGC_OK)
		return store_result_of(result, db); /* the store rolls it back */
	result = tell_members(pending, id, created_at);
	if (result == MSGC_OK)
		return store_result_of(msgc_sqlite_commit(transaction), db);
	result = store_result_of(result, db);
	msgc_sqlite_rollback(transaction);
	return result;
}

static int store_message(struct chat_talk_chat_pending *pending)
{
	struct app *app = pending->app;
	const struct store_user *author = &account_of(pending->user)->user;
	const struct store_companion companion = {post, pending};
	int64_t id, created_at;
	int result;

	result = store_message_append_with(app->store, pending->params.room_id, author->id,
	        store_text_of(pending->in->payload), &companion, &id, &created_at);
	if (result == STORE_EFULL)
		return msgc_pending_refuse(
		        pending->pending, "Not stored: the server has no room left for messages.");
	if (result == STORE_EDENIED)
		return msgc_pending_refuse(
		        pending->pending, "Not stored: you are no member of this room.");
	if (result == STORE_EUNKNOWN)
		return MSGC_ETIMEOUT;
	return result == STORE_OK ? MSGC_OK : app_result(app, "store a message", result);
}

static int say(struct chat_talk *talk, const struct chat_chat *in)
{
	(void)in; /* waits in pending->in */
	return chat_talk_chat_later(talk, store_message, NULL);
}

/* ---- going ---- */

static void go(struct chat_talk *talk, uint16_t close_code)
{
	struct visit *visit = talk->state;
	struct chat_user_left left = {.payload = passage(talk->user, talk->object)};

	(void)close_code;
	if (visit && visit->announced)
		chat_chat_room_broadcast_user_left(
		        talk->server, talk->params.room_id, talk->sender, &left, MSGC_TO_ALL);
	visit_end(visit);
	talk->state = NULL;
}

const struct chat_talk_handlers room_handlers = {
        .load_chat_room = load_chat_room,
        .release_chat_room = release_chat_room,
        .is_member = is_member,
        .present_chat_room = show_face,
        .connected = come,
        .disconnected = go,
        .chat = say,
};
