#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a server bears: its memory and processor time, and how long others wait, while some misbehave.

usage: overload.py SERVER [--seconds=N] [--rounds=N] [--pin] [--only=NAME] [--smoke]

A probe, a process of its own, asks every few milliseconds and measures how long the answer takes; first in quiet, then beside each attack, in quiet again in
between. Attackers are processes of their own, too. With --rounds all of that is done again and again, on a new server each time, and what is printed are the
medians of the rounds. With --pin (by root) the server has the first processor and everybody else the last, before all other work of the machine: real-time
priorities, the attackers' below the probe's. With --smoke everything is small and only bounds are asserted: memory, that the attackers are stopped as
promised, that the probe is answered.
"""
import argparse
import base64
import multiprocessing
import os
import re
import resource
import statistics
import select
import socket
import struct
import subprocess
import sys
import time

FILES = 512  # descriptors that the server may have, for the attack on them


# ------------------------------------------------------------------------------------------------- a WebSocket


class Gone(Exception):
    """The server has closed; `code` 1006: without a CLOSE frame."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def frame(opcode, payload):
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack(">H", len(payload))
    return bytes([0x80 | opcode]) + length + b"\0\0\0\0" + payload  # masked with zeros


def request(target):
    key = base64.b64encode(os.urandom(16))
    return (b"GET " + target + b" HTTP/1.1\r\nHost: overload\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + b"\r\n\r\n")


class Client:
    def __init__(self, port, target, receive_buffer=None, patience=10):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(patience)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request(target))
        self.bytes = b""
        while b"\r\n\r\n" not in self.bytes:
            self._more()
        head, self.bytes = self.bytes.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise Gone(int(head.split()[1]))

    def _more(self):
        try:
            data = self.socket.recv(65536)
        except socket.timeout:
            raise
        except OSError:
            data = b""
        if not data:
            raise Gone(1006)
        self.bytes += data

    def taken(self):
        """One frame of those that have come: opcode and payload; None: there is none."""
        if len(self.bytes) < 2:
            return None
        length, at = self.bytes[1] & 0x7f, 2
        if length >= 126:
            at = 4 if length == 126 else 10
            if len(self.bytes) < at:
                return None
            length = int.from_bytes(self.bytes[2:at], "big")
        if len(self.bytes) < at + length:
            return None
        opcode, payload = self.bytes[0] & 15, self.bytes[at:at + length]
        self.bytes = self.bytes[at + length:]
        if opcode == 8:
            raise Gone(struct.unpack(">H", payload[:2])[0])
        return opcode, payload

    def receive(self):
        frame_taken = self.taken()
        while frame_taken is None:
            self._more()
            frame_taken = self.taken()
        return frame_taken

    def look(self):
        """Takes what has come, without waiting."""
        while select.select([self.socket], [], [], 0)[0]:
            self._more()
            while self.taken():
                pass

    def wait_for(self, word):
        while True:
            opcode, payload = self.receive()
            if opcode == 1 and word in payload:
                return payload

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            self._closed()

    def _closed(self):
        """Why: what the server says last."""
        while True:
            self.receive()


# --------------------------------------------------------------------------------------------------- the probe


def probe(port, seconds, pause, results):
    client = Client(port, b"/desk/")
    client.wait_for(b"authentication")
    ask = frame(1, b'{"action":"ask","payload":"how are you"}')
    took, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        began = time.perf_counter()
        client.send(ask)
        client.wait_for(b"answer")
        took.append(time.perf_counter() - began)
        time.sleep(pause)
    results.put(took)


def percentile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))]


# --------------------------------------------------------------------------------------------------- attacks
# Each gets the port, a size and the time until it ends, and gives a sentence about what became of it.


def slow_readers(port, count, seconds):
    """Nobody reads; somebody floods the group that they are in."""
    readers = [Client(port, b"/seat/", 4096) for _ in range(count)]
    flooder = Client(port, b"/desk/")
    flood = frame(1, b'{"action":"flood","payload":"' + b"x" * 20000 + b'"}')
    end, sent = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        flooder.send(flood)
        sent += 1
        time.sleep(0.005)
    codes = {}
    for reader in readers:
        reader.socket.settimeout(0.5)
        try:
            while True:
                reader.receive()
        except Gone as gone:
            codes[gone.code] = codes.get(gone.code, 0) + 1
        except socket.timeout:
            codes["open"] = codes.get("open", 0) + 1
    return f"{count} readers that do not read, {sent} messages of 20 kB: closed with {codes}"


def ping_flood(port, count, seconds):
    client = Client(port, b"/desk/")
    pings = frame(9, b"ping") * 200
    end, sent = time.monotonic() + seconds, 0
    client.socket.setblocking(False)
    try:
        while time.monotonic() < end and sent < count:
            readable, writable, _ = select.select([client.socket], [client.socket], [], 0.1)
            if readable and not client.socket.recv(1 << 20):
                raise Gone(1006)
            if writable:
                part = client.socket.send(pings)
                client.socket.setblocking(True)
                client.socket.sendall(pings[part:])
                client.socket.setblocking(False)
                sent += 200
    except (OSError, Gone):
        return f"{sent} pings, then it was closed"
    return f"{sent} pings"


def garbage(port, count, seconds):
    """Frames that are no JSON; comes back each time that it is thrown out."""
    junk = frame(1, b'{"action":]') * 50
    end, sent, codes = time.monotonic() + seconds * 10, 0, {}
    while sent < count and time.monotonic() < end:
        try:
            client = Client(port, b"/desk/")
            while sent < count:
                client.send(junk)
                sent += 50
                client.look()
            client.socket.settimeout(1)
            client._closed()
        except Gone as gone:
            codes[gone.code] = codes.get(gone.code, 0) + 1
        except socket.timeout:
            codes["open"] = codes.get("open", 0) + 1
    return f"{sent} frames of garbage: closed {sum(codes.values())} times, {codes}"


def half_open(port, count, seconds):
    """Handshakes that stop in the middle."""
    sockets, refused = [], 0
    for _ in range(count):
        try:
            each = socket.create_connection(("127.0.0.1", port), timeout=2)
            each.send(b"GET /desk/ HTTP/1.1\r\nHost: overload\r\nConnection: Upgr")
            sockets.append(each)
        except OSError:
            refused += 1
    time.sleep(seconds)
    closed = 0
    for each in sockets:
        each.setblocking(False)
        try:
            closed += each.recv(4096) == b""
        except BlockingIOError:
            pass
        except OSError:
            closed += 1
    return f"{count} handshakes that stop in the middle: {refused} refused, {closed} closed by the server after its handshake-timeout of 2 s"


def descriptors(port, count, seconds):
    """More connections than the server has descriptors for."""
    kept, statuses, end = [], {}, time.monotonic() + seconds
    while time.monotonic() < end:
        if len(kept) + sum(statuses.values()) >= count:
            time.sleep(0.05)
            continue
        try:
            kept.append(Client(port, b"/desk/", patience=1))
        except (Gone, OSError) as gone:
            status = gone.code if isinstance(gone, Gone) else type(gone).__name__
            statuses[status] = statuses.get(status, 0) + 1
    return f"{count} connections to a server with {FILES} descriptors: {len(kept)} open, the rest {statuses}"


ATTACKS = {  # sizes: whole, smoke
    "slow_readers": (slow_readers, 50, 5),
    "ping_flood": (ping_flood, 10**9, 20000),
    "garbage": (garbage, 100000, 2000),
    "half_open": (half_open, 2000, 50),
    "descriptors": (descriptors, 1000, 700),
}


# ------------------------------------------------------------------------------------------------- the server


def come_first(processor, priority):
    """Before all that the machine does besides."""
    os.sched_setaffinity(0, {processor})
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))


class Server:
    def __init__(self, program, *more, files=None, pin=None):
        def limit():
            if pin:
                come_first(pin[0], 2)
            if files:
                resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

        self.process = subprocess.Popen([program, "--host=127.0.0.1", "--port=0", "--handshake-timeout=2s", "--drain-timeout=1s", "--outbox-limit=256KiB", *more],
                                        stderr=subprocess.PIPE, preexec_fn=limit)
        self.port, self.pin = 0, pin
        for line in self.process.stderr:
            found = re.search(rb"event=listen\.ready \S+ port=(\d+)", line)
            if found:
                self.port = int(found.group(1))
                break
        self.drain = multiprocessing.get_context("fork").Process(target=self._swallow, daemon=True)
        self.drain.start()

    def _swallow(self):
        while os.read(self.process.stderr.fileno(), 1 << 16):
            pass

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self, what):
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(what + r":\s+(\d+) kB", file.read()).group(1)) / 1024

    def end(self):
        self.process.terminate()
        code = self.process.wait(20)
        self.drain.kill()
        return code


def measure(server, seconds, pause, attack=None, size=0):
    """Latencies of the probe, the share of a core that the server took, and what became of the attack."""
    # Until the server has nothing more to do with the attack before.
    for _ in range(50):
        before = server.cpu()
        time.sleep(0.1)
        if server.cpu() == before:
            break
    results, said = multiprocessing.Queue(), multiprocessing.Queue()
    asking = multiprocessing.Process(target=probe, args=(server.port, seconds, pause, results))
    def harm():  # attackers are on machines of their own: here they are not to take the probe's time
        if server.pin:
            come_first(server.pin[-1], 1)
        else:
            os.nice(19)
        said.put(attack(server.port, size, seconds - 0.5))

    attacking = attack and multiprocessing.Process(target=harm)
    before, began = server.cpu(), time.monotonic()
    asking.start()
    if attacking:
        time.sleep(0.2)
        attacking.start()
    took = results.get(timeout=seconds + 60)
    share = (server.cpu() - before) / (time.monotonic() - began)
    asking.join()
    sentence = said.get(timeout=120) if attacking else "quiet"
    if attacking:
        attacking.join()
    return took, share, sentence


class Round:
    """One attack on one server, between two times of quiet."""

    def __init__(self, program, name, seconds, smoke, pin):
        attack, whole, small = ATTACKS[name]
        server = Server(program, files=FILES if name == "descriptors" else None, pin=pin)
        pause = 0.002
        quiet, _, _ = measure(server, seconds, pause)
        self.before = server.memory("VmRSS")
        took, self.share, self.sentence = measure(server, seconds, pause, attack, small if smoke else whole)
        behind, _, _ = measure(server, seconds, pause)
        self.most, self.answers = server.memory("VmHWM"), len(took)
        self.code = server.end()
        self.p50, self.p99, self.quiet_p50, self.quiet_p99 = (1000 * percentile(values, part) for values, part in (
            (took, .5), (took, .99), (quiet + behind, .5), (quiet + behind, .99)))

    def wrong(self):
        if self.code != 0:
            yield f"the server ended with {self.code}"
        if self.most > self.before + 64:
            yield f"its memory grew from {self.before:.0f} to {self.most:.0f} MiB"
        if self.answers < 20:
            yield f"the probe was answered {self.answers} times only"


def run(program, names, seconds, rounds, smoke, pin):
    multiprocessing.set_start_method("fork")
    print("| what | p50, quiet | p99, quiet | p99 / quiet p99 of each round | server's share of a core | its memory before, most |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    wrong = []
    for name in names:
        done = [Round(program, name, seconds, smoke, pin) for _ in range(rounds)]
        middle = lambda what: statistics.median(getattr(each, what) for each in done)
        ratios = ", ".join(f"{each.p99 / each.quiet_p99:.1f}" for each in done)
        print(f"| {done[-1].sentence} | {middle('p50'):.2f}, {middle('quiet_p50'):.2f} ms | {middle('p99'):.2f}, {middle('quiet_p99'):.2f} ms | {ratios} "
              f"| {middle('share'):.2f} | {middle('before'):.1f}, {max(each.most for each in done):.1f} MiB |", flush=True)
        wrong += [f"{name}: {sentence}" for each in done for sentence in each.wrong()]
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("server")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--only", choices=list(ATTACKS))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    names = [args.only] if args.only else list(ATTACKS)
    processors = sorted(os.sched_getaffinity(0)) if args.pin else None
    if args.pin:
        come_first(processors[-1], 2)
    sys.exit(run(args.server, names, 0.8 if args.smoke else args.seconds, args.rounds, args.smoke, processors))


if __name__ == "__main__":
    main()
