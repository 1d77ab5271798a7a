/* SPDX-License-Identifier: MIT */
/*
 * The program that the kit's tests try it on: one consumer, a few routes.
 */
#ifndef MSGC_TESTS_TESTING_PROGRAM_H
#define MSGC_TESTS_TESTING_PROGRAM_H

#include <stdatomic.h>

#include <msgc/test.h>

struct program {
	atomic_int disconnected; /* how often that hook has run */
	atomic_int last_code;
};

/* For msgc_test_start(); `app` is a struct program. */
struct msgc_server *program_make(int argc, char **argv, void *app);

#endif
