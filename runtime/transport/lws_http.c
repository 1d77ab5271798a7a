/* SPDX-License-Identifier: MIT */
/*
 * Plain HTTP requests: head, body, handing both to the core, and what ends them. Sending the answer is lws_send.c. It must not know
 * routes or files.
 *
 * libwebsockets reads a body when it expects one; while an answer is made and sent nothing is read at all (rx flow control), since
 * a client that goes on sending would otherwise keep the loop spinning.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <msgc/codec.h>

#include "lws_internal.h"
#include "lws_kernel.h"

static void forget(struct msgc__lws_http *http)
{
	free(http->body);
	*http = (struct msgc__lws_http){.file = -1};
}

static void respond(void *link, const struct msgc__response *response)
{
	struct msgc__lws_sock *sock = link;
	struct msgc__lws_http *http = &sock->http;

	if (http->response || sock->dying)
		return;
	http->response = response;
	if (!http->starting)
		msgc__lws_sock_todo(sock, MSGC__LWS_TODO_SEND);
}

static const struct msgc__http_ops ops = {.respond = respond};

/* The core has all of the request. It may answer within the call, or much later. */
static void hand_over(struct msgc__lws_sock *sock)
{
	struct msgc__lws_http *http = &sock->http;
	char none[1 + MSGC_PADDING] = "";

	http->whole = true;
	sock->phase = MSGC__LWS_ANSWERING;
	msgc__lws_sock_deadline(sock, -1);
	lws_rx_flow_control(sock->wsi, 0);
	if (!http->response) {
		http->starting = true;
		msgc__exchange_body(http->exchange, http->body ? http->body : none, http->body_len);
		http->starting = false;
	}
	free(http->body);
	http->body = NULL;
	if (http->response)
		msgc__lws_sock_todo(sock, MSGC__LWS_TODO_SEND);
}

/* Closing a socket with unread input would take the answer away from the client. */
void msgc__lws_http_linger(struct msgc__lws_sock *sock)
{
	sock->phase = MSGC__LWS_LINGERING;
	msgc__lws_sock_deadline(sock, MSGC__LWS_LINGER_MS);
	if (!sock->secure && !lws_partial_buffered(sock->wsi))
		shutdown(sock->fd, SHUT_WR);
}

/* Refused before the core has seen it, or before its body had come. */
static int turn_away(
        struct msgc__lws_sock *sock, const struct msgc__lws_refusal *refusal, bool more)
{
	if (msgc__lws_refuse(sock, refusal, false) < 0 || !more)
		return -1;
	msgc__lws_http_linger(sock);
	return 0;
}

/*
 * A request that libwebsockets had read together with the one before. It then takes the head for the body (lws_http_action() reads its own
 * buffer again), so those with a body are not served: a client that pipelines has to repeat what was not answered anyway (RFC 9112
 * section 9.3.2).
 */
static bool is_pipelined(const struct msgc__lws_sock *sock)
{
	return sock->served && msgc__lws_bytes_read(sock->fd) == sock->read_before;
}

int msgc__lws_http_request(struct msgc__lws_sock *sock)
{
	static const struct msgc__lws_refusal no_memory = {503, 1, NULL, NULL};
	static const struct msgc__lws_refusal too_large = {413, 0, "the body is too large", NULL};
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	struct msgc__lws_http *http = &sock->http;
	struct msgc__lws_head head;
	struct msgc__lws_refusal refusal;

	if (sock->phase != MSGC__LWS_HEAD)
		return -1;
	lws_set_timeout(sock->wsi, NO_PENDING_TIMEOUT, 0); /* the deadlines are ours */
	msgc__lws_head_read(sock, &head, &refusal);
	*http = (struct msgc__lws_http){.file = -1, .method = head.request.method};
	if (head.reads_body && is_pipelined(sock))
		return -1;
	if (refusal.status)
		return turn_away(sock, &refusal, head.reads_body);
	http->keep = !head.close && !sock->loop->draining;
	http->reads_body = head.reads_body;
	http->starting = true;
	http->exchange = msgc__exchange_begin(
	        sock->loop->worker, &head.request, sock->admin, &ops, sock, &http->body_limit);
	http->starting = false;
	if (!http->exchange)
		return turn_away(sock, &no_memory, head.reads_body);
	if (head.length > http->body_limit) {
		msgc__exchange_end(http->exchange);
		forget(http);
		return turn_away(sock, &too_large, true);
	}
	if (!head.length) {
		hand_over(sock);
		return 0;
	}
	sock->phase = MSGC__LWS_BODY;
	http->body_limit = head.length;
	msgc__lws_sock_deadline(sock, sock->loop->set.request_ms);
	if (http->response)
		msgc__lws_sock_todo(sock, MSGC__LWS_TODO_SEND);
	else if (head.expects &&
	        lws_write(sock->wsi, (unsigned char *)go_on, sizeof(go_on) - 1, LWS_WRITE_RAW) < 0)
		return -1;
	return 0;
}

static int grow(struct msgc__lws_http *http, size_t want)
{
	size_t cap = http->body_cap ? http->body_cap : 4096;
	char *body;

	while (cap < want)
		cap *= 2;
	if (cap > http->body_limit)
		cap = http->body_limit;
	body = realloc(http->body, cap + MSGC_PADDING);
	if (!body)
		return MSGC_ENOMEM;
	http->body = body;
	http->body_cap = cap;
	return 0;
}

/* libwebsockets counts: it hands up as many bytes as Content-Length says, and calls _end after the last. */
int msgc__lws_http_body(struct msgc__lws_sock *sock, const void *bytes, size_t len)
{
	struct msgc__lws_http *http = &sock->http;

	if (sock->phase == MSGC__LWS_LINGERING || sock->phase == MSGC__LWS_SENDING) {
		http->thrown += len;
		return http->thrown > MSGC__LWS_LINGER_BYTES ? -1 : 0;
	}
	if (sock->phase != MSGC__LWS_BODY || !len)
		return 0;
	if (len > http->body_limit - http->body_len)
		return -1;
	if (http->body_len + len > http->body_cap && grow(http, http->body_len + len))
		return -1;
	memcpy(http->body + http->body_len, bytes, len);
	http->body_len += len;
	return 0;
}

int msgc__lws_http_body_end(struct msgc__lws_sock *sock)
{
	if (sock->phase == MSGC__LWS_LINGERING)
		return -1;
	if (sock->phase == MSGC__LWS_SENDING) {
		sock->http.whole = true;
		lws_rx_flow_control(sock->wsi, 0);
	}
	if (sock->phase == MSGC__LWS_BODY)
		hand_over(sock);
	return 0;
}

void msgc__lws_http_gone(struct msgc__lws_sock *sock)
{
	struct msgc__exchange *exchange = sock->http.exchange;

	msgc__lws_send_drop(sock);
	forget(&sock->http);
	if (exchange)
		msgc__exchange_end(exchange);
}

/* A head, a body, a reader or a throw-away that took too long. */
void msgc__lws_http_deadline(struct msgc__lws_sock *sock)
{
	static const struct msgc__lws_refusal too_slow = {
	        408, 0, "the request took too long", NULL};

	if (sock->phase == MSGC__LWS_BODY && !sock->http.response)
		msgc__lws_refuse(sock, &too_slow, false);
	msgc__lws_sock_close(sock);
}
