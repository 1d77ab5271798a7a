#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What msgc writes for groups and consumers.

golden:      the consumer parts of contracts/rooms.msg and forum.msg are, letter for letter, what golden/ holds
regenerate:  writes golden/ anew
compile:     for every contract here, .h as C11 and C++17, .c and stubs as C11, with every compiler found, all warnings as errors
"""
import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
CONTRACTS = HERE / "contracts"
GOLDEN = HERE / "golden"
# Where the consumer part begins in both files.
MARK = "/* Groups and consumers. */"

WARNINGS = "-Wall -Wextra -Wconversion -Wshadow -Wvla -Wpointer-arith -Wwrite-strings -Wundef -Werror".split()
C_WARNINGS = WARNINGS + ["-Wstrict-prototypes", "-Wmissing-prototypes"]


def run_msgc(msgc, out, contract, *options):
    subprocess.run([msgc, *options, "-o", str(out), str(contract)], check=True)


def consumer_part(path):
    text = path.read_text()
    start = text.find(MARK)
    if start < 0:
        sys.exit(f"{path.name}: no line {MARK!r}")
    return text[start:]


def generated(msgc):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        run_msgc(msgc, out, CONTRACTS / "rooms.msg", "--emit", "c")
        run_msgc(msgc, out, CONTRACTS / "forum.msg", "--emit", "c")
        run_msgc(msgc, out, CONTRACTS / "rooms.msg", "--stubs")
        run_msgc(msgc, out, CONTRACTS / "rooms.msg", "--emit", "c-client")
        run_msgc(msgc, out, CONTRACTS / "forum.msg", "--emit", "c-client")
        return {
            **{name: (out / name).read_text() for name in ("rooms.client.h", "rooms.client.c", "forum.client.h", "forum.client.c")},
            "rooms.consumer.h": consumer_part(out / "rooms.msgc.h"),
            "rooms.consumer.c": consumer_part(out / "rooms.msgc.c"),
            "forum.consumer.h": consumer_part(out / "forum.msgc.h"),
            "forum.consumer.c": consumer_part(out / "forum.msgc.c"),
            "rooms_handlers.c": (out / "rooms_handlers.c").read_text(),
        }


def golden(msgc):
    bad = 0
    for name, text in generated(msgc).items():
        path = GOLDEN / f"{name}.expected"
        if not path.exists() or path.read_text() != text:
            bad += 1
            print(f"{name} differs (regenerate with the target regenerate_consumer):")
            subprocess.run(["diff", "-u", "-", str(path)], input=text, text=True)
    return bad


def regenerate(msgc):
    GOLDEN.mkdir(exist_ok=True)
    for name, text in generated(msgc).items():
        (GOLDEN / f"{name}.expected").write_text(text)
    return 0


def compile_all(msgc, includes):
    compilers = [c for c in ("gcc", "clang") if shutil.which(c)]
    plus = [c for c in ("g++", "clang++") if shutil.which(c)]
    if not compilers or not plus:
        sys.exit("no compiler found")
    bad = count = 0
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        flags = [f"-I{out}", *(f"-I{i}" for i in includes), "-c", "-o", "/dev/null"]
        for contract in sorted(CONTRACTS.glob("*.msg")):
            run_msgc(msgc, out, contract, "--emit", "c,c-client")
            run_msgc(msgc, out, contract, "--stubs")
        for header in sorted(out.glob("*.msgc.h")):
            unit = header.with_suffix(".include.cc")
            client = header.with_name(header.name.replace(".msgc.h", ".client.h"))
            unit.write_text(f'#include "{header.name}"\n#include "{client.name}"\n')
            jobs = [[c, "-std=c++17", *WARNINGS, *flags, str(unit)] for c in plus]
            for source in (header.with_suffix(".c"), client.with_suffix(".c"), out / header.name.replace(".msgc.h", "_handlers.c")):
                for std in ("c11", "gnu11"):
                    jobs += [[c, f"-std={std}", "-O2", *C_WARNINGS, *flags, str(source)] for c in compilers]
            for job in jobs:
                count += 1
                if subprocess.run(job).returncode != 0:
                    bad += 1
                    print("failed:", " ".join(job))
    print(f"{count} compilations, {bad} failed")
    return bad


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["golden", "regenerate", "compile"])
    parser.add_argument("msgc")
    parser.add_argument("--include", default="")
    args = parser.parse_args()
    if args.command == "compile":
        return compile_all(args.msgc, [i for i in args.include.split(";") if i])
    return {"golden": golden, "regenerate": regenerate}[args.command](args.msgc)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
