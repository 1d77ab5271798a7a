#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pairs of group templates, drawn by chance: msgc refuses a pair just where trying all short values finds a name of both.

usage: test_group_names.py MSGC
"""
import itertools
import pathlib
import random
import subprocess
import sys
import tempfile

PAIRS = 4000
ROUND = 40  # pairs that share a contract, each with cuts of its own
# What a value is written as. A template's literals here are shorter than the longest of these.
VALUES = {
    "string": ["".join(text) for n in range(6) for text in itertools.product("a1", repeat=n)],
    "uint32": ["1" * n for n in range(1, 6)] + ["7", "71", "17"],
}


def draw(random_, kinds):
    """A template as a list of literals and kinds, with something that is no letter or digit between two parameters."""
    def literal(least):
        return "".join(random_.choice("a1") for _ in range(random_.randint(least, 2)))
    parts = [literal(0)]
    for n, kind in enumerate(kinds):
        parts += [(n, kind), literal(0)]
        if n + 1 < len(kinds):
            parts[-1] += "_" + literal(0)
    if not kinds and random_.random() < 0.5:
        parts[0] = "_".join((literal(1), literal(0)))
    return [part for part in parts if part]


def names(template):
    choices = [[part] if isinstance(part, str) else VALUES[part[1]] for part in template]
    return {"".join(choice) for choice in itertools.product(*choices)}


def declaration(name, prefix, template):
    params = ", ".join(f"p{part[0]}: {part[1]}" for part in template if not isinstance(part, str))
    text = "".join(part if isinstance(part, str) else f"{{p{part[0]}}}" for part in template)
    return f'group {name}{f"({params})" if params else ""} = "{prefix}{text}";\n'


def refused(msgc, pairs):
    """The numbers of the pairs that msgc refuses; each pair's names begin with as many '.' as its number says."""
    text = "contract t 1;\n"
    for n, pair in enumerate(pairs):
        for side, template in zip("xy", pair):
            text += declaration(f"{side}{n}", "." * n + ":", template)
    found = set()
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "t.msg")
        path.write_text(text)
        while True:
            done = subprocess.run([msgc, "--emit", "model", "-o", folder, str(path)], capture_output=True, text=True, timeout=60)
            said = [line for line in done.stderr.splitlines() if ": error: " in line]
            if done.returncode == 0:
                return found
            new = {int(line.split(": groups 'y")[1].split("'")[0]) for line in said if ": groups 'y" in line}
            if not new or new <= found:
                sys.exit(f"unexpected:\n{done.stderr}{text}")
            # Only so many errors are printed: the rest come once these are out of the way.
            found |= new
            lines = [line for line in text.splitlines(True) if not any(line.startswith(f"group y{n}(") or
                     line.startswith(f"group y{n} ") for n in new)]
            text = "".join(lines)
            path.write_text(text)


def main():
    random_ = random.Random(20)
    kinds = [(), ("uint32",), ("string",), ("uint32", "string"), ("string", "string")]
    bad = clashes = 0
    for _ in range(PAIRS // ROUND):
        pairs = [(draw(random_, random_.choice(kinds)), draw(random_, random_.choice(kinds))) for _ in range(ROUND)]
        pairs = [pair for pair in pairs if all(pair)]
        said = refused(sys.argv[1], pairs)
        for n, (x, y) in enumerate(pairs):
            common = names(x) & names(y)
            clashes += bool(common)
            if bool(common) != (n in said):
                bad += 1
                print("refused, without a name of both:" if n in said else f"accepted, though both can be {min(common)!r}:",
                      declaration("x", "", x).strip(), declaration("y", "", y).strip())
    print(f"{PAIRS} pairs drawn, {clashes} can share a name, {bad} not told rightly")
    return 1 if bad or clashes < PAIRS // 10 else 0


if __name__ == "__main__":
    sys.exit(main())
