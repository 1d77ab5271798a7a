/* SPDX-License-Identifier: MIT */
/*
 * Chooses the kernels: once, before main, so that no call pays for it and no thread can see it
 * happen. Until then, and with a compiler that knows no constructors, the first of them serve.
 */
#include "kernels.h"

#if defined(MSGC__KERNELS_X86)
const struct msgc__kernels *msgc__kernels = &msgc__kernels_sse2;
#elif defined(MSGC__KERNELS_NEON)
const struct msgc__kernels *msgc__kernels = &msgc__kernels_neon;
#else
const struct msgc__kernels *msgc__kernels = &msgc__kernels_portable;
#endif

#define FOUR(...) __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__
#define ALL(c)                                                                                     \
	{                                                                                          \
		FOUR(FOUR(c)), FOUR(FOUR(c))                                                       \
	}

#define BLOCKS                                                                                     \
	{                                                                                          \
		.turned = ALL(2 ^ 0x80), .low = ALL(0x21 ^ 0x80), .two = ALL(2),                   \
		.least = ALL(0x21), .backslash = ALL('\\'), .zero = ALL('0'), .nine = ALL(9),      \
		.nibble = ALL(15), .quote = ALL('"'), .comma = ALL(','), .bracket = ALL(']'),      \
		.ones = {FOUR(10, 1, 10, 1)}, .twos = {FOUR(100, 1)}, .fours = {FOUR(10000, 1)},   \
	}

const struct msgc__blocks msgc__blocks = BLOCKS, MSGC__BLOCKS = BLOCKS;

/* What is wrong with a pair of neighbours; an error where all three look-ups agree. */
enum {
	U8_SHORT = 1 << 0,      /* a sequence begins and does not go on */
	U8_LONG = 1 << 1,       /* ASCII, and then something that continues */
	U8_OVERLONG_3 = 1 << 2, /* E0 80…9F */
	U8_LARGE = 1 << 3,      /* F4 90…, F5… */
	U8_SURROGATE = 1 << 4,  /* ED A0… */
	U8_OVERLONG_2 = 1 << 5, /* C0, C1 */
	U8_LARGEST = 1 << 6,    /* F5… 80…8F, and F0 80…8F, which is overlong */
	U8_TWO = 1 << 7,        /* two that continue: right only within a longer sequence */
	U8_ANY = U8_SHORT | U8_LONG | U8_TWO,
	U8_BIG = U8_ANY | U8_LARGE | U8_LARGEST,
	U8_NEXT = U8_LONG | U8_OVERLONG_2 | U8_TWO
};

#define U8_FIRST_UPPER                                                                             \
	U8_LONG, U8_LONG, U8_LONG, U8_LONG, U8_LONG, U8_LONG, U8_LONG, U8_LONG, U8_TWO, U8_TWO,    \
	        U8_TWO, U8_TWO, U8_SHORT | U8_OVERLONG_2, U8_SHORT,                                \
	        U8_SHORT | U8_OVERLONG_3 | U8_SURROGATE, U8_SHORT | U8_LARGE | U8_LARGEST
#define U8_FIRST_LOWER                                                                             \
	U8_ANY | U8_OVERLONG_3 | U8_OVERLONG_2 | U8_LARGEST, U8_ANY | U8_OVERLONG_2, U8_ANY,       \
	        U8_ANY, U8_ANY | U8_LARGE, U8_BIG, U8_BIG, U8_BIG, U8_BIG, U8_BIG, U8_BIG, U8_BIG, \
	        U8_BIG, U8_BIG | U8_SURROGATE, U8_BIG, U8_BIG
#define U8_SECOND_UPPER                                                                            \
	U8_SHORT, U8_SHORT, U8_SHORT, U8_SHORT, U8_SHORT, U8_SHORT, U8_SHORT, U8_SHORT,            \
	        U8_NEXT | U8_OVERLONG_3 | U8_LARGEST, U8_NEXT | U8_OVERLONG_3 | U8_LARGE,          \
	        U8_NEXT | U8_SURROGATE | U8_LARGE, U8_NEXT | U8_SURROGATE | U8_LARGE, U8_SHORT,    \
	        U8_SHORT, U8_SHORT, U8_SHORT

const struct msgc__u8_tables msgc__u8_tables = {
        .first_upper = {U8_FIRST_UPPER, U8_FIRST_UPPER},
        .first_lower = {U8_FIRST_LOWER, U8_FIRST_LOWER},
        .second_upper = {U8_SECOND_UPPER, U8_SECOND_UPPER},
        .three = ALL(0xE0 - 0x80),
        .four = ALL(0xF0 - 0x80),
        .high = ALL(0x80),
};

const struct msgc__kernels *const *msgc__kernels_all(void)
{
	static const struct msgc__kernels *all[8];
	size_t n = 0;

	all[n++] = &msgc__kernels_portable;
#if defined(MSGC__KERNELS_X86)
	__builtin_cpu_init();
	all[n++] = &msgc__kernels_sse2;
	if (__builtin_cpu_supports("ssse3"))
		all[n++] = &msgc__kernels_ssse3;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
	        __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt"))
		all[n++] = &msgc__kernels_avx2;
#elif defined(MSGC__KERNELS_NEON)
	all[n++] = &msgc__kernels_neon;
#endif
	all[n] = NULL;
	return all;
}

bool msgc__kernels_use(const char *name)
{
	const struct msgc__kernels *const *all = msgc__kernels_all(), *found = NULL;

	for (; *all; all++)
		if (!name || strcmp((*all)->name, name) == 0)
			found = *all;
	if (!found)
		return false;
	msgc__kernels = found;
	return true;
}

#if defined(__GNUC__)
__attribute__((constructor)) static void choose(void)
{
	msgc__kernels_use(NULL);
}
#endif
