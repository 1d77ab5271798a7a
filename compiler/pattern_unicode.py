#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes pattern_unicode.c: the General_Category of every code point, as runs, from Python's unicodedata.

usage: pattern_unicode.py > pattern_unicode.c
"""
import sys
import unicodedata

PER_LINE = 8


def runs():
    last = None
    for code_point in range(sys.maxunicode + 1):
        category = unicodedata.category(chr(code_point))
        if category != last:
            yield code_point, category
            last = category


def main():
    rows = [f"R(0x{first:04X}, {category.upper()})," for first, category in runs()]
    print("/* SPDX-License-Identifier: MIT */")
    print("/*")
    print(f" * pattern_unicode.c - the General_Category of every code point, Unicode {unicodedata.unidata_version}.")
    print(" *")
    print(" * Written by pattern_unicode.py; do not edit.")
    print(" */")
    print('#include "pattern_parts.h"')
    print()
    print("/* clang-format off */")
    print("#define R(first, category) ((uint32_t)(first) << 5 | PATTERN_##category)")
    print("const uint32_t pattern_unicode_runs[] = {")
    for at in range(0, len(rows), PER_LINE):
        print("\t" + " ".join(rows[at : at + PER_LINE]))
    print("};")
    print("/* clang-format on */")
    print()
    print("const size_t pattern_unicode_n_runs =")
    print("        sizeof(pattern_unicode_runs) / sizeof(pattern_unicode_runs[0]);")


if __name__ == "__main__":
    main()
