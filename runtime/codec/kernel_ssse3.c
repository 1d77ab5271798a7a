/* SPDX-License-Identifier: MIT */
/* The kernels with SSSE3: SSE2 and a look-up of bytes. */
#include "kernels.h"

#if defined(MSGC__KERNELS_X86)

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("ssse3"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("ssse3")
#endif

#define KERNEL_ISA   ISA_SSSE3
#define KERNEL_NAME  "ssse3"
#define KERNEL_TABLE msgc__kernels_ssse3
#include "kernel.h"

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
