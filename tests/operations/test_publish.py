#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""msgc publish against a real server: usage: test_publish.py MSGC DESK"""
import base64
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "package"))
from wsclient import Client, Server  # noqa: E402

MSGC, DESK = sys.argv.pop(1), sys.argv.pop(1)
KEY = "a-key-of-sixteen-bytes-or-more"


class Visitor(Client):
    """A machine: wsclient's handshake with its credentials in the request line's place."""

    def __init__(self, port, path):
        word = base64.b64encode(b"machine:sesame").decode()
        super().__init__(port, f"{path} HTTP/1.1\r\nAuthorization: Basic {word}\r\nX-Rest: ")


class Publish(unittest.TestCase):
    def setUp(self):
        self.server = Server(DESK, "--admin-port=0", f"--publish-key={KEY}")
        self.addCleanup(self.server.__exit__)
        ready = rb"event=listen\.ready [^\n]*?port=(\d+) [^\n]*admin=yes"
        while not re.search(ready, self.server.log):
            self.server.log += self.server.process.stderr.readline()
        self.url = f"http://127.0.0.1:{re.search(ready, self.server.log).group(1).decode()}"

    def publish(self, *arguments, key=KEY, url=None, text=None):
        return subprocess.run([MSGC, "publish", "--url", url or self.url, *arguments], input=text, text=True, timeout=20,
                              capture_output=True, env={"MSGC_PUBLISH_KEY": key} if key else {})

    def enter(self):
        client = Visitor(self.server.port, "/ws/desk/7/")
        self.addCleanup(client.close)
        self.assertEqual(client.receive()["payload"]["status_code"], 200)
        client.send({"action": "ping"})
        self.assertEqual(client.receive(), {"action": "pong"})
        return client

    def test_a_message_arrives(self):
        client = self.enter()
        done = self.publish("floor_7", '{"action":"bell","payload":{"count":5}}')
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(client.receive(), {"action": "rung", "payload": 5})
        self.assertEqual(self.publish("house", text='{"action":"heard","payload":"é"}\n').returncode, 0)
        self.assertEqual(client.receive()["payload"], "é")

    def test_a_key_from_a_file(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(KEY + "\n")
            file.flush()
            self.assertEqual(self.publish("--key-file", file.name, "house", '{"action":"heard","payload":"x"}', key=None).returncode, 0)

    def test_what_is_refused(self):
        done = self.publish("floor_7", '{"action":"bell","payload":{"count":0}}')
        self.assertEqual(done.returncode, 1)
        self.assertIn("status 400", done.stderr)
        self.assertIn("greater_than_equal", done.stderr)
        self.assertEqual(self.publish("cellar", "{}").returncode, 1)
        self.assertEqual(self.publish('no"such\ngroup', '{"action":"heard"}').returncode, 1)
        self.assertIn("status 401", self.publish("house", "{}", key="another-key-of-sixteen-bytes").stderr)
        # A message cannot say where it goes.
        self.assertEqual(self.publish("cellar", '{},"group":"house"').returncode, 1)

    def test_what_goes_wrong(self):
        nobody = socket.socket()  # the port is taken, and nobody listens
        self.addCleanup(nobody.close)
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        for arguments, more in ((("house", "{}"), {"url": f"http://127.0.0.1:{port}"}), (("house", "{}"), {"url": "https://x:1"}),
                                (("house", "{}"), {"url": "http://127.0.0.1"}), (("house", "{}"), {"url": "http://127.0.0.1:1/x"}),
                                (("house", "{}"), {"key": None}), ((), {}), (("a", "b", "c"), {}),
                                (("--key-file", "/nonexistent", "house", "{}"), {})):
            done = self.publish(*arguments, **more)
            self.assertEqual(done.returncode, 2, done)
            self.assertTrue(done.stderr.startswith("msgc: "), done)


if __name__ == "__main__":
    unittest.main()
