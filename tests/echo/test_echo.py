#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The echo example as a client sees it: usage: test_echo.py ECHO"""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "package"))
from wsclient import Client, Server  # noqa: E402

ECHO = sys.argv.pop(1)
WELCOME = {"action": "authentication",
           "payload": {"status_code": 200, "status_text": "OK", "data": {"detail": "OK"}}}


class Echo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(ECHO)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def connect(self):
        client = Client(self.server.port, "/ws/echo/")
        self.addCleanup(client.close)
        self.assertEqual(client.status, 101)
        self.assertEqual(client.receive(), WELCOME)
        return client

    def test_says_back_what_it_hears(self):
        client = self.connect()
        for text in ("hello", "é ü 漢 \U0001F600", "\"quoted\" \\ \n", "x" * 2000):
            client.send({"action": "say", "payload": text})
            self.assertEqual(client.receive(), {"action": "said", "payload": text})

    def test_repeats_the_ref(self):
        client = self.connect()
        client.send({"action": "say", "payload": "a", "ref": "7"})
        self.assertEqual(client.receive(), {"action": "said", "payload": "a", "ref": "7"})

    def test_answers_ping(self):
        client = self.connect()
        client.send({"action": "ping", "payload": None})
        self.assertEqual(client.receive(), {"action": "pong"})

    def test_refuses_and_lives_on(self):
        client = self.connect()
        cases = [({"action": "say", "payload": ""}, "string_too_short"),
                 ({"action": "say", "payload": "x" * 2001}, "string_too_long"),
                 ({"action": "say", "payload": 5}, "string_type"),
                 ({"action": "say"}, "missing"),
                 ({"action": "sya"}, "union_tag_invalid"),
                 ({"payload": "x"}, "union_tag_not_found"),
                 ("{\"action\":", "json_invalid")]
        for frame, kind in cases:
            client.send(frame)
            answer = client.receive()
            self.assertEqual(answer["action"], "error")
            self.assertIn(kind, [problem["type"] for problem in answer["payload"]])
        client.send({"action": "say", "payload": "still here"})
        self.assertEqual(client.receive()["payload"], "still here")

    def test_tells_the_problems_of_envelope_and_payload_at_once(self):
        client = self.connect()
        client.send({"action": "say", "payload": 5, "ref": 7})
        self.assertEqual([problem["loc"] for problem in client.receive()["payload"]], [["payload"], ["ref"]])
        client.send({"action": "say", "payload": "fine", "message_id": 1})
        self.assertEqual([problem["loc"] for problem in client.receive()["payload"]], [["message_id"]])

    def test_answers_in_order(self):
        client = self.connect()
        for i in range(500):
            client.send({"action": "say", "payload": f"{i}"})
        self.assertEqual([client.receive()["payload"] for _ in range(500)], [f"{i}" for i in range(500)])

    def test_another_path_is_not_found(self):
        client = Client(self.server.port, "/ws/nothing/")
        self.addCleanup(client.close)
        self.assertEqual(client.status, 404)

    def test_drains_on_sigterm(self):
        with Server(ECHO) as server:
            client = Client(server.port, "/ws/echo/")
            client.receive()
            client.send({"action": "say", "payload": "last"})
            self.assertEqual(client.receive()["payload"], "last")
            server.process.terminate()
            self.assertEqual(client.receive()["action"], "draining")
            self.assertEqual(client.receive(), ("close", 1001))
            client.close()
            self.assertEqual(server.process.wait(20), 0)


if __name__ == "__main__":
    unittest.main()
