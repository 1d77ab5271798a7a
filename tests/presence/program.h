/* SPDX-License-Identifier: MIT */
/*
 * A program with rooms that show who is in them, for tests over the kit.
 */
#ifndef PRESENCE_PROGRAM_H
#define PRESENCE_PROGRAM_H

#include <msgc/http.h>
#include <msgc/test.h>

#include "presence.msgc.h"

/* Cookie "sid": who one is. "outlaw" gets no entry, and does not come in. GET /who/: those in room "a", asked on a pool thread. */
struct msgc_server *presence_make(int argc, char **argv, void *app);

#endif
