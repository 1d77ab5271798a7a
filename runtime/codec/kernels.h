/* SPDX-License-Identifier: MIT */
/*
 * The seam between the codec and the processor: one table of functions, compiled once for each set
 * of vector instructions (kernel_*.c), chosen when the library is loaded. All of them give the same
 * results. They notice that something is wrong and leave it to others to say what: what they do not
 * like they hand to the portable code of scan.c, which knows words and places.
 */
#ifndef MSGC_CODEC_KERNELS_H
#define MSGC_CODEC_KERNELS_H

#include "internal.h"

/* What this processor and compiler have, NULL behind the last; the best one comes last. */
const struct msgc__kernels *const *msgc__kernels_all(void);
/*
 * For tests and benchmarks, while no other thread uses the codec: takes those of this name
 * ("portable", "sse2", "ssse3", "avx2", "neon"; NULL: the best). False: this machine has none.
 */
bool msgc__kernels_use(const char *name);

extern const struct msgc__kernels msgc__kernels_portable;

/* The blocks of <msgc/kernel/base.h>, where the linker can count on them. */
#if defined(__GNUC__)
__attribute__((visibility("hidden")))
#endif
extern const struct msgc__blocks msgc__blocks;

/*
 * What kernel_utf8.h looks up by nibble, and what it subtracts; twice sixteen bytes each. In another
 * file for the same reason.
 */
struct msgc__u8_tables {
	uint8_t first_upper[32], first_lower[32], second_upper[32];
	uint8_t three[32], four[32]; /* leading bytes of as many and more, less 0x80 */
	uint8_t high[32];
};
#if defined(__GNUC__)
__attribute__((visibility("hidden")))
#endif
extern const struct msgc__u8_tables msgc__u8_tables;

#if defined(__x86_64__) && defined(__GNUC__)
#define MSGC__KERNELS_X86
extern const struct msgc__kernels msgc__kernels_sse2, msgc__kernels_ssse3, msgc__kernels_avx2;
#elif defined(__aarch64__) && defined(__GNUC__) && defined(__ARM_NEON) &&                          \
        __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define MSGC__KERNELS_NEON
extern const struct msgc__kernels msgc__kernels_neon;
#endif

#endif
