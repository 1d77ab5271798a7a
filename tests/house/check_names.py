#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""<msgc/kernel/names.h> gives every name that is defined anew for each set of vector instructions one of its own, and takes each
away again: functions, types and tables of the headers that <msgc/kernel/set.h> brings in, and no others. A compiler sees only the
sets of its own processor, and no clash where there is one set.

usage: check_names.py INCLUDE_FOLDER
"""
import pathlib
import re
import sys

# What is compiled once for each set; set.h undefines the guard of each.
HEADERS = ("vector.h", "number.h", "token.h", "few.h", "straight.h")
# Given a meaning there, and defined elsewhere: what the kernels have once.
ELSEWHERE = {"msgc__blocks", "u8_valid_padded", "take_escaped", "class_run_on"}

COMMENT_OR_LITERAL = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.S)
DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.M)
ATTRIBUTE = re.compile(r"__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)")


def declarations(text):
    """Each declaration of a file's top level, what is in braces left out."""
    text = COMMENT_OR_LITERAL.sub(" ", text)
    text = ATTRIBUTE.sub(" ", DIRECTIVE.sub(" ", text))
    depth, kept = 0, ""
    for part in re.split(r"([{};])", text):
        if part == "{":
            depth += 1
        elif part == "}":
            depth -= 1
            if depth < 0:
                sys.exit("braces do not match")
            # The body of a function ends what it belongs to; that of a type or table does not.
            if depth == 0 and re.search(r"\)\s*$", kept):
                yield kept
                kept = ""
        elif depth == 0 and part == ";":
            yield kept
            kept = ""
        elif depth == 0:
            kept += part
    if depth or kept.strip():
        sys.exit("a declaration does not end")


def name_of(declaration):
    """What it declares: before the parameters, the size or the value, or at its end."""
    before = re.split(r"[(\[=]", declaration, maxsplit=1)[0]
    words = re.findall(r"\w+", before)
    if not words:
        sys.exit(f"what is this? {declaration.strip()!r}")
    return words[-1]


def main():
    folder = pathlib.Path(sys.argv[1]) / "msgc" / "kernel"
    names = (folder / "names.h").read_text()
    given = dict(re.findall(r"^#define (\w+)(?:\([^)]*\))?[ \t]+(\S+)", names, re.M))
    taken = set(re.findall(r"^#undef (\w+)", names, re.M)) - {"MSGC__NAMES"}
    defined = {name_of(d): header for header in HEADERS for d in declarations((folder / header).read_text())}
    guards = set(re.findall(r"^#undef (MSGC_KERNEL_\w+_H)$", (folder / "set.h").read_text(), re.M))

    bad = [f"{header}: names.h has no {name}" for name, header in defined.items() if name not in given]
    bad += [f"names.h: {name} is not MSGC__KERNEL({name})" for name in defined if name in given and given[name] != f"MSGC__KERNEL({name})"]
    bad += [f"names.h: no header defines {name}" for name in given if name not in defined and name not in ELSEWHERE]
    bad += [f"names.h: {name} is not taken away" for name in given if name not in taken]
    bad += [f"names.h: {name} is taken away, and was not given" for name in sorted(taken) if name not in given]
    bad += [f"set.h brings in {guard}, which is not read here" for guard in sorted(guards)
            if guard not in {f"MSGC_KERNEL_{header[:-2].upper()}_H" for header in HEADERS}]
    bad += [f"set.h does not bring in {header}" for header in HEADERS if f"MSGC_KERNEL_{header[:-2].upper()}_H" not in guards]
    for line in bad:
        print(line)
    print(f"{len(defined)} names of {len(HEADERS)} headers, {len(bad)} problems")
    return 1 if bad or not defined else 0


if __name__ == "__main__":
    sys.exit(main())
