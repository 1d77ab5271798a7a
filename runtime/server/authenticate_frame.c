/* SPDX-License-Identifier: MIT */
/*
 * Who is it, by its first frame: a token in a standard message, or a message of the contract that the program believes. It must not know what else a
 * client may have shown, nor what a user may do.
 */
#include "authenticate.h"

#include <stdlib.h>
#include <string.h>

#include "standard.h"
#include "tags.h"
#include "worker.h"

enum { MESSAGE_ARENA_MIN = 64 * 1024, MESSAGE_ARENA_FACTOR = 32 };

/* The first frame's token may be of either kind that tokens can be. */
static int keep_token(struct msgc_connection *connection, struct msgc_str token)
{
	struct msgc__credentials *credentials = malloc(sizeof *credentials + token.len + 1);

	if (!credentials)
		return MSGC_ENOMEM;
	*credentials = (struct msgc__credentials){.size = token.len + 1};
	memcpy(credentials->bytes, token.ptr, token.len);
	credentials->bytes[token.len] = '\0';
	credentials->bearer = credentials->ticket = msgc_str_of(credentials->bytes, token.len);
	connection->credentials = credentials;
	return 0;
}

/* ------------------------------------------------------------------------ messages that authenticate */

static int call_message(struct msgc_lookup *lookup)
{
	const struct msgc__served *served = lookup->connection->served;

	return served->consumer->actions[lookup->action].authenticate(
	        served->handlers, lookup->connection->self, lookup, lookup->in, &lookup->ret.user);
}

static void message_answered(
        struct msgc_connection *connection, struct msgc_lookup *lookup, int result)
{
	if (result == 0) {
		connection->names_itself = true;
		msgc__authenticate_recognised(
		        connection, &lookup->ret.user, "message", connection->came);
	} else if (result == MSGC_EUNAUTHENTICATED) {
		msgc__authenticate_refuse(connection, 401, "Authentication required.");
	} else {
		msgc__authenticate_not_recognised(connection, result);
	}
}

/* The frame, for the time of the look-up; it is handled like any other when its sender is in. */
static int read_message(struct msgc_lookup *lookup, const struct msgc__item *item)
{
	struct msgc_connection *connection = lookup->connection;
	struct msgc__worker *worker = connection->worker;
	struct msgc_decode_options options = {.max_depth = (uint32_t)worker->config->depth_limit};
	struct msgc_envelope envelope;
	const struct msgc_message *message;
	char *text;
	int result, action;

	msgc_arena_init(&lookup->arena, MESSAGE_ARENA_MIN + item->len * MESSAGE_ARENA_FACTOR);
	text = msgc_arena_alloc(&lookup->arena, item->len + MSGC_PADDING, 1);
	if (!text)
		return MSGC_ENOMEM;
	memcpy(text, item->text, item->len);
	memset(text + item->len, 0, MSGC_PADDING);
	msgc_problems_clear(&worker->problems);
	result = msgc_envelope_read(text, item->len, &connection->served->consumer->envelope,
	        &options, &lookup->arena, &envelope, &worker->problems);
	action = result == 0 ? msgc__tags_find(connection->served, &envelope) : -1;
	if (action < 0 || !connection->served->consumer->actions[action].authenticate)
		return result < 0 ? result : MSGC_ENOTFOUND;
	message = connection->served->consumer->actions[action].message;
	lookup->action = (unsigned)action;
	lookup->in = msgc_arena_calloc(&lookup->arena, 1, message->size);
	if (!lookup->in)
		return MSGC_ENOMEM;
	return msgc_message_decode_in_place(
	        message, text, item->len, &options, &lookup->arena, lookup->in, &worker->problems);
}

/* False: it is another message. */
static bool ask_message(struct msgc_connection *connection, struct msgc__item *item)
{
	struct msgc_lookup *lookup = msgc__lookup_new(connection);
	int result = lookup ? read_message(lookup, item) : MSGC_ENOMEM;

	if (result == MSGC_ENOTFOUND && !connection->served->consumer->speech.std_off) {
		msgc__lookup_unused(lookup);
		return false;
	}
	if (result < 0) {
		msgc__item_free(item);
		msgc__lookup_unused(lookup);
		msgc__authenticate_refuse(connection, result == MSGC_ENOMEM ? 500 : 401,
		        result == MSGC_ENOMEM ? "Internal error." : "Authentication required.");
		return true;
	}
	msgc__inbox_give_back(connection, item);
	lookup->call = call_message;
	lookup->answered = message_answered;
	lookup->dropped = msgc__authenticate_dropped;
	msgc__connection_bind(connection, &connection->arena);
	msgc__lookup_start(lookup);
	return true;
}

void msgc__authenticate_frame(struct msgc_connection *connection, struct msgc__item *item)
{
	struct msgc__worker *worker = connection->worker;
	struct msgc_str token;
	struct msgc_arena arena;
	int result;

	msgc__timer_cancel(&worker->timers, &connection->deadline);
	connection->state = MSGC__AUTHENTICATING;
	connection->refused_token = true; /* there is no second try */
	if (connection->served->consumer->auth_message && ask_message(connection, item))
		return;
	msgc_problems_clear(&worker->problems);
	msgc_arena_init(&arena, 0);
	result = msgc__standard_read_token(item->text, item->len, "authenticate",
	        connection->served->consumer, &arena, &token, &worker->problems);
	if (result == 0)
		result = keep_token(connection, token);
	msgc_arena_free(&arena);
	explicit_bzero(item->text, item->len);
	msgc__item_free(item);
	if (result == 0) {
		connection->auth_at = 0;
		msgc__authenticate_next(connection);
	} else if (result == MSGC_ENOMEM) {
		msgc__authenticate_refuse(connection, 500, "Internal error.");
	} else {
		msgc__authenticate_refuse(connection, 401, "Authentication required.");
	}
}
