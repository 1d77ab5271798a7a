#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Several clients against a server that is killed, starved and lied to; what they have seen is judged by checker.py.

usage: chaos.py SERVER [--workers=N] [--seconds=N] [--seed=N] [--faults=kill,stop,…] [--keep=FOLDER] [--all]

Faults: kill (SIGKILL, at any moment), stop (SIGTERM, and started again), net (connections through a proxy of six moods), lock (another program locks the
file), io (writes, syncs and reads fail), full (the disk is full: a small tmpfs where that can be mounted, otherwise the file system's shim says so), slow (syncs
take long), clock (the wall clock jumps), banish (users are logged out). Slow readers are always there. Without --faults all of them at once;
--all runs each by itself and all together, with one worker and with two. By itself, or with net, slow and banish: power (the process is killed, what
the file system had been given and not asked to sync is gone, wholly or in parts, and the machine is started anew; with clock, too, a message_id may be
forgotten and its message stored twice, since a machine that was started anew goes by the wall clock).
"""
import argparse
import asyncio
import json
import os
import pathlib
import random
import re
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time

from checker import check
from power import lose
from wires import Closed, Proxy, WebSocket

FAULTS = ("kill", "stop", "net", "lock", "io", "full", "slow", "clock", "banish")
ALONE = ("power",)  # not with what else ends the server, or opens the file behind its back
PLACES = {"room": ("room", None), "vault": ("vault", None), "brook": ("brook", 20)}  # how much the history keeps
DURABLE = ("vault",)
WISHES = {"write_fails": 0, "disk_full": 4, "sync_fails": 8, "read_fails": 12, "slow_syncs": 16, "clock_offset": 20, "remember": 24, "boot": 28}
ANSWER_WITHIN = 4.0


class Stuck(Exception):
    """The server does not do what it has to."""


class Server:
    """The process, on one file through all its lives."""

    def __init__(self, program, folder, workers):
        self.program, self.folder, self.workers = program, folder, workers
        self.file, self.wishes, self.log = folder / "disk" / "chaos", folder / "wishes", folder / "log"
        (folder / "disk").mkdir(exist_ok=True)
        self.wishes.write_bytes(bytes(64))
        self.process, self.port, self.lives, self.boots, self.deaths, self.crashes = None, 0, 0, 0, [], []

    def wish(self, name, value):
        with open(self.wishes, "r+b") as wishes:
            wishes.seek(WISHES[name])
            wishes.write(struct.pack("<i", value))

    async def start(self):
        with open(self.log, "ab") as log:
            at = log.tell()
            self.process = subprocess.Popen(
                [self.program, f"--file={self.file}", f"--wishes={self.wishes}", f"--workers={self.workers}", "--host=127.0.0.1", "--port=0",
                 "--no-origin-required", "--sqlite-lock-timeout=300ms", "--message-id-window=10m", "--outbox-limit=64KiB", "--drain-timeout=2s",
                 "--ping-interval=1s", "--ping-timeout=2s"], stderr=log, stdout=log)
        self.lives += 1
        end = time.monotonic() + 20
        while time.monotonic() < end and self.process.poll() is None:
            found = re.search(rb"event=listen\.ready \S+ port=(\d+)", self.log.read_bytes()[at:])
            if found:
                self.port = int(found.group(1))
                return True
            await asyncio.sleep(0.01)
        self.deaths.append(self.process.poll())
        return False

    async def end(self, number):
        self.process.send_signal(number)
        while self.process.poll() is None:
            await asyncio.sleep(0.01)
        return self.process.returncode


class Run:
    def __init__(self, server, seed, faults):
        self.server, self.faults, self.dice = server, faults, random.Random(seed)
        self.proxy = Proxy(self.dice)
        self.events, self.conns, self.over, self.quiet = [], 0, False, False
        self.clients, self.happened = [], {}

    def note(self, what, **more):
        self.events.append({"what": what, "t": time.monotonic(), **more})

    def count(self, fault):
        self.happened[fault] = self.happened.get(fault, 0) + 1


class Client:
    """Listens in one place, comes back when it was cut off, and speaks, if it is a speaker: one message at a time, again under the same message_id
    when it does not know what became of it."""

    def __init__(self, run, name, place, speaks, slow):
        self.run, self.name, self.place, self.speaks, self.slow = run, name, place, speaks, slow
        self.position, self.socket, self.number, self.answers, self.user = None, None, 0, {}, name
        self.at, self.live = None, asyncio.Event()

    async def listen(self):
        while not self.run.over:
            try:
                await self._listen_once()
            except Closed as closed:
                if self.conn:
                    self.run.note("close", conn=self.conn, code=closed.code)
            except (asyncio.TimeoutError, asyncio.IncompleteReadError):
                pass
            self.live.clear()
            if self.socket:
                self.socket.drop()
            for answer in self.answers.values():
                if not answer.done():
                    answer.set_result("gone")
            self.answers.clear()
            await asyncio.sleep(self.run.dice.uniform(0.01, 0.2))

    async def _listen_once(self):
        self.socket, self.conn = None, None
        epoch, seq = self.position or ("", 0)
        user = self.user  # it may be another one when the handshake is over
        target = f"/{self.place}/x/?epoch={epoch}&seq={seq}"
        port = self.run.server.port if self.run.quiet else self.run.proxy.port
        self.socket = await asyncio.wait_for(
            WebSocket.connect(port, target, f"sid={user}", 4096 if self.slow else None), 5)
        self.run.conns += 1
        self.conn = f"{self.name}#{self.run.conns}"
        self.run.note("connect", conn=self.conn, client=self.name, user=user, place=self.place, epoch=epoch or None, seq=seq, slow=self.slow)
        while not self.run.over:
            if self.slow and not self.run.quiet and self.run.dice.random() < 0.02:
                await asyncio.sleep(self.run.dice.uniform(0.5, 2))
            # A half-open peer says nothing: the server's pings are one a second.
            self.take(await asyncio.wait_for(self.socket.receive(), 6 if not self.run.quiet else 30))

    def take(self, message):
        action, payload = message["action"], message.get("payload")
        if action == "recovered":
            self.run.note("recovered", conn=self.conn, whole=payload["recovered"], epoch=payload["epoch"], seq=payload["seq"])
            self.position = (payload["epoch"], payload["seq"]) if payload["epoch"] else None
            self.live.set()
        elif action == "line":
            self.run.note("line", conn=self.conn, epoch=message["epoch"], seq=message["seq"], author=payload["author"], number=payload["number"])
            self.position = (message["epoch"], message["seq"])
        elif action == "wink":
            self.run.note("wink", conn=self.conn, author=payload["author"], number=payload["number"])
        elif message.get("ref") in self.answers:
            answer = self.answers.pop(message["ref"])
            if not answer.done():
                answer.set_result("ok" if action in ("said", "noted", "banished") else payload.get("reason", "?"))

    async def ask(self, message):
        """Gives "ok", an error's reason, or "gone"."""
        ref = f"{self.name}-{len(self.run.events)}-{self.run.dice.randrange(10**9)}"
        answer = self.answers[ref] = asyncio.get_running_loop().create_future()
        try:
            self.socket.send({**message, "ref": ref})
            return await asyncio.wait_for(answer, ANSWER_WITHIN)
        except (Closed, asyncio.TimeoutError):
            self.answers.pop(ref, None)
            if self.socket:
                self.socket.drop()
            return "gone"

    async def speak(self):
        while not self.run.quiet:
            await self.live.wait()
            self.number += 1
            # A row of the program's takes all before it to the disk: a loss of power would find little.
            how = "note" if self.run.dice.random() < (0.05 if "power" in self.run.faults else 0.5) else "say"
            word = {"author": self.name, "number": self.number}
            self.run.note("invoke", **word, place=self.place, how=how)
            message = {"action": how, "payload": word}
            if self.run.dice.random() < 0.5:
                message["message_id"] = f"{self.name}-{self.number}"
            result = await self.ask(message)
            for _ in range(6):
                if result in ("ok", "lost") or "message_id" not in message or self.run.quiet:
                    break
                await asyncio.sleep(self.run.dice.uniform(0.05, 0.3))
                await self.live.wait()
                result = await self.ask(message)
            if result == "ok":
                self.run.note("ok", **word)
            else:
                self.run.note("failed", **word, reason=result)
            if self.run.dice.random() < 0.3 and self.live.is_set():
                try:
                    self.socket.send({"action": "wave", "payload": word})
                except Closed:
                    pass
            await asyncio.sleep(self.run.dice.uniform(0, 0.02))


# ---------------------------------------------------------------------------------------------------- faults


async def kill(run, number=signal.SIGKILL):
    while not run.quiet:
        await asyncio.sleep(run.dice.uniform(0.3, 1.5))
        if run.quiet:
            return
        code = await run.server.end(number)
        if code != (-signal.SIGKILL if number == signal.SIGKILL else 0):
            run.server.crashes.append(code)
        run.count("kill" if number == signal.SIGKILL else "stop")
        while not await run.server.start():
            await asyncio.sleep(0.1)  # a fault is in its way: it says so and does not start
        run.proxy.target = run.server.port


async def stop(run):
    await kill(run, signal.SIGTERM)


async def power(run):
    """Sometimes the process alone is ended: what it leaves must not be mistaken for what a machine leaves."""
    while not run.quiet:
        await asyncio.sleep(run.dice.uniform(0.3, 1.5))
        if run.quiet:
            return
        how = run.dice.choice(("power", "power", "power", "kill", "stop"))
        code = await run.server.end(signal.SIGTERM if how == "stop" else signal.SIGKILL)
        if code != (0 if how == "stop" else -signal.SIGKILL):
            run.server.crashes.append(code)
        if how == "power":
            run.server.boots += 1
            run.server.wish("boot", run.server.boots)
            run.happened["bytes lost"] = run.happened.get("bytes lost", 0) + lose(run.server.file, run.dice)
            run.note("power")
        run.count(how)
        if not await run.server.start():
            raise Stuck("the server does not start again: " + run.server.log.read_text()[-2000:])
        run.proxy.target = run.server.port


async def net(run):
    while not run.quiet:
        run.proxy.mood = run.dice.choice(("any",) + Proxy.MOODS)
        await asyncio.sleep(run.dice.uniform(0.3, 1))
        if run.dice.random() < 0.3:
            run.proxy.cut()
        run.count("net")
    run.proxy.mood = "fair"


async def lock(run):
    while not run.quiet:
        await asyncio.sleep(run.dice.uniform(0.3, 1))
        try:
            db = sqlite3.connect(run.server.file, timeout=0.2, isolation_level=None)
            db.execute("BEGIN IMMEDIATE")
            run.count("lock")
            await asyncio.sleep(run.dice.uniform(0.05, 0.8))
            db.execute("ROLLBACK")
            db.close()
        except sqlite3.Error:
            pass


async def wishes(run, name, values):
    while not run.quiet:
        await asyncio.sleep(run.dice.uniform(0.2, 0.8))
        run.server.wish(name, run.dice.choice(values))
        run.count(name)
        await asyncio.sleep(run.dice.uniform(0.1, 0.5))
        run.server.wish(name, 0)
    run.server.wish(name, 0)


async def io(run):
    await asyncio.gather(*(wishes(run, name, (20, 200, 1000)) for name in ("write_fails", "sync_fails", "read_fails")))


async def full(run):
    filler = run.server.file.parent / "filler"
    if not os.path.ismount(filler.parent):
        await wishes(run, "disk_full", (100, 1000))
        return
    while not run.quiet:
        await asyncio.sleep(run.dice.uniform(0.2, 0.8))
        try:
            with open(filler, "wb", buffering=0) as file:
                while file.write(bytes(65536)):
                    pass
        except OSError:
            run.count("full")
        await asyncio.sleep(run.dice.uniform(0.2, 0.8))
        filler.unlink(missing_ok=True)


async def slow(run):
    await wishes(run, "slow_syncs", (100, 1000))


async def clock(run):
    while not run.quiet:
        await asyncio.sleep(run.dice.uniform(0.1, 0.5))
        run.server.wish("clock_offset", run.dice.choice((-10**8, -3600, -1, 0, 1, 3600, 10**8)))
        run.count("clock")
    run.server.wish("clock_offset", 0)


async def banish(run):
    while not run.quiet:
        await asyncio.sleep(run.dice.uniform(0.3, 1))
        speakers = [client for client in run.clients if client.place == "room" and client.speaks and client.live.is_set()]
        if not speakers or run.quiet:
            continue
        # Of those who only listen, and come back as somebody else: where the clock jumps, a log-out may hold for as long as it is remembered.
        victim = run.dice.choice([client for client in run.clients if not client.speaks])
        user = victim.user
        if await run.dice.choice(speakers).ask({"action": "banish", "payload": {"user": user}}) == "ok":
            run.note("banished", user=user)
            run.count("banish")
            victim.user = f"{victim.name}.{run.happened['banish']}"


# ---------------------------------------------------------------------------------------------------- a run


async def play(run, seconds):
    await run.proxy.start()
    if not await run.server.start():
        raise Stuck("the server does not start: " + run.server.log.read_text())
    run.proxy.target = run.server.port
    for place in PLACES:
        run.clients += [Client(run, f"{place}-{i}", place, speaks=i < 2, slow=i == 3) for i in range(4)]
    listening = [asyncio.create_task(client.listen()) for client in run.clients]
    speaking = [asyncio.create_task(client.speak()) for client in run.clients if client.speaks]
    faults = [asyncio.create_task(globals()[fault](run)) for fault in run.faults]
    await asyncio.sleep(seconds)
    run.quiet = True
    for task in faults + speaking:
        task.add_done_callback(lambda done: done.cancelled() or done.result())
    await asyncio.wait(faults, timeout=30)
    await asyncio.wait(speaking, timeout=ANSWER_WITHIN * 2)
    for task in speaking:
        task.cancel()
    # Now nothing fails any more. Everybody comes back, and hears a last word that has everything before it.
    if run.server.process.poll() is not None and not await run.server.start():
        raise Stuck("the server does not come back: " + run.server.log.read_text()[-2000:])
    await settle(run)
    run.over = True
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    await run.proxy.stop()
    code = await run.server.end(signal.SIGTERM)
    if code != 0:
        run.server.crashes.append(code)


async def settle(run):
    run.proxy.cut()
    for client in run.clients:
        client.live.clear()
        if client.socket:
            client.socket.drop()
    for client in run.clients:
        try:
            await asyncio.wait_for(client.live.wait(), 30)
        except asyncio.TimeoutError:
            raise Stuck(f"{client.name} does not come in though nothing fails any more; see {run.server.folder}") from None
    for place in PLACES:
        speaker = next(client for client in run.clients if client.place == place and client.speaks)
        for _ in range(20):
            speaker.number += 1
            word = {"author": speaker.name, "number": speaker.number}
            run.note("invoke", **word, place=place, how="say")
            await asyncio.wait_for(speaker.live.wait(), 30)
            if await speaker.ask({"action": "say", "payload": word}) == "ok":
                run.note("ok", **word)
                break
        else:
            raise Stuck(f"nothing can be said in {place} though nothing fails any more")
    await asyncio.sleep(0.5)
    for client in run.clients:
        if client.live.is_set():
            run.note("settled", conn=client.conn)


def read_file(server):
    db = sqlite3.connect(server.file)
    stored = {}
    for place, (prefix, keep) in PLACES.items():
        stream = db.execute("SELECT id, epoch, seq FROM msgc_streams WHERE name = ?", (f"{prefix}_x",)).fetchone()
        ident, epoch, head = stream or (0, "", 0)
        items = [(seq, *word(body)) for seq, body in db.execute("SELECT seq, body FROM msgc_items WHERE stream = ? ORDER BY seq", (ident,))]
        authors = f"{place}-%"
        rows = db.execute("SELECT author, number FROM notes WHERE author LIKE ? ORDER BY rowid", (authors,)).fetchall()
        stored[place] = {"epoch": epoch, "head": head, "keep": keep, "durable": place in DURABLE, "items": items, "rows": rows}
    ok = db.execute("PRAGMA integrity_check").fetchone()[0]
    db.close()
    return stored, ok


def word(body):
    payload = json.loads(body)["payload"]
    return payload["author"], payload["number"]


def mount(folder, seconds):
    """With room for what is said meanwhile: what fills the disk is the filler."""
    size = f"size={6 + int(seconds)}m"
    return os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", size, "chaos", folder], capture_output=True).returncode == 0


def one(program, workers, seconds, seed, faults, keep):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="msgc-chaos-", dir=keep))
    (folder / "disk").mkdir()
    mounted = "full" in faults and mount(folder / "disk", seconds)
    run = Run(Server(program, folder, workers), seed, faults)
    if "power" in faults:
        run.server.wish("remember", 1)
    try:
        asyncio.run(play(run, seconds))
        stored, intact = read_file(run.server)
    except Stuck as stuck:
        print(f"workers={workers} seed={seed} faults={','.join(faults)}: {stuck}\n  kept in {folder}", flush=True)
        return False
    finally:
        if run.server.process and run.server.process.poll() is None:
            run.server.process.kill()
        if mounted:
            subprocess.run(["umount", "-l", folder / "disk"])
    found = check(run.events, stored)
    if intact != "ok":
        found.append(f"the file is damaged: {intact}")
    found += [f"the server ended with {code}" for code in run.server.crashes]
    # Only a fault at the disk may keep a server from starting, and that is exit code 1.
    found += [f"the server did not start: {code}" for code in run.server.deaths if code != 1 or not {"io", "full", "lock"} & set(faults)]
    report(run, stored, workers, seed, found)
    if found:
        (folder / "events.json").write_text("\n".join(map(json.dumps, run.events)))
        (folder / "stored.json").write_text(json.dumps(stored, indent=1))
        print(f"  kept in {folder}")
    elif not keep:
        subprocess.run(["rm", "-rf", folder])
    return not found


def report(run, stored, workers, seed, found):
    counts = {what: sum(event["what"] == what for event in run.events) for what in ("invoke", "ok", "line", "connect", "close")}
    whole = [event["whole"] for event in run.events if event["what"] == "recovered"]
    print(f"workers={workers} seed={seed} faults={','.join(run.faults)}: said {counts['invoke']}, acknowledged {counts['ok']}, "
          f"stored {sum(stream['head'] for stream in stored.values())}, seen {counts['line']}, connections {counts['connect']}, "
          f"recovered {whole.count(True)} whole and {whole.count(False)} not, lives of the server {run.server.lives}, {run.happened}: "
          f"{'holds' if not found else 'BREACHES'}", flush=True)
    for sentence in found[:20]:
        print("  " + sentence)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("server")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--faults", default=",".join(fault for fault in FAULTS if fault != "stop"))
    parser.add_argument("--keep")
    parser.add_argument("--all", action="store_true")
    args = parser.parse_args()
    runs = [(args.workers, args.faults.split(","))]
    if args.all:
        runs = [(workers, faults) for workers in (1, 2) for faults in
                [[fault] for fault in FAULTS + ALONE] + [list(FAULTS[:1] + FAULTS[2:]), ["power", "net", "slow", "banish"]]]
    results = [one(args.server, workers, args.seconds, args.seed + i, faults, args.keep) for i, (workers, faults) in enumerate(runs)]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
