/* SPDX-License-Identifier: MIT */
/*
 * What the transport over libwebsockets tells beside transport.h: where it listens. For tests and the log.
 */
#ifndef MSGC__LWS_H
#define MSGC__LWS_H

#include <stdbool.h>
#include <stddef.h>

/* The port that a loop of msgc__lws_transport has bound, after its open(); -1: it has no such listener. */
int msgc__lws_port(const void *loop, bool admin);

/* Sockets accepted and not yet closed. On the loop's thread. */
size_t msgc__lws_sockets(const void *loop);

#endif
