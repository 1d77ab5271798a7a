/* SPDX-License-Identifier: MIT */
/*
 * The floors of the codec's benchmarks: memcpy, and one look at every byte. It knows nothing of
 * messages.
 */
#ifndef FLOOR_H
#define FLOOR_H

#include <stdbool.h>
#include <stddef.h>

/* At most 128 KiB. */
void floor_copy(const char *text, size_t len);
/* With 64 zeros behind. False: it is no UTF-8. */
bool floor_scan(const char *text, size_t len);

#endif
