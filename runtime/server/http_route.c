/* SPDX-License-Identifier: MIT */
/*
 * Patterns of routes: taken apart once, compared with each other for conflicts, matched against a request's path. Routes are few, so
 * they are looked through in order. It knows nothing of exchanges.
 */
#include "http_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
enum { METHODS = sizeof(methods) / sizeof(methods[0]) };

static int method_index(const char *method)
{
	for (int i = 0; i < METHODS; i++) {
		if (strcmp(method, methods[i]) == 0)
			return i;
	}
	return -1;
}

static bool is_param_name(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = name[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

		if (!letter && !(i > 0 && c >= '0' && c <= '9'))
			return false;
	}
	return len > 0;
}

/* One segment of a pattern, in place. NULL or what is wrong with it. */
static const char *compile_segment(struct msgc__route *route, char *text, size_t len)
{
	size_t i = route->segment_count;
	bool is_param = len > 0 && text[0] == '{';

	if (i == MSGC__SEGMENTS_MAX)
		return "the pattern has too many segments";
	if (len == 0)
		return "the pattern has an empty segment";
	if (is_param && (text[len - 1] != '}' || !is_param_name(text + 1, len - 2)))
		return "a parameter is a whole segment, {name}";
	if (!is_param && strcspn(text, "{}%?#") < len)
		return "a literal segment must not hold { } % ? or #";
	if (is_param) {
		text++;
		len -= 2;
	}
	text[len] = '\0';
	for (size_t j = 0; is_param && j < i; j++) {
		if (route->is_param[j] && strcmp(route->segments[j].ptr, text) == 0)
			return "two parameters have the same name";
	}
	route->segments[i] = msgc_str_of(text, len);
	route->is_param[i] = is_param;
	route->segment_count++;
	return NULL;
}

static const char *compile_pattern(struct msgc__route *route)
{
	char *at = route->text + 1;
	char *end = route->text + strlen(route->text);

	route->slash = end[-1] == '/';
	if (route->slash)
		end--;
	while (at < end) {
		char *slash = memchr(at, '/', (size_t)(end - at));
		char *stop = slash ? slash : end;
		const char *wrong = compile_segment(route, at, (size_t)(stop - at));

		if (wrong)
			return wrong;
		at = stop + 1;
	}
	return NULL;
}

int msgc__route_compile(const struct msgc_http_route *declared, void *app, struct msgc__route *ret,
        const char **ret_reason)
{
	struct msgc__route route = {.declared = declared, .app = app};
	const char *wrong = NULL;

	if (!declared->method || method_index(declared->method) < 0)
		wrong = "the method must be GET, POST, PUT, PATCH or DELETE";
	else if (!declared->pattern || declared->pattern[0] != '/' ||
	        strlen(declared->pattern) > MSGC__PATH_MAX)
		wrong = "the pattern must begin with '/'";
	else if (!declared->handler)
		wrong = "the handler is missing";
	else if (declared->rate_tokens > 0 && declared->rate_per_ms <= 0)
		wrong = "a rate needs its time";
	if (!wrong) {
		route.text = strdup(declared->pattern);
		if (!route.text)
			return MSGC_ENOMEM;
		wrong = compile_pattern(&route);
	}
	if (wrong) {
		free(route.text);
		*ret_reason = wrong;
		return MSGC_ECONFIG;
	}
	*ret = route;
	return MSGC_OK;
}

void msgc__route_free(struct msgc__route *route)
{
	free(route->text);
	route->text = NULL;
}

bool msgc__route_conflicts(const struct msgc__route *a, const struct msgc__route *b)
{
	if (strcmp(a->declared->method, b->declared->method) != 0 || a->slash != b->slash ||
	        a->segment_count != b->segment_count)
		return false;
	for (size_t i = 0; i < a->segment_count; i++) {
		if (a->is_param[i] != b->is_param[i])
			return false;
		if (!a->is_param[i] && !msgc_str_equal(a->segments[i], b->segments[i]))
			return false;
	}
	return true;
}

static bool fits(const struct msgc__route *route, const struct msgc__path *path)
{
	if (route->slash != path->slash || route->segment_count != path->count)
		return false;
	for (size_t i = 0; i < path->count; i++) {
		if (route->is_param[i] ? path->segments[i].len == 0
		                       : !msgc_str_equal(route->segments[i], path->segments[i]))
			return false;
	}
	return true;
}

/* Of two routes that fit: the first literal from the left decides. */
static bool is_closer(const struct msgc__route *a, const struct msgc__route *b)
{
	for (size_t i = 0; i < a->segment_count; i++) {
		if (a->is_param[i] != b->is_param[i])
			return b->is_param[i];
	}
	return false;
}

static void write_allow(char *out, size_t size, const bool known[METHODS])
{
	size_t len = 0;

	len += (size_t)snprintf(out, size, "OPTIONS");
	for (int i = 0; i < METHODS; i++) {
		if (known[i])
			len += (size_t)snprintf(
			        out + len, size - len, i == 0 ? ", GET, HEAD" : ", %s", methods[i]);
	}
}

void msgc__routes_match(const struct msgc__route *routes, size_t count, const char *method,
        const struct msgc__path *path, struct msgc__match *ret)
{
	const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
	bool known[METHODS] = {false};

	*ret = (struct msgc__match){.route = NULL};
	for (size_t i = 0; i < count; i++) {
		const struct msgc__route *route = &routes[i];

		if (!fits(route, path))
			continue;
		ret->path_known = true;
		known[method_index(route->declared->method)] = true;
		if (strcmp(route->declared->method, wanted) == 0 &&
		        (!ret->route || is_closer(route, ret->route)))
			ret->route = route;
	}
	if (ret->path_known)
		write_allow(ret->allow, sizeof(ret->allow), known);
}
