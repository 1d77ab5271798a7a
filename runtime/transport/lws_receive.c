/* SPDX-License-Identifier: MIT */
/*
 * From pieces of frames, unmasked, to whole messages in writable memory with padding behind. A message's size is
 * known from the frame's header before its bytes are kept. It must not look at what a message says; its UTF-8 is the core's affair.
 */
#include <stdlib.h>
#include <string.h>

#include <msgc/codec.h>

#include "lws_internal.h"

enum { FIRST_ROOM = 4096 };

void msgc__lws_receive_drop(struct msgc__lws_sock *sock)
{
	struct msgc__lws_websocket *ws = &sock->ws;

	free(ws->message);
	ws->message = NULL;
	ws->len = ws->cap = 0;
	ws->in_message = false;
}

int msgc__lws_receive_refuse(struct msgc__lws_sock *sock, uint16_t code, const char *reason)
{
	sock->ws.unwanted = true;
	msgc__lws_link_close(sock, code, reason);
	return 0;
}

/* The common case, a message in one piece, is copied to memory that all connections of the loop share. */
static int whole(struct msgc__lws_sock *sock, const char *bytes, size_t len)
{
	struct msgc__lws_loop *loop = sock->loop;

	if (len > loop->message_cap) {
		char *larger = realloc(loop->message, len + MSGC_PADDING);

		if (!larger)
			return msgc__lws_receive_refuse(sock, 1013, "out of memory");
		loop->message = larger;
		loop->message_cap = len;
	}
	if (len)
		memcpy(loop->message, bytes, len);
	msgc__connection_text(sock->ws.connection, loop->message, len);
	return 0;
}

/* Room grows with what has come, not with what a header announces. */
static int keep(struct msgc__lws_sock *sock, const char *bytes, size_t len)
{
	struct msgc__lws_websocket *ws = &sock->ws;
	size_t want = ws->len + len, cap = ws->cap ? ws->cap : FIRST_ROOM;
	char *message;

	while (cap < want)
		cap *= 2;
	if (cap > ws->limit && want <= ws->limit)
		cap = ws->limit;
	if (cap != ws->cap) {
		message = realloc(ws->message, cap + MSGC_PADDING);
		if (!message)
			return MSGC_ENOMEM;
		ws->message = message;
		ws->cap = cap;
	}
	if (len)
		memcpy(ws->message + ws->len, bytes, len);
	ws->len = want;
	return 0;
}

static void assembled(struct msgc__lws_sock *sock)
{
	struct msgc__lws_websocket *ws = &sock->ws;
	char *message = ws->message;
	size_t len = ws->len;

	ws->message = NULL;
	msgc__lws_receive_drop(sock);
	msgc__connection_text(ws->connection, message, len);
	free(message);
}

int msgc__lws_receive(struct msgc__lws_sock *sock, const struct msgc__lws_piece *piece)
{
	struct msgc__lws_websocket *ws = &sock->ws;
	size_t len = piece->len;

	msgc__lws_link_heard(sock);
	if (sock->phase != MSGC__LWS_OPEN || ws->unwanted || sock->dying || !ws->connection)
		return 0;
	if (!ws->in_message && piece->binary) {
		ws->unwanted = true;
		msgc__connection_binary(ws->connection);
		return 0;
	}
	if (len > ws->limit - ws->len || piece->to_come > ws->limit - ws->len - len)
		return msgc__lws_receive_refuse(sock, 1009, "message too big");
	if (!ws->in_message && piece->final)
		return whole(sock, piece->bytes, len);
	ws->in_message = true;
	if (keep(sock, piece->bytes, len))
		return msgc__lws_receive_refuse(sock, 1013, "out of memory");
	if (piece->final)
		assembled(sock);
	return 0;
}
