/* SPDX-License-Identifier: MIT */
/*
 * Seats: a connection's place in the roster of a group that it has joined, from the entry that the program gives for it to its leaving. It must
 * not know how rosters are kept, nor what clients are told of them.
 */
#include "presence.h"

#include <stdlib.h>
#include <string.h>

#include <msgc/type.h>

#include "topic.h"

enum { ID_MOST = 2048 };

static struct msgc__attendee attendee(
        const struct msgc__seat *seat, const struct msgc_connection *connection)
{
	return (struct msgc__attendee){
	        .id = msgc_str_of(seat->id, seat->id_len),
	        .info = msgc_str_of(seat->info, seat->info_len),
	        .process = connection->worker->server->process,
	        .connection = connection->id,
	};
}

/* ------------------------------------------------------------------------------------------ seats as memory */

static int seat_new(struct msgc_connection *connection, struct msgc_str group, struct msgc_str info,
        struct msgc__seat **ret)
{
	struct msgc_buf *id = &connection->worker->text;
	struct msgc__seat *seat;
	int result = msgc__presence_id(id, connection);

	if (result == 0 && id->len > ID_MOST)
		result = MSGC_ELIMIT;
	if (result < 0)
		return result;
	seat = calloc(1, sizeof *seat + id->len + 1);
	if (!seat)
		return MSGC_ENOMEM;
	memcpy(seat->id, id->data, id->len);
	seat->id_len = id->len;
	seat->info = strndup(info.len > 0 ? info.ptr : "", info.len);
	seat->info_len = info.len;
	seat->watch = seat->info ? msgc__watch_get(connection->worker, group) : NULL;
	if (!seat->watch) {
		free(seat->info);
		free(seat);
		return MSGC_ENOMEM;
	}
	*ret = seat;
	return 0;
}

void msgc__seat_free(struct msgc__seat *seat)
{
	msgc__watch_drop(seat->watch);
	free(seat->info);
	free(seat);
}

static struct msgc__membership *find_membership(
        const struct msgc_connection *connection, struct msgc_str group)
{
	struct msgc__membership *m = connection->memberships;

	while (m && !msgc_str_equal(msgc_str_of(m->group->name, m->group->len), group))
		m = m->next;
	return m;
}

/* ------------------------------------------------------------------------------------------------ coming */

static void take_note(struct msgc__seat *seat, const struct msgc__roster *roster)
{
	struct msgc__metrics *metrics = &seat->watch->worker->metrics;

	msgc__watch_due(seat->watch, roster->due_ms);
	msgc__counter_add(&metrics->roster_returns, roster->returned);
}

static void attended(void *arg, int result, const struct msgc__roster *roster)
{
	struct msgc__seat *seat = arg;

	if (roster)
		take_note(seat, roster);
	if (result < 0)
		msgc_log(seat->watch->worker->server, MSGC_LOG_ERROR, "presence.attend",
		        "group=%s error=%s", seat->watch->name, msgc_error_name(result));
	msgc__seat_show(seat, result, roster);
}

static void begin(struct msgc__membership *membership)
{
	struct msgc_connection *connection = membership->connection;
	struct msgc__worker *worker = connection->worker;
	struct msgc__backend *backend = worker->server->backend;
	struct msgc__roster_policy policy = msgc__presence_policy(worker);
	struct msgc__seat *seat = membership->seat;
	struct msgc__attendee who = attendee(seat, connection);
	char *info = seat->info;
	int result;

	connection->seats--;
	seat->begun = true;
	msgc__counter_add(&worker->metrics.roster_seats, 1);
	seat->asking++;
	seat->info = NULL;
	result = backend->ops->attend(
	        backend, worker, msgc__seat_group(seat), &who, &policy, attended, seat);
	if (result < 0)
		attended(seat, result, NULL);
	free(info);
}

/* The one that was joined first: the list is the other way round. */
static struct msgc__membership *next_to_begin(const struct msgc_connection *connection)
{
	struct msgc__membership *found = NULL;

	for (struct msgc__membership *m = connection->memberships; m; m = m->next) {
		if (m->seat && !m->seat->begun && !m->waiting && !m->recovery)
			found = m;
	}
	return found;
}

static bool waits(const struct msgc_connection *connection)
{
	for (const struct msgc__membership *m = connection->memberships; m; m = m->next) {
		if (m->seat && m->seat->asking > 0 && !m->seat->told)
			return true;
	}
	return false;
}

bool msgc__presence_begin(struct msgc_connection *connection)
{
	struct msgc__membership *membership;

	while (connection->seats > 0 && connection->state < MSGC__CLOSING &&
	        (membership = next_to_begin(connection)))
		begin(membership);
	return connection->state >= MSGC__CLOSING || !waits(connection);
}

/* ------------------------------------------------------------------------------------------------ leaving */

/* Is this an end after which a client comes back by itself? Who says goodbye, or is sent away for good, has gone. */
static bool may_come_back(const struct msgc_connection *connection)
{
	switch (connection->state >= MSGC__CLOSING ? connection->close_code : 0) {
	case 1001: /* a page is loaded anew; this server drains */
	case 1006:
	case 1012:
	case 1013:
	case 4408: return true;
	default: return false;
	}
}

static void departed(void *arg, int result, int64_t due_ms)
{
	struct msgc__watch *watch = arg;

	if (result < 0)
		msgc_log(watch->worker->server, MSGC_LOG_WARNING, "presence.depart",
		        "group=%s error=%s", watch->name, msgc_error_name(result));
	else
		msgc__watch_due(watch, due_ms);
	msgc__watch_drop(watch);
}

static void depart(const struct msgc__seat *seat, const struct msgc_connection *connection)
{
	struct msgc__worker *worker = connection->worker;
	struct msgc__backend *backend = worker->server->backend;
	struct msgc__roster_policy policy = msgc__presence_policy(worker);
	struct msgc__attendee who = attendee(seat, connection);
	int64_t linger = may_come_back(connection) ? worker->config->presence_linger : 0;
	int result;

	msgc__counter_add(&worker->metrics.roster_seats, (uint64_t)-1);
	msgc__watch_keep(seat->watch);
	result = backend->ops->depart(backend, worker, msgc__seat_group(seat), &who, linger,
	        &policy, departed, seat->watch);
	if (result < 0)
		departed(seat->watch, result, -1);
}

void msgc__presence_leave(struct msgc__membership *membership)
{
	struct msgc__seat *seat = membership->seat;

	membership->seat = NULL;
	if (!seat)
		return;
	if (seat->begun)
		depart(seat, membership->connection);
	else
		membership->connection->seats--;
	seat->membership = NULL;
	if (seat->asking == 0)
		msgc__seat_free(seat);
}

/* ---------------------------------------------------------------------------------------------- public */

/* A value of the kind's type as JSON: what breaks the contract is the program's defect. */
static int encode(struct msgc_connection *connection, const struct msgc_group_kind *kind,
        const void *entry, struct msgc_buf *out)
{
	const struct msgc__worker *worker = connection->worker;
	const struct msgc_type *type = kind->presence->type;
	int result = msgc_type_validate(type, entry, NULL);

	if (result == MSGC_ECONTRACT)
		msgc__presence_log_contract(connection, kind, entry);
	if (result < 0)
		return result;
	msgc_buf_init(out, (size_t)worker->config->presence_entry);
	result = msgc_type_encode(type, entry, out);
	return result == MSGC_EINVAL ? MSGC_ECONTRACT : result;
}

/* Who is asked for an entry, and where it may live. */
struct asked {
	const struct msgc__served *served;
	void *self;
	struct msgc_arena *arena;
	msgc_present_fn *present;
	const void *args;
};

/* The value is the program's to fill in; it lives in the same memory as what it points to. */
static int ask_entry(struct msgc_connection *connection, const struct msgc_group_kind *kind,
        const struct asked *asked, struct msgc_buf *out)
{
	const struct msgc__interceptor *interceptor = connection->worker->server->interceptor;
	const struct msgc_type *type = kind->presence->type;
	void *entry;
	int result;

	if (!type || !asked->present)
		return 0;
	entry = msgc_arena_calloc(asked->arena, 1, type->size);
	if (!entry)
		return MSGC_ENOMEM;
	result = interceptor ? interceptor->present(asked->served, kind->name) : 0;
	if (result == 0)
		result = asked->present(asked->served->handlers, asked->self, asked->args, entry);
	return result < 0 ? result : encode(connection, kind, entry, out);
}

static void take_seat(struct msgc__membership *membership, struct msgc__seat *seat)
{
	seat->membership = membership;
	membership->seat = seat;
	membership->connection->seats++;
	msgc__connection_make_ready(membership->connection);
}

static int sit_down(struct msgc_connection *connection, const struct msgc_group_kind *kind,
        struct msgc_str group, struct msgc_str info)
{
	struct msgc__membership *membership;
	struct msgc__seat *seat;
	int result = seat_new(connection, group, info, &seat);

	if (result < 0)
		return result;
	result = msgc__group_join(connection, kind, group);
	membership = result == 0 ? find_membership(connection, group) : NULL;
	if (!membership) { /* the backend has refused: join_result says so */
		msgc__seat_free(seat);
		return result;
	}
	take_seat(membership, seat);
	return 0;
}

int msgc_connection_attend(struct msgc_connection *connection, const struct msgc_group_kind *kind,
        struct msgc_str group, msgc_present_fn *present, const void *args)
{
	struct msgc__membership *membership;
	struct msgc_buf info = {0};
	struct asked asked;
	int result;

	if (!connection || !kind || !kind->presence)
		return MSGC_EINVAL;
	if (connection->state >= MSGC__CLOSING)
		return MSGC_EGONE;
	membership = find_membership(connection, group);
	if (membership && membership->seat)
		return 0;
	asked = (struct asked){connection->served, connection->self,
	        connection->bound ? connection->bound : &connection->arena, present, args};
	result = ask_entry(connection, kind, &asked, &info);
	if (result == 0)
		result = sit_down(connection, kind, group, msgc_buf_str(&info));
	msgc_buf_free(&info);
	return result;
}

int msgc__presence_follow(struct msgc_subscription *subscription)
{
	const struct msgc__served *served = subscription->served;
	const struct msgc_group_kind *kind = served->consumer->groups[0].kind;
	struct msgc__membership *membership = subscription->membership;
	struct msgc_arena *arena = subscription->bound ? subscription->bound : &subscription->arena;
	struct asked asked = {
	        served, subscription->self, arena, served->consumer->topic->present, NULL};
	struct msgc_buf info = {0};
	struct msgc__seat *seat;
	int result;

	if (!kind || !kind->presence || !membership || membership->seat)
		return 0;
	if (subscription->connection->worker->state == MSGC__WORKER_STOPPED)
		return 0; /* no code of the program runs any more */
	result = ask_entry(subscription->connection, kind, &asked, &info);
	if (result == 0)
		result = seat_new(
		        subscription->connection, subscription->group, msgc_buf_str(&info), &seat);
	if (result == 0)
		take_seat(membership, seat);
	msgc_buf_free(&info);
	return result;
}

static void updated(void *arg, int result, const struct msgc__roster *roster)
{
	struct msgc__seat *seat = arg;

	seat->asking--;
	if (roster)
		take_note(seat, roster);
	if (result < 0)
		msgc_log(seat->watch->worker->server, MSGC_LOG_ERROR, "presence.update",
		        "group=%s error=%s", seat->watch->name, msgc_error_name(result));
	if (!seat->membership && seat->asking == 0)
		msgc__seat_free(seat);
}

/* Before it has begun, it begins with this entry. */
static int update(struct msgc__seat *seat, struct msgc_str info)
{
	struct msgc_connection *connection = seat->membership->connection;
	struct msgc__worker *worker = connection->worker;
	struct msgc__backend *backend = worker->server->backend;
	struct msgc__roster_policy policy = msgc__presence_policy(worker);
	struct msgc__attendee who = attendee(seat, connection);
	int result;

	if (!seat->begun) {
		char *copy = strndup(info.ptr, info.len);

		if (!copy)
			return MSGC_ENOMEM;
		free(seat->info);
		seat->info = copy;
		seat->info_len = info.len;
		return 0;
	}
	who.info = info;
	seat->asking++;
	result = backend->ops->attend(
	        backend, worker, msgc__seat_group(seat), &who, &policy, updated, seat);
	if (result < 0)
		seat->asking--;
	return result;
}

static int show_anew(
        struct msgc__membership *membership, const struct msgc_group_kind *kind, const void *entry)
{
	struct msgc_buf info = {0};
	int result;

	if (!membership || !membership->seat)
		return MSGC_ENOTFOUND;
	result = encode(membership->connection, kind, entry, &info);
	if (result == 0)
		result = update(membership->seat, msgc_buf_str(&info));
	msgc_buf_free(&info);
	return result;
}

int msgc_connection_present(struct msgc_connection *connection, const struct msgc_group_kind *kind,
        struct msgc_str group, const void *entry)
{
	if (!connection || !kind || !kind->presence || !kind->presence->type || !entry)
		return MSGC_EINVAL;
	if (connection->state >= MSGC__CLOSING)
		return MSGC_EGONE;
	return show_anew(find_membership(connection, group), kind, entry);
}

int msgc_subscription_present(struct msgc_subscription *subscription, const void *entry)
{
	const struct msgc_group_kind *kind;

	if (!subscription || !entry)
		return MSGC_EINVAL;
	kind = subscription->served->consumer->groups[0].kind;
	if (!kind || !kind->presence || !kind->presence->type)
		return MSGC_EINVAL;
	return show_anew(subscription->membership, kind, entry);
}
