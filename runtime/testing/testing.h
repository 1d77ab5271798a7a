/* SPDX-License-Identifier: MIT */
/*
 * The kit among its own files: a server under test, browsers, clients, and the two ways to reach the server (test_memory.c,
 * test_socket.c), which fill one table of functions. Only test_server.c knows the server's inside.
 */
#ifndef MSGC__TESTING_H
#define MSGC__TESTING_H

#include <pthread.h>
#include <stdatomic.h>

#define MSGC_TEST_NO_PLACES
#include <msgc/test.h>

#include "../transport/transport.h"

struct msgc__test_link; /* of either kind: one WebSocket */

enum { MSGC__TEST_TIMED_OUT = 0, MSGC__TEST_MESSAGE = 1, MSGC__TEST_CLOSED = 2 };

/* A way to reach the server. Failures of the test itself (not of the server under test) do not return. */
struct msgc__test_ways {
	/* Sends one request and waits for its response. `ret_headers`: "name: value\n" …, lower case. Returns the status. */
	int (*request)(struct msgc_test *test, const struct msgc__request *request, bool admin,
	        struct msgc_str body, struct msgc_buf *ret_headers, struct msgc_buf *ret_body);
	/* Shakes hands. Returns the status; 101: `*ret_link` is open. */
	int (*connect)(struct msgc_test *test, const struct msgc__request *request,
	        struct msgc__test_link **ret_link);
	/* piece 0: one frame. */
	void (*send)(struct msgc__test_link *link, const char *text, size_t len, size_t piece);
	void (*send_binary)(struct msgc__test_link *link, const void *bytes, size_t len);
	void (*send_raw)(struct msgc__test_link *link, const void *bytes, size_t len);
	void (*ping)(struct msgc__test_link *link);
	/* One message, appended to `out`, within `wait_ms`. */
	int (*receive)(struct msgc__test_link *link, struct msgc_buf *out, int64_t wait_ms);
	uint16_t (*close_code)(struct msgc__test_link *link);
	const char *(*close_reason)(struct msgc__test_link *link);
	void (*close)(struct msgc__test_link *link, uint16_t code);
	void (*drop)(struct msgc__test_link *link);
	bool (*deflates)(
	        const struct msgc__test_link *link); /* NULL: there is nothing to deflate */
	void (*free)(struct msgc__test_link *link);
};
extern const struct msgc__test_ways msgc__test_memory_ways;
extern const struct msgc__test_ways msgc__test_socket_ways;

struct msgc_test {
	const struct msgc__test_ways *ways;
	struct msgc_server *server;
	pthread_t *threads;
	unsigned thread_count;
	int port, admin_port;
	char host[48];   /* of the Host header */
	char origin[64]; /* the server's own */
	int64_t timeout_ms, idle_ms;
	struct msgc_envelope_names names;
	struct msgc_arena arena; /* of all that the kit hands out */
	struct msgc_test_client *clients;
	unsigned next_worker;
	struct msgc__test_clock {
		int64_t began_ms, began_unix; /* real time, at the start */
		_Atomic int64_t offset_ms;    /* what the test has moved it on */
		_Atomic int64_t at_ms;        /* where it stands, while it does */
		atomic_bool stopped;
		pthread_mutex_t lock; /* of those that sleep by it */
		struct msgc__test_sleeper *sleepers;
	} clock;
	struct msgc__test_stand_ins *stand_ins; /* NULL: none yet */
};

struct msgc__test_pair {
	struct msgc__test_pair *next;
	char *name; /* headers: lower case */
	char *value;
};

struct msgc_test_browser {
	struct msgc_test *test;
	struct msgc__test_pair *headers, *cookies;
	unsigned changes; /* of cookies */
};

struct msgc_test_client {
	struct msgc_test *test;
	struct msgc_test_client *next;
	struct msgc__test_link *link; /* NULL: refused */
	int status;
	int refs; /* that the kit has made up */
};

/* ---- test_place.c: failing, memory that never fails */

void msgc__test_fail(const char *format, ...) MSGC_PRINTF(1, 2) __attribute__((noreturn));
void *msgc__test_alloc(struct msgc_test *test, size_t size); /* zeroed */
char *msgc__test_copy(struct msgc_test *test, const char *text, size_t len);
int64_t msgc__test_now_ms(void);

/* ---- test_server.c */

unsigned msgc__test_worker(struct msgc_test *test); /* the one whose turn it is */

/* ---- test_clock.c */

void msgc__test_clock_start(struct msgc_test *test);
/* A silence: the server has nothing to do (where that can be told), or the test's idle time has passed. How long to wait for a frame, then. */
/* On a thread of the pool: until the server's clock has moved on so far; meanwhile the server counts as being at rest. */
void msgc__test_sleep(struct msgc_test *test, int64_t ms);
int64_t msgc__test_silence(struct msgc_test *test);

/* ---- test_browser.c */

/* The request as transports have it. `extra`: names and values in turn, NULL at the end; may be NULL. */
struct msgc__request msgc__test_request(struct msgc_test_browser *browser, const char *method,
        const char *target, const char *const *extra);

/* ---- test_sha1.c: what the handshake of RFC 6455 needs */

void msgc__test_accept_key(const char *key, char ret_accept[29]);
void msgc__test_base64(const uint8_t *bytes, size_t len, char *out); /* with padding and NUL */

#endif
