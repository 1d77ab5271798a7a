/* SPDX-License-Identifier: MIT */
/*
 * The limit: what a server in C costs that does nothing but move frames. Plain epoll; the handshake, unmasking, pings and the close handshake of
 * RFC 6455 are there, but no look into a message: no JSON, no UTF-8, no fragments, no deadlines. A turn's output is joined and sent once
 * per connection. Written for this comparison, by the authors of msgc.
 *
 *   bare PORT       /echo/ sends back what came; of /room/ everybody gets it, with is_mine and is_current behind
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	ROOM = 256 * 1024,       /* read at once */
	MESSAGE_MAX = 64 * 1024, /* larger ones are refused */
	PENDING_MAX = 1 << 20,   /* output for one that does not read */
	EVENTS = 1024,
	TEXT = 1,
	CLOSE = 8,
	PING = 9,
	PONG = 10,
};

struct bytes {
	unsigned char *at;
	size_t len, cap;
};

struct connection {
	int fd;
	unsigned index; /* among the members of the room */
	bool open, member, dirty, closing;
	struct bytes in;  /* the beginning of a frame */
	struct bytes out; /* what the socket did not take */
};

static int epoll;
static unsigned char room[ROOM];
static struct connection **members;
static unsigned member_count, member_cap;
static struct bytes posted; /* to the room, this turn */
static struct bytes answer; /* to the connection that is read */
static struct connection *dead[EVENTS + 1];
static unsigned dead_count;

static bool append(struct bytes *bytes, const void *from, size_t len)
{
	if (bytes->cap - bytes->len < len) {
		size_t cap = (bytes->len + len) * 2;
		unsigned char *at = realloc(bytes->at, cap);

		if (!at)
			return false;
		bytes->at = at;
		bytes->cap = cap;
	}
	memcpy(bytes->at + bytes->len, from, len);
	bytes->len += len;
	return true;
}

static void append_frame(struct bytes *bytes, unsigned opcode, const void *payload, size_t len,
        const char *tail, size_t tail_len)
{
	unsigned char head[10] = {(unsigned char)(0x80 | opcode)};
	size_t all = len + tail_len, head_len = 2;

	if (all < 126) {
		head[1] = (unsigned char)all;
	} else if (all < 65536) {
		head[1] = 126;
		head[2] = (unsigned char)(all >> 8);
		head[3] = (unsigned char)all;
		head_len = 4;
	} else {
		head[1] = 127;
		for (unsigned i = 0; i < 8; i++)
			head[2 + i] = (unsigned char)((uint64_t)all >> (56 - 8 * i));
		head_len = 10;
	}
	if (!append(bytes, head, head_len) || !append(bytes, payload, len) ||
	        !append(bytes, tail, tail_len))
		exit(1);
}

static void watch(struct connection *connection, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = connection};

	epoll_ctl(epoll, EPOLL_CTL_MOD, connection->fd, &event);
}

/* Its memory goes at the end of the turn: events of this one may still name it. */
static void drop(struct connection *connection)
{
	if (connection->fd < 0)
		return;
	close(connection->fd);
	connection->fd = -1;
	if (connection->member) {
		members[connection->index] = members[--member_count];
		members[connection->index]->index = connection->index;
	}
	if (dead_count <= EVENTS)
		dead[dead_count++] = connection;
}

static void bury(void)
{
	while (dead_count > 0) {
		struct connection *connection = dead[--dead_count];

		free(connection->in.at);
		free(connection->out.at);
		free(connection);
	}
}

static void put_out(struct connection *connection, const unsigned char *bytes, size_t len)
{
	ssize_t done = 0;

	if (!connection->out.len) {
		done = send(connection->fd, bytes, len, MSG_NOSIGNAL);
		if (done == (ssize_t)len)
			return;
		if (done < 0 && errno != EAGAIN) {
			drop(connection);
			return;
		}
		if (done < 0)
			done = 0;
		watch(connection, EPOLLIN | EPOLLOUT);
	}
	if (connection->out.len + len > PENDING_MAX ||
	        !append(&connection->out, bytes + done, len - (size_t)done))
		drop(connection);
}

static void go_on(struct connection *connection)
{
	ssize_t done = send(connection->fd, connection->out.at, connection->out.len, MSG_NOSIGNAL);

	if (done < 0 && errno != EAGAIN) {
		drop(connection);
		return;
	}
	if (done <= 0)
		return;
	connection->out.len -= (size_t)done;
	memmove(connection->out.at, connection->out.at + done, connection->out.len);
	if (connection->out.len)
		return;
	free(connection->out.at);
	connection->out = (struct bytes){0};
	watch(connection, EPOLLIN);
}

/* ------------------------------------------------------------------------------------------ handshake */

static bool join(struct connection *connection)
{
	if (member_count == member_cap) {
		unsigned cap = member_cap ? member_cap * 2 : 64;
		struct connection **more = realloc(members, cap * sizeof(*more));

		if (!more)
			return false;
		members = more;
		member_cap = cap;
	}
	connection->member = true;
	connection->index = member_count;
	members[member_count++] = connection;
	return true;
}

/* How many bytes the request has; 0: it is not whole, or none that is spoken here. */
static size_t shake(struct connection *connection, const unsigned char *bytes, size_t len)
{
	static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
	                  name[] = "Sec-WebSocket-Key:";
	const unsigned char *end = memmem(bytes, len, "\r\n\r\n", 4);
	const char *key = end ? memmem(bytes, len, name, sizeof(name) - 1) : NULL;
	unsigned char digest[EVP_MAX_MD_SIZE], accept[64];
	char text[128], response[256];
	int count;

	if (!end || !key || memcmp(bytes, "GET ", 4)) {
		if (end || len > 8192)
			drop(connection);
		return 0;
	}
	key += sizeof(name) - 1;
	key += strspn(key, " ");
	snprintf(text, sizeof(text), "%.24s%s", key, magic);
	EVP_Digest(text, strlen(text), digest, NULL, EVP_sha1(), NULL);
	EVP_EncodeBlock(accept, digest, 20);
	count = snprintf(response, sizeof(response),
	        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	        "Sec-WebSocket-Accept: %s\r\n\r\n",
	        accept);
	connection->open = true;
	if (!memcmp(bytes + 4, "/room/", 6) && !join(connection)) {
		drop(connection);
		return 0;
	}
	put_out(connection, (unsigned char *)response, (size_t)count);
	return (size_t)(end - bytes) + 4;
}

/* --------------------------------------------------------------------------------------------- frames */

static void unmask(unsigned char *payload, size_t len, const unsigned char *key)
{
	uint32_t mask;
	uint64_t wide, word;
	size_t i;

	memcpy(&mask, key, 4);
	wide = (uint64_t)mask << 32 | mask;
	for (i = 0; i + 8 <= len; i += 8) {
		memcpy(&word, payload + i, 8);
		word ^= wide;
		memcpy(payload + i, &word, 8);
	}
	for (; i < len; i++)
		payload[i] ^= key[i & 3];
}

static void refuse(struct connection *connection, unsigned code)
{
	const unsigned char body[2] = {(unsigned char)(code >> 8), (unsigned char)code};

	append_frame(&answer, CLOSE, body, 2, "", 0);
	connection->closing = true;
}

static void take(struct connection *connection, unsigned opcode, unsigned char *payload, size_t len)
{
	static const char faces[] = ",\"is_mine\":false,\"is_current\":false}";

	if (opcode == TEXT && connection->member && len > 0)
		append_frame(&posted, TEXT, payload, len - 1, faces, sizeof(faces) - 1);
	else if (opcode == TEXT)
		append_frame(&answer, TEXT, payload, len, "", 0);
	else if (opcode == PING)
		append_frame(&answer, PONG, payload, len, "", 0);
	else if (opcode == CLOSE)
		append_frame(&answer, CLOSE, payload, len, "", 0);
	else if (opcode != PONG)
		refuse(connection, 1003);
	if (opcode == CLOSE)
		connection->closing = true;
}

/* How many bytes were whole frames. */
static size_t take_frames(struct connection *connection, unsigned char *bytes, size_t len)
{
	size_t at = 0;

	while (!connection->closing && len - at >= 6) {
		unsigned char *frame = bytes + at;
		size_t head = 6, payload = frame[1] & 0x7fu;

		if (payload == 126) {
			head = 8;
			if (len - at < head)
				break;
			payload = (size_t)frame[2] << 8 | frame[3];
		}
		if (!(frame[1] & 0x80) || frame[0] & 0x70 || payload == 127 ||
		        payload > MESSAGE_MAX) {
			refuse(connection, payload < 126 ? 1002 : 1009);
		} else if (!(frame[0] & 0x80)) {
			refuse(connection, 1003);
		} else if (len - at < head + payload) {
			break;
		} else {
			unmask(frame + head, payload, frame + head - 4);
			take(connection, frame[0] & 15u, frame + head, payload);
		}
		at += head + payload;
	}
	return at < len ? at : len;
}

static void read_some(struct connection *connection)
{
	size_t before = connection->in.len, at = 0, len;
	ssize_t got;

	if (before)
		memcpy(room, connection->in.at, before);
	got = recv(connection->fd, room + before, ROOM - before, 0);
	if (got < 0 && errno == EAGAIN)
		return;
	if (got <= 0) {
		drop(connection);
		return;
	}
	len = before + (size_t)got;
	connection->in.len = 0;
	if (!connection->open)
		at = shake(connection, room, len);
	if (connection->open)
		at += take_frames(connection, room + at, len - at);
	if (connection->fd >= 0 && answer.len)
		put_out(connection, answer.at, answer.len);
	answer.len = 0;
	if (connection->fd < 0)
		return;
	if (connection->closing || (at < len && !append(&connection->in, room + at, len - at)))
		drop(connection);
}

/* ------------------------------------------------------------------------------------------------ loop */

static void welcome(int listener)
{
	const int one = 1;
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		struct connection *connection = calloc(1, sizeof(*connection));
		struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};

		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		if (!connection || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event)) {
			free(connection);
			close(fd);
			continue;
		}
		connection->fd = fd;
	}
}

static int listen_at(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	const int one = 1;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 4096)) {
		perror("bare: listen");
		exit(1);
	}
	return fd;
}

static void turn(int listener)
{
	struct epoll_event events[EVENTS];
	int count = epoll_wait(epoll, events, EVENTS, -1);

	for (int i = 0; i < count; i++) {
		struct connection *connection = events[i].data.ptr;

		if (!connection) {
			welcome(listener);
			continue;
		}
		if (connection->fd >= 0 && events[i].events & EPOLLOUT)
			go_on(connection);
		if (connection->fd >= 0 && events[i].events & ~(uint32_t)EPOLLOUT)
			read_some(connection);
	}
	bury();
	/* Backwards: who is dropped gives its place to the last, which has been served. */
	for (unsigned i = posted.len ? member_count : 0; i > 0; i--) {
		put_out(members[i - 1], posted.at, posted.len);
		bury();
	}
	posted.len = 0;
}

int main(int argc, char **argv)
{
	struct epoll_event event = {.events = EPOLLIN};
	struct rlimit limit;
	int listener;

	if (argc != 2)
		return 2;
	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	listener = listen_at(atoi(argv[1]));
	epoll = epoll_create1(EPOLL_CLOEXEC);
	epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
	for (;;)
		turn(listener);
}
