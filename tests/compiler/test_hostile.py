#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Contracts that nobody writes: each is compiled or refused with a message, within a second of processor time and 256 MiB.

usage: test_hostile.py MSGC [--report] [NAME…]

--report prints time, memory and the first message of each. The size of each contract is what a file may hold or what the language allows,
whichever is less, so that nothing larger can do more. A program with sanitizers gets more of both (HOSTILE_FACTOR).
"""
import os
import pathlib
import resource
import signal
import sys
import tempfile

SECONDS = 1.0
MEBIBYTES = 256
FACTOR = float(os.environ.get("HOSTILE_FACTOR", "1"))
HEAD = "contract hostile 1;\n"


def many(count, line):
    return "".join(line(i) for i in range(count))


def nested(depth, before, inside, after):
    return before * depth + inside + after * depth


CONTRACTS = {
    # name: (accepted, text)
    "records_in_records": (False, lambda: f"type a {{ x: {nested(200_000, '{ x: ', 'int8', '; }')}; }}"),
    "records_as_deep_as_may_be": (True, lambda: f"type a {{ x: {nested(60, '{ x: ', 'int8', '; }')}; }}\nmessage m {{ p: a; }}"),
    "lists_in_lists": (False, lambda: f"type a = int8{'[]' * 200_000};"),
    "tuples_in_tuples": (False, lambda: f"type a = {nested(200_000, '[', 'int8', ']')};"),
    "parentheses": (False, lambda: f"type a = {nested(400_000, '(', 'int8', ')')};"),
    "maps_in_maps": (False, lambda: f"type a = {nested(100_000, 'map<', 'int8', '>')};"),
    "values_in_values": (False, lambda: f"type a {{ x: int8[] = {nested(400_000, '[', '', ']')}; }}"),
    "deep_expression": (False, lambda: f"type a {{ x: int8; require {nested(400_000, '(', 'x > 1', ')')}; }}"),
    "long_expression": (False, lambda: "type a { x: int8; require x > 1" + " and x > 1" * 100_000 + "; }"),
    "deep_permit": (False, lambda: f'consumer c at "/" {{ permit {"not " * 400_000}is_x; }}'),
    "chain_of_records": (True, lambda: many(4_000, lambda i: f"type t{i} {{ n: t{i + 1}; }}\n") + "type t4000 { x: int8; }\nmessage m { p: t0; }"),
    "chain_of_lists": (True, lambda: many(4_000, lambda i: f"type t{i} {{ n: t{i + 1}[]; }}\n") + "type t4000 { x: t0[]; }\nmessage m { p: t0; }"),
    "chain_of_aliases": (None, lambda: many(10_000, lambda i: f"type t{i} = t{i + 1};\n") + "type t10000 = int8;\nmessage m { p: t0; }"),
    "chain_of_list_aliases": (None, lambda: many(10_000, lambda i: f"type t{i} = t{i + 1}[];\n") + "type t10000 = int8;\nmessage m { p: t0; }"),
    "cycle_of_aliases": (False, lambda: many(10_000, lambda i: f"type t{i} = t{(i + 1) % 10_000};\n")),
    "cycle_of_records": (False, lambda: many(10_000, lambda i: f"type t{i} {{ n: t{(i + 1) % 10_000}; }}\n")),
    "doubling_records": (None, lambda: many(64, lambda i: f"type t{i} {{ a: t{i + 1}; b: t{i + 1}; }}\n") + "type t64 { x: int8; }\nmessage m { p: t0; }"),
    "doubling_defaults": (False, lambda: "type t0 { x: int8 = 1; }\n" + many(40, lambda i: f"type t{i + 1} {{ a: t{i} = {{}}; b: t{i} = {{}}; }}\n") + "message m { p: t40 = {}; }"),
    "endless_default": (False, lambda: "type a { x: a[] = [{}]; }\nmessage m { p: a; }"),
    "chain_of_defaults": (False, lambda: "type t0 { x: int8 = 1; }\n" + many(20_000, lambda i: f"type t{i + 1} {{ a: t{i} = {{}}; }}\n")),
    "doubling_spreads": (False, lambda: "type t0 { x: int8; }\n" + many(40, lambda i: f"type t{i + 1} {{ ...t{i}; y{i}: int8; ...t{i}; }}\n")),
    "growing_spreads": (None, lambda: "type t0 { x: int8; }\n" + many(400, lambda i: f"type t{i + 1} {{ ...t{i}; y{i}: int8; }}\n") + "message m { p: t400; }"),
    "doubling_mixins": (None, lambda: "message m;\nmixin x0 { receive m; }\n" + many(40, lambda i: f"mixin x{i + 1} {{ use x{i}, x{i}; }}\n") + 'consumer c at "/" { use x40; }'),
    "wide_record": (True, lambda: "type a {\n" + many(1_000, lambda i: f"m{i}: int8;\n") + "}\nmessage m { p: a; }"),
    "wide_enum": (True, lambda: "enum e { " + many(1_000, lambda i: f"v{i}, ") + "}\nmessage m { p: e; }"),
    "wide_integer_enum": (True, lambda: "enum e : int { " + many(1_000, lambda i: f"v{i} = {i * 7919 % 1_000_003}, ") + "}\nmessage m { p: e; }"),
    "wide_union": (True, lambda: "union u by k {\n" + many(1_000, lambda i: f"a{i}: {{ x: int8; }};\n") + "}\nmessage m { p: u; }"),
    "wide_choice": (False, lambda: "type t = " + " | ".join(f"t{i}" for i in range(10_000)) + ";\n" + many(10_000, lambda i: f"type t{i} {{ x: int8; }}\n")),
    "wide_literals": (None, lambda: "type t = " + " | ".join(f'"v{i}"' for i in range(20_000)) + ";\nmessage m { p: t; }"),
    "wide_tuple": (True, lambda: "message m { p: [" + ", ".join("int8" for _ in range(1_000)) + "]; }"),
    "too_wide_tuple": (False, lambda: "message m { p: [" + ", ".join("int8" for _ in range(300_000)) + "]; }"),
    "too_wide_record": (False, lambda: "type a {\n" + many(200_000, lambda i: f"m{i}: int8;\n") + "}"),
    "too_wide_enum": (False, lambda: "enum e { " + many(200_000, lambda i: f"v{i}, ") + "}"),
    "too_wide_union": (False, lambda: "union u by k {\n" + many(100_000, lambda i: f"a{i}: {{ x: int8; }};\n") + "}"),
    "too_many_consumers": (False, lambda: "message m;\n" + many(50_000, lambda i: f'consumer c{i} at "/{i}" {{ receive m; }}\n')),
    "too_many_clauses": (False, lambda: 'consumer c at "/" {\n' + many(100_000, lambda i: f"receive m{i};\n") + "}"),
    "many_unions": (True, lambda: many(2_000, lambda i: f"union u{i} by k {{ a: {{ x: int8; }}; b: {{ y: u{(i + 1) % 2_000}[]; }}; }}\n") + "message m { p: u0; }"),
    "many_messages": (True, lambda: many(1_000, lambda i: f"message m{i} {{ payload: int8; }}\n") + 'consumer c at "/" {\n' + many(1_000, lambda i: f"receive m{i};\n") + "}"),
    "many_consumers": (True, lambda: "message m;\n" + many(1_000, lambda i: f'consumer c{i} at "/{i}/{{id}}" (id: int53) {{ receive m; }}\n')),
    "many_groups": (True, lambda: "message m;\n" + many(1_000, lambda i: f'group g{i}(id: int53) = "g{i}_{{id}}" {{ broadcast m; }}\n')),
    "many_groups_of_one_beginning": (None, lambda: "message m;\n" + many(1_000, lambda i: f'group g{i}(a: string(len 1..9), b: int53) = "{{a}}_{i}_{{b}}" {{ broadcast m; }}\n')),
    "many_errors": (False, lambda: many(40_000, lambda i: f"type t{i} {{ x: nothing{i}; }}\n")),
    "many_names_alike": (False, lambda: many(20_000, lambda i: f"type abcdefgh{i:05} {{ x: abcdefgh{i:05}x; }}\n")),
    "same_name_again": (False, lambda: many(80_000, lambda i: "type t { x: int8; }\n")),
    "missing_semicolons": (False, lambda: many(40_000, lambda i: f"type t{i} = int8\n")),
    "broken_lines": (False, lambda: "type ] {\n" * 200_000),
    "open_braces": (False, lambda: "type a { x: { " * 100_000),
    "one_long_name": (False, lambda: f"type {'n' * 1_000_000} {{ x: int8; }}"),
    "many_long_names": (True, lambda: many(4_000, lambda i: f"type {'n' * 58}{i:05} {{ x: int8; }}\n") + "message m { p: int8; }"),
    "one_long_string": (None, lambda: f'message m as "{"s" * 1_000_000}";'),
    "one_long_number": (None, lambda: f"type a {{ x: decimal(max 1{'0' * 1_000_000}); }}"),
    "one_long_exponent": (None, lambda: "type a { x: float64(max 1e999999999); y: decimal(step 1e-999999999); z: int53 = 1e999999999; }"),
    "one_long_comment": (True, lambda: f"// {'c' * 4_000_000}\nmessage m;"),
    "one_long_doc": (True, lambda: f"/// {'c' * 1_000_000}\nmessage m;"),
    "many_docs": (None, lambda: "/// doc\n" * 300_000 + "message m;"),
    "one_long_line": (False, lambda: " " * 4_000_000 + "x"),
    "nul_bytes": (False, lambda: "\0" * 1_000_000),
    "only_quotes": (False, lambda: '"' * 1_000_000),
    "escapes": (False, lambda: 'message m as "' + "\\x" * 100_000 + '";'),
    "pattern_repeats_of_repeats": (False, lambda: r'type t = string(pattern r"((((a{1,99}){1,99}){1,99}){1,99}){1,99}");'),
    "pattern_repeats_of_nothing": (None, lambda: r'type t = string(pattern r"(){1000000003}"); message m { p: t; }'),
    "pattern_empty_repeats_nested": (None, lambda: r'type t = string(pattern r"((((){1000}){1000}){1000}){1000}"); message m { p: t; }'),
    "pattern_optional_repeats": (None, lambda: r'type t = string(pattern r"^(a?){400}a{400}$"); message m { p: t; }'),
    "pattern_exponential_states": (False, lambda: r'type t = string(pattern r"(a|b)*a(a|b){40}");'),
    "pattern_at_the_limit": (None, lambda: r'type t = string(pattern r"^.{0,1900}1"); message m { p: t; }'),
    "many_patterns_at_the_limit": (None, lambda: many(40, lambda i: rf'type t{i} = string(pattern r"^.{{0,1{i:02}0}}{i}");' + "\n") + "message m { p: t0; }"),
    "pattern_of_classes": (None, lambda: 'type t = string(pattern r"' + "".join(f"[\\u{{{i:x}}}-\\u{{{i + 9:x}}}]" for i in range(0x100, 0x8000, 20)) + '"); message m { p: t; }'),
    "pattern_of_properties": (None, lambda: 'type t = string(pattern r"^(' + r"\p{L}|\p{Script=Greek}|\P{Nd}|" * 300 + 'x)$"); message m { p: t; }'),
    "pattern_deep": (False, lambda: f'type t = string(pattern r"{nested(100_000, "(", "a", ")")}");'),
    "pattern_alternatives": (None, lambda: 'type t = string(pattern r"^(' + "|".join(f"w{i}" for i in range(5_000)) + ')$"); message m { p: t; }'),
    "patterns_together": (None, lambda: 'type t = string(' + ", ".join(rf'pattern r"a{{{i}}}b"' for i in range(1, 60)) + "); message m { p: t; }"),
}


class Child:
    """msgc in a process of its own with hard limits a little beyond what is asked for."""

    def __init__(self, msgc, folder, contract):
        self.errors = pathlib.Path(folder) / "errors"
        child = os.fork()
        if child == 0:
            os.dup2(os.open(self.errors, os.O_CREAT | os.O_TRUNC | os.O_WRONLY), 2)
            if FACTOR == 1:
                resource.setrlimit(resource.RLIMIT_AS, (MEBIBYTES << 20, MEBIBYTES << 20))
            limit = int(SECONDS * FACTOR * 3) + 1
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
            os.execv(msgc, [msgc, "--emit", "c,jsonschema", "-o", folder, contract])
        _, status, usage = os.wait4(child, 0)
        self.seconds = usage.ru_utime + usage.ru_stime
        self.mebibytes = usage.ru_maxrss / 1024
        self.signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        self.status = os.WEXITSTATUS(status)
        self.message = self.errors.read_text(errors="replace").split("\n", 1)[0][:160]

    def complaint(self, accepted):
        if self.signal:
            return f"killed by {signal.Signals(self.signal).name}"
        if self.status not in (0, 1) or (self.status == 0) != (accepted if accepted is not None else self.status == 0):
            return f"exit status {self.status}"
        if self.status == 1 and ": error: " not in self.message:
            return "refused without a word"
        if self.seconds > SECONDS * FACTOR:
            return f"{self.seconds:.1f} s"
        if FACTOR == 1 and self.mebibytes > MEBIBYTES:
            return f"{self.mebibytes:.0f} MiB"
        return None


def main():
    words = [word for word in sys.argv[2:] if word != "--report"]
    report = len(words) < len(sys.argv) - 2
    msgc = str(pathlib.Path(sys.argv[1]).resolve())
    bad = 0
    for name, (accepted, text) in CONTRACTS.items():
        if words and name not in words:
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "hostile.msg"
            path.write_text(HEAD + text() + "\n")
            child = Child(msgc, folder, str(path))
        complaint = child.complaint(accepted)
        bad += complaint is not None
        if report or complaint:
            print(f"{name}: {complaint or 'fine'}; {child.seconds:.2f} s, {child.mebibytes:.0f} MiB, status {child.status}, {child.message}")
    print(f"{len(words) or len(CONTRACTS)} contracts, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
