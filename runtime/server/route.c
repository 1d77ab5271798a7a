/* SPDX-License-Identifier: MIT */
/*
 * Which consumer a path belongs to, and the texts of its parameters. Pure functions; it must not know what a parameter means.
 */
#include <string.h>

#include "core.h"

/* A topic without a route is found by nobody. */
static bool has_route(const struct msgc_consumer *consumer)
{
	return !consumer->topic || consumer->topic->has_route;
}

static bool matches(const struct msgc_consumer *consumer, const struct msgc__path *path)
{
	if (!has_route(consumer))
		return false;
	if (consumer->path_count != path->count)
		return false;
	for (size_t i = 0; i < path->count; i++) {
		const char *literal = consumer->path[i].literal;

		if (literal ? !msgc_str_equal(msgc_str_from(literal), path->segments[i])
		            : path->segments[i].len == 0)
			return false;
	}
	return true;
}

/* Both match the same path: does `a` name more of it, from the left? */
static bool is_closer(const struct msgc_consumer *a, const struct msgc_consumer *b)
{
	for (size_t i = 0; i < a->path_count; i++) {
		if (!a->path[i].literal != !b->path[i].literal)
			return a->path[i].literal != NULL;
	}
	return false;
}

const struct msgc__served *msgc__route_find(
        const struct msgc_server *server, const struct msgc__path *path)
{
	const struct msgc__served *best = NULL;

	for (size_t i = 0; i < server->served_count; i++) {
		const struct msgc__served *served = server->served[i];

		if (matches(served->consumer, path) &&
		        (!best || is_closer(served->consumer, best->consumer)))
			best = served;
	}
	return best;
}

bool msgc__route_same(const struct msgc_consumer *a, const struct msgc_consumer *b)
{
	if (a->path_count != b->path_count || !has_route(a) || !has_route(b))
		return false;
	for (size_t i = 0; i < a->path_count; i++) {
		const char *x = a->path[i].literal, *y = b->path[i].literal;

		if (!x != !y || (x && strcmp(x, y) != 0))
			return false;
	}
	return true;
}

static bool in_path(const struct msgc_consumer *consumer, size_t param)
{
	for (size_t i = 0; i < consumer->path_count; i++) {
		if (!consumer->path[i].literal && consumer->path[i].param == param)
			return true;
	}
	return false;
}

int msgc__route_values(const struct msgc_consumer *consumer, const struct msgc__path *path,
        struct msgc_str query, struct msgc_arena *arena, struct msgc_str **ret_values)
{
	struct msgc_str *values =
	        msgc_arena_calloc(arena, consumer->param_count + 1, sizeof values[0]);
	struct msgc__pairs pairs;
	int result;

	if (!values)
		return MSGC_ENOMEM;
	for (size_t i = 0; i < consumer->path_count; i++) {
		if (!consumer->path[i].literal)
			values[consumer->path[i].param] = path->segments[i];
	}
	result = msgc__pairs_parse(query, arena, &pairs);
	if (result < 0)
		return result == MSGC_ENOMEM ? result : MSGC_ECONTRACT;
	for (size_t i = 0; i < consumer->param_count; i++) {
		const struct msgc_str *value;
		size_t count;

		if (in_path(consumer, i))
			continue;
		value = msgc__pairs_find(&pairs, consumer->params[i], &count);
		if (count > 1)
			return MSGC_ECONTRACT;
		if (value)
			values[i] = *value;
	}
	*ret_values = values;
	return 0;
}
