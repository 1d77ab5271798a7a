/* SPDX-License-Identifier: MIT */
/*
 * Members of groups on one worker: a seeded hash table of groups, an array of members in each, a list of memberships in each connection. It
 * must not know what is sent to a group.
 */
#include "group.h"

#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "connection.h"
#include "presence.h"
#include "recover.h"
#include "topic.h"
#include "worker.h"

enum { BUCKETS_FIRST = 64, MEMBERS_FIRST = 4 };

int msgc__groups_init(struct msgc__groups *groups)
{
	groups->count = 0;
	groups->bucket_count = BUCKETS_FIRST;
	groups->buckets = calloc(BUCKETS_FIRST, sizeof groups->buckets[0]);
	return groups->buckets ? 0 : MSGC_ENOMEM;
}

void msgc__groups_free(struct msgc__groups *groups)
{
	for (size_t i = 0; groups->buckets && i < groups->bucket_count; i++) {
		while (groups->buckets[i]) {
			struct msgc__group *group = groups->buckets[i];

			groups->buckets[i] = group->next;
			free(group->members);
			free(group);
		}
	}
	free(groups->buckets);
	groups->buckets = NULL;
}

static struct msgc__group **bucket(const struct msgc__groups *groups, uint64_t hash)
{
	return &groups->buckets[hash & (groups->bucket_count - 1)];
}

struct msgc__group *msgc__groups_find(const struct msgc__groups *groups, struct msgc_str name)
{
	uint64_t hash = msgc_hash_bytes(0, name.ptr, name.len);
	struct msgc__group *group = *bucket(groups, hash);

	while (group &&
	        (group->hash != hash || group->len != name.len ||
	                memcmp(group->name, name.ptr, name.len) != 0))
		group = group->next;
	return group;
}

/* Without memory for more buckets the old ones serve on, slower. */
static void grow(struct msgc__groups *groups)
{
	struct msgc__groups wider = {
	        .bucket_count = groups->bucket_count * 2, .count = groups->count};

	wider.buckets = calloc(wider.bucket_count, sizeof wider.buckets[0]);
	if (!wider.buckets)
		return;
	for (size_t i = 0; i < groups->bucket_count; i++) {
		while (groups->buckets[i]) {
			struct msgc__group *group = groups->buckets[i];
			struct msgc__group **to = bucket(&wider, group->hash);

			groups->buckets[i] = group->next;
			group->next = *to;
			*to = group;
		}
	}
	free(groups->buckets);
	*groups = wider;
}

static struct msgc__group *add_group(struct msgc__worker *worker, struct msgc_str name)
{
	struct msgc__groups *groups = &worker->groups;
	struct msgc__group *group = calloc(1, sizeof *group + name.len + 1);
	struct msgc__group **to;

	if (!group)
		return NULL;
	group->worker = worker;
	group->hash = msgc_hash_bytes(0, name.ptr, name.len);
	group->len = name.len;
	memcpy(group->name, name.ptr, name.len);
	if (++groups->count > groups->bucket_count)
		grow(groups);
	to = bucket(groups, group->hash);
	group->next = *to;
	*to = group;
	return group;
}

static void remove_group(struct msgc__group *group)
{
	struct msgc__groups *groups = &group->worker->groups;
	struct msgc__group **link = bucket(groups, group->hash);

	while (*link != group)
		link = &(*link)->next;
	*link = group->next;
	groups->count--;
	free(group->members);
	free(group);
}

/* ------------------------------------------------------------------------------------- memberships */

static struct msgc__membership **membership(
        struct msgc_connection *connection, const struct msgc__group *group)
{
	struct msgc__membership **link = &connection->memberships;

	while (*link && (*link)->group != group)
		link = &(*link)->next;
	return link;
}

static int add_member(struct msgc__group *group, struct msgc__membership *member)
{
	if (group->count == group->cap) {
		uint32_t cap = group->cap ? group->cap * 2 : MEMBERS_FIRST;
		struct msgc__membership **members =
		        realloc(group->members, (size_t)cap * sizeof members[0]);

		if (!members)
			return MSGC_ENOMEM;
		group->members = members;
		group->cap = cap;
	}
	member->at = group->count;
	group->members[group->count++] = member;
	return 0;
}

static int enter(struct msgc_connection *connection, struct msgc__group *group,
        struct msgc_subscription *subscription)
{
	struct msgc__membership *member = calloc(1, sizeof *member);

	if (!member)
		return MSGC_ENOMEM;
	member->group = group;
	member->connection = connection;
	member->subscription = subscription;
	if (msgc__recovery_wanted(member) && msgc__recovery_new(member) < 0) {
		free(member);
		return MSGC_ENOMEM;
	}
	if (add_member(group, member) < 0) {
		msgc__recovery_free(member);
		free(member);
		return MSGC_ENOMEM;
	}
	member->next = connection->memberships;
	connection->memberships = member;
	connection->membership_count++;
	if (subscription)
		subscription->membership = member;
	msgc__counter_add(&connection->worker->metrics.memberships, 1);
	return 0;
}

static void left(void *arg, int result)
{
	struct msgc__worker *worker = arg;

	if (result < 0)
		msgc_log(worker->server, MSGC_LOG_WARNING, "group.leave", "worker=%u error=%s",
		        worker->index, msgc_error_name(result));
}

/* The last member has gone. */
static void forget(struct msgc__group *group)
{
	struct msgc__worker *worker = group->worker;
	struct msgc__backend *backend = worker->server->backend;
	int result;

	if (group->asking)
		return; /* joined() sees to it */
	if (group->joined) {
		result = backend->ops->leave(
		        backend, worker, msgc_str_of(group->name, group->len), left, worker);
		if (result < 0)
			left(worker, result);
	}
	remove_group(group);
}

static void leave(struct msgc_connection *connection, struct msgc__membership **link)
{
	struct msgc__membership *member = *link;
	struct msgc__group *group = member->group;
	struct msgc__membership *last = group->members[--group->count];

	*link = member->next;
	connection->membership_count--;
	msgc__counter_add(&connection->worker->metrics.memberships, (uint64_t)-1);
	group->members[member->at] = last;
	last->at = member->at;
	if (member->waiting && --connection->joining == 0)
		msgc__connection_make_ready(connection);
	if (member->subscription)
		member->subscription->membership = NULL;
	msgc__recovery_free(member);
	msgc__presence_leave(member);
	free(member);
	if (group->count == 0)
		forget(group);
}

/* ------------------------------------------------------------------------------- the backend's answer */

/* Nobody is a member of a group that the backend does not carry. */
static void dissolve(struct msgc__group *group)
{
	while (group->count > 0) {
		struct msgc_connection *connection = group->members[0]->connection;

		leave(connection, membership(connection, group));
	}
}

/* Who waited goes on at the end of the turn, not while we walk through the members. */
static void joined(void *arg, int result)
{
	struct msgc__group *group = arg;

	for (uint32_t i = 0; i < group->count; i++) {
		struct msgc__membership *member = group->members[i];

		if (!member->waiting)
			continue;
		member->waiting = false;
		if (result < 0)
			member->connection->join_result = result;
		if (--member->connection->joining == 0)
			msgc__connection_make_ready(member->connection);
	}
	if (result < 0) {
		msgc_log(group->worker->server, MSGC_LOG_WARNING, "group.join",
		        "worker=%u group=%s error=%s", group->worker->index, group->name,
		        msgc_error_name(result));
		dissolve(group);
	}
	group->joined = result >= 0;
	group->asking = false;
	if (group->count == 0)
		forget(group);
}

static int ask_backend(struct msgc__group *group)
{
	struct msgc__worker *worker = group->worker;
	struct msgc__backend *backend = worker->server->backend;

	group->asking = true;
	return backend->ops->join(
	        backend, worker, msgc_str_of(group->name, group->len), joined, group);
}

static int join(struct msgc_connection *connection, const struct msgc_group_kind *type,
        struct msgc_str name, struct msgc_subscription *subscription)
{
	struct msgc__worker *worker = connection->worker;
	struct msgc__group *group;
	bool is_new;
	int result;

	if (name.len == 0 || name.len > MSGC_GROUP_NAME_MAX)
		return MSGC_EINVAL;
	group = msgc__groups_find(&worker->groups, name);
	if (group && *membership(connection, group)) {
		struct msgc__membership *member = *membership(connection, group);

		/* A program may have joined the topic's group by its name. */
		if (subscription) {
			member->subscription = subscription;
			subscription->membership = member;
		}
		return 0;
	}
	if (connection->membership_count >= (uint64_t)worker->config->max_groups)
		return MSGC_ELIMIT;
	is_new = !group;
	if (is_new && !(group = add_group(worker, name)))
		return MSGC_ENOMEM;
	if (type)
		group->type = type;
	result = enter(connection, group, subscription);
	if (result < 0) {
		if (is_new)
			remove_group(group);
		return result;
	}
	if (is_new || group->asking) {
		connection->memberships->waiting = true;
		connection->joining++;
	}
	if (!is_new)
		return 0;
	result = ask_backend(group);
	if (result < 0) {
		group->asking = false;
		leave(connection, membership(connection, group));
	}
	return result;
}

int msgc__group_join(struct msgc_connection *connection, const struct msgc_group_kind *type,
        struct msgc_str name)
{
	return join(connection, type, name, NULL);
}

int msgc__group_follow(struct msgc_subscription *subscription, const struct msgc_group_kind *type,
        struct msgc_str name)
{
	return join(subscription->connection, type, name, subscription);
}

void msgc__group_leave(struct msgc_connection *connection, struct msgc_str name)
{
	struct msgc__group *group = msgc__groups_find(&connection->worker->groups, name);
	struct msgc__membership **link = group ? membership(connection, group) : NULL;

	if (link && *link)
		leave(connection, link);
}

void msgc__group_leave_all(struct msgc_connection *connection)
{
	while (connection->memberships)
		leave(connection, &connection->memberships);
}

/* ------------------------------------------------------------------------------------------- public */

int msgc_connection_enter(struct msgc_connection *connection, const struct msgc_group_kind *type,
        struct msgc_str group)
{
	if (!connection)
		return MSGC_EINVAL;
	if (connection->state >= MSGC__CLOSING)
		return MSGC_EGONE;
	return msgc__group_join(connection, type, group);
}

int msgc_connection_join(struct msgc_connection *connection, struct msgc_str group)
{
	return msgc_connection_enter(connection, NULL, group);
}

int msgc_connection_leave(struct msgc_connection *connection, struct msgc_str group)
{
	if (!connection)
		return MSGC_EINVAL;
	msgc__group_leave(connection, group);
	return 0;
}
