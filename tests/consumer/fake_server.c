/* SPDX-License-Identifier: MIT */
/*
 * fake_server.c - the calls of <msgc/consumer.h> and <msgc/server.h> that generated code makes, written down as text.
 * A message is shown by its own encoder, so a wrong descriptor shows as well.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_server.h"

char fake_log[4096];
const struct msgc_message *fake_in_hand;
const void *fake_in;
struct msgc_pending fake_pending;
int fake_result;

static struct msgc_arena arena;

void fake_clear(void)
{
	fake_log[0] = '\0';
	fake_in_hand = NULL;
	fake_in = NULL;
	fake_pending = (struct msgc_pending){0};
	fake_result = MSGC_OK;
	msgc_arena_free(&arena);
}

static void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void note(const char *format, ...)
{
	size_t used = strlen(fake_log);
	va_list args;

	va_start(args, format);
	vsnprintf(fake_log + used, sizeof(fake_log) - used, format, args);
	va_end(args);
}

static void note_message(const struct msgc_message *type, const void *message)
{
	struct msgc_buf buf = {0};

	if (msgc_message_encode(type, message, &buf) == MSGC_OK)
		note("%.*s\n", (int)buf.len, buf.data);
	else
		note("%s: not encoded\n", type->name);
	msgc_buf_free(&buf);
}

int msgc_server_serve(struct msgc_server *server, const struct msgc_consumer *consumer,
        const void *handlers, void *app)
{
	server->consumer = consumer;
	server->handlers = handlers;
	server->app = app;
	return fake_result;
}

int msgc_reply_put(struct msgc_reply *reply, const struct msgc_message *type, const void *message)
{
	(void)reply;
	note("reply ");
	note_message(type, message);
	return fake_result;
}

int msgc_connection_send(
        struct msgc_connection *connection, const struct msgc_message *type, const void *message)
{
	note("send to %d ", (int)connection->id);
	note_message(type, message);
	return fake_result;
}

int msgc_consumer_tell(struct msgc_server *server, const struct msgc_consumer *consumer,
        struct msgc_str realm, struct msgc_str id, const struct msgc_message *type,
        const void *message)
{
	(void)server;
	note("tell %s:%s at %s ", realm.ptr, id.ptr, consumer->name);
	note_message(type, message);
	return fake_result;
}

int msgc_connection_ask(struct msgc_connection *connection, const struct msgc_ask *ask,
        const void *question, int64_t timeout_ms, msgc_answered_fn *answered, void *arg)
{
	(void)answered, (void)arg;
	note("ask %d within %d ", (int)connection->id, (int)timeout_ms);
	note_message(ask->question, question);
	return fake_result;
}

int msgc_connection_post(struct msgc_server *server, const struct msgc_consumer *consumer,
        uint64_t id, void (*call)(void *self, msgc_task_fn *task, void *arg), msgc_task_fn *task,
        void *arg)
{
	(void)server, (void)call, (void)task, (void)arg;
	note("post to %d of %s\n", (int)id, consumer->name);
	return fake_result;
}

int msgc_connection_join(struct msgc_connection *connection, struct msgc_str group)
{
	note("join %d %.*s\n", (int)connection->id, (int)group.len, group.ptr);
	return fake_result;
}

int msgc_connection_leave(struct msgc_connection *connection, struct msgc_str group)
{
	note("leave %d %.*s\n", (int)connection->id, (int)group.len, group.ptr);
	return fake_result;
}

int msgc_group_publish(struct msgc_server *server, struct msgc_str group,
        const struct msgc_message *type, const void *message, const struct msgc_sender *sender,
        unsigned flags)
{
	(void)server;
	note("publish %.*s%s%s ", (int)group.len, group.ptr, sender ? " from somebody" : "",
	        flags & MSGC_EXCLUDE_CURRENT ? " to others" : "");
	note_message(type, message);
	return fake_result;
}

int msgc_refuse(struct msgc_connection *connection, const char *format, ...)
{
	note("refuse %d %s\n", (int)connection->id, format);
	return MSGC_EREFUSED;
}

int msgc_pending_new(struct msgc_connection *connection, const struct msgc_pending_type *type,
        void **ret_typed, const void **ret_in, struct msgc_pending **ret_pending)
{
	(void)connection;
	if (type->message != fake_in_hand)
		return MSGC_EINVAL;
	fake_pending.type = type;
	fake_pending.typed = msgc_arena_calloc(&arena, 1, type->size);
	*ret_typed = fake_pending.typed;
	*ret_in = fake_in;
	*ret_pending = &fake_pending;
	return MSGC_OK;
}

int msgc_pending_submit(struct msgc_pending *pending)
{
	pending->submitted = true;
	return fake_result == MSGC_OK ? MSGC_LATER : fake_result;
}

int msgc_pending_defer(struct msgc_pending *pending)
{
	pending->deferred = true;
	return fake_result == MSGC_OK ? MSGC_LATER : fake_result;
}
