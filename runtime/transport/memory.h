/* SPDX-License-Identifier: MIT */
/*
 * A transport without sockets: clients of the same process push frames into a worker's loop and read what it wrote. For tests, the test kit
 * and fuzzers. It fills the same interface as the real one and must not know consumers or groups.
 *
 * Two ways to drive it. With threads: set server->transport and call msgc_server_run(). By hand: struct msgc__memory, whose steps, pool
 * work and clock are the test's.
 */
#ifndef MSGC__MEMORY_TRANSPORT_H
#define MSGC__MEMORY_TRANSPORT_H

#include "transport.h"

extern const struct msgc__transport msgc__memory_transport;

/* ------------------------------------------------------------------------------------------- clients */

struct msgc__memory_client;

/*
 * Calls of a client may come from any thread; they take effect when the loop comes to them. Each client belongs to one worker. NULL: no
 * memory, or the server has no such loop.
 */
struct msgc__memory_client *msgc__memory_connect(
        struct msgc_server *server, unsigned worker, const struct msgc__request *request);
/* A plain HTTP request. */
struct msgc__memory_client *msgc__memory_request(struct msgc_server *server, unsigned worker,
        const struct msgc__request *request, bool admin, struct msgc_str body);
/* Hangs up if that has not happened. */
void msgc__memory_free(struct msgc__memory_client *client);

void msgc__memory_send(struct msgc__memory_client *client, const char *text, size_t len);
void msgc__memory_send_binary(struct msgc__memory_client *client);
void msgc__memory_close(struct msgc__memory_client *client, uint16_t code);
/* The line is cut, without a CLOSE frame. */
void msgc__memory_drop(struct msgc__memory_client *client);

/* The socket takes `bytes` more, then refuses output until it is given more; SIZE_MAX: never refuses. */
void msgc__memory_window(struct msgc__memory_client *client, size_t bytes);
/* The client does not answer a CLOSE frame: the transport waits close-timeout for it. */
void msgc__memory_be_rude(struct msgc__memory_client *client);

struct msgc__memory_state {
	int status; /* of the handshake or the response: 0: none yet; 101: open, or it was */
	int retry_after;
	const char *detail;
	bool closed;         /* the link has ended */
	uint16_t close_code; /* of the server's CLOSE frame; 1006: none */
	char close_reason[124];
	bool paused;    /* the server takes no frames at present */
	bool malformed; /* what the server wrote is no sequence of whole, unmasked text frames */
	bool lost;      /* the client had no memory for what the server wrote */
	size_t frames;  /* that the server has sent */
	size_t writes;  /* in how many writes */
};
void msgc__memory_look(struct msgc__memory_client *client, struct msgc__memory_state *ret);

/*
 * The next message that the server has sent, appended to `out` (NULL: thrown away). False: none is there. `wait_ms` > 0 waits for one in
 * real time; it ends early when the link has.
 */
bool msgc__memory_receive(
        struct msgc__memory_client *client, struct msgc_buf *out, int64_t wait_ms);
/* For plain requests: the body; headers one a line, "name: value\n". False: no response yet. */
bool msgc__memory_response(struct msgc__memory_client *client, struct msgc_buf *ret_headers,
        struct msgc_buf *ret_body, int64_t wait_ms);

/*
 * With threads: has the server nothing to do before its clock moves on? Loops asleep, pool idle. `*ret_due`: the time of its clock at which it
 * has something to do again; INT64_MAX: never. `sleepers`: threads of the pool that wait for that clock. Threads of the program's own are not seen.
 */
bool msgc__memory_rests(const struct msgc_server *server, unsigned sleepers, int64_t *ret_due);

/* ------------------------------------------------------------------------------------------- by hand */

struct msgc__memory {
	struct msgc_server *server;
	int64_t now_ms;       /* the virtual clock, which the server goes by */
	int64_t unix_seconds; /* the same in wall time */
	bool hold_pool;       /* pool work is not done before msgc__memory_pool() */
};

/* Gives the server this transport and this clock, and starts it without a thread of its own. As msgc__server_start(). */
int msgc__memory_start(struct msgc__memory *memory, struct msgc_server *server);
/* For each worker one action of a client and one turn; one piece of pool work unless it is held. False: nothing was to do. */
bool msgc__memory_step(struct msgc__memory *memory);
/* Steps until nothing is to do. */
void msgc__memory_pump(struct msgc__memory *memory);
/* One piece of pool work. False: there is none. */
bool msgc__memory_pool(struct msgc__memory *memory);
/* Moves the clock on, stopping at every deadline on the way. */
void msgc__memory_advance(struct msgc__memory *memory, int64_t ms);
/* Drains and ends the server, which is not freed. Its exit code. */
int msgc__memory_stop(struct msgc__memory *memory);

#endif
