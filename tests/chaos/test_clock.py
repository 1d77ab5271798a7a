#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A log-out that is recorded while the wall clock is ahead, the process killed, the clock put right: who was logged out may come back, and not before.

usage: test_clock.py SERVER
"""
import asyncio
import pathlib
import signal
import sys
import tempfile

from chaos import Server
from wires import Closed, WebSocket


async def enter(server, user):
    """A socket that has been let in, or the close code."""
    socket = await WebSocket.connect(server.port, "/room/x/", f"sid={user}", None)
    try:
        while (await asyncio.wait_for(socket.receive(), 5))["action"] != "authentication":
            pass
        socket.send({"action": "ping"})
        while (await asyncio.wait_for(socket.receive(), 5))["action"] != "pong":
            pass
    except Closed as closed:
        return closed.code
    return socket


async def closed_with(socket):
    try:
        while True:
            await asyncio.wait_for(socket.receive(), 5)
    except Closed as closed:
        return closed.code


async def play(server):
    assert await server.start(), server.log.read_text()
    victim, other = await enter(server, "victim"), await enter(server, "other")
    server.wish("clock_offset", 10**8)
    other.send({"action": "banish", "payload": {"user": "victim"}})
    assert await closed_with(victim) == 4410
    while (await asyncio.wait_for(other.receive(), 5))["action"] != "banished":
        pass
    await server.end(signal.SIGKILL)
    server.wish("clock_offset", 0)
    assert await server.start(), server.log.read_text()
    again = await enter(server, "victim")
    assert not isinstance(again, int), f"closed with {again}"
    again.drop()
    assert await server.end(signal.SIGTERM) == 0


def main():
    with tempfile.TemporaryDirectory() as folder:
        server = Server(sys.argv[1], pathlib.Path(folder), 1)
        try:
            asyncio.run(play(server))
        finally:
            if server.process and server.process.poll() is None:
                server.process.kill()


if __name__ == "__main__":
    main()
