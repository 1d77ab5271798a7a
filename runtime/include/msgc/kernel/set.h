/* SPDX-License-Identifier: MIT */
/*
 * Compiles the readers that msgc generates, once for each set of vector instructions that processors
 * of this kind may have. Each of four inclusions ends one set and begins the next: it tells the
 * compiler, says which one it is (MSGC_SET) and defines all that readers call. In between, a
 * generated file includes itself; where there is no further set, MSGC_SET is undefined.
 *
 * Internal, as all in this folder.
 */
#include <msgc/kernel/readers.h>

/* ---- the end of the one before ---- */

#if defined(MSGC_SET)
#if MSGC_SET == ISA_AVX2
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
#undef KERNEL_ISA
#undef MSGC__SET_WORD
#endif

/* ---- the next pass: not all of them have a set ---- */

#undef MSGC_SET
#if !defined(MSGC__PASS)
#define MSGC__PASS 1
#if defined(MSGC__READERS_PORTABLE)
#define MSGC_SET ISA_PORTABLE
#endif
#elif MSGC__PASS == 1
#undef MSGC__PASS
#define MSGC__PASS 2
#if defined(MSGC__READERS_X86)
#define MSGC_SET ISA_SSE2
#elif defined(MSGC__READERS_NEON)
#define MSGC_SET ISA_NEON
#endif
#elif MSGC__PASS == 2
#undef MSGC__PASS
#define MSGC__PASS 3
#if defined(MSGC__READERS_X86)
#define MSGC_SET ISA_AVX2
#endif
#else
#undef MSGC__PASS
#endif

#if defined(MSGC_SET)
#define KERNEL_ISA MSGC_SET
#if MSGC_SET == ISA_PORTABLE
#define MSGC__SET_WORD portable
#elif MSGC_SET == ISA_SSE2
#define MSGC__SET_WORD sse2
#elif MSGC_SET == ISA_AVX2
#define MSGC__SET_WORD avx2
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2")
#endif
#else
#define MSGC__SET_WORD neon
#endif

#undef BLOCK
#undef MASK_STEP
#undef FEW
#undef FEW_LOOK
#undef ALL_BYTES
#undef HALF_BEYOND
#undef MSGC_KERNEL_VECTOR_H
#undef MSGC_KERNEL_NUMBER_H
#undef MSGC_KERNEL_TOKEN_H
#undef MSGC_KERNEL_FEW_H
#undef MSGC_KERNEL_STRAIGHT_H
#include <msgc/kernel/names.h>
#include <msgc/kernel/straight.h>
/* The names that it has defined. */
#include <msgc/kernel/names.h>
#endif
