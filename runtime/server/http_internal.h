/* SPDX-License-Identifier: MIT */
/*
 * The HTTP side inside the server: routes, static directories, extra headers, rate limits, and the exchange (one request and its response).
 * An exchange belongs to one worker; only its handler runs on a pool thread. It must not know what moves the bytes: transport.h.
 */
#ifndef MSGC__HTTP_INTERNAL_H
#define MSGC__HTTP_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include <msgc/consumer.h>
#include <msgc/http.h>

#include "../transport/transport.h"
#include "origin.h"
#include "url.h"

enum {
	MSGC__HTTP_BODY_DEFAULT = 64 * 1024,
	MSGC__HTTP_HEADERS_MAX = 64,           /* of a response, all kinds together */
	MSGC__HTTP_IN_MEMORY_MAX = 256 * 1024, /* larger static files are sent from the file */
	MSGC__DOCUMENTS_MAX = 16,              /* contracts of msgc_server_documents() */
	MSGC__HTTP_KEPT_MAX = 32,              /* msgc_server_keep_header() */
	MSGC__HTTP_NAMES_MAX = 64,
	MSGC__HTTP_ARENA_MAX = 16 * 1024 * 1024, /* bytes of one exchange beside its body */
};

/* ------------------------------------------------------------------------------- rate per client address */

/*
 * Token buckets in a table of fixed size: no memory can be won by coming from many addresses; the bucket that was touched longest ago gives way.
 * IPv6 clients count by their /64. Any thread.
 */
struct msgc__throttle;
int msgc__throttle_new(size_t buckets, struct msgc__throttle **ret);
void msgc__throttle_free(struct msgc__throttle *throttle);
/* Takes one token: 0, or milliseconds until there is one again. `scope` tells limits apart; `now_ms` is monotonic. */
/* The same by a key that was made before, whatever it stands for: one address, one user. */
uint64_t msgc__throttle_key(uint32_t scope, const char *address);
int64_t msgc__throttle_take_key(struct msgc__throttle *throttle, uint64_t key,
        const struct msgc_rate *rate, int64_t now_ms);
/* Milliseconds until there is a token, without taking it. */
int64_t msgc__throttle_look_key(struct msgc__throttle *throttle, uint64_t key,
        const struct msgc_rate *rate, int64_t now_ms);
int64_t msgc__throttle_take(struct msgc__throttle *throttle, uint32_t scope, const char *address,
        uint32_t tokens, int64_t per_ms, int64_t now_ms);

/* ------------------------------------------------------------------------------- what the program registered */

struct msgc__route {
	const struct msgc_http_route *declared;
	void *app;
	char *text; /* owns the segments' bytes */
	struct msgc_str segments[MSGC__SEGMENTS_MAX];
	bool is_param[MSGC__SEGMENTS_MAX];
	size_t segment_count;
	bool slash;
};

struct msgc__static {
	char *prefix;    /* "/" or "/assets": without '/' at its end but for "/" itself */
	char *directory; /* canonical */
	int fd;          /* O_PATH */
};

struct msgc__http {
	struct msgc__route *routes;
	size_t route_count;
	struct msgc__static *statics;
	size_t static_count;
	struct msgc__header headers[MSGC__HTTP_HEADERS_MAX / 2];
	size_t header_count;
	const char *names[MSGC__HTTP_NAMES_MAX]; /* lower case: what the transport copies */
	size_t name_count;
	char *kept[MSGC__HTTP_KEPT_MAX]; /* of msgc_server_keep_header(), owned */
	size_t kept_count;
	const struct msgc_documents *documents[MSGC__DOCUMENTS_MAX];
	size_t document_count;
	struct msgc__throttle *throttle;
	/* Exchanges that are on the pool: what the pool drops when it is stopped is freed with the server. */
	pthread_mutex_t lock;
	struct msgc__exchange *on_pool;
	atomic_size_t exchanges; /* begun and not yet freed, of all workers */
};

/* MSGC_ENOMEM. */
int msgc__http_init(struct msgc__http *http);
/*
 * After the pool has been stopped: frees the exchanges that it has dropped, so that their users are released before the program's stop
 * hook runs. msgc__http_free() does the same.
 */
void msgc__http_drop_all(struct msgc__http *http);
void msgc__http_free(struct msgc__http *http);

/* Before the workers start: conflicting routes and the like are logged; MSGC_ECONFIG. */
int msgc__http_prepare(struct msgc_server *server);

/*
 * Names (lower case) of request headers that the transport has to copy, NULL at the end: those in common use and the kept ones. Valid
 * until the server is freed, after msgc__http_prepare().
 */
size_t msgc__http_header_names(const struct msgc__http *http, const char *const **ret_names);

/* ------------------------------------------------------------------------------------------ routing */

struct msgc__match {
	const struct msgc__route *route; /* NULL: none */
	bool path_known;                 /* some route has this path, with other methods */
	char allow[64];                  /* those methods: "GET, HEAD, OPTIONS, POST" */
};

int msgc__route_compile(const struct msgc_http_route *declared, void *app, struct msgc__route *ret,
        const char **ret_reason);
void msgc__route_free(struct msgc__route *route);
/* Two patterns of one method that match exactly the same paths. */
bool msgc__route_conflicts(const struct msgc__route *a, const struct msgc__route *b);
/* Literals win over parameters, from the left. A final slash must be as in the pattern. */
void msgc__routes_match(const struct msgc__route *routes, size_t count, const char *method,
        const struct msgc__path *path, struct msgc__match *ret);

/* ------------------------------------------------------------------------------------------ static files */

/* A file found below a directory: open, regular, inside. */
struct msgc__file {
	int fd;
	int64_t size;
	char etag[64];    /* quoted, strong */
	const char *type; /* "text/html; charset=utf-8" */
};
/*
 * Opens `path` (decoded segments below `directory`) without ever leaving it. MSGC_ENOTFOUND for all that is not to be seen;
 * a directory named without its final slash gives MSGC_LATER (redirect to the same path with one). Blocks.
 */
int msgc__static_open(const struct msgc__static *directory, const struct msgc_str *segments,
        size_t count, bool slash, struct msgc__file *ret);
const char *msgc__mime_type(const char *file_name);
/* Does an If-None-Match header name this ETag (weak comparison), or is it "*"? */
bool msgc__etag_matches(struct msgc_str if_none_match, const char *etag);

#endif
