/* SPDX-License-Identifier: MIT */
/*
 * Between the server and the program's functions: copies of the consumers' tables whose functions ask the stand-ins first. Look-ups that are delayed
 * are answered later, handlers too. It must not know what a test has ordered.
 */
#include <stdlib.h>
#include <string.h>

#include "../server/connection.h"
#include "../server/lookup.h"
#include "../server/topic.h"
#include "../server/worker.h"
#include "stand_in.h"

/* A consumer's table in place of the program's. */
struct msgc__test_hooks {
	struct msgc_consumer table; /* first: found by it */
	const struct msgc_consumer *real;
	struct msgc__test_hooks *next;
	struct msgc__test_stand_ins *all;
	struct msgc_action *actions;
	struct msgc_event *events;
	struct msgc_permit_term *terms;
	struct msgc_object_type object;
};

/* A topic's frames and look-ups are its own. */
static const struct msgc__served *served_in(const struct msgc__frame *frame)
{
	return frame->subscription ? frame->subscription->served : frame->connection->served;
}

static const struct msgc__served *served_by(const struct msgc_lookup *lookup)
{
	return lookup->subscription ? lookup->subscription->served : lookup->connection->served;
}

static struct msgc__test_hooks *of(const struct msgc__served *served)
{
	return (struct msgc__test_hooks *)(uintptr_t)served->consumer;
}

/* ---- handlers */

static const struct msgc_action *real_action(const struct msgc__frame *frame)
{
	return &of(served_in(frame))->real->actions[frame->handler];
}

static const struct msgc_event *real_event(const struct msgc__frame *frame)
{
	return &of(served_in(frame))->real->events[frame->handler];
}

static int call_real(const void *handlers, void *self, const void *in, struct msgc_reply *reply)
{
	const struct msgc__frame *frame = reply->frame;

	if (frame->kind == MSGC__FRAME_EVENT)
		return real_event(frame)->handle(handlers, self, in, reply);
	return real_action(frame)->handle(handlers, self, in, reply);
}

/* A handler that is called later. */
struct delayed {
	struct msgc_pending_type type;
	struct msgc_pending *pending;
	const void *in;
};

static int handle_delayed(void *typed, void *self, struct msgc_reply *reply)
{
	struct delayed *delayed = typed;
	const struct msgc__served *served = served_in(reply->frame);
	int result;

	if (!self)
		return MSGC_EGONE; /* there is nobody to handle it for */
	result = call_real(served->handlers, self, delayed->in, reply);
	return result > 0 ? MSGC_EINTERNAL : result; /* later and later again: not with a delay */
}

static void finish_handler(void *arg)
{
	msgc_pending_finish(arg, 0);
}

static int delay_handler(struct msgc__frame *frame, int64_t ms)
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
	result = msgc_pending_defer(pending);
	if (!msgc__test_after(frame->worker->server, ms, finish_handler, pending))
		msgc__test_fail("no memory");
	return result;
}

static const char *handler_name(const struct msgc__frame *frame)
{
	const char *name = frame->kind == MSGC__FRAME_EVENT ? real_event(frame)->handler
	                                                    : real_action(frame)->handler;

	return name ? name : frame->message->name;
}

static int handle(const void *handlers, void *self, const void *in, struct msgc_reply *reply)
{
	struct msgc__frame *frame = reply->frame;
	const struct msgc__test_hooks *hooks = of(served_in(frame));
	struct msgc__test_order order = msgc__test_called(
	        hooks->all, hooks->real->name, handler_name(frame), frame->message, in);

	if (order.result < 0)
		return order.result;
	if (order.delay_ms > 0)
		return delay_handler(frame, order.delay_ms);
	return call_real(handlers, self, in, reply);
}

static int connected(const void *handlers, void *self, struct msgc_reply *reply)
{
	const struct msgc__test_hooks *hooks = of(served_in(reply->frame));
	struct msgc__test_order order = msgc__test_called(hooks->all, hooks->real->name,
	        reply->frame->subscription ? "subscribed" : "connected", NULL, NULL);

	if (order.result < 0)
		return order.result;
	return hooks->real->connected(handlers, self, reply);
}

/* ---- look-ups */

/* A look-up that is asked later: with `lookup` NULL it may block, on a worker that has nothing else to do. */
struct asked {
	struct msgc_lookup *lookup;
	int (*ask)(struct asked *asked);
	const struct msgc__test_hooks *hooks;
	struct msgc__test_stand_ins *all;
	const void *handlers;
	void *self;
	unsigned term;
	struct msgc_str text[2];
	const struct msgc_user *user;
	void *ret;
};

static void answer_asked(void *arg)
{
	struct asked *asked = arg;
	int result = asked->ask(asked);

	msgc_lookup_finish(asked->lookup, result);
	free(asked);
}

static int ask_later(struct msgc_server *server, const struct asked *asked,
        struct msgc_lookup *lookup, int64_t ms)
{
	struct asked *copy = malloc(sizeof(*copy));

	if (!copy)
		return MSGC_ENOMEM;
	*copy = *asked;
	copy->lookup = lookup;
	if (msgc__test_after(server, ms, answer_asked, copy))
		return MSGC_LATER;
	free(copy);
	return MSGC_ENOMEM;
}

/* Once for each question: a hook that blocks is called a second time. */
static int ask(const struct asked *asked, struct msgc_lookup *lookup, const char *scope,
        const char *name, int (*now)(const struct asked *asked, struct msgc_lookup *lookup))
{
	struct msgc__test_order order;

	if (lookup && msgc_lookup_may_block(lookup))
		return now(asked, lookup);
	order = msgc__test_called(asked->all, scope, name, NULL, NULL);
	if (order.result < 0)
		return order.result;
	if (lookup && order.delay_ms > 0)
		return ask_later(asked->all->test->server, asked, lookup, order.delay_ms);
	return now(asked, lookup);
}

static int term_now(const struct asked *asked, struct msgc_lookup *lookup)
{
	return asked->hooks->real->terms[asked->term].ask(
	        asked->handlers, asked->self, lookup, asked->ret);
}

static int term_later(struct asked *asked)
{
	return term_now(asked, NULL);
}

static int ask_term(const void *handlers, void *self, struct msgc_lookup *lookup, bool *ret_allowed)
{
	const struct msgc__test_hooks *hooks = of(served_by(lookup));
	struct asked asked = {.ask = term_later,
	        .hooks = hooks,
	        .all = hooks->all,
	        .handlers = handlers,
	        .self = self,
	        .term = lookup->term,
	        .ret = ret_allowed};

	return ask(
	        &asked, lookup, hooks->real->name, hooks->real->terms[lookup->term].name, term_now);
}

static int load_now(const struct asked *asked, struct msgc_lookup *lookup)
{
	return asked->hooks->real->object->load(asked->handlers, asked->self, lookup, asked->ret);
}

static int load_later(struct asked *asked)
{
	return load_now(asked, NULL);
}

static int load(const void *handlers, void *self, struct msgc_lookup *lookup, void **ret_object)
{
	const struct msgc__test_hooks *hooks = of(served_by(lookup));
	struct asked asked = {.ask = load_later,
	        .hooks = hooks,
	        .all = hooks->all,
	        .handlers = handlers,
	        .self = self,
	        .ret = ret_object};
	char name[128];

	snprintf(name, sizeof(name), "load_%s", hooks->real->object->name);
	return ask(&asked, lookup, hooks->real->name, name, load_now);
}

static int find_now(const struct asked *asked, struct msgc_lookup *lookup)
{
	return asked->all->find(asked->all->find_app, lookup, asked->text[0], asked->ret);
}

static int find_later(struct asked *asked)
{
	return find_now(asked, NULL);
}

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user)
{
	struct asked asked = {.ask = find_later, .all = app, .text = {cookie}, .ret = ret_user};

	return ask(&asked, lookup, "", "sessions", find_now);
}

static int check_now(const struct asked *asked, struct msgc_lookup *lookup)
{
	return asked->all->check(
	        asked->all->check_app, lookup, asked->text[0], asked->text[1], asked->ret);
}

static int check_later(struct asked *asked)
{
	return check_now(asked, NULL);
}

static int check_basic(void *app, struct msgc_lookup *lookup, struct msgc_str name,
        struct msgc_str password, struct msgc_user *ret_user)
{
	struct asked asked = {
	        .ask = check_later, .all = app, .text = {name, password}, .ret = ret_user};

	return ask(&asked, lookup, "", "basic", check_now);
}

static int recall_now(const struct asked *asked, struct msgc_lookup *lookup)
{
	return asked->all->recall(asked->all->recall_app, lookup, asked->user, asked->ret);
}

static int recall_later(struct asked *asked)
{
	return recall_now(asked, NULL);
}

static int recall_ticket(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        struct msgc_user *ret_user)
{
	struct asked asked = {.ask = recall_later, .all = app, .user = user, .ret = ret_user};

	return ask(&asked, lookup, "", "tickets", recall_now);
}

/* Tokens are verified at once: they can fail, and are counted. */
static int verify_token(void *context, struct msgc_str token, int64_t now, struct msgc_arena *arena,
        struct msgc_user *ret_user)
{
	struct msgc__test_stand_ins *all = context;
	struct msgc__test_order order = msgc__test_called(all, "", "tokens", NULL, NULL);

	return order.result < 0 ? order.result
	                        : all->verify(all->verify_context, token, now, arena, ret_user);
}

static void release_verify(void *context)
{
	struct msgc__test_stand_ins *all = context;

	if (all->verify_release)
		all->verify_release(all->verify_context);
}

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
	for (size_t i = 0; i < real->action_count; i++)
		hooks->actions[i].handle = handle;
	hooks->events = copy_of(real->events, real->event_count, sizeof(*hooks->events));
	for (size_t i = 0; i < real->event_count; i++) {
		if (real->events[i].handle)
			hooks->events[i].handle = handle;
	}
	hooks->terms = copy_of(real->terms, real->term_count, sizeof(*hooks->terms));
	for (size_t i = 0; i < real->term_count; i++)
		hooks->terms[i].ask = ask_term;
	if (real->object) {
		hooks->object = *real->object;
		hooks->object.load = load;
		hooks->table.object = &hooks->object;
	}
	hooks->table.actions = hooks->actions;
	hooks->table.events = hooks->events;
	hooks->table.terms = hooks->terms;
	hooks->table.connected = connected;
	hooks->next = all->hooks;
	all->hooks = hooks;
	served->consumer = &hooks->table;
}

static void put_credentials(struct msgc__test_stand_ins *all, struct msgc_server *server)
{
	all->find = server->sessions.find;
	all->find_app = server->sessions.app;
	if (all->find) {
		server->sessions.find = find_session;
		server->sessions.app = all;
	}
	all->check = server->basic.check;
	all->check_app = server->basic.app;
	if (all->check) {
		server->basic.check = check_basic;
		server->basic.app = all;
	}
	all->recall = server->tickets.recall;
	all->recall_app = server->tickets.app;
	if (all->recall) {
		server->tickets.recall = recall_ticket;
		server->tickets.app = all;
	}
	all->verify = server->tokens.verify;
	all->verify_context = server->tokens.context;
	all->verify_release = server->tokens.release;
	if (all->verify) {
		server->tokens.verify = verify_token;
		server->tokens.context = all;
		server->tokens.release = release_verify;
	}
}

void msgc__test_hooks_put(struct msgc__test_stand_ins *all)
{
	struct msgc_server *server = all->test->server;

	for (size_t i = 0; i < server->served_count; i++)
		put_consumer(all, server->served[i]);
	put_credentials(all, server);
}

void msgc__test_hooks_free(struct msgc__test_stand_ins *all)
{
	while (all->hooks) {
		struct msgc__test_hooks *hooks = all->hooks;

		all->hooks = hooks->next;
		free(hooks->actions);
		free(hooks->events);
		free(hooks->terms);
		free(hooks);
	}
}
