/* SPDX-License-Identifier: MIT */
/*
 * What the kinds of authentication share beside the connection's own steps: Basic credentials, tickets, revocation. It must not know what a
 * user may do.
 */
#ifndef MSGC__CREDENTIALS_H
#define MSGC__CREDENTIALS_H

#include <msgc/consumer.h>

#include "../backends/backend.h"
#include "url.h"
#include "user.h"

struct msgc_connection;
struct msgc_lookup;
struct msgc__exchange;

/* ------------------------------------------------------------------------------------------ Basic (basic.c) */

enum { MSGC__BASIC_MAX = 1024 }; /* bytes of name, colon and password */

/* RFC 7617, UTF-8: `out` gets name, NUL, password, NUL. MSGC_EINVAL: it is none, or holds control characters. */
int msgc__basic_read(struct msgc_str authorization, char out[MSGC__BASIC_MAX + 2],
        struct msgc_str *ret_name, struct msgc_str *ret_password);

/*
 * Failed attempts of an address, and for a name, go through auth-failure-rate: milliseconds until another one is looked at; 0: now. Any
 * thread.
 */
int64_t msgc__basic_wait(struct msgc_server *server, const struct msgc_rate *rate,
        const char *address, struct msgc_str name);
void msgc__basic_failed(struct msgc_server *server, const struct msgc_rate *rate,
        const char *address, struct msgc_str name);

/* ------------------------------------------------------------------------------------- moments (revoke.c) */

/* When something was proved: by a monotonic clock where that is known, which nobody sets, else by the wall clock. */
struct msgc__moment {
	uint64_t
	        clock; /* which one `ms` is of: all processes of one life of the machine have the same; 0: none */
	int64_t ms;
	int64_t unix_seconds;
};
struct msgc__moment msgc__moment_now(const struct msgc_server *server);

/* --------------------------------------------------------------------------------- revocation (revoke.c) */

/*
 * Has this user been revoked since then? `done` gets MSGC_EUNAUTHENTICATED if so, 0 if not, or what went wrong; before the call returns or
 * later. Negative: `done` is not called.
 */
int msgc__revoke_ask(struct msgc__worker *worker, const struct msgc_user *user,
        struct msgc__moment proved, msgc__done_fn *done, void *arg);

/* ------------------------------------------------------------------------------------- tickets (ticket.c) */

enum { MSGC__TICKET_LEN = 43 }; /* 32 random bytes, base64url */

/* What a ticket is bound to, as one text: the path's segments. Appends. */
void msgc__ticket_path(struct msgc_buf *out, const struct msgc__path *path);

/* A look-up that takes lookup->credential out of the backend; it fills in ret.user and `proved`. As lookup->call. */
int msgc__ticket_call(struct msgc_lookup *lookup);

/* POST of the route for tickets: who asks, for what; on a pool thread. Then the ticket is stored; on the worker. */
void msgc__ticket_prepare(struct msgc__exchange *exchange);
void msgc__ticket_store(struct msgc__exchange *exchange);

#endif
