/* SPDX-License-Identifier: MIT */
/*
 * A client's WebSocket over libwebsockets: what its holder's side (lws_client_holder.c) and its thread's (lws_client.c) share. Each connection has a
 * number; what is told of another one than the present is of one that was given up.
 */
#ifndef MSGC__LWS_CLIENT_H
#define MSGC__LWS_CLIENT_H

#include <pthread.h>

#include "../client/wire.h"
#include "../deflate/deflate.h"
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

/* permessage-deflate: lws_client_deflate.c. The thread's. */
struct msgc__wire_packing {
	bool is_agreed;   /* on this connection */
	bool is_deflated; /* the message that is coming in */
	struct msgc__deflater *deflater;
	struct msgc__inflater *inflater;
	char *text; /* inflated */
	size_t cap;
	struct msgc_buf frame; /* that is being written */
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
	bool is_inside; /* of a message whose first piece has come */
	struct msgc__wire_packing packing;
	size_t written;
	uint16_t end_code;
	char end_reason[MSGC__WIRE_REASON_MAX + 1];
	size_t end_len;
	struct lws_protocols protocols[2];
	struct lws_extension extensions[2];
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

/*
 * lws_client_deflate.c. _extension(): what libwebsockets is told, so that it offers, and lets RSV1 pass. _agree(): the server's answer; false: it is none to what was offered.
 * _begins(): a message's first piece, or another; false: bits that must not be there. _limit(): bytes of one as it comes. _read(): the whole message, in
 * place of wire->partial where it came deflated; 0 or the code to close with. _write(): a long text as a deflated frame; 0: it is to go as it is, negative: the connection is dead.
 */
void msgc__wire_packing_extension(struct lws_extension *ret);
void msgc__wire_packing_free(struct msgc__wire *wire);
bool msgc__wire_packing_agree(struct msgc__wire *wire, struct lws *wsi);
bool msgc__wire_packing_begins(struct msgc__wire *wire, struct lws *wsi);
size_t msgc__wire_packing_limit(const struct msgc__wire *wire);
uint16_t msgc__wire_packing_read(struct msgc__wire *wire, const char **ret_text, size_t *ret_len);
int msgc__wire_packing_write(struct msgc__wire *wire, const char *text, size_t len);

#endif
