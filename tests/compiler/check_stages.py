#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails where a file of the compiler includes the header of a later stage, or an emitter one of the stages before the model.

usage: check_stages.py COMPILER_FOLDER
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)

# Each stage may include its own headers and those above it.
STAGES = [
    ["arena", "vec", "table"],
    ["name_hash", "name_slots"],
    ["source"],
    ["diag", "suggest", "foreign", "diagnostics"],
    ["ast"],
    ["model", "model_types", "number", "names", "pattern"],
    ["parse", "parse_node", "parse_decl", "parse_token", "parser", "lexer", "scan", "tokens"],
    ["scope", "builtin", "load"],
    ["checks"],
    ["lint"],
    ["front"],
    ["textdiff", "fmt", "diff", "init"],
]
RANK = {name: rank for rank, names in enumerate(STAGES) for name in names}
# Outputs know the model, which words are reserved, what they write with, each other, and the tables of names that the codec searches.
OUTPUT_MAY = {"model", "model_types", "names", "number", "pattern", "writer", "source", "arena", "vec", "table", "name_hash", "name_slots"}
PROGRAM = {"main", "command", "options", "output", "depfile", "http_once", "writer"}


def stem(name):
    base = name.rsplit(".", 1)[0]
    for prefix, stage in (("check_", "checks"), ("pattern_", "pattern"), ("diag_", "diag"), ("fmt_", "fmt"), ("lint_", "lint"),
                          ("diff_", "diff"), ("command_", "command"), ("options_", "options")):
        if base.startswith(prefix):
            return stage
    return base


def main():
    folder = pathlib.Path(sys.argv[1])
    bad, seen = [], 0
    for path in sorted(folder.iterdir()):
        if path.suffix not in (".c", ".h", ".y", ".l"):
            continue
        seen += 1
        own = stem(path.name)
        for name in INCLUDE.findall(path.read_text()):
            other = stem(name)
            if own.startswith("emit"):
                fine = other.startswith("emit") or other in OUTPUT_MAY
            elif own in PROGRAM:
                fine = True
            elif own in RANK:
                # model.h is known to the checks' helpers as well as to what comes after.
                fine = other in RANK and RANK[other] <= RANK[own]
            else:
                fine = False
            if not fine:
                bad.append(f"{path.name} includes {name}")
    for line in bad:
        print(line)
    print(f"{seen} files read, {len(bad)} arrows run backwards")
    return 1 if bad or not seen else 0


if __name__ == "__main__":
    sys.exit(main())
