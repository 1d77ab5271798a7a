/* SPDX-License-Identifier: MIT */
/*
 * A client's WebSocket over libwebsockets: what its holder's side (lws_client_holder.c) and its thread's (lws_client.c) share. Each connection has a
 * number; what is told of another one than the present is of one that was given up.
 */
#ifndef MSGC__LWS_CLIENT_H
#define MSGC__LWS_CLIENT_H

#include <pthread.h>

#include "../client/wire.h"
#include "lws_internal.h"

enum {
	MSGC__WIRE_GAP = 64, /* before a text that is written; a multiple of any alignment */
	MSGC__WIRE_REASON_MAX = 123, /* RFC 6455 section 5.5 */
};
_Static_assert(MSGC__WIRE_GAP >= LWS_PRE, "room for a frame's head");

/* Before each text in the queues. */
struct msgc__wire_record {
	size_t len;
	uint32_t number;
	uint32_t retry_after;
	uint16_t kind, code, status;
};

struct msgc__wire {
	pthread_mutex_t lock;
	pthread_t thread;
	struct lws_context *context;
	struct ssl_ctx_st *tls; /* OpenSSL's; NULL: it is not spoken */
	struct msgc__wire_limits limits;
	char *ca_file;
	int wake_fd;

	/* Both threads', under the lock. */
	struct msgc__wire_target next; /* of the connection that is wanted, until it is begun */
	char *next_memory;
	struct msgc_buf in, out;
	size_t writing_left; /* bytes taken out of `out`, and not written yet */
	uint32_t wanted;     /* the connection that there should be; 0: none */
	uint32_t closing;    /* the one to be closed in good order */
	uint16_t close_code;
	char close_reason[MSGC__WIRE_REASON_MAX + 1];
	bool is_paused; /* too much waits to be taken */
	bool is_full;   /* somebody waits for room */
	bool is_begun;  /* the wanted one */
	bool stop;

	/* The holder's. */
	struct msgc_buf reading;
	size_t read;
	uint32_t last;

	/* The thread's. */
	struct lws *wsi;
	struct msgc__wire_target target;
	char *target_memory;
	uint32_t number; /* of wsi; 0: none */
	enum { PHASE_NONE, PHASE_CONNECTING, PHASE_OPEN, PHASE_CLOSING } phase;
	struct msgc_buf partial, writing;
	size_t written;
	uint16_t end_code;
	char end_reason[MSGC__WIRE_REASON_MAX + 1];
	size_t end_len;
	struct lws_protocols protocols[2];
};

/* One record, with its text behind a gap. Both begin at multiples of the gap. False: no memory. */
bool msgc__wire_put(
        struct msgc_buf *queue, const struct msgc__wire_record *record, const char *text);
/* The record at *at, and its text; moves behind it. */
char *msgc__wire_take(struct msgc_buf *queue, size_t *at, struct msgc__wire_record *ret);

/* What libwebsockets calls, and what the thread runs; `arg` is the wire. */
int msgc__wire_callback(
        struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);
void *msgc__wire_run(void *arg);

#endif
