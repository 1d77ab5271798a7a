/* SPDX-License-Identifier: MIT */
/*
 * One WebSocket of a client, as the client sees it: a thread of its own moves the bytes, and whoever holds the wire takes what has
 * happened from a queue. Nothing here knows contracts, JSON or when to come back.
 *
 * All functions are for the thread that holds the wire. What is taken from the queue stays until the next msgc__wire_next().
 */
#ifndef MSGC__WIRE_H
#define MSGC__WIRE_H

#include <msgc/codec.h>

struct msgc__wire;

/* Where to, and what the handshake says beside. All of it is copied. */
struct msgc__wire_target {
	const char *host; /* without the brackets of IPv6 */
	int port;
	bool is_tls;
	const char *authority; /* of the header Host: "chat.example.org:8443" */
	const char *path;      /* with the query */
	const char *protocols; /* "ocpp1.6, ocpp2.0"; NULL: none */
	const char *headers;   /* "Name: value\r\n" …; NULL: none */
};

struct msgc__wire_limits {
	size_t frame; /* bytes of a message that comes in; a longer one ends the connection: 1009 */
	size_t out;   /* bytes that wait to be written */
	bool is_tls;
	bool deflate;        /* permessage-deflate is offered */
	const char *ca_file; /* PEM; NULL: the system's authorities */
};

enum msgc__wire_kind {
	MSGC__WIRE_OPENED,
	MSGC__WIRE_TEXT, /* one message, whole; MSGC_PADDING writable bytes behind it */
	MSGC__WIRE_ROOM, /* what msgc__wire_send() had no room for has some now */
	MSGC__WIRE_CLOSED,
};

struct msgc__wire_event {
	enum msgc__wire_kind kind;
	char *text; /* TEXT; CLOSED: the reason, as it came */
	size_t len;
	uint16_t code;        /* CLOSED: RFC 6455 section 7.4; 1006: without a CLOSE frame */
	uint16_t status;      /* CLOSED before OPENED: the status of HTTP, if there was an answer */
	uint32_t retry_after; /* the same: seconds; 0: it does not say */
};

/* `wake_fd`: an eventfd that is written to when something has happened. Borrowed. MSGC_ENOMEM, MSGC_EIO. */
int msgc__wire_new(int wake_fd, const struct msgc__wire_limits *limits, struct msgc__wire **ret);
/* Says farewell where a connection is open, for a second at most, and frees it. */
void msgc__wire_free(struct msgc__wire *wire);

/* Begins a connection; of one that is there nothing more is told. MSGC_ENOMEM. */
int msgc__wire_open(struct msgc__wire *wire, const struct msgc__wire_target *target);
/* One text message; copied. MSGC_EBUSY: too much waits, MSGC__WIRE_ROOM will tell; MSGC_ENOMEM. */
int msgc__wire_send(struct msgc__wire *wire, struct msgc_str text);
/* A CLOSE frame behind what waits. Nothing more is told of this connection. */
void msgc__wire_close(struct msgc__wire *wire, uint16_t code, const char *reason);
/* Ends it without a word; nothing more is told of it. */
void msgc__wire_drop(struct msgc__wire *wire);

/* The next of what has happened; false: nothing. */
bool msgc__wire_next(struct msgc__wire *wire, struct msgc__wire_event *ret);

#endif
