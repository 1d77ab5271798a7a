/* SPDX-License-Identifier: MIT */
/* The kernels with NEON, which every AArch64 has: one register of 16 bytes. */
#include "kernels.h"

#if defined(MSGC__KERNELS_NEON)

#define KERNEL_ISA   ISA_NEON
#define KERNEL_NAME  "neon"
#define KERNEL_TABLE msgc__kernels_neon
#include "kernel.h"

#endif
