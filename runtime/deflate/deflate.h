/* SPDX-License-Identifier: MIT */
/*
 * The WebSocket extension permessage-deflate (RFC 7692), without context takeover in either direction: what is agreed in the handshake, and messages
 * deflated and inflated one at a time, so that zlib's state belongs to a thread and not to a connection. It must not know sockets, frames or
 * consumers. What is lent here belongs to one thread.
 */
#ifndef MSGC__DEFLATE_H
#define MSGC__DEFLATE_H

#include <msgc/codec.h>

enum {
	MSGC__DEFLATE_RSV1 = 0x40, /* in a frame's first byte: the message is deflated */
	MSGC__DEFLATE_TAIL = 4,    /* bytes that are cut off each deflated message */
	MSGC__DEFLATE_ANSWER_MAX = 112,
	MSGC__DEFLATE_WINDOW_MIN = 9, /* zlib's least for raw data; the RFC's is 8 */
	MSGC__DEFLATE_WINDOW_MAX = 15,
};

/* ------------------------------------------------------------------------------------- the handshake (offer.c) */

struct msgc__deflate_terms {
	unsigned window;  /* what the server sends refers back by 2^window bytes at most */
	bool says_window; /* the client has asked for that, and is to be told */
};

/*
 * A server's choice: the first of the offers in Sec-WebSocket-Extensions that can be accepted (RFC 7692 section 7.1). Declined are offers with parameters
 * that are unknown, doubled or malformed, and windows of 8 bits. False: there is none, or the header itself is malformed.
 */
bool msgc__deflate_choose(struct msgc_str offers, struct msgc__deflate_terms *ret);
/* The header's value that accepts it, with a NUL; its length. */
size_t msgc__deflate_answer(
        const struct msgc__deflate_terms *terms, char out[MSGC__DEFLATE_ANSWER_MAX]);

/* What clients offer, and whether the answer is one to that offer: only then may the connection go on (section 5.1). */
extern const char msgc__deflate_offer[];
bool msgc__deflate_agrees(struct msgc_str answer);

/* ----------------------------------------------------------------------------------------- messages (deflate.c) */

struct msgc__deflater;
struct msgc__inflater;

/* NULL: no memory. Either asks for zlib's state when it is used first. */
struct msgc__deflater *msgc__deflater_new(void);
void msgc__deflater_free(struct msgc__deflater *deflater);

/*
 * The window that a message of `len` bytes is deflated with for a peer that allows 2^window: small messages share one, since nothing in them lies
 * further back than they are long. What is deflated for one peer is good for each other one with the same result here.
 */
unsigned msgc__deflate_window(unsigned window, size_t len);

/*
 * `head` and `tail`, one after the other, are one message; `window` is what msgc__deflate_window() says. Written to `room` bytes at `out`, without the tail
 * of section 7.2.1, of which there has to be room as well. MSGC_ELIMIT: it does not fit; MSGC_ENOMEM.
 */
int msgc__deflate(struct msgc__deflater *deflater, unsigned window, struct msgc_str head,
        struct msgc_str tail, char *out, size_t room, size_t *ret_len);

struct msgc__inflater *msgc__inflater_new(void);
void msgc__inflater_free(struct msgc__inflater *inflater);

/*
 * One whole message, inflated into `*memory` (from malloc) of `*cap` bytes and MSGC_PADDING behind, which grows with what comes out, and to `limit` at most.
 * What would come behind that is not inflated. MSGC_ELIMIT: it is longer than `limit`; MSGC_EINVAL: malformed or cut off; MSGC_ENOMEM. 1 <= *cap.
 */
int msgc__inflate(struct msgc__inflater *inflater, struct msgc_str message, size_t limit,
        char **memory, size_t *cap, size_t *ret_len);

/* How long a deflated message may be that inflates to `limit` bytes: incompressible data in many small blocks is a little longer than it was. */
size_t msgc__deflated_limit(size_t limit);

#endif
