/* SPDX-License-Identifier: MIT */
/*
 * A tiny core for the transport alone: echoing WebSockets and a few fixed HTTP answers on the other side of transport.h, and
 * counters of what it was told. It keeps the core's side of that contract: a bounded outbox, one write per link and turn, nothing
 * while congested.
 *
 * WebSockets are served at /echo (subprotocols "one" and "ocpp1.6" are spoken), /small (messages up to 1000 bytes), /deflate (up to 65536,
 * permessage-deflate is spoken) and /dry (no memory for a connection); other paths are 404, /busy is 503. A text is sent back, unless it is a command:
 *   !close CODE REASON   !abort   !pause MS   !flood FRAMES BYTES   !say N (N short frames, then "end")   !silent
 *   !sleep MS (the whole worker)
 * HTTP: see mock_http.c.
 */
#ifndef MOCK_CORE_H
#define MOCK_CORE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mock_options {
	int64_t ping_ms, hangup_ms, handshake_ms, request_ms, keepalive_ms, close_ms; /* 0: long */
	int64_t max_connections;                                                      /* 0: 1000 */
	int64_t header_limit; /* 0: 16 KiB */
	const char *certificate, *key;
	int port; /* 0: any free one */
	bool admin;
};

struct mock_counts {
	atomic_int turns; /* of the worker's loop */
	atomic_int handshakes, dropped, opened, closed, texts, binaries, writable;
	atomic_int begun, ended, bodies; /* exchanges */
	atomic_int last_code;            /* of msgc__connection_closed() */
	atomic_size_t outbox_most;       /* bytes in one outbox */
	atomic_size_t longest_text;
	atomic_int might_deflate, inflated;
	atomic_size_t inflated_from, inflated_to;
	atomic_int wrong; /* broken rules of transport.h */
};
extern struct mock_counts mock_counts;

/* Starts the transport on a thread of its own; fails the test if it does not start. */
void mock_start(const struct mock_options *options);
/* The result of transport->open; 0 leaves it running. */
int mock_try(const struct mock_options *options);
/* Opens two workers of one server on a free port, and a third on the same port for another server; closes all. */
void mock_try_two_workers(int ret_ports[2], int *ret_third);
int mock_port(void);
int mock_admin_port(void);
void mock_stop_accepting(void);
size_t mock_sockets(void);
/*
 * Ends the thread and closes the transport. Fails the test if connections or exchanges were not told their end, or if a rule of
 * transport.h was broken.
 */
void mock_stop(void);
/*
 * Waits until a counter of mock_counts is `value`, or a text stands in the log: the server's thread may take its time. Fails the test
 * where that does not come, or where the counter goes beyond.
 */
void mock_await(const atomic_int *counter, int value);
void mock_await_log(const char *text);
/* All that was logged, a line each. */
const char *mock_log(void);
unsigned mock_log_lines(void);

/* mock_http.c: what it needs and gives */
struct msgc__exchange;
int64_t mock_http_turn(int64_t now); /* milliseconds until something is due, -1 */
int64_t mock_now(void);

#endif
