/* SPDX-License-Identifier: MIT */
/*
 * Who is it? The kinds of the consumer's `auth` list are asked in turn; a client that is nobody yet and showed no token may send one as its
 * first frame where tokens are believed. It must not know what a user may do.
 */
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "container.h"
#include "standard.h"
#include "worker.h"

void msgc__credentials_free(struct msgc__credentials *credentials)
{
	if (!credentials)
		return;
	explicit_bzero(credentials->bytes, credentials->size);
	free(credentials);
}

static void count(
        struct msgc_connection *connection, enum msgc_auth_kind kind, enum msgc__proof_result proof)
{
	msgc__counter_add(&msgc__connection_metrics(connection)->proofs[kind][proof], 1);
}

static enum msgc__proof_result proof_of(int result)
{
	if (result == 0)
		return MSGC__PROOF_OK;
	return result == MSGC_EUNAUTHENTICATED ? MSGC__PROOF_REFUSED : MSGC__PROOF_FAILED;
}

static enum msgc__entry_result entry_of(int status)
{
	switch (status) {
	case 401: return MSGC__ENTRY_UNAUTHENTICATED;
	case 403: return MSGC__ENTRY_FORBIDDEN;
	case 404: return MSGC__ENTRY_NOT_FOUND;
	default: return MSGC__ENTRY_FAILED;
	}
}

static void forget_credentials(struct msgc_connection *connection)
{
	msgc__credentials_free(connection->credentials);
	connection->credentials = NULL;
}

void msgc__authenticate_refuse(struct msgc_connection *connection, int status, const char *detail)
{
	struct msgc__worker *worker = connection->worker;
	uint16_t code = status == 500 ? 1011 : (uint16_t)(4000 + status);

	if (connection->state >= MSGC__CLOSING)
		return;
	forget_credentials(connection);
	msgc__counter_add(&msgc__connection_metrics(connection)->entries[entry_of(status)], 1);
	msgc_log(worker->server, status == 500 ? MSGC_LOG_WARNING : MSGC_LOG_INFO,
	        "connection.refused", "connection=%llu consumer=%s status=%d detail=%s",
	        (unsigned long long)connection->id, connection->served->consumer->name, status,
	        detail);
	if (msgc__standard_authentication(
	            &worker->text, &connection->served->consumer->envelope, status, detail) == 0)
		msgc__connection_put(connection, msgc_buf_str(&worker->text), msgc_str_of(NULL, 0));
	msgc__connection_end(connection, code, detail);
}

static void next_kind(struct msgc_connection *connection);

static bool lists(const struct msgc_consumer *consumer, enum msgc_auth_kind kind)
{
	for (size_t i = 0; i < consumer->auth_count; i++) {
		if (consumer->auth[i] == kind)
			return true;
	}
	return false;
}

static bool expired(struct msgc_server *server, const struct msgc_user *user)
{
	return user->expires_at != 0 && user->expires_at <= msgc__server_unix_seconds(server);
}

/* `answered` is taken over. */
static void recognised(
        struct msgc_connection *connection, const struct msgc_user *answered, const char *realm)
{
	struct msgc__worker *worker = connection->worker;
	int result = msgc__user_new(answered, realm, &connection->user);

	forget_credentials(connection);
	if (result < 0) {
		msgc__authenticate_refuse(connection, 500, "Internal error.");
		return;
	}
	connection->sender.user = connection->user;
	connection->bound = NULL;
	if (expired(worker->server, answered))
		msgc__authenticate_refuse(connection, 401, "Credentials have expired.");
	else
		msgc__enter_begin(connection);
}

static void not_recognised(struct msgc_connection *connection, int result)
{
	if (result == MSGC_EUNAUTHENTICATED) {
		connection->auth_at++;
		next_kind(connection);
		return;
	}
	msgc_log(connection->worker->server, MSGC_LOG_ERROR, "auth.failed",
	        "connection=%llu error=%s", (unsigned long long)connection->id,
	        msgc_error_name(result));
	msgc__authenticate_refuse(connection, 500, "Internal error.");
}

/* ------------------------------------------------------------------------------------------ sessions */

static int call_session(struct msgc_lookup *lookup)
{
	const struct msgc_server *server = lookup->worker->server;

	return server->sessions.find(server->sessions.app, lookup,
	        msgc_str_of(lookup->credential, lookup->credential_len), &lookup->ret.user);
}

static void session_answered(
        struct msgc_connection *connection, struct msgc_lookup *lookup, int result)
{
	const struct msgc_user *user = &lookup->ret.user;

	if (result == 0 && expired(connection->worker->server, user) &&
	        lists(connection->served->consumer, MSGC_AUTH_JWT)) {
		/* A browser cannot take such a cookie back: it must not stand before a token. */
		if (user->release)
			user->release(user->data);
		result = MSGC_EUNAUTHENTICATED;
	}
	count(connection, MSGC_AUTH_SESSION, proof_of(result));
	if (result == 0)
		recognised(connection, user, "session");
	else
		not_recognised(connection, result);
}

static void session_dropped(struct msgc_lookup *lookup, int result)
{
	if (result == 0 && lookup->ret.user.release)
		lookup->ret.user.release(lookup->ret.user.data);
}

static void ask_session(struct msgc_connection *connection)
{
	struct msgc_str cookie = connection->credentials->session;
	char *copy = strndup(cookie.ptr, cookie.len);
	struct msgc_lookup *lookup = copy ? msgc__lookup_new(connection) : NULL;

	if (!lookup) {
		free(copy);
		msgc__authenticate_refuse(connection, 500, "Internal error.");
		return;
	}
	lookup->credential = copy;
	lookup->credential_len = cookie.len;
	lookup->call = call_session;
	lookup->answered = session_answered;
	lookup->dropped = session_dropped;
	msgc__lookup_start(lookup);
}

/* -------------------------------------------------------------------------------------------- tokens */

static void ask_token(struct msgc_connection *connection, struct msgc_str token)
{
	struct msgc__worker *worker = connection->worker;
	struct msgc_server *server = worker->server;
	struct msgc_user user = {0};
	int result;

	msgc_arena_reset(&worker->scratch);
	result = server->tokens.verify(server->tokens.context, token,
	        msgc__server_unix_seconds(server), &worker->scratch, &user);
	connection->refused_token = result == MSGC_EUNAUTHENTICATED;
	count(connection, MSGC_AUTH_JWT, proof_of(result));
	if (result == 0)
		recognised(connection, &user, "jwt");
	else
		not_recognised(connection, result > 0 ? MSGC_EINTERNAL : result);
}

static void token_too_late(struct msgc__timer *timer)
{
	struct msgc_connection *connection =
	        MSGC__CONTAINER_OF(timer, struct msgc_connection, deadline);

	msgc__counter_add(&msgc__connection_metrics(connection)->entries[MSGC__ENTRY_TIMEOUT], 1);
	msgc__connection_end(connection, 4408, "too slow to authenticate");
}

static void await_token(struct msgc_connection *connection)
{
	struct msgc__worker *worker = connection->worker;

	forget_credentials(connection);
	connection->state = MSGC__AWAITING_TOKEN;
	connection->deadline.fire = token_too_late;
	msgc__timer_arm(
	        &worker->timers, &connection->deadline, worker->now + worker->config->auth_timeout);
	if (connection->inbox.first)
		msgc__connection_make_ready(connection);
}

void msgc__authenticate_frame(struct msgc_connection *connection, struct msgc__item *item)
{
	struct msgc__worker *worker = connection->worker;
	struct msgc_str token;
	struct msgc_arena arena;
	int result;

	msgc__timer_cancel(&worker->timers, &connection->deadline);
	connection->state = MSGC__AUTHENTICATING;
	connection->auth_at = (unsigned)connection->served->consumer->auth_count;
	msgc_problems_clear(&worker->problems);
	msgc_arena_init(&arena, 0);
	result = msgc__standard_read_token(item->text, item->len,
	        &connection->served->consumer->envelope, &arena, &token, &worker->problems);
	if (result == 0)
		ask_token(connection, token);
	else
		msgc__authenticate_refuse(connection, 401, "Authentication required.");
	msgc_arena_free(&arena);
	explicit_bzero(item->text, item->len);
	msgc__item_free(item);
}

/* ----------------------------------------------------------------------------------------- in turn */

static void nobody(struct msgc_connection *connection)
{
	const struct msgc_user anonymous = {0};

	count(connection, MSGC_AUTH_ANONYMOUS, MSGC__PROOF_OK);
	recognised(connection, &anonymous, "anonymous");
}

/* One step; true: go on with the kind that is next now. */
static bool ask(struct msgc_connection *connection, enum msgc_auth_kind kind)
{
	const struct msgc__credentials *credentials = connection->credentials;

	switch (kind) {
	case MSGC_AUTH_SESSION:
		if (!credentials || !credentials->session.ptr)
			break;
		ask_session(connection);
		return false;
	case MSGC_AUTH_JWT:
		if (!credentials || !credentials->bearer.ptr)
			break;
		ask_token(connection, credentials->bearer);
		return false;
	case MSGC_AUTH_ANONYMOUS: nobody(connection); return false;
	case MSGC_AUTH_TICKET:
	case MSGC_AUTH_BASIC: break; /* registration refuses them */
	}
	connection->auth_at++;
	return true;
}

static void next_kind(struct msgc_connection *connection)
{
	const struct msgc_consumer *consumer = connection->served->consumer;

	while (connection->auth_at < consumer->auth_count) {
		if (!ask(connection, consumer->auth[connection->auth_at]))
			return;
	}
	if (consumer->auth_count == 0)
		nobody(connection);
	else if (!connection->refused_token && lists(consumer, MSGC_AUTH_JWT))
		await_token(connection);
	else
		msgc__authenticate_refuse(connection, 401, "Authentication required.");
}

void msgc__authenticate_begin(struct msgc_connection *connection)
{
	connection->state = MSGC__AUTHENTICATING;
	next_kind(connection);
}
