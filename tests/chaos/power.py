# SPDX-License-Identifier: MIT
"""Takes from files what a loss of power would have taken: what was written and not synced, as FILE.unsynced has it (shim_power.h).

A disk promises nothing of what was not synced: all of it may be gone, or any sectors of it, in any order.
"""
import pathlib
import struct

HEAD = struct.Struct("<qqq")
SECTOR = 512


def records(text):
    """(offset, size of the file before, bytes that stood there), oldest first; a torn one at the end is left out."""
    at, found = 0, []
    while at + HEAD.size <= len(text):
        offset, size, length = HEAD.unpack_from(text, at)
        at += HEAD.size
        if at + length > len(text):
            break
        found.append((offset, size, text[at:at + length]))
        at += length
    return found


def synced(now, text):
    """The file as it was when it was last synced."""
    then = bytearray(now)
    for offset, size, stood in reversed(records(text)):
        if len(then) < size:
            then.extend(bytes(size - len(then)))
        del then[size:]
        then[offset:offset + len(stood)] = stood
    return bytes(then)


def mixed(now, then, dice):
    """Some sectors of what was written since, and one of the two lengths."""
    made = bytearray(dice.choice((now, then)))
    share = dice.random()
    for at in range(0, len(made), SECTOR):
        made[at:at + SECTOR] = (now if dice.random() < share else then)[at:at + SECTOR].ljust(len(made[at:at + SECTOR]), b"\0")
    return bytes(made)


def lose(file, dice):
    """The files of a database whose process has been killed. How many bytes are not what they were."""
    lost = 0
    everything = dice.random() < 0.5
    for end in ("", "-wal"):
        path, memory = pathlib.Path(f"{file}{end}"), pathlib.Path(f"{file}{end}.unsynced")
        if not path.exists() or not memory.exists():
            continue
        now = path.read_bytes()
        then = synced(now, memory.read_bytes())
        made = then if everything else mixed(now, then, dice)
        lost += sum(a != b for a, b in zip(now, made)) + abs(len(now) - len(made))
        path.write_bytes(made)
        memory.unlink()
    pathlib.Path(f"{file}-shm").unlink(missing_ok=True)  # it was in memory
    return lost
