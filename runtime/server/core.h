/* SPDX-License-Identifier: MIT */
/*
 * The server as its own parts see it: configuration, what the program registered, workers, pool, backend. Set up on one thread by
 * msgc_server_…() before the workers start and only read afterwards, but for the atomics.
 */
#ifndef MSGC__CORE_H
#define MSGC__CORE_H

#include <stdatomic.h>

#include <msgc/consumer.h>
#include <msgc/server.h>

#include "../backends/backend.h"
#include "../transport/transport.h"
#include "config.h"
#include "http_internal.h"
#include "log.h"
#include "metrics.h"
#include "notify.h"
#include "origin.h"
#include "pool.h"
#include "reload.h"

/* The time, through functions that a test may replace. */
struct msgc__clock {
	int64_t (*monotonic_ms)(void *context);
	int64_t (*unix_seconds)(void *context);
	void *context;
	uint64_t
	        since; /* servers with the same number have one monotonic clock; 0: it is this one's alone */
};

/* One consumer in service. */
struct msgc__served {
	const struct msgc_consumer *consumer;
	const struct msgc_consumer
	        *registered; /* as the program handed it over, by which it is known */
	void *handlers;      /* a copy */
	void *app;
	size_t frame_limit;
	size_t index;      /* in server->served */
	char *expected;    /* the actions that a client may send: "'chat', 'ping'" */
	unsigned *by_tags; /* their numbers, in the order of their tags */
	char *faces[4];    /* of group messages: what takes the last brace's place */
	bool rates;        /* some action has one of its own */
	struct msgc__served *
	        *topics; /* as many as the consumer mounts, since the start; of a topic itself */
	size_t topic_count;
};

struct msgc__address_count; /* connections per client address: addresses.h */

/* Stands before functions of the program that no table names: the test kit's. */
struct msgc__interceptor {
	/* Negative: the entry of this group's roster is not asked for, and that is what comes of it. */
	int (*present)(const struct msgc__served *served, const char *group);
	/* What a question is asked by in place of `ask`. */
	const struct msgc_ask *(*ask)(
	        const struct msgc__served *served, const struct msgc_ask *ask);
};

struct msgc_server {
	struct msgc__config config;
	struct msgc__log log;
	struct msgc__http http;
	struct msgc__origins origins;
	struct msgc__clock clock;
	const struct msgc__transport *transport;
	int argc;
	char **argv;
	const struct msgc_setting *settings; /* the program's keys */
	size_t setting_count;
	bool playground;      /* is served: since the start */
	int port, admin_port; /* that are listened on, since the start; -1: none */
	const struct msgc__interceptor *interceptor; /* NULL: there is none */
	bool failed; /* something is wrong and has been logged: it will not run */

	struct msgc__served **served;
	size_t served_count;

	struct {
		const char *cookie_name;
		msgc_session_fn *find; /* NULL: no hook */
		void *app;
	} sessions;
	struct {
		msgc_token_fn *verify; /* NULL: no hook */
		const char *cookie_name;
		void *context;
		void (*release)(void *context);
	} tokens;
	struct {
		msgc_basic_fn *check; /* NULL: no hook */
		void *app;
	} basic;
	struct {
		const char *route;      /* NULL: there are none */
		msgc_ticket_fn *recall; /* NULL: the user is what the ticket says */
		void *app;
	} tickets;
	struct {
		int (*start)(void *app, unsigned worker);
		void (*stop)(void *app, unsigned worker);
		void *app;
	} on_worker;
	struct {
		void (*stopped)(void *app);
		void *app;
	} on_stop;
	struct {
		bool (*ready)(void *app); /* NULL: no hook */
		void *app;
	} on_ready;

	struct {
		/* MSGC_ECONFIG: it has said why. NULL: the memory backend. */
		int (*make)(struct msgc_server *server, void *context, struct msgc__backend **ret);
		void *context;
		void (*release)(void *context);
	} storage;

	struct msgc__reload_hook reload_hooks[MSGC__RELOAD_HOOKS_MAX];
	unsigned reload_hook_count;
	struct msgc__reload *reloads; /* the latest first; the first worker's */
	bool reload_busy;             /* the first worker's */
	struct msgc__notify notify;

	struct msgc__backend *backend;
	struct msgc__pool *pool;
	struct msgc__worker **workers; /* made by msgc__server_start() */
	unsigned worker_count;
	struct msgc__address_count *addresses;
	struct msgc__throttle *rates; /* of users and addresses */

	struct msgc__shared_metrics shared_metrics;
	int64_t started_at; /* Unix seconds */
	uint64_t process;   /* this one's number among those that share a backend; never 0 */

	atomic_uint serving;       /* workers whose start hook has run */
	atomic_bool started;       /* the loops may be woken */
	atomic_bool reload_wanted; /* a SIGHUP has come */
	atomic_bool stopping;      /* the drain has begun */
	atomic_uint stoppers;      /* threads and signal handlers inside msgc_server_stop() */
	atomic_bool gave_up;       /* the drain was cut short: exit code 1 */
	atomic_uint next_worker;   /* for jobs without a worker of their own */
	_Atomic uint64_t next_id;  /* of connections */
	atomic_size_t connections; /* WebSockets admitted and not yet gone */
};

/* ------------------------------------------------------------------------------------- life (server.c) */

/*
 * msgc_server_run() in steps, for transports that a test drives by hand.
 *
 * start: the checks of the configuration and of what was registered, pool, backend, workers, transport->open for each; MSGC_ECONFIG and
 * others, after a line in the log. Then each worker's thread calls msgc__worker_begin(), the transport's run, msgc__worker_end().
 * finish: after every loop has ended; ends the pool, closes the loops, frees the workers, calls the program's last hook. An exit code.
 */
int msgc__server_start(struct msgc_server *server);
int msgc__server_finish(struct msgc_server *server);

/* Whatever start() has to find wrong in what the program registered: logged, and server->failed is set. (register.c) */
void msgc__registration_check(struct msgc_server *server);
void msgc__registration_free(struct msgc_server *server);
/* Does the backend keep what groups are promised? Logs which it does not. MSGC_ECONFIG. (register.c) */
int msgc__registration_durable(struct msgc_server *server);

int64_t msgc__server_now_ms(const struct msgc_server *server);       /* monotonic */
int64_t msgc__server_unix_seconds(const struct msgc_server *server); /* wall clock */

/* A number that an outsider cannot guess: for jitter and choices, not for secrets. Any thread. */
uint64_t msgc__random(void);

/* ------------------------------------------------------------------------------------- routing (route.c) */

/*
 * The consumer for a path, literals before parameters from the left; NULL: none. A final '/' may be there or not.
 */
const struct msgc__served *msgc__route_find(
        const struct msgc_server *server, const struct msgc__path *path);
/* Two consumers with paths that match the same requests equally well. */
bool msgc__route_same(const struct msgc_consumer *a, const struct msgc_consumer *b);
/*
 * The consumer's parameters, in its order: from the path, the others from the query; ptr NULL: absent. In `arena`. MSGC_ECONTRACT: a query
 * parameter stands there twice, or the query is malformed; MSGC_ENOMEM.
 */
int msgc__route_values(const struct msgc_consumer *consumer, const struct msgc__path *path,
        struct msgc_str query, struct msgc_arena *arena, struct msgc_str **ret_values);

#endif
