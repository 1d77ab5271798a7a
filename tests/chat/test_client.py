#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The chat's client in the terminal, against the chat: two people, a server that is killed in between. usage: test_client.py CHAT CHAT_CLIENT"""
import json
import pathlib
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "package"))
from ports import fixed_port  # noqa: E402

CHAT, CLIENT = sys.argv.pop(1), sys.argv.pop(1)


class Person:
    def __init__(self, test, name, room):
        self.text = ""
        self.process = subprocess.Popen([CLIENT, test.url, str(room), test.cookies[name]], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)
        test.addCleanup(self.end)
        self.test = test

    def say(self, text):
        self.process.stdin.write(f"{text}\n".encode())
        self.process.stdin.flush()

    def hear(self, what, timeout=20):
        end = time.monotonic() + timeout
        while what not in self.text:
            self.test.assertLess(time.monotonic(), end, f"no {what!r} in {self.text!r}")
            if select.select([self.process.stdout], [], [], 0.1)[0]:
                piece = self.process.stdout.read1(65536)
                self.test.assertTrue(piece, f"it has ended: {self.text!r}")
                self.text += piece.decode()

    def said(self):
        return [line for line in self.text.splitlines() if not line.startswith("*")]

    def leave(self):
        self.process.stdin.close()
        return self.process.wait(20)

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stdin.close()


class Room(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.port = fixed_port()
        cls.url = f"http://127.0.0.1:{cls.port}"
        cls.start()
        cls.addClassCleanup(lambda: (cls.server.kill(), cls.server.wait()))
        cls.cookies = {}
        for name in ("anna", "bert", "carl"):
            answer = cls.post("/api/signup", {"name": name, "display": name.title(), "password": "a long password"})
            cls.cookies[name] = answer.headers["Set-Cookie"].split(";")[0]

    def setUp(self):
        made = json.loads(self.post("/api/rooms", {"title": self._testMethodName[:20]}, "anna").read())["room"]
        self.room = made["id"]
        self.post(f"/api/rooms/{made['slug']}/join", {}, "bert")

    @classmethod
    def start(cls):
        cls.server = subprocess.Popen([CHAT, f"--port={cls.port}", "--host=127.0.0.1", f"--database={cls.folder}/chat.sqlite", "--reconnect-hint=100ms"],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1000):
            try:
                socket.create_connection(("127.0.0.1", cls.port)).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("the chat does not answer")

    @classmethod
    def post(cls, path, body, name=None):
        headers = {"Content-Type": "application/json", "Origin": cls.url}
        if name:
            headers["Cookie"] = cls.cookies[name]
        return urllib.request.urlopen(urllib.request.Request(cls.url + path, json.dumps(body).encode(), headers))

    def test_two_talk_and_the_server_is_killed_in_between(self):
        anna, bert = Person(self, "anna", self.room), Person(self, "bert", self.room)
        anna.hear("here")
        bert.hear("here")
        anna.say("one")
        bert.hear("Anna: one")
        type(self).server.kill()
        type(self).server.wait()
        bert.hear("the connection is lost")
        anna.hear("the connection is lost")
        anna.say("two")
        self.start()
        bert.hear("Anna: two")
        bert.say("three")
        anna.hear("Bert: three")
        bert.hear("Bert: three")
        for person in (anna, bert):
            self.assertEqual(person.said(), ["Anna: one", "Anna: two", "Bert: three"])
            self.assertEqual(person.leave(), 0)

    def test_what_others_write_does_not_move_the_cursor(self):
        anna, bert = Person(self, "anna", self.room), Person(self, "bert", self.room)
        bert.hear("here")
        anna.say("red\u001b[31m and \u009b2J wide \u00e9")
        bert.hear("wide")
        self.assertEqual(bert.said(), ["Anna: red[31m and 2J wide \u00e9"])

    def test_who_may_not_come_in_is_told(self):
        carl = Person(self, "carl", self.room)
        carl.hear("4403")
        self.assertEqual(carl.process.wait(20), 1)
        self.assertEqual(subprocess.run([CLIENT], stderr=subprocess.DEVNULL).returncode, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
