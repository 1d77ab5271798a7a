/* SPDX-License-Identifier: MIT */
/*
 * The kit's transport: no bytes move, a response is copied for the test to look at.
 */
#include "exchange_kit.h"

#include <string.h>
#include <unistd.h>

struct msgc_server *kit_server;
struct msgc__worker *kit_worker;
struct kit_response kit_response;

static struct msgc__header headers[32];
static size_t header_count;
static const char *body_text;
static size_t body_len, body_limit;

static void wake(void *loop)
{
	(void)loop;
}

static int open_loop(struct msgc_server *server, struct msgc__worker *worker, void **ret_loop)
{
	(void)server;
	*ret_loop = worker;
	return 0;
}

static int run(void *loop)
{
	(void)loop;
	return 0;
}

static void nothing(void *loop)
{
	(void)loop;
}

static const struct msgc__transport transport = {.name = "kit",
        .wake = wake,
        .open = open_loop,
        .run = run,
        .stop_accepting = nothing,
        .stop = nothing,
        .close = nothing};

void kit_new(const char *const *arguments)
{
	static char *argv[16];
	int argc = 1;

	argv[0] = (char *)"kit";
	for (; arguments[argc - 1]; argc++)
		argv[argc] = (char *)arguments[argc - 1];
	argv[argc] = NULL;
	kit_server = msgc_server_new(argc, argv);
	ck_assert_ptr_nonnull(kit_server);
	kit_server->transport = &transport;
	kit_worker = NULL;
}

int kit_start(void)
{
	int result = msgc__server_start(kit_server);

	if (result < 0)
		return result;
	kit_worker = kit_server->workers[0];
	ck_assert_int_eq(msgc__worker_begin(kit_worker), 0);
	return 0;
}

void kit_free(void)
{
	if (kit_worker) {
		msgc__worker_end(kit_worker);
		msgc__server_finish(kit_server);
		msgc__http_drop_all(&kit_server->http);
		ck_assert_uint_eq(atomic_load(&kit_server->http.exchanges), 0);
	}
	msgc_server_free(kit_server);
	kit_server = NULL;
	kit_worker = NULL;
	header_count = 0;
	body_text = NULL;
	body_len = 0;
}

static void respond(void *link, const struct msgc__response *response)
{
	size_t at = 0;

	ck_assert_ptr_eq(link, &kit_response);
	ck_assert(!kit_response.arrived); /* once per exchange */
	kit_response.arrived = true;
	kit_response.status = response->status;
	kit_response.head_only = response->head_only;
	for (size_t i = 0; i < response->header_count; i++)
		at += (size_t)snprintf(kit_response.headers + at, sizeof(kit_response.headers) - at,
		        "%s: %.*s\n", response->headers[i].name,
		        (int)response->headers[i].value.len, response->headers[i].value.ptr);
	ck_assert_uint_lt(response->body.len, sizeof(kit_response.body));
	if (response->body.len)
		memcpy(kit_response.body, response->body.ptr, response->body.len);
	kit_response.body[response->body.len] = '\0';
	kit_response.len = response->body.len;
	snprintf(kit_response.file, sizeof(kit_response.file), "%s",
	        response->file ? response->file : "");
}

static const struct msgc__http_ops ops = {.respond = respond};

void kit_header(const char *name, const char *value)
{
	headers[header_count++] = (struct msgc__header){name, msgc_str_from(value)};
}

void kit_body(const char *body, size_t len)
{
	body_text = body;
	body_len = len;
}

static struct msgc__exchange *begin(const char *method, const char *target, bool admin)
{
	const char *query = strchr(target, '?');
	struct msgc__request request = {
	        .method = method,
	        .path = msgc_str_of(target, query ? (size_t)(query - target) : strlen(target)),
	        .query = msgc_str_from(query ? query + 1 : ""),
	        .headers = headers,
	        .header_count = header_count,
	        .address = "192.0.2.1",
	};
	char body[64 * 1024 + MSGC_PADDING];
	struct msgc__exchange *exchange;

	kit_response = (struct kit_response){.arrived = false};
	exchange =
	        msgc__exchange_begin(kit_worker, &request, admin, &ops, &kit_response, &body_limit);
	ck_assert_ptr_nonnull(exchange);
	ck_assert_uint_le(body_len, 64 * 1024);
	if (body_len)
		memcpy(body, body_text, body_len);
	msgc__exchange_body(exchange, body, body_len);
	memset(body, 'x', sizeof(body)); /* it was only lent */
	header_count = 0;
	body_text = NULL;
	body_len = 0;
	return exchange;
}

struct msgc__exchange *kit_begin(const char *method, const char *target)
{
	return begin(method, target, false);
}

void kit_turn(void)
{
	msgc__worker_turn(kit_worker);
}

enum { TURNS_MOST = 200000, TURN_US = 100 }; /* twenty seconds and more: for a broken server only */

void kit_wait(void)
{
	for (int i = 0; i < TURNS_MOST && !kit_response.arrived; i++) {
		kit_turn();
		usleep(TURN_US);
	}
	ck_assert_msg(kit_response.arrived, "there is no response");
}

void kit_wait_for_ends(void)
{
	for (int i = 0; i < TURNS_MOST && atomic_load(&kit_server->http.exchanges) > 0; i++) {
		kit_turn();
		usleep(TURN_US);
	}
	ck_assert_uint_eq(atomic_load(&kit_server->http.exchanges), 0);
}

int kit_request(const char *method, const char *target)
{
	struct msgc__exchange *exchange = begin(method, target, false);

	kit_wait();
	msgc__exchange_end(exchange);
	return kit_response.status;
}

int kit_admin_request(const char *method, const char *target)
{
	struct msgc__exchange *exchange = begin(method, target, true);

	kit_wait();
	msgc__exchange_end(exchange);
	return kit_response.status;
}

size_t kit_body_limit(void)
{
	return body_limit;
}

const char *kit_value(const char *name)
{
	static char value[1024];
	size_t len = strlen(name);

	for (const char *line = kit_response.headers; *line; line = strchr(line, '\n') + 1) {
		if (strncmp(line, name, len) == 0 && strncmp(line + len, ": ", 2) == 0) {
			snprintf(value, sizeof(value), "%.*s", (int)strcspn(line + len + 2, "\n"),
			        line + len + 2);
			return value;
		}
	}
	return "";
}
