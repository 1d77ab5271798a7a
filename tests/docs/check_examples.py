#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles every example of the documentation.

usage: check_examples.py MSGC ROOT

A fenced block ```msg is a contract that must compile; with `no-c`, to everything but C. A block ```c with `file=PATH` must stand verbatim in that file
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
    pages = [root / "README.md", *sorted((root / "docs").glob("**/*.md"))]
    passed = failed = 0
    for page in pages:
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
                problem = compile_contract(msgc, text, "model,jsonschema" if "no-c" in words else "c,jsonschema")
            else:
                continue
            if problem:
                failed += 1
                print(f"FAIL {where}: {problem}")
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def compile_contract(msgc, text, outputs):
    name = re.search(r"^\s*contract\s+(\w+)", text, re.M)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / f"{name.group(1) if name else 'example'}.msg"
        path.write_text(text)
        done = subprocess.run([msgc, "--emit", outputs, "-o", folder, str(path)],
                              capture_output=True, text=True, timeout=30)
        return None if done.returncode == 0 else done.stderr.strip() or f"exit {done.returncode}"


if __name__ == "__main__":
    sys.exit(main())
