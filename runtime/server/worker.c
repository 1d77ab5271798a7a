/* SPDX-License-Identifier: MIT */
/*
 * A worker's life and its turn: due timers, mail, connections with something to do, then one write for each that has output. It must not
 * know what makes the loop turn.
 */
#include "worker.h"
#include "container.h"

#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "presence.h"
#include "standard.h"
#include "topic.h"

enum { SCRATCH_MAX = 1024 * 1024, ROUNDS_PER_TURN = 16, CUT_GRACE_MS = 1000 };

static _Thread_local struct msgc__worker *current;

struct msgc__worker *msgc__worker_current(void)
{
	return current;
}

void msgc__worker_enter(struct msgc__worker *worker)
{
	current = worker;
	worker->now = msgc__server_now_ms(worker->server);
}

int msgc__worker_post(struct msgc__worker *worker, struct msgc__mail *mail, bool counted)
{
	struct msgc__worker *from = current;

	if (!from || !from->in_turn || from->server != worker->server)
		return msgc__mailbox_put(&worker->mailbox, mail, counted);
	from->to_wake |= UINT64_C(1) << worker->index;
	return msgc__mailbox_leave(&worker->mailbox, mail, counted);
}

/* Several publications are one wake-up, and one write to each of the other worker's members. */
static void wake_others(struct msgc__worker *worker)
{
	for (unsigned i = 0; worker->to_wake; i++) {
		uint64_t bit = UINT64_C(1) << i;

		if (worker->to_wake & bit)
			msgc__mailbox_ring(&worker->server->workers[i]->mailbox);
		worker->to_wake &= ~bit;
	}
}

/* What was read before has perhaps left letters: a turn with many links is not waited for. */
void msgc__worker_reading(struct msgc__worker *worker)
{
	wake_others(worker);
	msgc__worker_enter(worker);
	worker->in_turn = true;
}

void msgc__worker_hold(struct msgc__worker *worker)
{
	atomic_fetch_add(&worker->holds, 1);
}

void msgc__worker_release(struct msgc__worker *worker)
{
	atomic_fetch_sub(&worker->holds, 1);
}

/* ---------------------------------------------------------------------------------------- completions */

static struct msgc__buffer *ready_frame(struct msgc__worker *worker, int written)
{
	unsigned char head[MSGC__WIRE_HEAD_MAX];
	size_t head_len = msgc__wire_head(head, worker->text.len);
	struct msgc__buffer *buffer;

	if (written < 0)
		return NULL;
	buffer = msgc__buffer_new(&worker->output, head_len + worker->text.len);
	if (!buffer)
		return NULL;
	memcpy(buffer->bytes, head, head_len);
	memcpy(buffer->bytes + head_len, worker->text.data, worker->text.len);
	buffer->len = head_len + worker->text.len;
	buffer->kind = MSGC__BUFFER_COMPLETION;
	return buffer;
}

static int make_completions(struct msgc__worker *worker)
{
	const struct msgc__address nowhere = {{NULL, 0}, {NULL, 0}};
	struct msgc_server *server = worker->server;

	worker->completions = calloc(server->served_count + 1, sizeof worker->completions[0]);
	if (!worker->completions)
		return MSGC_ENOMEM;
	for (size_t i = 0; i < server->served_count; i++) {
		const struct msgc_consumer *consumer = server->served[i]->consumer;
		struct msgc__completions *completions = &worker->completions[i];

		if (!consumer->completion)
			continue;
		completions->group = ready_frame(
		        worker, msgc__standard_group_complete(&worker->text, consumer, nowhere));
		completions->event = ready_frame(
		        worker, msgc__standard_event_complete(&worker->text, consumer, nowhere));
		if (!completions->group || !completions->event)
			return MSGC_ENOMEM;
	}
	return 0;
}

/* One that says of which topic. */
static struct msgc__buffer *stamped_completion(
        const struct msgc_subscription *subscription, bool is_event)
{
	struct msgc_connection *connection = subscription->connection;
	const struct msgc_consumer *consumer = connection->served->consumer;
	struct msgc__worker *worker = connection->worker;
	struct msgc__address address = {
	        .topic = msgc_str_of(subscription->name, subscription->name_len)};
	struct msgc__buffer *buffer = ready_frame(worker,
	        is_event ? msgc__standard_event_complete(&worker->text, consumer, address)
	                 : msgc__standard_group_complete(&worker->text, consumer, address));

	if (!buffer)
		msgc__connection_no_memory(connection);
	return buffer;
}

struct msgc__buffer *msgc__membership_completion(
        const struct msgc__membership *membership, bool is_event)
{
	const struct msgc_connection *member = membership->connection;
	const struct msgc__completions *completions =
	        &member->worker->completions[member->served->index];
	struct msgc__buffer *buffer = is_event ? completions->event : completions->group;

	if (!buffer)
		return NULL;
	if (membership->subscription)
		return stamped_completion(membership->subscription, is_event);
	buffer->refs++;
	return buffer;
}

/* ----------------------------------------------------------------------------------------------- life */

static int fill(struct msgc__worker *worker)
{
	int result = msgc__groups_init(&worker->groups);

	if (result == 0)
		result = msgc__output_init(&worker->output);
	if (result == 0)
		result = msgc__directory_init(&worker->directory);
	if (result == 0)
		result = msgc__reach_init(&worker->reach);
	if (result == 0)
		result = msgc__presence_init(worker);
	if (result == 0)
		result = make_completions(worker);
	if (result == 0)
		result = msgc__metrics_init(worker);
	return result;
}

int msgc__worker_new(struct msgc_server *server, unsigned index, struct msgc__worker **ret)
{
	struct msgc__worker *worker = calloc(1, sizeof *worker);
	int result;

	if (!worker)
		return MSGC_ENOMEM;
	worker->server = server;
	worker->config = &server->config;
	worker->index = index;
	worker->ready_end = &worker->ready;
	worker->now = msgc__server_now_ms(server);
	msgc__mailbox_init(&worker->mailbox, (size_t)server->config.mailbox);
	msgc_arena_init(&worker->scratch, SCRATCH_MAX);
	result = fill(worker);
	if (result < 0)
		msgc__worker_free(worker);
	else
		*ret = worker;
	return result;
}

void msgc__worker_free(struct msgc__worker *worker)
{
	if (!worker)
		return;
	worker->state = MSGC__WORKER_STOPPED;
	if (worker->output.dirty_end)
		msgc__worker_settle(worker);
	for (size_t i = 0; worker->completions && i < worker->server->served_count; i++) {
		msgc__buffer_unref(&worker->output, worker->completions[i].group);
		msgc__buffer_unref(&worker->output, worker->completions[i].event);
	}
	free(worker->completions);
	msgc__later_tasks_free(worker);
	msgc__frames_free(worker);
	msgc__groups_free(&worker->groups);
	msgc__directory_free(&worker->directory);
	msgc__reach_free(&worker->reach);
	msgc__presence_free(worker);
	msgc__output_free(&worker->output);
	msgc__metrics_free(worker);
	msgc__mailbox_free(&worker->mailbox);
	msgc_buf_free(&worker->text);
	msgc_arena_free(&worker->scratch);
	if (current == worker)
		current = NULL;
	free(worker);
}

int msgc__worker_begin(struct msgc__worker *worker)
{
	struct msgc_server *server = worker->server;
	int result = 0;

	msgc__worker_enter(worker);
	if (server->on_worker.start)
		result = server->on_worker.start(server->on_worker.app, worker->index);
	if (result == 0)
		result = msgc__reach_listen(worker);
	if (result == 0) {
		msgc__notify_watch(worker);
		if (atomic_fetch_add(&server->serving, 1) + 1 == server->worker_count)
			msgc__notify_ready(server);
	}
	return result;
}

void msgc__worker_end(struct msgc__worker *worker)
{
	struct msgc_server *server = worker->server;

	worker->state = MSGC__WORKER_STOPPED;
	if (server->on_worker.stop)
		server->on_worker.stop(server->on_worker.app, worker->index);
}

/* ----------------------------------------------------------------------------------------------- turn */

static bool open_mail(struct msgc__worker *worker)
{
	struct msgc__mail *mail = msgc__mailbox_take(&worker->mailbox), *next;
	bool any = mail != NULL;

	for (; mail; mail = next) {
		next = mail->next;
		mail->deliver(worker, mail);
	}
	return any;
}

/* Those that become ready meanwhile wait for the next round. */
static bool run_ready(struct msgc__worker *worker)
{
	struct msgc_connection *connection = worker->ready, *next;
	bool any = connection != NULL;

	worker->ready = NULL;
	worker->ready_end = &worker->ready;
	for (; connection; connection = next) {
		next = connection->next_ready;
		msgc__connection_run(connection);
		msgc__connection_drop(connection);
	}
	return any;
}

static void flush(struct msgc__worker *worker)
{
	struct msgc_connection *connection = worker->output.dirty, *next;

	worker->output.dirty = NULL;
	worker->output.dirty_end = &worker->output.dirty;
	for (; connection; connection = next) {
		next = connection->next_dirty;
		if (next)
			__builtin_prefetch(
			        next->link); /* nothing of it has been touched in this turn */
		msgc__connection_flush(connection);
		msgc__connection_drop(connection);
	}
}

void msgc__worker_settle(struct msgc__worker *worker)
{
	bool any = true;

	current = worker;
	while (any) {
		any = open_mail(worker);
		any |= run_ready(worker);
	}
	flush(worker);
}

/* ---------------------------------------------------------------------------------------------- drain */

static void stop(struct msgc__worker *worker)
{
	if (worker->state == MSGC__WORKER_STOPPED)
		return;
	worker->state = MSGC__WORKER_STOPPED;
	msgc__timer_cancel(&worker->timers, &worker->drain_deadline);
	worker->server->transport->stop(worker->loop);
}

static struct msgc__worker *of_deadline(struct msgc__timer *timer)
{
	return MSGC__CONTAINER_OF(timer, struct msgc__worker, drain_deadline);
}

static void stop_at_last(struct msgc__timer *timer)
{
	stop(of_deadline(timer));
}

/*
 * The drain's time is over. A client that does not answer our CLOSE frame is no failure; work that was accepted and not finished is. Links are
 * cut, so that every connection comes to its end and `disconnected` runs.
 */
static void cut(struct msgc__timer *timer)
{
	struct msgc__worker *worker = of_deadline(timer);
	unsigned holds = atomic_load(&worker->holds);

	worker->cut = true;
	if (holds > 0) {
		atomic_store(&worker->server->gave_up, true);
		msgc_log(worker->server, MSGC_LOG_ERROR, "server.gave_up",
		        "worker=%u unfinished=%u connections=%zu", worker->index, holds,
		        worker->connection_count);
	}
	msgc__frames_abandon(worker);
	for (struct msgc_connection *c = worker->connections, *next; c; c = next) {
		next = c->next;
		c->ops->abort(c->link);
	}
	timer->fire = stop_at_last;
	msgc__timer_arm(&worker->timers, timer, worker->now + CUT_GRACE_MS);
}

static void begin_drain(struct msgc__worker *worker)
{
	struct msgc_server *server = worker->server;

	worker->state = MSGC__WORKER_DRAINING;
	msgc_log(server, MSGC_LOG_INFO, "server.draining", "worker=%u connections=%zu",
	        worker->index, worker->connection_count);
	if (worker->index == 0)
		msgc__notify_stopping(server);
	server->transport->stop_accepting(worker->loop);
	for (struct msgc_connection *c = worker->connections, *next; c; c = next) {
		next = c->next;
		msgc__connection_drain(c);
	}
	worker->drain_deadline.fire = cut;
	msgc__timer_arm(&worker->timers, &worker->drain_deadline,
	        worker->now + worker->config->drain_timeout);
}

static int64_t sleep_for(const struct msgc__worker *worker)
{
	int64_t next = msgc__timers_next(&worker->timers);

	if (worker->ready || worker->output.dirty)
		return 0;
	if (next < 0)
		return -1;
	return next > worker->now ? next - worker->now : 0;
}

int64_t msgc__worker_turn(struct msgc__worker *worker)
{
	bool any = true;

	msgc__worker_reading(worker);
	if (worker->state == MSGC__WORKER_SERVING && atomic_load(&worker->server->stopping))
		begin_drain(worker);
	if (worker->state == MSGC__WORKER_SERVING)
		msgc__reload_look(worker);
	msgc__timers_run(&worker->timers, worker->now);
	for (int i = 0; any && i < ROUNDS_PER_TURN; i++) {
		any = open_mail(worker);
		any |= run_ready(worker);
	}
	wake_others(worker);
	flush(worker);
	worker->in_turn = false;
	wake_others(worker);
	msgc__metrics_settle(worker);
	if (worker->state == MSGC__WORKER_DRAINING && worker->connection_count == 0 &&
	        !worker->ready && (worker->cut || atomic_load(&worker->holds) == 0))
		stop(worker);
	return any ? 0 : sleep_for(worker);
}
