/* SPDX-License-Identifier: MIT */
/*
 * Integers in decimal, eight digits at a time in a general register. In line, because numbers come
 * in lists. Stores reach behind what they return: callers make room for it.
 */
#ifndef MSGC_CODEC_DIGITS_H
#define MSGC_CODEC_DIGITS_H

#include "swar.h"

#define ASCII_ZEROS UINT64_C(0x3030303030303030)

/* Eight digits of v < 10^8, zeros in front; the first in the lowest byte, none of them ASCII. */
static inline uint64_t digits8(uint32_t v)
{
	uint64_t halves = v / 10000 | (uint64_t)(v % 10000) << 32;
	uint64_t hundreds = (halves * 10486) >> 20 & UINT64_C(0x0000007F0000007F);
	uint64_t pairs = hundreds | (halves - 100 * hundreds) << 16;
	uint64_t tens = (pairs * 103) >> 10 & UINT64_C(0x000F000F000F000F);

	return tens | (pairs - 10 * tens) << 8;
}

/* v < 10^8 without zeros in front. Stores eight bytes, whatever it takes. */
static inline char *put_few(char *to, uint32_t v)
{
	uint64_t d = digits8(v);
	unsigned zeros = v ? msgc__trailing_zeros(d) / 8 : 7;

	msgc__store8(to, (d | ASCII_ZEROS) >> 8 * zeros);
	return to + 8 - zeros;
}

static inline char *put_eight(char *to, uint32_t v)
{
	msgc__store8(to, digits8(v) | ASCII_ZEROS);
	return to + 8;
}

/* Up to 20 digits; room for 24. */
static inline char *put_uint64(char *to, uint64_t v)
{
	const uint32_t e8 = 100000000;

	if (MSGC__LIKELY(v < e8))
		return put_few(to, (uint32_t)v);
	if (v / e8 < e8)
		return put_eight(put_few(to, (uint32_t)(v / e8)), (uint32_t)(v % e8));
	to = put_few(to, (uint32_t)(v / e8 / e8));
	return put_eight(put_eight(to, (uint32_t)(v / e8 % e8)), (uint32_t)(v % e8));
}

#endif
