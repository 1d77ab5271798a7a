# SPDX-License-Identifier: MIT
"""A WebSocket client (RFC 6455) in the standard library, and a server process to speak to. For the tests of whole programs."""
import base64
import json
import os
import re
import select
import socket
import struct
import subprocess
import time


class Server:
    """A program under test, on a free port of the loopback, stopped at the end of the block."""

    def __init__(self, *command, seconds=20):
        self.process = subprocess.Popen([*command, "--host=127.0.0.1", "--port=0"], stderr=subprocess.PIPE)
        self.log = b""
        self.port = None
        end = time.monotonic() + seconds
        while self.port is None and time.monotonic() < end:
            if not select.select([self.process.stderr], [], [], 0.1)[0]:
                continue
            piece = os.read(self.process.stderr.fileno(), 65536)
            if not piece:
                break
            self.log += piece
            found = re.search(rb'listen\.ready.*?port["=:]+(\d+)[ ,]', self.log)
            self.port = int(found.group(1)) if found else None
        if self.port is None:
            self.process.kill()
            raise AssertionError(f"the server does not listen: {self.log.decode()}")

    def stop(self):
        """SIGTERM; the exit code."""
        self.process.terminate()
        try:
            self.log += self.process.communicate(timeout=20)[1]
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


class Client:
    def __init__(self, port, path, seconds=10):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        self.bytes = b""
        while b"\r\n\r\n" not in self.bytes:
            self.fill()
        head, self.bytes = self.bytes.split(b"\r\n\r\n", 1)
        self.status = int(head.split(b" ", 2)[1])

    def fill(self):
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError("the server hung up")
        self.bytes += piece

    def take(self, count):
        while len(self.bytes) < count:
            self.fill()
        taken, self.bytes = self.bytes[:count], self.bytes[count:]
        return taken

    def send(self, text):
        data = (text if isinstance(text, str) else json.dumps(text)).encode()
        mask = os.urandom(4)
        size = len(data)
        if size < 126:
            head = struct.pack("!BB", 0x81, 0x80 | size)
        elif size < 65536:
            head = struct.pack("!BBH", 0x81, 0x80 | 126, size)
        else:
            head = struct.pack("!BBQ", 0x81, 0x80 | 127, size)
        self.socket.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def frame(self):
        """The opcode and payload of the next frame; the server sends none in pieces."""
        first, second = self.take(2)
        size = second & 0x7F
        if size == 126:
            size = struct.unpack("!H", self.take(2))[0]
        elif size == 127:
            size = struct.unpack("!Q", self.take(8))[0]
        assert first & 0x80 and not second & 0x80, "fragmented or masked"
        return first & 0x0F, self.take(size)

    def receive(self):
        """The next message, or ("close", code)."""
        opcode, data = self.frame()
        if opcode == 8:
            return "close", struct.unpack("!H", data[:2])[0] if data else 1005
        assert opcode == 1, f"opcode {opcode}"
        return json.loads(data)

    def close(self):
        self.socket.close()
