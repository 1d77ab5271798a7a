#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Frames of other people's protocols under the generated decoders.

usage: check_frames.py JUDGE CONTRACT.txt…

Each file holds a line for a frame: what is due, a tab, the message, a tab, the frame. Due is "ok", or the type of the first problem, a
blank and its place. What was taken is encoded again and must hold all that the frame held and the contract knows.
"""
import json
import pathlib
import subprocess
import sys


def ask(judge, index, frame):
    data = frame.encode()
    judge.stdin.write(b"%d %d\n%s" % (index, len(data), data))
    judge.stdin.flush()
    return judge.stdout.readline().decode().rstrip("\n").split("\t", 1)


def lost(sent, written, at="frame"):
    """Where `written` says something else than `sent`; members that only one of them has are left to the contract."""
    if isinstance(sent, dict) and isinstance(written, dict):
        for key in sent.keys() & written.keys():
            yield from lost(sent[key], written[key], f"{at}.{key}")
    elif isinstance(sent, list) and isinstance(written, list):
        if len(sent) != len(written):
            yield f"{at}: {len(sent)} elements, then {len(written)}"
        for i, (a, b) in enumerate(zip(sent, written)):
            yield from lost(a, b, f"{at}[{i}]")
    elif sent != written and not (isinstance(sent, str) and is_time(sent)):
        yield f"{at}: {sent!r}, then {written!r}"


def is_time(text):
    """Times are written in one form: 12:00:00.500 and 12:00:00.500000+00:00 may be the same."""
    return len(text) > 19 and text[10:11] == "T" and text[4] == "-"


def judged(judge, index, due, frame):
    verdict, rest = ask(judge, index, frame)
    if verdict == "ok":
        if due != "ok":
            return f"taken, though {due} was due"
        sent, written = json.loads(frame), json.loads(rest)
        if isinstance(written, list) and len(written) > 1 and written[1] is None:
            written[1] = sent[1]  # a ref: whoever sends the frame fills it in
        return next(lost(sent, written), None)
    if verdict != "refused":
        return f"{verdict}: {rest}"
    problem = json.loads(rest)[0]
    found = f"{problem['type']} {json.dumps(problem['loc'], separators=(',', ':'))}"
    return None if found == due else f"{found}, though {due} was due"


def main():
    program, paths = sys.argv[1], [pathlib.Path(path) for path in sys.argv[2:]]
    names = subprocess.run([program, "--list"], check=True, capture_output=True, text=True).stdout.split()
    judge = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    count, bad, met = 0, 0, set()
    for path in paths:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line.startswith("#") or not line:
                continue
            due, message, frame = line.split("\t")
            name = f"{path.stem}.{message}"
            met.add(name)
            count += 1
            wrong = judged(judge, names.index(name), due, frame)
            if wrong:
                bad += 1
                print(f"{path.name}:{number}: {message}: {wrong}")
    judge.stdin.close()
    judge.wait()
    print(f"{count} frames of {len(met)} messages, {bad} wrong")
    return 1 if bad or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
