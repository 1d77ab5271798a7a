/* SPDX-License-Identifier: MIT */
/*
 * Memory that is short when a test says so: malloc, calloc, realloc, strdup and strndup of whatever is linked statically go through here, by
 * the linker. It must not know what is tested.
 */
#ifndef SHORTAGE_H
#define SHORTAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Allocations from the `from`-th to the `to`-th fail, counted from 1; 0: none does. Counting starts anew. */
void shortage_of(unsigned long from, unsigned long to);
enum { SHORTAGE_NONE = 0 };
#define SHORTAGE_FOR_GOOD ((unsigned long)-1)

/* Only while this is on allocations are counted, and fail: Check allocates, too. Gives what it was before. */
bool shortage_arm(bool on);

/* Allocations so far. */
unsigned long shortage_count(void);

/* This thread's are neither counted nor fail, where the test is the client of a server on threads of its own. */
void shortage_spare_this_thread(bool spare);

/* For allocators that have a hook of their own: one more allocation. True: it is to fail. */
bool shortage_strikes(void);

/* strdup() as it is. */
char *shortage_strdup(const char *text);

#endif
