/* SPDX-License-Identifier: MIT */
/*
 * An exchange's life on its worker: the request's head comes, it is decided what is to be done, the body comes, the pool does it
 * (http_run.c), the response goes. It must not know what moves the bytes.
 */
#include "http_exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "worker.h"

/* ------------------------------------------------------------------------------------ life */

static struct msgc__exchange *exchange_new(
        struct msgc__worker *worker, const struct msgc__http_ops *ops, void *link)
{
	struct msgc__exchange *exchange = calloc(1, sizeof(*exchange));

	if (!exchange) {
		msgc__counter_add(&worker->metrics.short_of_memory[MSGC__SHORT_HTTP], 1);
		return NULL;
	}
	exchange->worker = worker;
	exchange->server = worker->server;
	exchange->config = worker->config;
	exchange->ops = ops;
	exchange->link = link;
	exchange->fd = -1;
	msgc_arena_init(&exchange->request.arena, MSGC__HTTP_ARENA_MAX);
	msgc__response_init(&exchange->response, &exchange->request.arena, false);
	atomic_fetch_add(&worker->server->http.exchanges, 1);
	msgc__worker_hold(worker);
	return exchange;
}

static void exchange_free(struct msgc__http *http, struct msgc__exchange *exchange)
{
	msgc__user_unref(exchange->request.user);
	if (exchange->fd >= 0)
		close(exchange->fd);
	msgc_arena_free(&exchange->request.arena);
	free(exchange);
	atomic_fetch_sub(&http->exchanges, 1);
}

static void list_add(struct msgc__http *http, struct msgc__exchange *exchange)
{
	pthread_mutex_lock(&http->lock);
	exchange->next = http->on_pool;
	exchange->prev = &http->on_pool;
	if (exchange->next)
		exchange->next->prev = &exchange->next;
	http->on_pool = exchange;
	pthread_mutex_unlock(&http->lock);
}

static void list_remove(struct msgc__http *http, struct msgc__exchange *exchange)
{
	pthread_mutex_lock(&http->lock);
	*exchange->prev = exchange->next;
	if (exchange->next)
		exchange->next->prev = exchange->prev;
	pthread_mutex_unlock(&http->lock);
}

void msgc__http_drop_all(struct msgc__http *http)
{
	while (http->on_pool) {
		struct msgc__exchange *exchange = http->on_pool;

		list_remove(http, exchange);
		exchange_free(http, exchange);
	}
}

static void respond(struct msgc__exchange *exchange)
{
	struct msgc__metrics *metrics = &exchange->worker->metrics;

	if (exchange->response.no_memory)
		msgc__counter_add(&metrics->short_of_memory[MSGC__SHORT_HTTP], 1);
	msgc__response_finish(exchange);
	msgc__counter_add(&metrics->responses[msgc__metrics_status(exchange->wire.status)], 1);
	exchange->ops->respond(exchange->link, &exchange->wire);
}

/* ------------------------------------------------------------------------------------ deciding */

static const char *reason_of(int status)
{
	switch (status) {
	case 400: return "invalid";
	case 403: return "forbidden";
	case 404: return "not_found";
	case 405: return "method_not_allowed";
	case 414: return "too_large";
	case 426: return "upgrade_required";
	case 429: return "rate_limited";
	case 501: return "not_implemented";
	default: return "busy";
	}
}

void msgc__exchange_answer(struct msgc__exchange *exchange, int status, const char *detail)
{
	exchange->todo = MSGC__DO_ANSWER;
	msgc_http_error(&exchange->response, status, reason_of(status), "%s", detail);
	if (status == 503)
		msgc__response_put(&exchange->response, "retry-after", MSGC_STR("1"), true);
}

void msgc__exchange_wrong_method(struct msgc__exchange *exchange)
{
	msgc__exchange_answer(exchange, 405, "There is something here, but not for this method.");
	msgc__response_put(&exchange->response, "allow", msgc_str_from(exchange->allow), true);
}

static void answer_options(struct msgc__exchange *exchange)
{
	exchange->todo = MSGC__DO_ANSWER;
	exchange->response.status = 204;
	msgc__response_put(&exchange->response, "allow", msgc_str_from(exchange->allow), true);
}

static void answer_rate(struct msgc__exchange *exchange, int64_t wait_ms)
{
	char seconds[24];

	snprintf(seconds, sizeof(seconds), "%lld", (long long)((wait_ms + 999) / 1000));
	msgc__exchange_answer(exchange, 429, "Too many requests. Try again later.");
	msgc_http_set_header(&exchange->response, "retry-after", seconds);
}

static void answer_broken(struct msgc__exchange *exchange, int status)
{
	msgc__exchange_answer(exchange, status,
	        status == 503 ? "The server is busy. Try again later."
	                      : "The request is not valid.");
}

/* A POST that another site's page makes with our user's cookies. */
static bool is_forged(const struct msgc__exchange *exchange)
{
	const struct msgc_http_request *request = &exchange->request;
	const struct msgc_server *server = exchange->server;

	if (request->is_safe || (request->route->declared->flags & MSGC_HTTP_ANY_ORIGIN))
		return false;
	if (request->origin == MSGC__ORIGIN_FOREIGN)
		return true;
	return request->origin == MSGC__ORIGIN_MISSING && server->origins.required &&
	        msgc__request_header(&request->head, "cookie");
}

static int64_t throttled(const struct msgc__exchange *exchange)
{
	const struct msgc_http_request *request = &exchange->request;
	const struct msgc_http_route *route = request->route->declared;
	struct msgc_server *server = exchange->server;
	uint32_t scope = (uint32_t)(request->route - server->http.routes);

	if (route->rate_tokens == 0)
		return 0;
	return msgc__throttle_take(server->http.throttle, scope, request->client.address,
	        route->rate_tokens, route->rate_per_ms, exchange->worker->now);
}

static void decide_route(struct msgc__exchange *exchange)
{
	int64_t wait;

	if (is_forged(exchange)) {
		msgc__exchange_answer(
		        exchange, 403, "This request does not come from a page of this site.");
		return;
	}
	wait = throttled(exchange);
	if (wait > 0)
		answer_rate(exchange, wait);
	else
		exchange->todo = MSGC__DO_HANDLER;
}

/* A WebSocket's address, asked for without an upgrade. */
static bool is_consumer(const struct msgc__exchange *exchange)
{
	return msgc__route_find(exchange->server, &exchange->request.path) != NULL;
}

static bool is_ticket_route(const struct msgc__exchange *exchange)
{
	const char *route = exchange->server->tickets.route;

	return route && msgc_str_equal(exchange->request.path_text, msgc_str_from(route));
}

static void decide_ticket(struct msgc__exchange *exchange)
{
	if (strcmp(exchange->request.method, "POST") == 0) {
		exchange->todo = MSGC__DO_TICKET;
		return;
	}
	snprintf(exchange->allow, sizeof(exchange->allow), "POST");
	msgc__exchange_wrong_method(exchange);
}

static void decide(struct msgc__exchange *exchange)
{
	struct msgc_server *server = exchange->server;
	struct msgc_http_request *request = &exchange->request;
	struct msgc__match match;

	msgc__routes_match(server->http.routes, server->http.route_count, request->method,
	        &request->path, &match);
	memcpy(exchange->allow, match.allow, sizeof(exchange->allow));
	if (match.route) {
		request->route = match.route;
		decide_route(exchange);
	} else if (match.path_known && strcmp(request->method, "OPTIONS") == 0) {
		answer_options(exchange);
	} else if (msgc__exchange_document(exchange)) {
		return;
	} else if (request->is_safe && server->http.static_count > 0 && !is_consumer(exchange)) {
		exchange->other_method = match.path_known;
		exchange->todo = MSGC__DO_STATIC;
	} else if (match.path_known) {
		msgc__exchange_wrong_method(exchange);
	} else if (is_consumer(exchange)) {
		msgc__exchange_answer(exchange, 426, "This is the address of a WebSocket.");
	} else {
		msgc__exchange_answer(exchange, 404, "There is nothing here.");
	}
}

struct msgc__exchange *msgc__exchange_begin(struct msgc__worker *worker,
        const struct msgc__request *request, bool admin, const struct msgc__http_ops *ops,
        void *link, size_t *ret_body_limit)
{
	struct msgc__exchange *exchange;
	const struct msgc__route *route;
	int status;

	msgc__worker_enter(worker);
	exchange = exchange_new(worker, ops, link);
	if (!exchange)
		return NULL;
	status = msgc__request_read(exchange, request);
	exchange->head_only = strcmp(exchange->request.method, "HEAD") == 0;
	exchange->response.secure = exchange->request.client.secure;
	if (status)
		answer_broken(exchange, status);
	else if (admin)
		msgc__exchange_decide_admin(exchange);
	else if (worker->state != MSGC__WORKER_SERVING)
		msgc__exchange_answer(exchange, 503, "The server is about to stop. Try again.");
	else if (is_ticket_route(exchange))
		decide_ticket(exchange);
	else
		decide(exchange);
	route = exchange->request.route;
	*ret_body_limit = route && route->declared->body_limit ? route->declared->body_limit
	                                                       : (size_t)MSGC__HTTP_BODY_DEFAULT;
	return exchange;
}

/* ------------------------------------------------------------------------------------ to the pool and back */

static struct msgc__exchange *of_work(struct msgc__work *work)
{
	return (struct msgc__exchange *)(void *)((char *)work -
	        offsetof(struct msgc__exchange, work));
}

static void run(struct msgc__work *work)
{
	msgc__exchange_run(of_work(work));
}

void msgc__exchange_finish(struct msgc__exchange *exchange)
{
	struct msgc__worker *worker = exchange->worker;
	struct msgc__http *http = &worker->server->http;

	list_remove(http, exchange);
	exchange->on_pool = false;
	if (!exchange->ended) {
		respond(exchange);
		return;
	}
	exchange_free(http, exchange);
	msgc__worker_release(worker);
}

static void done(struct msgc__worker *worker, struct msgc__work *work)
{
	struct msgc__exchange *exchange = of_work(work);

	(void)worker;
	if (exchange->ticket[0] != '\0' && !work->dropped)
		msgc__ticket_store(exchange);
	else
		msgc__exchange_finish(exchange);
}

static int submit(struct msgc__exchange *exchange)
{
	struct msgc__http *http = &exchange->server->http;
	int result;

	exchange->work.run = run;
	exchange->work.done = done;
	exchange->work.worker = exchange->worker;
	exchange->on_pool = true;
	list_add(http, exchange);
	result = msgc__pool_submit(exchange->server->pool, &exchange->work);
	if (result) {
		exchange->on_pool = false;
		list_remove(http, exchange);
	}
	return result;
}

static int keep_body(struct msgc_http_request *request, const char *body, size_t len)
{
	char *copy;

	/* The route has set its limit, which the transport keeps: the body does not count as the handler's memory. */
	request->arena.limit += len + MSGC_PADDING;
	copy = msgc_arena_alloc(&request->arena, len + MSGC_PADDING, 1);
	if (!copy)
		return MSGC_ENOMEM;
	if (len > 0)
		memcpy(copy, body, len);
	memset(copy + len, 0, MSGC_PADDING);
	request->body = msgc_str_of(copy, len);
	return MSGC_OK;
}

void msgc__exchange_body(struct msgc__exchange *exchange, const char *body, size_t len)
{
	int result;

	msgc__worker_enter(exchange->worker);
	if (exchange->todo == MSGC__DO_ANSWER) {
		respond(exchange);
		return;
	}
	result = keep_body(&exchange->request, body, len);
	if (!result)
		result = submit(exchange);
	if (!result)
		return;
	msgc__response_fail(&exchange->response, MSGC_EBUSY);
	respond(exchange);
}

void msgc__exchange_end(struct msgc__exchange *exchange)
{
	struct msgc__worker *worker = exchange->worker;

	msgc__worker_enter(worker);
	exchange->ended = true;
	if (exchange->on_pool)
		return; /* freed when the pool has given it back */
	exchange_free(&worker->server->http, exchange);
	msgc__worker_release(worker);
}
