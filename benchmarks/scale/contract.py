#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A contract of many actions, each with a payload of its own, a union of as many arms told apart by integers, an enum of as many values.

usage: contract.py ACTIONS scale.msg

Names are alike but for their digits, which is the worst case for telling them apart; integers do not run on.
"""
import contextlib
import sys


def arm(number):
    """The tag of an arm, and the number of an enum's value."""
    return number * 7 + 3


def write(count):
    print("contract scale 1;\n")
    print(f"enum code : int {{ {', '.join(f'code_{i:04} = {arm(i)}' for i in range(count))} }}\n")
    print("union part by kind {")
    for i in range(count):
        print(f"    part_{i:04} as {arm(i)}: {{ value_{i:04}: int53(min 0); }};")
    print("}\n")
    for i in range(count):
        print(f"message open_ticket_{i:04} {{ payload: {{ id: int53(min 0); title_{i:04}: string(len 1..200); urgent: bool; }}; }}")
    print("\nmessage parts { payload: part[](count ..64); }")
    print("message codes { payload: code[](count ..64); }")
    print("message lines { payload: { user: string(len 1..64); text: string(len ..2000); id: int53; }[](count ..1000); }")
    print("message opaque { payload: json; }")
    print("\nconsumer desk at \"/desk/\" {\n    auth anonymous;")
    for i in range(count):
        print(f"    receive open_ticket_{i:04};")
    print("}")


def main():
    with open(sys.argv[2], "w", encoding="utf-8") as file, contextlib.redirect_stdout(file):
        write(int(sys.argv[1]))


if __name__ == "__main__":
    main()
