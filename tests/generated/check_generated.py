#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What msgc writes for types and messages.

golden:      the outputs of some contracts are, letter for letter, what golden/ holds
regenerate:  writes golden/ anew
compile:     every contract here and the built-in ones: .h as C++, .c as C11, with and without functions, with every compiler found and all warnings as errors
same:        where msgc runs, how the contract is named and when make no difference; no path, date or user is in an output
"""
import argparse
import datetime
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CONTRACTS = HERE / "contracts"
BUILT_IN = HERE.parent.parent / "schemas"
GOLDEN = HERE / "golden"
GOLDEN_OF = {"lobby": "c,jsonschema", "people": "c,jsonschema", "rules": "c", "shapes": "c,jsonschema", "words": "c,jsonschema"}

WARNINGS = ("-Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wvla -Wpointer-arith -Wwrite-strings -Wundef "
            "-Wformat=2 -Wcast-qual -Werror").split()
C_WARNINGS = WARNINGS + ["-Wpedantic", "-Wstrict-prototypes", "-Wmissing-prototypes", "-Wold-style-definition"]


def run_msgc(msgc, out, contract, emit="c", cwd=None, optimize="auto"):
    subprocess.run([msgc, "--emit", emit, "--optimize", optimize, "-o", str(out), str(contract)], check=True, cwd=cwd)


def outputs(folder):
    return {path.name: path.read_text() for path in sorted(pathlib.Path(folder).iterdir())}


def golden_outputs(msgc):
    with tempfile.TemporaryDirectory() as out:
        for stem, emit in GOLDEN_OF.items():
            run_msgc(msgc, out, CONTRACTS / f"{stem}.msg", emit)
        return outputs(out)


def golden(msgc):
    bad = 0
    for name, text in golden_outputs(msgc).items():
        path = GOLDEN / name
        if not path.exists() or path.read_text() != text:
            bad += 1
            print(f"{name} differs (regenerate with the target regenerate_generated):")
            subprocess.run(["diff", "-u", str(path), "-"], input=text, text=True)
    return bad


def regenerate(msgc):
    GOLDEN.mkdir(exist_ok=True)
    for name, text in golden_outputs(msgc).items():
        (GOLDEN / name).write_text(text)
    return 0


def same(msgc):
    contracts = sorted(CONTRACTS.glob("*.msg"))
    with tempfile.TemporaryDirectory() as here, tempfile.TemporaryDirectory() as there:
        copies = pathlib.Path(there) / "copied contracts"
        shutil.copytree(CONTRACTS, copies)
        for contract in contracts:
            run_msgc(msgc, here, contract, "c,jsonschema")
            (pathlib.Path(there) / "out").mkdir(exist_ok=True)
            run_msgc(msgc, "../out", contract.name, "c,jsonschema", cwd=copies)
        one, two = outputs(here), outputs(pathlib.Path(there) / "out")
    bad = 0
    if one != two:
        bad += 1
        print("differ:", [name for name in one.keys() | two.keys() if one.get(name) != two.get(name)])
    year = str(datetime.date.today().year)
    for name, text in one.items():
        for needle in (str(HERE), here, there, "/tmp/", f" {year}", "/home/", "/root/"):
            if needle in text:
                bad += 1
                print(f"{name} holds {needle!r}")
        if name.endswith((".c", ".h")) and re.search(r"[ \t]+$", text, re.M):
            bad += 1
            print(f"{name} has blanks at a line's end")
    print(f"{len(one)} outputs compared")
    return bad


def compile_all(msgc, includes):
    compilers = [c for c in ("gcc", "clang") if shutil.which(c)]
    plus = [c for c in ("g++", "clang++") if shutil.which(c)]
    if not compilers or not plus:
        sys.exit("no compiler found")
    bad = count = 0
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        (out / "msgc").mkdir()
        flags = [f"-I{out}", *(f"-I{i}" for i in includes)]
        for contract in sorted(CONTRACTS.glob("*.msg")):
            run_msgc(msgc, out, contract)
        for contract in sorted(BUILT_IN.glob("*.msg")):
            run_msgc(msgc, out / "msgc", contract)
        small = out / "small"
        small.mkdir()
        for contract in sorted(CONTRACTS.glob("*.msg")):
            run_msgc(msgc, small, contract, optimize="size")
            header = f"{contract.stem}.msgc.h"
            if (small / header).read_text() != (out / header).read_text():
                bad += 1
                print(f"{header} differs with --optimize size")
            (small / header).unlink()
        for header in sorted(out.glob("**/*.msgc.h")):
            unit = header.with_suffix(".include.cc")
            unit.write_text(f'#include "{header.name}"\n#include "{header.name}"\n')
            jobs = [[c, f"-std={std}", *WARNINGS, *flags, "-fsyntax-only", str(unit)] for c in plus for std in ("c++11", "c++20")]
            source = str(header.with_suffix(".c"))
            jobs += [[c, "-std=c11", "-O2", *C_WARNINGS, *flags, "-c", "-o", "/dev/null", source] for c in compilers]
            little = small / header.with_suffix(".c").name
            if little.exists():
                jobs += [[c, "-std=c11", "-O2", *C_WARNINGS, *flags, "-c", "-o", "/dev/null", str(little)] for c in compilers]
            for job in jobs:
                count += 1
                if subprocess.run(job).returncode != 0:
                    bad += 1
                    print("failed:", " ".join(job))
    print(f"{count} compilations, {bad} failed")
    return bad


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["golden", "regenerate", "compile", "same"])
    parser.add_argument("msgc")
    parser.add_argument("--include", default="")
    args = parser.parse_args()
    args.msgc = str(pathlib.Path(args.msgc).resolve())
    if args.command == "compile":
        return compile_all(args.msgc, [i for i in args.include.split(";") if i])
    return {"golden": golden, "regenerate": regenerate, "same": same}[args.command](args.msgc)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
