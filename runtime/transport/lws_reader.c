/* SPDX-License-Identifier: MIT */
/*
 * Reads WebSockets itself: received at once, or decrypted, into memory that the loop's sockets share, parsed and unmasked there (RFC 6455 section
 * 5.2), handed up as whole frames. libwebsockets would read each into a buffer of its own, byte by byte; it still does
 * where a client did not wait for the handshake's answer. It must not know what messages say.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <msgc/codec.h>

#include "lws_internal.h"
#include "lws_kernel.h"

enum {
	CONTINUATION = 0,
	TEXT = 1,
	BINARY = 2,
	CLOSE = 8,
	PING = 9,
	PONG = 10,
	CONTROL_MAX = 125,
	ROOM_FIRST = 4096, /* for the rest of a frame */
};

/* A frame's head. */
struct head {
	unsigned opcode;
	bool final;
	bool deflated;
	size_t size;
	uint64_t len; /* of the payload */
};

enum verdict { INCOMPLETE, READ, BROKEN };

/* Of reserved bits only RSV1 has a meaning, where that has been agreed on, and at the beginning of a message (RFC 7692 section 6). */
static bool are_reserved(unsigned first, bool deflate)
{
	unsigned opcode = first & 15u;

	return !deflate || (first & 0x70) != MSGC__DEFLATE_RSV1 ||
	        (opcode != TEXT && opcode != BINARY);
}

static enum verdict read_head(
        const unsigned char *bytes, size_t have, bool deflate, struct head *ret)
{
	unsigned opcode, more, i;

	if (have < 2)
		return INCOMPLETE;
	opcode = bytes[0] & 15u;
	/* Clients have to mask. */
	if ((bytes[0] & 0x70 && are_reserved(bytes[0], deflate)) || !(bytes[1] & 0x80) ||
	        (opcode > BINARY && opcode < CLOSE) || opcode > PONG)
		return BROKEN;
	ret->deflated = bytes[0] & 0x70;
	ret->opcode = opcode;
	ret->final = bytes[0] & 0x80;
	ret->len = bytes[1] & 0x7fu;
	if (opcode >= CLOSE && (!ret->final || ret->len > CONTROL_MAX))
		return BROKEN;
	more = ret->len == 126 ? 2 : ret->len == 127 ? 8 : 0;
	ret->size = 2 + more + 4;
	if (have < ret->size)
		return INCOMPLETE;
	for (ret->len = more ? 0 : ret->len, i = 0; i < more; i++)
		ret->len = ret->len << 8 | bytes[2 + i];
	return ret->len >> 63 ? BROKEN : READ;
}

static void unmask(unsigned char *payload, size_t len)
{
	const unsigned char *mask = payload - 4;
	uint32_t key;
	uint64_t wide, word, words[4];
	size_t i;

	memcpy(&key, mask, 4);
	wide = (uint64_t)key << 32 | key;
	for (i = 0; len - i >= sizeof(words); i += sizeof(words)) {
		memcpy(words, payload + i, sizeof(words));
		words[0] ^= wide;
		words[1] ^= wide;
		words[2] ^= wide;
		words[3] ^= wide;
		memcpy(payload + i, words, sizeof(words));
	}
	for (; len - i >= 8; i += 8) {
		memcpy(&word, payload + i, 8);
		word ^= wide;
		memcpy(payload + i, &word, 8);
	}
	for (; i < len; i++)
		payload[i] ^= mask[i & 3];
}

/* ------------------------------------------------------------------------------------------- control */

/* Those of one reading leave together. Where output is held up only the last is kept, as section 5.5.3 allows. */
static void send_pongs(struct msgc__lws_sock *sock)
{
	struct msgc__lws_loop *loop = sock->loop;
	size_t len = loop->pongs_len;

	loop->pongs_len = 0;
	if (!len || sock->phase != MSGC__LWS_OPEN || sock->dying)
		return;
	if (!sock->ws.congested) {
		msgc__lws_link_write(sock, loop->pongs, len);
		return;
	}
	len = loop->last_pong_len;
	if (!sock->ws.pong)
		sock->ws.pong = malloc(2 + CONTROL_MAX);
	if (sock->ws.pong)
		memcpy(sock->ws.pong, loop->last_pong, len);
}

static void end_output(struct msgc__lws_sock *sock)
{
	if (sock->secure)
		msgc__lws_decrypt_end(sock);
	shutdown(sock->fd, SHUT_WR);
}

void msgc__lws_reader_writable(struct msgc__lws_sock *sock)
{
	unsigned char *pong = sock->ws.pong;

	sock->ws.pong = NULL;
	if (pong && sock->phase == MSGC__LWS_OPEN)
		msgc__lws_link_write(sock, pong, 2u + pong[1]);
	free(pong);
	if (sock->ws.broken)
		end_output(sock);
	if (sock->phase == MSGC__LWS_RETURNING)
		msgc__lws_sock_kill(sock);
}

static void answer_ping(struct msgc__lws_sock *sock, const unsigned char *payload, size_t len)
{
	struct msgc__lws_loop *loop = sock->loop;
	unsigned char *frame;

	if (loop->pongs_len + 2 + len > sizeof(loop->pongs))
		send_pongs(sock);
	frame = loop->pongs + loop->pongs_len;
	frame[0] = 0x80 | PONG;
	frame[1] = (unsigned char)len;
	if (len)
		memcpy(frame + 2, payload, len);
	loop->last_pong = frame;
	loop->last_pong_len = 2 + len;
	loop->pongs_len += 2 + len;
}

/* The peer's frame is sent back, behind the answers to what came before it; then the server hangs up (section 7.1.1). */
static void answer_close(struct msgc__lws_sock *sock, const unsigned char *payload, size_t len)
{
	unsigned char frame[2 + CONTROL_MAX] = {0x80 | CLOSE, (unsigned char)len};

	send_pongs(sock);
	if (msgc__lws_link_peer_close(sock, payload, len) < 0) {
		msgc__lws_sock_kill(sock);
		return;
	}
	if (len)
		memcpy(frame + 2, payload, len);
	if (!msgc__lws_link_write(sock, frame, 2 + len) && !sock->ws.congested)
		msgc__lws_sock_kill(sock);
}

/*
 * What follows cannot be understood. Our CLOSE frame and the end leave; what comes is thrown away until the peer hangs up, so that it is
 * not robbed of that frame by a reset.
 */
static void fail(struct msgc__lws_sock *sock)
{
	struct msgc__lws_websocket *ws = &sock->ws;

	msgc__lws_link_close(sock, 1002, "protocol error");
	ws->broken = true;
	if (!ws->congested && !sock->dying)
		end_output(sock);
}

/* --------------------------------------------------------------------------------------------- frames */

static bool is_reading(const struct msgc__lws_sock *sock)
{
	return (sock->phase == MSGC__LWS_OPEN || sock->phase == MSGC__LWS_CLOSING) &&
	        !sock->dying && sock->wsi && !sock->ws.paused;
}

static void take_control(
        struct msgc__lws_sock *sock, unsigned opcode, const unsigned char *payload, size_t len)
{
	if (opcode == CLOSE)
		answer_close(sock, payload, len);
	else if (opcode == PING && sock->phase == MSGC__LWS_OPEN)
		answer_ping(sock, payload, len);
}

/* Does a data frame come in its turn, with text, and does it fit? False: it is skipped, or nothing more is read. */
static bool is_wanted(struct msgc__lws_sock *sock, const struct head *head)
{
	struct msgc__lws_websocket *ws = &sock->ws;

	if (sock->phase != MSGC__LWS_OPEN || ws->unwanted || !ws->connection)
		return false;
	if ((head->opcode == CONTINUATION) != ws->in_message) {
		fail(sock);
		return false;
	}
	if (head->opcode == BINARY) {
		ws->unwanted = true;
		msgc__connection_binary(ws->connection);
		return false;
	}
	if (head->len <= msgc__lws_receive_room(ws, head->deflated))
		return true;
	msgc__lws_receive_refuse(sock, 1009, "message too big");
	return false;
}

/* How many bytes of what there is have been dealt with; 0: it is the beginning of a frame. */
static size_t take(struct msgc__lws_sock *sock, unsigned char *bytes, size_t have)
{
	struct msgc__lws_websocket *ws = &sock->ws;
	struct msgc__lws_piece piece = {0};
	struct head head;
	enum verdict verdict;

	if (ws->broken)
		return have;
	if (ws->skip) {
		if (have > ws->skip)
			have = (size_t)ws->skip;
		ws->skip -= have;
		return have;
	}
	verdict = read_head(bytes, have, ws->deflate, &head);
	if (verdict == BROKEN) {
		fail(sock);
		return have;
	}
	if (verdict == INCOMPLETE)
		return 0;
	if (head.opcode < CLOSE && !is_wanted(sock, &head)) {
		ws->skip = head.len;
		return head.size;
	}
	if (have - head.size < head.len)
		return 0;
	bytes += head.size;
	unmask(bytes, (size_t)head.len);
	if (head.opcode >= CLOSE) {
		take_control(sock, head.opcode, bytes, (size_t)head.len);
	} else {
		piece.bytes = (const char *)bytes;
		piece.len = (size_t)head.len;
		piece.final = head.final;
		piece.deflated = head.deflated;
		msgc__lws_receive(sock, &piece);
	}
	return head.size + (size_t)head.len;
}

static size_t take_all(struct msgc__lws_sock *sock, char *bytes, size_t len)
{
	size_t at = 0, taken = 1;

	while (at < len && taken && is_reading(sock)) {
		taken = take(sock, (unsigned char *)bytes + at, len - at);
		at += taken;
	}
	send_pongs(sock);
	return at;
}

void msgc__lws_reader_answer(struct msgc__lws_sock *sock)
{
	if (sock->ws.connection && is_reading(sock))
		msgc__connection_read(sock->ws.connection);
}

/* ---------------------------------------------------------------------------------------------- input */

static void forget(struct msgc__lws_websocket *ws)
{
	free(ws->input);
	ws->input = NULL;
	ws->input_len = ws->input_cap = 0;
}

static bool have_room(struct msgc__lws_websocket *ws, size_t cap)
{
	char *input;

	if (cap <= ws->input_cap)
		return true;
	input = realloc(ws->input, cap);
	if (!input)
		return false;
	ws->input = input;
	ws->input_cap = cap;
	return true;
}

/* The beginning of a frame, or what waits because the core takes no more. */
static void keep(struct msgc__lws_sock *sock, const char *bytes, size_t len)
{
	struct msgc__lws_websocket *ws = &sock->ws;

	if (!is_reading(sock) && !ws->paused)
		len = 0;
	if (!len) {
		forget(ws);
		return;
	}
	if (!have_room(ws, len)) {
		msgc__lws_receive_refuse(sock, 1013, "out of memory");
		msgc__lws_sock_kill(sock);
		return;
	}
	if (bytes != ws->input)
		memmove(ws->input, bytes, len);
	ws->input_len = len;
}

/* Room for more behind what is kept; it grows with what has come, not with what a head announces. */
static bool make_room(struct msgc__lws_websocket *ws)
{
	size_t cap = ws->input_cap * 2;

	if (cap < ROOM_FIRST)
		cap = ROOM_FIRST;
	return ws->input_cap - ws->input_len >= ROOM_FIRST / 2 || have_room(ws, cap);
}

/* Decrypting may have to write before it can go on, and may hold more than there was room for, of which epoll knows nothing. */
static void watch(struct msgc__lws_sock *sock)
{
	ev_io *io = &sock->ws.readable;
	int events = msgc__lws_decrypt_wants(sock);

	if (sock->ws.more)
		msgc__lws_sock_todo(sock, MSGC__LWS_TODO_READ);
	if (!ev_is_active(io) || (io->events & (EV_READ | EV_WRITE)) == events)
		return;
	ev_io_stop(sock->loop->ev, io);
	ev_io_set(io, sock->fd, events);
	ev_io_start(sock->loop->ev, io);
}

void msgc__lws_reader_receive(struct msgc__lws_sock *sock, char *bytes, size_t room,
        struct msgc__lws_reading *ret_reading)
{
	struct msgc__lws_websocket *ws = &sock->ws;
	ssize_t got;

	if (!is_reading(sock)) {
		ev_io_stop(sock->loop->ev, &ws->readable);
		return;
	}
	if (ws->input_len) {
		if (!make_room(ws)) {
			msgc__lws_sock_kill(sock);
			return;
		}
		bytes = ws->input + ws->input_len;
		room = ws->input_cap - ws->input_len;
	}
	got = sock->secure ? msgc__lws_decrypt_read(sock, bytes, room)
	                   : recv(sock->fd, bytes, room, 0);
	if (sock->secure)
		watch(sock);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		msgc__lws_sock_kill(sock);
		return;
	}
	msgc__lws_link_heard(sock);
	ret_reading->bytes = ws->input_len ? ws->input : bytes;
	ret_reading->len = ws->input_len + (size_t)got;
}

void msgc__lws_reader_take(struct msgc__lws_sock *sock, const struct msgc__lws_reading *reading)
{
	size_t used = take_all(sock, reading->bytes, reading->len);

	if (used < reading->len || sock->ws.input)
		keep(sock, reading->bytes + used, reading->len - used);
}

static void read_now(struct msgc__lws_sock *sock)
{
	struct msgc__lws_reading reading = {NULL, 0};

	msgc__lws_reader_receive(sock, sock->loop->input, MSGC__LWS_INPUT, &reading);
	if (!reading.len)
		return;
	msgc__lws_reader_take(sock, &reading);
	msgc__lws_reader_answer(sock);
}

static void on_readable(struct ev_loop *ev, ev_io *io, int events)
{
	struct msgc__lws_sock *sock = io->data;

	(void)ev;
	(void)events;
	if (!sock->ws.gathered && !msgc__lws_gather_add(sock))
		read_now(sock);
}

/* What was kept while the core took nothing. */
void msgc__lws_reader_go_on(struct msgc__lws_sock *sock)
{
	struct msgc__lws_websocket *ws = &sock->ws;
	size_t used;

	if (!is_reading(sock))
		return;
	if (ws->input_len) {
		used = take_all(sock, ws->input, ws->input_len);
		msgc__lws_reader_answer(sock);
		keep(sock, ws->input + used, ws->input_len - used);
	}
	/* In the next round: others have their turn before. */
	if (ws->more && is_reading(sock) && !ws->gathered && !msgc__lws_gather_add(sock))
		read_now(sock);
}

void msgc__lws_reader_pause(struct msgc__lws_sock *sock, bool paused)
{
	if (paused) {
		ev_io_stop(sock->loop->ev, &sock->ws.readable);
		return;
	}
	ev_io_start(sock->loop->ev, &sock->ws.readable);
	if (sock->ws.input_len || sock->ws.more)
		msgc__lws_sock_todo(sock, MSGC__LWS_TODO_READ);
}

/*
 * What a client sent behind its handshake without waiting is in libwebsockets' hands. There is nothing when the bytes that it has read for this
 * request, which begin its buffer, end with the first empty line; where they came in several pieces they cannot, and it goes on reading. With TLS that is a
 * record's content, whose length nobody tells.
 */
bool msgc__lws_reader_may(const struct msgc__lws_sock *sock)
{
	const char *head = sock->loop->buffer, *end;
	uint64_t len =
	        msgc__lws_bytes_read_or_more(sock->fd) - (sock->served ? sock->read_before : 0);

	if (sock->secure)
		len = MSGC__LWS_SERVICE;
	if (!head || len < 4 || len > MSGC__LWS_SERVICE || memcmp(head, "GET ", 4))
		return false;
	end = memmem(head, (size_t)len, "\r\n\r\n", 4);
	if (!end)
		return false;
	end += 4;
	return sock->secure ? msgc__lws_decrypt_is_unread(sock, (size_t)(end - head))
	                    : (uint64_t)(end - head) == len;
}

void msgc__lws_reader_start(struct msgc__lws_sock *sock)
{
	lws_rx_flow_control(sock->wsi, 0);
	if (sock->secure)
		msgc__lws_decrypt_start(sock);
	ev_io_init(&sock->ws.readable, on_readable, sock->fd, EV_READ);
	sock->ws.readable.data = sock;
	ev_io_start(sock->loop->ev, &sock->ws.readable);
	if (sock->ws.more)
		msgc__lws_sock_todo(sock, MSGC__LWS_TODO_READ);
}

void msgc__lws_reader_stop(struct msgc__lws_sock *sock)
{
	if (!sock->ws.ours)
		return;
	if (ev_is_active(&sock->ws.readable))
		ev_io_stop(sock->loop->ev, &sock->ws.readable);
	msgc__lws_gather_drop(sock);
	free(sock->ws.pong);
	sock->ws.pong = NULL;
	forget(&sock->ws);
}
