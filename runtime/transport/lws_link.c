/* SPDX-License-Identifier: MIT */
/*
 * A WebSocket as the core's link: output in whole frames, the close handshake, pings. What comes in is lws_receive.c. It must not know what
 * the frames say.
 *
 * libwebsockets' own way of closing drops the CLOSE frame when output is pending, and its own writing loses count of frames then; so
 * everything leaves through LWS_WRITE_RAW as frames that were made here or in the core, in order.
 */
#include <string.h>
#include <sys/socket.h>

#include <msgc/codec.h>

#include "lws_internal.h"

enum { OPCODE_CLOSE = 0x88, OPCODE_PING = 0x89, NO_CODE = 1005, NO_FRAME = 1006 };

/* RAW output is passed on unchanged; libwebsockets only lacks the const. What the socket does not take it holds. */
static int write_through(struct msgc__lws_sock *sock, const char *frames, size_t len)
{
	if (sock->dying ||
	        lws_write(sock->wsi, (unsigned char *)(uintptr_t)frames, len, LWS_WRITE_RAW) < 0) {
		msgc__lws_sock_kill(sock);
		return MSGC_EGONE;
	}
	sock->ws.congested = lws_partial_buffered(sock->wsi);
	return 0;
}

/* Where libwebsockets neither reads nor encrypts, it is asked only when the socket does not take all: what it touches for each write is its own. */
int msgc__lws_link_write(struct msgc__lws_sock *sock, const void *frames, size_t len)
{
	ssize_t sent = 0;

	if (sock->ws.ours && !sock->secure && !sock->ws.congested && !sock->dying) {
		sent = send(sock->fd, frames, len, MSG_NOSIGNAL);
		if (sent == (ssize_t)len)
			return 0;
		if (sent < 0)
			sent = 0; /* a full socket, or a dead one, of which libwebsockets hears the same */
	}
	return write_through(sock, (const char *)frames + sent, len - (size_t)sent);
}

/* ------------------------------------------------------------------------------------- core → transport */

static bool is_usable(const struct msgc__lws_sock *sock)
{
	return (sock->phase == MSGC__LWS_OPEN || sock->phase == MSGC__LWS_RETURNING) &&
	        !sock->dying && sock->wsi;
}

static int link_write(void *link, const void *frames, size_t len)
{
	struct msgc__lws_sock *sock = link;

	return is_usable(sock) ? msgc__lws_link_write(sock, frames, len) : MSGC_EGONE;
}

static bool link_congested(void *link)
{
	struct msgc__lws_sock *sock = link;

	return is_usable(sock) && sock->ws.congested;
}

static void link_pause(void *link, bool paused)
{
	struct msgc__lws_sock *sock = link;

	if (!is_usable(sock) || sock->ws.paused == paused)
		return;
	sock->ws.paused = paused;
	if (!paused)
		sock->ws.heard = sock->loop->now; /* it could not be heard meanwhile */
	if (sock->ws.ours)
		msgc__lws_reader_pause(sock, paused);
	else
		lws_rx_flow_control(sock->wsi, !paused);
}

static void link_abort(void *link)
{
	struct msgc__lws_sock *sock = link;

	if (sock->wsi)
		msgc__lws_sock_kill(sock);
}

/* A CLOSE frame (RFC 6455 section 5.5.1) of at most 127 bytes; code NO_CODE: without a body. */
static size_t close_frame(
        unsigned char frame[MSGC__LWS_CLOSE_FRAME_MAX], uint16_t code, const char *reason)
{
	size_t len = reason ? strlen(reason) : 0;

	frame[0] = OPCODE_CLOSE;
	frame[1] = 0;
	if (!code || code == NO_CODE)
		return 2;
	if (len > 123)
		len = msgc_utf8_cut(reason, len, 123);
	frame[1] = (unsigned char)(2 + len);
	frame[2] = (unsigned char)(code >> 8);
	frame[3] = (unsigned char)code;
	if (len)
		memcpy(frame + 4, reason, len);
	return 4 + len;
}

/*
 * Behind what is pending already, at once: order is kept by libwebsockets' buffer. From now on input is read only to find the peer's CLOSE
 * frame, and so that the socket can be closed without unread input, which would take ours away from the peer.
 */
void msgc__lws_link_close(struct msgc__lws_sock *sock, uint16_t code, const char *reason)
{
	unsigned char frame[MSGC__LWS_CLOSE_FRAME_MAX];

	if (sock->phase != MSGC__LWS_OPEN || sock->dying || !sock->wsi)
		return;
	link_pause(sock, false);
	if (msgc__lws_link_write(sock, frame, close_frame(frame, code, reason)))
		return;
	sock->phase = MSGC__LWS_CLOSING;
	sock->ws.sent_code = code;
	msgc__lws_receive_drop(sock);
	msgc__lws_sock_deadline(sock, sock->loop->set.close_ms);
}

static void link_close(void *link, uint16_t code, const char *reason)
{
	msgc__lws_link_close(link, code, reason);
}

static const struct msgc__link_ops ops = {
        .write = link_write,
        .congested = link_congested,
        .close = link_close,
        .abort = link_abort,
        .pause = link_pause,
};

/* ------------------------------------------------------------------------------------- transport → core */

int msgc__lws_link_open(struct msgc__lws_sock *sock)
{
	struct msgc__admission *admission = sock->ws.admission;
	struct msgc_connection *connection;

	sock->loop->subprotocol[0] = sock->loop->extensions[0] = '\0';
	if (sock->phase != MSGC__LWS_UPGRADING || !admission)
		return -1;
	sock->phase = MSGC__LWS_OPEN;
	sock->ws.admission = NULL;
	sock->ws.heard = sock->loop->now;
	msgc__lws_sock_deadline(sock, sock->loop->set.ping_ms);
	/* Frames may have come in the handshake's packet: a call for writing also makes libwebsockets look at its buffer. */
	if (sock->ws.ours)
		msgc__lws_reader_start(sock);
	else
		lws_callback_on_writable(sock->wsi);
	sock->ws.congested = lws_partial_buffered(sock->wsi); /* the handshake's answer may wait */
	connection = msgc__connection_open(sock->loop->worker, admission, &ops, sock);
	if (!connection) {
		msgc__lws_link_close(sock, 1013, "out of memory");
		return 0;
	}
	sock->ws.connection = connection;
	sock->ws.limit = msgc__connection_frame_limit(connection);
	return 0;
}

void msgc__lws_link_writable(struct msgc__lws_sock *sock)
{
	struct msgc__lws_websocket *ws = &sock->ws;

	if (!ws->congested || lws_partial_buffered(sock->wsi))
		return;
	ws->congested = false;
	msgc__lws_link_heard(sock); /* somebody reads */
	if (ws->ours)
		msgc__lws_reader_writable(sock);
	if (ws->connection && is_usable(sock))
		msgc__connection_writable(ws->connection);
}

void msgc__lws_link_end(struct msgc__lws_sock *sock)
{
	struct msgc__lws_websocket *ws = &sock->ws;
	struct msgc_connection *connection = ws->connection;
	struct msgc__admission *admission = ws->admission;

	if (sock->phase == MSGC__LWS_ENDED)
		return;
	sock->phase = MSGC__LWS_ENDED;
	msgc__lws_reader_stop(sock);
	msgc__lws_receive_drop(sock);
	/* libwebsockets may keep the socket for its own closing. */
	msgc__lws_sock_deadline(sock, sock->loop->set.close_ms);
	ws->connection = NULL;
	ws->admission = NULL;
	if (admission)
		msgc__admission_drop(admission);
	if (connection)
		msgc__connection_closed(connection, ws->peer_code ? ws->peer_code : NO_FRAME);
}

/* ------------------------------------------------------------------------------------------ closing */

static bool is_peer_code(unsigned code)
{
	return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
	        (code >= 3000 && code < 5000);
}

/* libwebsockets tells 1002 instead of these, where it reads. */
static bool is_replaced(unsigned code)
{
	return code >= 1012 && code <= 1014;
}

/* Answers what libwebsockets would echo although it must not be (RFC 6455 section 7.4). */
static int answer_broken(struct msgc__lws_sock *sock, uint16_t code, const char *reason)
{
	unsigned char frame[MSGC__LWS_CLOSE_FRAME_MAX];

	msgc__lws_link_write(sock, frame, close_frame(frame, code, reason));
	return -1;
}

/*
 * Where libwebsockets reads, it replaces 1012 to 1014, and codes that must not be sent, by 1002 before it calls, and echoes that; the original
 * code cannot be had. When its own output is pending it hangs up without calling.
 */
int msgc__lws_link_peer_close(struct msgc__lws_sock *sock, const unsigned char *payload, size_t len)
{
	struct msgc__lws_websocket *ws = &sock->ws;
	unsigned code = len >= 2 ? (unsigned)payload[0] << 8 | payload[1] : NO_CODE;

	msgc__lws_link_heard(sock);
	if (sock->phase == MSGC__LWS_CLOSING) { /* most likely it repeats what we sent */
		ws->peer_code =
		        is_replaced(ws->sent_code) && code == 1002 ? ws->sent_code : (uint16_t)code;
		return -1;
	}
	if (len == 1 || (len >= 2 && !is_peer_code(code))) {
		ws->peer_code = 1002;
		return answer_broken(sock, 1002, "malformed close frame");
	}
	if (len > 2 && !msgc_utf8_valid((const char *)payload + 2, len - 2)) {
		ws->peer_code = 1007;
		return answer_broken(sock, 1007, "close reason is not UTF-8");
	}
	ws->peer_code = (uint16_t)code;
	sock->phase = MSGC__LWS_RETURNING;
	msgc__lws_receive_drop(sock);
	msgc__lws_turn(sock->loop); /* answers to what came before leave before the echo */
	msgc__lws_sock_deadline(sock, sock->loop->set.close_ms);
	return 0;
}

/* ------------------------------------------------------------------------------------------ pings */

void msgc__lws_link_heard(struct msgc__lws_sock *sock)
{
	sock->ws.heard = sock->loop->now;
	sock->ws.pinged = false;
}

/*
 * The deadline of an open link is moved only when it is reached: hearing something costs a store. A ping carries bytes because
 * libwebsockets keeps empty pongs to itself.
 */
static void look_after(struct msgc__lws_sock *sock)
{
	static const unsigned char ping[] = {OPCODE_PING, 4, 'm', 's', 'g', 'c'};
	const struct msgc__lws_settings *set = &sock->loop->set;
	struct msgc__lws_websocket *ws = &sock->ws;
	int64_t silent = sock->loop->now - ws->heard;

	if (ws->paused || silent < set->ping_ms) {
		msgc__lws_sock_deadline(sock, ws->paused ? set->ping_ms : set->ping_ms - silent);
		return;
	}
	if (silent >= set->hangup_ms) {
		msgc__lws_sock_close(sock);
		return;
	}
	if (ws->congested) { /* the ping would come too late to tell anything */
		msgc__lws_sock_deadline(sock, set->hangup_ms - silent);
		return;
	}
	if (!ws->pinged && msgc__lws_link_write(sock, ping, sizeof(ping)))
		return;
	ws->pinged = true;
	msgc__lws_sock_deadline(sock, set->hangup_ms - silent);
}

void msgc__lws_link_deadline(struct msgc__lws_sock *sock)
{
	if (sock->phase == MSGC__LWS_OPEN)
		look_after(sock);
	else
		msgc__lws_sock_close(sock);
}
