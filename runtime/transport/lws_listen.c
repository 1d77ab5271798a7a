/* SPDX-License-Identifier: MIT */
/*
 * Listening sockets and accept4(): our own, because libwebsockets spins when descriptors run out, reports a port in use badly, and
 * cannot share a port among contexts. It must not know what comes in on the sockets.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <msgc/base.h>

#include "lws_internal.h"

enum {
	BACKLOG = 4096,
	ACCEPTS_PER_ROUND = 64,
	ACCEPT_NS = 250 * 1000, /* for accepting in one round, whatever else there is to do … */
	ACCEPT_SHARE = 4,       /* … and a part of the time since the round before */
	ACCEPT_AGAIN_MS = 200,  /* after descriptors or memory ran out */
	LOG_AGAIN_MS = 10000,
	SERVERS_MAX = 16,
	ADMIN_MAX =
	        32, /* administrative sockets, out of the descriptors that are held in reserve */
};

/* ------------------------------------------------------------------------------------------- accepting */

static void set_accepting(struct msgc__lws_loop *loop, bool public, bool admin)
{
	unsigned i;

	for (i = 0; i < loop->listener_count; i++) {
		if (loop->listeners[i].admin ? admin : public)
			ev_io_start(loop->ev, &loop->listeners[i].io);
		else
			ev_io_stop(loop->ev, &loop->listeners[i].io);
	}
}

static void try_again(struct msgc__timer *timer)
{
	struct msgc__lws_loop *loop = (struct msgc__lws_loop *)((char *)timer -
	        offsetof(struct msgc__lws_loop, accept_again));

	loop->starved = false;
	msgc__lws_listen_resume(loop);
}

static void resume_later(struct msgc__lws_loop *loop)
{
	loop->accept_again.fire = try_again;
	msgc__timer_arm(&loop->timers, &loop->accept_again, loop->now + ACCEPT_AGAIN_MS);
}

static bool is_full(const struct msgc__lws_loop *loop)
{
	return atomic_load(&loop->crowd->sockets) >= loop->set.sockets_max;
}

/* Not even those are accepted that would be told 503. That another worker's socket has gone is seen only by looking again. */
static void pause_public(struct msgc__lws_loop *loop)
{
	set_accepting(loop, false, true);
	if (loop->set.workers > 1 && !loop->accept_again.armed)
		resume_later(loop);
}

void msgc__lws_listen_resume(struct msgc__lws_loop *loop)
{
	if (loop->draining || loop->starved)
		return;
	if (is_full(loop))
		pause_public(loop);
	else
		set_accepting(loop, true, true);
}

static void rest(struct msgc__lws_loop *loop, const char *why)
{
	set_accepting(loop, false, false);
	loop->starved = true;
	resume_later(loop);
	if (loop->accept_logged && loop->now - loop->accept_logged < LOG_AGAIN_MS)
		return;
	loop->accept_logged = loop->now;
	msgc_log(loop->set.server, MSGC_LOG_ERROR, "accept.failed", "detail=%s connections=%zu",
	        why, loop->sock_count);
}

static void say_address(const struct sockaddr_storage *from, char out[MSGC__LWS_ADDRESS_MAX])
{
	const struct sockaddr_in *four = (const struct sockaddr_in *)from;
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)from;

	out[0] = '\0';
	if (from->ss_family == AF_INET)
		inet_ntop(AF_INET, &four->sin_addr, out, MSGC__LWS_ADDRESS_MAX);
	else if (from->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
		inet_ntop(AF_INET, &six->sin6_addr.s6_addr[12], out, MSGC__LWS_ADDRESS_MAX);
	else if (from->ss_family == AF_INET6)
		inet_ntop(AF_INET6, &six->sin6_addr, out, MSGC__LWS_ADDRESS_MAX);
}

static int64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 * 1000 * 1000 + now.tv_nsec;
}

/*
 * A crowd at the door does not keep those waiting who are inside: each that comes in costs as much as dozens of messages, and its request comes
 * in the same turn. A busy loop gives newcomers a fixed part of its time, so that they come in all the same.
 */
static int64_t accept_until(struct msgc__lws_listener *listener)
{
	int64_t now = clock_ns(), since = now - listener->accepted_ns;

	if (since > ACCEPT_NS * (int64_t)ACCEPTS_PER_ROUND)
		since = 0; /* it has slept */
	return now + ACCEPT_NS + since / ACCEPT_SHARE;
}

static void on_readable(struct ev_loop *ev, ev_io *io, int events)
{
	struct msgc__lws_listener *listener = io->data;
	struct msgc__lws_loop *loop = listener->loop;
	char address[MSGC__LWS_ADDRESS_MAX];
	int64_t until = accept_until(listener);
	int i;

	(void)ev;
	(void)events;
	for (i = 0; i < ACCEPTS_PER_ROUND && (i == 0 || listener->accepted_ns < until); i++) {
		struct sockaddr_storage from;
		socklen_t len = sizeof(from);
		int one = 1;
		int fd;

		if (!listener->admin && is_full(loop)) {
			pause_public(loop);
			return;
		}
		fd = accept4(io->fd, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0) {
			if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
			        errno == ENOMEM)
				rest(loop, strerror(errno));
			return;
		}
		if (listener->admin && loop->admin_count >= ADMIN_MAX) {
			close(fd);
			continue;
		}
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		say_address(&from, address);
		if (msgc__lws_sock_adopt(loop, fd, listener->admin, address) == MSGC_ENOMEM) {
			rest(loop, "no memory");
			return;
		}
		listener->accepted_ns = clock_ns();
	}
}

/* ------------------------------------------------------------------------------- ports shared by workers */

/* With port 0 the first worker finds a free port; the others of that server need the same. */
static struct {
	pthread_mutex_t lock;
	struct {
		const struct msgc_server *server; /* NULL: free */
		int port;
	} items[SERVERS_MAX];
} found = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Gives the first item of `from` (NULL: a free one) to `to`. */
static void note_port(const struct msgc_server *from, const struct msgc_server *to, int port)
{
	unsigned i;

	pthread_mutex_lock(&found.lock);
	for (i = 0; i < SERVERS_MAX; i++)
		if (found.items[i].server == from) {
			found.items[i].server = to;
			found.items[i].port = port;
			break;
		}
	pthread_mutex_unlock(&found.lock);
}

static int recall_port(const struct msgc_server *server)
{
	int port = 0;
	unsigned i;

	pthread_mutex_lock(&found.lock);
	for (i = 0; i < SERVERS_MAX; i++)
		if (found.items[i].server == server)
			port = found.items[i].port;
	pthread_mutex_unlock(&found.lock);
	return port;
}

/* ------------------------------------------------------------------------------------------- listening */

static int port_of(int fd)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);

	if (getsockname(fd, (struct sockaddr *)&at, &len))
		return -1;
	if (at.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&at)->sin6_port);
	return ntohs(((struct sockaddr_in *)&at)->sin_port);
}

static void set_port(struct sockaddr *at, int port)
{
	if (at->sa_family == AF_INET6)
		((struct sockaddr_in6 *)at)->sin6_port = htons((uint16_t)port);
	else
		((struct sockaddr_in *)at)->sin_port = htons((uint16_t)port);
}

/* A bound socket, or the negative errno. */
static int bind_one(const struct addrinfo *at, bool shared)
{
	int fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int one = 1, zero = 0;
	int error;

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (shared)
		setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
	if (at->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof(zero));
	if (!bind(fd, at->ai_addr, at->ai_addrlen) && (shared || !listen(fd, BACKLOG)))
		return fd;
	error = errno;
	close(fd);
	return -error;
}

/*
 * Workers share a port with SO_REUSEPORT, and so would a second process of the same user: the first worker asks for the port alone
 * before, so that this is noticed.
 */
static int bind_listener(struct msgc__lws_loop *loop, const struct addrinfo *at)
{
	bool shared = loop->set.workers > 1;
	int fd;

	if (shared && !loop->set.worker) {
		fd = bind_one(at, false);
		if (fd < 0)
			return fd;
		set_port(at->ai_addr, port_of(fd));
		close(fd);
	}
	fd = bind_one(at, shared);
	if (fd >= 0 && shared && listen(fd, BACKLOG)) {
		int error = errno;

		close(fd);
		return -error;
	}
	return fd;
}

static void add_listener(struct msgc__lws_loop *loop, int fd, bool admin)
{
	struct msgc__lws_listener *listener = &loop->listeners[loop->listener_count++];

	listener->loop = loop;
	listener->fd = fd;
	listener->admin = admin;
	ev_io_init(&listener->io, on_readable, fd, EV_READ);
	listener->io.data = listener;
}

static int complain(struct msgc__lws_loop *loop, const char *host, int port, const char *why)
{
	char detail[512];

	if (why)
		snprintf(detail, sizeof(detail), "cannot listen on port %d of %s: %s", port, host,
		        why);
	else
		snprintf(detail, sizeof(detail), "port %d on %s is already in use", port, host);
	msgc_log(loop->set.server, MSGC_LOG_ERROR, "listen.failed", "detail=%s", detail);
	return MSGC_EIO;
}

/* With an address that can be opened on this machine. */
static void say_ready(const struct msgc__lws_loop *loop, const char *host, int port, bool admin)
{
	bool all = !strcmp(host, "0.0.0.0") || !strcmp(host, "::");
	bool tls = !admin && loop->set.tls_certificate;
	bool brackets = !all && strchr(host, ':');
	char url[320];

	snprintf(url, sizeof(url), "http%s://%s%.255s%s:%d/", tls ? "s" : "", brackets ? "[" : "",
	        all ? "localhost" : host, brackets ? "]" : "", port);
	msgc_log(loop->set.server, MSGC_LOG_INFO, "listen.ready",
	        "host=%s port=%d url=%s tls=%s admin=%s worker=%u", host, port, url,
	        tls ? "yes" : "no", admin ? "yes" : "no", loop->set.worker);
}

/* Sockets of a service manager take the place of host and port. False: there are none. */
static bool listen_inherited(struct msgc__lws_loop *loop, bool admin, int *ret_port)
{
	int fds[MSGC__LWS_LISTENERS_MAX];
	unsigned count =
	        msgc__lws_inherited(admin, fds, MSGC__LWS_LISTENERS_MAX - loop->listener_count);
	unsigned i;

	for (i = 0; i < count; i++) {
		add_listener(loop, fds[i], admin);
		*ret_port = port_of(fds[i]);
		say_ready(loop, "inherited", *ret_port, admin);
	}
	return count > 0;
}

/* Every address that the name has; those that this machine lacks are passed over if one is left. */
static int listen_on(
        struct msgc__lws_loop *loop, const char *host, int port, bool admin, int *ret_port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	struct addrinfo *list, *at;
	int error = EADDRNOTAVAIL, bound = -1;
	int result;

	result = getaddrinfo(host, NULL, &hints, &list);
	if (result)
		return complain(loop, host, port, gai_strerror(result));
	for (at = list; at && loop->listener_count < MSGC__LWS_LISTENERS_MAX; at = at->ai_next) {
		int fd;

		if (at->ai_family != AF_INET && at->ai_family != AF_INET6)
			continue;
		set_port(at->ai_addr, bound >= 0 ? bound : port);
		fd = bind_listener(loop, at);
		if (fd < 0) {
			error = -fd;
			if ((error == EADDRINUSE || error == EACCES) && !(bound >= 0 && !port))
				break;
			continue;
		}
		bound = port_of(fd);
		add_listener(loop, fd, admin);
	}
	freeaddrinfo(list);
	if (at && error == EADDRINUSE)
		return complain(loop, host, port, NULL);
	if (bound < 0)
		return complain(loop, host, port, strerror(error));
	*ret_port = bound;
	say_ready(loop, host, bound, admin);
	return 0;
}

int msgc__lws_listen(struct msgc__lws_loop *loop)
{
	const struct msgc__lws_settings *set = &loop->set;
	int port = set->port;
	int result;

	if (!port && set->worker)
		port = recall_port(set->server);
	result = listen_inherited(loop, false, &loop->port)
	        ? 0
	        : listen_on(loop, set->host, port, false, &loop->port);
	if (!result && !set->worker && listen_inherited(loop, true, &loop->admin_port))
		; /* whatever admin-port says */
	else if (!result && set->admin_port >= 0)
		result = listen_on(loop, set->admin_host, set->admin_port, true, &loop->admin_port);
	if (result)
		return result;
	if (!set->worker && !set->port && set->workers > 1)
		note_port(NULL, set->server, loop->port);
	set_accepting(loop, true, true);
	return 0;
}

void msgc__lws_listen_close(struct msgc__lws_loop *loop)
{
	unsigned i;

	if (loop->ev)
		set_accepting(loop, false, false);
	for (i = 0; i < loop->listener_count; i++)
		close(loop->listeners[i].fd);
	loop->listener_count = 0;
	msgc__timer_cancel(&loop->timers, &loop->accept_again);
	if (!loop->set.worker && loop->set.workers > 1)
		note_port(loop->set.server, NULL, 0);
}
