/* SPDX-License-Identifier: MIT */
/*
 * The TCP side of the kit's socket clients. Every wait has an end.
 */
#include "test_tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void msgc__test_tcp_open(struct msgc__test_tcp *tcp, struct msgc_test *test, int port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int one = 1;

	*tcp = (struct msgc__test_tcp){.test = test};
	msgc_buf_init(&tcp->in, 0);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	tcp->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (tcp->fd < 0 || connect(tcp->fd, (struct sockaddr *)&at, sizeof(at)) != 0)
		msgc__test_fail("cannot connect to port %d: %s", port, strerror(errno));
	setsockopt(tcp->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	fcntl(tcp->fd, F_SETFL, O_NONBLOCK);
}

void msgc__test_tcp_close(struct msgc__test_tcp *tcp, bool reset)
{
	struct linger now = {.l_onoff = 1, .l_linger = 0};

	if (tcp->fd >= 0 && reset)
		setsockopt(tcp->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	if (tcp->fd >= 0)
		close(tcp->fd);
	tcp->fd = -1;
	tcp->ended = true;
	msgc_buf_free(&tcp->in);
}

/* Reads what is there, without waiting. False: nothing was. */
static bool read_some(struct msgc__test_tcp *tcp)
{
	char *room = msgc_buf_reserve(&tcp->in, 16384);
	ssize_t n;

	if (!room)
		msgc__test_fail("no memory");
	n = recv(tcp->fd, room, 16384, 0);
	if (n > 0)
		tcp->in.len += (size_t)n;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		tcp->ended = true;
	return n > 0;
}

static short wait_for(struct msgc__test_tcp *tcp, short events, int64_t deadline)
{
	struct pollfd at = {.fd = tcp->fd, .events = events};
	int64_t left = deadline - msgc__test_now_ms();

	if (poll(&at, 1, left > 0 ? (int)left : 0) <= 0)
		return 0;
	return at.revents;
}

bool msgc__test_tcp_read(struct msgc__test_tcp *tcp, int64_t deadline)
{
	while (!tcp->ended) {
		if (read_some(tcp))
			return true;
		if (!tcp->ended && !wait_for(tcp, POLLIN, deadline) &&
		        msgc__test_now_ms() >= deadline)
			return false;
	}
	return false;
}

bool msgc__test_tcp_write(struct msgc__test_tcp *tcp, const void *bytes, size_t len)
{
	int64_t deadline = msgc__test_now_ms() + tcp->test->timeout_ms;
	const char *at = bytes;

	while (len > 0) {
		ssize_t n = tcp->fd < 0 ? -1 : send(tcp->fd, at, len, MSG_NOSIGNAL);

		if (n > 0) {
			at += n;
			len -= (size_t)n;
			continue;
		}
		if (tcp->fd < 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return false;
		if (msgc__test_now_ms() >= deadline)
			msgc__test_fail("the server does not read");
		if ((wait_for(tcp, POLLIN | POLLOUT, deadline) & POLLIN) && !tcp->ended)
			read_some(tcp);
	}
	return true;
}

void msgc__test_tcp_take(struct msgc__test_tcp *tcp, size_t len)
{
	tcp->in.len -= len;
	memmove(tcp->in.data, tcp->in.data + len, tcp->in.len);
}
