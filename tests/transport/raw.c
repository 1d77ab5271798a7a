/* SPDX-License-Identifier: MIT */
/* See raw.h. */
#define _GNU_SOURCE
#include "raw.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int64_t raw_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void raw_sleep(int ms)
{
	struct timespec span = {ms / 1000, (long)(ms % 1000) * 1000000};

	while (nanosleep(&span, &span) && errno == EINTR)
		;
}

uint32_t raw_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* ------------------------------------------------------------------------------------------------- TLS */

bool raw_over_tls(void)
{
	return getenv("RAW_TLS");
}

/* The socket does not block from then on. False: it is no TLS server. */
static bool start_tls(struct raw *raw)
{
	static SSL_CTX *context;

	if (!context)
		context = SSL_CTX_new(TLS_client_method());
	ck_assert_ptr_nonnull(context);
	raw->ssl = SSL_new(context);
	ck_assert_ptr_nonnull(raw->ssl);
	SSL_set_fd(raw->ssl, raw->fd);
	SSL_set_mode(raw->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	if (SSL_connect(raw->ssl) != 1)
		return false;
	return fcntl(raw->fd, F_SETFL, O_NONBLOCK) == 0;
}

/* What a call that would block waits for; false: it does not come within `ms`. */
static bool tls_waits(const struct raw *raw, int result, int ms)
{
	int error = SSL_get_error(raw->ssl, result);
	struct pollfd ready = {
	        .fd = raw->fd, .events = error == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN};

	return (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) &&
	        poll(&ready, 1, ms) > 0;
}

static bool tls_send(struct raw *raw, const char *at, size_t len, int ms)
{
	while (len) {
		int sent;

		ERR_clear_error();
		sent = SSL_write(raw->ssl, at, (int)(len < 16384 ? len : 16384));
		if (sent > 0) {
			at += sent;
			len -= (size_t)sent;
		} else if (!tls_waits(raw, sent, ms)) {
			return false;
		}
	}
	return true;
}

/* As recv(), and waits `ms`. A server that hangs up without saying so has hung up. */
static long tls_receive(struct raw *raw, char *to, size_t room, int ms)
{
	for (;;) {
		int got, error;

		ERR_clear_error();
		got = SSL_read(raw->ssl, to, (int)(room < 65536 ? room : 65536));
		if (got > 0)
			return got;
		error = SSL_get_error(raw->ssl, got);
		if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
			if (!tls_waits(raw, got, ms))
				return RAW_TIMEOUT;
		} else {
			return error == SSL_ERROR_SYSCALL && errno == ECONNRESET ? RAW_RESET
			                                                         : RAW_EOF;
		}
	}
}

/* ---------------------------------------------------------------------------------------------- sockets */

struct raw raw_try(int port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct raw raw = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	int one = 1;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (raw.fd < 0)
		return raw;
	setsockopt(raw.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(raw.fd, (struct sockaddr *)&at, sizeof(at))) {
		close(raw.fd);
		raw.fd = -1;
	} else if (raw_over_tls() && !start_tls(&raw)) {
		raw_done(&raw);
	}
	return raw;
}

struct raw raw_open(int port)
{
	struct raw raw = raw_try(port);

	ck_assert_msg(raw.fd >= 0, "cannot connect to port %d: %s", port, strerror(errno));
	return raw;
}

void raw_small_buffers(struct raw *raw)
{
	int size = 16384;

	setsockopt(raw->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

void raw_done(struct raw *raw)
{
	SSL_free(raw->ssl);
	if (raw->fd >= 0)
		close(raw->fd);
	free(raw->in);
	*raw = (struct raw){.fd = -1};
}

bool raw_try_send(struct raw *raw, const void *bytes, size_t len)
{
	return raw_try_send_for(raw, bytes, len, RAW_WAIT);
}

bool raw_try_send_for(struct raw *raw, const void *bytes, size_t len, int ms)
{
	const char *at = bytes;

	if (raw->ssl)
		return tls_send(raw, at, len, ms);
	while (len) {
		struct pollfd ready = {.fd = raw->fd, .events = POLLOUT};
		ssize_t sent = send(raw->fd, at, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent > 0) {
			at += sent;
			len -= (size_t)sent;
		} else if (errno != EAGAIN || poll(&ready, 1, ms) <= 0) {
			return false;
		}
	}
	return true;
}

void raw_send(struct raw *raw, const void *bytes, size_t len)
{
	ck_assert_msg(raw_try_send(raw, bytes, len), "send: %s", strerror(errno));
}

void raw_print(struct raw *raw, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	ck_assert_int_ge(len, 0);
	raw_send(raw, text, (size_t)len);
	free(text);
}

long raw_fill(struct raw *raw, int ms)
{
	struct pollfd ready = {.fd = raw->fd, .events = POLLIN};
	ssize_t got;

	if (!raw->ssl && poll(&ready, 1, ms) <= 0)
		return RAW_TIMEOUT;
	if (raw->cap - raw->len < 65536) {
		raw->cap = raw->cap * 2 + 65536;
		raw->in = realloc(raw->in, raw->cap);
		ck_assert_ptr_nonnull(raw->in);
	}
	if (raw->ssl)
		got = tls_receive(raw, raw->in + raw->len, raw->cap - raw->len, ms);
	else
		got = recv(raw->fd, raw->in + raw->len, raw->cap - raw->len, 0);
	if (got <= 0)
		return raw->ssl || !got ? (long)got : RAW_RESET;
	raw->len += (size_t)got;
	return (long)got;
}

static void take(struct raw *raw, size_t len)
{
	raw->len -= len;
	memmove(raw->in, raw->in + len, raw->len);
}

bool raw_hangs_up(struct raw *raw, int ms)
{
	int64_t start = raw_now(), now;
	long got;

	for (;;) {
		now = raw_now();
		if (now - start >= ms)
			return false;
		got = raw_fill(raw, (int)(ms - (now - start)));
		if (got == RAW_EOF || got == RAW_RESET)
			return true;
		raw->len = 0;
	}
}

void raw_hung_up_on(struct raw *raw, int64_t start, int ms)
{
	int64_t after;

	ck_assert_msg(raw_hangs_up(raw, RAW_WAIT), "the server does not hang up");
	after = raw_now() - start;
	ck_assert_msg(after >= ms, "after %lld ms", (long long)after);
}

/* ------------------------------------------------------------------------------------------------ HTTP */

const char *raw_header(const struct raw_answer *answer, const char *name)
{
	static char value[1024];
	const char *line = strstr(answer->head, "\r\n");
	size_t len = strlen(name);

	for (; line && line[2] != '\r'; line = strstr(line, "\r\n")) {
		line += 2;
		if (!strncasecmp(line, name, len) && line[len] == ':') {
			const char *start = line + len + 1 + strspn(line + len + 1, " ");

			snprintf(value, sizeof(value), "%.*s", (int)strcspn(start, "\r"), start);
			return value;
		}
	}
	return "";
}

int raw_answer(struct raw *raw, struct raw_answer *ret)
{
	char *end;
	size_t head;
	long got;

	memset(ret, 0, sizeof(*ret));
	while (!raw->len || !(end = memmem(raw->in, raw->len, "\r\n\r\n", 4))) {
		got = raw_fill(raw, RAW_WAIT);
		if (got <= 0)
			return (int)got;
	}
	head = (size_t)(end - raw->in) + 4;
	ck_assert_uint_lt(head, sizeof(ret->head));
	memcpy(ret->head, raw->in, head);
	take(raw, head);
	ret->status = atoi(ret->head + 9);
	ret->len = (size_t)atol(raw_header(ret, "Content-Length"));
	while (raw->len < ret->len) {
		got = raw_fill(raw, RAW_WAIT);
		if (got <= 0)
			return (int)got;
	}
	ret->body = calloc(1, ret->len + 1);
	ck_assert_ptr_nonnull(ret->body);
	if (ret->len) {
		memcpy(ret->body, raw->in, ret->len);
		take(raw, ret->len);
	}
	return 1;
}

void raw_answer_done(struct raw_answer *answer)
{
	free(answer->body);
	answer->body = NULL;
}

static struct raw_answer last; /* its head only */

const char *raw_upgraded_header(const char *name)
{
	return raw_header(&last, name);
}

int raw_status(struct raw *raw, const char *format, ...)
{
	struct raw_answer answer;
	va_list args;
	char *text;
	int len, result;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	ck_assert_int_ge(len, 0);
	raw_send(raw, text, (size_t)len);
	free(text);
	result = raw_answer(raw, &answer);
	if (result > 0)
		result = answer.status;
	raw_answer_done(&answer);
	last = answer;
	return result;
}

bool raw_in_pieces(void)
{
	return getenv("RAW_PIECES");
}

/*
 * Has the server's process taken all that was sent? The kernel knows (sock_diag(7)): its end of the connection has been accepted, so that it
 * has an inode, and nothing waits there.
 */
static bool is_read(const struct raw *raw)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req_v2 of;
	} question = {.head = {.nlmsg_len = sizeof(question),
	                      .nlmsg_type = SOCK_DIAG_BY_FAMILY,
	                      .nlmsg_flags = NLM_F_REQUEST},
	        .of = {.sdiag_family = AF_INET,
	                .sdiag_protocol = IPPROTO_TCP,
	                .idiag_states = UINT32_MAX}};
	struct {
		struct nlmsghdr head;
		struct inet_diag_msg of;
		char attributes[512];
	} answer;
	struct sockaddr_in mine, theirs;
	socklen_t size = sizeof(mine);
	int kernel = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	ssize_t got;

	ck_assert_int_ge(kernel, 0);
	ck_assert_int_eq(getsockname(raw->fd, (struct sockaddr *)&mine, &size), 0);
	ck_assert_int_eq(getpeername(raw->fd, (struct sockaddr *)&theirs, &size), 0);
	question.of.id.idiag_sport = theirs.sin_port;
	question.of.id.idiag_dport = mine.sin_port;
	question.of.id.idiag_src[0] = theirs.sin_addr.s_addr;
	question.of.id.idiag_dst[0] = mine.sin_addr.s_addr;
	question.of.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
	question.of.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	ck_assert_int_eq(send(kernel, &question, sizeof(question), 0), sizeof(question));
	got = recv(kernel, &answer, sizeof(answer), 0);
	close(kernel);
	ck_assert_int_ge(got, (ssize_t)sizeof(struct nlmsghdr));
	return answer.head.nlmsg_type == SOCK_DIAG_BY_FAMILY && answer.of.idiag_inode != 0 &&
	        answer.of.idiag_rqueue == 0;
}

static void wait_until_read(const struct raw *raw)
{
	int64_t until = raw_now() + RAW_WAIT;

	while (!is_read(raw) && raw_now() < until)
		raw_sleep(1);
	ck_assert_msg(is_read(raw), "the server does not read");
}

int raw_upgrade(struct raw *raw, const char *path, const char *headers)
{
	if (raw_in_pieces()) {
		raw_print(raw, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n", path);
		wait_until_read(raw);
		return raw_status(raw,
		        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
		        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: "
		        "13\r\n%s\r\n",
		        headers);
	}
	return raw_status(raw,
	        "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: "
	        "Upgrade\r\n"
	        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: "
	        "13\r\n%s\r\n",
	        path, headers);
}

struct raw raw_websocket(int port, const char *path)
{
	struct raw raw = raw_open(port);

	ck_assert_int_eq(raw_upgrade(&raw, path, ""), 101);
	return raw;
}

/* ------------------------------------------------------------------------------------------- WebSocket */

char *raw_frame_bytes(bool fin, int opcode, const void *payload, size_t len, size_t *ret_len)
{
	static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
	const unsigned char *from = payload;
	unsigned char *frame = malloc(len + 14);
	size_t at = 2, i;

	ck_assert_ptr_nonnull(frame);
	frame[0] = (unsigned char)((fin ? 0x80 : 0) | opcode);
	if (len < 126) {
		frame[1] = (unsigned char)(0x80 | len);
	} else if (len < 65536) {
		frame[1] = 0x80 | 126;
		frame[at++] = (unsigned char)(len >> 8);
		frame[at++] = (unsigned char)len;
	} else {
		frame[1] = 0x80 | 127;
		for (i = 0; i < 8; i++)
			frame[at++] = (unsigned char)((uint64_t)len >> (56 - 8 * i));
	}
	memcpy(frame + at, mask, 4);
	at += 4;
	for (i = 0; i < len; i++)
		frame[at + i] = from[i] ^ mask[i & 3];
	*ret_len = at + len;
	return (char *)frame;
}

void raw_frame(struct raw *raw, bool fin, int opcode, const void *payload, size_t len)
{
	size_t size;
	char *bytes = raw_frame_bytes(fin, opcode, payload, len, &size);

	raw_send(raw, bytes, size);
	free(bytes);
}

void raw_say(struct raw *raw, const char *text)
{
	raw_frame(raw, true, RAW_TEXT, text, strlen(text));
}

void raw_close(struct raw *raw, int code, const char *reason)
{
	char body[256];
	size_t len = strlen(reason);

	body[0] = (char)(code >> 8);
	body[1] = (char)code;
	memcpy(body + 2, reason, len);
	raw_frame(raw, true, RAW_CLOSE, body, code ? 2 + len : 0);
}

/* The header's length and the payload's; false: more bytes are needed. */
static bool read_header(const struct raw *raw, size_t *head, size_t *len)
{
	const unsigned char *in = (const unsigned char *)raw->in;
	size_t i;

	if (raw->len < 2)
		return false;
	*len = in[1] & 127;
	*head = *len == 126 ? 4 : *len == 127 ? 10 : 2;
	if (raw->len < *head)
		return false;
	if (*head == 2)
		return true;
	*len = 0;
	for (i = 2; i < *head; i++)
		*len = *len << 8 | in[i];
	return true;
}

int raw_next(struct raw *raw, struct raw_frame *ret, int ms)
{
	static char *payload;
	size_t head = 0, len = 0;

	while (!read_header(raw, &head, &len) || raw->len - head < len) {
		long got = raw_fill(raw, ms);

		if (got <= 0)
			return (int)got;
	}
	ck_assert_msg(!(raw->in[1] & 0x80), "a server must not mask its frames");
	ck_assert_msg(!(raw->in[0] & 0x70), "reserved bits are set");
	free(payload);
	payload = calloc(1, len + 1);
	ck_assert_ptr_nonnull(payload);
	memcpy(payload, raw->in + head, len);
	*ret = (struct raw_frame){raw->in[0] & 15, raw->in[0] & 0x80, payload, len};
	take(raw, head + len);
	return 1;
}

int raw_close_code(struct raw *raw, int ms)
{
	struct raw_frame frame;
	int result;

	do {
		result = raw_next(raw, &frame, ms);
		if (result <= 0)
			return result;
	} while (frame.opcode != RAW_CLOSE);
	if (frame.len < 2)
		return 1005;
	return (unsigned char)frame.payload[0] << 8 | (unsigned char)frame.payload[1];
}
