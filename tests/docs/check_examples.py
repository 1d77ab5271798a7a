#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles every example of the documentation.

usage: check_examples.py MSGC ROOT CC INCLUDES

A fenced block ```msg is a contract that must compile; with `no-c`, to everything but C. Contracts that it imports stand on the same page, before it. Its C is C11 without
a warning. A block ```c with `file=PATH` must stand verbatim in that file
of the tree, which the build compiles; so must ```msg file=PATH.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.M | re.S)


def main():
    msgc, root = sys.argv[1], pathlib.Path(sys.argv[2])
    cc = [sys.argv[3], "-std=c11", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror",
          *(f"-I{folder}" for folder in sys.argv[4].split(";") if folder)]
    pages = [root / "README.md", *sorted((root / "docs").glob("**/*.md"))]
    passed = failed = 0
    for page in pages:
        before = {}
        for match in FENCE.finditer(page.read_text()):
            kind, words, text = match.groups()
            line = page.read_text()[: match.start()].count("\n") + 1
            where = f"{page.relative_to(root)}:{line}"
            problem = None
            if "file=" in words:
                source = root / words.split("file=")[1].split()[0]
                if not source.exists() or text.strip() not in source.read_text():
                    problem = f"does not stand in {source.relative_to(root)}"
            elif kind == "msg" and "fragment" not in words:
                problem = compile_contract(msgc, None if "no-c" in words else cc, text, before)
            else:
                continue
            if problem:
                failed += 1
                print(f"FAIL {where}: {problem}")
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def compile_contract(msgc, cc, text, before):
    """None, or what is wrong. before: the contracts of the page so far, by their names; this one is added."""
    found = re.search(r"^\s*contract\s+(\w+)", text, re.M)
    name = found.group(1) if found else "example"
    before[name] = text
    needed = [name, *(one for one in re.findall(r'^import "(\w+)\.msg";', text, re.M) if one in before)]
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        for one in needed:
            (out / f"{one}.msg").write_text(before[one])
        done = subprocess.run([msgc, "--emit", "c,jsonschema" if cc else "model,jsonschema", "-o", folder, *(out / f"{one}.msg" for one in needed)],
                              capture_output=True, text=True, timeout=30)
        if done.returncode == 0 and cc:
            done = subprocess.run([*cc, f"-I{folder}", out / f"{name}.msgc.c"], capture_output=True, text=True, timeout=120)
        return None if done.returncode == 0 else done.stderr.strip() or f"exit {done.returncode}"


if __name__ == "__main__":
    sys.exit(main())
