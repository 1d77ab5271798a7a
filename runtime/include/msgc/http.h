/* SPDX-License-Identifier: MIT */
/*
 * The HTTP side of a server: routes of the program (a login form, say) and static files, on the same port as the WebSockets.
 * Enough for an application's few routes; it is no web framework.
 *
 * A route's handler runs on a pool thread and may block. Request and response live until it returns. What it sends is kept in
 * memory and leaves afterwards.
 */
#ifndef MSGC_HTTP_H
#define MSGC_HTTP_H

#include <msgc/codec.h>
#include <msgc/server.h>

#ifdef __cplusplus
extern "C" {
#endif

struct msgc_http_request;
struct msgc_http_response;

/*
 * Writes the response and returns 0; a negative code becomes a status: MSGC_ECONTRACT 400, MSGC_EUNAUTHENTICATED 401, MSGC_EDENIED
 * and MSGC_EREFUSED 403, MSGC_ENOTFOUND 404, MSGC_ECONFLICT 409, MSGC_ELIMIT 413, MSGC_EBUSY 503, others 500, with a JSON body
 * {"error":{"reason","detail"}} without inner words.
 */
typedef int msgc_http_fn(
        void *app, struct msgc_http_request *request, struct msgc_http_response *response);

enum {
	/*
	 * Without this flag a request with a method other than GET and HEAD is refused (403) when its Origin is foreign, or missing while it
	 * carries a cookie: the defence of cookie-authenticated POSTs against other sites.
	 */
	MSGC_HTTP_ANY_ORIGIN = 1u << 0,
};

struct msgc_http_route {
	const char *method;  /* "GET" (serves HEAD too), "POST", "PUT", "PATCH", "DELETE" */
	const char *pattern; /* "/api/rooms/{slug}/join": {name} matches one segment */
	msgc_http_fn *handler;
	size_t body_limit; /* bytes; 0: 64 KiB */
	unsigned flags;
	/* At most so many requests per client address; tokens 0: no limit. 429 with Retry-After. */
	uint32_t rate_tokens;
	int64_t rate_per_ms;
};

/* `routes` is borrowed until the server is freed. Conflicting routes make msgc_server_run() refuse to start. */
int msgc_server_routes(
        struct msgc_server *server, const struct msgc_http_route *routes, size_t count, void *app);

/*
 * Serves the files below `directory` under `url_prefix` ("/"): index.html for a directory, types by extension, ETag, no dot
 * files, nothing outside of the directory (symbolic links included). Routes come first.
 */
int msgc_server_static(struct msgc_server *server, const char *url_prefix, const char *directory);

/*
 * What a contract's clients are told of it: AsyncAPI, JSON Schema and a reference page, as `msgc --emit documents` writes them into
 * NAME.documents.c. A program that does not compile that file does not carry them.
 */
struct msgc_documents {
	const char *contract; /* name of its file without ".msg" */
	struct msgc_str asyncapi;
	struct msgc_str schema;
	struct msgc_str html; /* empty: there is no page */
};

/*
 * Gives them out where the key `documents` is yes: GET /asyncapi.json (of the contract that was registered first), /asyncapi/NAME.json and
 * /schema/NAME.json (or NAME.schema.json, as schemas refer to each other). Routes of the program come first, static files after. At most 16
 * contracts, each once; else msgc_server_run() refuses to start. The administrative listener serves them to the playground, and the pages at
 * /docs and /docs/NAME, where the key `playground` lets it. `documents` is borrowed until the server is freed.
 */
int msgc_server_documents(struct msgc_server *server, const struct msgc_documents *documents);

/* Headers sent with every response of routes and static files, such as Content-Security-Policy. Strings are borrowed. */
int msgc_server_header(struct msgc_server *server, const char *name, const char *value);

/* Makes one more request header readable by msgc_http_header(): those in common use always are. Before the server runs. */
int msgc_server_keep_header(struct msgc_server *server, const char *name);

/* --------------------------------------------------------------------------------------------- request */

struct msgc_server *msgc_http_server(const struct msgc_http_request *request);
const char *msgc_http_method(const struct msgc_http_request *request);
struct msgc_str msgc_http_path(const struct msgc_http_request *request); /* percent-decoded */
struct msgc_str msgc_http_param(
        const struct msgc_http_request *request, const char *name); /* of the pattern, decoded */
struct msgc_str msgc_http_query(
        const struct msgc_http_request *request, const char *name); /* decoded; empty: none */
struct msgc_str msgc_http_header(
        const struct msgc_http_request *request, const char *name); /* any case; empty: none */
struct msgc_str msgc_http_cookie(const struct msgc_http_request *request, const char *name);
struct msgc_str msgc_http_body(
        const struct msgc_http_request *request); /* followed by MSGC_PADDING bytes, see codec.h */
struct msgc_str msgc_http_form(
        const struct msgc_http_request *request, const char *name); /* urlencoded body */
const char *msgc_http_address(
        const struct msgc_http_request *request); /* of the client, as for connections */
bool msgc_http_is_secure(
        const struct msgc_http_request *request); /* TLS here or at a trusted proxy */
struct msgc_arena *msgc_http_arena(
        struct msgc_http_request *request); /* until the response has left */

/*
 * Who asks: the first of the session cookie and the bearer token that is recognised. MSGC_EUNAUTHENTICATED if none. The user lives as
 * long as the request.
 */
int msgc_http_user(struct msgc_http_request *request, const struct msgc_user **ret_user);

/* -------------------------------------------------------------------------------------------- response */

/* The status is 200 unless set. Headers with CR, LF or NUL are refused (MSGC_EINVAL). Everything is copied. */
void msgc_http_status(struct msgc_http_response *response, int status);
int msgc_http_set_header(struct msgc_http_response *response, const char *name, const char *value);

struct msgc_http_cookie_options {
	const char *path;        /* NULL: "/" */
	int64_t max_age;         /* seconds; 0: until the browser closes; negative: delete */
	bool readable_by_script; /* false: HttpOnly */
	bool cross_site;         /* false: SameSite=Lax; true: SameSite=None, needs TLS */
};
/* Secure is added when the request came over TLS. `options` NULL: all defaults. */
int msgc_http_set_cookie(struct msgc_http_response *response, const char *name, const char *value,
        const struct msgc_http_cookie_options *options);

/* The body. The last call wins. */
int msgc_http_text(
        struct msgc_http_response *response, const char *content_type, struct msgc_str body);
int msgc_http_json(struct msgc_http_response *response, struct msgc_str json);
int msgc_http_redirect(struct msgc_http_response *response, int status, const char *location);
/* {"error":{"reason":reason,"detail":…}} with that status. Returns 0. */
int msgc_http_error(struct msgc_http_response *response, int status, const char *reason,
        const char *format, ...) MSGC_PRINTF(4, 5);

#ifdef __cplusplus
}
#endif

#endif
