#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Contracts and what msgc is expected to say about them, or to make of them.

usage: run_case.py MSGC diagnostic NAME   diagnostics/NAME.msg gives exactly diagnostics/NAME.err
       run_case.py MSGC model NAME        model/NAME.msg gives exactly model/NAME.txt
       run_case.py MSGC lint NAME         lints/NAME.msg, checked, gives exactly lints/NAME.err; -W asks for what NAME begins with
       run_case.py MSGC diff NAME         diff/NAME.case, two versions of a contract, gives exactly diff/NAME.txt
       run_case.py MSGC coverage          every row of diagnostics.def and diff_rules.def is met by a case that has its name
       run_case.py MSGC texts             every text that the checks can say, word for word, is in what some case expects
       run_case.py MSGC regenerate        writes all .err and .txt anew; read the difference before you keep it

A version that says no more than what `it` is gets messages and a consumer that bring it to the server and to the client.
"""
import difflib
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
DIAGNOSTICS = HERE / "diagnostics"
MODEL = HERE / "model"
LINTS = HERE / "lints"
DIFF = HERE / "diff"
RULES = HERE.parent.parent / "compiler" / "diff_rules.def"
DEFINITIONS = HERE.parent.parent / "compiler" / "diagnostics.def"

FRAME = 'message in { payload: it; }\nmessage out { payload: it; }\nconsumer c at "/" { receive in; send out; }\n'

# Met by tests of the command line, which make their files as they go.
ELSEWHERE = {"file-too-big", "layout", "too-many-files"}


def run(msgc, folder, name, *options):
    """Exit status, what was said, and the files that were written."""
    with tempfile.TemporaryDirectory() as out:
        done = subprocess.run([msgc, *options, "--emit", "model", "-o", out, f"{name}.msg"], cwd=folder, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
        files = {path.name: path.read_bytes() for path in pathlib.Path(out).iterdir()}
    return done.returncode, done.stderr, files


def differs(what, expected, found):
    if expected == found:
        return False
    print(f"{what}: not as expected")
    sys.stdout.writelines(difflib.unified_diff(expected.decode(errors="replace").splitlines(True),
                                               found.decode(errors="replace").splitlines(True), "expected", "found"))
    return True


def diagnostic(msgc, name):
    status, said, files = run(msgc, DIAGNOSTICS, name)
    expected = (DIAGNOSTICS / f"{name}.err").read_bytes()
    bad = differs(f"{name}.err", expected, said)
    has_errors = b": error: " in expected
    if status != (1 if has_errors else 0):
        print(f"exit status {status}")
        bad = True
    if has_errors == bool(files):
        print(f"written: {sorted(files)}")
        bad = True
    return bad


def run_lint(msgc, name, *options):
    done = subprocess.run([msgc, "check", *options, "-W", name.split(".")[0], f"{name}.msg"], cwd=LINTS, timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
    return done.returncode, done.stderr


def lint(msgc, name):
    """The case and no error; nothing without -W where it must be asked for; nothing from the compiler."""
    status, said = run_lint(msgc, name)
    bad = differs(f"{name}.err", (LINTS / f"{name}.err").read_bytes(), said)
    if status or b": error: " in said:
        print(f"exit status {status}")
        bad = True
    status, said, _ = run(msgc, LINTS, name, "-W", name.split(".")[0])
    if status or said:
        print(f"the compiler itself: exit status {status}\n{said.decode()}")
        bad = True
    return bad


def model(msgc, name):
    status, said, files = run(msgc, MODEL, name)
    if status or said:
        print(f"exit status {status}\n{said.decode(errors='replace')}")
        return True
    return differs(f"{name}.txt", (MODEL / f"{name}.txt").read_bytes(), files[f"{name}.model.txt"])


def run_diff(msgc, name, *options):
    """Exit status, and what was said on both streams."""
    old, new = re.fullmatch(r"old:\n(.*)\nnew:\n(.*)", (DIFF / f"{name}.case").read_text(), re.S).groups()
    with tempfile.TemporaryDirectory() as folder:
        for file, text in (("old.msg", old), ("new.msg", new)):
            text = f"contract t 1;\n{text}" + ("" if "consumer " in text else FRAME)
            (pathlib.Path(folder) / file).write_text(text)
        done = subprocess.run([msgc, "diff", *options, "old.msg", "new.msg"], cwd=folder, timeout=60, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
    return done.returncode, done.stdout, done.stderr


def diff(msgc, name):
    status, found, said = run_diff(msgc, name)
    bad = differs(f"{name}.txt", (DIFF / f"{name}.txt").read_bytes(), found)
    if said or status != (1 if b"[" in found else 0):
        print(f"exit status {status}\n{said.decode(errors='replace')}")
        return True
    lines = run_diff(msgc, name, "--message-format=json")[1].decode().splitlines()
    if len(lines) != found.decode().count(" ["):
        print(f"{len(lines)} objects of JSON")
        return True
    return bad


def names(folder, suffix="msg"):
    return sorted(path.name[: -len(suffix) - 1] for path in folder.glob(f"*.{suffix}"))


def defined_ids():
    return re.findall(r'^DIAG\(\w+, "([^"]+)"', DEFINITIONS.read_text(), re.M)


def coverage(msgc):
    met = {}
    for name in names(DIAGNOSTICS):
        _, said, _ = run(msgc, DIAGNOSTICS, name, "--diagnostic-ids")
        for found in re.findall(r"(?:error|warning): .* \[([a-z0-9-]+)\]$", said.decode(errors="replace"), re.M):
            met.setdefault(found, set()).add(name.split(".")[0])
    for name in names(LINTS):
        for found in re.findall(r"warning: .* \[([a-z0-9-]+)\]$", run_lint(msgc, name, "--diagnostic-ids")[1].decode(), re.M):
            met.setdefault(found, set()).add(name.split(".")[0])
    for name in names(DIFF, "case"):
        for found in re.findall(r" \[([a-z-]+)\]$", run_diff(msgc, name)[1].decode(), re.M):
            met.setdefault(f"diff {found}", set()).add(f"diff {name.split('.')[0]}")
    rows = defined_ids() + [f"diff {rule}" for rule in re.findall(r'^RULE\(\w+, "([^"]+)"', RULES.read_text(), re.M)]
    missing = [row for row in rows if row not in ELSEWHERE and row not in met.get(row, ())]
    for row in missing:
        print(f"no case {row}.msg meets [{row}]")
    print(f"{len(rows)} kinds of messages and changes, {len(missing)} without a case of their own")
    return bool(missing) or not met


# Where messages, notes and hints are written.
SPEAKERS = ("check*.c", "parse*.c", "parser.y", "lexer.l", "load.c", "lint*.c", "scope.c", "suggest.c", "foreign.c", "pattern*.c", "fmt*.c", "command_fmt.c",
            "diff*.c")
# Literals with a blank that nobody is told, or not by these names.
UNSAID = {
    "struct parse *",                                     # a scanner's option
    " and as or not null true false ",                    # what the parser searches
    "  %s:%u:%u: %s: %s; %s [%s]\\n",                     # the form of a line of msgc diff, which each case has
    "the end of the file",                                # the name of a symbol that is always one of too many
    "there are too many properties here",                 # the contract's budget for patterns speaks first
}


def literals(path):
    """Texts of C, flex or bison as they are meant, what stands side by side as one; without comments."""
    text = re.sub(r'"\s*PRI\w+(?:\s*")?', lambda match: "d" if match.group().endswith('"') else 'd"', path.read_text())
    one = r'"(?:[^"\\\n]|\\.)*"'
    for match in re.finditer(rf"/\*.*?\*/|'(?:[^'\\\n]|\\.)'|{one}(?:\s*{one})*", text, re.S):
        if match.group().startswith('"'):
            yield "".join(part[1:-1] for part in re.findall(one, match.group()))


def as_expression(literal):
    """What printf makes of it, whatever is filled in."""
    said = literal.replace('\\"', '"').replace("\\\\", "\\")
    parts = re.split(r"%%|%[-.*0-9]*[lzhj]*[sdcuXx]", said)
    between = re.findall(r"%%|%[-.*0-9]*[lzhj]*[sdcuXx]", said)
    return "".join(re.escape(part) + ("%" if sign == "%%" else "[^\n]*?" if sign else "") for part, sign in zip(parts, [*between, ""]))


def texts(_):
    said = "\n".join(path.read_text(errors="replace") for pattern in ("diagnostics/*.err", "lints/*.err", "diff/*.txt", "test_*.py")
                     for path in sorted(HERE.glob(pattern)))
    sources = sorted({path for pattern in SPEAKERS for path in DEFINITIONS.parent.glob(pattern)})
    count = 0
    missing = []
    for path in sources:
        for literal in literals(path):
            if " " not in literal.strip() or literal in UNSAID:
                continue
            count += 1
            if not re.search(as_expression(literal), said):
                missing.append(f"{path.name}: no case has {literal!r}")
    print("\n".join(missing))
    print(f"{count} texts in {len(sources)} files, {len(missing)} that no case expects")
    return bool(missing) or count < 700


def regenerate(msgc):
    for name in names(DIAGNOSTICS):
        (DIAGNOSTICS / f"{name}.err").write_bytes(run(msgc, DIAGNOSTICS, name)[1])
    for name in names(LINTS):
        (LINTS / f"{name}.err").write_bytes(run_lint(msgc, name)[1])
    for name in names(DIFF, "case"):
        (DIFF / f"{name}.txt").write_bytes(run_diff(msgc, name)[1])
    for name in names(MODEL):
        (MODEL / f"{name}.txt").write_bytes(run(msgc, MODEL, name)[2][f"{name}.model.txt"])
    return False


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    msgc = str(pathlib.Path(sys.argv[1]).resolve())
    actions = {"diagnostic": diagnostic, "model": model, "lint": lint, "diff": diff, "coverage": coverage, "texts": texts, "regenerate": regenerate}
    return 1 if actions[sys.argv[2]](msgc, *sys.argv[3:]) else 0


if __name__ == "__main__":
    sys.exit(main())
