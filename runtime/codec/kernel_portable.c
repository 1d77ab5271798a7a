/* SPDX-License-Identifier: MIT */
/* The kernels in plain C: eight bytes at a time in a general register. */
#include "kernels.h"

#define KERNEL_ISA   ISA_PORTABLE
#define KERNEL_NAME  "portable"
#define KERNEL_TABLE msgc__kernels_portable
#include "kernel.h"
