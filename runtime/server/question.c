/* SPDX-License-Identifier: MIT */
/*
 * Asking, and the end of what is not answered: time, the connection's end, a handler that fails after it has asked. It must not know how
 * answers are recognised.
 */
#include "question.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <msgc/type.h>

#include "connection.h"
#include "container.h"
#include "standard.h"
#include "topic.h"
#include "worker.h"

enum { SALT_BITS = 48 };

/* ---------------------------------------------------------------------------------------------- refs */

/* The largest number that a ref of this type can be, and that a JavaScript number holds. */
static uint64_t largest(const struct msgc_type *type)
{
	switch (type->kind) {
	case MSGC_KIND_INT8: return INT8_MAX;
	case MSGC_KIND_INT16: return INT16_MAX;
	case MSGC_KIND_INT32: return INT32_MAX;
	case MSGC_KIND_UINT8: return UINT8_MAX;
	case MSGC_KIND_UINT16: return UINT16_MAX;
	case MSGC_KIND_UINT32: return UINT32_MAX;
	default: return (UINT64_C(1) << 53) - 1;
	}
}

static bool is_in_use(const struct msgc_connection *connection, const struct msgc__question *but)
{
	for (const struct msgc__question *q = connection->questions; q; q = q->next) {
		if (q != but && msgc_str_equal(q->ref, but->ref))
			return true;
	}
	return false;
}

/*
 * Whose ref one is, is said by the message: the compiler sees to it that answers have other tags than what clients send by themselves. Beside
 * that clients count from 1 or take UUIDs, so that in logs, too, none is taken for another: texts begin with q, integers are of the upper half.
 */
static void write_ref(struct msgc__question *question)
{
	struct msgc_connection *connection = question->connection;
	const struct msgc_type *type = connection->served->consumer->envelope.ref_type;
	uint64_t most = type ? largest(type) : 0, half = most / 2;
	int len;

	if (connection->question_salt == 0)
		connection->question_salt = msgc__random() >> (64 - SALT_BITS) | 1;
	connection->question_number++;
	if (type)
		len = snprintf(question->text, sizeof question->text, "%" PRIu64,
		        most -
		                (connection->question_salt + connection->question_number) %
		                        (most - half));
	else
		len = snprintf(question->text, sizeof question->text, "q%012" PRIx64 "-%" PRIu32,
		        connection->question_salt, connection->question_number);
	question->ref = msgc_str_of(question->text, (size_t)len);
}

/* False: all refs that the type has are in use. */
static bool make_ref(struct msgc__question *question)
{
	const struct msgc_connection *connection = question->connection;

	for (unsigned tries = 0; tries <= connection->question_count; tries++) {
		write_ref(question);
		if (!is_in_use(connection, question))
			return true;
	}
	return false;
}

/* ---------------------------------------------------------------------------------------------- life */

static const struct msgc__served *served_of(
        const struct msgc_connection *connection, const struct msgc_subscription *subscription)
{
	return subscription ? subscription->served : connection->served;
}

static void count(const struct msgc_connection *connection,
        const struct msgc_subscription *subscription, enum msgc__question_result result)
{
	size_t index = served_of(connection, subscription)->index;

	msgc__counter_add(&connection->worker->metrics.consumers[index].questions[result], 1);
}

static void add(struct msgc__question *question)
{
	struct msgc_connection *connection = question->connection;
	struct msgc__question **end = &connection->questions;

	while (*end)
		end = &(*end)->next;
	question->prev = end;
	*end = question;
	connection->question_count++;
	msgc__counter_add(&connection->worker->metrics.questions, 1);
}

static void remove_from(struct msgc__question *question)
{
	struct msgc_connection *connection = question->connection;

	if (!question->prev)
		return;
	*question->prev = question->next;
	if (question->next)
		question->next->prev = question->prev;
	question->prev = NULL;
	connection->question_count--;
	msgc__counter_add(&connection->worker->metrics.questions, (uint64_t)-1);
}

void msgc__question_free(struct msgc__question *question)
{
	if (!question)
		return;
	msgc__timer_cancel(&question->connection->worker->timers, &question->deadline);
	if (question->staged)
		question->staged->question = NULL;
	remove_from(question);
	msgc__subscription_drop(question->subscription);
	free(question);
}

void msgc__questions_free(struct msgc_connection *connection)
{
	while (connection->questions)
		msgc__question_free(connection->questions);
}

void msgc__question_take(struct msgc__question *question, struct msgc__frame *frame)
{
	msgc__timer_cancel(&question->connection->worker->timers, &question->deadline);
	if (question->staged)
		question->staged->question = NULL;
	question->staged = NULL;
	remove_from(question);
	frame->kind = MSGC__FRAME_ANSWER;
	frame->question = question;
	frame->message = question->ask->question;
	frame->in = question->outcome;
	frame->handler = (unsigned)(question->ask -
	        served_of(question->connection, question->subscription)->consumer->asks);
	if (question->subscription && !frame->subscription)
		frame->subscription = msgc__subscription_keep(question->subscription);
}

/* -------------------------------------------------------------------------------------------- asking */

static int refuse_to_ask(
        const struct msgc_connection *connection, const struct msgc_subscription *subscription)
{
	const struct msgc__config *config = connection->worker->config;

	if (connection->state >= MSGC__CLOSING || connection->draining ||
	        (subscription && subscription->state == MSGC__UNSUBSCRIBED))
		return MSGC_EGONE;
	if (connection->state < MSGC__CONNECTING)
		return MSGC_EINVAL;
	if (connection->question_count < (unsigned)config->pending_questions)
		return 0;
	count(connection, subscription, MSGC__QUESTION_FULL);
	return MSGC_EBUSY;
}

static struct msgc__question *new_question(struct msgc_connection *connection,
        struct msgc_subscription *subscription, const struct msgc_ask *ask)
{
	const struct msgc__interceptor *interceptor = connection->worker->server->interceptor;
	struct msgc__question *question = calloc(1, sizeof *question + ask->size);

	if (!question)
		return NULL;
	question->connection = connection;
	question->subscription = subscription ? msgc__subscription_keep(subscription) : NULL;
	question->ask = interceptor
	        ? interceptor->ask(subscription ? subscription->served : connection->served, ask)
	        : ask;
	question->asker = connection->in_hand;
	return question;
}

void msgc__question_put(const struct msgc__question *question, struct msgc_str body)
{
	const struct msgc_subscription *on = question->subscription;
	struct msgc__address address = {.ref = question->ref};

	if (on)
		address.topic = msgc_str_of(on->name, on->name_len);
	msgc__message_put(question->connection, question->ask->question, body, address);
}

static int send_now(struct msgc__question *question, const void *message)
{
	struct msgc_connection *connection = question->connection;
	const struct msgc_message *type = question->ask->question;
	struct msgc_buf text = {0};
	int result = msgc__encode(connection->worker->server, type, message, &text);

	if (result == 0) {
		msgc__question_put(question, msgc_buf_str(&text));
		if (connection->state >= MSGC__CLOSING)
			result = MSGC_EGONE;
		else
			msgc__question_sent(question);
	}
	msgc_buf_free(&text);
	return result;
}

static int ask(struct msgc__question *question, const void *message)
{
	struct msgc__frame *frame = msgc__frame_current();
	int result;

	if (!make_ref(question))
		result = MSGC_EBUSY;
	else if (frame)
		result = msgc__stage_ask(frame, question, message);
	else if (question->subscription && question->subscription->state != MSGC__FOLLOWING)
		result = MSGC_EGONE;
	else
		result = send_now(question, message);
	if (result < 0)
		msgc__question_free(question);
	else
		add(question);
	return result;
}

static int ask_on(struct msgc_connection *connection, struct msgc_subscription *subscription,
        const struct msgc_ask *type, const void *message, int64_t timeout_ms,
        msgc_answered_fn *answered, void *arg)
{
	struct msgc__question *question;
	int result = refuse_to_ask(connection, subscription);

	if (!answered || timeout_ms < 0)
		return MSGC_EINVAL;
	if (result < 0)
		return result;
	question = new_question(connection, subscription, type);
	if (!question)
		return MSGC_ENOMEM;
	question->answered = answered;
	question->arg = arg;
	question->timeout =
	        timeout_ms > 0 ? timeout_ms : connection->worker->config->question_timeout;
	return ask(question, message);
}

int msgc_connection_ask(struct msgc_connection *connection, const struct msgc_ask *type,
        const void *message, int64_t timeout_ms, msgc_answered_fn *answered, void *arg)
{
	return ask_on(connection, NULL, type, message, timeout_ms, answered, arg);
}

int msgc_subscription_ask(struct msgc_subscription *subscription, const struct msgc_ask *type,
        const void *message, int64_t timeout_ms, msgc_answered_fn *answered, void *arg)
{
	return ask_on(
	        subscription->connection, subscription, type, message, timeout_ms, answered, arg);
}

/* ----------------------------------------------------------------------------------------- no answer */

static void too_late(struct msgc__timer *timer)
{
	struct msgc__question *question =
	        MSGC__CONTAINER_OF(timer, struct msgc__question, deadline);

	msgc__question_end(question, question->misanswered ? MSGC_ECONTRACT : MSGC_ETIMEOUT);
}

void msgc__question_sent(struct msgc__question *question)
{
	struct msgc__worker *worker = question->connection->worker;
	int64_t due;

	question->staged = NULL;
	if (question->ended)
		return;
	if (__builtin_add_overflow(worker->now, question->timeout, &due))
		due = INT64_MAX;
	question->deadline.fire = too_late;
	msgc__timer_arm(&worker->timers, &question->deadline, due);
}

static enum msgc__question_result result_of(int result)
{
	switch (result) {
	case MSGC_ETIMEOUT: return MSGC__QUESTION_TIMEOUT;
	case MSGC_ECONTRACT: return MSGC__QUESTION_MISANSWERED;
	case MSGC_EREFUSED: return MSGC__QUESTION_DROPPED;
	default: return MSGC__QUESTION_GONE;
	}
}

void msgc__question_end(struct msgc__question *question, int result)
{
	if (question->ended)
		return;
	question->ended = true;
	question->result = result;
	msgc__timer_cancel(&question->connection->worker->timers, &question->deadline);
	count(question->connection, question->subscription, result_of(result));
	msgc__connection_make_ready(question->connection);
}

void msgc__questions_end(struct msgc_connection *connection, int result)
{
	for (struct msgc__question *q = connection->questions; q; q = q->next)
		msgc__question_end(q, result);
}

void msgc__questions_forget(struct msgc_connection *connection, const struct msgc__frame *asker)
{
	for (struct msgc__question *q = connection->questions; q; q = q->next) {
		if (q->asker == asker)
			q->asker = NULL;
	}
}

/* The first that has ended and need not wait. */
static struct msgc__question *next_ended(const struct msgc_connection *connection)
{
	struct msgc__question *q = connection->questions;

	while (q && !(q->ended && (!connection->in_hand || connection->in_hand == q->asker)))
		q = q->next;
	return q;
}

/* A subscription's struct stays as long as somebody keeps it, whether it is followed or not. */
static int call(const struct msgc__question *question)
{
	void *self =
	        question->subscription ? question->subscription->self : question->connection->self;

	return question->ask->call(self, (void *)(uintptr_t)question->outcome, question->result, 0,
	        question->answered, question->arg);
}

/* Without memory to stage in, the program is told all the same; what it broadcasts takes effect at once. */
static void tell_plainly(struct msgc__question *question)
{
	struct msgc_connection *connection = question->connection;

	remove_from(question);
	if (question->subscription)
		msgc__subscription_bind(question->subscription, &question->subscription->arena);
	else
		msgc__connection_bind(connection, &connection->arena);
	(void)call(question);
	msgc__question_free(question);
}

static void tell(struct msgc__question *question)
{
	struct msgc_connection *connection = question->connection;
	struct msgc__frame *frame = msgc__frame_new(connection, MSGC__FRAME_ANSWER), *before;
	int result;

	if (!frame) {
		tell_plainly(question);
		return;
	}
	msgc__question_take(question, frame);
	if (!connection->in_hand)
		connection->in_hand = frame;
	msgc__metrics_began(frame);
	before = msgc__frame_enter(frame);
	result = call(question);
	msgc__frame_leave(frame, before);
	msgc__frame_returned(frame, result);
}

static struct msgc__question *first_of(const struct msgc_subscription *subscription)
{
	struct msgc__question *q = subscription->connection->questions;

	while (q && q->subscription != subscription)
		q = q->next;
	return q;
}

void msgc__questions_leave(struct msgc_subscription *subscription)
{
	struct msgc__question *question;

	while ((question = first_of(subscription)) != NULL) {
		msgc__question_end(question, MSGC_EGONE);
		if (subscription->connection->worker->state == MSGC__WORKER_STOPPED)
			msgc__question_free(question); /* no code of the program runs any more */
		else
			tell(question);
	}
}

void msgc__questions_run(struct msgc_connection *connection)
{
	struct msgc__question *question;

	if (!connection->questions)
		return;
	if (connection->worker->state == MSGC__WORKER_STOPPED) {
		msgc__questions_free(connection); /* no code of the program runs any more */
		return;
	}
	while ((question = next_ended(connection)) != NULL)
		tell(question);
}
