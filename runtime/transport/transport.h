/* SPDX-License-Identifier: MIT */
/*
 * The line between the server core and what moves bytes. The core knows frames, consumers and groups and nothing of sockets; a
 * transport knows sockets (or plain memory, for tests) and nothing of consumers. Both sides of one worker run on its thread.
 */
#ifndef MSGC_TRANSPORT_H
#define MSGC_TRANSPORT_H

#include <msgc/codec.h>
#include <msgc/server.h>

struct msgc__config;   /* core: the configuration */
struct msgc__worker;   /* core: connections, groups, timers, mailbox of one thread */
struct msgc__request;  /* below */
struct msgc__exchange; /* core: one HTTP request and its response */

/* ------------------------------------------------------------------------------------------- requests */

struct msgc__header {
	const char *name; /* lower case */
	struct msgc_str value;
};

/* What came before the body or the upgrade. Borrowed for the call; the core copies what it keeps. */
struct msgc__request {
	const char *method;
	struct msgc_str path;  /* percent-encoded, as sent or an equivalent; starts with '/' */
	struct msgc_str query; /* the same, without '?' */
	const struct msgc__header *
	        headers; /* each name at most once; the transport refuses doubled Host, Origin, … with 400 */
	size_t header_count;
	const char *address; /* of the peer socket: "127.0.0.1", "::1" */
	bool secure;         /* TLS on this socket */
	bool may_deflate; /* the transport hands on frames with RSV1 and inflates what comes in, if that is agreed on */
};

/* ------------------------------------------------------------------------------- core → transport, per link */

/* `link` is the transport's half of a connection. */
struct msgc__link_ops {
	/*
	 * Writes `len` bytes that are whole WebSocket frames, as they are. The core calls it at most once per link and turn (see
	 * msgc__connection_read()), and only while not congested. 0, or negative when the link is dead (msgc__connection_closed() follows later).
	 */
	int (*write)(void *link, const void *frames, size_t len);
	/* Output is still held by the transport: the core keeps further output until msgc__connection_writable(). */
	bool (*congested)(void *link);
	/* Sends a CLOSE frame once all output has left, waits for the peer's (bounded), then closes. No more input is handed up. */
	void (*close)(void *link, uint16_t code, const char *reason);
	/* Drops the socket at once. */
	void (*abort)(void *link);
	/* Stops and resumes handing up frames (TCP backpressure). */
	void (*pause)(void *link, bool paused);
};

/* --------------------------------------------------------------------------------------- transport → core */

/*
 * The verdict on a WebSocket handshake, before it is answered. status 101: accept, and hand `admission` to msgc__connection_open() or
 * msgc__admission_drop(). Other statuses: answer with them (and Retry-After when not 0); admission is NULL. `subprotocol`: what to answer
 * with, or empty.
 */
struct msgc__admission;
struct msgc__verdict {
	int status;
	int retry_after;    /* seconds */
	const char *detail; /* constant text for the body */
	struct msgc_str subprotocol;
	struct msgc_str
	        extensions; /* the value of Sec-WebSocket-Extensions, constant until the next handshake; empty: none */
	struct msgc__admission *admission;
};
void msgc__worker_handshake(struct msgc__worker *worker, const struct msgc__request *request,
        struct msgc__verdict *ret_verdict);
void msgc__admission_drop(struct msgc__admission *admission);

/* The WebSocket is open. NULL when memory is short: close 1013. Takes the admission over in either case. */
struct msgc_connection *msgc__connection_open(struct msgc__worker *worker,
        struct msgc__admission *admission, const struct msgc__link_ops *ops, void *link);

/* How large a message may be on this connection; the transport closes with 1009 before it buffers more. */
size_t msgc__connection_frame_limit(const struct msgc_connection *connection);

/*
 * What several links have brought is handed up now, by msgc__connection_text() and _binary(); msgc__worker_turn() follows. Optional: the time is
 * looked at once for all of it, and other workers are woken once for what the frames have for them: by the next such call, or in that turn.
 */
void msgc__worker_reading(struct msgc__worker *worker);

/*
 * A whole text message, writable, with MSGC_PADDING bytes behind it that may be written to; valid for the call. The core checks
 * UTF-8 and answers 1007 itself.
 */
void msgc__connection_text(struct msgc_connection *connection, char *text, size_t len);
void msgc__connection_binary(struct msgc_connection *connection); /* answers 1003 */
/* The next text came as so many bytes, deflated (RFC 7692). */
void msgc__connection_inflated(struct msgc_connection *connection, size_t from, size_t to);
/*
 * What came together has been handed up, as far as the transport knows that: answers to it need not wait for the end of the turn. The core
 * may write within this call, beside the one time in a turn.
 */
void msgc__connection_read(struct msgc_connection *connection);
void msgc__connection_writable(struct msgc_connection *connection); /* no longer congested */
/* The link has ended; the last call for it. `code`: the peer's close code, 1005 without one, 1006 without a CLOSE frame. */
void msgc__connection_closed(struct msgc_connection *connection, uint16_t code);

/* ------------------------------------------------------------------------------------------------- HTTP */

struct msgc__response {
	int status;
	const struct msgc__header
	        *headers; /* complete but for Content-Length, Connection and Date */
	size_t header_count;
	struct msgc_str body;
	const char *file; /* not NULL: send this regular file, already checked, instead of `body` */
	bool head_only;
};

struct msgc__http_ops {
	/* Called once per exchange on the worker's thread; `response` stays valid until msgc__exchange_end(). */
	void (*respond)(void *link, const struct msgc__response *response);
};

/*
 * A plain HTTP request whose headers are complete. Returns an exchange (NULL: memory; answer 503). `*ret_body_limit`: how many bytes of
 * body to read before msgc__exchange_body(); more is answered with 413 by the transport. The answer comes through
 * ops->respond, at once or later. `admin`: the request came in on the administrative listener.
 */
struct msgc__exchange *msgc__exchange_begin(struct msgc__worker *worker,
        const struct msgc__request *request, bool admin, const struct msgc__http_ops *ops,
        void *link, size_t *ret_body_limit);
/* The body is complete (len 0 without one). `body` is writable with MSGC_PADDING behind it, and is copied. */
void msgc__exchange_body(struct msgc__exchange *exchange, const char *body, size_t len);
/* The link has gone or the response has left: the exchange may be freed (a handler that still runs finishes unseen). */
void msgc__exchange_end(struct msgc__exchange *exchange);

/* ----------------------------------------------------------------------------------------------- a turn */

/* Transport → core, once per loop turn before it sleeps: runs due timers and the mailbox, writes what is to be written. Returns
 * milliseconds until it wants to be called again at the latest, -1: never. */
int64_t msgc__worker_turn(struct msgc__worker *worker);

/* What runs the workers. One per server; the core owns the threads. */
struct msgc__transport {
	const char *name;
	/* Any thread: makes the worker's loop turn soon. */
	void (*wake)(void *loop);
	/*
	 * On the starting thread, for each worker: binds listeners and makes a loop. Errors are logged in one clear line ("port 8000 is in
	 * use"); MSGC_ECONFIG or MSGC_EIO.
	 */
	int (*open)(struct msgc_server *server, struct msgc__worker *worker, void **ret_loop);
	/* On the worker's thread: runs until msgc__transport.stop. */
	int (*run)(void *loop);
	/* On the worker's thread, first step of the drain: accept no more. */
	void (*stop_accepting)(void *loop);
	/* On the worker's thread: what can change takes the values of `config`, which stay valid; certificates are read anew. May be NULL. */
	void (*reload)(void *loop, const struct msgc__config *config);
	/* The port that it listens on; -1: none. May be NULL: there are no ports. */
	int (*port)(const void *loop, bool admin);
	/* On the worker's thread: leave run() when this turn is done. */
	void (*stop)(void *loop);
	void (*close)(void *loop);
};

extern const struct msgc__transport msgc__lws_transport;

#endif
