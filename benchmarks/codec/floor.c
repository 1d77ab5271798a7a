/* SPDX-License-Identifier: MIT */
/*
 * What no parser can beat: copying the text, and looking at each byte once for quotes, backslashes
 * and control characters while UTF-8 is validated (Keiser and Lemire, "Validating UTF-8 in less
 * than one instruction per byte", 2020). AVX2 where the processor has it, plain C elsewhere.
 */
#include "floor.h"

#include <stdint.h>
#include <string.h>

#include <msgc/codec.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static volatile unsigned sink;

void floor_copy(const char *text, size_t len)
{
	static char to[1 << 17];

	memcpy(to, text, len);
	__asm__ volatile("" : : "r"(to) : "memory");
}

static bool scan_plain(const char *text, size_t len)
{
	unsigned found = 0;

	for (size_t i = 0; i < len; i++)
		found += text[i] == '"' || text[i] == '\\' || (uint8_t)text[i] < 0x20;
	sink = found;
	return msgc_utf8_valid(text, len);
}

#if defined(__x86_64__)

enum {
	SHORT = 1 << 0,
	LONG = 1 << 1,
	OVERLONG_3 = 1 << 2,
	LARGE = 1 << 3,
	SURROGATE = 1 << 4,
	OVERLONG_2 = 1 << 5,
	LARGEST = 1 << 6, /* and overlong in 4 bytes */
	TWO = 1 << 7,
	CARRY = SHORT | LONG | TWO
};

#define TWICE(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)

__attribute__((target("avx2"))) static inline __m256i before(__m256i now, __m256i last, int n)
{
	__m256i between = _mm256_permute2x128_si256(last, now, 0x21);

	switch (n) {
	case 1: return _mm256_alignr_epi8(now, between, 15);
	case 2: return _mm256_alignr_epi8(now, between, 14);
	default: return _mm256_alignr_epi8(now, between, 13);
	}
}

__attribute__((target("avx2"))) static inline __m256i utf8_errors(__m256i now, __m256i last)
{
	const __m256i low = _mm256_set1_epi8(15);
	const __m256i first_high = TWICE(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, (char)TWO,
	        (char)TWO, (char)TWO, (char)TWO, SHORT | OVERLONG_2, SHORT,
	        SHORT | OVERLONG_3 | SURROGATE, SHORT | LARGE | LARGEST);
	const __m256i first_low = TWICE((char)(CARRY | OVERLONG_3 | OVERLONG_2 | LARGEST),
	        (char)(CARRY | OVERLONG_2), (char)CARRY, (char)CARRY, (char)(CARRY | LARGE),
	        (char)(CARRY | LARGE | LARGEST), (char)(CARRY | LARGE | LARGEST),
	        (char)(CARRY | LARGE | LARGEST), (char)(CARRY | LARGE | LARGEST),
	        (char)(CARRY | LARGE | LARGEST), (char)(CARRY | LARGE | LARGEST),
	        (char)(CARRY | LARGE | LARGEST), (char)(CARRY | LARGE | LARGEST),
	        (char)(CARRY | LARGE | LARGEST | SURROGATE), (char)(CARRY | LARGE | LARGEST),
	        (char)(CARRY | LARGE | LARGEST));
	const __m256i second_high = TWICE(SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT,
	        (char)(LONG | OVERLONG_2 | TWO | OVERLONG_3 | LARGEST),
	        (char)(LONG | OVERLONG_2 | TWO | OVERLONG_3 | LARGE),
	        (char)(LONG | OVERLONG_2 | TWO | SURROGATE | LARGE),
	        (char)(LONG | OVERLONG_2 | TWO | SURROGATE | LARGE), SHORT, SHORT, SHORT, SHORT);
	__m256i one = before(now, last, 1), pairs, must;

	pairs = _mm256_and_si256(
	        _mm256_and_si256(_mm256_shuffle_epi8(first_high,
	                                 _mm256_and_si256(_mm256_srli_epi16(one, 4), low)),
	                _mm256_shuffle_epi8(first_low, _mm256_and_si256(one, low))),
	        _mm256_shuffle_epi8(second_high, _mm256_and_si256(_mm256_srli_epi16(now, 4), low)));
	must = _mm256_or_si256(
	        _mm256_subs_epu8(before(now, last, 2), _mm256_set1_epi8((char)(0xE0 - 0x80))),
	        _mm256_subs_epu8(before(now, last, 3), _mm256_set1_epi8((char)(0xF0 - 0x80))));
	return _mm256_xor_si256(_mm256_and_si256(must, _mm256_set1_epi8((char)0x80)), pairs);
}

/* Reads up to the next multiple of 32 behind the text, which is zero padding. */
__attribute__((target("avx2,popcnt"))) static bool scan_avx2(const char *text, size_t len)
{
	const __m256i quote = _mm256_set1_epi8('"'), backslash = _mm256_set1_epi8('\\'),
	              control = _mm256_set1_epi8(31);
	__m256i errors = _mm256_setzero_si256(), last = errors, now, special;
	unsigned found = 0;

	for (size_t i = 0; i < len + 3; i += 32) {
		now = _mm256_loadu_si256((const __m256i *)(text + i));
		special = _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(now, quote),
		                                  _mm256_cmpeq_epi8(now, backslash)),
		        _mm256_cmpeq_epi8(_mm256_min_epu8(now, control), now));
		found += (unsigned)__builtin_popcount((unsigned)_mm256_movemask_epi8(special));
		if (_mm256_movemask_epi8(_mm256_or_si256(now, last)))
			errors = _mm256_or_si256(errors, utf8_errors(now, last));
		last = now;
	}
	sink = found;
	return _mm256_testz_si256(errors, errors);
}

bool floor_scan(const char *text, size_t len)
{
	return __builtin_cpu_supports("avx2") ? scan_avx2(text, len) : scan_plain(text, len);
}

#else

bool floor_scan(const char *text, size_t len)
{
	return scan_plain(text, len);
}

#endif
