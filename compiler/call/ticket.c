/* SPDX-License-Identifier: MIT */
/*
 * ticket.c - fetches a ticket: POST to an address of the server's, in plain HTTP, with the credentials that the command line gives. It must not know what a
 * ticket is for.
 */
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <msgc/codec_gen.h>

#include "../http_once.h"
#include "call.h"

enum { ANSWER_MOST = 64 * 1024 };

/* Port and path may be left out. */
static bool read_url(const char *url, struct http_place *ret)
{
	if (!http_place_read(url, ret))
		return false;
	if (ret->port[0] == '\0')
		strcpy(ret->port, "80");
	if (ret->path[0] == '\0')
		ret->path = "/";
	return true;
}

/* The path that the ticket is for: that of the call. */
static void write_request(struct call *call, const struct http_place *place, struct msgc_buf *out)
{
	const char *authority = strstr(call->options.url, "://");
	const char *path = authority ? authority + 3 + strcspn(authority + 3, "/?#") : "/";
	struct msgc_buf body = {0};

	msgc_buf_append_str(&body, "{\"path\":");
	msgc_write_str(&body, msgc_str_of(path, strcspn(path, "?#")));
	msgc_buf_append_char(&body, '}');
	msgc_buf_printf(out,
	        "POST %.900s HTTP/1.1\r\nHost: " HTTP_HOST_FORMAT
	        "\r\nContent-Type: application/json\r\n"
	        "Connection: close\r\nContent-Length: %zu\r\n",
	        place->path, HTTP_HOST_ARGS(place), body.len);
	if (call->options.cookie) {
		msgc_buf_append_str(out, "Cookie: ");
		msgc_buf_append_str(out, call->options.cookie);
		msgc_buf_append_str(out, "\r\n");
	}
	if (call->options.token) {
		msgc_buf_append_str(out, "Authorization: Bearer ");
		msgc_buf_append_str(out, call->options.token);
		msgc_buf_append_str(out, "\r\n");
	}
	msgc_buf_append_str(out, "\r\n");
	msgc_buf_append(out, body.data, body.len);
	msgc_buf_free(&body);
}

static bool read_ticket(const char *answer, struct msgc_buf *ret)
{
	const char *body = strstr(answer, "\r\n\r\n");
	struct json_object *object, *ticket = NULL;
	int status = 0;

	if (sscanf(answer, "HTTP/1.%*d %3d", &status) != 1 || !body) {
		fprintf(stderr, "msgc call: what gives out tickets does not speak HTTP\n");
		return false;
	}
	if (status != 200) {
		fprintf(stderr, "msgc call: no ticket: status %d\n", status);
		return false;
	}
	object = json_tokener_parse(body + 4);
	if (json_object_object_get_ex(object, "ticket", &ticket))
		msgc_buf_append_str(ret, json_object_get_string(ticket));
	json_object_put(object);
	if (ret->len == 0)
		fprintf(stderr, "msgc call: the answer holds no ticket\n");
	return ret->len > 0;
}

bool call_fetch_ticket(struct call *call, const char *url, struct msgc_buf *ret_ticket)
{
	static char answer[ANSWER_MOST + 1];
	struct msgc_buf request = {0};
	struct http_place place;
	bool result = false;
	const char *why;

	if (!read_url(url, &place)) {
		fprintf(stderr, "msgc call: '%s' is not like http://127.0.0.1:8000/ticket\n", url);
		return false;
	}
	write_request(call, &place, &request);
	if (http_once(&place, request.data, request.len, answer, ANSWER_MOST, &why) == 0)
		fprintf(stderr, "msgc call: %s, port %s: %s\n", place.host, place.port, why);
	else
		result = read_ticket(answer, ret_ticket);
	msgc_buf_free(&request);
	return result;
}
