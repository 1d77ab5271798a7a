#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A change of the contract that breaks a client in C is an error of the compiler, at the line that no longer fits.

usage: check_usage.py MSGC CC CONTRACT INCLUDE…
"""
import pathlib
import re
import subprocess
import sys
import tempfile

MSGC, CC, CONTRACT = sys.argv[1:4]
INCLUDES = [f"-I{folder}" for folder in sys.argv[4:]]
USAGE = pathlib.Path(__file__).parent / "usage.c"

# What is changed: from, to, and what stands in the line that has to be complained of.
CHANGES = {
    "a member is renamed": (r"text: string; mood", "words: string; mood", "line->payload.text.ptr"),
    "a member gets another type": (r"total: int64\(as number\)", "total: int32", "&answer->payload.total"),
    "a message is broadcast no more": (r"broadcast line, waved;\n\s*history[^\n]*", "broadcast waved;", ".line = on_line"),
    "a message is no longer received": (r"receive add -> sum;", "", "client_request_add("),
    "a message is answered with another": (r"receive add -> sum;", "receive add -> counted;", "client_request_add("),
    "a message is no longer answered": (r"receive add -> sum;", "receive add;", "client_request_add("),
    "a parameter of the URL is renamed": (r"level: int32 = 1", "floor: int32 = 1", ".level = 1"),
    "a parameter of a topic gets another type": (r"topic discussion\(id: string\(len 1\.\.20\)\)", "topic discussion(id: int53)", "client_topic_discussion("),
    "a topic is no longer mounted": (r"topics  discussion;", "", "client_topic_discussion("),
    "a question is answered otherwise": (r"send    ask -> answer \| no_idea;", "send    ask -> no_idea;", "client_answer_ask_answer("),
}


def complaints(change, folder):
    """The numbers of the lines of usage.c that the compiler complains of."""
    text = pathlib.Path(CONTRACT).read_text()
    changed = re.sub(change[0], change[1], text) if change else text
    if change and changed == text:
        sys.exit(f"nothing to change: {change[0]}")
    contract = folder / "stage.msg"
    contract.write_text(changed)
    subprocess.run([MSGC, "--emit", "c,c-client", "-o", folder, contract], check=True, stderr=subprocess.DEVNULL)
    done = subprocess.run([CC, "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{folder}", *INCLUDES, USAGE],
                          capture_output=True, text=True)
    lines = {int(line) for line in re.findall(r"usage\.c:(\d+):\d+: (?:error|note: in expansion)", done.stderr)}
    if (done.returncode != 0) != bool(lines):
        sys.exit(done.stderr)
    return lines


def main():
    usage = USAGE.read_text().splitlines()
    bad = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if complaints(None, folder):
            sys.exit("it does not compile with its contract")
        for what, change in CHANGES.items():
            lines = complaints(change, folder)
            wanted = next(i for i, line in enumerate(usage, 1) if change[2] in line)
            if wanted not in lines:
                bad += 1
                print(f"{what}: the compiler complains of {sorted(lines)}, not of {wanted}")
    print(f"{len(CHANGES)} changes, {bad} not noticed where they should be")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
