/* SPDX-License-Identifier: MIT */
/*
 * A server driven by hand: its turns, its pool and its clock are the test's, so that every run is the same. It must not know what is
 * being tested.
 */
#include "memory_internal.h"

static int64_t monotonic_ms(void *context)
{
	return ((const struct msgc__memory *)context)->now_ms;
}

static int64_t unix_seconds(void *context)
{
	return ((const struct msgc__memory *)context)->unix_seconds;
}

int msgc__memory_start(struct msgc__memory *memory, struct msgc_server *server)
{
	unsigned begun = 0;
	int result;

	memory->server = server;
	memory->now_ms = 1000000;
	memory->unix_seconds = 1700000000;
	server->transport = &msgc__memory_transport;
	server->clock = (struct msgc__clock){monotonic_ms, unix_seconds, memory, 0};
	server->config.pool_threads = 0;
	result = msgc__server_start(server);
	for (unsigned i = 0; i < server->worker_count && result == 0; i++) {
		result = msgc__worker_begin(server->workers[i]);
		begun += result == 0;
	}
	if (result == 0)
		return 0;
	while (begun > 0)
		msgc__worker_end(server->workers[--begun]);
	(void)msgc__server_finish(server);
	return result;
}

bool msgc__memory_pool(struct msgc__memory *memory)
{
	return msgc__pool_step(memory->server->pool);
}

static bool turn(struct msgc__memory *memory, struct msgc__worker *worker)
{
	struct msgc__memory_loop *loop = worker->loop;
	bool any;

	pthread_mutex_lock(&loop->lock);
	loop->woken = false;
	pthread_mutex_unlock(&loop->lock);
	msgc__worker_reading(worker);
	any = msgc__memory_act(loop);
	msgc__timers_run(&loop->timers, memory->now_ms);
	return (msgc__worker_turn(worker) == 0) | any;
}

static bool is_woken(const struct msgc__worker *worker)
{
	struct msgc__memory_loop *loop = worker->loop;
	bool woken;

	pthread_mutex_lock(&loop->lock);
	woken = loop->woken;
	pthread_mutex_unlock(&loop->lock);
	return woken;
}

bool msgc__memory_step(struct msgc__memory *memory)
{
	struct msgc_server *server = memory->server;
	bool any = false;

	for (unsigned i = 0; i < server->worker_count; i++)
		any |= turn(memory, server->workers[i]);
	if (!memory->hold_pool)
		any |= msgc__memory_pool(memory);
	/* A later worker may have written to an earlier one. */
	for (unsigned i = 0; i < server->worker_count; i++)
		any |= is_woken(server->workers[i]);
	return any;
}

void msgc__memory_pump(struct msgc__memory *memory)
{
	while (msgc__memory_step(memory))
		;
}

/* The first deadline of anything; -1: there is none. */
static int64_t next_deadline(const struct msgc__memory *memory)
{
	const struct msgc_server *server = memory->server;
	int64_t first = -1;

	for (unsigned i = 0; i < server->worker_count; i++) {
		const struct msgc__worker *worker = server->workers[i];
		const struct msgc__memory_loop *loop = worker->loop;
		int64_t due[2] = {
		        msgc__timers_next(&worker->timers), msgc__timers_next(&loop->timers)};

		for (int k = 0; k < 2; k++) {
			if (due[k] >= 0 && (first < 0 || due[k] < first))
				first = due[k];
		}
	}
	return first;
}

static void move_clock(struct msgc__memory *memory, int64_t to)
{
	memory->unix_seconds += to / 1000 - memory->now_ms / 1000;
	memory->now_ms = to;
}

void msgc__memory_advance(struct msgc__memory *memory, int64_t ms)
{
	int64_t end = memory->now_ms + ms;

	msgc__memory_pump(memory);
	for (;;) {
		int64_t due = next_deadline(memory);

		if (due < 0 || due > end)
			break;
		if (due > memory->now_ms)
			move_clock(memory, due);
		msgc__memory_pump(memory);
	}
	move_clock(memory, end);
	msgc__memory_pump(memory);
}

static bool all_stopped(const struct msgc_server *server)
{
	for (unsigned i = 0; i < server->worker_count; i++) {
		if (server->workers[i]->state != MSGC__WORKER_STOPPED)
			return false;
	}
	return true;
}

int msgc__memory_stop(struct msgc__memory *memory)
{
	struct msgc_server *server = memory->server;

	msgc_server_stop(server);
	msgc__memory_pump(memory);
	while (!all_stopped(server))
		msgc__memory_advance(memory, 1000);
	for (unsigned i = 0; i < server->worker_count; i++) {
		msgc__worker_enter(server->workers[i]);
		msgc__worker_end(server->workers[i]);
	}
	return msgc__server_finish(server);
}
