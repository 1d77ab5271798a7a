/* SPDX-License-Identifier: MIT */
/*
 * What a program registers, and whether it is complete: every missing handler and hook is named before the server refuses to start. It
 * must not know what runs later.
 */
#include <stdlib.h>
#include <string.h>

#include "lookup.h"
#include "tags.h"
#include "worker.h"

enum { EXPECTED_MAX = 700 };

/* -------------------------------------------------------------------------------------------- consumers */

/* "'chat', 'ping'", and ", …" where there are too many to name. */
static char *expected_actions(const struct msgc_consumer *consumer)
{
	struct msgc_buf text = {0};
	char *result = NULL;

	for (size_t i = 0; i < consumer->action_count; i++) {
		const struct msgc_message *message = consumer->actions[i].message;

		if (i > 0)
			msgc_buf_append_str(&text, ", ");
		if (text.len + message->name_len > EXPECTED_MAX) {
			msgc_buf_append_str(&text, "\xE2\x80\xA6");
			break;
		}
		msgc__tags_print(&text, message);
	}
	if (msgc_buf_c(&text))
		result = strdup(msgc_buf_c(&text));
	msgc_buf_free(&text);
	return result;
}

static int complain(struct msgc_server *server, const struct msgc_consumer *consumer,
        const char *what, const char *which)
{
	msgc_log(server, MSGC_LOG_ERROR, "consumer.incomplete",
	        "consumer=%s.%s problem=%s which=%s", consumer->contract, consumer->name, what,
	        which);
	server->failed = true;
	return MSGC_ECONFIG;
}

/* All that are missing, in one line. */
static int check_handlers(
        struct msgc_server *server, const struct msgc_consumer *consumer, const void *handlers)
{
	struct msgc_buf names = {0};
	int result = 0;

	for (size_t i = 0; i < consumer->required_count; i++) {
		const struct msgc_required *required = &consumer->required[i];
		void (*function)(void) = NULL;

		if (handlers)
			memcpy(&function, (const char *)handlers + required->offset,
			        sizeof function);
		if (function)
			continue;
		if (names.len > 0)
			msgc_buf_append_str(&names, ", ");
		msgc_buf_append_str(&names, required->name);
	}
	if (names.len > 0 || names.error)
		result = complain(server, consumer, "missing handlers",
		        names.error ? "?" : msgc_buf_c(&names));
	msgc_buf_free(&names);
	return result;
}

static int check_consumer(
        struct msgc_server *server, const struct msgc_consumer *consumer, const void *handlers)
{
	int result = check_handlers(server, consumer, handlers);

	if (!msgc__permit_check(consumer))
		result = complain(server, consumer, "malformed table", "permit");
	for (size_t i = 0; i < server->served_count; i++) {
		const struct msgc_consumer *other = server->served[i]->consumer;

		if (consumer == other)
			result = complain(server, consumer, "served twice", consumer->name);
		else if (msgc__route_same(consumer, other))
			result = complain(
			        server, consumer, "path is taken by another consumer", other->name);
	}
	return result;
}

static void free_served(struct msgc__served *served)
{
	if (!served)
		return;
	free(served->handlers);
	free(served->expected);
	free(served->by_tags);
	free(served->topics);
	for (size_t i = 0; i < sizeof served->faces / sizeof served->faces[0]; i++)
		free(served->faces[i]);
	free(served);
}

static struct msgc__served *make_served(const struct msgc_server *server,
        const struct msgc_consumer *consumer, const void *handlers, void *app)
{
	struct msgc__served *served = calloc(1, sizeof *served);

	if (!served)
		return NULL;
	served->consumer = consumer;
	served->registered = consumer;
	served->app = app;
	served->frame_limit =
	        consumer->frame_limit ? consumer->frame_limit : (size_t)server->config.frame_limit;
	served->index = server->served_count;
	served->expected = expected_actions(consumer);
	served->by_tags = msgc__tags_sort(consumer);
	served->handlers = malloc(consumer->handlers_size + 1);
	if (!served->expected || !served->by_tags || !served->handlers ||
	        msgc__faces_make(served) < 0) {
		free_served(served);
		return NULL;
	}
	if (handlers)
		memcpy(served->handlers, handlers, consumer->handlers_size);
	for (size_t i = 0; i < consumer->action_count; i++)
		served->rates |= consumer->actions[i].rate.tokens > 0;
	return served;
}

/* Programs need not look at the result of msgc_server_serve(): the server does not start without the consumer. */
static int no_memory(struct msgc_server *server, const struct msgc_consumer *consumer)
{
	msgc_server_fail(
	        server, "no memory for consumer %s.%s", consumer->contract, consumer->name);
	return MSGC_ENOMEM;
}

int msgc_server_serve(struct msgc_server *server, const struct msgc_consumer *consumer,
        const void *handlers, void *app)
{
	struct msgc__served **list, *served;
	int complete;

	if (!server || !consumer)
		return MSGC_EINVAL;
	if (consumer->abi != MSGC_GENERATED_ABI)
		return msgc_server_fail(server,
		        "consumer %s was generated for another version (ABI %u, this is %d)",
		        consumer->name, consumer->abi, MSGC_GENERATED_ABI);
	/* An incomplete one stays: msgc__registration_check() may have more to say about it. */
	complete = check_consumer(server, consumer, handlers);
	list = realloc(server->served, (server->served_count + 1) * sizeof list[0]);
	if (!list)
		return no_memory(server, consumer);
	server->served = list;
	served = make_served(server, consumer, handlers, app);
	if (!served)
		return no_memory(server, consumer);
	list[server->served_count++] = served;
	return complete;
}

int msgc__registration_durable(struct msgc_server *server)
{
	int result = 0;

	for (size_t i = 0; i < server->served_count && !server->backend->ops->on_disk; i++) {
		const struct msgc_consumer *consumer = server->served[i]->consumer;

		for (size_t k = 0; k < consumer->group_count; k++) {
			const struct msgc_group_kind *kind = consumer->groups[k].kind;

			if (kind && kind->history.durable)
				result = complain(server, consumer,
				        "durable group without a backend on disk: link "
				        "msgc::sqlite and "
				        "call msgc_server_use_sqlite()",
				        kind->name);
		}
	}
	return result;
}

void msgc__registration_free(struct msgc_server *server)
{
	for (size_t i = 0; i < server->served_count; i++)
		free_served(server->served[i]);
	free(server->served);
	server->served = NULL;
	server->served_count = 0;
}

/* ------------------------------------------------------------------------------------------------ hooks */

void msgc_server_use_sessions(
        struct msgc_server *server, const char *cookie_name, msgc_session_fn *find, void *app)
{
	server->sessions.cookie_name = cookie_name;
	server->sessions.find = find;
	server->sessions.app = app;
}

void msgc_server_use_tokens(struct msgc_server *server, msgc_token_fn *verify,
        const char *cookie_name, void *context, void (*release)(void *context))
{
	if (server->tokens.release)
		server->tokens.release(server->tokens.context);
	server->tokens.verify = verify;
	server->tokens.cookie_name = cookie_name;
	server->tokens.context = context;
	server->tokens.release = release;
}

void msgc_server_use_basic(struct msgc_server *server, msgc_basic_fn *check, void *app)
{
	server->basic.check = check;
	server->basic.app = app;
}

int msgc_server_use_tickets(
        struct msgc_server *server, const char *route, msgc_ticket_fn *recall, void *app)
{
	if (!route || route[0] != '/' || strlen(route) > 1024 || strpbrk(route, "%?#{}"))
		return msgc_server_fail(
		        server, "tickets: '%s' is no path of a route", route ? route : "");
	server->tickets.route = route;
	server->tickets.recall = recall;
	server->tickets.app = app;
	return MSGC_OK;
}

void msgc_server_on_worker(struct msgc_server *server, int (*start)(void *app, unsigned worker),
        void (*stop)(void *app, unsigned worker), void *app)
{
	server->on_worker.start = start;
	server->on_worker.stop = stop;
	server->on_worker.app = app;
}

void msgc_server_on_stop(struct msgc_server *server, void (*stopped)(void *app), void *app)
{
	server->on_stop.stopped = stopped;
	server->on_stop.app = app;
}

void msgc_server_on_ready(struct msgc_server *server, bool (*ready)(void *app), void *app)
{
	server->on_ready.ready = ready;
	server->on_ready.app = app;
}

static void check_kind(
        struct msgc_server *server, const struct msgc_consumer *consumer, enum msgc_auth_kind kind)
{
	switch (kind) {
	case MSGC_AUTH_SESSION:
		if (!server->sessions.find || !server->sessions.cookie_name)
			complain(server, consumer, "auth session has no hook",
			        "msgc_server_use_sessions()");
		break;
	case MSGC_AUTH_JWT:
		if (!server->tokens.verify)
			complain(server, consumer, "auth jwt has no hook",
			        "msgc_server_use_jwt() or msgc_server_use_tokens()");
		break;
	case MSGC_AUTH_TICKET:
		if (!server->tickets.route)
			complain(server, consumer, "auth ticket has no route",
			        "msgc_server_use_tickets()");
		break;
	case MSGC_AUTH_BASIC:
		if (!server->basic.check)
			complain(server, consumer, "auth basic has no hook",
			        "msgc_server_use_basic()");
		break;
	case MSGC_AUTH_ANONYMOUS: break;
	}
}

static struct msgc__served *find_served(
        const struct msgc_server *server, const struct msgc_consumer *consumer)
{
	for (size_t i = 0; i < server->served_count; i++) {
		if (server->served[i]->registered == consumer)
			return server->served[i];
	}
	return NULL;
}

/* The topics that clients may subscribe to here; all that nobody serves, in one line. A topic has itself, on a route of its own. */
static void mount(struct msgc_server *server, struct msgc__served *served)
{
	const struct msgc_consumer *consumer = served->registered;
	const struct msgc_consumer *const *topics = consumer->topic ? &consumer : consumer->topics;
	size_t count = consumer->topic ? 1 : consumer->topic_count;
	struct msgc_buf missing = {0};

	if (count == 0)
		return;
	served->topics = calloc(count, sizeof served->topics[0]);
	if (!served->topics) {
		no_memory(server, consumer);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		served->topics[i] = find_served(server, topics[i]);
		if (served->topics[i])
			continue;
		if (missing.len > 0)
			msgc_buf_append_str(&missing, ", ");
		msgc_buf_append_str(&missing, topics[i]->name);
	}
	served->topic_count = count;
	if (missing.len > 0 || missing.error)
		complain(server, consumer, "topics that are not served",
		        missing.error ? "?" : msgc_buf_c(&missing));
	msgc_buf_free(&missing);
}

void msgc__registration_check(struct msgc_server *server)
{
	if (server->served_count == 0)
		msgc_log(server, MSGC_LOG_WARNING, "server.no_consumers", "detail=%s",
		        "no WebSocket is served: was the contract's generated ..._serve() not "
		        "called?");
	for (size_t i = 0; i < server->served_count; i++)
		mount(server, server->served[i]);
	for (size_t i = 0; i < server->served_count; i++) {
		const struct msgc_consumer *consumer = server->served[i]->consumer;

		for (size_t k = 0; k < consumer->auth_count; k++)
			check_kind(server, consumer, consumer->auth[k]);
	}
}
