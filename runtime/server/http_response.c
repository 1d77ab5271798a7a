/* SPDX-License-Identifier: MIT */
/*
 * The response: what a handler sets, the JSON errors, and the headers that every response carries. It must not know how bytes
 * leave.
 */
#include "http_exchange.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "cookie.h"

static const struct {
	const char *name;
	const char *value;
} defaults[] = {
        {"cache-control", "no-store"},
        /* Not no-referrer: with that, browsers send "Origin: null" beside a form. */
        {"referrer-policy", "same-origin"},
        {"x-content-type-options", "nosniff"},
        {"x-frame-options", "DENY"},
};

bool msgc__header_value_ok(const char *value)
{
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

char *msgc__header_name(struct msgc_arena *arena, const char *name)
{
	size_t len = strlen(name);
	char *copy = len > 0 && len <= 128 ? msgc_arena_alloc(arena, len + 1, 1) : NULL;

	if (!copy)
		return NULL;
	for (size_t i = 0; i <= len; i++) {
		char c = name[i];

		if (i < len && (c <= ' ' || c >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", c)))
			return NULL;
		copy[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	return copy;
}

/* ------------------------------------------------------------------------------------ inside */

void msgc__response_init(struct msgc_http_response *response, struct msgc_arena *arena, bool secure)
{
	*response = (struct msgc_http_response){.arena = arena, .secure = secure, .status = 200};
}

void msgc__response_clear(struct msgc_http_response *response)
{
	msgc__response_init(response, response->arena, response->secure);
}

static struct msgc__header *find_header(struct msgc_http_response *response, const char *name)
{
	for (size_t i = 0; i < response->header_count; i++) {
		if (strcmp(response->headers[i].name, name) == 0)
			return &response->headers[i];
	}
	return NULL;
}

bool msgc__response_has(const struct msgc_http_response *response, const char *name)
{
	for (size_t i = 0; i < response->header_count; i++) {
		if (strcmp(response->headers[i].name, name) == 0)
			return true;
	}
	return false;
}

void msgc__response_put(
        struct msgc_http_response *response, const char *name, struct msgc_str value, bool replace)
{
	struct msgc__header *header = replace ? find_header(response, name) : NULL;

	if (header) {
		header->value = value;
		return;
	}
	if (response->header_count == MSGC__HTTP_HEADERS_MAX) {
		response->no_memory = true;
		return;
	}
	response->headers[response->header_count++] = (struct msgc__header){name, value};
}

static int set_body(struct msgc_http_response *response, struct msgc_str content_type,
        const char *body, size_t len)
{
	struct msgc_str copy, type;

	if (msgc_arena_copy(response->arena, msgc_str_of(body, len), &copy) ||
	        msgc_arena_copy(response->arena, content_type, &type)) {
		response->no_memory = true;
		return MSGC_ENOMEM;
	}
	response->body = copy;
	msgc__response_put(response, "content-type", type, true);
	return MSGC_OK;
}

static void write_error(
        struct msgc_http_response *response, int status, const char *reason, const char *detail)
{
	struct msgc_buf json;

	msgc_buf_init(&json, 0);
	msgc_write_lit(&json, "{\"error\":{\"reason\":");
	msgc_write_str(&json, msgc_str_from(reason));
	msgc_write_lit(&json, ",\"detail\":");
	msgc_write_str(&json, msgc_str_from(detail));
	msgc_write_lit(&json, "}}");
	response->status = status;
	if (json.error)
		response->no_memory = true;
	else
		set_body(response, MSGC_STR("application/json"), json.data, json.len);
	msgc_buf_free(&json);
}

static const struct {
	int code;
	int status;
	const char *reason;
	const char *detail;
} failures[] = {
        {MSGC_ECONTRACT, 400, "invalid", "The request is not valid."},
        {MSGC_EUNAUTHENTICATED, 401, "unauthenticated", "Log in first."},
        {MSGC_EDENIED, 403, "forbidden", "This is not allowed."},
        {MSGC_EREFUSED, 403, "refused", "This was refused."},
        {MSGC_ENOTFOUND, 404, "not_found", "There is nothing here."},
        {MSGC_ECONFLICT, 409, "conflict", "This has been done already, with other content."},
        {MSGC_ELIMIT, 413, "too_large", "The request is too large."},
        {MSGC_EBUSY, 503, "busy", "The server is busy. Try again later."},
        {MSGC_OK, 500, "failed", "The server could not do this."},
};

void msgc__response_fail(struct msgc_http_response *response, int result)
{
	size_t i = 0;

	while (failures[i].code != MSGC_OK && failures[i].code != result)
		i++;
	msgc__response_clear(response);
	write_error(response, failures[i].status, failures[i].reason, failures[i].detail);
	if (failures[i].status == 503)
		msgc__response_put(response, "retry-after", MSGC_STR("1"), true);
	if (failures[i].status == 401)
		msgc__response_put(response, "www-authenticate", MSGC_STR("Bearer"), true);
}

static void add_standing_headers(struct msgc__exchange *exchange)
{
	struct msgc_http_response *response = &exchange->response;
	const struct msgc__http *http = &exchange->server->http;
	size_t kept = 0;

	for (size_t i = 0; i < http->header_count; i++) {
		if (!msgc__response_has(response, http->headers[i].name))
			msgc__response_put(
			        response, http->headers[i].name, http->headers[i].value, false);
	}
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		if (!msgc__response_has(response, defaults[i].name))
			msgc__response_put(response, defaults[i].name,
			        msgc_str_from(defaults[i].value), false);
	}
	/* An empty value was a way to say: not this one. */
	for (size_t i = 0; i < response->header_count; i++) {
		if (response->headers[i].value.len > 0)
			response->headers[kept++] = response->headers[i];
	}
	response->header_count = kept;
}

void msgc__response_finish(struct msgc__exchange *exchange)
{
	struct msgc_http_response *response = &exchange->response;
	static const char no_memory[] = "{\"error\":{\"reason\":\"busy\",\"detail\":\"The server "
	                                "is busy. Try again later.\"}}";

	if (response->no_memory) {
		msgc__response_clear(response);
		response->status = 503;
		response->body = msgc_str_from(no_memory);
		msgc__response_put(response, "content-type", MSGC_STR("application/json"), true);
		msgc__response_put(response, "retry-after", MSGC_STR("1"), true);
		exchange->wire.file = NULL;
	}
	add_standing_headers(exchange);
	exchange->wire.status = response->status;
	exchange->wire.headers = response->headers;
	exchange->wire.header_count = response->header_count;
	exchange->wire.body = response->body;
	exchange->wire.head_only = exchange->head_only;
}

/* ------------------------------------------------------------------------------------ for programs */

void msgc_http_status(struct msgc_http_response *response, int status)
{
	if (status >= 200 && status <= 599)
		response->status = status;
}

int msgc_http_set_header(struct msgc_http_response *response, const char *name, const char *value)
{
	struct msgc_str copy;
	char *lower;

	if (!name || !value || !msgc__header_value_ok(value))
		return MSGC_EINVAL;
	lower = msgc__header_name(response->arena, name);
	if (!lower || msgc__header_is_ours(lower))
		return MSGC_EINVAL;
	/* Half of the places are kept for the server's own headers. */
	if (response->header_count >= MSGC__HTTP_HEADERS_MAX / 2 && !find_header(response, lower))
		return MSGC_ELIMIT;
	if (msgc_arena_copy(response->arena, msgc_str_from(value), &copy))
		return MSGC_ENOMEM;
	msgc__response_put(response, lower, copy, strcmp(lower, "set-cookie") != 0);
	return MSGC_OK;
}

int msgc_http_set_cookie(struct msgc_http_response *response, const char *name, const char *value,
        const struct msgc_http_cookie_options *options)
{
	char text[4096];
	size_t len;
	int result;

	if (!name || !value)
		return MSGC_EINVAL;
	result = msgc__cookie_format(
	        text, sizeof(text), name, value, options, response->secure, &len);
	if (result)
		return result;
	return msgc_http_set_header(response, "set-cookie", text);
}

int msgc_http_text(
        struct msgc_http_response *response, const char *content_type, struct msgc_str body)
{
	if (!content_type || !*content_type || !msgc__header_value_ok(content_type))
		return MSGC_EINVAL;
	return set_body(response, msgc_str_from(content_type), body.ptr, body.len);
}

int msgc_http_json(struct msgc_http_response *response, struct msgc_str json)
{
	return set_body(response, MSGC_STR("application/json"), json.ptr, json.len);
}

int msgc_http_redirect(struct msgc_http_response *response, int status, const char *location)
{
	int result;

	if (status < 300 || status > 399 || !location || !*location)
		return MSGC_EINVAL;
	result = msgc_http_set_header(response, "location", location);
	if (result)
		return result;
	response->status = status;
	response->body = (struct msgc_str){NULL, 0};
	return MSGC_OK;
}

int msgc_http_error(struct msgc_http_response *response, int status, const char *reason,
        const char *format, ...)
{
	enum { MOST = 1024 };
	char detail[MOST + 8];
	va_list args;

	va_start(args, format);
	vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	detail[msgc_utf8_cut(detail, strlen(detail), MOST)] = '\0';
	if (!msgc_utf8_valid(detail, strlen(detail)))
		detail[0] = '\0'; /* better no detail than no JSON */
	write_error(response, status, reason, detail);
	return MSGC_OK;
}
