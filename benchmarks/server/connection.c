/* SPDX-License-Identifier: MIT */
/*
 * The load's sockets: opening many of them, the handshake, frames in and out, pings of both layers. Everything that the server does wrong
 * ends the program. It must not know what is measured.
 */
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	AT_ONCE = 64,        /* handshakes under way */
	PER_ADDRESS = 20000, /* connections from one local address: there are not many more ports */
	OPEN_SECONDS = 120,
	CONTINUATION = 0,
	TEXT = 1,
	CLOSE = 8,
	PING = 9,
	PONG = 10,
};

static int epoll = -1;
static struct connection *all;
static unsigned ready, opening;
static unsigned char room[RECEIVE_ROOM + 1];

struct connection *connection_at(unsigned index)
{
	return &all[index];
}

/* --------------------------------------------------------------------------------------------- output */

static void watch(struct connection *connection, bool out)
{
	struct epoll_event event = {
	        .events = EPOLLIN | (out ? EPOLLOUT : 0u), .data.ptr = connection};

	connection->wants_out = out;
	if (epoll_ctl(epoll, EPOLL_CTL_MOD, connection->fd, &event))
		fail("epoll_ctl: %s", strerror(errno));
}

void connection_send(struct connection *connection, const void *bytes, size_t len)
{
	ssize_t done = 0;

	if (!connection->wants_out) {
		done = send(connection->fd, bytes, len, MSG_NOSIGNAL);
		if (done < 0 && errno != EAGAIN)
			fail("connection %u: send: %s", connection->index, strerror(errno));
		if (done < 0)
			done = 0;
		if ((size_t)done == len)
			return;
	}
	connection->out = realloc(connection->out, connection->out_len + len);
	if (!connection->out)
		fail("out of memory");
	memcpy(connection->out + connection->out_len, (const char *)bytes + done,
	        len - (size_t)done);
	connection->out_len += len - (size_t)done;
	if (!connection->wants_out)
		watch(connection, true);
}

static void go_on_sending(struct connection *connection)
{
	ssize_t done = send(connection->fd, connection->out, connection->out_len, MSG_NOSIGNAL);

	if (done < 0 && errno != EAGAIN)
		fail("connection %u: send: %s", connection->index, strerror(errno));
	if (done <= 0)
		return;
	connection->out_len -= (size_t)done;
	memmove(connection->out, connection->out + done, connection->out_len);
	if (!connection->out_len)
		watch(connection, false);
}

static void send_frame(struct connection *connection, unsigned opcode, const char *text, size_t len)
{
	unsigned char frame[FRAME_MAX];

	connection_send(connection, frame, frame_make(frame, opcode, text, len));
}

/* ------------------------------------------------------------------------------------------ handshake */

static void become_ready(struct connection *connection)
{
	connection->state = READY;
	ready++;
	opening--;
}

static void shake(struct connection *connection)
{
	char request[512];
	int len = snprintf(request, sizeof(request),
	        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: "
	        "Upgrade\r\n"
	        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
	        options.path, options.port);

	connection->state = SHAKING;
	connection_send(connection, request, (size_t)len);
}

/* Returns how many bytes the head of the response has, 0: it is not whole. */
static size_t shaken(struct connection *connection, const unsigned char *bytes, size_t len)
{
	const unsigned char *end = memmem(bytes, len, "\r\n\r\n", 4);
	size_t head;

	if (!end)
		return 0;
	head = (size_t)(end - bytes) + 4;
	if (memcmp(bytes, "HTTP/1.1 101 ", 13))
		fail("connection %u: refused: %.*s", connection->index, 60, (const char *)bytes);
	if (!memmem(bytes, head, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", 28))
		fail("connection %u: a wrong Sec-WebSocket-Accept", connection->index);
	if (memmem(bytes, head, "permessage-deflate", 18))
		fail("the server compresses, unasked");
	connection->state = OPENING;
	if (!options.greeting && !options.socketio)
		become_ready(connection);
	return head;
}

/* What comes before the connection is ready: a greeting, or Engine.IO's and Socket.IO's opening packets. */
static void opened(struct connection *connection, const char *text, size_t len)
{
	if (!options.socketio) {
		become_ready(connection);
	} else if (len >= 1 && text[0] == '0') {
		send_frame(connection, TEXT, "40", 2);
	} else if (len >= 2 && !memcmp(text, "40", 2)) {
		become_ready(connection);
	} else {
		fail("connection %u: not Socket.IO: %.*s", connection->index, (int)len, text);
	}
}

/* --------------------------------------------------------------------------------------------- frames */

static void take(struct connection *connection, unsigned opcode, const char *payload, size_t len,
        uint64_t at)
{
	if (opcode == PING) {
		send_frame(connection, PONG, payload, len);
	} else if (opcode == CLOSE) {
		fail("connection %u: closed with %u %.*s", connection->index,
		        len >= 2 ? (unsigned)(unsigned char)payload[0] << 8 |
		                        (unsigned char)payload[1]
		                 : 0,
		        len > 2 ? (int)len - 2 : 0, payload + 2);
	} else if (opcode == TEXT && options.socketio && len == 1 && payload[0] == '2') {
		send_frame(connection, TEXT, "3", 1);
	} else if (opcode == TEXT && connection->state == OPENING) {
		opened(connection, payload, len);
	} else if (opcode == TEXT) {
		heard(connection, payload, len, at);
	} else if (opcode != PONG) {
		fail("connection %u: a frame of kind %u", connection->index, opcode);
	}
}

/* Returns how many bytes were whole frames. */
static size_t take_frames(
        struct connection *connection, const unsigned char *bytes, size_t len, uint64_t now)
{
	size_t at = 0;

	while (len - at >= 2) {
		size_t head = 2, payload = bytes[at + 1];

		if (!(bytes[at] & 0x80) || bytes[at] & 0x70 || payload > 126)
			fail("connection %u: a frame that begins with %02x %02x", connection->index,
			        bytes[at], bytes[at + 1]);
		if (payload == 126) {
			head = 4;
			if (len - at < head)
				break;
			payload = (size_t)bytes[at + 2] << 8 | bytes[at + 3];
		}
		if (len - at < head + payload)
			break;
		take(connection, bytes[at] & 15u, (const char *)bytes + at + head, payload, now);
		at += head + payload;
	}
	return at;
}

static void keep(struct connection *connection, const unsigned char *bytes, size_t len)
{
	if (len > connection->kept_cap) {
		free(connection->kept);
		connection->kept_cap = len * 2;
		connection->kept = malloc(connection->kept_cap);
		if (!connection->kept)
			fail("out of memory");
	}
	if (len)
		memcpy(connection->kept, bytes, len);
	connection->kept_len = len;
}

static void read_some(struct connection *connection)
{
	size_t before = connection->kept_len, at = 0, len;
	ssize_t got;
	uint64_t now;

	if (before > RECEIVE_ROOM / 2)
		fail("connection %u: a frame that is too large", connection->index);
	if (before)
		memcpy(room, connection->kept, before);
	got = recv(connection->fd, room + before, RECEIVE_ROOM - before, 0);
	if (got < 0 && errno == EAGAIN)
		return;
	if (got <= 0)
		fail("connection %u: %s", connection->index, got ? strerror(errno) : "hung up on");
	now = now_ns();
	len = before + (size_t)got;
	room[len] = '\0';
	if (connection->state == SHAKING)
		at = shaken(connection, room, len);
	if (connection->state > SHAKING)
		at += take_frames(connection, room + at, len - at, now);
	keep(connection, room + at, len - at);
	heard_all(connection);
}

/* ------------------------------------------------------------------------------------------ all of them */

static void open_one(struct connection *connection, unsigned index)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = connection};
	const struct linger hard = {.l_onoff = 1}; /* leaves no port waiting for the next round */
	const int one = 1;

	connection->index = index;
	connection->wants_out = true;
	connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (connection->fd < 0)
		fail("socket: %s", strerror(errno));
	setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	if (index >= PER_ADDRESS) {
		address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + index / PER_ADDRESS);
		if (bind(connection->fd, (struct sockaddr *)&address, sizeof(address)))
			fail("bind: %s", strerror(errno));
	}
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((uint16_t)options.port);
	if (connect(connection->fd, (struct sockaddr *)&address, sizeof(address)) &&
	        errno != EINPROGRESS)
		fail("connect: %s", strerror(errno));
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, connection->fd, &event))
		fail("epoll_ctl: %s", strerror(errno));
	opening++;
}

static void on_event(struct connection *connection, uint32_t events)
{
	if (events & EPOLLOUT) {
		if (connection->state == CONNECTING) {
			watch(connection, false);
			shake(connection);
			return;
		}
		go_on_sending(connection);
	}
	if (events & (EPOLLIN | EPOLLERR | EPOLLHUP))
		read_some(connection);
}

void connections_turn(int ms)
{
	struct epoll_event events[512];
	int count = epoll_wait(epoll, events, 512, ms);

	for (int i = 0; i < count; i++)
		on_event(events[i].data.ptr, events[i].events);
}

void connections_open(void)
{
	uint64_t end = now_ns() + (uint64_t)OPEN_SECONDS * 1000000000u;
	struct rlimit limit;
	unsigned begun = 0;

	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	epoll = epoll_create1(EPOLL_CLOEXEC);
	all = calloc(options.connections, sizeof(*all));
	if (epoll < 0 || !all)
		fail("out of memory");
	while (ready < options.connections) {
		while (begun < options.connections && opening < AT_ONCE) {
			open_one(&all[begun], begun);
			begun++;
		}
		connections_turn(100);
		if (now_ns() > end)
			fail("after %d s %u of %u connections are open", OPEN_SECONDS, ready,
			        options.connections);
	}
}

void connections_close(void)
{
	for (unsigned i = 0; i < options.connections; i++) {
		close(all[i].fd);
		free(all[i].kept);
		free(all[i].out);
	}
	free(all);
	close(epoll);
}
