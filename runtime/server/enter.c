/* SPDX-License-Identifier: MIT */
/*
 * From a known user to an open connection: terms about the user, the object, terms about both, the client is told, groups are joined, the
 * connected hook runs. It must not know how the user was recognised.
 */
#include <stdlib.h>

#include "connection.h"
#include "container.h"
#include "presence.h"
#include "recover.h"
#include "standard.h"
#include "topic.h"
#include "worker.h"

enum { EXPIRY_LOOK_MS = 10 * 60 * 1000 };

static void go_on(struct msgc_connection *connection);

static void failed(
        struct msgc_connection *connection, const char *what, const char *name, int result)
{
	msgc_log(connection->worker->server, MSGC_LOG_ERROR, "connection.lookup",
	        "connection=%llu consumer=%s what=%s name=%s error=%s",
	        (unsigned long long)connection->id, connection->served->consumer->name, what, name,
	        msgc_error_name(result));
	msgc__authenticate_refuse(connection, 500, "Internal error.");
}

/* --------------------------------------------------------------------------------------------- terms */

static int call_term(struct msgc_lookup *lookup)
{
	const struct msgc__served *served = lookup->connection->served;

	return served->consumer->terms[lookup->term].ask(
	        served->handlers, lookup->connection->self, lookup, &lookup->ret.allowed);
}

static void term_answered(
        struct msgc_connection *connection, struct msgc_lookup *lookup, int result)
{
	const struct msgc_permit_term *term = &connection->served->consumer->terms[lookup->term];

	if (result == 0 || result == MSGC_EDENIED) {
		connection->terms[lookup->term] =
		        result == 0 && lookup->ret.allowed ? MSGC__TRUE : MSGC__FALSE;
		go_on(connection);
	} else {
		failed(connection, "permit", term->name, result);
	}
}

static void term_dropped(struct msgc_lookup *lookup, int result)
{
	(void)lookup;
	(void)result;
}

static void ask_term(struct msgc_connection *connection, unsigned term)
{
	struct msgc_lookup *lookup = msgc__lookup_new(connection);

	if (!lookup) {
		msgc__authenticate_refuse(connection, 500, "Internal error.");
		return;
	}
	lookup->term = term;
	lookup->call = call_term;
	lookup->answered = term_answered;
	lookup->dropped = term_dropped;
	msgc__lookup_start(lookup);
}

/* -------------------------------------------------------------------------------------------- object */

static int call_load(struct msgc_lookup *lookup)
{
	const struct msgc__served *served = lookup->connection->served;

	return served->consumer->object->load(
	        served->handlers, lookup->connection->self, lookup, &lookup->ret.object);
}

static void load_answered(
        struct msgc_connection *connection, struct msgc_lookup *lookup, int result)
{
	const struct msgc_object_type *object = connection->served->consumer->object;

	if (result == 0) {
		connection->object = lookup->ret.object;
		connection->has_object = true;
		connection->loaded = true;
		connection->bound = NULL;
		go_on(connection);
	} else if (result == MSGC_ENOTFOUND) {
		msgc__authenticate_refuse(connection, 404, "Not found.");
	} else if (result == MSGC_EDENIED) {
		msgc__authenticate_refuse(connection, 403, "Permission denied.");
	} else {
		failed(connection, "object", object->name, result);
	}
}

static void load_dropped(struct msgc_lookup *lookup, int result)
{
	const struct msgc__served *served = lookup->connection->served;

	if (result == 0 && served->consumer->object->release)
		served->consumer->object->release(served->handlers, lookup->ret.object);
}

static void load(struct msgc_connection *connection)
{
	struct msgc_lookup *lookup = msgc__lookup_new(connection);

	if (!lookup) {
		msgc__authenticate_refuse(connection, 500, "Internal error.");
		return;
	}
	lookup->call = call_load;
	lookup->answered = load_answered;
	lookup->dropped = load_dropped;
	msgc__lookup_start(lookup);
}

/* ------------------------------------------------------------------------------------------ entering */

static void expire(struct msgc__timer *timer);

void msgc__enter_watch_expiry(struct msgc_connection *connection)
{
	struct msgc__worker *worker = connection->worker;
	int64_t at = connection->expires_at;
	int64_t left = at - msgc__server_unix_seconds(worker->server);

	if (at == 0) {
		msgc__timer_cancel(&worker->timers, &connection->expiry);
		return;
	}
	/* The wall clock may be set meanwhile: it is looked at again now and then. */
	left = left > EXPIRY_LOOK_MS / 1000 ? EXPIRY_LOOK_MS : left * 1000;
	connection->expiry.fire = expire;
	msgc__timer_arm(&worker->timers, &connection->expiry, worker->now + (left > 0 ? left : 0));
}

static void expire(struct msgc__timer *timer)
{
	struct msgc_connection *connection =
	        MSGC__CONTAINER_OF(timer, struct msgc_connection, expiry);

	if (connection->expires_at <= msgc__server_unix_seconds(connection->worker->server))
		msgc__connection_end(connection, 4410, "credentials have expired");
	else
		msgc__enter_watch_expiry(connection);
}

static void tell_authenticated(struct msgc_connection *connection)
{
	struct msgc__worker *worker = connection->worker;
	int result;

	if (connection->served->consumer->speech.std_off)
		return;
	result = msgc__standard_authentication(
	        &worker->text, connection->served->consumer, 200, "OK");

	msgc__counter_add(&msgc__connection_metrics(connection)->entries[MSGC__ENTRY_OK], 1);
	if (result == 0)
		msgc__connection_put(connection, msgc_buf_str(&worker->text), msgc_str_of(NULL, 0));
	else
		msgc__connection_no_memory(connection);
}

/* Nothing tells a client later that it is no longer welcome in a group that it never came into. */
static void not_joined(struct msgc_connection *connection, int result)
{
	msgc_log(connection->worker->server, MSGC_LOG_ERROR, "connection.join",
	        "connection=%llu consumer=%s error=%s", (unsigned long long)connection->id,
	        connection->served->consumer->name, msgc_error_name(result));
	msgc__connection_end(connection, 1011, "groups could not be joined");
}

static void allowed(struct msgc_connection *connection)
{
	const struct msgc_consumer *consumer = connection->served->consumer;
	int result = 0;

	free(connection->terms);
	connection->terms = NULL;
	tell_authenticated(connection);
	if (connection->state >= MSGC__CLOSING)
		return;
	connection->state = MSGC__JOINING;
	msgc__enter_watch_expiry(connection);
	if (consumer->topic) {
		result = msgc__topic_enter(connection);
	} else if (consumer->joins) {
		msgc__connection_bind(connection, &connection->arena);
		result = consumer->joins(connection->self);
	}
	if (result < 0)
		not_joined(connection, result);
	else if (connection->joining == 0 && msgc__recover(connection) &&
	        msgc__presence_begin(connection))
		msgc__enter_joined(connection);
}

void msgc__enter_joined(struct msgc_connection *connection)
{
	const struct msgc__served *served = connection->served;
	struct msgc__frame *frame, *before;
	int result = connection->join_result;

	connection->join_result = 0;
	if (connection->state >= MSGC__CLOSING)
		return; /* it could not be told what it had missed, or who is there */
	if (result < 0) {
		not_joined(connection, result);
		return;
	}
	frame = msgc__frame_new(connection, MSGC__FRAME_CONNECTED);
	if (!frame) {
		msgc__connection_no_memory(connection);
		return;
	}
	connection->state = MSGC__CONNECTING;
	connection->connected = true;
	connection->in_hand = frame;
	if (connection->own_topic) {
		connection->own_topic->owed = true;
		frame->subscription = msgc__subscription_keep(connection->own_topic);
		frame->topic =
		        msgc_str_of(connection->own_topic->name, connection->own_topic->name_len);
	}
	msgc__metrics_began(frame);
	before = msgc__frame_enter(frame);
	result = served->consumer->connected(served->handlers, connection->self, &frame->reply);
	msgc__frame_leave(frame, before);
	msgc__frame_returned(frame, result);
}

void msgc__enter_connected(struct msgc_connection *connection, int result)
{
	if (result >= 0)
		connection->state = MSGC__OPEN;
	else if (result == MSGC_EREFUSED || result == MSGC_EDENIED)
		msgc__connection_end(connection, 4403, "refused");
	else if (result == MSGC_EBUSY)
		msgc__connection_end(connection, 1013, "busy");
	else
		msgc__connection_end(connection, 1011, "the connected hook failed");
}

/* What is known decides, or says what to ask next. */
static void go_on(struct msgc_connection *connection)
{
	const struct msgc_consumer *consumer = connection->served->consumer;
	bool with_object = connection->loaded || !consumer->object;
	enum msgc__truth truth;
	int next;

	truth = msgc__permit_eval(consumer, connection->terms,
	        !msgc_user_is_anonymous(&connection->user->is), with_object, &next);
	if (truth == MSGC__FALSE) {
		msgc__authenticate_refuse(connection, 403, "Permission denied.");
		return;
	}
	msgc__connection_bind(connection, &connection->arena);
	if (truth == MSGC__UNKNOWN && next >= 0)
		ask_term(connection, (unsigned)next);
	else if (consumer->object && !connection->loaded)
		load(connection);
	else if (truth == MSGC__TRUE)
		allowed(connection);
	else
		failed(connection, "permit", "?", MSGC_EINTERNAL);
}

void msgc__enter_begin(struct msgc_connection *connection)
{
	const struct msgc_consumer *consumer = connection->served->consumer;

	connection->state = MSGC__PERMITTING;
	if (consumer->term_count > 0) {
		connection->terms = malloc(consumer->term_count * sizeof connection->terms[0]);
		if (!connection->terms) {
			msgc__authenticate_refuse(connection, 500, "Internal error.");
			return;
		}
		for (size_t i = 0; i < consumer->term_count; i++)
			connection->terms[i] = MSGC__UNKNOWN;
	}
	go_on(connection);
}
