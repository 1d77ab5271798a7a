/* SPDX-License-Identifier: MIT */
/*
 * What a program registers for HTTP: routes, static directories, headers. All of it happens before the workers start; what is wrong is
 * logged and makes msgc_server_run() refuse. It must not know how a request is answered.
 */
#include "http_exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THROTTLE_BUCKETS = 16 * 1024 };

/* Request headers that are always there for msgc_http_header(). */
static const char *const common_names[] = {"accept", "accept-encoding", "accept-language",
        "authorization", "cache-control", "content-length", "content-type", "cookie", "host",
        "if-match", "if-modified-since", "if-none-match", "origin", "range", "referer",
        "sec-fetch-mode", "sec-fetch-site", "user-agent", "x-forwarded-for", "x-forwarded-proto",
        "x-request-id", "x-requested-with"};
enum { COMMON = sizeof(common_names) / sizeof(common_names[0]) };

int msgc__http_init(struct msgc__http *http)
{
	*http = (struct msgc__http){.name_count = COMMON};
	memcpy(http->names, common_names, sizeof(common_names));
	if (pthread_mutex_init(&http->lock, NULL))
		return MSGC_ENOMEM;
	if (msgc__throttle_new(THROTTLE_BUCKETS, &http->throttle)) {
		pthread_mutex_destroy(&http->lock);
		return MSGC_ENOMEM;
	}
	return MSGC_OK;
}

void msgc__http_free(struct msgc__http *http)
{
	if (http->throttle) /* else it never was initialised, or has been freed before */
		msgc__http_drop_all(http);
	for (size_t i = 0; i < http->route_count; i++)
		msgc__route_free(&http->routes[i]);
	free(http->routes);
	for (size_t i = 0; i < http->static_count; i++) {
		free(http->statics[i].prefix);
		free(http->statics[i].directory);
		close(http->statics[i].fd);
	}
	free(http->statics);
	for (size_t i = 0; i < http->kept_count; i++)
		free(http->kept[i]);
	for (size_t i = 0; i < http->header_count; i++)
		free((char *)http->headers[i].name);
	if (http->throttle)
		pthread_mutex_destroy(&http->lock);
	msgc__throttle_free(http->throttle);
	*http = (struct msgc__http){.throttle = NULL};
}

/* ------------------------------------------------------------------------------------ routes */

static int add_route(struct msgc_server *server, const struct msgc_http_route *declared, void *app)
{
	struct msgc__http *http = &server->http;
	struct msgc__route *grown;
	const char *reason = NULL;
	int result;

	grown = realloc(http->routes, (http->route_count + 1) * sizeof(*grown));
	if (!grown)
		return msgc_server_fail(server, "no memory for routes");
	http->routes = grown;
	result = msgc__route_compile(declared, app, &grown[http->route_count], &reason);
	if (result)
		return msgc_server_fail(server, "route %s %s: %s",
		        declared->method ? declared->method : "?",
		        declared->pattern ? declared->pattern : "?", reason ? reason : "no memory");
	http->route_count++;
	return MSGC_OK;
}

int msgc_server_routes(
        struct msgc_server *server, const struct msgc_http_route *routes, size_t count, void *app)
{
	int result = MSGC_OK;

	for (size_t i = 0; i < count; i++) {
		if (add_route(server, &routes[i], app))
			result = MSGC_ECONFIG;
	}
	return result;
}

/* ------------------------------------------------------------------------------------ static directories */

static bool is_prefix(const char *prefix)
{
	if (prefix[0] != '/' || strlen(prefix) > MSGC__PATH_MAX || strpbrk(prefix, "%?#{}"))
		return false;
	return !strstr(prefix, "//") && !strstr(prefix, "/.");
}

/* Takes over what is in `entry`. */
static int add_static(struct msgc__http *http, const struct msgc__static *entry)
{
	struct msgc__static *grown;

	grown = realloc(http->statics, (http->static_count + 1) * sizeof(*grown));
	if (!grown || !entry->prefix) {
		if (grown)
			http->statics = grown;
		free(entry->prefix);
		free(entry->directory);
		close(entry->fd);
		return MSGC_ENOMEM;
	}
	http->statics = grown;
	http->statics[http->static_count++] = *entry;
	return MSGC_OK;
}

int msgc_server_static(struct msgc_server *server, const char *url_prefix, const char *directory)
{
	struct msgc__static entry = {.fd = -1};
	size_t len;

	if (!url_prefix || !directory || !is_prefix(url_prefix))
		return msgc_server_fail(
		        server, "static files: '%s' is no URL path", url_prefix ? url_prefix : "");
	entry.directory = realpath(directory, NULL);
	if (entry.directory)
		entry.fd = open(entry.directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (entry.fd < 0) {
		const char *why = strerror(errno);

		free(entry.directory);
		return msgc_server_fail(server, "static files: %s: %s", directory, why);
	}
	entry.prefix = strdup(url_prefix);
	len = entry.prefix ? strlen(entry.prefix) : 0;
	if (len > 1 && entry.prefix[len - 1] == '/')
		entry.prefix[len - 1] = '\0';
	if (add_static(&server->http, &entry))
		return msgc_server_fail(server, "no memory for static files");
	return MSGC_OK;
}

/* ------------------------------------------------------------------------------------ headers */

bool msgc__header_is_ours(const char *name)
{
	static const char *const ours[] = {"connection", "content-length", "date", "keep-alive",
	        "transfer-encoding", "upgrade"};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		if (strcmp(name, ours[i]) == 0)
			return true;
	}
	return false;
}

/* A malloc'ed lower-case copy; NULL: no token (RFC 9110), or no memory. */
static char *lower_token(const char *name)
{
	size_t len = name ? strlen(name) : 0;
	char *copy = len > 0 && len <= 128 ? strdup(name) : NULL;

	for (char *c = copy; c && *c; c++) {
		if (*c >= 'A' && *c <= 'Z') {
			*c = (char)(*c + 32);
		} else if (*c <= ' ' || *c >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", *c)) {
			free(copy);
			return NULL;
		}
	}
	return copy;
}

int msgc_server_header(struct msgc_server *server, const char *name, const char *value)
{
	struct msgc__http *http = &server->http;
	char *lower = lower_token(name);

	if (!lower || !value || !msgc__header_value_ok(value) || msgc__header_is_ours(lower)) {
		free(lower);
		return msgc_server_fail(server, "header %s: not a header that a program may set",
		        name ? name : "?");
	}
	for (size_t i = 0; i < http->header_count; i++) {
		if (strcmp(http->headers[i].name, lower) == 0) {
			http->headers[i].value = msgc_str_from(value);
			free(lower);
			return MSGC_OK;
		}
	}
	if (http->header_count == sizeof(http->headers) / sizeof(http->headers[0])) {
		free(lower);
		return msgc_server_fail(server, "more than %zu headers", http->header_count);
	}
	http->headers[http->header_count++] = (struct msgc__header){lower, msgc_str_from(value)};
	return MSGC_OK;
}

int msgc_server_keep_header(struct msgc_server *server, const char *name)
{
	struct msgc__http *http = &server->http;
	char *lower = lower_token(name);

	if (!lower)
		return msgc_server_fail(server, "'%s' is no name of a header", name ? name : "");
	for (size_t i = 0; i < http->name_count; i++) {
		if (strcmp(http->names[i], lower) == 0) {
			free(lower);
			return MSGC_OK;
		}
	}
	if (http->kept_count == MSGC__HTTP_KEPT_MAX) {
		free(lower);
		return msgc_server_fail(server, "more than %d kept headers", MSGC__HTTP_KEPT_MAX);
	}
	http->kept[http->kept_count++] = lower;
	http->names[http->name_count++] = lower;
	return MSGC_OK;
}

size_t msgc__http_header_names(const struct msgc__http *http, const char *const **ret_names)
{
	*ret_names = http->names;
	return http->name_count;
}

/* ------------------------------------------------------------------------------------ before the start */

int msgc__http_prepare(struct msgc_server *server)
{
	const struct msgc__http *http = &server->http;
	int result = MSGC_OK;

	if (!http->throttle)
		return msgc_server_fail(server, "no memory for the HTTP side");
	for (size_t i = 0; i < http->route_count; i++) {
		for (size_t j = 0; j < i; j++) {
			const struct msgc_http_route *a = http->routes[j].declared;
			const struct msgc_http_route *b = http->routes[i].declared;

			if (msgc__route_conflicts(&http->routes[j], &http->routes[i]))
				result = msgc_server_fail(server,
				        "route %s %s: %s matches the same requests", b->method,
				        b->pattern, a->pattern);
		}
	}
	for (size_t i = 0; i < http->static_count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (strcmp(http->statics[i].prefix, http->statics[j].prefix) == 0)
				result = msgc_server_fail(server,
				        "static files: two directories for %s",
				        http->statics[i].prefix);
		}
	}
	return result;
}
