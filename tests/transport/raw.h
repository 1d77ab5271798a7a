/* SPDX-License-Identifier: MIT */
/*
 * A client that may send anything: plain TCP sockets on loopback, HTTP responses and WebSocket frames (RFC 6455) taken apart by hand. It fails
 * the running Check test when a socket cannot be opened or a send fails unexpectedly; everything else it reports. It must not know the
 * server under test.
 */
#ifndef RAW_H
#define RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RAW_EOF = 0, RAW_TIMEOUT = -1, RAW_RESET = -2 };
enum { RAW_CONT = 0, RAW_TEXT = 1, RAW_BINARY = 2, RAW_CLOSE = 8, RAW_PING = 9, RAW_PONG = 10 };
enum {
	RAW_WAIT = 20000
}; /* milliseconds: long for what should come, but for a broken server only */

struct ssl_st;

struct raw {
	int fd;
	struct ssl_st *ssl; /* OpenSSL's; NULL: no TLS */
	char *in;           /* received, not yet taken */
	size_t len, cap;
};

struct raw_frame {
	int opcode;
	bool fin;
	char *payload; /* NUL-terminated; valid until the next call */
	size_t len;
};

struct raw_answer {
	int status;
	char head[16 * 1024];
	char *body; /* NUL-terminated; to be freed */
	size_t len;
};

/* Does everything go over TLS (RAW_TLS in the environment)? The server is not asked who it is. */
bool raw_over_tls(void);
struct raw raw_open(int port);
struct raw raw_try(int port); /* fd -1: refused */
void raw_done(struct raw *raw);
void raw_small_buffers(struct raw *raw); /* so that a server that writes soon has to wait */

void raw_send(struct raw *raw, const void *bytes, size_t len);
/* True if all of it could be handed to the kernel. */
bool raw_try_send(struct raw *raw, const void *bytes, size_t len);
/* The same, but gives up when nothing could be sent for `ms`. */
bool raw_try_send_for(struct raw *raw, const void *bytes, size_t len, int ms);
void raw_print(struct raw *raw, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* More bytes into raw->in: their number, or RAW_EOF, RAW_TIMEOUT, RAW_RESET. */
long raw_fill(struct raw *raw, int ms);
/* True if the server hangs up within `ms`; what comes before is thrown away. */
bool raw_hangs_up(struct raw *raw, int ms);
/*
 * Fails the test unless the server hangs up, and not before `ms` milliseconds have passed since `start`: a time (raw_now()) from before
 * the server could begin to count, so that a test that is held up itself does not take the server to be early.
 */
void raw_hung_up_on(struct raw *raw, int64_t start, int ms);

/* One HTTP response with a Content-Length (or none: no body). 1, or as raw_fill(). */
int raw_answer(struct raw *raw, struct raw_answer *ret);
void raw_answer_done(struct raw_answer *answer);
/* The value of a header in the answer's head, "" without; valid until the next call. */
const char *raw_header(const struct raw_answer *answer, const char *name);
/* Sends a request and returns the answer's status, or as raw_fill(). */
int raw_status(struct raw *raw, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Do handshakes leave in two packets (RAW_PIECES in the environment)? libwebsockets reads frames itself then, and what the server makes of some
 * is a known deviation.
 */
bool raw_in_pieces(void);
/* A handshake with more headers ("" for none), each with its line end. The status, or as raw_fill(). */
int raw_upgrade(struct raw *raw, const char *path, const char *headers);
/* The value of a header in the answer to the last raw_upgrade(), "" without. */
const char *raw_upgraded_header(const char *name);
/* An open WebSocket; fails the test otherwise. */
struct raw raw_websocket(int port, const char *path);

/* Bytes of a masked frame, to be freed. */
char *raw_frame_bytes(bool fin, int opcode, const void *payload, size_t len, size_t *ret_len);
void raw_frame(struct raw *raw, bool fin, int opcode, const void *payload, size_t len);
void raw_say(struct raw *raw, const char *text);
void raw_close(struct raw *raw, int code, const char *reason); /* code 0: no body */
/* 1, or as raw_fill(). */
int raw_next(struct raw *raw, struct raw_frame *ret, int ms);
/* Skips pings, pongs and data up to the CLOSE frame: its code, 1005 without one, or as raw_fill(). */
int raw_close_code(struct raw *raw, int ms);

int64_t raw_now(void); /* monotonic milliseconds */
void raw_sleep(int ms);
uint32_t raw_random(uint32_t *seed); /* xorshift: the same from the same seed */

#endif
