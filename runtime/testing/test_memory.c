/* SPDX-License-Identifier: MIT */
/*
 * Reaching the server in memory. A thin coat over the transport's own clients.
 */
#include "testing.h"

#include <string.h>
#include <time.h>

#include "../transport/memory.h"

struct msgc__test_link {
	struct msgc_test *test;
	struct msgc__memory_client *client;
	struct msgc__memory_state state; /* as last looked at */
};

static void sleep_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

static int memory_request(struct msgc_test *test, const struct msgc__request *request, bool admin,
        struct msgc_str body, struct msgc_buf *ret_headers, struct msgc_buf *ret_body)
{
	struct msgc__memory_client *client =
	        msgc__memory_request(test->server, msgc__test_worker(test), request, admin, body);
	struct msgc__memory_state state;

	if (!client)
		msgc__test_fail("no memory");
	if (!msgc__memory_response(client, ret_headers, ret_body, test->timeout_ms))
		msgc__test_fail("%s %.*s: no response", request->method, (int)request->path.len,
		        request->path.ptr);
	msgc__memory_look(client, &state);
	msgc__memory_free(client);
	return state.status;
}

static int memory_connect(struct msgc_test *test, const struct msgc__request *request,
        struct msgc__test_link **ret_link)
{
	struct msgc__test_link *link = msgc__test_alloc(test, sizeof(*link));
	int64_t until = msgc__test_now_ms() + test->timeout_ms;

	link->test = test;
	link->client = msgc__memory_connect(test->server, msgc__test_worker(test), request);
	if (!link->client)
		msgc__test_fail("no memory");
	do {
		msgc__memory_look(link->client, &link->state);
		if (link->state.status == 0)
			sleep_ms(1);
	} while (link->state.status == 0 && msgc__test_now_ms() < until);
	if (link->state.status == 0)
		msgc__test_fail("the handshake is not answered");
	if (link->state.status == 101)
		*ret_link = link;
	else
		msgc__memory_free(link->client);
	return link->state.status;
}

static void memory_send(struct msgc__test_link *link, const char *text, size_t len, size_t piece)
{
	(void)piece;
	msgc__memory_send(link->client, text, len);
}

static void memory_send_binary(struct msgc__test_link *link, const void *bytes, size_t len)
{
	(void)bytes;
	(void)len;
	msgc__memory_send_binary(link->client);
}

static void memory_send_raw(struct msgc__test_link *link, const void *bytes, size_t len)
{
	(void)link;
	(void)bytes;
	(void)len;
	msgc__test_fail("msgc_test_send_raw() needs sockets");
}

static void memory_ping(struct msgc__test_link *link)
{
	(void)link;
}

static int memory_receive(struct msgc__test_link *link, struct msgc_buf *out, int64_t wait_ms)
{
	bool got = msgc__memory_receive(link->client, out, wait_ms);

	msgc__memory_look(link->client, &link->state);
	if (link->state.malformed)
		msgc__test_fail("the server wrote what is no whole text frame");
	if (got)
		return MSGC__TEST_MESSAGE;
	return link->state.closed ? MSGC__TEST_CLOSED : MSGC__TEST_TIMED_OUT;
}

static uint16_t memory_close_code(struct msgc__test_link *link)
{
	msgc__memory_look(link->client, &link->state);
	return link->state.close_code;
}

static const char *memory_close_reason(struct msgc__test_link *link)
{
	msgc__memory_look(link->client, &link->state);
	return link->state.close_reason;
}

static void memory_close(struct msgc__test_link *link, uint16_t code)
{
	struct msgc_buf ignored;
	int64_t until = msgc__test_now_ms() + link->test->timeout_ms;
	int got;

	msgc__memory_close(link->client, code ? code : 1005);
	msgc_buf_init(&ignored, 0);
	do {
		got = memory_receive(link, &ignored, link->test->timeout_ms);
	} while (got == MSGC__TEST_MESSAGE && msgc__test_now_ms() < until);
	msgc_buf_free(&ignored);
	if (got != MSGC__TEST_CLOSED)
		msgc__test_fail("the server does not answer the CLOSE frame");
}

static void memory_drop(struct msgc__test_link *link)
{
	msgc__memory_drop(link->client);
}

static void memory_free(struct msgc__test_link *link)
{
	msgc__memory_free(link->client);
}

const struct msgc__test_ways msgc__test_memory_ways = {
        .request = memory_request,
        .connect = memory_connect,
        .send = memory_send,
        .send_binary = memory_send_binary,
        .send_raw = memory_send_raw,
        .ping = memory_ping,
        .receive = memory_receive,
        .close_code = memory_close_code,
        .close_reason = memory_close_reason,
        .close = memory_close,
        .drop = memory_drop,
        .free = memory_free,
};
