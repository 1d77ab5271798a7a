# SPDX-License-Identifier: MIT
"""What lies between clients and the server: a WebSocket client's side of RFC 6455, and a TCP proxy that mistreats what passes. It knows nothing of
the contract."""
import asyncio
import base64
import json
import os
import socket
import struct


class Closed(Exception):
    """The connection has ended; `code` 1006: without a CLOSE frame."""

    def __init__(self, code):
        super().__init__(f"closed {code}")
        self.code = code


class WebSocket:
    """One connection, text messages only."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    @classmethod
    async def connect(cls, port, target, cookie, receive_buffer=None):
        sock = socket.socket()
        sock.setblocking(False)
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        try:
            await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
            reader, writer = await asyncio.open_connection(sock=sock, limit=4096 if receive_buffer else 2**16)
        except OSError:
            sock.close()
            raise Closed(1006) from None
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                     f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nCookie: {cookie}\r\n\r\n".encode())
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
            raise Closed(1006) from None
        if not head.startswith(b"HTTP/1.1 101"):
            writer.close()
            raise Closed(int(head.split()[1]))
        return cls(reader, writer)

    def _frame(self, opcode, payload):
        mask = os.urandom(4)
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack(">H", len(payload))
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        if self.writer.transport.is_closing():
            raise Closed(1006)
        self.writer.write(bytes([0x80 | opcode]) + length + mask + masked)

    def send(self, message):
        self._frame(1, json.dumps(message).encode())

    async def receive(self):
        """The next message, as an object; Closed when there is none any more."""
        try:
            while True:
                first, second = await self.reader.readexactly(2)
                length = second & 0x7f
                if length == 126:
                    length, = struct.unpack(">H", await self.reader.readexactly(2))
                elif length == 127:
                    length, = struct.unpack(">Q", await self.reader.readexactly(8))
                payload = await self.reader.readexactly(length)
                if first & 0x0f == 9:
                    self._frame(10, payload)
                elif first & 0x0f == 8:
                    raise Closed(struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005)
                elif first & 0x0f == 1:
                    return json.loads(payload)
        except (OSError, asyncio.IncompleteReadError):
            raise Closed(1006) from None

    def drop(self):
        transport = self.writer.transport
        if transport:
            transport.abort()


class Proxy:
    """Passes bytes on, both ways. `mood` is how it treats connections that come now: "fair", "chop" (pieces of one byte to seven), "delay", "stall" (nothing
    passes for a while), "reset" (cut hard after a while), "mute" (a half-open peer: one way is dead, and nobody is told)."""

    MOODS = ("fair", "chop", "delay", "stall", "reset", "mute")

    def __init__(self, dice):
        self.dice, self.mood, self.target, self.port = dice, "fair", 0, 0
        self.tasks, self.writers = set(), set()

    async def start(self):
        self.server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]

    async def stop(self):
        self.server.close()
        self.cut()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def cut(self):
        for writer in list(self.writers):
            if writer.transport:
                writer.transport.abort()

    async def _accept(self, reader, writer):
        task = asyncio.current_task()
        self.tasks.add(task)
        mood = self.dice.choice(self.MOODS) if self.mood == "any" else self.mood
        there = None
        try:
            there_reader, there = await asyncio.open_connection("127.0.0.1", self.target)
            self.writers |= {writer, there}
            await asyncio.gather(self._pass(reader, there, mood, True), self._pass(there_reader, writer, mood, False))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self.tasks.discard(task)
            for each in (writer, there):
                self.writers.discard(each)
                if each and each.transport:
                    each.transport.abort()

    async def _pass(self, reader, writer, mood, up):
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if mood == "reset":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        budget = self.dice.randrange(200, 20000) if mood in ("reset", "mute", "stall") else None
        while True:
            data = await reader.read(65536)
            if not data:
                writer.write_eof()
                return
            if mood == "delay":
                await asyncio.sleep(self.dice.uniform(0, 0.05))
            if budget is not None:
                budget -= len(data)
                if budget < 0:
                    budget = await self._mistreat(mood, up)
            await self._forward(writer, data, mood)

    async def _mistreat(self, mood, up):
        if mood == "reset":
            raise ConnectionResetError
        if mood == "mute" and up:
            await asyncio.sleep(3600)
        if mood == "stall":
            await asyncio.sleep(self.dice.uniform(0.2, 2))
        return self.dice.randrange(200, 20000)

    async def _forward(self, writer, data, mood):
        if writer.transport.is_closing():
            raise ConnectionResetError
        if mood != "chop":
            writer.write(data)
            await writer.drain()
            return
        at = 0
        while at < len(data) and not writer.transport.is_closing():
            size = self.dice.randrange(1, 8)
            writer.write(data[at:at + size])
            at += size
            await asyncio.sleep(0)


