/* SPDX-License-Identifier: MIT */
/*
 * Which life of the machine this is: within one, the monotonic clock goes on from one process to the next. It must not know who compares times.
 */
#ifndef MSGC__BOOT_H
#define MSGC__BOOT_H

#include <stdint.h>

enum { MSGC__BOOT_MAX = 64 };

/* As the kernel names it: hexadecimal digits and dashes; empty: nobody can tell. */
void msgc__boot_read(char boot[MSGC__BOOT_MAX]);

/* The same as a number; 0: nobody can tell. */
uint64_t msgc__boot_number(void);

#endif
