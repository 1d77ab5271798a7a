#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Contracts that are too much of something, made here since they are long: each is refused at its place, in these words.

usage: test_limits.py MSGC
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest


def lines(count, line):
    return "".join(line.format(i=i, last=i - 1) + "\n" for i in range(count))


def records(count, base):
    return base + lines(count, "type r{i} {{ ...base; }}")


MEMBERS = "type base {\n" + lines(1000, "m{i}: int8;") + "}\n"
REQUIRES = "type base {\na: int8;\n" + lines(1000, "require a > {i};") + "}\n"
CHECKS = "type base {\na: int8;\n" + lines(1000, "check c{i};") + "}\n"

# The words, and what they are said of; the second line of the file is the first of these.
CASES = {
    "more than 1024 types in a choice": "type a = " + " | ".join(["int8[]"] * 1025) + ";\n",
    "more than 1024 groups, those of imported contracts included": "import \"other.msg\";\n" + lines(600, "group g{i};"),
    "more than 1024 checks of one type": "type a = string(" + ", ".join(f"check c{i}" for i in range(1024)) + ");\ntype b = a(check more);\n",
    "more than 1024 checks of one record": CHECKS + "type own {\na: int8;\n" + lines(25, "check d{i};") + "}\ntype both { ...own; x: int8; }\n"
                                           + "type most { ...base2; ...own2; }\n" + CHECKS.replace("base", "base2")
                                           + "type own2 {\nb: int8;\n" + lines(25, "check d{i};") + "}\n",
    "more than 1024 clauses, those of mixins included": "group g(n: int32);\n"
                                                        + lines(40, "mixin m{i} {{ " + " ".join(f"join g(1{{i:02}}{j:02});" for j in range(30)) + " }}")
                                                        + "consumer c at \"/\" { use " + ", ".join(f"m{i}" for i in range(40)) + "; }\n",
    "more than 64 records take over members from one another": "type r0 { a: int8; }\n" + "".join(f"type r{i} {{ ...r{i - 1}; }}\n" for i in range(1, 70)),
    "more than 100000 members are taken over in this contract": records(101, MEMBERS),
    "more than 100000 members and conditions are taken over in this contract": [records(101, REQUIRES), records(101, CHECKS)],
    "the expressions of this contract have more than 50000 parts": lines(20, "type r{i} {{ a: int8; " + "require a > 1 and a > 2; " * 500 + "}}"),
    "too many choices stand in one another": "".join(f"type c{i} = c{i - 1} | bool;\n" for i in range(69, 0, -1)) + "type c0 = int8 | string;\n",
    "union 'u4' stands in too many others": "".join(f"union u{i} by k{i} {{ a: u{i - 1}; }}\n" for i in range(69, 0, -1))
                                               + "union u0 by k0 { a: { x: int8; }; }\n",
    "too many unions stand in one another": "union u0 by k0 { a: { x: int8; }; }\n"
                                            + "".join(f"union u{i} by k{i} {{ " + " ".join(f"a{j}: u{i - 1};" for j in range(4)) + " }\n" for i in range(1, 40)),
}


class Limits(unittest.TestCase):
    def run_msgc(self, text, *words):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "much.msg"
            path.write_text(text)
            (path.parent / "other.msg").write_text("contract other 1;\n" + lines(600, "group g{i};"))
            done = subprocess.run([MSGC, *words, path], cwd=folder, capture_output=True, text=True, timeout=60)
            self.assertEqual(sorted(one.name for one in pathlib.Path(folder).iterdir()), ["much.msg", "other.msg"])
        return done.returncode, done.stderr

    def test_too_much_is_refused_in_these_words(self):
        for words, contracts in CASES.items():
            for contract in [contracts] if isinstance(contracts, str) else contracts:
                with self.subTest(words):
                    status, said = self.run_msgc("contract much 1;\n" + contract)
                    self.assertEqual(status, 1)
                    self.assertRegex(said, rf"(?m)^[^\n]*much\.msg:\d+:\d+: error: {words}$")


if __name__ == "__main__":
    MSGC = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
