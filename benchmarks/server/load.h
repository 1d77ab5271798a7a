/* SPDX-License-Identifier: MIT */
/*
 * What the files of the load generator share: a client's connection, what it sends and expects, and what is counted. It knows
 * RFC 6455 and the two ways to wrap a message that the servers here speak; it must not know which server it speaks to.
 */
#ifndef SPEED_LOAD_H
#define SPEED_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TEXT_MAX = 2048, /* a message, its wrapping within */
	FRAME_MAX = TEXT_MAX + 14,
	FLIGHT_MAX = 64, /* messages of one connection that are under way at once */
	RECEIVE_ROOM = 256 * 1024,
};

struct options {
	int port;
	const char *path;
	bool broadcast; /* the first connection speaks, all hear it; else each hears itself */
	unsigned connections, active, in_flight;
	double warm_up, seconds, settle;
	size_t size;   /* of a message's JSON */
	bool socketio; /* messages are packets of Engine.IO and Socket.IO */
	bool greeting; /* the server speaks first: one message */
	bool faces;    /* is_mine and is_current stand behind what is broadcast */
	bool idle;     /* nobody speaks: only memory is of interest */
	int pid;       /* of the server; 0: unknown */
};
extern struct options options;

/* Says what went wrong and leaves with 1. */
void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
uint64_t now_ns(void);

/* ------------------------------------------------------------------------------------------- messages */

/* message.c: every text is the same but for who speaks and the message's number, so that a wrong one is found. */
void message_init(void);
/* Returns the length; the text is NUL-terminated. */
size_t message_make(char text[TEXT_MAX], unsigned connection, uint64_t number);
/* Is this what came of that message? White space between tokens is the server's affair; `mine`: it returns to its sender. */
bool message_is(const char *text, size_t len, const char *want, size_t want_len, bool mine);
/* A masked frame of one client; returns its length. */
size_t frame_make(unsigned char frame[FRAME_MAX], unsigned opcode, const char *payload, size_t len);

/* ---------------------------------------------------------------------------------------- connections */

enum state { CONNECTING, SHAKING, OPENING, READY };

struct connection {
	int fd;
	unsigned index;
	enum state state;
	bool wants_out;       /* the socket was full */
	uint64_t sent, heard; /* messages; the numbers of the next ones */
	uint64_t sent_at[FLIGHT_MAX];
	unsigned char *kept; /* the beginning of a frame that has not come whole */
	size_t kept_len, kept_cap;
	unsigned char *out; /* what the socket did not take */
	size_t out_len;
};

/* connection.c. All end the program when something is wrong. */
void connections_open(void); /* returns when all are ready */
void connections_close(void);
struct connection *connection_at(unsigned index);
/* Makes one turn of the loop: what has come in is handed to heard(), at most `ms` milliseconds are waited for. */
void connections_turn(int ms);
void connection_send(struct connection *connection, const void *bytes, size_t len);

/* load.c: called by the connections. */
void heard(struct connection *connection, const char *text, size_t len, uint64_t at);
void heard_all(struct connection *connection); /* nothing more in what was read: answer now */

/* -------------------------------------------------------------------------------------------- figures */

/* figures.c: a histogram of nanoseconds, exact to one part in 64. */
void latency_add(uint64_t ns);
void latency_reset(void);
double latency_at(double share); /* in microseconds */
/* Nanoseconds of processor time of all threads of a process; of this one with pid 0. */
uint64_t process_cpu(int pid);
/* Bytes that are resident. */
uint64_t process_resident(int pid);

#endif
