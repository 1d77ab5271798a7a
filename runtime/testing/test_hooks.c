/* SPDX-License-Identifier: MIT */
/*
 * Between the server and the program's functions: copies of the consumers' tables whose functions ask the stand-ins first. Handlers that are
 * delayed are called later; look-ups are elsewhere (test_lookups.c). It must not know what a test has ordered.
 */
#include <stdlib.h>
#include <string.h>

#include "../server/connection.h"
#include "../server/container.h"
#include "../server/lookup.h"
#include "../server/question.h"
#include "../server/topic.h"
#include "../server/worker.h"
#include "stand_in.h"
#include "test_hooks.h"

/* A topic's frames are its own. */
static const struct msgc__served *served_in(const struct msgc__frame *frame)
{
	return frame->subscription ? frame->subscription->served : frame->connection->served;
}

/* ---- handlers */

static const struct msgc_action *real_action(const struct msgc__frame *frame)
{
	return &msgc__test_hooks_of(served_in(frame))->real->actions[frame->handler];
}

static const struct msgc_event *real_event(const struct msgc__frame *frame)
{
	return &msgc__test_hooks_of(served_in(frame))->real->events[frame->handler];
}

/* Of a question: what its function would have been called with. */
struct answer {
	void *outcome;
	int result;
	unsigned which;
	msgc_answered_fn *answered;
	void *arg;
};

static const struct msgc__question *question_of(void *outcome)
{
	return MSGC__CONTAINER_OF(outcome, struct msgc__question, outcome);
}

static int hear_real(void *self, const struct answer *answer)
{
	const struct msgc__question *question = question_of(answer->outcome);
	const struct msgc__test_hooks *hooks =
	        msgc__test_hooks_of(question->subscription ? question->subscription->served
	                                                   : question->connection->served);

	return hooks->real->asks[question->ask - hooks->asks].call(self, answer->outcome,
	        answer->result, answer->which, answer->answered, answer->arg);
}

/* `answer`: of a question, else NULL. */
static int call_real(const void *handlers, void *self, const void *in, struct msgc_reply *reply,
        const struct answer *answer)
{
	const struct msgc__frame *frame = reply->frame;
	const struct msgc__test_hooks *hooks = msgc__test_hooks_of(served_in(frame));

	switch (frame->kind) {
	case MSGC__FRAME_EVENT: return real_event(frame)->handle(handlers, self, in, reply);
	case MSGC__FRAME_CONNECTED:
	case MSGC__FRAME_SUBSCRIBE: return hooks->real->connected(handlers, self, reply);
	case MSGC__FRAME_ANSWER: return hear_real(self, answer);
	default: return real_action(frame)->handle(handlers, self, in, reply);
	}
}

/* What is called later. */
struct delayed {
	struct msgc_pending_type type;
	struct msgc_pending *pending;
	const void *in;
	struct answer answer;
};

static int handle_delayed(void *typed, void *self, struct msgc_reply *reply)
{
	struct delayed *delayed = typed;
	const struct msgc__served *served = served_in(reply->frame);
	int result;

	if (!self)
		return MSGC_EGONE; /* there is nobody to handle it for */
	result = call_real(served->handlers, self, delayed->in, reply, &delayed->answer);
	return result > 0 ? MSGC_EINTERNAL : result; /* later and later again: not with a delay */
}

static void finish_handler(void *arg)
{
	msgc_pending_finish(arg, 0);
}

static int delay_handler(struct msgc__frame *frame, int64_t ms, const struct answer *answer)
{
	/* The type is looked at until the frame has ended: in the arena of its frame. */
	struct msgc_pending_type *type = msgc_arena_calloc(&frame->arena, 1, sizeof(*type));
	struct msgc_pending *pending;
	struct delayed *delayed;
	const void *in;
	void *typed;
	int result;

	if (!type)
		return MSGC_ENOMEM;
	*type = (struct msgc_pending_type){
	        .size = sizeof(*delayed), .message = frame->message, .done = handle_delayed};
	result = msgc_pending_new(frame->connection, type, &typed, &in, &pending);
	if (result < 0)
		return result;
	delayed = typed;
	delayed->in = in;
	if (answer)
		delayed->answer = *answer;
	result = msgc_pending_defer(pending);
	if (!msgc__test_after(frame->worker->server, ms, finish_handler, NULL, pending))
		msgc__test_fail("no memory");
	return result;
}

static const char *handler_name(const struct msgc__frame *frame)
{
	const char *name = frame->kind == MSGC__FRAME_EVENT ? real_event(frame)->handler
	                                                    : real_action(frame)->handler;

	return name ? name : frame->message->name;
}

static int call_or_delay(struct msgc__frame *frame, const struct msgc__test_order *order,
        const void *handlers, void *self, const void *in, const struct answer *answer)
{
	if (order->result < 0)
		return order->result;
	if (order->delay_ms > 0)
		return delay_handler(frame, order->delay_ms, answer);
	return call_real(handlers, self, in, &frame->reply, answer);
}

static int handle(const void *handlers, void *self, const void *in, struct msgc_reply *reply)
{
	struct msgc__frame *frame = reply->frame;
	const struct msgc__test_hooks *hooks = msgc__test_hooks_of(served_in(frame));
	struct msgc__test_order order = msgc__test_called(
	        hooks->all, hooks->real->name, handler_name(frame), frame->message, in);

	return call_or_delay(frame, &order, handlers, self, in, NULL);
}

static int connected(const void *handlers, void *self, struct msgc_reply *reply)
{
	struct msgc__frame *frame = reply->frame;
	const struct msgc__test_hooks *hooks = msgc__test_hooks_of(served_in(frame));
	struct msgc__test_order order = msgc__test_called(hooks->all, hooks->real->name,
	        frame->subscription ? "subscribed" : "connected", NULL, NULL);

	return call_or_delay(frame, &order, handlers, self, NULL, NULL);
}

/* ---- hooks that know neither their frame nor their server: found by the program's handlers */

static pthread_mutex_t tables_lock = PTHREAD_MUTEX_INITIALIZER;
static struct msgc__test_hooks *tables; /* of all servers */

static const struct msgc__test_hooks *served_with(const void *handlers)
{
	const struct msgc__test_hooks *hooks;

	pthread_mutex_lock(&tables_lock);
	for (hooks = tables; hooks && hooks->handlers != handlers; hooks = hooks->next_table)
		;
	pthread_mutex_unlock(&tables_lock);
	return hooks;
}

static struct msgc__test_order called(const struct msgc__test_hooks *hooks, const char *name)
{
	return msgc__test_called(hooks->all, hooks->real->name, name, NULL, NULL);
}

/* It cannot fail: where it is told to, the program does not hear of it. */
static void disconnected(const void *handlers, void *self, uint16_t code)
{
	const struct msgc__test_hooks *hooks = served_with(handlers);

	if (called(hooks, hooks->real->topic ? "unsubscribed" : "disconnected").result == 0)
		hooks->real->disconnected(handlers, self, code);
}

static void release_object(const void *handlers, void *object)
{
	const struct msgc__test_hooks *hooks = served_with(handlers);
	char name[128];

	snprintf(name, sizeof(name), "release_%s", hooks->real->object->name);
	if (called(hooks, name).result == 0)
		hooks->real->object->release(handlers, object);
}

static int greet(const void *handlers, void *self, void *message)
{
	const struct msgc__test_hooks *hooks = served_with(handlers);
	struct msgc__test_order order;
	char name[300];

	snprintf(name, sizeof(name), "greet_%s", hooks->real->greeting->name);
	order = called(hooks, name);
	return order.result < 0 ? order.result : hooks->real->greet(handlers, self, message);
}

static int tell_error(
        const void *handlers, void *self, const struct msgc_refusal *refusal, void *message)
{
	const struct msgc__test_hooks *hooks = served_with(handlers);
	struct msgc__test_order order = called(hooks, "error");

	return order.result < 0 ? order.result
	                        : hooks->real->error(handlers, self, refusal, message);
}

/* ---- what no table names: entries of rosters, functions that are given with questions */

static int before_present(const struct msgc__served *served, const char *group)
{
	const struct msgc__test_hooks *hooks = msgc__test_hooks_of(served);
	char name[300];

	snprintf(name, sizeof(name), "present_%s", group);
	return called(hooks, hooks->real->topic ? "present" : name).result;
}

static int hear_answer(void *self, void *outcome, int result, unsigned which,
        msgc_answered_fn *answered, void *arg)
{
	const struct answer answer = {outcome, result, which, answered, arg};
	const struct msgc_ask *ask = question_of(outcome)->ask;
	struct msgc__frame *frame = msgc__frame_current();
	const struct msgc__test_hooks *hooks;
	struct msgc__test_order order;
	const struct msgc_ask_answer *said = result == MSGC_OK ? &ask->answers[which] : NULL;
	char name[300];

	if (!frame) /* memory is too short for one */
		return hear_real(self, &answer);
	hooks = msgc__test_hooks_of(served_in(frame));
	snprintf(name, sizeof(name), "answer_%s", ask->question->name);
	order = msgc__test_called(hooks->all, hooks->real->name, name, said ? said->message : NULL,
	        said ? (char *)outcome + said->offset : NULL);
	return call_or_delay(frame, &order, NULL, self, NULL, &answer);
}

static const struct msgc_ask *stand_in_for_ask(
        const struct msgc__served *served, const struct msgc_ask *ask)
{
	const struct msgc__test_hooks *hooks = msgc__test_hooks_of(served);

	for (size_t i = 0; i < hooks->real->ask_count; i++) {
		if (&hooks->real->asks[i] == ask)
			return &hooks->asks[i];
	}
	return ask;
}

static const struct msgc__interceptor interceptor = {before_present, stand_in_for_ask};

/* ---- tables */

static void *copy_of(const void *items, size_t count, size_t size)
{
	void *copy = calloc(count + 1, size);

	if (!copy)
		msgc__test_fail("no memory");
	if (count > 0)
		memcpy(copy, items, count * size);
	return copy;
}

static void put_consumer(struct msgc__test_stand_ins *all, struct msgc__served *served)
{
	const struct msgc_consumer *real = served->consumer;
	struct msgc__test_hooks *hooks = calloc(1, sizeof(*hooks));

	if (!hooks)
		msgc__test_fail("no memory");
	hooks->table = *real;
	hooks->real = real;
	hooks->all = all;
	hooks->actions = copy_of(real->actions, real->action_count, sizeof(*hooks->actions));
	for (size_t i = 0; i < real->action_count; i++) {
		hooks->actions[i].handle = handle;
		if (real->actions[i].authenticate)
			hooks->actions[i].authenticate = msgc__test_authenticate;
	}
	hooks->events = copy_of(real->events, real->event_count, sizeof(*hooks->events));
	for (size_t i = 0; i < real->event_count; i++) {
		if (real->events[i].handle)
			hooks->events[i].handle = handle;
	}
	hooks->terms = copy_of(real->terms, real->term_count, sizeof(*hooks->terms));
	for (size_t i = 0; i < real->term_count; i++)
		hooks->terms[i].ask = msgc__test_ask_term;
	if (real->object) {
		hooks->object = *real->object;
		hooks->object.load = msgc__test_load;
		if (real->object->release)
			hooks->object.release = release_object;
		hooks->table.object = &hooks->object;
	}
	hooks->table.actions = hooks->actions;
	hooks->table.events = hooks->events;
	hooks->table.terms = hooks->terms;
	hooks->asks = copy_of(real->asks, real->ask_count, sizeof(*hooks->asks));
	for (size_t i = 0; i < real->ask_count; i++)
		hooks->asks[i].call = hear_answer;
	hooks->table.asks = hooks->asks;
	hooks->table.connected = connected;
	hooks->table.disconnected = disconnected;
	if (real->greet)
		hooks->table.greet = greet;
	if (real->error)
		hooks->table.error = tell_error;
	hooks->handlers = served->handlers;
	pthread_mutex_lock(&tables_lock);
	hooks->next_table = tables;
	tables = hooks;
	pthread_mutex_unlock(&tables_lock);
	hooks->next = all->hooks;
	all->hooks = hooks;
	served->consumer = &hooks->table;
}

void msgc__test_hooks_put(struct msgc__test_stand_ins *all)
{
	struct msgc_server *server = all->test->server;

	for (size_t i = 0; i < server->served_count; i++)
		put_consumer(all, server->served[i]);
	msgc__test_credentials_put(all, server);
	server->interceptor = &interceptor;
}

static void forget_table(const struct msgc__test_hooks *hooks)
{
	struct msgc__test_hooks **link = &tables;

	pthread_mutex_lock(&tables_lock);
	while (*link != hooks)
		link = &(*link)->next_table;
	*link = hooks->next_table;
	pthread_mutex_unlock(&tables_lock);
}

void msgc__test_hooks_free(struct msgc__test_stand_ins *all)
{
	while (all->hooks) {
		struct msgc__test_hooks *hooks = all->hooks;

		all->hooks = hooks->next;
		forget_table(hooks);
		free(hooks->actions);
		free(hooks->events);
		free(hooks->terms);
		free(hooks->asks);
		free(hooks);
	}
}
