/* SPDX-License-Identifier: MIT */
/*
 * The rooms: which there are, opening one, joining one. Joining is a POST, so that nobody becomes a
 * member by following a link.
 */
#include "chat.h"

static struct api_room room_from(const struct store_room *stored)
{
	return (struct api_room){
	        .id = stored->id,
	        .slug = msgc_str_from(stored->slug),
	        .title = msgc_str_from(stored->title),
	        .members = stored->members,
	        .is_member = stored->is_member,
	        .last_message_at_is_null = stored->last_message_at == 0,
	        .last_message_at = app_datetime(stored->last_message_at),
	};
}

static int answer_room(struct msgc_http_response *response, const struct store_room *stored)
{
	const struct api_room_answer answer = {.room = room_from(stored)};
	struct msgc_buf json = {0};

	return answer_json(response, api_room_answer_encode(&answer, &json), &json);
}

static int answer_rooms(struct msgc_http_request *request, struct msgc_http_response *response,
        const struct store_rooms *stored)
{
	struct api_room *rooms = msgc_arena_calloc(
	        msgc_http_arena(request), stored->count ? stored->count : 1, sizeof *rooms);
	struct api_rooms_answer answer = {.rooms = {.items = rooms, .count = stored->count}};
	struct msgc_buf json = {0};

	if (!rooms)
		return MSGC_ENOMEM;
	for (size_t i = 0; i < stored->count; i++)
		rooms[i] = room_from(&stored->items[i]);
	return answer_json(response, api_rooms_answer_encode(&answer, &json), &json);
}

int route_rooms(void *app_, struct msgc_http_request *request, struct msgc_http_response *response)
{
	struct app *app = app_;
	const struct account *account;
	struct store_rooms rooms;
	int result = request_account(request, &account);

	if (result != MSGC_OK)
		return result;
	result = store_rooms_list(app->store, account->user.id, &rooms);
	if (result != STORE_OK)
		return app_result(app, "list the rooms", result);
	result = answer_rooms(request, response, &rooms);
	store_rooms_free(&rooms);
	return result;
}

/* The room that the path names, as the account sees it. */
static int find_room(struct app *app, struct msgc_http_request *request,
        const struct account *account, struct store_room *ret_room)
{
	struct store_text slug = store_text_of(msgc_http_param(request, "slug"));
	int result = store_room_by_slug(app->store, slug, account->user.id, ret_room);

	/* A slug that can be nobody's is not there. */
	return result == STORE_EINVAL ? MSGC_ENOTFOUND : app_result(app, "find a room", result);
}

int route_room(void *app_, struct msgc_http_request *request, struct msgc_http_response *response)
{
	const struct account *account;
	struct store_room room;
	int result = request_account(request, &account);

	if (result == MSGC_OK)
		result = find_room(app_, request, account, &room);
	return result == MSGC_OK ? answer_room(response, &room) : result;
}

int route_room_join(
        void *app_, struct msgc_http_request *request, struct msgc_http_response *response)
{
	struct app *app = app_;
	const struct account *account;
	struct store_room room;
	int result = request_account(request, &account);

	if (result == MSGC_OK)
		result = find_room(app, request, account, &room);
	if (result == MSGC_OK && !room.is_member) {
		result = app_result(
		        app, "join a room", store_room_join(app->store, room.id, account->user.id));
		if (result == MSGC_OK)
			result = find_room(app, request, account, &room);
	}
	return result == MSGC_OK ? answer_room(response, &room) : result;
}

int route_room_create(
        void *app_, struct msgc_http_request *request, struct msgc_http_response *response)
{
	struct app *app = app_;
	struct msgc_str body = msgc_http_body(request);
	struct msgc_problems problems = {0};
	struct api_new_room in;
	const struct account *account;
	struct store_room room;
	int result = request_account(request, &account);

	if (result != MSGC_OK)
		return result;
	result = api_new_room_decode(
	        body.ptr, body.len, NULL, msgc_http_arena(request), &in, &problems);
	if (result != MSGC_OK)
		return answer_problems(response, result, &problems);
	result = store_room_create(app->store, account->user.id, store_text_of(in.title), &room);
	if (result == STORE_ELIMIT)
		return msgc_http_error(
		        response, 409, "limit", "There are as many rooms as there may be.");
	if (result == STORE_EINVAL)
		return msgc_http_error(
		        response, 400, "invalid", "A title has no control characters.");
	if (result != STORE_OK)
		return app_result(app, "open a room", result);
	msgc_http_status(response, 201);
	return answer_room(response, &room);
}
