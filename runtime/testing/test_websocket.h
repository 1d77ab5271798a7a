/* SPDX-License-Identifier: MIT */
/*
 * A WebSocket client (RFC 6455) that takes nothing on trust: every frame of the server is held against the standard. The functions are
 * those of struct msgc__test_ways.
 */
#ifndef MSGC__TEST_WEBSOCKET_H
#define MSGC__TEST_WEBSOCKET_H

#include "../deflate/deflate.h"
#include "test_tcp.h"

struct msgc__test_kept {
	struct msgc__test_kept *next;
	const char *text;
	size_t len;
};

struct msgc__test_link {
	struct msgc_test *test;
	struct msgc__test_tcp tcp;
	struct msgc_buf message; /* fragments so far */
	bool in_message;
	/* permessage-deflate, where it was agreed on: NULL, where not. */
	struct msgc__inflater *inflater;
	struct msgc__deflater *deflater;
	bool deflated;         /* the message that is coming in */
	size_t deflated_count; /* of those that came so */
	bool close_sent, close_received;
	uint16_t close_code;
	char close_reason[124];
	bool answered; /* the ping of msgc_test_ping() */
	struct msgc__test_kept *kept,
	        **kept_end; /* messages that came while something else was waited for */
};

/* From the handshake on: messages are deflated, and may be in both directions. */
void msgc__test_websocket_deflate(struct msgc__test_link *link);
bool msgc__test_websocket_deflates(const struct msgc__test_link *link);
void msgc__test_websocket_send(
        struct msgc__test_link *link, const char *text, size_t len, size_t piece);
void msgc__test_websocket_send_binary(struct msgc__test_link *link, const void *bytes, size_t len);
void msgc__test_websocket_send_raw(struct msgc__test_link *link, const void *bytes, size_t len);
void msgc__test_websocket_ping(struct msgc__test_link *link);
int msgc__test_websocket_receive(
        struct msgc__test_link *link, struct msgc_buf *out, int64_t wait_ms);
uint16_t msgc__test_websocket_close_code(struct msgc__test_link *link);
const char *msgc__test_websocket_close_reason(struct msgc__test_link *link);
void msgc__test_websocket_close(struct msgc__test_link *link, uint16_t code);
void msgc__test_websocket_drop(struct msgc__test_link *link);
void msgc__test_websocket_free(struct msgc__test_link *link);

#endif
