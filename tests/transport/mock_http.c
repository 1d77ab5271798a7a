/* SPDX-License-Identifier: MIT */
/*
 * The HTTP half of the mock core:
 *   /hello        "hello"                      /none      204
 *   /big?N        N bytes, the alphabet over and over; as a file with /file?PATH
 *   /late?MS      "late", after so long        /never     no answer at all
 *   /dump         what the transport understood of the request
 *   /body         the length of the body (at most 100,000 bytes; elsewhere 1,000)
 *   /early        403 before the body has come /dry       no memory
 *   /split        a header with a line end     /sensitive 404 on the public listener only
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../runtime/transport/transport.h"
#include "mock_core.h"

struct msgc__exchange {
	struct msgc__exchange *next;
	const struct msgc__http_ops *ops;
	void *link;
	struct msgc__response response;
	struct msgc__header headers[2];
	char *text;
	int64_t due; /* 0: not waiting */
	bool ended;
};

static struct msgc__exchange *waiting;

static void set(struct msgc__exchange *exchange, int status, char *text, size_t len)
{
	exchange->text = text;
	exchange->headers[0] = (struct msgc__header){"Content-Type", MSGC_STR("text/plain")};
	exchange->headers[1] = (struct msgc__header){"X-Mock", MSGC_STR("yes")};
	exchange->response.status = status;
	exchange->response.headers = exchange->headers;
	exchange->response.header_count = 2;
	exchange->response.body = (struct msgc_str){text, len};
}

static void say(struct msgc__exchange *exchange, int status, const char *text)
{
	set(exchange, status, strdup(text), strlen(text));
}

static char *pattern(size_t len)
{
	char *text = malloc(len + 1);
	size_t i;

	for (i = 0; i < len; i++)
		text[i] = (char)('a' + i % 26);
	return text;
}

static char *dump(const struct msgc__request *request)
{
	char *text = calloc(1, 65536);
	size_t at = (size_t)snprintf(text, 65536,
	        "method=%s\npath=%.*s\nquery=%.*s\naddress=%s\nsecure=%d\n", request->method,
	        (int)request->path.len, request->path.ptr, (int)request->query.len,
	        request->query.ptr, request->address, request->secure);
	size_t i;

	for (i = 0; i < request->header_count; i++)
		at += (size_t)snprintf(text + at, 65536 - at, "%s=[%.*s]\n",
		        request->headers[i].name, (int)request->headers[i].value.len,
		        request->headers[i].value.ptr);
	return text;
}

/* Whether the answer is known from the head alone. */
static bool choose(struct msgc__exchange *exchange, const struct msgc__request *request, bool admin)
{
	char path[256], query[256];
	char *text;

	snprintf(path, sizeof(path), "%.*s", (int)request->path.len, request->path.ptr);
	snprintf(query, sizeof(query), "%.*s", (int)request->query.len, request->query.ptr);
	if (!strcmp(path, "/hello")) {
		say(exchange, 200, "hello");
	} else if (!strcmp(path, "/none")) {
		say(exchange, 204, "");
	} else if (!strcmp(path, "/big")) {
		set(exchange, 200, pattern((size_t)atol(query)), (size_t)atol(query));
	} else if (!strcmp(path, "/file")) {
		say(exchange, 200, query);
		exchange->response.file = exchange->text;
	} else if (!strcmp(path, "/late")) {
		say(exchange, 200, "late");
		exchange->due = mock_now() + atol(query);
	} else if (!strcmp(path, "/never")) {
		say(exchange, 200, "never");
		exchange->due = mock_now() + 1000000;
	} else if (!strcmp(path, "/dump")) {
		text = dump(request);
		set(exchange, 200, text, strlen(text));
	} else if (!strcmp(path, "/body")) {
		return false;
	} else if (!strcmp(path, "/early")) {
		say(exchange, 403, "no");
	} else if (!strcmp(path, "/split")) {
		say(exchange, 200, "split");
		exchange->headers[1].value = MSGC_STR("yes\r\nX-Forged: yes");
	} else if (!strcmp(path, "/sensitive")) {
		say(exchange, admin ? 200 : 404, admin ? "admin" : "public");
	} else {
		say(exchange, 404, "not here");
	}
	exchange->response.head_only = !strcmp(request->method, "HEAD");
	return true;
}

struct msgc__exchange *msgc__exchange_begin(struct msgc__worker *worker,
        const struct msgc__request *request, bool admin, const struct msgc__http_ops *ops,
        void *link, size_t *ret_body_limit)
{
	struct msgc__exchange *exchange;

	(void)worker;
	if (msgc_str_equal(request->path, msgc_str_from("/dry")))
		return NULL;
	exchange = calloc(1, sizeof(*exchange));
	exchange->ops = ops;
	exchange->link = link;
	*ret_body_limit = msgc_str_equal(request->path, msgc_str_from("/body")) ? 100000 : 1000;
	mock_counts.begun++;
	if (choose(exchange, request, admin) && !exchange->due &&
	        msgc_str_equal(request->path, msgc_str_from("/early")))
		ops->respond(link, &exchange->response);
	return exchange;
}

void msgc__exchange_body(struct msgc__exchange *exchange, const char *body, size_t len)
{
	char text[64];
	size_t i, sum = 0;

	mock_counts.bodies++;
	for (i = 0; i < len; i++)
		sum += (unsigned char)body[i];
	for (i = 0; i < MSGC_PADDING; i++)
		((char *)(uintptr_t)body)[len + i] = '\0';
	if (!exchange->response.status) {
		snprintf(text, sizeof(text), "%zu bytes, sum %zu", len, sum);
		say(exchange, 200, text);
	}
	if (exchange->due) {
		exchange->next = waiting;
		waiting = exchange;
	} else {
		exchange->ops->respond(exchange->link, &exchange->response);
	}
}

static void drop(struct msgc__exchange *exchange)
{
	struct msgc__exchange **at;

	for (at = &waiting; *at && *at != exchange; at = &(*at)->next)
		;
	if (*at)
		*at = exchange->next;
	free(exchange->text);
	free(exchange);
}

void msgc__exchange_end(struct msgc__exchange *exchange)
{
	mock_counts.ended++;
	drop(exchange);
}

int64_t mock_http_turn(int64_t now)
{
	struct msgc__exchange **at = &waiting;
	int64_t wait = -1;

	while (*at) {
		struct msgc__exchange *exchange = *at;

		if (exchange->due <= now) {
			*at = exchange->next;
			exchange->ops->respond(exchange->link, &exchange->response);
			continue;
		}
		if (wait < 0 || exchange->due - now < wait)
			wait = exchange->due - now;
		at = &exchange->next;
	}
	return wait;
}
