/* SPDX-License-Identifier: MIT */
/*
 * run.h - the main of these tests: each is run over sockets and in memory.
 */
#ifndef TEST_PROTOCOL_RUN_H
#define TEST_PROTOCOL_RUN_H

#include <stddef.h>

#include <check.h>

/* Runs each test with the loop indexes 0 and 1; the result is main's. */
int protocol_run(const char *name, const TTest *const *tests, size_t n);

#endif
