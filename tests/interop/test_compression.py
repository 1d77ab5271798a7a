# SPDX-License-Identifier: MIT
"""permessage-deflate with Python's websockets, against a server whose contract says compression."""

import asyncio
import json
import os
import unittest

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from test_websockets import Echo

WORDS = "what is said again and again is said once more, and "


class Packed(Echo):
    path = "/packed/1/"


def text(length):
    return (WORDS * (length // len(WORDS) + 1))[:length]


async def hear(client, action):
    while True:
        message = json.loads(await asyncio.wait_for(client.recv(), 10))
        if message["action"] == action:
            return message["payload"]


class Compression(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Packed(os.environ["INTEROP_PACKED"])

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def run_async(self, coroutine):
        return asyncio.run(asyncio.wait_for(coroutine, 60))

    async def talk(self, agreed, **options):
        async with connect(self.server.url, **options) as client:
            self.assertEqual([extension.name for extension in client.protocol.extensions], agreed)
            for length in (0, 1, 511, 512, 4096, 5000, 70_000, 200_000):
                await client.send(json.dumps({"action": "say", "payload": text(length)}))
                self.assertEqual(await hear(client, "said"), text(length))
        self.assertEqual(client.close_code, 1000)

    def test_as_it_offers_by_itself(self):
        self.run_async(self.talk(["permessage-deflate"]))

    def test_without_an_offer(self):
        self.run_async(self.talk([], compression=None))

    def test_windows(self):
        for bits in range(9, 16):
            with self.subTest(bits=bits):
                factory = ClientPerMessageDeflateFactory(server_max_window_bits=bits, client_max_window_bits=bits)
                self.run_async(self.talk(["permessage-deflate"], extensions=[factory], compression=None))

    def test_a_window_that_cannot_be_done(self):
        factory = ClientPerMessageDeflateFactory(server_max_window_bits=8)
        self.run_async(self.talk([], extensions=[factory], compression=None))

    def test_fragments(self):
        async def talk():
            async with connect(self.server.url) as client:
                whole = json.dumps({"action": "say", "payload": text(20_000)})

                async def pieces():
                    for at in range(0, len(whole), 1000):
                        yield whole[at : at + 1000]

                await client.send(pieces())
                self.assertEqual(await hear(client, "said"), text(20_000))

        self.run_async(talk())

    def test_too_much(self):
        async def talk():
            async with connect(self.server.url) as client:
                await client.send(json.dumps({"action": "say", "payload": "b" * 10_000_000}))
                with self.assertRaises(ConnectionClosed):
                    while True:
                        await asyncio.wait_for(client.recv(), 10)
                self.assertEqual(client.close_code, 1009)

        self.run_async(talk())


if __name__ == "__main__":
    unittest.main(verbosity=2)
