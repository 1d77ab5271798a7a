/* SPDX-License-Identifier: MIT */
/*
 * Signing up, logging in and out. A log-in starts a session under a new id and ends the one that
 * the browser had, whoever's that was.
 */
#include "chat.h"

#include <stdio.h>
#include <string.h>

static int answer_user(struct msgc_http_response *response, const struct store_user *user)
{
	const struct api_user_answer answer = {
	        .user = {.id = user->id,
	                .name = msgc_str_from(user->name),
	                .display = msgc_str_from(user->display)},
	};
	struct msgc_buf json = {0};

	return answer_json(response, api_user_answer_encode(&answer, &json), &json);
}

/* ---- sessions ---- */

static void close_windows(struct app *app, struct store_text token)
{
	if (visits_end_session(&app->visits, app->server, token) != MSGC_OK)
		msgc_log(app->server, MSGC_LOG_WARNING, "chat.logout",
		        "detail=\"connections of an ended session stay open\"");
}

static int enter(struct app *app, struct msgc_http_request *request,
        struct msgc_http_response *response, const struct store_user *user)
{
	const struct msgc_http_cookie_options cookie = {.max_age = STORE_SESSION_MS / 1000};
	struct store_text old = store_text_of(msgc_http_cookie(request, CHAT_COOKIE));
	char token[STORE_TOKEN_LEN + 1];
	int result = store_session_rotate(app->store, old, user->id, token);

	if (result != STORE_OK)
		return app_result(app, "start a session", result);
	close_windows(app, old);
	result = msgc_http_set_cookie(response, CHAT_COOKIE, token, &cookie);
	return result == MSGC_OK ? answer_user(response, user) : result;
}

int route_logout(void *app_, struct msgc_http_request *request, struct msgc_http_response *response)
{
	const struct msgc_http_cookie_options forget = {.max_age = -1};
	struct app *app = app_;
	struct store_text token = store_text_of(msgc_http_cookie(request, CHAT_COOKIE));
	struct api_done done = {0};
	struct msgc_buf json = {0};
	int result = store_session_delete(app->store, token);

	if (result != STORE_OK)
		return app_result(app, "end a session", result);
	close_windows(app, token);
	result = msgc_http_set_cookie(response, CHAT_COOKIE, "", &forget);
	if (result != MSGC_OK)
		return result;
	return answer_json(response, api_done_encode(&done, &json), &json);
}

/* ---- logging in ---- */

static int answer_too_many(struct msgc_http_response *response, unsigned wait_ms)
{
	unsigned seconds = wait_ms / 1000 + 1;
	char text[16];

	snprintf(text, sizeof text, "%u", seconds);
	msgc_http_set_header(response, "Retry-After", text);
	return msgc_http_error(response, 429, "rate_limited",
	        "Too many attempts for this name. Try again in %u s.", seconds);
}

/*
 * One bucket for a name at an address, so that nobody can shut others out by guessing wrongly for
 * them; a larger one for the name, so that many addresses do not make many guesses.
 */
struct attempt {
	struct msgc_str place; /* name and address */
	struct msgc_str name;
};

static int attempt_of(
        struct msgc_http_request *request, struct msgc_str name, struct attempt *ret_attempt)
{
	const char *address = msgc_http_address(request);
	size_t address_len = strlen(address);
	char *place = msgc_arena_alloc(msgc_http_arena(request), address_len + 1 + name.len, 1);

	if (!place)
		return MSGC_ENOMEM;
	/* No address has a NUL: the two halves cannot be mistaken. */
	memcpy(place, address, address_len + 1);
	if (name.len > 0)
		memcpy(place + address_len + 1, name.ptr, name.len);
	ret_attempt->place = msgc_str_of(place, address_len + 1 + name.len);
	ret_attempt->name = name;
	return MSGC_OK;
}

/* 0: go on; else the milliseconds to wait, and nothing has been taken. */
static unsigned attempt_take(struct app *app, const struct attempt *attempt)
{
	int64_t now = app_now_ms();
	unsigned wait = throttle_take(app->logins, attempt->place.ptr, attempt->place.len, now);

	if (wait > 0)
		return wait;
	wait = throttle_take(app->logins_by_name, attempt->name.ptr, attempt->name.len, now);
	if (wait > 0)
		throttle_give(app->logins, attempt->place.ptr, attempt->place.len, now);
	return wait;
}

static void attempt_give(struct app *app, const struct attempt *attempt)
{
	int64_t now = app_now_ms();

	throttle_give(app->logins, attempt->place.ptr, attempt->place.len, now);
	throttle_give(app->logins_by_name, attempt->name.ptr, attempt->name.len, now);
}

int route_login(void *app_, struct msgc_http_request *request, struct msgc_http_response *response)
{
	struct app *app = app_;
	struct msgc_str body = msgc_http_body(request);
	struct msgc_problems problems = {0};
	struct api_login in;
	struct attempt attempt;
	struct store_user user;
	unsigned wait;
	int result = api_login_decode(
	        body.ptr, body.len, NULL, msgc_http_arena(request), &in, &problems);

	if (result != MSGC_OK)
		return answer_problems(response, result, &problems);
	result = attempt_of(request, in.name, &attempt);
	if (result != MSGC_OK)
		return result;
	wait = attempt_take(app, &attempt);
	if (wait > 0)
		return answer_too_many(response, wait);
	result = store_user_login(
	        app->store, store_text_of(in.name), store_text_of(in.password), &user);
	if (result == STORE_EDENIED) {
		msgc_log(app->server, MSGC_LOG_INFO, "chat.login_refused", "address=%s",
		        msgc_http_address(request));
		return msgc_http_error(
		        response, 401, "unauthenticated", "Name or password is wrong.");
	}
	/* Only wrong passwords count. */
	attempt_give(app, &attempt);
	if (result != STORE_OK)
		return app_result(app, "log in", result);
	return enter(app, request, response, &user);
}

/* ---- signing up ---- */

int route_signup(void *app_, struct msgc_http_request *request, struct msgc_http_response *response)
{
	struct app *app = app_;
	struct msgc_str body = msgc_http_body(request);
	struct msgc_problems problems = {0};
	struct api_signup in;
	struct store_user user;
	int result = api_signup_decode(
	        body.ptr, body.len, NULL, msgc_http_arena(request), &in, &problems);

	if (result != MSGC_OK)
		return answer_problems(response, result, &problems);
	result = store_user_create(app->store, store_text_of(in.name), store_text_of(in.display),
	        store_text_of(in.password), &user);
	if (result == STORE_ETAKEN)
		return msgc_http_error(response, 409, "taken", "The name is somebody else's.");
	if (result == STORE_EINVAL)
		return msgc_http_error(response, 400, "invalid",
		        "A name is made of a-z, 0-9 and _; control characters are nowhere "
		        "allowed.");
	if (result != STORE_OK)
		return app_result(app, "create a user", result);
	msgc_http_status(response, 201);
	return enter(app, request, response, &user);
}

/* ---- who am I ---- */

int route_me(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	const struct account *account;
	int result = request_account(request, &account);

	(void)app;
	return result == MSGC_OK ? answer_user(response, &account->user) : result;
}
