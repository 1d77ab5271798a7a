#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The chat program as its operator sees it: its first lines, its exit codes, its complaints. usage: test_program.py CHAT"""
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import urllib.request

CHAT = sys.argv.pop(1)


class Program(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.database = self.directory / "chat.sqlite"

    def run_chat(self, *arguments):
        return subprocess.run([CHAT, f"--database={self.database}", "--host=127.0.0.1", *arguments],
                              capture_output=True, text=True, timeout=60, cwd=self.directory)

    def assert_refuses(self, result, what):
        self.assertEqual(result.returncode, 1, result.stderr)
        errors = [line for line in result.stderr.splitlines() if "level=error" in line]
        self.assertEqual(len(errors), 1, result.stderr)
        self.assertIn(what, errors[0])

    def test_says_where_to_go_and_as_whom(self):
        process = subprocess.Popen([CHAT, f"--database={self.database}", "--host=127.0.0.1", "--port=0"], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.directory)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        first = process.stderr.readline()
        url = re.search(r"event=listen\.ready .* url=(http://127\.0\.0\.1:\d+/) ", first)
        self.assertIsNotNone(url, first)
        # The pages are found without being told where.
        with urllib.request.urlopen(url.group(1) + "login.html") as page:
            self.assertIn(b"Log in as Ada", page.read())
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 0)
        for word in ("ada", "grace", "demo-password"):
            self.assertIn(word, output)
        self.assertEqual(self.database.stat().st_mode & 0o777, 0o600)

    def test_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            result = self.run_chat(f"--port={port}")
            self.assert_refuses(result, f"port {port} on 127.0.0.1 is already in use")
            self.assertEqual(result.stdout, "")  # nobody is sent to a page that is not there

    def test_one_worker_at_most(self):
        result = self.run_chat("--port=0", "--workers=2")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("event=worker.failed worker=1", result.stderr)

    def test_a_database_that_is_none(self):
        self.database.write_bytes(b"this is no database, " * 500)
        result = self.run_chat("--port=0")
        self.assert_refuses(result, "chat.sqlite")
        self.assertEqual(result.stdout, "")

    def test_a_database_of_another_program(self):
        with sqlite3.connect(self.database) as other:
            other.execute("CREATE TABLE letters (id INTEGER)")
        self.assert_refuses(self.run_chat("--port=0"), "chat.sqlite")
        with sqlite3.connect(self.database) as other:
            self.assertEqual(other.execute("SELECT name FROM sqlite_schema").fetchall(), [("letters",)])

    def test_a_place_where_no_database_can_be(self):
        self.database = self.directory / "nowhere" / "chat.sqlite"
        self.assert_refuses(self.run_chat("--port=0"), "nowhere")

    def test_settings_out_of_range(self):
        self.assert_refuses(self.run_chat("--port=0", "--lock-timeout=100d"), "bounds")

    def test_a_wrong_command_line(self):
        self.assertEqual(self.run_chat("--no-such-key=1").returncode, 2)
        self.assertFalse(self.database.exists())

    def test_help_names_the_settings_and_opens_nothing(self):
        result = self.run_chat("--help")
        self.assertEqual(result.returncode, 0)
        for key in ("--database=", "--database-limit=", "--lock-timeout=", "--www=", "--demo="):
            self.assertIn(key, result.stdout)
        self.assertFalse(self.database.exists())


if __name__ == "__main__":
    unittest.main()
