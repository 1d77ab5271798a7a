/* SPDX-License-Identifier: MIT */
/*
 * All kernels for one set of instructions, and their table. A file that includes this has said which
 * (KERNEL_ISA), has told the compiler, and names the table (KERNEL_TABLE, KERNEL_NAME).
 */
#include "kernel_decode.h"
#include "kernel_encode.h"
#include "kernel_rare.h"
#include "kernel_skip.h"

const struct msgc__kernels KERNEL_TABLE = {
        .name = KERNEL_NAME,
        .read_str = kernel_read_str,
        .take_str = kernel_take_str,
        .take_shape = kernel_take_shape,
        .take_float64 = kernel_take_float64,
        .read_member = kernel_read_member,
        .read_item = kernel_read_item,
        .decode = kernel_decode,
        .read_record = kernel_read_record,
        .read_list = kernel_read_list,
        .aside = &kernel_aside,
        .skip = kernel_skip,
        .string_end = kernel_string_end,
        .utf8_valid = kernel_utf8_valid,
        .space_end = kernel_space_end,
        .write_str = kernel_write_str,
        .encode = kernel_encode,
        .write = kernel_write,
};
