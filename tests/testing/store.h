/* SPDX-License-Identifier: MIT */
/*
 * What stands for a database in the program that the kit is tried on.
 */
#ifndef MSGC_TESTS_TESTING_STORE_H
#define MSGC_TESTS_TESTING_STORE_H

#include <msgc/base.h>

/* Blocks. The line's number, from 1. */
int store_line(struct msgc_str line, int64_t *ret_number);

#endif
