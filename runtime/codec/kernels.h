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

/*
 * Blocks of one byte each, and factors. They are defined elsewhere because a compiler that knows what is in them
 * builds them anew for every use, by way of a general register.
 */
#define MSGC__BLOCK_MOST 32
struct msgc__blocks {
	uint8_t turned[MSGC__BLOCK_MOST]; /* turns quotes into blanks, and the sign over */
	uint8_t low[MSGC__BLOCK_MOST];    /* what follows a blank, its sign turned over */
	uint8_t two[MSGC__BLOCK_MOST];    /* turns quotes into blanks */
	uint8_t least[MSGC__BLOCK_MOST];  /* what follows a blank: the least that may stand there */
	uint8_t backslash[MSGC__BLOCK_MOST];
	uint8_t zero[MSGC__BLOCK_MOST];   /* the digit */
	uint8_t nine[MSGC__BLOCK_MOST];   /* the number */
	uint8_t nibble[MSGC__BLOCK_MOST]; /* the lower four bits */
	/* What makes one number of two neighbours: of one digit, of two, of four. */
	uint8_t ones[16];
	uint16_t twos[8], fours[8];
};
#if defined(__GNUC__)
__attribute__((visibility("hidden")))
#endif
extern const struct msgc__blocks msgc__blocks;
#if defined(__x86_64__) && defined(__GNUC__)
#define MSGC__KERNELS_X86
extern const struct msgc__kernels msgc__kernels_sse2, msgc__kernels_ssse3, msgc__kernels_avx2;
#elif defined(__aarch64__) && defined(__GNUC__) && defined(__ARM_NEON) &&                          \
        __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define MSGC__KERNELS_NEON
extern const struct msgc__kernels msgc__kernels_neon;
#endif

#endif
