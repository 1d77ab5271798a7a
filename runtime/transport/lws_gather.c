/* SPDX-License-Identifier: MIT */
/*
 * Which sockets have something to read, and reading them a few at a time: first all of those few are received from, then what came is
 * handed up, then the answers leave, so that each step's code and the kernel's are still at hand for the next socket. Who was ready first is read
 * first; libev calls in the opposite order. It must not know what is read.
 */
#include <stdlib.h>

#include "lws_internal.h"

enum {
	AT_ONCE = 16,
	FIRST_PLACES = 256,
	LEAST = 8 * 1024, /* a socket that comes late in a batch is not read in smaller pieces */
	LINE = 64,        /* of the caches; what came from two sockets shares none */
	PREPARED = 5 * LINE,
};

/* False: there is no memory, and the socket has to be read at once. */
bool msgc__lws_gather_add(struct msgc__lws_sock *sock)
{
	struct msgc__lws_gathered *gathered = &sock->loop->gathered;

	if (gathered->count == gathered->cap) {
		uint32_t cap = gathered->cap ? gathered->cap * 2 : FIRST_PLACES;
		struct msgc__lws_sock **socks =
		        realloc(gathered->socks, cap * sizeof(gathered->socks[0]));

		if (!socks)
			return false;
		gathered->socks = socks;
		gathered->cap = cap;
	}
	sock->ws.gathered = ++gathered->count;
	gathered->socks[gathered->count - 1] = sock;
	return true;
}

void msgc__lws_gather_drop(struct msgc__lws_sock *sock)
{
	if (sock->ws.gathered)
		sock->loop->gathered.socks[sock->ws.gathered - 1] = NULL;
	sock->ws.gathered = 0;
}

void msgc__lws_gather_free(struct msgc__lws_loop *loop)
{
	free(loop->gathered.socks);
}

/* What the next socket's frames touch: the beginning of its structs. */
static void prepare(const void *next)
{
	for (size_t i = 0; next && i < PREPARED; i += LINE)
		__builtin_prefetch((const char *)next + i);
}

/* Receives from up to AT_ONCE sockets before `end`; returns where the first of them stands. */
static uint32_t receive(
        struct msgc__lws_loop *loop, uint32_t end, struct msgc__lws_reading *readings)
{
	struct msgc__lws_sock **socks = loop->gathered.socks;
	uint32_t at = end;
	size_t used = 0;

	while (at > 0 && end - at < AT_ONCE && MSGC__LWS_INPUT - used >= LEAST) {
		struct msgc__lws_reading *reading = &readings[end - at];
		struct msgc__lws_sock *sock = socks[--at];

		*reading = (struct msgc__lws_reading){NULL, 0};
		if (!sock)
			continue;
		msgc__lws_reader_receive(sock, loop->input + used, MSGC__LWS_INPUT - used, reading);
		if (reading->bytes == loop->input + used)
			used += (reading->len + LINE - 1) / LINE * LINE;
	}
	return at;
}

/* A socket may be dropped while another one's frames are looked at. */
void msgc__lws_gather_run(struct msgc__lws_loop *loop)
{
	struct msgc__lws_gathered *gathered = &loop->gathered;
	struct msgc__lws_reading readings[AT_ONCE];
	uint32_t end = gathered->count, at, i;

	for (; end > 0; end = at) {
		at = receive(loop, end, readings);
		msgc__worker_reading(loop->worker);
		for (i = end; i > at; i--) {
			if (i - 1 > at && gathered->socks[i - 2])
				prepare(gathered->socks[i - 2]->ws.connection);
			if (gathered->socks[i - 1] && readings[end - i].len)
				msgc__lws_reader_take(gathered->socks[i - 1], &readings[end - i]);
		}
		for (i = end; i > at; i--) {
			struct msgc__lws_sock *sock = gathered->socks[i - 1];

			if (!sock)
				continue;
			sock->ws.gathered = 0;
			if (readings[end - i].len)
				msgc__lws_reader_answer(sock);
		}
	}
	gathered->count = 0;
}
