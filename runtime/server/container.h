/* SPDX-License-Identifier: MIT */
/*
 * From a member back to the struct that it lives in: timers, letters and work are kept inside what they belong to.
 */
#ifndef MSGC__CONTAINER_H
#define MSGC__CONTAINER_H

#include <stddef.h>

#define MSGC__CONTAINER_OF(pointer, type, member)                                                  \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))

#endif
