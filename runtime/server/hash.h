/* SPDX-License-Identifier: MIT */
/*
 * SipHash-2-4 (Aumasson and Bernstein, 2012) with a key drawn once per process: for every table whose keys come from outside.
 */
#ifndef MSGC__HASH_H
#define MSGC__HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t msgc__hash(const void *bytes, size_t len);

/* For the reference vectors. */
uint64_t msgc__siphash(const uint8_t key[16], const void *bytes, size_t len);

/* A number that an outsider cannot guess, for jitter and ids. */
uint64_t msgc__random(void);

#endif
