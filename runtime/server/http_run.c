/* SPDX-License-Identifier: MIT */
/*
 * What an exchange does on a pool thread: the program's handler, or a static file. It may block. It must not touch the worker, whose
 * thread goes on meanwhile.
 */
#include "http_exchange.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void run_handler(struct msgc__exchange *exchange)
{
	const struct msgc__route *route = exchange->request.route;
	int result = route->declared->handler(route->app, &exchange->request, &exchange->response);

	if (result != MSGC_OK)
		msgc__response_fail(&exchange->response, result);
}

/* ------------------------------------------------------------------------------------ static files */

/* How many of a path's segments a prefix takes; -1: it is not below that prefix. */
static int prefix_segments(const char *prefix, const struct msgc__path *path)
{
	size_t count = 0;

	for (const char *at = prefix + 1; *at; count++) {
		size_t len = strcspn(at, "/");

		if (count == path->count || path->segments[count].len != len ||
		        memcmp(path->segments[count].ptr, at, len) != 0)
			return -1;
		at += len + (at[len] == '/');
	}
	return (int)count;
}

/* The directory with the longest prefix. */
static const struct msgc__static *find_static(
        const struct msgc__http *http, const struct msgc__path *path, size_t *ret_skip)
{
	const struct msgc__static *best = NULL;
	int most = -1;

	for (size_t i = 0; i < http->static_count; i++) {
		int taken = prefix_segments(http->statics[i].prefix, path);

		if (taken > most) {
			most = taken;
			best = &http->statics[i];
		}
	}
	*ret_skip = most > 0 ? (size_t)most : 0;
	return best;
}

/*
 * "/docs" is a directory: the same with a slash, query kept. A path that gets here has no empty segment and no backslash, so that
 * what is answered is never "//host".
 */
static void redirect_to_slash(struct msgc__exchange *exchange)
{
	const struct msgc__request *head = &exchange->request.head;
	struct msgc_buf location;

	msgc_buf_init(&location, 0);
	msgc_buf_append(&location, head->path.ptr, head->path.len);
	msgc_buf_append_char(&location, '/');
	if (head->query.len > 0) {
		msgc_buf_append_char(&location, '?');
		msgc_buf_append(&location, head->query.ptr, head->query.len);
	}
	if (!msgc_buf_c(&location) ||
	        msgc_http_redirect(&exchange->response, 301, msgc_buf_c(&location)))
		msgc__response_fail(&exchange->response, MSGC_ENOTFOUND);
	msgc_buf_free(&location);
}

static void put_cache_control(struct msgc__exchange *exchange, const struct msgc__file *file)
{
	int64_t seconds = exchange->server->config.static_max_age / 1000;
	char value[48];

	if (seconds > 0 && strncmp(file->type, "text/html", 9) != 0)
		snprintf(value, sizeof(value), "public, max-age=%lld", (long long)seconds);
	else
		snprintf(value, sizeof(value), "no-cache");
	msgc_http_set_header(&exchange->response, "cache-control", value);
}

/* The transport opens the file that is open here, whatever its name means by then. */
static void put_large(struct msgc__exchange *exchange, const struct msgc__file *file)
{
	struct msgc_http_response *response = &exchange->response;
	struct msgc_str copy;
	char path[32];

	exchange->fd = file->fd;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file->fd);
	if (msgc_arena_copy(response->arena, msgc_str_from(path), &copy))
		response->no_memory = true;
	else
		exchange->wire.file = copy.ptr;
}

static void put_small(struct msgc__exchange *exchange, const struct msgc__file *file)
{
	struct msgc_http_response *response = &exchange->response;
	size_t len = 0, size = (size_t)file->size;
	char *content = msgc_arena_alloc(response->arena, size + 1, 1);
	ssize_t n = 1;

	while (content && n > 0 && len < size) {
		n = read(file->fd, content + len, size - len);
		if (n > 0)
			len += (size_t)n;
	}
	close(file->fd);
	if (!content)
		response->no_memory = true;
	else if (len < size)
		msgc__response_fail(response, MSGC_EIO); /* shorter than it was a moment ago */
	else
		response->body = msgc_str_of(content, len);
}

static void serve_file(struct msgc__exchange *exchange, const struct msgc__file *file)
{
	const struct msgc_str *known =
	        msgc__request_header(&exchange->request.head, "if-none-match");
	struct msgc_http_response *response = &exchange->response;

	msgc_http_set_header(response, "etag", file->etag);
	put_cache_control(exchange, file);
	if (known && msgc__etag_matches(*known, file->etag)) {
		response->status = 304;
		close(file->fd);
		return;
	}
	msgc__response_put(response, "content-type", msgc_str_from(file->type), true);
	if (file->size > MSGC__HTTP_IN_MEMORY_MAX)
		put_large(exchange, file);
	else
		put_small(exchange, file);
}

static void run_static(struct msgc__exchange *exchange)
{
	const struct msgc__path *path = &exchange->request.path;
	const struct msgc__static *directory;
	struct msgc__file file;
	size_t skip = 0;
	int result = MSGC_ENOTFOUND;

	directory = find_static(&exchange->server->http, path, &skip);
	if (directory)
		result = msgc__static_open(
		        directory, path->segments + skip, path->count - skip, path->slash, &file);
	if (result == MSGC_OK)
		serve_file(exchange, &file);
	else if (result == MSGC_LATER)
		redirect_to_slash(exchange);
	else if (result == MSGC_ENOTFOUND && exchange->other_method)
		msgc__exchange_wrong_method(exchange);
	else
		msgc__response_fail(&exchange->response, result);
}

void msgc__exchange_run(struct msgc__exchange *exchange)
{
	if (exchange->todo == MSGC__DO_HANDLER)
		run_handler(exchange);
	else if (exchange->todo == MSGC__DO_ADMIN)
		exchange->admin(exchange);
	else if (exchange->todo == MSGC__DO_TICKET)
		msgc__ticket_prepare(exchange);
	else
		run_static(exchange);
}
