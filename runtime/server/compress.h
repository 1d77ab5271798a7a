/* SPDX-License-Identifier: MIT */
/*
 * Which clients get permessage-deflate (RFC 7692), and their messages on the way out. A frame that several get is deflated once for all of them. It must not
 * know how zlib is spoken to: that is deflate/.
 */
#ifndef MSGC__COMPRESS_H
#define MSGC__COMPRESS_H

#include "connection.h"

/*
 * While a handshake is judged: what the client offers, what the consumer and the configuration say. Sets connection->window; what to answer is a constant of
 * the worker's until the next handshake, empty: nothing.
 */
struct msgc_str msgc__compress_agree(struct msgc_connection *connection,
        const struct msgc__request *request, struct msgc_str offers);

/*
 * For a connection with a window. Deflates what is `head` and `tail` together, if that is long enough and pays: then both change, and what is returned are the
 * bits for the frame's first byte. Valid until the next call.
 */
unsigned char msgc__compress_message(
        struct msgc_connection *connection, struct msgc_str *head, struct msgc_str *tail);

/* The same for a ready frame: the buffer to share in its place, or itself. Borrowed from it. */
struct msgc__buffer *msgc__compress_frame(
        struct msgc_connection *connection, struct msgc__buffer *frame);

#endif
