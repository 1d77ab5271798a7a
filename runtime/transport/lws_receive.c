/* SPDX-License-Identifier: MIT */
/*
 * From pieces of frames, unmasked, to whole messages, inflated where they came deflated, in writable memory with padding behind. A message's size is
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
	ws->in_message = ws->deflated = false;
}

int msgc__lws_receive_refuse(struct msgc__lws_sock *sock, uint16_t code, const char *reason)
{
	sock->ws.unwanted = true;
	msgc__lws_link_close(sock, code, reason);
	return 0;
}

/* zlib's state is the loop's, and keeps nothing between two messages. What would come behind the limit is not inflated. */
static int inflate_whole(struct msgc__lws_sock *sock, const char *bytes, size_t len)
{
	struct msgc__lws_loop *loop = sock->loop;
	size_t inflated;
	int result = MSGC_ENOMEM;

	if (!loop->inflater)
		loop->inflater = msgc__inflater_new();
	if (loop->inflater)
		result = msgc__inflate(loop->inflater, msgc_str_of(bytes, len), sock->ws.limit,
		        &loop->message, &loop->message_cap, &inflated);
	switch (result) {
	case 0: break;
	case MSGC_ELIMIT: return msgc__lws_receive_refuse(sock, 1009, "message too big");
	case MSGC_ENOMEM: return msgc__lws_receive_refuse(sock, 1013, "out of memory");
	default: return msgc__lws_receive_refuse(sock, 1007, "malformed compressed data");
	}
	msgc__connection_inflated(sock->ws.connection, len, inflated);
	msgc__connection_text(sock->ws.connection, loop->message, inflated);
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
	size_t most = ws->len + msgc__lws_receive_room(ws, false);
	char *message;

	while (cap < want)
		cap *= 2;
	if (cap > most && want <= most)
		cap = most;
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
	bool deflated = ws->deflated;

	ws->message = NULL;
	msgc__lws_receive_drop(sock);
	if (deflated)
		inflate_whole(sock, message, len);
	else
		msgc__connection_text(ws->connection, message, len);
	free(message);
}

int msgc__lws_receive(struct msgc__lws_sock *sock, const struct msgc__lws_piece *piece)
{
	struct msgc__lws_websocket *ws = &sock->ws;
	size_t len = piece->len, room;

	msgc__lws_link_heard(sock);
	if (sock->phase != MSGC__LWS_OPEN || ws->unwanted || sock->dying || !ws->connection)
		return 0;
	if (!ws->in_message && piece->binary) {
		ws->unwanted = true;
		msgc__connection_binary(ws->connection);
		return 0;
	}
	room = msgc__lws_receive_room(ws, piece->deflated);
	if (len > room || piece->to_come > room - len)
		return msgc__lws_receive_refuse(sock, 1009, "message too big");
	if (!ws->in_message && piece->final)
		return piece->deflated ? inflate_whole(sock, piece->bytes, len)
		                       : whole(sock, piece->bytes, len);
	if (!ws->in_message)
		ws->deflated = piece->deflated;
	ws->in_message = true;
	if (keep(sock, piece->bytes, len))
		return msgc__lws_receive_refuse(sock, 1013, "out of memory");
	if (piece->final)
		assembled(sock);
	return 0;
}
