/* SPDX-License-Identifier: MIT */
/*
 * A block of bytes and the questions that the kernels put to it, for each set of instructions.
 * KERNEL_ISA names one of them. A mask has the bits of KERNEL_STEP(1) for each byte, the first byte
 * lowest; what is said of a block holds up to the first byte that is found. It knows no JSON but
 * the bytes that end a run of a string's.
 */
#ifndef MSGC_KERNEL_VECTOR_H
#define MSGC_KERNEL_VECTOR_H

#include <msgc/kernel/base.h>

#define KERNEL_X86 (KERNEL_ISA == ISA_SSE2 || KERNEL_ISA == ISA_SSSE3 || KERNEL_ISA == ISA_AVX2)
/* A table of 16 bytes looked up for all bytes of a block at once. */
#define KERNEL_SHUFFLES                                                                            \
	(KERNEL_ISA == ISA_SSSE3 || KERNEL_ISA == ISA_AVX2 || KERNEL_ISA == ISA_NEON)

#if KERNEL_X86
#include <immintrin.h>
#elif KERNEL_ISA == ISA_NEON
#include <arm_neon.h>
#endif

#if KERNEL_X86
/* ---- 16 bytes ---- */
#define half_of(name) _mm_loadu_si128((const __m128i *)msgc__blocks.name)
typedef __m128i half;

ALWAYS half half_load(const void *p)
{
	return _mm_loadu_si128((const __m128i *)p);
}

ALWAYS void half_store(void *p, half v)
{
	_mm_storeu_si128((__m128i *)p, v);
}

/* Special ones, and all above 0x7F, which are negative numbers. */
ALWAYS half half_odd(half v)
{
	half low = _mm_cmplt_epi8(_mm_xor_si128(v, half_of(two)), half_of(least));

	return _mm_or_si128(low, _mm_cmpeq_epi8(v, half_of(backslash)));
}

ALWAYS bool halves_odd(half a, half b)
{
	return _mm_movemask_epi8(_mm_or_si128(half_odd(a), half_odd(b))) != 0;
}
#endif

/* ---- 32 bytes, one register ---- */
#if KERNEL_ISA == ISA_AVX2

#define BLOCK 32
typedef __m256i block;
typedef uint32_t mask;
#define MASK_STEP 1

ALWAYS block block_load(const void *p)
{
	return _mm256_loadu_si256((const __m256i *)p);
}

ALWAYS void block_store(void *p, block v)
{
	_mm256_storeu_si256((__m256i *)p, v);
}

/*
 * '"', '\\' and control characters. With their second bit turned over quotes are blanks, and
 * blanks are not: one comparison, which is a signed one, finds them with what is below.
 */
ALWAYS mask block_special(block v)
{
	block low = _mm256_cmpgt_epi8(
	        block_load(msgc__blocks.low), _mm256_xor_si256(v, block_load(msgc__blocks.turned)));
	block backslash = _mm256_cmpeq_epi8(v, block_load(msgc__blocks.backslash));

	return (mask)_mm256_movemask_epi8(_mm256_or_si256(low, backslash));
}

ALWAYS mask block_high(block v)
{
	return (mask)_mm256_movemask_epi8(v);
}

/* The same and all above 0x7F, which are negative numbers. */
ALWAYS block odd_bytes(block v)
{
	block low = _mm256_cmpgt_epi8(
	        block_load(msgc__blocks.least), _mm256_xor_si256(v, block_load(msgc__blocks.two)));

	return _mm256_or_si256(low, _mm256_cmpeq_epi8(v, block_load(msgc__blocks.backslash)));
}

ALWAYS mask block_not_space(block v)
{
	const block spaces = _mm256_setr_epi8(' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0, '\r',
	        0, 0, ' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0, '\r', 0, 0);

	return ~(mask)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_shuffle_epi8(spaces, v), v));
}

ALWAYS mask block_not_digit(block v)
{
	block over = _mm256_subs_epu8(
	        _mm256_sub_epi8(v, block_load(msgc__blocks.zero)), block_load(msgc__blocks.nine));

	return ~(mask)_mm256_movemask_epi8(_mm256_cmpeq_epi8(over, _mm256_setzero_si256()));
}

ALWAYS block twice(const uint8_t *table)
{
	return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
}

ALWAYS mask block_quote(block v)
{
	return (mask)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, block_load(msgc__blocks.quote)));
}

/* Bytes c without from[c & 15] & span[c >> 4]. */
ALWAYS mask block_not_in(block v, const uint8_t *from, const uint8_t *span)
{
	block upper = _mm256_and_si256(_mm256_srli_epi16(v, 4), block_load(msgc__blocks.nibble));
	block both = _mm256_and_si256(
	        _mm256_shuffle_epi8(twice(from), v), _mm256_shuffle_epi8(twice(span), upper));

	return (mask)_mm256_movemask_epi8(_mm256_cmpeq_epi8(both, _mm256_setzero_si256()));
}

/* Are all bytes from[i] to from[i] + span[i]? */
ALWAYS bool block_within(block v, const uint8_t *from, const uint8_t *span)
{
	block over = _mm256_subs_epu8(_mm256_sub_epi8(v, block_load(from)), block_load(span));

	return _mm256_testz_si256(over, over);
}

/* Which bytes are the same. */
ALWAYS mask block_same(block v, block w)
{
	return (mask)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, w));
}

/* ---- 32 bytes, two registers ---- */
#elif KERNEL_X86

#define BLOCK     32
typedef struct {
	__m128i a, b;
} block;
typedef uint32_t mask;
#define MASK_STEP 1

ALWAYS block block_load(const void *p)
{
	block v = {_mm_loadu_si128((const __m128i *)p), _mm_loadu_si128((const __m128i *)p + 1)};

	return v;
}

ALWAYS void block_store(void *p, block v)
{
	_mm_storeu_si128((__m128i *)p, v.a);
	_mm_storeu_si128((__m128i *)p + 1, v.b);
}

ALWAYS mask two_masks(__m128i a, __m128i b)
{
	return (mask)_mm_movemask_epi8(a) | (mask)_mm_movemask_epi8(b) << 16;
}

ALWAYS __m128i half_special(__m128i v)
{
	__m128i low = _mm_cmplt_epi8(_mm_xor_si128(v, half_of(turned)), half_of(low));
	__m128i backslash = _mm_cmpeq_epi8(v, half_of(backslash));

	return _mm_or_si128(low, backslash);
}

ALWAYS mask block_special(block v)
{
	return two_masks(half_special(v.a), half_special(v.b));
}

ALWAYS mask block_high(block v)
{
	return two_masks(v.a, v.b);
}

ALWAYS __m128i half_space(__m128i v)
{
	__m128i space = _mm_cmpeq_epi8(v, _mm_set1_epi8(' '));
	__m128i tab = _mm_cmpeq_epi8(v, _mm_set1_epi8('\t'));
	__m128i feed = _mm_cmpeq_epi8(v, _mm_set1_epi8('\n'));
	__m128i back = _mm_cmpeq_epi8(v, _mm_set1_epi8('\r'));

	return _mm_or_si128(_mm_or_si128(space, tab), _mm_or_si128(feed, back));
}

ALWAYS mask block_not_space(block v)
{
	return ~two_masks(half_space(v.a), half_space(v.b));
}

ALWAYS __m128i half_digit(__m128i v)
{
	__m128i over = _mm_subs_epu8(_mm_sub_epi8(v, half_of(zero)), half_of(nine));

	return _mm_cmpeq_epi8(over, _mm_setzero_si128());
}

ALWAYS mask block_not_digit(block v)
{
	return ~two_masks(half_digit(v.a), half_digit(v.b));
}

#if KERNEL_SHUFFLES
ALWAYS __m128i half_not_in(__m128i v, const uint8_t *from, const uint8_t *span)
{
	__m128i upper = _mm_and_si128(_mm_srli_epi16(v, 4), half_of(nibble));
	__m128i one = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)from), v);
	__m128i other = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)span), upper);

	return _mm_cmpeq_epi8(_mm_and_si128(one, other), _mm_setzero_si128());
}

ALWAYS mask block_quote(block v)
{
	return two_masks(_mm_cmpeq_epi8(v.a, half_of(quote)), _mm_cmpeq_epi8(v.b, half_of(quote)));
}

ALWAYS mask block_not_in(block v, const uint8_t *from, const uint8_t *span)
{
	return two_masks(half_not_in(v.a, from, span), half_not_in(v.b, from, span));
}
#else
/* One of four ranges: how far bytes are beyond it. */
#define HALF_BEYOND(v, last, span, i)                                                              \
	_mm_subs_epu8(_mm_sub_epi8(_mm_shuffle_epi32(last, 0x55 * (i)), v),                        \
	        _mm_shuffle_epi32(span, 0x55 * (i)))

/* Of sixteen bytes, those that are in none of four ranges; see struct msgc_shape. */
ALWAYS unsigned half_not_in_ranges(__m128i v, const struct msgc_shape *shape)
{
	__m128i last = _mm_loadu_si128((const __m128i *)(shape->from + 16));
	__m128i span = _mm_loadu_si128((const __m128i *)(shape->span + 16));
	__m128i turned = _mm_or_si128(v, _mm_set1_epi8((char)shape->fold));
	__m128i a = _mm_min_epu8(HALF_BEYOND(turned, last, span, 0), HALF_BEYOND(v, last, span, 1));
	__m128i b = _mm_min_epu8(HALF_BEYOND(v, last, span, 2), HALF_BEYOND(v, last, span, 3));

	a = _mm_cmpeq_epi8(_mm_min_epu8(a, b), _mm_setzero_si128());
	return (unsigned)_mm_movemask_epi8(a) ^ 0xFFFF;
}
#endif

ALWAYS bool block_within(block v, const uint8_t *from, const uint8_t *span)
{
	block f = block_load(from), s = block_load(span);
	__m128i a = _mm_subs_epu8(_mm_sub_epi8(v.a, f.a), s.a);
	__m128i b = _mm_subs_epu8(_mm_sub_epi8(v.b, f.b), s.b);

	return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_or_si128(a, b), _mm_setzero_si128())) == 0xFFFF;
}

ALWAYS mask block_same(block v, block w)
{
	return two_masks(_mm_cmpeq_epi8(v.a, w.a), _mm_cmpeq_epi8(v.b, w.b));
}

/* ---- 16 bytes, four bits of the mask for each ---- */
#elif KERNEL_ISA == ISA_NEON

#define BLOCK     16
typedef uint8x16_t block;
typedef uint64_t mask;
#define MASK_STEP 4
#define ALL_BYTES UINT64_MAX

ALWAYS block block_load(const void *p)
{
	return vld1q_u8(p);
}

ALWAYS void block_store(void *p, block v)
{
	vst1q_u8(p, v);
}

ALWAYS mask mask_of(uint8x16_t found)
{
	return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(found), 4)), 0);
}

ALWAYS mask block_special(block v)
{
	uint8x16_t quote = vceqq_u8(v, vdupq_n_u8('"')), backslash = vceqq_u8(v, vdupq_n_u8('\\'));

	return mask_of(vorrq_u8(vorrq_u8(quote, backslash), vcltq_u8(v, vdupq_n_u8(0x20))));
}

ALWAYS mask block_high(block v)
{
	return mask_of(vcgeq_u8(v, vdupq_n_u8(0x80)));
}

ALWAYS mask block_not_space(block v)
{
	uint8x16_t line = vorrq_u8(vceqq_u8(v, vdupq_n_u8('\n')), vceqq_u8(v, vdupq_n_u8('\r')));
	uint8x16_t blank = vorrq_u8(vceqq_u8(v, vdupq_n_u8(' ')), vceqq_u8(v, vdupq_n_u8('\t')));

	return ~mask_of(vorrq_u8(line, blank));
}

ALWAYS mask block_not_digit(block v)
{
	return mask_of(vcgtq_u8(vsubq_u8(v, vdupq_n_u8('0')), vdupq_n_u8(9)));
}

ALWAYS mask block_quote(block v)
{
	return mask_of(vceqq_u8(v, vdupq_n_u8('"')));
}

ALWAYS mask block_not_in(block v, const uint8_t *from, const uint8_t *span)
{
	uint8x16_t one = vqtbl1q_u8(vld1q_u8(from), vandq_u8(v, vdupq_n_u8(15)));
	uint8x16_t other = vqtbl1q_u8(vld1q_u8(span), vshrq_n_u8(v, 4));

	return mask_of(vceqzq_u8(vandq_u8(one, other)));
}

ALWAYS bool block_within(block v, const uint8_t *from, const uint8_t *span)
{
	return vmaxvq_u8(vqsubq_u8(vsubq_u8(v, vld1q_u8(from)), vld1q_u8(span))) == 0;
}

ALWAYS mask block_same(block v, block w)
{
	return mask_of(vceqq_u8(v, w));
}

/* ---- 8 bytes in a general register ---- */
#else

#define BLOCK     8
typedef uint64_t block;
typedef uint64_t mask;
#define MASK_STEP 8

#define ONES      UINT64_C(0x0101010101010101)
#define HIGHS     UINT64_C(0x8080808080808080)
#define ALL_BYTES HIGHS

ALWAYS block block_load(const void *p)
{
	return msgc__load8(p);
}

ALWAYS void block_store(void *p, block v)
{
	msgc__store8(p, v);
}

ALWAYS mask block_special(block v)
{
	block quote = v ^ ONES * '"', backslash = v ^ ONES * '\\';

	return ((quote - ONES) | (backslash - ONES) | (v - ONES * 0x20)) & ~v & HIGHS;
}

ALWAYS mask block_high(block v)
{
	return v & HIGHS;
}

/* Zero bytes of v, exactly. */
ALWAYS block zeros(block v)
{
	return ~(((v & ~HIGHS) + ~HIGHS) | v | ~HIGHS);
}

ALWAYS mask block_not_space(block v)
{
	return ~(zeros(v ^ ONES * ' ') | zeros(v ^ ONES * '\n') | zeros(v ^ ONES * '\r') |
	               zeros(v ^ ONES * '\t')) &
	        HIGHS;
}

ALWAYS mask block_not_digit(block v)
{
	block x = v ^ ONES * '0'; /* 0…9 for digits */

	return (((x & ~HIGHS) + ONES * (0x80 - 10)) | x) & HIGHS;
}

ALWAYS mask block_same(block v, block w)
{
	return zeros(v ^ w);
}

#endif

#if KERNEL_X86 && KERNEL_SHUFFLES
/* Sixteen bytes from place n on: what moves n bytes to the right end, with zeros before them. */
static const uint8_t to_right[32] = {128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
        128, 128, 128, 128, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

/* The number of the sixteen digits in v, each a byte from 0 to 9. */
ALWAYS uint64_t number_of(__m128i v)
{
	__m128i twos = _mm_maddubs_epi16(v, half_of(ones));
	__m128i fours = _mm_madd_epi16(twos, half_of(twos));
	__m128i eights = _mm_madd_epi16(_mm_packs_epi32(fours, fours), half_of(fours));
	uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);

	return (uint32_t)both * UINT64_C(100000000) + (both >> 32);
}

/* The digits at p: how many, and the number that they make; 16: as many, or more. */
ALWAYS unsigned sixteen_digits(const char *p, uint64_t *ret)
{
	__m128i v = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)p), half_of(zero));
	__m128i over = _mm_subs_epu8(v, half_of(nine));
	unsigned digits = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(over, _mm_setzero_si128()));
	unsigned n = msgc__trailing_zeros(~(uint64_t)digits);

	v = _mm_shuffle_epi8(v, _mm_loadu_si128((const __m128i *)(to_right + n)));
	*ret = number_of(v);
	return n;
}
#endif

/* The place of the first byte found. */
ALWAYS unsigned mask_first(mask m)
{
	return msgc__trailing_zeros(m) / MASK_STEP;
}

/* The bytes before place k, k < BLOCK. */
ALWAYS mask mask_below(unsigned k)
{
	return ((mask)1 << k * MASK_STEP) - 1;
}

#if KERNEL_X86 && KERNEL_ISA != ISA_AVX2
/* Two registers: the second one only where what is expected is long, which is seldom. */
ALWAYS bool alike_wanted(const char *p, const struct msgc_expect *expect, mask wanted)
{
	const __m128i *text = (const __m128i *)expect->text;
	__m128i same = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)p), _mm_loadu_si128(text));

	if (~(mask)_mm_movemask_epi8(same) & wanted & 0xFFFF)
		return false;
	if (MSGC__LIKELY(expect->len <= 16))
		return true;
	same = _mm_cmpeq_epi8(
	        _mm_loadu_si128((const __m128i *)(p + 16)), _mm_loadu_si128(text + 1));
	return !(~(mask)_mm_movemask_epi8(same) & wanted >> 16);
}
#elif KERNEL_X86
ALWAYS bool alike_wanted(const char *p, const struct msgc_expect *expect, mask wanted)
{
	return !(~block_same(block_load(p), block_load(expect->text)) & wanted);
}
#endif

/* Does p go on as is expected, but for the first byte? It can be read to the 32nd. */
ALWAYS bool alike(const char *p, const struct msgc_expect *expect)
{
#if BLOCK == 32
	return alike_wanted(p, expect, expect->wanted & ~(mask)1);
#else
	const char *q = expect->text;
	unsigned at = 0, len = expect->len;
	mask wanted = ~mask_below(1);

	for (; at + BLOCK <= len; at += BLOCK, wanted = ~(mask)0)
		if (~block_same(block_load(p + at), block_load(q + at)) & ALL_BYTES & wanted)
			return false;
	wanted &= mask_below(len - at);
	return !(~block_same(block_load(p + at), block_load(q + at)) & ALL_BYTES & wanted);
#endif
}

/* The first byte, too. */
ALWAYS bool alike_all(const char *p, const struct msgc_expect *expect)
{
#if BLOCK == 32
	return alike_wanted(p, expect, expect->wanted);
#else
	return *p == expect->text[0] && alike(p, expect);
#endif
}

#endif
