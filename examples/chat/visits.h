/* SPDX-License-Identifier: MIT */
/*
 * Who is in a room or looks at the list just now, by which session: so that a log-out ends what it
 * began, in every window. It knows connections and nothing of rooms.
 *
 * All of it belongs to the server's one worker; only visits_end_session() may be called from any
 * thread.
 */
#ifndef CHAT_VISITS_H
#define CHAT_VISITS_H

#include <msgc/server.h>

#include "store.h"

/* With what the connections of a session that has ended are closed. */
enum { VISITS_SESSION_ENDED = 4410 };

struct visit {
	struct visit *next, **prev;
	struct msgc_connection *connection;
	char token[STORE_TOKEN_LEN + 1];
	bool announced; /* the room has been told that somebody came, and is told when they go */
};

/* All zeros: nobody is there. */
struct visits {
	struct visit *first;
};

/* NULL: no memory. */
struct visit *visit_begin(
        struct visits *visits, struct msgc_connection *connection, const char *token);
void visit_end(struct visit *visit); /* accepts NULL */

/* Closes, soon, the connections that came in by this session. */
int visits_end_session(struct visits *visits, struct msgc_server *server, struct store_text token);

/* When no connection is left to end: what a server that stops leaves behind. */
void visits_free(struct visits *visits);

#endif
