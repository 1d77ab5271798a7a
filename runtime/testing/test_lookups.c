/* SPDX-License-Identifier: MIT */
/*
 * Between the server and the program's look-ups: terms of permissions, objects, sessions, passwords, tickets and tokens. Each asks the stand-ins
 * first; what is delayed is answered later. It must not know what a test has ordered.
 */
#include "test_hooks.h"

#include <stdio.h>
#include <stdlib.h>

#include "../server/connection.h"
#include "../server/container.h"
#include "../server/lookup.h"
#include "../server/topic.h"
#include "../server/worker.h"

/* A look-up that may be asked later: with `lookup` NULL it may block, on a worker that has nothing else to do. */
struct asked {
	struct msgc_lookup *lookup;
	int (*ask)(const struct asked *asked, struct msgc_lookup *lookup);
	const struct msgc__test_hooks *hooks; /* NULL: it is the server's, not a consumer's */
	struct msgc__test_stand_ins *all;
	const void *handlers;
	void *self;
	unsigned which; /* term, action */
	struct msgc_str text[2];
	const void *in; /* a user, a message */
	void *ret;
};

static void answer_asked(void *arg)
{
	struct asked *asked = arg;
	int result = asked->ask(asked, NULL);

	msgc_lookup_finish(asked->lookup, result);
	free(asked);
}

static int ask_later(const struct asked *asked, struct msgc_lookup *lookup, int64_t ms)
{
	struct asked *copy = malloc(sizeof(*copy));

	if (!copy)
		return MSGC_ENOMEM;
	*copy = *asked;
	copy->lookup = lookup;
	if (msgc__test_after(asked->all->test->server, ms, answer_asked, free, copy))
		return MSGC_LATER;
	free(copy);
	return MSGC_ENOMEM;
}

/* Once for each question: a hook that blocks is called a second time. `type`: of `in`, where that is a message. */
static int ask(const struct asked *asked, struct msgc_lookup *lookup, const char *name,
        const struct msgc_message *type)
{
	const char *scope = asked->hooks ? asked->hooks->real->name : "";
	struct msgc__test_order order;

	if (lookup && msgc_lookup_may_block(lookup))
		return asked->ask(asked, lookup);
	order = msgc__test_called(asked->all, scope, name, type, type ? asked->in : NULL);
	if (order.result < 0)
		return order.result;
	if (lookup && order.delay_ms > 0)
		return ask_later(asked, lookup, order.delay_ms);
	return asked->ask(asked, lookup);
}

/* ---- what a consumer asks */

/* A topic's look-ups are its own. */
static const struct msgc__test_hooks *hooks_of(const struct msgc_lookup *lookup)
{
	return msgc__test_hooks_of(
	        lookup->subscription ? lookup->subscription->served : lookup->connection->served);
}

static int term_now(const struct asked *asked, struct msgc_lookup *lookup)
{
	return asked->hooks->real->terms[asked->which].ask(
	        asked->handlers, asked->self, lookup, asked->ret);
}

int msgc__test_ask_term(
        const void *handlers, void *self, struct msgc_lookup *lookup, bool *ret_allowed)
{
	const struct msgc__test_hooks *hooks = hooks_of(lookup);
	struct asked asked = {.ask = term_now,
	        .hooks = hooks,
	        .all = hooks->all,
	        .handlers = handlers,
	        .self = self,
	        .which = lookup->term,
	        .ret = ret_allowed};

	return ask(&asked, lookup, hooks->real->terms[lookup->term].name, NULL);
}

static int load_now(const struct asked *asked, struct msgc_lookup *lookup)
{
	return asked->hooks->real->object->load(asked->handlers, asked->self, lookup, asked->ret);
}

int msgc__test_load(const void *handlers, void *self, struct msgc_lookup *lookup, void **ret_object)
{
	const struct msgc__test_hooks *hooks = hooks_of(lookup);
	struct asked asked = {.ask = load_now,
	        .hooks = hooks,
	        .all = hooks->all,
	        .handlers = handlers,
	        .self = self,
	        .ret = ret_object};
	char name[128];

	snprintf(name, sizeof(name), "load_%s", hooks->real->object->name);
	return ask(&asked, lookup, name, NULL);
}

static int authenticate_now(const struct asked *asked, struct msgc_lookup *lookup)
{
	return asked->hooks->real->actions[asked->which].authenticate(
	        asked->handlers, asked->self, lookup, asked->in, asked->ret);
}

int msgc__test_authenticate(const void *handlers, void *self, struct msgc_lookup *lookup,
        const void *in, struct msgc_user *ret_user)
{
	const struct msgc__test_hooks *hooks = hooks_of(lookup);
	const struct msgc_message *message = hooks->real->actions[lookup->action].message;
	struct asked asked = {.ask = authenticate_now,
	        .hooks = hooks,
	        .all = hooks->all,
	        .handlers = handlers,
	        .self = self,
	        .which = lookup->action,
	        .in = in,
	        .ret = ret_user};
	char name[128];

	snprintf(name, sizeof(name), "authenticate_%s", message->name);
	return ask(&asked, lookup, name, message);
}

/* ---- who a client is */

static int find_now(const struct asked *asked, struct msgc_lookup *lookup)
{
	return asked->all->find(asked->all->find_app, lookup, asked->text[0], asked->ret);
}

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user)
{
	struct asked asked = {.ask = find_now, .all = app, .text = {cookie}, .ret = ret_user};

	return ask(&asked, lookup, "sessions", NULL);
}

static int check_now(const struct asked *asked, struct msgc_lookup *lookup)
{
	return asked->all->check(
	        asked->all->check_app, lookup, asked->text[0], asked->text[1], asked->ret);
}

static int check_basic(void *app, struct msgc_lookup *lookup, struct msgc_str name,
        struct msgc_str password, struct msgc_user *ret_user)
{
	struct asked asked = {
	        .ask = check_now, .all = app, .text = {name, password}, .ret = ret_user};

	return ask(&asked, lookup, "basic", NULL);
}

static int recall_now(const struct asked *asked, struct msgc_lookup *lookup)
{
	return asked->all->recall(asked->all->recall_app, lookup, asked->in, asked->ret);
}

static int recall_ticket(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        struct msgc_user *ret_user)
{
	struct asked asked = {.ask = recall_now, .all = app, .in = user, .ret = ret_user};

	return ask(&asked, lookup, "tickets", NULL);
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

void msgc__test_credentials_put(struct msgc__test_stand_ins *all, struct msgc_server *server)
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
