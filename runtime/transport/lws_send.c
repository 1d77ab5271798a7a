/* SPDX-License-Identifier: MIT */
/*
 * Responses, from memory or from a file, piece by piece as the client reads. It must not know what they say.
 *
 * The socket is watched for writing by a watcher of our own: libwebsockets does not look at a connection for output while its input is held
 * back, and input has to be held back (lws_http.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lws_internal.h"
#include "lws_kernel.h"

enum { PIECES_PER_ROUND = 4 };

void msgc__lws_send_drop(struct msgc__lws_sock *sock)
{
	struct msgc__lws_http *http = &sock->http;

	if (ev_is_active(&http->writable))
		ev_io_stop(sock->loop->ev, &http->writable);
	if (http->file >= 0)
		close(http->file);
	http->file = -1;
}

static bool has_body(int status)
{
	return status >= 200 && status != 204 && status != 304;
}

/* Statuses of a file that cannot be sent after all: it was there a moment ago. */
static int open_file(struct msgc__lws_http *http)
{
	struct stat about;

	http->file = open(http->response->file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (http->file < 0)
		return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? 503 : 404;
	if (fstat(http->file, &about) || !S_ISREG(about.st_mode))
		return 404;
	http->length = (size_t)about.st_size;
	return 0;
}

static bool is_plain(const char *text, size_t len)
{
	return !memchr(text, '\r', len) && !memchr(text, '\n', len) && !memchr(text, '\0', len);
}

/* The head in the loop's scratch memory; 0: it does not fit or could be read in two ways. */
static size_t write_head(struct msgc__lws_sock *sock)
{
	struct msgc__lws_loop *loop = sock->loop;
	const struct msgc__response *response = sock->http.response;
	size_t room = loop->scratch_size - MSGC__LWS_CHUNK, i;
	size_t len = msgc__lws_response_start(
	        loop, loop->scratch, room, response->status, sock->http.keep);

	for (i = 0; len && i < response->header_count; i++) {
		const struct msgc__header *header = &response->headers[i];
		int more = snprintf(loop->scratch + len, room - len, "%s: %.*s\r\n", header->name,
		        (int)header->value.len, header->value.ptr);

		if (!is_plain(header->name, strlen(header->name)) ||
		        !is_plain(header->value.ptr, header->value.len) || more < 0 ||
		        (size_t)more >= room - len)
			return 0;
		len += (size_t)more;
	}
	if (len && has_body(response->status)) {
		int more = snprintf(loop->scratch + len, room - len, "Content-Length: %zu\r\n",
		        sock->http.length);

		if (more < 0 || (size_t)more >= room - len)
			return 0;
		len += (size_t)more;
	}
	if (!len || room - len < 2)
		return 0;
	memcpy(loop->scratch + len, "\r\n", 2);
	return len + 2;
}

/* The next piece of the body behind `at`, at most a chunk. Negative: the file has become shorter. */
static long read_piece(struct msgc__lws_sock *sock, char *at)
{
	struct msgc__lws_http *http = &sock->http;
	size_t want = http->length - http->sent;
	ssize_t got;

	if (want > MSGC__LWS_CHUNK)
		want = MSGC__LWS_CHUNK;
	if (http->file < 0) {
		memcpy(at, http->response->body.ptr + http->sent, want);
		return (long)want;
	}
	do
		got = pread(http->file, at, want, (off_t)http->sent);
	while (got < 0 && errno == EINTR);
	return got > 0 ? (long)got : -1;
}

/* The response has left. What comes next? */
static void finish(struct msgc__lws_sock *sock)
{
	struct msgc__exchange *exchange = sock->http.exchange;
	bool keep = sock->http.keep && sock->http.whole && !sock->loop->draining;
	bool more = sock->http.reads_body && !sock->http.whole;

	msgc__lws_send_drop(sock);
	sock->http = (struct msgc__lws_http){.file = -1};
	sock->served = true;
	msgc__exchange_end(exchange);
	if (sock->dying)
		return;
	if (more) {
		lws_rx_flow_control(sock->wsi, 1);
		msgc__lws_http_linger(sock);
		return;
	}
	sock->phase = MSGC__LWS_HEAD;
	sock->read_before = msgc__lws_bytes_read(sock->fd);
	msgc__lws_sock_deadline(sock, sock->loop->set.keepalive_ms);
	lws_rx_flow_control(sock->wsi, 1);
	if (!keep || lws_http_transaction_completed(sock->wsi))
		msgc__lws_sock_close(sock);
}

/* One write: what is left in libwebsockets' hands, or the next piece. Negative: dead; 0: no more for now; 1: go on. */
static int write_piece(struct msgc__lws_sock *sock)
{
	struct msgc__lws_loop *loop = sock->loop;
	struct msgc__lws_http *http = &sock->http;
	size_t len = 0;
	long piece = 0;

	if (lws_partial_buffered(sock->wsi)) {
		if (lws_write(sock->wsi, NULL, 0, LWS_WRITE_RAW) < 0)
			return -1;
		return !lws_partial_buffered(sock->wsi);
	}
	if (!http->head_sent)
		len = write_head(sock);
	if (!http->head_sent && !len) {
		msgc_log(loop->set.server, MSGC_LOG_ERROR, "http.broken",
		        "detail=\"a response header is too long or holds a line end\"");
		return -1;
	}
	http->head_sent = true;
	if (!http->response->head_only && has_body(http->response->status) &&
	        http->sent < http->length)
		piece = read_piece(sock, loop->scratch + len);
	if (piece < 0)
		return -1;
	http->sent += (size_t)piece;
	msgc__lws_sock_deadline(sock, loop->set.request_ms);
	return lws_write(sock->wsi, (unsigned char *)loop->scratch, len + (size_t)piece,
	               LWS_WRITE_RAW) < 0
	        ? -1
	        : 1;
}

static bool is_done(const struct msgc__lws_sock *sock)
{
	const struct msgc__lws_http *http = &sock->http;
	bool all = http->response->head_only || !has_body(http->response->status) ||
	        http->sent == http->length;

	return http->head_sent && all && !lws_partial_buffered(sock->wsi);
}

static void go_on(struct msgc__lws_sock *sock)
{
	int i, result = 1;

	for (i = 0; i < PIECES_PER_ROUND && result > 0 && !is_done(sock); i++)
		result = write_piece(sock);
	if (result < 0) {
		msgc__lws_sock_close(sock);
	} else if (is_done(sock)) {
		finish(sock);
	} else if (!ev_is_active(&sock->http.writable)) {
		ev_io_start(sock->loop->ev, &sock->http.writable);
	}
}

static void on_writable(struct ev_loop *ev, ev_io *io, int events)
{
	(void)ev;
	(void)events;
	go_on(io->data);
}

void msgc__lws_send_start(struct msgc__lws_sock *sock)
{
	struct msgc__lws_http *http = &sock->http;
	int status = 0;

	if (sock->phase != MSGC__LWS_ANSWERING && sock->phase != MSGC__LWS_BODY)
		return;
	sock->phase = MSGC__LWS_SENDING;
	if (!http->whole)
		http->keep = false; /* answered before its body had come */
	ev_io_init(&http->writable, on_writable, sock->fd, EV_WRITE);
	http->writable.data = sock;
	http->length = http->response->body.len;
	if (http->response->file)
		status = open_file(http);
	if (status) {
		const struct msgc__lws_refusal refusal = {status, 0, NULL, NULL};

		msgc__lws_refuse(sock, &refusal, http->response->head_only);
		msgc__lws_sock_close(sock);
		return;
	}
	go_on(sock);
}
