/* SPDX-License-Identifier: MIT */
/* The kernels with AVX2 and BMI: one register of 32 bytes. */
#include "kernels.h"

#if defined(MSGC__KERNELS_X86)

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2")
#endif

#define KERNEL_ISA   ISA_AVX2
#define KERNEL_NAME  "avx2"
#define KERNEL_TABLE msgc__kernels_avx2
#include "kernel.h"

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
