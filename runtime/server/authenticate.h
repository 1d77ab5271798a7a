/* SPDX-License-Identifier: MIT */
/*
 * What the files that find out who a client is share: how each way to ask ends. Whoever has it begun needs connection.h alone.
 */
#ifndef MSGC__AUTHENTICATE_H
#define MSGC__AUTHENTICATE_H

#include "connection.h"

/* `answered` is taken over. `proved`: when the credentials were made, or believed by the program. */
void msgc__authenticate_recognised(struct msgc_connection *connection,
        const struct msgc_user *answered, const char *realm, struct msgc__moment proved);
/* MSGC_EUNAUTHENTICATED: the next kind is asked; else the connection is refused. */
void msgc__authenticate_not_recognised(struct msgc_connection *connection, int result);
/* Asks the kind whose turn it is, and so on. */
void msgc__authenticate_next(struct msgc_connection *connection);
/* Of all look-ups that answer with a user. */
void msgc__authenticate_dropped(struct msgc_lookup *lookup, int result);

#endif
