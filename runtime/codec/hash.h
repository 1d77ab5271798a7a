/* SPDX-License-Identifier: MIT */
/*
 * The keyed hash behind sets of input, with the key as a parameter for the test against published
 * vectors.
 */
#ifndef MSGC_CODEC_HASH_H
#define MSGC_CODEC_HASH_H

#include "internal.h"

uint64_t msgc__siphash(const uint64_t key[2], const void *bytes, size_t len);

#endif
