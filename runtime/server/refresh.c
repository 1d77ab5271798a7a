/* SPDX-License-Identifier: MIT */
/*
 * `refresh`: new credentials of the same user for an open connection, which lives on until these expire. It must not know how tokens are
 * verified.
 */
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "standard.h"
#include "worker.h"

static bool lists(const struct msgc_consumer *consumer, enum msgc_auth_kind kind)
{
	for (size_t i = 0; i < consumer->auth_count; i++) {
		if (consumer->auth[i] == kind)
			return true;
	}
	return false;
}

bool msgc__refresh_is(
        const struct msgc_connection *connection, const struct msgc_envelope *envelope)
{
	const struct msgc_consumer *consumer = connection->served->consumer;

	return !consumer->speech.std_off && msgc__standard_meant(envelope, "refresh") &&
	        (lists(consumer, MSGC_AUTH_JWT) || lists(consumer, MSGC_AUTH_TICKET));
}

/* ------------------------------------------------------------------------------------------ the answer */

static void refuse(struct msgc__frame *frame, const char *detail)
{
	strncpy(frame->refusal, detail, sizeof frame->refusal - 1);
	frame->has_refusal = true;
	msgc__dispatch_bad(frame->connection);
	msgc__frame_finish(frame, MSGC_EREFUSED);
}

static void accept(struct msgc__frame *frame, int64_t expires_at)
{
	struct msgc_connection *connection = frame->connection;
	struct msgc_buf *text = &frame->worker->text;

	connection->expires_at = expires_at;
	msgc__enter_watch_expiry(connection);
	if (msgc__standard_refreshed(text, connection->served->consumer, expires_at, frame->ref) ==
	        0)
		msgc__connection_put(connection, msgc_buf_str(text), msgc_str_of(NULL, 0));
	else
		msgc__connection_no_memory(connection);
	msgc__frame_finish(frame, 0);
}

/* `user`: who the new credentials name. */
static void judge(struct msgc__frame *frame, int result, const struct msgc_user *user)
{
	struct msgc_connection *connection = frame->connection;
	int64_t now = msgc__server_unix_seconds(frame->worker->server);

	if (result == 0 && user->expires_at != 0 && user->expires_at <= now)
		result = MSGC_EUNAUTHENTICATED;
	if (result == MSGC_EUNAUTHENTICATED) {
		refuse(frame, "The token is not valid.");
	} else if (result < 0) {
		msgc__frame_finish(frame, result);
	} else if (!msgc_user_equal(user, &connection->user->is)) {
		msgc__authenticate_refuse(connection, 403, "The token is another user's.");
		msgc__frame_finish(frame, 0);
	} else {
		accept(frame, user->expires_at);
	}
}

/* -------------------------------------------------------------------------------------------- asking */

/* The frame waits in hand for a look-up: it ends with that, whatever becomes of the connection. */
static struct msgc__frame *give_frame_back(struct msgc_lookup *lookup)
{
	struct msgc__frame *frame = lookup->frame;

	lookup->frame = NULL;
	return frame;
}

/* Once a token has been verified, whatever was found out about it afterwards. */
static void release_user(struct msgc_lookup *lookup)
{
	struct msgc_user *user = &lookup->ret.user;

	if (user->release)
		user->release(user->data);
	user->release = NULL;
}

static void dropped(struct msgc_lookup *lookup, int result)
{
	struct msgc__frame *frame = give_frame_back(lookup);

	(void)result;
	release_user(lookup);
	if (frame)
		msgc__frame_finish(frame, MSGC_EGONE);
}

static void answered(struct msgc_connection *connection, struct msgc_lookup *lookup, int result)
{
	struct msgc__frame *frame = give_frame_back(lookup);
	msgc__authenticate_count(connection, lookup->kind, result);
	judge(frame, result, &lookup->ret.user);
	if (!lookup->abandoned) /* else it comes to dropped() in the end */
		release_user(lookup);
}

static void checked(void *arg, int result)
{
	msgc__lookup_reply(arg, result);
}

/* Who it names is known: has he been logged out everywhere since? */
static int check(struct msgc_lookup *lookup)
{
	int result = msgc__revoke_ask(
	        lookup->worker, &lookup->ret.user, lookup->proved, checked, lookup);

	return result < 0 ? result : MSGC_LATER;
}

static int call_token(struct msgc_lookup *lookup)
{
	struct msgc_server *server = lookup->worker->server;
	struct msgc_user user = {0};
	int result = server->tokens.verify(server->tokens.context,
	        msgc_str_of(lookup->credential, lookup->credential_len),
	        msgc__server_unix_seconds(server), &lookup->frame->arena, &user);

	if (result != 0)
		return result > 0 ? MSGC_EINTERNAL : result;
	if (user.realm.len == 0)
		user.realm = MSGC_STR("jwt");
	lookup->ret.user = user;
	lookup->proved = (struct msgc__moment){.unix_seconds = user.issued_at};
	return check(lookup);
}

/* Takes `token` over, which is malloc'ed; NULL: there was no memory for it. */
static void ask(struct msgc__frame *frame, char *token, size_t len, enum msgc_auth_kind kind);

/* No JSON web token: it may be a ticket. */
static void token_answered(
        struct msgc_connection *connection, struct msgc_lookup *lookup, int result)
{
	char *token = lookup->credential;

	if (result != MSGC_EUNAUTHENTICATED ||
	        !lists(connection->served->consumer, MSGC_AUTH_TICKET)) {
		answered(connection, lookup, result);
		return;
	}
	msgc__authenticate_count(connection, MSGC_AUTH_JWT, result);
	lookup->credential = NULL;
	release_user(lookup); /* one that is good, but revoked */
	ask(give_frame_back(lookup), token, lookup->credential_len, MSGC_AUTH_TICKET);
}

static void ask(struct msgc__frame *frame, char *token, size_t len, enum msgc_auth_kind kind)
{
	struct msgc_lookup *lookup = token ? msgc__lookup_new(frame->connection) : NULL;

	if (!lookup) {
		if (token)
			explicit_bzero(token, len);
		free(token);
		msgc__frame_finish(frame, MSGC_EBUSY);
		return;
	}
	lookup->credential = token;
	lookup->credential_len = len;
	lookup->frame = frame;
	lookup->kind = kind;
	lookup->dropped = dropped;
	lookup->call = kind == MSGC_AUTH_JWT ? call_token : msgc__ticket_call;
	lookup->answered = kind == MSGC_AUTH_JWT ? token_answered : answered;
	msgc__lookup_start(lookup);
}

void msgc__refresh_frame(struct msgc__frame *frame, char *text, size_t len)
{
	struct msgc_connection *connection = frame->connection;
	const struct msgc_consumer *consumer = connection->served->consumer;
	struct msgc__worker *worker = frame->worker;
	struct msgc_str token;
	char *copy;
	int result;

	msgc_problems_clear(&worker->problems);
	result = msgc__standard_read_token(
	        text, len, "refresh", consumer, &frame->arena, &token, &worker->problems);
	if (result < 0) {
		msgc__dispatch_refuse(frame, result);
		return;
	}
	msgc__frame_hold(frame);
	copy = malloc(token.len + 1);
	if (copy) {
		memcpy(copy, token.ptr, token.len);
		copy[token.len] = '\0';
	}
	/* It lies in the frame's own memory, which may serve another one next. */
	explicit_bzero((char *)(uintptr_t)token.ptr, token.len);
	ask(frame, copy, token.len,
	        lists(consumer, MSGC_AUTH_JWT) ? MSGC_AUTH_JWT : MSGC_AUTH_TICKET);
}
