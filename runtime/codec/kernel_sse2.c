/* SPDX-License-Identifier: MIT */
/* The kernels for every x86-64: SSE2, two registers of 16 bytes. */
#include "kernels.h"

#if defined(MSGC__KERNELS_X86)

#define KERNEL_ISA   ISA_SSE2
#define KERNEL_NAME  "sse2"
#define KERNEL_TABLE msgc__kernels_sse2
#include "kernel.h"

#endif
