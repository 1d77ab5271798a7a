# SPDX-License-Identifier: MIT
"""Python's websockets as a client, asynchronous and not, against each server (see server.mjs for what these are)."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import time
import unittest

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect as connect_sync


class Server:
    """A server's program. `say` writes what it sends back, `heard` reads it."""

    def __init__(self, program, *options):
        self.process = subprocess.Popen(
            [program, *self.options, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for line in self.process.stdout:
            found = re.search(self.port_pattern, line)
            if found:
                self.port = int(found[1])
                break
        self.base = f"ws://127.0.0.1:{self.port}"
        self.url = self.base + self.path

    def stop(self):
        self.hang_up()
        rest, _ = self.process.communicate(timeout=20)
        if self.process.returncode != 0:
            raise AssertionError(f"the server has ended with {self.process.returncode}: {rest}")


class Mock(Server):
    options = ()
    path = "/echo"
    port_pattern = r"^port (\d+)"
    largest = 900_000

    @staticmethod
    def say(text):
        return text

    @staticmethod
    def heard(frame):
        return frame

    def hang_up(self):
        self.process.stdin.close()
        self.process.stdin = None


class Echo(Server):
    options = ("--port=0",)
    path = "/ws/echo/"
    port_pattern = r"event=listen\.ready .*port=(\d+) .*admin=no"
    largest = 2000

    @staticmethod
    def say(text):
        return json.dumps({"action": "say", "payload": text}, ensure_ascii=False)

    @staticmethod
    def heard(frame):
        message = json.loads(frame)
        return message["payload"] if message["action"] == "said" else None

    def hang_up(self):
        self.process.send_signal(signal.SIGTERM)


async def receive(server, client):
    while True:
        text = server.heard(await asyncio.wait_for(client.recv(), 10))
        if text is not None:
            return text


async def closed(client):
    """Code and reason of the server's CLOSE frame."""
    try:
        while True:
            await asyncio.wait_for(client.recv(), 10)
    except ConnectionClosed:
        return client.close_code, client.close_reason


class Clients:
    """The tests that every server has to pass."""

    @classmethod
    def setUpClass(cls):
        cls.server = cls.kind(cls.program)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def run_async(self, coroutine):
        return asyncio.run(asyncio.wait_for(coroutine, 60))

    def test_echo(self):
        async def talk():
            async with connect(self.server.url) as client:
                await client.send(self.server.say("hello"))
                self.assertEqual(await receive(self.server, client), "hello")
                self.assertIsNone(client.subprotocol)
                self.assertEqual(client.protocol.extensions, [])
            self.assertEqual(client.close_code, 1000)

        self.run_async(talk())

    def test_echo_from_a_thread(self):
        with connect_sync(self.server.url) as client:
            client.send(self.server.say("not asynchronous"))
            while True:
                text = self.server.heard(client.recv(timeout=10))
                if text is not None:
                    break
            self.assertEqual(text, "not asynchronous")

    def test_order(self):
        async def talk():
            async with connect(self.server.url) as client:
                for i in range(500):
                    await client.send(self.server.say(f"message {i}"))
                for i in range(500):
                    self.assertEqual(await receive(self.server, client), f"message {i}")

        self.run_async(talk())

    def test_fragments(self):
        async def talk():
            async with connect(self.server.url) as client:
                text = "é€😀 in pieces"
                await client.send(iter(self.server.say(text)))
                self.assertEqual(await receive(self.server, client), text)

        self.run_async(talk())

    def test_ping(self):
        async def talk():
            async with connect(self.server.url) as client:
                for payload in ("", "payload", "p" * 125):
                    await asyncio.wait_for(await client.ping(payload), 10)

        self.run_async(talk())

    def test_close_codes(self):
        async def talk(code):
            client = await connect(self.server.url)
            await client.close(code, "why")
            self.assertEqual((client.close_code, client.close_reason), (code, "why"))

        for code in (1000, 1001, 1008, 1011, 3000, 4000, 4999):
            with self.subTest(code=code):
                self.run_async(talk(code))

    def test_binary_is_refused(self):
        async def talk():
            async with connect(self.server.url) as client:
                await client.send(b"\x01\x02\x03")
                code, _ = await closed(client)
                self.assertEqual(code, 1003)

        self.run_async(talk())

    def test_large_message(self):
        async def talk():
            async with connect(self.server.url, max_size=None) as client:
                text = "x" * self.server.largest
                await client.send(self.server.say(text))
                self.assertEqual(await receive(self.server, client), text)

        self.run_async(talk())

    def test_too_large_message_is_refused(self):
        async def talk():
            async with connect(self.server.url) as client:
                try:
                    await client.send("x" * (16 << 20))
                except ConnectionClosed:
                    pass
                code, _ = await closed(client)
                self.assertEqual(code, 1009)

        self.run_async(talk())

    def test_unknown_path(self):
        async def talk():
            with self.assertRaises(InvalidStatus) as refused:
                await connect(self.server.base + "/ws/nowhere/")
            self.assertEqual(refused.exception.response.status_code, 404)

        self.run_async(talk())

    def test_abrupt_end(self):
        for _ in range(30):
            with socket.create_connection(("127.0.0.1", self.server.port)) as raw:
                raw.sendall(b"GET " + self.server.path.encode() + b" HTTP/1.1\r\nHost: x\r\nUpgr")
        self.test_echo()

    def test_many_connections(self):
        async def one(number):
            async with connect(self.server.url) as client:
                for turn in range(5):
                    await client.send(self.server.say(f"{number} {turn}"))
                    self.assertEqual(await receive(self.server, client), f"{number} {turn}")

        async def talk():
            await asyncio.gather(*(one(number) for number in range(150)))

        self.run_async(talk())

    def test_load(self):
        async def one():
            async with connect(self.server.url, compression=None) as client:
                for batch in range(15):
                    for i in range(20):
                        await client.send(self.server.say(f"batch {batch} message {i}"))
                    for i in range(20):
                        self.assertEqual(await receive(self.server, client), f"batch {batch} message {i}")

        async def talk():
            begin = time.monotonic()
            await asyncio.gather(*(one() for _ in range(20)))
            print(f"{self.kind.__name__}: {6000 / (time.monotonic() - begin):.0f} messages per second")

        self.run_async(talk())


@unittest.skipUnless(os.environ.get("INTEROP_MOCK"), "INTEROP_MOCK does not name a program")
class AgainstTheMockCore(Clients, unittest.TestCase):
    kind = Mock
    program = os.environ.get("INTEROP_MOCK")

    def test_subprotocol(self):
        async def talk():
            async with connect(self.server.url, subprotocols=["other", "one"]) as client:
                self.assertEqual(client.subprotocol, "one")

        self.run_async(talk())

    def test_server_closes(self):
        async def talk(code):
            async with connect(self.server.url) as client:
                await client.send("!say 100")
                await client.send(f"!close {code} the reason é")
                for i in range(100):
                    self.assertEqual(await client.recv(), f"line {i}")
                self.assertEqual(await client.recv(), "end")
                self.assertEqual(await closed(client), (code, "the reason é"))

        for code in (1000, 1001, 1011, 1012, 1013, 4401, 4999):
            with self.subTest(code=code):
                self.run_async(talk(code))


@unittest.skipUnless(os.environ.get("INTEROP_ECHO"), "INTEROP_ECHO does not name a program")
class AgainstTheEchoExample(Clients, unittest.TestCase):
    kind = Echo
    program = os.environ.get("INTEROP_ECHO")

    def test_drain(self):
        async def talk():
            server = Echo(self.program)
            async with connect(server.url) as client:
                server.hang_up()
                code, _ = await closed(client)
                self.assertEqual(code, 1001)
            rest, _ = await asyncio.to_thread(server.process.communicate, timeout=20)
            self.assertEqual(server.process.returncode, 0, rest)

        self.run_async(talk())


if __name__ == "__main__":
    if not os.environ.get("INTEROP_MOCK") and not os.environ.get("INTEROP_ECHO"):
        raise SystemExit("INTEROP_MOCK and INTEROP_ECHO name the servers' programs")
    unittest.main(verbosity=2)
