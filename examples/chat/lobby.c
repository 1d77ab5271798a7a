/* SPDX-License-Identifier: MIT */
/*
 * The list of rooms: a connection that only follows topics, one for each room of one's own, and
 * hears in them that something has been said. room.c broadcasts it; who may follow what is answered
 * in access.c, by the same rows as for entering.
 */
#include "chat.h"

enum { BEGINNING_POINTS = 80 }; /* as the contract has it */

struct msgc_str news_beginning(struct msgc_str text)
{
	size_t points = 0, len;

	/* UTF-8, checked when it came in: every byte but 10xxxxxx begins a code point. */
	for (len = 0; len < text.len; len++)
		if (((unsigned char)text.ptr[len] & 0xc0) != 0x80 && points++ == BEGINNING_POINTS)
			break;
	return msgc_str_of(text.ptr, len);
}

/* ---- the connection: it ends with the session that opened it ---- */

static int look_again(struct chat_lobby_connected_pending *pending)
{
	bool there;
	int result = session_still_there(pending->app, pending->user, &there);

	if (result == MSGC_OK && there)
		pending->result = pending;
	return result;
}

static int settle(struct chat_lobby_connected_pending *pending, struct chat_lobby *lobby)
{
	if (lobby && !pending->result)
		msgc_connection_close(lobby->connection, VISITS_SESSION_ENDED, "logged out");
	return MSGC_OK;
}

static int come(struct chat_lobby *lobby)
{
	struct app *app = lobby->app;

	lobby->state = visit_begin(&app->visits, lobby->connection, account_of(lobby->user)->token);
	if (!lobby->state)
		return MSGC_ENOMEM;
	return chat_lobby_connected_later(lobby, look_again, settle);
}

static void go(struct chat_lobby *lobby, uint16_t close_code)
{
	(void)close_code;
	visit_end(lobby->state);
	lobby->state = NULL;
}

const struct chat_lobby_handlers lobby_handlers = {
        .connected = come,
        .disconnected = go,
};

/* Clients only listen. */
const struct chat_room_news_handlers room_news_handlers = {
        .load_chat_room = load_news_room,
        .release_chat_room = release_chat_room,
        .is_member = is_news_member,
};
