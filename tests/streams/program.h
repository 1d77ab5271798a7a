/* SPDX-License-Identifier: MIT */
/*
 * A program that keeps histories, for tests over the kit.
 */
#ifndef STREAMS_PROGRAM_H
#define STREAMS_PROGRAM_H

#include <msgc/test.h>

#include "streams.msgc.h"

/* Cookie "sid": who one is. */
struct msgc_server *streams_make(int argc, char **argv, void *app);

#endif
