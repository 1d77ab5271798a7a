/* SPDX-License-Identifier: MIT */
/*
 * Who is it? The kinds of the consumer's `auth` list are asked in turn; a client that is nobody yet and showed no token may send one as its
 * first frame where tokens are believed (authenticate_frame.c). It must not know what a user may do.
 */
#include "authenticate.h"

#include <stdlib.h>
#include <string.h>

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

void msgc__authenticate_count(
        struct msgc_connection *connection, enum msgc_auth_kind kind, int result)
{
	enum msgc__proof_result proof = MSGC__PROOF_FAILED;

	if (result == 0)
		proof = MSGC__PROOF_OK;
	else if (result == MSGC_EUNAUTHENTICATED)
		proof = MSGC__PROOF_REFUSED;
	msgc__counter_add(&msgc__connection_metrics(connection)->proofs[kind][proof], 1);
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
	if (!connection->served->consumer->speech.std_off &&
	        msgc__standard_authentication(
	                &worker->text, connection->served->consumer, status, detail) == 0)
		msgc__connection_put(connection, msgc_buf_str(&worker->text), msgc_str_of(NULL, 0));
	msgc__connection_end(connection, code, detail);
}

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

/* ------------------------------------------------------------------------------------- revoked since? */

static void checked(void *arg, int result)
{
	msgc__lookup_reply(arg, result);
}

static int call_check(struct msgc_lookup *lookup)
{
	int result = msgc__revoke_ask(
	        lookup->worker, &lookup->connection->user->is, lookup->proved, checked, lookup);

	return result < 0 ? result : MSGC_LATER;
}

static void check_answered(
        struct msgc_connection *connection, struct msgc_lookup *lookup, int result)
{
	(void)lookup;
	if (result == 0)
		msgc__enter_begin(connection);
	else if (result == MSGC_EUNAUTHENTICATED)
		msgc__authenticate_refuse(connection, 401, "Credentials have been revoked.");
	else
		msgc__authenticate_not_recognised(connection, result);
}

static void check_dropped(struct msgc_lookup *lookup, int result)
{
	(void)lookup;
	(void)result;
}

void msgc__authenticate_recognised(struct msgc_connection *connection,
        const struct msgc_user *answered, const char *realm, struct msgc__moment proved)
{
	struct msgc__worker *worker = connection->worker;
	int result = msgc__user_new(answered, realm, &connection->user);
	struct msgc_lookup *lookup;

	forget_credentials(connection);
	if (result < 0) {
		msgc__authenticate_refuse(connection, 500, "Internal error.");
		return;
	}
	connection->sender.user = connection->user;
	msgc__reach_add(&worker->reach, connection);
	connection->expires_at = connection->user->is.expires_at;
	connection->bound = NULL;
	if (expired(worker->server, &connection->user->is)) {
		msgc__authenticate_refuse(connection, 401, "Credentials have expired.");
		return;
	}
	if (msgc_user_is_anonymous(&connection->user->is)) {
		msgc__enter_begin(connection);
		return;
	}
	lookup = msgc__lookup_new(connection);
	if (!lookup) {
		msgc__authenticate_refuse(connection, 500, "Internal error.");
		return;
	}
	lookup->proved = proved;
	lookup->call = call_check;
	lookup->answered = check_answered;
	lookup->dropped = check_dropped;
	msgc__lookup_start(lookup);
}

void msgc__authenticate_not_recognised(struct msgc_connection *connection, int result)
{
	if (result == MSGC_EUNAUTHENTICATED) {
		connection->auth_at++;
		msgc__authenticate_next(connection);
		return;
	}
	msgc_log(connection->worker->server, MSGC_LOG_ERROR, "auth.failed",
	        "connection=%llu error=%s", (unsigned long long)connection->id,
	        msgc_error_name(result));
	msgc__authenticate_refuse(connection, 500, "Internal error.");
}

/* ------------------------------------------------------------------------------------------ asking */

/* With a copy of two texts, as one: the connection may end meanwhile. NULL: no memory, which has been told. */
static struct msgc_lookup *new_lookup(
        struct msgc_connection *connection, struct msgc_str first, struct msgc_str second)
{
	size_t len = first.len + (second.ptr ? second.len + 1 : 0);
	char *copy = malloc(len + 1);
	struct msgc_lookup *lookup = copy ? msgc__lookup_new(connection) : NULL;

	if (!lookup) {
		free(copy);
		msgc__authenticate_refuse(connection, 500, "Internal error.");
		return NULL;
	}
	memcpy(copy, first.ptr, first.len);
	if (second.ptr) {
		copy[first.len] = '\0';
		memcpy(copy + first.len + 1, second.ptr, second.len);
	}
	copy[len] = '\0';
	lookup->credential = copy;
	lookup->credential_len = len;
	lookup->name_len = first.len;
	return lookup;
}

void msgc__authenticate_dropped(struct msgc_lookup *lookup, int result)
{
	if (result == 0 && lookup->ret.user.release)
		lookup->ret.user.release(lookup->ret.user.data);
}

static bool takes_tokens(const struct msgc_consumer *consumer)
{
	return lists(consumer, MSGC_AUTH_JWT) || lists(consumer, MSGC_AUTH_TICKET);
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
	        takes_tokens(connection->served->consumer)) {
		/* A browser cannot take such a cookie back: it must not stand before a token. */
		if (user->release)
			user->release(user->data);
		result = MSGC_EUNAUTHENTICATED;
	}
	msgc__authenticate_count(connection, MSGC_AUTH_SESSION, result);
	if (result == 0)
		msgc__authenticate_recognised(connection, user, "session", connection->came);
	else
		msgc__authenticate_not_recognised(connection, result);
}

static void ask_session(struct msgc_connection *connection)
{
	struct msgc_lookup *lookup =
	        new_lookup(connection, connection->credentials->session, msgc_str_of(NULL, 0));

	if (!lookup)
		return;
	lookup->call = call_session;
	lookup->answered = session_answered;
	lookup->dropped = msgc__authenticate_dropped;
	msgc__lookup_start(lookup);
}

/* --------------------------------------------------------------------------------------------- Basic */

static struct msgc_str basic_name(const struct msgc_lookup *lookup)
{
	return msgc_str_of(lookup->credential, lookup->name_len);
}

static int call_basic(struct msgc_lookup *lookup)
{
	const struct msgc_server *server = lookup->worker->server;
	size_t at = lookup->name_len + 1;

	return server->basic.check(server->basic.app, lookup, basic_name(lookup),
	        msgc_str_of(lookup->credential + at, lookup->credential_len - at),
	        &lookup->ret.user);
}

static void basic_answered(
        struct msgc_connection *connection, struct msgc_lookup *lookup, int result)
{
	struct msgc__worker *worker = connection->worker;

	msgc__authenticate_count(connection, MSGC_AUTH_BASIC, result);
	if (result == MSGC_EUNAUTHENTICATED) {
		connection->refused_token = true;
		msgc__basic_failed(worker->server, &worker->config->auth_failure_rate,
		        connection->address, basic_name(lookup));
	}
	if (result == 0)
		msgc__authenticate_recognised(
		        connection, &lookup->ret.user, "basic", connection->came);
	else
		msgc__authenticate_not_recognised(connection, result);
}

static void ask_basic(struct msgc_connection *connection)
{
	struct msgc_lookup *lookup = new_lookup(
	        connection, connection->credentials->name, connection->credentials->password);

	if (!lookup)
		return;
	lookup->call = call_basic;
	lookup->answered = basic_answered;
	lookup->dropped = msgc__authenticate_dropped;
	msgc__lookup_start(lookup);
}

/* ------------------------------------------------------------------------------------------- tickets */

static void ticket_refused(struct msgc_connection *connection, int result)
{
	connection->refused_token |= result == MSGC_EUNAUTHENTICATED;
	msgc__authenticate_count(connection, MSGC_AUTH_TICKET, result);
	msgc__authenticate_not_recognised(connection, result);
}

static int call_recall(struct msgc_lookup *lookup)
{
	const struct msgc_server *server = lookup->worker->server;

	return server->tickets.recall(
	        server->tickets.app, lookup, &lookup->given, &lookup->ret.user);
}

static void recalled(struct msgc_connection *connection, struct msgc_lookup *lookup, int result)
{
	if (result < 0) {
		ticket_refused(connection, result);
		return;
	}
	msgc__authenticate_count(connection, MSGC_AUTH_TICKET, 0);
	msgc__authenticate_recognised(connection, &lookup->ret.user, "ticket", lookup->proved);
}

/* The program says what this user is today. */
static void recall(struct msgc_connection *connection, struct msgc_lookup *ticket)
{
	struct msgc_lookup *lookup =
	        new_lookup(connection, msgc_str_of("", 0), msgc_str_of(NULL, 0));

	if (!lookup)
		return;
	lookup->value = ticket->value;
	lookup->value_len = ticket->value_len;
	ticket->value = NULL;
	lookup->given = ticket->ret.user;
	lookup->proved = ticket->proved;
	lookup->call = call_recall;
	lookup->answered = recalled;
	lookup->dropped = msgc__authenticate_dropped;
	msgc__lookup_start(lookup);
}

static void ticket_answered(
        struct msgc_connection *connection, struct msgc_lookup *lookup, int result)
{
	if (result < 0) {
		ticket_refused(connection, result);
	} else if (connection->worker->server->tickets.recall) {
		recall(connection, lookup);
	} else {
		msgc__authenticate_count(connection, MSGC_AUTH_TICKET, 0);
		msgc__authenticate_recognised(
		        connection, &lookup->ret.user, "ticket", lookup->proved);
	}
}

static void ask_ticket(struct msgc_connection *connection)
{
	struct msgc_lookup *lookup =
	        new_lookup(connection, connection->credentials->ticket, msgc_str_of(NULL, 0));

	if (!lookup)
		return;
	lookup->call = msgc__ticket_call;
	lookup->answered = ticket_answered;
	lookup->dropped = msgc__authenticate_dropped;
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
	connection->refused_token |= result == MSGC_EUNAUTHENTICATED;
	msgc__authenticate_count(connection, MSGC_AUTH_JWT, result);
	if (result == 0)
		msgc__authenticate_recognised(connection, &user, "jwt",
		        (struct msgc__moment){.unix_seconds = user.issued_at});
	else
		msgc__authenticate_not_recognised(connection, result > 0 ? MSGC_EINTERNAL : result);
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

/* ----------------------------------------------------------------------------------------- in turn */

static void nobody(struct msgc_connection *connection)
{
	const struct msgc_user anonymous = {0};

	msgc__authenticate_count(connection, MSGC_AUTH_ANONYMOUS, 0);
	msgc__authenticate_recognised(connection, &anonymous, "anonymous", connection->came);
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
		if (!credentials || !credentials->bearer.ptr ||
		        !connection->worker->server->tokens.verify)
			break;
		ask_token(connection, credentials->bearer);
		return false;
	case MSGC_AUTH_ANONYMOUS:
		if (connection->announces)
			break;
		nobody(connection);
		return false;
	case MSGC_AUTH_TICKET:
		if (!credentials || !credentials->ticket.ptr)
			break;
		ask_ticket(connection);
		return false;
	case MSGC_AUTH_BASIC:
		if (!credentials || !credentials->name.ptr)
			break;
		ask_basic(connection);
		return false;
	}
	connection->auth_at++;
	return true;
}

void msgc__authenticate_next(struct msgc_connection *connection)
{
	const struct msgc_consumer *consumer = connection->served->consumer;

	while (connection->auth_at < consumer->auth_count) {
		if (!ask(connection, consumer->auth[connection->auth_at]))
			return;
	}
	if (consumer->auth_count == 0 && !consumer->auth_message)
		nobody(connection);
	else if (!connection->refused_token && (takes_tokens(consumer) || consumer->auth_message))
		await_token(connection);
	else
		msgc__authenticate_refuse(connection, 401, "Authentication required.");
}

void msgc__authenticate_begin(struct msgc_connection *connection)
{
	connection->state = MSGC__AUTHENTICATING;
	msgc__authenticate_next(connection);
}
