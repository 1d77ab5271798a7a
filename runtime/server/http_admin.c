/* SPDX-License-Identifier: MIT */
/*
 * What the administrative listener serves: /healthz (the process is alive), /readyz (it should get clients), /metrics, /publish (http_publish.c),
 * /playground and /docs (http_playground.c). It must not
 * know who may reach that listener; by default that is the machine itself.
 */
#include <stdio.h>
#include <string.h>

#include "http_exchange.h"
#include "worker.h"

static bool is_draining(const struct msgc__exchange *exchange)
{
	return atomic_load(&exchange->server->stopping);
}

static void put_status(struct msgc__exchange *exchange, int status, struct msgc_str json)
{
	(void)msgc_http_json(&exchange->response, json);
	exchange->response.status = status;
}

static void health(struct msgc__exchange *exchange)
{
	if (is_draining(exchange))
		put_status(exchange, 503, MSGC_STR("{\"status\":\"draining\"}"));
	else
		put_status(exchange, 200, MSGC_STR("{\"status\":\"ok\"}"));
}

/* ------------------------------------------------------------------------------------------- ready */

/* On a pool thread: the program may look at its database. */
static void ask_program(struct msgc__exchange *exchange)
{
	struct msgc_server *server = exchange->server;

	if (server->on_ready.ready(server->on_ready.app))
		put_status(exchange, 200, MSGC_STR("{\"status\":\"ready\"}"));
	else
		put_status(exchange, 503,
		        MSGC_STR("{\"status\":\"not_ready\",\"reason\":\"program\"}"));
}

static void ready(struct msgc__exchange *exchange)
{
	struct msgc_server *server = exchange->server;

	if (is_draining(exchange)) {
		put_status(exchange, 503,
		        MSGC_STR("{\"status\":\"not_ready\",\"reason\":\"draining\"}"));
	} else if (atomic_load(&server->serving) < server->worker_count) {
		put_status(exchange, 503,
		        MSGC_STR("{\"status\":\"not_ready\",\"reason\":\"starting\"}"));
	} else if (server->on_ready.ready) {
		exchange->todo = MSGC__DO_ADMIN;
		exchange->admin = ask_program;
	} else {
		put_status(exchange, 200, MSGC_STR("{\"status\":\"ready\"}"));
	}
}

/* ----------------------------------------------------------------------------------------- metrics */

static void metrics(struct msgc__exchange *exchange)
{
	struct msgc_buf text;

	msgc_buf_init(&text, MSGC__HTTP_ARENA_MAX / 2);
	if (msgc__metrics_write(exchange->server, &text) != 0)
		msgc__response_fail(&exchange->response, MSGC_EBUSY);
	else
		(void)msgc_http_text(&exchange->response,
		        "text/plain; version=0.0.4; charset=utf-8", msgc_buf_str(&text));
	msgc_buf_free(&text);
}

/* ------------------------------------------------------------------------------------------- paths */

static const struct place {
	const char *path;
	bool posts; /* else it is for GET and HEAD */
	void (*answer)(struct msgc__exchange *exchange);
} places[] = {
        {"/healthz", false, health},
        {"/readyz", false, ready},
        {"/metrics", false, metrics},
        {"/publish", true, msgc__exchange_publish},
};

void msgc__exchange_decide_admin(struct msgc__exchange *exchange)
{
	const struct msgc_http_request *request = &exchange->request;

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		const struct place *place = &places[i];

		if (!msgc_str_equal(request->path_text, msgc_str_from(place->path)))
			continue;
		if (place->posts ? strcmp(request->method, "POST") != 0 : !request->is_safe) {
			snprintf(exchange->allow, sizeof exchange->allow, "%s",
			        place->posts ? "POST" : "GET, HEAD");
			msgc__exchange_wrong_method(exchange);
			return;
		}
		exchange->todo = MSGC__DO_ANSWER;
		place->answer(exchange);
		return;
	}
	if (msgc__exchange_playground(exchange))
		return;
	msgc__exchange_answer(exchange, 404, "There is nothing here.");
}
