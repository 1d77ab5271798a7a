/* SPDX-License-Identifier: MIT */
/*
 * Integers in decimal, eight digits at a time in a general register. In line, because numbers come
 * in lists. Stores reach behind what they return: callers make room for it.
 */
#ifndef MSGC_CODEC_DIGITS_H
#define MSGC_CODEC_DIGITS_H

#include "internal.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

/* Two eights at once. */
struct digits16 {
	uint64_t first, last;
};

#if defined(__SSE2__)
/* Side by side they take hardly more instructions than one in general registers. */
static inline struct digits16 digits16(uint32_t first, uint32_t last)
{
	__m128i v = _mm_unpacklo_epi64(_mm_cvtsi32_si128((int)first), _mm_cvtsi32_si128((int)last));
	__m128i whole, rest;
	struct digits16 r;

	/* Of eight digits four and four, of these two and two, and of these each. */
	whole = _mm_srli_epi64(_mm_mul_epu32(v, _mm_set1_epi64x(3518437209)), 45);
	rest = _mm_sub_epi64(v, _mm_mul_epu32(whole, _mm_set1_epi64x(10000)));
	v = _mm_or_si128(whole, _mm_slli_epi64(rest, 32));
	whole = _mm_srli_epi16(_mm_mulhi_epu16(v, _mm_set1_epi32(5243)), 3);
	rest = _mm_sub_epi16(v, _mm_mullo_epi16(whole, _mm_set1_epi32(100)));
	v = _mm_or_si128(whole, _mm_slli_epi32(rest, 16));
	whole = _mm_mulhi_epu16(v, _mm_set1_epi16(6554));
	rest = _mm_sub_epi16(v, _mm_mullo_epi16(whole, _mm_set1_epi16(10)));
	v = _mm_or_si128(whole, _mm_slli_epi16(rest, 8));
	r.first = (uint64_t)_mm_cvtsi128_si64(v);
	r.last = (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(v, v));
	return r;
}
#else
static inline struct digits16 digits16(uint32_t first, uint32_t last)
{
	return (struct digits16){digits8(first), digits8(last)};
}
#endif

/*
 * By the number of bits of v < 10^8: how many zeros are in front of its eight digits, above the last
 * number that has so many.
 */
#if defined(__GNUC__)
__attribute__((visibility("hidden")))
#endif
extern const uint64_t msgc__zeros_by_bits[28];

/*
 * Zeros in front of v < 10^8, the last digit aside. It does not wait for the digits, because where
 * the next value goes waits for it.
 */
static inline unsigned zeros_of(uint32_t v)
{
	return (unsigned)((msgc__zeros_by_bits[64 - msgc__leading_zeros(v | 1)] - v) >> 32);
}

/* v < 10^8 without zeros in front. Stores eight bytes, whatever it takes. */
static inline char *put_few(char *to, uint32_t v)
{
	unsigned zeros = zeros_of(v);

	msgc__store8(to, (digits8(v) | ASCII_ZEROS) >> 8 * zeros);
	return to + 8 - zeros;
}

static inline char *put_eight(char *to, uint32_t v)
{
	msgc__store8(to, digits8(v) | ASCII_ZEROS);
	return to + 8;
}

/* The same, with eight digits behind it. */
static inline char *put_sixteen(char *to, uint32_t first, uint32_t last)
{
	struct digits16 d = digits16(first, last);
	unsigned zeros = zeros_of(first);

	msgc__store8(to, (d.first | ASCII_ZEROS) >> 8 * zeros);
	to += 8 - zeros;
	msgc__store8(to, d.last | ASCII_ZEROS);
	return to + 8;
}

/* Up to 20 digits; room for 24. */
static inline char *put_uint64(char *to, uint64_t v)
{
	const uint32_t e8 = 100000000;

	if (MSGC__LIKELY(v < e8))
		return put_few(to, (uint32_t)v);
	if (v / e8 < e8)
		return put_sixteen(to, (uint32_t)(v / e8), (uint32_t)(v % e8));
	to = put_few(to, (uint32_t)(v / e8 / e8));
	return put_eight(put_eight(to, (uint32_t)(v / e8 % e8)), (uint32_t)(v % e8));
}

#endif
