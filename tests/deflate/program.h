/* SPDX-License-Identifier: MIT */
/* The program of packed.msg. */
#ifndef PACKED_PROGRAM_H
#define PACKED_PROGRAM_H

#include <msgc/test.h>

#include "packed.msgc.h"

/* For msgc_test_start(). */
struct msgc_server *packed_make(int argc, char **argv, void *app);

#endif
