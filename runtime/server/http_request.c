/* SPDX-License-Identifier: MIT */
/*
 * The request: copied from what the transport lends, read by handlers on their pool thread. It must not know how handlers are
 * found.
 */
#include "http_exchange.h"

#include <string.h>
#include <strings.h>

#include "container.h"
#include "cookie.h"

/* ------------------------------------------------------------------------------------ copying */

static int copy_headers(struct msgc_http_request *request, const struct msgc__request *lent)
{
	struct msgc__header *headers = msgc_arena_calloc(
	        &request->arena, lent->header_count ? lent->header_count : 1, sizeof(*headers));

	if (!headers)
		return MSGC_ENOMEM;
	for (size_t i = 0; i < lent->header_count; i++) {
		struct msgc_str name;

		if (msgc_arena_copy(&request->arena, msgc_str_from(lent->headers[i].name), &name) ||
		        msgc_arena_copy(&request->arena, lent->headers[i].value, &headers[i].value))
			return MSGC_ENOMEM;
		headers[i].name = name.ptr;
	}
	request->head.headers = headers;
	request->head.header_count = lent->header_count;
	return MSGC_OK;
}

static int copy_head(struct msgc_http_request *request, const struct msgc__request *lent)
{
	struct msgc__request *head = &request->head;
	struct msgc_str address;

	head->secure = lent->secure;
	head->method = request->method;
	if (msgc_arena_copy(&request->arena, lent->path, &head->path) ||
	        msgc_arena_copy(&request->arena, lent->query, &head->query) ||
	        msgc_arena_copy(&request->arena, msgc_str_from(lent->address), &address))
		return MSGC_ENOMEM;
	head->address = address.ptr;
	return copy_headers(request, lent);
}

/* The decoded path as one text, "/api/rooms/lobby". */
static int write_path(struct msgc_http_request *request)
{
	const struct msgc__path *path = &request->path;
	size_t size = 2, len = 0;
	char *text;

	for (size_t i = 0; i < path->count; i++)
		size += path->segments[i].len + 1;
	text = msgc_arena_alloc(&request->arena, size, 1);
	if (!text)
		return MSGC_ENOMEM;
	for (size_t i = 0; i < path->count; i++) {
		text[len++] = '/';
		memcpy(text + len, path->segments[i].ptr, path->segments[i].len);
		len += path->segments[i].len;
	}
	if (path->slash)
		text[len++] = '/';
	text[len] = '\0';
	request->path_text = msgc_str_of(text, len);
	return MSGC_OK;
}

int msgc__request_read(struct msgc__exchange *exchange, const struct msgc__request *lent)
{
	const struct msgc__origins *origins = &exchange->server->origins;
	struct msgc_http_request *request = &exchange->request;
	size_t len = strlen(lent->method);
	int result;

	if (len >= sizeof(request->method))
		return 501; /* no method of ours is that long */
	memcpy(request->method, lent->method, len + 1);
	if (copy_head(request, lent))
		return 503;
	request->is_safe =
	        strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
	if (msgc__origins_client(origins, &request->head, &request->client))
		return 400;
	request->origin = msgc__origins_judge(origins, &request->head, &request->client);
	result = msgc__path_split(request->head.path, &request->arena, &request->path);
	if (result == MSGC_ELIMIT)
		return 414;
	if (result == MSGC_EINVAL)
		return 400;
	return result || write_path(request) ? 503 : 0;
}

/* ------------------------------------------------------------------------------------ for programs */

struct msgc_server *msgc_http_server(const struct msgc_http_request *request)
{
	const char *exchange = (const char *)request - offsetof(struct msgc__exchange, request);

	return ((const struct msgc__exchange *)(const void *)exchange)->server;
}

const char *msgc_http_method(const struct msgc_http_request *request)
{
	return request->method;
}

struct msgc_str msgc_http_path(const struct msgc_http_request *request)
{
	return request->path_text;
}

struct msgc_str msgc_http_param(const struct msgc_http_request *request, const char *name)
{
	const struct msgc__route *route = request->route;

	for (size_t i = 0; route && i < route->segment_count; i++) {
		if (route->is_param[i] && strcmp(route->segments[i].ptr, name) == 0)
			return request->path.segments[i];
	}
	return msgc_str_from("");
}

static struct msgc_str find_pair(const struct msgc__pairs *pairs, const char *name)
{
	const struct msgc_str *value = msgc__pairs_find(pairs, name, NULL);

	return value ? *value : msgc_str_from("");
}

/*
 * Queries and forms are parsed when they are first asked for; one that cannot be parsed has no values. The request is const for programs,
 * but it is only ever in one thread's hands.
 */
struct msgc_str msgc_http_query(const struct msgc_http_request *const_request, const char *name)
{
	struct msgc_http_request *request = (struct msgc_http_request *)const_request;

	if (!request->query_read) {
		request->query_read = true;
		msgc__pairs_parse(request->head.query, &request->arena, &request->query);
	}
	return find_pair(&request->query, name);
}

static bool is_form(const struct msgc_http_request *request)
{
	static const char type[] = "application/x-www-form-urlencoded";
	const struct msgc_str *given = msgc__request_header(&request->head, "content-type");
	size_t len = sizeof(type) - 1;

	if (!given || given->len < len || strncasecmp(given->ptr, type, len) != 0)
		return false;
	return given->len == len || given->ptr[len] == ';' || given->ptr[len] == ' ';
}

struct msgc_str msgc_http_form(const struct msgc_http_request *const_request, const char *name)
{
	struct msgc_http_request *request = (struct msgc_http_request *)const_request;

	if (!request->form_read) {
		request->form_read = true;
		if (is_form(request))
			msgc__pairs_parse(request->body, &request->arena, &request->form);
	}
	return find_pair(&request->form, name);
}

struct msgc_str msgc_http_header(const struct msgc_http_request *request, const char *name)
{
	for (size_t i = 0; i < request->head.header_count; i++) {
		if (strcasecmp(request->head.headers[i].name, name) == 0)
			return request->head.headers[i].value;
	}
	return msgc_str_from("");
}

struct msgc_str msgc_http_cookie(const struct msgc_http_request *request, const char *name)
{
	struct msgc_str value = msgc__cookie_find(msgc_http_header(request, "cookie"), name);

	return value.ptr ? value : msgc_str_from("");
}

struct msgc_str msgc_http_body(const struct msgc_http_request *request)
{
	return request->body;
}

const char *msgc_http_address(const struct msgc_http_request *request)
{
	return request->client.address;
}

bool msgc_http_is_secure(const struct msgc_http_request *request)
{
	return request->client.secure;
}

struct msgc_arena *msgc_http_arena(struct msgc_http_request *request)
{
	return &request->arena;
}

/* ------------------------------------------------------------------------------------ who asks */

/*
 * Browsers leave the Origin out of plain GETs, which change nothing; for all else a cookie is only believed beside an Origin that is
 * ours, as at a WebSocket's handshake.
 */
static bool trusts_cookies(const struct msgc_http_request *request)
{
	if (request->is_safe && request->origin == MSGC__ORIGIN_MISSING)
		return true;
	return msgc__origins_trusts_cookies(&msgc_http_server(request)->origins, request->origin);
}

/* The value of a cookie that is believed; empty: none. */
static struct msgc_str trusted_cookie(const struct msgc_http_request *request, const char *name)
{
	return name && trusts_cookies(request) ? msgc_http_cookie(request, name)
	                                       : msgc_str_from("");
}

static struct msgc_str bearer_token(
        const struct msgc_http_request *request, const char *cookie_name)
{
	struct msgc_str value = msgc_http_header(request, "authorization");

	if (value.len > 7 && strncasecmp(value.ptr, "Bearer ", 7) == 0)
		return msgc_str_of(value.ptr + 7, value.len - 7);
	return trusted_cookie(request, cookie_name);
}

/* Takes over what a hook has answered. */
static int keep_user(
        struct msgc_http_request *request, const struct msgc_user *answered, const char *realm)
{
	int64_t now = msgc__server_unix_seconds(msgc_http_server(request));
	struct msgc__user *user;
	int result = msgc__user_new(answered, realm, &user);

	if (result)
		return result;
	if (user->is.expires_at != 0 && user->is.expires_at <= now) {
		msgc__user_unref(user);
		return MSGC_EUNAUTHENTICATED;
	}
	request->user = user;
	return MSGC_OK;
}

static int ask_session(struct msgc_http_request *request)
{
	const struct msgc_server *server = msgc_http_server(request);
	struct msgc_user answered = {.expires_at = 0};
	struct msgc_str cookie;
	int result;

	if (!server->sessions.find)
		return MSGC_EUNAUTHENTICATED;
	cookie = trusted_cookie(request, server->sessions.cookie_name);
	if (cookie.len == 0)
		return MSGC_EUNAUTHENTICATED;
	result = server->sessions.find(server->sessions.app, NULL, cookie, &answered);
	if (result > 0)
		return MSGC_EINTERNAL; /* without a look-up there is nobody to answer later */
	return result ? result : keep_user(request, &answered, "session");
}

static int ask_token(struct msgc_http_request *request)
{
	const struct msgc_server *server = msgc_http_server(request);
	struct msgc_user answered = {.expires_at = 0};
	struct msgc_str token;
	int result;

	if (!server->tokens.verify)
		return MSGC_EUNAUTHENTICATED;
	token = bearer_token(request, server->tokens.cookie_name);
	if (token.len == 0)
		return MSGC_EUNAUTHENTICATED;
	result = server->tokens.verify(server->tokens.context, token,
	        msgc__server_unix_seconds(server), &request->arena, &answered);
	if (result > 0)
		return MSGC_EINTERNAL;
	return result ? result : keep_user(request, &answered, "jwt");
}

static int ask_basic(struct msgc_http_request *request)
{
	struct msgc_server *server = msgc_http_server(request);
	const struct msgc__exchange *exchange =
	        MSGC__CONTAINER_OF(request, struct msgc__exchange, request);
	const struct msgc_rate *rate = &exchange->config->auth_failure_rate;
	struct msgc_user answered = {.expires_at = 0};
	char text[MSGC__BASIC_MAX + 2];
	struct msgc_str name, password;
	int result;

	if (!server->basic.check ||
	        msgc__basic_read(
	                msgc_http_header(request, "authorization"), text, &name, &password) < 0)
		return MSGC_EUNAUTHENTICATED;
	if (msgc__basic_wait(server, rate, request->client.address, name) > 0)
		result = MSGC_EUNAUTHENTICATED;
	else
		result = server->basic.check(server->basic.app, NULL, name, password, &answered);
	if (result == MSGC_EUNAUTHENTICATED)
		msgc__basic_failed(server, rate, request->client.address, name);
	explicit_bzero(text, sizeof(text));
	if (result > 0)
		return MSGC_EINTERNAL;
	return result ? result : keep_user(request, &answered, "basic");
}

int msgc_http_user(struct msgc_http_request *request, const struct msgc_user **ret_user)
{
	int result = MSGC_OK;

	if (!request->user) {
		result = ask_session(request);
		if (result == MSGC_EUNAUTHENTICATED)
			result = ask_token(request);
		if (result == MSGC_EUNAUTHENTICATED)
			result = ask_basic(request);
	}
	if (!result)
		*ret_user = &request->user->is;
	return result;
}
