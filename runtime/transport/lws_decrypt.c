/* SPDX-License-Identifier: MIT */
/*
 * Reading from OpenSSL, under libwebsockets, which has shaken hands on the same SSL object and goes on writing through it. It must not know
 * frames.
 *
 * How much of a request libwebsockets has read at once nobody tells. But OpenSSL announces each record before it hands out what was in it: then the buffer
 * that it will be read into is filled with a byte that neither a request nor a frame's beginning can have; where it still stands nothing has been read.
 */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>

#include <msgc/base.h>

#include "lws_internal.h"

enum { UNREAD = 0xff }; /* as a frame's first byte: all reserved bits, and no opcode */

static SSL *ssl_of(const struct msgc__lws_sock *sock)
{
	return sock->wsi ? lws_get_ssl(sock->wsi) : NULL;
}

/* ------------------------------------------------------------------------------------------- the request */

/* While a record is read the library's buffer is free: it deals with one thing that it has read after the other. */
static void on_record(
        int writes, int version, int type, const void *bytes, size_t len, SSL *ssl, void *arg)
{
	struct msgc__lws_loop *loop = arg;

	(void)version;
	(void)bytes;
	(void)len;
	(void)ssl;
	if (!writes && type == SSL3_RT_HEADER && loop->buffer)
		memset(loop->buffer, UNREAD, MSGC__LWS_SERVICE);
}

void msgc__lws_decrypt_watch(struct msgc__lws_sock *sock)
{
	SSL *ssl = ssl_of(sock);

	if (!ssl)
		return;
	SSL_set_msg_callback(ssl, on_record);
	SSL_set_msg_callback_arg(ssl, sock->loop);
}

/* Where the buffer is full nothing can be seen. */
bool msgc__lws_decrypt_is_unread(const struct msgc__lws_sock *sock, size_t at)
{
	const char *buffer = sock->loop->buffer;

	return ssl_of(sock) && buffer && at < MSGC__LWS_SERVICE &&
	        (unsigned char)buffer[at] == UNREAD;
}

/* -------------------------------------------------------------------------------------------- WebSockets */

/*
 * What the socket has is taken at once, and between two records an idle connection keeps no room for them. It may have taken records already that came behind
 * the handshake's.
 */
void msgc__lws_decrypt_start(struct msgc__lws_sock *sock)
{
	SSL *ssl = ssl_of(sock);

	if (!ssl)
		return;
	SSL_set_msg_callback(ssl, NULL);
	SSL_set_read_ahead(ssl, 1);
	SSL_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
	sock->ws.more = SSL_has_pending(ssl);
}

static bool is_waiting(const SSL *ssl, int result)
{
	int error = SSL_get_error(ssl, result);

	return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

/* What came before an end is told first, and the end when it is asked for again. */
static ssize_t ended(struct msgc__lws_sock *sock, SSL *ssl, int result, size_t len)
{
	int error = SSL_get_error(ssl, result);

	ERR_clear_error();
	sock->ws.more = len > 0;
	if (len > 0)
		return (ssize_t)len;
	errno = ECONNRESET;
	return error == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

ssize_t msgc__lws_decrypt_read(struct msgc__lws_sock *sock, void *bytes, size_t room)
{
	SSL *ssl = ssl_of(sock);
	size_t len = 0, got = 0;
	int result;

	sock->ws.more = false;
	if (!ssl) {
		errno = EBADF;
		return -1;
	}
	do {
		ERR_clear_error();
		result = SSL_read_ex(ssl, (char *)bytes + len, room - len, &got);
		len += result > 0 ? got : 0;
	} while (result > 0 && len < room && SSL_has_pending(ssl));
	if (result <= 0 && !is_waiting(ssl, result))
		return ended(sock, ssl, result, len);
	sock->ws.more = len == room;
	errno = EAGAIN;
	return len > 0 ? (ssize_t)len : -1;
}

int msgc__lws_decrypt_wants(const struct msgc__lws_sock *sock)
{
	const SSL *ssl = ssl_of(sock);

	return ssl && SSL_want(ssl) == SSL_WRITING ? EV_READ | EV_WRITE : EV_READ;
}

void msgc__lws_decrypt_end(struct msgc__lws_sock *sock)
{
	SSL *ssl = ssl_of(sock);

	ERR_clear_error();
	if (ssl && SSL_is_init_finished(ssl))
		(void)SSL_shutdown(ssl);
	ERR_clear_error();
}
