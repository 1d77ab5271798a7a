/* SPDX-License-Identifier: MIT */
/*
 * UTF-8 (RFC 3629) validated a register at a time: Keiser and Lemire, "Validating UTF-8 in less
 * than one instruction per byte" (2020). Three look-ups by nibble say which errors each pair of
 * neighbouring bytes may be part of; one subtraction says which bytes must continue a sequence.
 * Without a look-up of bytes (SSE2) the bits of leading bytes, moved on, are compared with those
 * that continue; portable C looks at one after the other. Yes or no; it knows no places.
 */
#ifndef MSGC_CODEC_KERNEL_UTF8_H
#define MSGC_CODEC_KERNEL_UTF8_H

#include <msgc/kernel/vector.h>

#include "kernels.h"

#if KERNEL_SHUFFLES

#if KERNEL_ISA == ISA_AVX2
#define U8_BLOCK 32
typedef __m256i u8v;
#define u8_load(p)          _mm256_loadu_si256((const __m256i *)(p))
#define u8_zero()           _mm256_setzero_si256()
#define u8_and(a, b)        _mm256_and_si256(a, b)
#define u8_or(a, b)         _mm256_or_si256(a, b)
#define u8_xor(a, b)        _mm256_xor_si256(a, b)
#define u8_less(a, b)       _mm256_subs_epu8(a, b)
#define u8_look_up(t, v)    _mm256_shuffle_epi8(t, v)
#define u8_upper_nibbles(v) _mm256_and_si256(_mm256_srli_epi16(v, 4), u8_load(msgc__blocks.nibble))
#define u8_lower_nibbles(v) _mm256_and_si256(v, u8_load(msgc__blocks.nibble))
#define u8_is_zero(v)       _mm256_testz_si256(v, v)
/* The bytes n places earlier; zeros before the first. */
#define u8_earlier(v, n) _mm256_alignr_epi8(v, _mm256_permute2x128_si256(v, v, 0x08), 16 - (n))
#elif KERNEL_ISA == ISA_SSSE3
#define U8_BLOCK            16
typedef __m128i u8v;
#define u8_load(p)          _mm_loadu_si128((const __m128i *)(p))
#define u8_zero()           _mm_setzero_si128()
#define u8_and(a, b)        _mm_and_si128(a, b)
#define u8_or(a, b)         _mm_or_si128(a, b)
#define u8_xor(a, b)        _mm_xor_si128(a, b)
#define u8_less(a, b)       _mm_subs_epu8(a, b)
#define u8_look_up(t, v)    _mm_shuffle_epi8(t, v)
#define u8_upper_nibbles(v) _mm_and_si128(_mm_srli_epi16(v, 4), u8_load(msgc__blocks.nibble))
#define u8_lower_nibbles(v) _mm_and_si128(v, u8_load(msgc__blocks.nibble))
#define u8_is_zero(v)       (_mm_movemask_epi8(_mm_cmpeq_epi8(v, u8_zero())) == 0xFFFF)
#define u8_earlier(v, n)    _mm_alignr_epi8(v, u8_zero(), 16 - (n))
#else
#define U8_BLOCK            16
typedef uint8x16_t u8v;
#define u8_load(p)          vld1q_u8((const uint8_t *)(p))
#define u8_zero()           vdupq_n_u8(0)
#define u8_and(a, b)        vandq_u8(a, b)
#define u8_or(a, b)         vorrq_u8(a, b)
#define u8_xor(a, b)        veorq_u8(a, b)
#define u8_less(a, b)       vqsubq_u8(a, b)
#define u8_look_up(t, v)    vqtbl1q_u8(t, v)
#define u8_upper_nibbles(v) vshrq_n_u8(v, 4)
#define u8_lower_nibbles(v) vandq_u8(v, vdupq_n_u8(15))
#define u8_is_zero(v)       (vmaxvq_u8(v) == 0)
#define u8_earlier(v, n)    vextq_u8(u8_zero(), v, 16 - (n))
#endif

/* now, and what stands one, two and three bytes before each of its bytes. */
ALWAYS u8v u8_errors(u8v now, u8v one, u8v two, u8v three)
{
	u8v pairs = u8_and(
	        u8_and(u8_look_up(u8_load(msgc__u8_tables.first_upper), u8_upper_nibbles(one)),
	                u8_look_up(u8_load(msgc__u8_tables.first_lower), u8_lower_nibbles(one))),
	        u8_look_up(u8_load(msgc__u8_tables.second_upper), u8_upper_nibbles(now)));
	u8v must = u8_or(u8_less(two, u8_load(msgc__u8_tables.three)),
	        u8_less(three, u8_load(msgc__u8_tables.four)));

	return u8_xor(u8_and(must, u8_load(msgc__u8_tables.high)), pairs);
}

/* 64 bytes that keep everything, then 64 that keep nothing: read from the middle backwards. */
static const uint8_t u8_keep[128] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

/*
 * p[0…n), of which U8_BLOCK bytes more may be read. Behind the end stand zeros, against which a
 * sequence that is cut off shows.
 */
static __attribute__((noinline)) bool u8_valid_padded(const char *p, size_t n)
{
	const uint8_t *keep = u8_keep + 64 - (n < U8_BLOCK ? n : U8_BLOCK);
	u8v now = u8_and(u8_load(p), u8_load(keep));
	u8v errors = u8_errors(now, u8_earlier(now, 1), u8_earlier(now, 2), u8_earlier(now, 3));
	size_t i = U8_BLOCK;

	if (n < U8_BLOCK)
		return u8_is_zero(errors);
	for (; i + U8_BLOCK <= n; i += U8_BLOCK)
		errors = u8_or(errors,
		        u8_errors(u8_load(p + i), u8_load(p + i - 1), u8_load(p + i - 2),
		                u8_load(p + i - 3)));
	keep = u8_keep + 64 - (n - i);
	errors = u8_or(errors,
	        u8_errors(u8_and(u8_load(p + i), u8_load(keep)),
	                u8_and(u8_load(p + i - 1), u8_load(keep - 1)),
	                u8_and(u8_load(p + i - 2), u8_load(keep - 2)),
	                u8_and(u8_load(p + i - 3), u8_load(keep - 3))));
	return u8_is_zero(errors);
}

/* The most that the last bytes may be, so that nothing is missing behind them. */
static const uint8_t u8_most[32] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0xEF, 0xDF,
        0xBF};

/* p[0…n) and not a byte more: the last block is looked at with what is before it. */
static __attribute__((noinline)) bool u8_valid(const char *p, size_t n)
{
	const char *last;
	u8v now, errors;

	if (n < U8_BLOCK + 3)
		return msgc__utf8_prefix(p, n) == n;
	last = p + n - U8_BLOCK;
	now = u8_load(p);
	errors = u8_errors(now, u8_earlier(now, 1), u8_earlier(now, 2), u8_earlier(now, 3));
	for (p += U8_BLOCK; p < last; p += U8_BLOCK)
		errors = u8_or(errors,
		        u8_errors(u8_load(p), u8_load(p - 1), u8_load(p - 2), u8_load(p - 3)));
	now = u8_load(last);
	errors = u8_or(
	        errors, u8_errors(now, u8_load(last - 1), u8_load(last - 2), u8_load(last - 3)));
	errors = u8_or(errors, u8_less(now, u8_load(u8_most + 32 - U8_BLOCK)));
	return u8_is_zero(errors);
}

#elif KERNEL_X86

#define U8_BLOCK        16

/* As signed numbers: ASCII is above all others. */
#define U8_BELOW(v, c)  _mm_cmplt_epi8(v, _mm_set1_epi8((char)(c)))
#define U8_EQUALS(v, c) _mm_cmpeq_epi8(v, _mm_set1_epi8((char)(c)))
/* The bytes of a block whose bit 7 - n is set. */
#define U8_BITS(v, n)   ((unsigned)_mm_movemask_epi8(_mm_slli_epi16(v, n)))

/* Leading bytes that not all second bytes may follow, or none; next: what follows each of v. */
static __attribute__((noinline)) unsigned u8_rare(__m128i v, __m128i next)
{
	__m128i none = _mm_or_si128(U8_EQUALS(_mm_and_si128(v, _mm_set1_epi8((char)0xFE)), 0xC0),
	        _mm_and_si128(U8_BELOW(v, 0), _mm_cmpgt_epi8(v, _mm_set1_epi8((char)0xF4))));
	__m128i low = U8_BELOW(next, 0x90), middle = U8_BELOW(next, 0xA0);
	__m128i small = _mm_or_si128(
	        _mm_and_si128(U8_EQUALS(v, 0xE0), middle), _mm_and_si128(U8_EQUALS(v, 0xF0), low));
	__m128i large = _mm_or_si128(_mm_andnot_si128(middle, U8_EQUALS(v, 0xED)),
	        _mm_andnot_si128(low, U8_EQUALS(v, 0xF4)));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(none, _mm_or_si128(small, large)));
}

/*
 * What is wrong in a block. *must: the bytes from its first one on that must continue a sequence,
 * and then of what follows.
 */
ALWAYS unsigned u8_errors(__m128i v, const char *next, unsigned *must)
{
	unsigned high = U8_BITS(v, 0), two = high & U8_BITS(v, 1), three = two & U8_BITS(v, 2);
	unsigned four = three & U8_BITS(v, 3);
	__m128i rare = _mm_or_si128(U8_EQUALS(_mm_and_si128(v, _mm_set1_epi8((char)0xFE)), 0xC0),
	        _mm_or_si128(U8_EQUALS(v, 0xE0), U8_EQUALS(v, 0xED)));
	unsigned wrong;

	*must |= two << 1 | three << 2 | four << 3;
	wrong = (*must & 0xFFFF) ^ (high & ~two);
	*must >>= 16;
	if (MSGC__UNLIKELY(four | (unsigned)_mm_movemask_epi8(rare)))
		wrong |= u8_rare(v, _mm_loadu_si128((const __m128i *)next));
	return wrong;
}

/* Sixteen bytes that keep everything, then as many that keep nothing: read from the middle backwards. */
static const uint8_t u8_keep[32] = {
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

/* p[0…n), of which U8_BLOCK bytes more may be read. */
static __attribute__((noinline)) bool u8_valid_padded(const char *p, size_t n)
{
	unsigned must = 0, wrong = 0;
	__m128i keep;

	for (; n >= U8_BLOCK; p += U8_BLOCK, n -= U8_BLOCK)
		wrong |= u8_errors(_mm_loadu_si128((const __m128i *)p), p + 1, &must);
	if (n) {
		keep = _mm_loadu_si128((const __m128i *)(u8_keep + U8_BLOCK - n));
		wrong |= u8_errors(
		        _mm_and_si128(_mm_loadu_si128((const __m128i *)p), keep), p + 1, &must);
	}
	return !(wrong | must);
}

/* p[0…n) and not a byte more. */
static bool u8_valid(const char *p, size_t n)
{
	unsigned must = 0, wrong = 0;
	size_t i = 0;

	for (; n - i > U8_BLOCK; i += U8_BLOCK)
		wrong |= u8_errors(_mm_loadu_si128((const __m128i *)(p + i)), p + i + 1, &must);
	if (wrong)
		return false;
	/* The rest, with the sequence that reaches into it. */
	if (must)
		do
			i--;
		while (((uint8_t)p[i] & 0xC0) == 0x80);
	return msgc__utf8_prefix(p + i, n - i) == n - i;
}

#else

#define U8_BLOCK 8

static __attribute__((noinline)) bool u8_valid_padded(const char *p, size_t n)
{
	return msgc__utf8_prefix(p, n) == n;
}

static bool u8_valid(const char *p, size_t n)
{
	return msgc__utf8_prefix(p, n) == n;
}

#endif

#endif
