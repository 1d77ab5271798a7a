/* SPDX-License-Identifier: MIT */
/*
 * Decimal digits eight at a time in a general register. Whoever asks makes sure that the bytes may
 * be read. It knows digits only, no number's grammar.
 */
#ifndef MSGC_CODEC_SWAR_H
#define MSGC_CODEC_SWAR_H

#include "internal.h"

#define SWAR_ZEROS UINT64_C(0x3030303030303030)

/* Eight characters as values of digits; what is none has bits above the lowest four, or is above 9. */
static inline uint64_t swar_load(const char *p)
{
	return msgc__load8(p) ^ SWAR_ZEROS;
}

/* How many of the eight are digits before the first that is none. */
static inline unsigned swar_count(uint64_t v)
{
	uint64_t none = ((v + UINT64_C(0x0606060606060606)) | v) & UINT64_C(0xF0F0F0F0F0F0F0F0);

	return none ? msgc__trailing_zeros(none) / 8 : 8;
}

/* The number that eight digits make. */
static inline uint32_t swar_eight(uint64_t v)
{
	const uint64_t pairs = UINT64_C(0x000000FF000000FF);

	v = v * 10 + (v >> 8);
	return (uint32_t)(((v & pairs) * (100 + (UINT64_C(1000000) << 32)) +
	                          (v >> 16 & pairs) * (1 + (UINT64_C(10000) << 32))) >>
	        32);
}

/* The number that the first n digits make, n from 1 to 8. */
static inline uint32_t swar_some(uint64_t v, unsigned n)
{
	return swar_eight(v << (64 - 8 * n));
}

extern const uint64_t msgc__tens[20]; /* 10^n */

/*
 * The digits at p: how many, up to 18 and 7 more that the caller refuses by their number. Reads 24
 * bytes.
 */
static inline __attribute__((always_inline)) unsigned swar_digits(const char *p, uint64_t *ret)
{
	uint64_t v = swar_load(p), number;
	unsigned n = swar_count(v);

	if (MSGC__LIKELY(n < 8)) {
		*ret = n ? swar_some(v, n) : 0;
		return n;
	}
	number = swar_eight(v);
	v = swar_load(p + 8);
	n = swar_count(v);
	if (n < 8) {
		*ret = n ? number * msgc__tens[n] + swar_some(v, n) : number;
		return 8 + n;
	}
	number = number * 100000000 + swar_eight(v);
	v = swar_load(p + 16);
	n = swar_count(v);
	/* Beyond 18 digits the number is not looked at. */
	*ret = n && n <= 2 ? number * msgc__tens[n] + swar_some(v, n) : number;
	return 16 + n;
}

#endif
