#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/design/proof.md names a test for each capability: each of them is there. usage: check_proof.py ROOT"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
HEADING = "# The proof that each capability works"
DEFINED = (re.compile(r"START_TEST\((\w+)\)"), re.compile(r"def (test_\w+)\("), re.compile(r"\b(?:it|test)\(\"([^\"]+)\""),
           re.compile(r"NAME (\S+)"), re.compile(r"msgc_test_program\((\S+)"))


def defined():
    """Names, and patterns of those that CMake completes."""
    names, patterns = set(), []
    for path in (ROOT / "tests").rglob("*"):
        if "node_modules" in path.parts or path.suffix not in (".c", ".py", ".mjs", ".txt"):
            continue
        text = path.read_text(errors="replace")
        for form in DEFINED:
            names.update(form.findall(text))
    for path in (ROOT / "benchmarks").rglob("CMakeLists.txt"):
        names.update(DEFINED[3].findall(path.read_text()))
    for name in [name for name in names if "${" in name]:
        patterns.append(re.compile(re.sub(r"\\\$\\\{\w+\\\}", r"\\w+", re.escape(name))))
    return names, patterns


def main():
    rows = (ROOT / "docs/design/proof.md").read_text().split(HEADING, 1)[1]
    cells = [cell for line in rows.splitlines() if line.startswith("| ") for cell in line.split("|")[2:]]
    named = [name for cell in cells for name in re.findall(r"`([^`]+)`", cell) if re.search(r"[_ ]", name) and "/" not in name]
    names, patterns = defined()
    missing = [name for name in named if name not in names and not any(pattern.fullmatch(name) for pattern in patterns)]
    for name in missing:
        print(f"proof.md names a test that is not there: {name}")
    print(f"{len(named)} tests are named, {len(missing)} are missing")
    return 1 if missing or len(named) < 50 else 0


if __name__ == "__main__":
    sys.exit(main())
