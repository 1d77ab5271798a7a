/* SPDX-License-Identifier: MIT */
/*
 * A server with documents of two contracts and a route in the way of one of them.
 */
#ifndef MSGC_TESTS_DOCUMENTS_PROGRAM_H
#define MSGC_TESTS_DOCUMENTS_PROGRAM_H

#include <msgc/server.h>

/* `app`: bool *, whether documents are registered; NULL: they are. */
struct msgc_server *program_server(int argc, char **argv, void *app);

#endif
