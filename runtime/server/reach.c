/* SPDX-License-Identifier: MIT */
/*
 * All connections of a user: a table of each worker's, and publications that name a user instead of a group. It must not know why they are
 * told or closed.
 */
#include "reach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/type.h>

#include "connection.h"
#include "stage.h"
#include "standard.h"
#include "worker.h"

/* No group of a contract has a control character in its name. */
static const char control_group[] = "\x01"
                                    "users";

static struct msgc_str control(void)
{
	return msgc_str_of(control_group, sizeof control_group - 1);
}

enum { BUCKETS_FIRST = 64, REALM_MAX = 2048, ID_MAX = 1024, REASON_BYTES = 123 };

/* ------------------------------------------------------------------------------------------- table */

int msgc__reach_init(struct msgc__reach *reach)
{
	*reach = (struct msgc__reach){.bucket_count = BUCKETS_FIRST};
	reach->buckets = calloc(BUCKETS_FIRST, sizeof(struct msgc_connection *));
	return reach->buckets ? 0 : MSGC_ENOMEM;
}

void msgc__reach_free(struct msgc__reach *reach)
{
	free(reach->buckets);
	reach->buckets = NULL;
}

static struct msgc_connection **bucket_of(const struct msgc__reach *reach, uint64_t hash)
{
	return &reach->buckets[hash & (reach->bucket_count - 1)];
}

static void link_in(struct msgc__reach *reach, struct msgc_connection *connection)
{
	struct msgc_connection **bucket = bucket_of(reach, connection->user->hash);

	connection->next_of_user = *bucket;
	connection->prev_of_user = bucket;
	if (*bucket)
		(*bucket)->prev_of_user = &connection->next_of_user;
	*bucket = connection;
}

/* Without memory to grow its chains are longer, no more. */
static void grow(struct msgc__reach *reach)
{
	struct msgc__reach larger = {
	        .bucket_count = reach->bucket_count * 2, .count = reach->count};

	larger.buckets = calloc(larger.bucket_count, sizeof(struct msgc_connection *));
	if (!larger.buckets)
		return;
	for (size_t i = 0; i < reach->bucket_count; i++) {
		for (struct msgc_connection *c = reach->buckets[i], *next; c; c = next) {
			next = c->next_of_user;
			link_in(&larger, c);
		}
	}
	free(reach->buckets);
	*reach = larger;
}

void msgc__reach_add(struct msgc__reach *reach, struct msgc_connection *connection)
{
	if (!connection->user || connection->user->hash == 0 || connection->prev_of_user)
		return;
	if (reach->count >= reach->bucket_count)
		grow(reach);
	link_in(reach, connection);
	reach->count++;
}

void msgc__reach_remove(struct msgc__reach *reach, struct msgc_connection *connection)
{
	if (!connection->prev_of_user)
		return;
	*connection->prev_of_user = connection->next_of_user;
	if (connection->next_of_user)
		connection->next_of_user->prev_of_user = connection->prev_of_user;
	connection->prev_of_user = NULL;
	reach->count--;
}

/* ------------------------------------------------------------------------------------------ closing */

struct closing {
	uint16_t code;
	bool revoked; /* what waits is not sent any more */
	const char *reason;
};

/* Its body, which no client is ever shown: "r4410reason", "c4000reason". */
enum { REVOKED = 'r', CLOSED = 'c', BEFORE_REASON = 5 };

/* By this such a publication is known; it has no value in C. */
static const struct msgc_message closing_message = {
        .name = "\x01"
                "closing",
        .name_len = 8,
        .kind = MSGC_MESSAGE_EVENT,
        .type = &msgc_null_type,
};

/* ------------------------------------------------------------------------------------------ delivery */

static void listening(void *arg, int result)
{
	struct msgc__worker *worker = arg;

	worker->listening = result;
}

int msgc__reach_listen(struct msgc__worker *worker)
{
	struct msgc__backend *backend = worker->server->backend;
	int result = backend->ops->join(backend, worker, control(), listening, worker);

	return result < 0 ? result : worker->listening;
}

static void close_one(
        struct msgc_connection *connection, const struct msgc__publication *publication)
{
	struct msgc_str body = msgc__publication_body(publication);
	char reason[REASON_BYTES + 1];
	unsigned code = 0;

	for (size_t i = 1; i < BEFORE_REASON; i++)
		code = code * 10 + (unsigned)(body.ptr[i] - '0');
	memcpy(reason, body.ptr + BEFORE_REASON, body.len - BEFORE_REASON);
	reason[body.len - BEFORE_REASON] = '\0';
	if (*body.ptr == REVOKED)
		msgc__outbox_clear(&connection->worker->output, &connection->outbox);
	msgc__connection_end(connection, (uint16_t)code, reason);
}

static void tell_one(
        struct msgc_connection *connection, const struct msgc__publication *publication)
{
	/* Not before it has been told who it is. */
	if (connection->state < MSGC__JOINING || connection->served->registered != publication->at)
		return;
	msgc__counter_add(&connection->worker->metrics.delivered, 1);
	msgc__message_put(connection, publication->type, msgc__publication_body(publication),
	        (struct msgc__address){.ref = {NULL, 0}});
}

void msgc__reach_deliver(struct msgc__worker *worker, struct msgc__publication *publication)
{
	bool closes = publication->type == &closing_message;
	size_t count = 0;

	for (struct msgc_connection *c = *bucket_of(&worker->reach, publication->to->hash), *next;
	        c; c = next) {
		next = c->next_of_user;
		if (c->state >= MSGC__CLOSING || !msgc__user_same(c->user, publication->to) ||
		        (publication->sender_connection && publication->sender_connection == c->id))
			continue;
		count++;
		if (closes)
			close_one(c, publication);
		else
			tell_one(c, publication);
	}
	if (count > 0 && closes)
		msgc_log(worker->server, MSGC_LOG_INFO,
		        *msgc__publication_body(publication).ptr == REVOKED ? "user.revoked"
		                                                            : "user.closed",
		        "worker=%u connections=%zu", worker->index, count);
}

/* ---------------------------------------------------------------------------------------- publishing */

/* result: of having made it; then it gets its address, or is no more. */
static int address(int result, struct msgc__publication *made, const struct msgc_user *user,
        struct msgc__publication **ret)
{
	if (result < 0)
		return result;
	result = msgc__user_new(user, "", &made->to);
	if (result < 0)
		msgc__publication_unref(made);
	else
		*ret = made;
	return result;
}

static int make_message(struct msgc_server *server, const struct msgc_user *user,
        const struct msgc_message *type, const void *message, struct msgc__publication **ret)
{
	struct msgc__worker *worker = msgc__worker_current();
	struct msgc__publication *made;
	struct msgc_buf own;
	int result;

	msgc_buf_init(&own, 0);
	result = msgc__publication_new(
	        server, control(), type, message, NULL, 0, worker ? &worker->text : &own, &made);
	msgc_buf_free(&own);
	return address(result, made, user, ret);
}

/* Told at once, before all that waits. */
static int make_closing(
        const struct msgc_user *user, const struct closing *closing, struct msgc__publication **ret)
{
	char body[BEFORE_REASON + REASON_BYTES + 1];
	int len = snprintf(body, sizeof body, "%c%04u%s", closing->revoked ? REVOKED : CLOSED,
	        closing->code, closing->reason);
	struct msgc__publication *made;
	int result = msgc__publication_of(
	        control(), &closing_message, msgc_str_of(body, (size_t)len), NULL, 0, &made);

	result = address(result, made, user, ret);
	if (result == 0)
		(*ret)->urgent = true;
	return result;
}

int msgc__reach_revoke(struct msgc__worker *worker, const struct msgc_user *user)
{
	const struct closing closing = {4410, true, "credentials have been revoked"};
	struct msgc__publication *publication;
	int result = make_closing(user, &closing, &publication);

	return result < 0 ? result : msgc__publication_send(worker->server, publication);
}

static bool is_user(struct msgc_str realm, struct msgc_str id)
{
	return id.len > 0 && id.len <= ID_MAX && realm.len <= REALM_MAX;
}

int msgc_server_close_user(struct msgc_server *server, struct msgc_str realm, struct msgc_str id,
        uint16_t code, const char *reason, uint64_t except)
{
	const struct msgc_user user = {.realm = realm, .id = id};
	struct closing closing = {.code = code, .reason = reason ? reason : ""};
	struct msgc__publication *publication;
	int result;

	if (!server || !is_user(realm, id) || !msgc__is_close_code(code) ||
	        strlen(closing.reason) > REASON_BYTES ||
	        !msgc_utf8_valid(closing.reason, strlen(closing.reason)))
		return MSGC_EINVAL;
	result = make_closing(&user, &closing, &publication);
	if (result < 0)
		return result;
	publication->sender_connection = except;
	return msgc__publication_hand_over(server, publication);
}

int msgc_consumer_tell(struct msgc_server *server, const struct msgc_consumer *consumer,
        struct msgc_str realm, struct msgc_str id, const struct msgc_message *type,
        const void *message)
{
	const struct msgc_user user = {.realm = realm, .id = id};
	struct msgc__publication *publication;
	int result;

	if (!server || !consumer || !type || !message || !is_user(realm, id))
		return MSGC_EINVAL;
	result = make_message(server, &user, type, message, &publication);
	if (result < 0)
		return result;
	publication->at = consumer;
	return msgc__publication_hand_over(server, publication);
}
