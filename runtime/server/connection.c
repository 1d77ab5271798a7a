/* SPDX-License-Identifier: MIT */
/*
 * A connection's life: its memory, what the worker does for it at the end of a turn, and its end, in which `disconnected` runs exactly once.
 * It must not know what frames say, nor how they are written.
 */
#include "connection.h"
#include "container.h"

#include <stdlib.h>
#include <string.h>

#include "addresses.h"
#include "question.h"
#include "presence.h"
#include "recover.h"
#include "standard.h"
#include "topic.h"
#include "worker.h"

enum { ITEMS_PER_RUN = 32, REASON_MAX = 123 };

/* -------------------------------------------------------------------------------------------- memory */

struct msgc_connection *msgc__connection_keep(struct msgc_connection *connection)
{
	connection->refs++;
	return connection;
}

static void release(struct msgc_connection *connection)
{
	const struct msgc__served *served = connection->served;
	const struct msgc_object_type *object = served->consumer->object;

	msgc__inbox_clear(connection);
	msgc__questions_free(connection);
	msgc__outbox_clear(&connection->worker->output, &connection->outbox);
	while (connection->subscriptions)
		msgc__subscription_leave(connection->subscriptions);
	msgc__subscription_drop(connection->own_topic);
	msgc__spent_free(connection);
	if (connection->has_object && object->release)
		object->release(served->handlers, connection->object);
	msgc__user_unref(connection->user);
	msgc__credentials_free(connection->credentials);
	free(connection->wish);
	msgc_arena_free(&connection->arena);
	free(connection->terms);
	free(connection->rates);
	free(connection->close_reason);
	free(connection);
}

void msgc__connection_drop(struct msgc_connection *connection)
{
	if (--connection->refs == 0)
		release(connection);
}

void msgc__connection_bind(struct msgc_connection *connection, struct msgc_arena *arena)
{
	struct msgc_context context;

	if (connection->bound == arena)
		return;
	context = (struct msgc_context){
	        .connection = connection,
	        .subscription = connection->own_topic,
	        .server = connection->worker->server,
	        .sender = &connection->sender,
	        .user = connection->user ? &connection->user->is : NULL,
	        .arena = arena,
	        .app = connection->served->app,
	        .object = connection->object,
	};
	connection->served->consumer->bind(connection->self, &context);
	connection->bound = arena;
	if (connection->own_topic)
		connection->own_topic->bound = NULL;
}

/* -------------------------------------------------------------------------------------- end of a turn */

void msgc__connection_make_ready(struct msgc_connection *connection)
{
	struct msgc__worker *worker = connection->worker;

	if (connection->is_ready)
		return;
	connection->is_ready = true;
	connection->next_ready = NULL;
	*worker->ready_end = msgc__connection_keep(connection);
	worker->ready_end = &connection->next_ready;
}

static void run_disconnected(struct msgc_connection *connection)
{
	const struct msgc__served *served = connection->served;
	struct msgc__frame *frame, *before;

	connection->connected = false;
	msgc__topics_end(connection);
	if (connection->worker->state == MSGC__WORKER_STOPPED)
		return; /* the program's own end has begun */
	if (served->consumer->topic)
		return; /* its hooks are the subscription's */
	frame = msgc__frame_new(connection, MSGC__FRAME_DISCONNECTED);
	if (!frame) {
		/* Without memory to stage in, the hook still runs; what it broadcasts takes effect at once. */
		msgc__connection_bind(connection, &connection->arena);
		served->consumer->disconnected(
		        served->handlers, connection->self, connection->close_code);
		return;
	}
	msgc__metrics_began(frame);
	before = msgc__frame_enter(frame);
	served->consumer->disconnected(served->handlers, connection->self, connection->close_code);
	msgc__frame_leave(frame, before);
	msgc__frame_finish(frame, 0);
}

static void run_items(struct msgc_connection *connection)
{
	for (int i = 0; i < ITEMS_PER_RUN; i++) {
		struct msgc__item *item;

		if (connection->state != MSGC__OPEN || connection->in_hand)
			return;
		item = msgc__inbox_take(connection);
		if (!item)
			return;
		if (item->delivery)
			msgc__dispatch_event(connection, item);
		else
			msgc__dispatch_frame(connection, item->text, item->len, item);
	}
	msgc__connection_make_ready(connection);
}

void msgc__connection_run(struct msgc_connection *connection)
{
	connection->is_ready = false;
	if (connection->state >= MSGC__CLOSING)
		msgc__group_leave_all(connection);
	if (connection->state == MSGC__AWAITING_TOKEN) {
		struct msgc__item *item = msgc__inbox_take(connection);

		if (item)
			msgc__authenticate_frame(connection, item);
	} else if (connection->state == MSGC__JOINING && connection->joining == 0) {
		if (connection->join_result < 0 ||
		        (msgc__recover(connection) && msgc__presence_begin(connection)))
			msgc__enter_joined(connection);
	} else if (connection->in_hand && connection->in_hand->awaits_joins) {
		if (connection->in_hand->kind == MSGC__FRAME_SUBSCRIBE)
			msgc__subscribe_joined(connection->in_hand);
		else
			msgc__frame_continue(connection->in_hand);
	}
	msgc__questions_run(connection);
	if (connection->seats > 0 && connection->state > MSGC__JOINING && !connection->in_hand)
		(void)msgc__presence_begin(connection);
	if (connection->state > MSGC__JOINING && connection->recovering > 0)
		(void)msgc__recover(connection);
	run_items(connection);
	if (connection->draining && !connection->in_hand && !connection->inbox.first)
		msgc__connection_end(connection, 1001, "the server goes down");
	if (connection->state == MSGC__GONE && connection->connected && !connection->in_hand &&
	        !connection->questions)
		run_disconnected(connection);
}

void msgc__connection_frame_left(
        struct msgc_connection *connection, struct msgc__frame *frame, int result)
{
	if (connection->in_hand != frame)
		return;
	connection->in_hand = NULL;
	msgc__questions_forget(connection, frame);
	if (frame->kind == MSGC__FRAME_CONNECTED && connection->state == MSGC__CONNECTING)
		msgc__enter_connected(connection, result);
	if (connection->inbox.first || connection->questions || connection->draining ||
	        connection->seats > 0 || connection->state >= MSGC__CLOSING)
		msgc__connection_make_ready(connection);
}

/* ----------------------------------------------------------------------------------------------- end */

/* Nothing of it goes on but the frame in hand. */
static void halt(struct msgc_connection *connection)
{
	struct msgc__timers *timers = &connection->worker->timers;

	msgc__lookup_abandon(connection->lookup);
	msgc__timer_cancel(timers, &connection->deadline);
	msgc__timer_cancel(timers, &connection->expiry);
	msgc__questions_end(connection, MSGC_EGONE);
	msgc__inbox_clear(connection);
}

static void close_in_vain(struct msgc__timer *timer)
{
	struct msgc_connection *connection =
	        MSGC__CONTAINER_OF(timer, struct msgc_connection, deadline);

	connection->ops->abort(connection->link);
}

void msgc__connection_end(struct msgc_connection *connection, uint16_t code, const char *reason)
{
	struct msgc__worker *worker = connection->worker;

	if (connection->state >= MSGC__CLOSING)
		return;
	halt(connection);
	connection->state = MSGC__CLOSING;
	connection->close_code = code;
	if (reason) {
		size_t len = msgc_utf8_cut(reason, strlen(reason), REASON_MAX);

		connection->close_reason = strndup(reason, len); /* without memory: no reason */
	}
	connection->deadline.fire = close_in_vain;
	msgc__timer_arm(&worker->timers, &connection->deadline,
	        worker->now + worker->config->close_timeout);
	msgc__connection_make_dirty(connection);
	msgc__connection_make_ready(connection);
}

void msgc__connection_no_memory(struct msgc_connection *connection)
{
	struct msgc__metrics *metrics = &connection->worker->metrics;

	msgc__counter_add(&metrics->short_of_memory[MSGC__SHORT_CONNECTION], 1);
	msgc__connection_end(connection, 1013, "out of memory");
}

struct msgc__consumer_metrics *msgc__connection_metrics(const struct msgc_connection *connection)
{
	return &connection->worker->metrics.consumers[connection->served->index];
}

struct msgc__consumer_metrics *msgc__frame_metrics(const struct msgc__frame *frame)
{
	return &frame->worker->metrics.consumers[msgc__frame_served(frame)->index];
}

void msgc__connection_forget(struct msgc_server *server, const char *address)
{
	atomic_fetch_sub(&server->connections, 1);
	msgc__addresses_leave(server->addresses, address);
}

void msgc__connection_closed(struct msgc_connection *connection, uint16_t code)
{
	struct msgc__worker *worker = connection->worker;

	msgc__worker_enter(worker);
	connection->ops = NULL;
	connection->link = NULL;
	halt(connection);
	if (connection->close_code == 0)
		connection->close_code = code;
	connection->state = MSGC__GONE;
	msgc__outbox_clear(&worker->output, &connection->outbox);
	msgc__group_leave_all(connection);
	*connection->prev = connection->next;
	if (connection->next)
		connection->next->prev = connection->prev;
	worker->connection_count--;
	msgc__directory_remove(&worker->directory, connection);
	msgc__reach_remove(&worker->reach, connection);
	msgc__counter_add(&msgc__connection_metrics(connection)
	                           ->closed[msgc__metrics_close(connection->close_code)],
	        1);
	msgc__connection_forget(worker->server, connection->address);
	msgc_log(worker->server, MSGC_LOG_INFO, "connection.closed",
	        "connection=%llu consumer=%s code=%u", (unsigned long long)connection->id,
	        connection->served->consumer->name, connection->close_code);
	if (connection->connected)
		msgc__connection_make_ready(connection);
	msgc__connection_drop(connection);
}

void msgc__admission_drop(struct msgc__admission *admission)
{
	struct msgc_connection *connection = admission->connection;

	msgc__connection_forget(connection->worker->server, connection->address);
	msgc__connection_drop(connection);
}

void msgc__connection_drain(struct msgc_connection *connection)
{
	struct msgc__worker *worker = connection->worker;
	int64_t most = worker->config->reconnect_hint;
	int64_t wait = most > 0 ? (int64_t)(msgc__random() % (uint64_t)most) : 0;

	if (connection->draining || connection->state >= MSGC__CLOSING)
		return;
	connection->draining = true;
	msgc__questions_end(connection, MSGC_EGONE); /* no frame is taken any more */
	if (!connection->served->consumer->speech.std_off &&
	        msgc__standard_draining(&worker->text, connection->served->consumer, wait) == 0)
		msgc__connection_put(connection, msgc_buf_str(&worker->text), msgc_str_of(NULL, 0));
	if (connection->state < MSGC__CONNECTING)
		msgc__connection_end(connection, 1001, "the server goes down");
	else
		msgc__connection_make_ready(connection);
}

/* ------------------------------------------------------------------------------------------- public */

uint64_t msgc_connection_id(const struct msgc_connection *connection)
{
	return connection->id;
}

const char *msgc_connection_address(const struct msgc_connection *connection)
{
	return connection->address;
}

struct msgc_str msgc_connection_ref(const struct msgc_connection *connection)
{
	const struct msgc__frame *frame = msgc__frame_current();

	if (!frame || frame->connection != connection || !frame->ref.ptr)
		return msgc_str_of("", 0);
	return frame->ref;
}

/* RFC 6455 section 7.4: what may stand in a CLOSE frame. */
bool msgc__is_close_code(uint16_t code)
{
	return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
	        (code >= 3000 && code <= 4999);
}

void msgc_connection_close(struct msgc_connection *connection, uint16_t code, const char *reason)
{
	struct msgc__frame *frame = msgc__frame_current();

	if (!msgc__is_close_code(code))
		code = 1000;
	if (reason && !msgc_utf8_valid(reason, strlen(reason)))
		reason = NULL;
	if (!frame || msgc__stage_close(frame, connection, code, reason) < 0)
		msgc__connection_end(connection, code, reason);
}

int msgc_connection_send(
        struct msgc_connection *connection, const struct msgc_message *type, const void *message)
{
	struct msgc__frame *frame = msgc__frame_current();
	struct msgc__worker *worker = connection->worker;
	const struct msgc__address no_address = {{NULL, 0}, {NULL, 0}};
	struct msgc_str body, face = {NULL, 0};
	int result;

	if (connection->state >= MSGC__CLOSING)
		return MSGC_EGONE;
	if (frame)
		return msgc__stage_send(frame, connection, NULL, type, message);
	msgc_buf_reset(&worker->text);
	if (msgc__standard_is(type))
		result = msgc__standard_plain(
		        &worker->text, connection->served->consumer, type, no_address);
	else
		result = msgc__encode(worker->server, type, message, &worker->text);
	if (result < 0)
		return result;
	body = msgc_buf_str(&worker->text);
	if (type->kind == MSGC_MESSAGE_GROUP && *body.ptr == '{') {
		face = msgc__face_tail(connection->served, false, false);
		body.len--;
	}
	msgc__connection_put(connection, body, face);
	return connection->state >= MSGC__CLOSING ? MSGC_EGONE : 0;
}
