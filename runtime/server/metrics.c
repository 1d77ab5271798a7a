/* SPDX-License-Identifier: MIT */
/*
 * Memory and places of the counters. It must not know what the counters are called outside.
 */
#include "metrics.h"

#include <stdlib.h>
#include <time.h>

#include "connection.h"
#include "worker.h"

const int msgc__metrics_statuses[MSGC__HTTP_STATUSES] = {200, 201, 202, 204, 301, 302, 303, 304,
        307, 308, 400, 401, 403, 404, 405, 409, 413, 414, 422, 426, 429, 500, 501, 503, 504, 0};

const uint16_t msgc__metrics_closes[MSGC__CLOSE_CODES] = {1000, 1001, 1002, 1003, 1005, 1006, 1007,
        1008, 1009, 1010, 1011, 1012, 1013, 4400, 4401, 4403, 4404, 4408, 4409, 4410, 4429, 0};

const char *const msgc__metrics_bounds[MSGC__DURATIONS] = {"0.0001", "0.00025", "0.0005", "0.001",
        "0.0025", "0.005", "0.01", "0.05", "0.1", "0.5", "2.5", "10"};
static const uint64_t bounds[MSGC__DURATIONS] = {100000, 250000, 500000, 1000000, 2500000, 5000000,
        10000000, 50000000, 100000000, 500000000, 2500000000, 10000000000};

/* ---------------------------------------------------------------------------------------------- memory */

static size_t handlers_of(const struct msgc_consumer *consumer)
{
	return consumer->action_count + consumer->event_count + 2 + consumer->ask_count;
}

static void place_counters(struct msgc__metrics *metrics, const struct msgc_server *server)
{
	enum { PER_HANDLER = sizeof(struct msgc__handler_metrics) / sizeof(struct msgc__counter) };
	struct msgc__counter *at = metrics->counters;

	for (size_t i = 0; i < server->served_count; i++) {
		const struct msgc_consumer *consumer = server->served[i]->consumer;

		metrics->consumers[i].received = at;
		at += consumer->action_count;
		metrics->consumers[i].handlers = (struct msgc__handler_metrics *)(void *)at;
		at += handlers_of(consumer) * PER_HANDLER;
	}
}

int msgc__metrics_init(struct msgc__worker *worker)
{
	enum { PER_HANDLER = sizeof(struct msgc__handler_metrics) / sizeof(struct msgc__counter) };
	const struct msgc_server *server = worker->server;
	struct msgc__metrics *metrics = &worker->metrics;
	size_t count = 0;

	for (size_t i = 0; i < server->served_count; i++) {
		const struct msgc_consumer *consumer = server->served[i]->consumer;

		count += consumer->action_count + handlers_of(consumer) * PER_HANDLER;
	}
	metrics->timed = server->config.admin_port != MSGC__PORT_OFF;
	metrics->consumers = calloc(server->served_count + 1, sizeof metrics->consumers[0]);
	metrics->counters = calloc(count + 1, sizeof metrics->counters[0]);
	if (!metrics->consumers || !metrics->counters)
		return MSGC_ENOMEM;
	place_counters(metrics, server);
	return 0;
}

void msgc__metrics_free(struct msgc__worker *worker)
{
	free(worker->metrics.consumers);
	free(worker->metrics.counters);
}

/* ---------------------------------------------------------------------------------------------- places */

unsigned msgc__metrics_status(int status)
{
	unsigned i = 0;

	while (i < MSGC__HTTP_STATUSES - 1 && msgc__metrics_statuses[i] != status)
		i++;
	return i;
}

unsigned msgc__metrics_close(uint16_t code)
{
	unsigned i = 0;

	while (i < MSGC__CLOSE_CODES - 1 && msgc__metrics_closes[i] != code)
		i++;
	return i;
}

/* -------------------------------------------------------------------------------------------- counting */

void msgc__metrics_settle(struct msgc__worker *worker)
{
	struct msgc__metrics *metrics = &worker->metrics;

	msgc__counter_set(&metrics->connections, worker->connection_count);
	msgc__counter_set(&metrics->groups, worker->groups.count);
	msgc__counter_set(&metrics->outbox_bytes, worker->output.bytes);
}

void msgc__metrics_published(struct msgc_server *server, enum msgc__publisher by, bool is_event)
{
	struct msgc__worker *worker = msgc__worker_current();

	if (worker && worker->server == server)
		msgc__counter_add(&worker->metrics.published[by][is_event], 1);
	else
		msgc__counter_share(&server->shared_metrics.published[by][is_event], 1);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void msgc__metrics_began(struct msgc__frame *frame)
{
	if (frame->worker->metrics.timed)
		frame->began_ns = now_ns();
}

/* The place of what is being handled among the consumer's handlers. */
static size_t handler_at(const struct msgc__frame *frame)
{
	const struct msgc_consumer *consumer = msgc__frame_served(frame)->consumer;
	size_t hooks = consumer->action_count + consumer->event_count;

	switch (frame->kind) {
	case MSGC__FRAME_CLIENT: return frame->handler;
	case MSGC__FRAME_EVENT: return consumer->action_count + frame->handler;
	case MSGC__FRAME_CONNECTED:
	case MSGC__FRAME_SUBSCRIBE: return hooks;
	case MSGC__FRAME_ANSWER: return hooks + 2 + frame->handler;
	default: return hooks + 1;
	}
}

void msgc__metrics_ended(struct msgc__frame *frame)
{
	const struct msgc__served *served = msgc__frame_served(frame);
	struct msgc__handler_metrics *handler;
	uint64_t took;
	unsigned i = 0;

	if (frame->began_ns == 0)
		return;
	took = now_ns() - frame->began_ns;
	handler = &frame->worker->metrics.consumers[served->index].handlers[handler_at(frame)];
	while (i < MSGC__DURATIONS && took > bounds[i])
		i++;
	msgc__counter_add(&handler->within[i], 1);
	msgc__counter_add(&handler->nanoseconds, took);
}
