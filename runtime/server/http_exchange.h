/* SPDX-License-Identifier: MIT */
/*
 * One HTTP request and its response, as the parts of the HTTP side share it. The worker owns it; while `on_pool` is set, everything
 * but `ended` belongs to the pool thread.
 */
#ifndef MSGC__HTTP_EXCHANGE_H
#define MSGC__HTTP_EXCHANGE_H

#include "core.h"
#include "credentials.h"
#include "user.h"

struct msgc_http_request {
	char method[8];
	struct msgc__request head; /* copied into the arena */
	struct msgc__path path;
	struct msgc_str path_text; /* decoded */
	struct msgc__client client;
	enum msgc__origin_verdict origin;
	bool is_safe; /* GET and HEAD: changes nothing */
	const struct msgc__route *route;
	struct msgc_str body;
	struct msgc__pairs query, form;
	bool query_read, form_read;
	struct msgc__user *user;
	struct msgc_arena arena;
};

struct msgc_http_response {
	struct msgc_arena *arena;
	bool secure;
	int status;
	struct msgc__header headers[MSGC__HTTP_HEADERS_MAX];
	size_t header_count;
	struct msgc_str body;
	bool no_memory;
};

/* What the exchange has to do once the body is there. */
enum msgc__todo {
	MSGC__DO_ANSWER, /* the response is already written */
	MSGC__DO_HANDLER,
	MSGC__DO_STATIC,
	MSGC__DO_ADMIN,  /* exchange->admin, on the pool */
	MSGC__DO_TICKET, /* made on the pool, stored by the backend */
};

struct msgc__exchange {
	struct msgc__work work;
	struct msgc__exchange *next, **prev; /* in msgc__http.on_pool */
	struct msgc_server *server;
	struct msgc__worker *worker;
	const struct msgc__config *config; /* as it was when the request came */
	const struct msgc__http_ops *ops;
	void *link;
	enum msgc__todo todo;
	void (*admin)(struct msgc__exchange *exchange);
	char ticket[MSGC__TICKET_LEN + 1]; /* "": none */
	struct msgc_str ticket_value;      /* what it will stand for */
	struct msgc__moment proved;        /* when it was known who asks */
	bool on_pool;
	bool ended; /* the link has gone: nobody is to be answered */
	bool head_only;
	bool other_method; /* the path is a route's, but with other methods: 405 if no file is found */
	char allow[64];
	int fd; /* of a static file that is sent from the file; -1 */
	struct msgc_http_request request;
	struct msgc_http_response response;
	struct msgc__response wire;
};

/* 405 with the methods in `allow`. (http_exchange.c) */
void msgc__exchange_wrong_method(struct msgc__exchange *exchange);
/* The answer is known before the body: it waits until that is read, so that the connection stays in step. */
void msgc__exchange_answer(struct msgc__exchange *exchange, int status, const char *detail);
/* POST /publish, with the key or without. (http_publish.c) */
void msgc__exchange_publish(struct msgc__exchange *exchange);
/* What the administrative listener has. (http_admin.c) */
void msgc__exchange_decide_admin(struct msgc__exchange *exchange);
/* What the pool, or the backend behind it, had to do has been done: answers, if anybody is there. */
void msgc__exchange_finish(struct msgc__exchange *exchange);
/* GET /asyncapi.json and the like: true where one of the server's documents is meant and they are given out. (http_documents.c) */
bool msgc__exchange_document(struct msgc__exchange *exchange);
/* What never changes while the server runs, with an ETag. Both texts live as long. (http_documents.c) */
void msgc__exchange_constant(
        struct msgc__exchange *exchange, struct msgc_str body, const char *type);
/* The documents of the contract in NAME.msg; NULL: none are registered. (http_documents.c) */
const struct msgc_documents *msgc__documents_find(
        const struct msgc__http *http, struct msgc_str name);
/* /playground, /docs and what is below them: true where that is served and means something. (http_playground.c) */
bool msgc__exchange_playground(struct msgc__exchange *exchange);
/* On a pool thread. (http_run.c) */
void msgc__exchange_run(struct msgc__exchange *exchange);

/* ------------------------------------------------------------------------------- response (http_response.c) */

void msgc__response_init(
        struct msgc_http_response *response, struct msgc_arena *arena, bool secure);
/* Sets (or, with an empty value, leaves out) a header without the checks for programs. Borrows. */
void msgc__response_put(
        struct msgc_http_response *response, const char *name, struct msgc_str value, bool replace);
bool msgc__response_has(const struct msgc_http_response *response, const char *name);
/* Starts anew, keeping nothing that a handler has set. */
void msgc__response_clear(struct msgc_http_response *response);
/* The JSON error that a handler's result deserves. */
void msgc__response_fail(struct msgc_http_response *response, int result);
/* Adds the server's own headers and fills in `wire`. */
void msgc__response_finish(struct msgc__exchange *exchange);

/* Lower-case copy of a header name that is a token; NULL: it is none, or no memory. */
char *msgc__header_name(struct msgc_arena *arena, const char *name);
bool msgc__header_value_ok(const char *value);
/* Does the transport write this one? */
bool msgc__header_is_ours(const char *lower_name);

/* ------------------------------------------------------------------------------- request (http_request.c) */

/* Copies what the transport lends. 0, or the status to answer: 400, 414, 503. */
int msgc__request_read(struct msgc__exchange *exchange, const struct msgc__request *request);

#endif
