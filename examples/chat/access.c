/* SPDX-License-Identifier: MIT */
/*
 * Who is it, where do they want to go, may they? The three questions that the contract's `auth`,
 * `object` and `permit` clauses leave to the program. Each blocks on the database, so each says
 * MSGC_BLOCKS first and is called again on a pool thread.
 */
#include "chat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct account *account_of(const struct msgc_user *user)
{
	return user->data;
}

int find_account(
        void *app_, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user)
{
	struct app *app = app_;
	struct store_session session;
	struct account *account;
	int result;

	if (!msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	result = store_session_lookup(app->store, store_text_of(cookie), &session);
	if (result == STORE_ENOTFOUND)
		return MSGC_EUNAUTHENTICATED;
	if (result != STORE_OK)
		return app_result(app, "find a session", result);

	account = calloc(1, sizeof *account);
	if (!account)
		return MSGC_ENOMEM;
	account->user = session.user;
	snprintf(account->id, sizeof account->id, "%lld", (long long)session.user.id);
	memcpy(account->token, cookie.ptr, STORE_TOKEN_LEN); /* found: so long it is */
	*ret_user = (struct msgc_user){
	        .id = msgc_str_from(account->id),
	        .name = msgc_str_from(account->user.name),
	        .expires_at = session.expires_at / 1000,
	        .data = account,
	        .release = free,
	};
	return MSGC_OK;
}

int session_still_there(struct app *app, const struct msgc_user *user, bool *ret_there)
{
	struct store_session session;
	const char *token = account_of(user)->token;
	int result =
	        store_session_lookup(app->store, store_text_of(msgc_str_from(token)), &session);

	if (result != STORE_OK && result != STORE_ENOTFOUND)
		return app_result(app, "look at a session again", result);
	*ret_there = result == STORE_OK;
	return MSGC_OK;
}

/* The same room, whether somebody enters it or wants to hear its news. */
static int load_room(struct app *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        int64_t room_id, struct chat_room **ret_room)
{
	struct chat_room *room;
	int result;

	if (!msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	room = calloc(1, sizeof *room);
	if (!room)
		return MSGC_ENOMEM;
	result = store_room_by_id(app->store, room_id, account_of(user)->user.id, &room->stored);
	if (result != STORE_OK) {
		free(room);
		return app_result(app, "load a room", result);
	}
	*ret_room = room;
	return MSGC_OK;
}

int load_chat_room(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        const struct chat_talk_params *params, struct chat_room **ret_room)
{
	return load_room(app, lookup, user, params->room_id, ret_room);
}

int load_news_room(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        const struct chat_room_news_params *params, struct chat_room **ret_room)
{
	return load_room(app, lookup, user, params->room_id, ret_room);
}

void release_chat_room(struct chat_room *room)
{
	free(room);
}

/* What was read with the room answers it: nothing to wait for. */
int is_member(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        const struct chat_talk_params *params, struct chat_room *room, bool *ret_allowed)
{
	(void)app;
	(void)lookup;
	(void)user;
	(void)params;
	*ret_allowed = room->stored.is_member;
	return MSGC_OK;
}

int is_news_member(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        const struct chat_room_news_params *params, struct chat_room *room, bool *ret_allowed)
{
	(void)app;
	(void)lookup;
	(void)user;
	(void)params;
	*ret_allowed = room->stored.is_member;
	return MSGC_OK;
}
