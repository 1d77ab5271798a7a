#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes pow10.c: the upper 128 bits of 10^q for q = -342 … 324.

One table serves both directions. Reading (Lemire, "Number Parsing at a Gigabyte per Second") wants the value cut off, but
rounded up for -27 <= q < 0. Printing (Giulietti, "The Schubfach way to render doubles") wants it rounded up wherever it is
not exact: float_print.c adds one where this table is cut off.
"""

FIRST, LAST = -342, 324


def upper_bits(q):
    """10^q = value * 2^e with 2^127 <= value < 2^128; only 5^q matters for the bits."""
    if q >= 0:
        power = 5**q
        length = power.bit_length()
        return power << (128 - length) if length <= 128 else power >> (length - 128)
    power = 5**-q
    shift = power.bit_length() + 127
    cut = (1 << shift) // power
    return cut + 1 if q >= -27 else cut


def main():
    print("/* SPDX-License-Identifier: MIT */")
    print("/*")
    print(" * Made by pow10.py, which says what the numbers mean. Do not edit.")
    print(" */")
    print('#include "internal.h"')
    print()
    print("/* clang-format off */")
    print("const uint64_t msgc__pow10[MSGC__POW10_MAX - MSGC__POW10_MIN + 1][2] = {")
    for q in range(FIRST, LAST + 1):
        value = upper_bits(q)
        high, low = value >> 64, value & (2**64 - 1)
        assert high >> 63 == 1 and high < 2**64
        print("%s{0x%016x, 0x%016x}," % (" " if (q - FIRST) % 2 else "\t", high, low), end="")
        if (q - FIRST) % 2 or q == LAST:
            print()
    print("};")


main()
