/* SPDX-License-Identifier: MIT */
/*
 * Keeps what a client sent behind its handshake. libwebsockets makes the answer (handshake_0405()) in the very buffer that it has read the
 * request into, over frames that came in the same packet and are parsed afterwards. So the part that it writes to is copied aside before
 * and back when the answer has been handed to the socket. It must not know what the bytes say.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <msgc/base.h>

#include "lws_internal.h"

/*
 * No call tells where the buffer is, but raw input is handed up in place: a socket pair of our own is adopted, served once by hand, and
 * closed from within the callback. It is one buffer per context, for as long as that lives.
 */
int msgc__lws_buffer_find(struct msgc__lws_loop *loop)
{
	lws_adopt_desc_t info;
	struct lws_pollfd ready;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair))
		return MSGC_EIO;
	memset(&info, 0, sizeof(info));
	info.vh = loop->admin_vhost;
	info.type = LWS_ADOPT_SOCKET;
	info.fd.sockfd = pair[0];
	loop->finding_buffer = true;
	if (write(pair[1], "?", 1) == 1 && lws_adopt_descriptor_vhost_via_info(&info)) {
		ready = (struct lws_pollfd){
		        .fd = pair[0], .events = LWS_POLLIN, .revents = LWS_POLLIN};
		lws_service_fd(loop->context, &ready);
	}
	loop->finding_buffer = false;
	close(pair[1]);
	return loop->buffer ? 0 : MSGC_EIO;
}

int msgc__lws_buffer_found(struct msgc__lws_loop *loop, void *in)
{
	loop->buffer = in;
	return -1; /* the socket has done its duty */
}

void msgc__lws_buffer_save(struct msgc__lws_loop *loop)
{
	if (loop->buffer)
		memcpy(loop->aside, loop->buffer, sizeof(loop->aside));
}

void msgc__lws_buffer_restore(struct msgc__lws_loop *loop)
{
	if (loop->buffer)
		memcpy(loop->buffer, loop->aside, sizeof(loop->aside));
}
