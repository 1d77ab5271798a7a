#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A contract of many types, always the same: records of about six members, enums, lists, maps, some records in place.

usage: contract.py TYPES > many.msg
"""
import random
import sys

SCALARS = ["int53(min 1)", "string(len 1..80)", "bool", "float64", "datetime", "uuid", "int32", "string(len ..2000, trim)", "decimal",
           "string(format email)", "uint16", "date"]
NAMES = ("id name title created_at updated_at author owner state kind note text count total price amount currency country city street "
         "zip email phone url width height size weight color rank score level tags labels items parts members history parent source "
         "target origin first last next comment reason status message payload version").split()


def enum(number, rng):
    words = rng.sample(NAMES, rng.randint(3, 7))
    return f"enum e{number} {{ {', '.join(words)} }}\n"


def member(number, name, rng):
    """Refers to types declared before: number of them."""
    choice = rng.random()
    optional = "?" if rng.random() < 0.3 else ""
    null = " | null" if rng.random() < 0.15 else ""
    if choice < 0.66 or number < 10:
        return f"{name}{optional}: {rng.choice(SCALARS)}{null};"
    other = rng.randrange(number)
    if choice < 0.76:
        return f"{name}{optional}: {kind_of(other)}{other}{null};"
    if choice < 0.86:
        return f"{name}: {kind_of(other)}{other}[](count ..50);"
    if choice < 0.91:
        return f"{name}: string(len 1..20)[](count ..5, unique) = [];"
    if choice < 0.95:
        return f"{name}: map<int32(min 0)>(count ..8) = {{}};"
    return f"{name}{optional}: {{ {rng.choice(NAMES)}: int32; {rng.choice(NAMES)}_2?: string; }};"


def kind_of(number):
    return "e" if number % 5 == 4 else "t"


def main():
    count = int(sys.argv[1])
    rng = random.Random(count)
    print("contract many 1;\n")
    for number in range(count):
        if kind_of(number) == "e":
            print(enum(number, rng))
            continue
        names = rng.sample(NAMES, rng.randint(3, 9))
        body = "\n".join("\t" + member(number, name, rng) for name in names)
        print(f"type t{number} {{\n{body}\n}}\n")
    print(f"message any {{ payload: t{count - (2 if kind_of(count - 1) == 'e' else 1)}; }}")


if __name__ == "__main__":
    main()
