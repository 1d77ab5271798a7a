/* SPDX-License-Identifier: MIT */
/*
 * One accepted socket from accept() to its end: its memory, its one deadline, and what is left for the end of the turn, when no callback of
 * libwebsockets is on the stack. It must not know what the socket is used for.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <msgc/base.h>

#include "lws_internal.h"

bool msgc__lws_is_websocket(const struct msgc__lws_sock *sock)
{
	return sock->phase >= MSGC__LWS_UPGRADING;
}

static void deadline_passed(struct msgc__timer *timer)
{
	struct msgc__lws_sock *sock = (struct msgc__lws_sock *)((char *)timer -
	        offsetof(struct msgc__lws_sock, deadline));

	if (msgc__lws_is_websocket(sock))
		msgc__lws_link_deadline(sock);
	else
		msgc__lws_http_deadline(sock);
}

void msgc__lws_sock_deadline(struct msgc__lws_sock *sock, int64_t ms)
{
	struct msgc__timers *timers = &sock->loop->timers;

	sock->deadline.fire = deadline_passed;
	if (ms < 0)
		msgc__timer_cancel(timers, &sock->deadline);
	else
		msgc__timer_arm(timers, &sock->deadline, sock->loop->now + ms);
}

static void count_in(struct msgc__lws_sock *sock)
{
	struct msgc__lws_loop *loop = sock->loop;

	loop->sock_count++;
	if (sock->admin)
		loop->admin_count++;
	else
		sock->surplus =
		        atomic_fetch_add(&loop->crowd->sockets, 1) >= loop->set.connections_max;
}

static void count_out(const struct msgc__lws_sock *sock)
{
	struct msgc__lws_loop *loop = sock->loop;

	loop->sock_count--;
	if (sock->admin)
		loop->admin_count--;
	else
		atomic_fetch_sub(&loop->crowd->sockets, 1);
}

bool msgc__lws_sock_is_surplus(struct msgc__lws_sock *sock)
{
	if (sock->surplus &&
	        atomic_load(&sock->loop->crowd->sockets) <= sock->loop->set.connections_max)
		sock->surplus = false;
	return sock->surplus;
}

static void unlink_and_free(struct msgc__lws_sock *sock)
{
	*sock->prev = sock->next;
	if (sock->next)
		sock->next->prev = sock->prev;
	msgc__timer_cancel(&sock->loop->timers, &sock->deadline);
	count_out(sock);
	msgc__lws_listen_resume(sock->loop);
	free(sock);
}

/*
 * The socket is the sock's from here on, whatever happens: libwebsockets closes it when adopting fails, too. It may call back with
 * LWS_CALLBACK_WSI_DESTROY before it returns NULL, or not at all.
 */
int msgc__lws_sock_adopt(struct msgc__lws_loop *loop, int fd, bool admin, const char *address)
{
	struct msgc__lws_sock *sock = calloc(1, sizeof(*sock));
	lws_adopt_desc_t info;
	struct lws *wsi;

	if (!sock) {
		close(fd);
		return MSGC_ENOMEM;
	}
	sock->loop = loop;
	sock->fd = fd;
	sock->admin = admin;
	sock->secure = !admin && loop->set.tls_certificate;
	sock->http.file = -1;
	strncpy(sock->address, address, sizeof(sock->address) - 1);
	sock->prev = &loop->socks;
	sock->next = loop->socks;
	if (sock->next)
		sock->next->prev = &sock->next;
	loop->socks = sock;
	count_in(sock);
	msgc__lws_sock_deadline(sock, loop->set.handshake_ms);

	memset(&info, 0, sizeof(info));
	info.vh = admin ? loop->admin_vhost : loop->vhost;
	info.type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP;
	if (sock->secure)
		info.type |= LWS_ADOPT_ALLOW_SSL;
	info.fd.sockfd = fd;
	info.opaque = sock;
	loop->adopting = sock;
	wsi = lws_adopt_descriptor_vhost_via_info(&info);
	if (loop->adopting != sock) /* gone again */
		return MSGC_EIO;
	loop->adopting = NULL;
	if (!wsi) {
		unlink_and_free(sock);
		return MSGC_EIO;
	}
	sock->wsi = wsi;
	if (sock->secure)
		msgc__lws_decrypt_watch(sock);
	return 0;
}

void msgc__lws_sock_gone(struct msgc__lws_sock *sock)
{
	struct msgc__lws_loop *loop = sock->loop;

	if (msgc__lws_is_websocket(sock))
		msgc__lws_link_end(sock);
	else
		msgc__lws_http_gone(sock);
	sock->wsi = NULL;
	sock->dying = true;
	if (loop->adopting == sock)
		loop->adopting = NULL;
	if (!sock->queued)
		unlink_and_free(sock);
}

void msgc__lws_sock_todo(struct msgc__lws_sock *sock, unsigned what)
{
	struct msgc__lws_loop *loop = sock->loop;

	sock->todo |= what;
	if (sock->queued)
		return;
	sock->queued = true;
	sock->next_todo = NULL;
	*loop->todo_end = sock;
	loop->todo_end = &sock->next_todo;
}

void msgc__lws_sock_kill(struct msgc__lws_sock *sock)
{
	sock->dying = true;
	msgc__lws_sock_todo(sock, MSGC__LWS_TODO_KILL);
}

void msgc__lws_sock_close(struct msgc__lws_sock *sock)
{
	struct lws *wsi = sock->wsi;

	if (!wsi)
		return;
	sock->dying = true;
	if (!msgc__lws_is_websocket(sock))
		msgc__lws_send_drop(sock);
	/*
	 * With output pending libwebsockets would go on trying to send it for a while, and not at all while input is held back. On a
	 * socket that is shut down the next attempt fails, and it closes.
	 */
	if (lws_partial_buffered(wsi)) {
		lws_rx_flow_control(wsi, 1);
		shutdown(sock->fd, SHUT_RDWR);
	}
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
}

bool msgc__lws_run_todo(struct msgc__lws_loop *loop)
{
	bool any = false;

	while (loop->todo) {
		struct msgc__lws_sock *sock = loop->todo;
		unsigned what = sock->todo;

		any = true;
		loop->todo = sock->next_todo;
		if (!loop->todo)
			loop->todo_end = &loop->todo;
		sock->queued = false;
		sock->todo = 0;
		if (!sock->wsi)
			unlink_and_free(sock);
		else if (what & MSGC__LWS_TODO_KILL)
			msgc__lws_sock_close(sock);
		else if (what & MSGC__LWS_TODO_SEND)
			msgc__lws_send_start(sock);
		else if (what & MSGC__LWS_TODO_READ && msgc__lws_is_websocket(sock))
			msgc__lws_reader_go_on(sock);
	}
	return any;
}
