/* SPDX-License-Identifier: MIT */
/*
 * The loop of one worker: a libev loop of our own on epoll, lent to libwebsockets, with the core's turn at the end of each round. It must
 * not know what the sockets in it are used for.
 */
#include <stdlib.h>
#include <time.h>

#include <msgc/codec.h>

#include "lws_internal.h"

enum { DEADLINES_PER_ROUND = 16 };

int64_t msgc__lws_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The loop only has to wake up: the work is done at the end of the round. */
static void on_timer(struct ev_loop *ev, ev_timer *timer, int events)
{
	struct msgc__lws_loop *loop = timer->data;

	(void)ev;
	(void)events;
	loop->timer_due = -1;
}

static void on_async(struct ev_loop *ev, ev_async *async, int events)
{
	(void)ev;
	(void)async;
	(void)events;
}

static void on_check(struct ev_loop *ev, ev_check *check, int events)
{
	struct msgc__lws_loop *loop = check->data;

	(void)ev;
	(void)events;
	loop->now = msgc__lws_clock();
}

/* A timer that fires too early costs one empty round; so it is moved only to fire earlier. */
static void wake_in(struct msgc__lws_loop *loop, int64_t ms)
{
	int64_t due = loop->now + ms;

	if (ms < 0 || (loop->timer_due >= 0 && loop->timer_due <= due))
		return;
	loop->timer_due = due;
	ev_timer_stop(loop->ev, &loop->timer);
	ev_timer_set(&loop->timer, (double)ms / 1000.0, 0.0);
	ev_timer_start(loop->ev, &loop->timer);
}

void msgc__lws_turn(struct msgc__lws_loop *loop)
{
	wake_in(loop, msgc__worker_turn(loop->worker));
}

/* The end of a round. What is written here leaves before the loop sleeps. */
static void on_prepare(struct ev_loop *ev, ev_prepare *prepare, int events)
{
	struct msgc__lws_loop *loop = prepare->data;
	int64_t next;

	(void)events;
	loop->now = msgc__lws_clock();
	msgc__lws_gather_run(loop);
	msgc__lws_turn(loop);
	/* Answers do not wait for many ends at once; ends may have something to say, too. */
	if (msgc__timers_run_some(&loop->timers, loop->now, DEADLINES_PER_ROUND) > 0)
		msgc__lws_turn(loop);
	if (msgc__lws_run_todo(loop))
		wake_in(loop, 0); /* the core may have heard of ends: it gets another turn */
	if (loop->stopping) {
		ev_break(ev, EVBREAK_ALL);
		return;
	}
	next = msgc__timers_next(&loop->timers);
	if (next >= 0)
		wake_in(loop, next > loop->now ? next - loop->now : 0);
}

static int start_watchers(struct msgc__lws_loop *loop)
{
	loop->ev = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
	if (!loop->ev)
		return MSGC_EIO;
	ev_prepare_init(&loop->prepare, on_prepare);
	ev_check_init(&loop->check, on_check);
	ev_async_init(&loop->async, on_async);
	ev_timer_init(&loop->timer, on_timer, 0.0, 0.0);
	loop->prepare.data = loop->check.data = loop->timer.data = loop;
	ev_prepare_start(loop->ev, &loop->prepare);
	ev_check_start(loop->ev, &loop->check);
	ev_async_start(loop->ev, &loop->async);
	return 0;
}

static void stop_watchers(struct msgc__lws_loop *loop)
{
	ev_prepare_stop(loop->ev, &loop->prepare);
	ev_check_stop(loop->ev, &loop->check);
	ev_async_stop(loop->ev, &loop->async);
	ev_timer_stop(loop->ev, &loop->timer);
	ev_loop_destroy(loop->ev);
}

static int get_memory(struct msgc__lws_loop *loop)
{
	/* A head re-encoded and copied is at most three times as long, with its NUL bytes and a response's chunk beside. */
	loop->scratch_size = 4 * loop->set.header_limit + MSGC__LWS_CHUNK;
	loop->scratch = malloc(loop->scratch_size);
	loop->header_max = WSI_TOKEN_COUNT + loop->set.header_name_count;
	loop->headers = calloc(loop->header_max, sizeof(*loop->headers));
	loop->input = malloc(MSGC__LWS_INPUT);
	loop->message_cap = 16 * 1024;
	loop->message = malloc(loop->message_cap + MSGC_PADDING);
	return loop->scratch && loop->headers && loop->input && loop->message ? 0 : MSGC_ENOMEM;
}

static void loop_close(void *opaque)
{
	struct msgc__lws_loop *loop = opaque;
	struct msgc__lws_sock *sock, *next;

	if (!loop)
		return;
	msgc__lws_log_to(loop);
	loop->draining = true;
	msgc__lws_listen_close(loop);
	for (sock = loop->socks; sock; sock = next) {
		next = sock->next;
		if (msgc__lws_is_websocket(sock))
			msgc__lws_link_end(sock);
		else
			msgc__lws_http_gone(sock);
	}
	if (loop->context)
		msgc__lws_context_close(loop);
	msgc__lws_run_todo(loop);
	if (loop->ev)
		stop_watchers(loop);
	msgc__lws_crowd_leave(loop);
	msgc__lws_log_forget(loop);
	free(loop->scratch);
	free(loop->headers);
	free(loop->input);
	msgc__lws_gather_free(loop);
	free(loop->message);
	msgc__inflater_free(loop->inflater);
	free(loop);
}

static int loop_open(struct msgc_server *server, struct msgc__worker *worker, void **ret_loop)
{
	struct msgc__lws_loop *loop = calloc(1, sizeof(*loop));
	int result;

	if (!loop)
		return MSGC_ENOMEM;
	loop->worker = worker;
	loop->timer_due = loop->port = loop->admin_port = -1;
	loop->todo_end = &loop->todo;
	loop->now = msgc__lws_clock();
	result = msgc__lws_settings_read(&loop->set, server, worker);
	if (!result) {
		msgc__lws_log_to(loop);
		result = get_memory(loop);
	}
	if (!result)
		result = msgc__lws_crowd_join(loop);
	if (!result)
		result = start_watchers(loop);
	if (!result)
		result = msgc__lws_context_open(loop);
	if (!result)
		result = msgc__lws_listen(loop);
	if (result) {
		loop_close(loop);
		return result;
	}
	*ret_loop = loop;
	return 0;
}

static int loop_run(void *opaque)
{
	struct msgc__lws_loop *loop = opaque;

	msgc__lws_log_to(loop);
	ev_run(loop->ev, 0);
	return 0;
}

static void loop_wake(void *opaque)
{
	struct msgc__lws_loop *loop = opaque;

	ev_async_send(loop->ev, &loop->async);
}

static void loop_stop_accepting(void *opaque)
{
	struct msgc__lws_loop *loop = opaque;
	struct msgc__lws_sock *sock;

	loop->draining = true;
	msgc__lws_listen_close(loop);
	for (sock = loop->socks; sock; sock = sock->next)
		if (sock->phase == MSGC__LWS_HEAD && sock->served) /* idle after an answer */
			msgc__lws_sock_kill(sock);
}

static void loop_reload(void *opaque, const struct msgc__config *config)
{
	struct msgc__lws_loop *loop = opaque;

	msgc__lws_settings_reload(&loop->set, config);
	msgc__lws_listen_resume(loop);
	msgc__lws_tls_reload(loop);
}

static void loop_stop(void *opaque)
{
	struct msgc__lws_loop *loop = opaque;

	loop->stopping = true;
	wake_in(loop, 0);
}

const struct msgc__transport msgc__lws_transport = {
        .name = "libwebsockets",
        .wake = loop_wake,
        .open = loop_open,
        .run = loop_run,
        .stop_accepting = loop_stop_accepting,
        .reload = loop_reload,
        .port = msgc__lws_port,
        .stop = loop_stop,
        .close = loop_close,
};

int msgc__lws_port(const void *opaque, bool admin)
{
	const struct msgc__lws_loop *loop = opaque;

	return admin ? loop->admin_port : loop->port;
}

size_t msgc__lws_sockets(const void *opaque)
{
	const struct msgc__lws_loop *loop = opaque;

	return loop->sock_count;
}
