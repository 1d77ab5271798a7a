/* SPDX-License-Identifier: MIT */
/*
 * Reaching the server over sockets: plain requests, and the WebSocket handshake. Frames are test_websocket.c.
 */
#include "test_websocket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

/* ---- plain requests */

static bool has_body(const struct msgc__request *request, int status)
{
	return strcmp(request->method, "HEAD") != 0 && status != 204 && status != 304;
}

static void read_body(
        struct msgc__test_tcp *tcp, const struct msgc_buf *headers, struct msgc_buf *ret_body)
{
	int64_t deadline = msgc__test_now_ms() + tcp->test->timeout_ms;
	const char *length = msgc__test_http_value(tcp->test, headers, "content-length");
	size_t wanted = length ? strtoul(length, NULL, 10) : SIZE_MAX;

	if (msgc__test_http_value(tcp->test, headers, "transfer-encoding"))
		msgc__test_fail("a response with Transfer-Encoding");
	while (tcp->in.len < wanted && msgc__test_tcp_read(tcp, deadline)) {
	}
	if (length ? tcp->in.len < wanted : !tcp->ended)
		msgc__test_fail("the response ends after %zu bytes of its body", tcp->in.len);
	if (tcp->in.len > wanted)
		msgc__test_fail("bytes behind the response");
	msgc_buf_append(ret_body, tcp->in.data, tcp->in.len);
}

static int socket_request(struct msgc_test *test, const struct msgc__request *request, bool admin,
        struct msgc_str body, struct msgc_buf *ret_headers, struct msgc_buf *ret_body)
{
	bool sends = body.len > 0 || strcmp(request->method, "POST") == 0;
	struct msgc__test_tcp tcp;
	char extra[96] = "Connection: close\r\n";
	int status;

	msgc__test_tcp_open(&tcp, test, admin ? test->admin_port : test->port);
	if (sends)
		snprintf(extra, sizeof(extra), "Connection: close\r\nContent-Length: %zu\r\n",
		        body.len);
	msgc__test_http_write(&tcp, request, extra);
	msgc__test_tcp_write(&tcp, body.ptr, body.len);
	status = msgc__test_http_head(&tcp, ret_headers);
	if (has_body(request, status))
		read_body(&tcp, ret_headers, ret_body);
	msgc__test_tcp_close(&tcp, false);
	return status;
}

/* ---- the handshake */

static bool offers(const struct msgc__request *request, struct msgc_str name)
{
	for (size_t i = 0; i < request->header_count; i++) {
		const struct msgc__header *header = &request->headers[i];

		if (strcmp(header->name, "sec-websocket-extensions") == 0)
			return header->value.len >= name.len &&
			        memcmp(header->value.ptr, name.ptr, name.len) == 0;
	}
	return false;
}

/* A test may offer it in words of its own, with a window, say. */
static void check_extensions(struct msgc__test_link *link, const struct msgc__request *request,
        const struct msgc_buf *headers)
{
	const char *answer = msgc__test_http_value(link->test, headers, "sec-websocket-extensions");

	if (!answer)
		return;
	if (!offers(request, MSGC_STR("permessage-deflate")))
		msgc__test_fail("an extension that nobody has offered");
	if (!msgc__deflate_agrees(msgc_str_from(answer)))
		msgc__test_fail("no answer to permessage-deflate as offered: %s", answer);
	msgc__test_websocket_deflate(link);
}

static void check_handshake(struct msgc_test *test, const struct msgc_buf *headers, const char *key)
{
	const char *upgrade = msgc__test_http_value(test, headers, "upgrade");
	const char *connection = msgc__test_http_value(test, headers, "connection");
	const char *accept = msgc__test_http_value(test, headers, "sec-websocket-accept");
	char wanted[29];

	msgc__test_accept_key(key, wanted);
	if (!upgrade || strcasecmp(upgrade, "websocket") != 0)
		msgc__test_fail("the handshake lacks Upgrade: websocket");
	if (!connection || strcasecmp(connection, "upgrade") != 0)
		msgc__test_fail("the handshake lacks Connection: Upgrade");
	if (!accept || strcmp(accept, wanted) != 0)
		msgc__test_fail("Sec-WebSocket-Accept is %s, wanted %s",
		        accept ? accept : "missing", wanted);
}

static int socket_connect(struct msgc_test *test, const struct msgc__request *request,
        struct msgc__test_link **ret_link)
{
	struct msgc__test_link *link = msgc__test_alloc(test, sizeof(*link));
	struct msgc_buf headers;
	uint8_t random[16];
	char key[25], extra[96];
	int status;

	link->test = test;
	link->close_code = 1006;
	link->kept_end = &link->kept;
	msgc_buf_init(&link->message, 0);
	msgc_buf_init(&headers, 0);
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		msgc__test_fail("no random bytes");
	msgc__test_base64(random, sizeof(random), key);
	snprintf(extra, sizeof(extra), "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n",
	        key);
	msgc__test_tcp_open(&link->tcp, test, test->port);
	msgc__test_http_write(&link->tcp, request, extra);
	status = msgc__test_http_head(&link->tcp, &headers);
	if (status == 101) {
		check_handshake(test, &headers, key);
		check_extensions(link, request, &headers);
		*ret_link = link;
	} else {
		msgc__test_tcp_close(&link->tcp, false);
	}
	msgc_buf_free(&headers);
	return status;
}

const struct msgc__test_ways msgc__test_socket_ways = {
        .request = socket_request,
        .connect = socket_connect,
        .send = msgc__test_websocket_send,
        .send_binary = msgc__test_websocket_send_binary,
        .send_raw = msgc__test_websocket_send_raw,
        .ping = msgc__test_websocket_ping,
        .receive = msgc__test_websocket_receive,
        .close_code = msgc__test_websocket_close_code,
        .close_reason = msgc__test_websocket_close_reason,
        .close = msgc__test_websocket_close,
        .drop = msgc__test_websocket_drop,
        .deflates = msgc__test_websocket_deflates,
        .free = msgc__test_websocket_free,
};
