/* SPDX-License-Identifier: MIT */
/*
 * The HTTP side of the chat: which routes there are, and what their handlers share. Handlers run on
 * pool threads and may block. Bodies and answers are api.msg's types. That a POST comes from our
 * own pages (Origin) the server has checked before.
 */
#include "chat.h"

enum { MINUTE_MS = 60 * 1000, BODY_MAX = 4096 };

/*
 * Passwords cost a tenth of a second to check: that is bounded per address, whether they are right
 * or wrong.
 */
const struct msgc_http_route routes[] = {
        {"POST", "/api/login", route_login, BODY_MAX, 0, 120, MINUTE_MS},
        {"POST", "/api/signup", route_signup, BODY_MAX, 0, 30, MINUTE_MS},
        {"POST", "/api/logout", route_logout, BODY_MAX, 0, 0, 0},
        {"GET", "/api/me", route_me, BODY_MAX, 0, 0, 0},
        {"GET", "/api/rooms", route_rooms, BODY_MAX, 0, 0, 0},
        {"POST", "/api/rooms", route_room_create, BODY_MAX, 0, 30, MINUTE_MS},
        {"GET", "/api/rooms/{slug}", route_room, BODY_MAX, 0, 0, 0},
        {"POST", "/api/rooms/{slug}/join", route_room_join, BODY_MAX, 0, 0, 0},
};
const size_t route_count = sizeof(routes) / sizeof(routes[0]);

int answer_json(struct msgc_http_response *response, int result, struct msgc_buf *json)
{
	if (result == MSGC_OK)
		result = msgc_http_json(response, msgc_buf_str(json));
	msgc_buf_free(json);
	/* That an answer of ours breaks the contract is not the client's fault. */
	return result == MSGC_ECONTRACT ? MSGC_EINTERNAL : result;
}

int answer_problems(
        struct msgc_http_response *response, int result, const struct msgc_problems *problems)
{
	const struct msgc_problem *first = &problems->items[0];

	if (result != MSGC_ECONTRACT || problems->kept == 0)
		return result;
	return msgc_http_error(response, 400, "invalid", "%s: %s", first->loc, first->msg);
}

int request_account(struct msgc_http_request *request, const struct account **ret_account)
{
	const struct msgc_user *user;
	int result = msgc_http_user(request, &user);

	if (result == MSGC_OK)
		*ret_account = account_of(user);
	return result;
}
