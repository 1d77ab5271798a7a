#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""msgc call: scripts with their exit status, checks before sending, and a terminal with completion, history and colours.

The environment says where things are: MSGC, STAGE_SERVER, CONTRACT; LIBEDIT is empty where lines cannot be edited.
"""
import json
import os
import pathlib
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "package"))
from ports import fixed_port  # noqa: E402

MSGC, SERVER, CONTRACT = (os.environ[name] for name in ("MSGC", "STAGE_SERVER", "CONTRACT"))
HAS_EDITING = os.environ.get("LIBEDIT", "") not in ("", "0", "FALSE")


class Stage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.port = fixed_port()
        cls.server = subprocess.Popen([SERVER, f"--port={cls.port}", "--host=127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1000):
            try:
                socket.create_connection(("127.0.0.1", cls.port)).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("the stage does not answer")

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()
        cls.server.wait()

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.environment = {**os.environ, "XDG_STATE_HOME": self.folder.name, "TERM": "xterm", "LC_ALL": "C.UTF-8"}

    def url(self, name="x"):
        return f"ws://127.0.0.1:{self.port}/ws/stage/{name}/"

    def call(self, lines, *options, url=None, token="ada.1.0"):
        options = (*options, "--token", token) if token else options
        return subprocess.run([MSGC, "call", url or self.url(), CONTRACT, *options], input=lines, text=True, capture_output=True,
                              timeout=60, env=self.environment)


class Scripts(Stage):
    def test_lines_are_sent_and_answers_waited_for(self):
        done = self.call('# a remark\nadd {"a": 1, "b": 2}\n/expect sum {"total": 3}\nsay "hello"\n/expect line {"text": "hello"}\n')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("sum", done.stdout)
        self.assertNotIn("\033", done.stdout)

    def test_an_error_fails(self):
        done = self.call('count\nrefuse "no"\ncount\n')
        self.assertEqual(done.returncode, 1)
        self.assertIn("stdin:2: failed", done.stderr)
        self.assertEqual(done.stdout.count("counted"), 2, done.stdout)  # once, as action and in the frame

    def test_an_error_that_is_expected_is_none(self):
        done = self.call('refuse "no"\n/expect error {"reason": "refused", "detail": "no"}\ncount\n')
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_an_expectation_that_fails_fails(self):
        done = self.call('count\n/expect sum {"total": 4}\n', "--timeout", "300")
        self.assertEqual(done.returncode, 1)
        self.assertIn("expected sum", done.stderr)
        self.assertIn("stdin:2: failed", done.stderr)

    def test_a_slow_answer_fails(self):
        done = self.call("wait_for 2000\n", "--timeout", "300")
        self.assertEqual(done.returncode, 1)
        self.assertIn("there was no answer", done.stderr)

    def test_an_error_behind_the_last_line_fails(self):
        done = self.call('wave {"payload": "AAE="}\n' * 8)
        self.assertEqual(done.returncode, 1)
        self.assertIn("rate_limited", done.stdout)

    def test_what_breaks_the_contract_is_not_sent_and_shown(self):
        cases = {
            'say ""': ("String should have at least 1 character", 0),
            'say {"payload": "x", "mood": 7}': ("Input should be 'calm' or 'loud'", 25),
            'add {"a": 1, "b": "x"}': ("Input should be a valid integer", 14),
            'wave {"payload": "AA==", "prop": {"kind": "rope", "metres": "x"}}': ("Input should be a valid number", 55),
            'wave {"payload": "AA==", "prop": {"kind": "rope"}}': ("Field required", 28),
            '{"action": "say", "payload": [1]}': ("Input should be a valid string", 29),
        }
        for line, (words, column) in cases.items():
            with self.subTest(line):
                done = self.call(line + "\n")
                self.assertEqual(done.returncode, 1)
                self.assertIn(words, done.stderr)
                caret = next(each for each in done.stderr.splitlines() if each.strip() == "^")
                self.assertEqual(caret.index("^") - 2, column, done.stderr)
                self.assertNotIn("error", done.stdout)

    def test_the_words_are_the_servers(self):
        frame = '{"action": "say", "payload": "", "mood": 7}'
        ours = self.call(frame + "\n").stderr
        theirs = self.call("/wait 1\n" + frame.replace('"say"', '"s\\u0061y"') + "\n")  # the same to JSON, found by nobody here
        for problem in ("String should have at least 1 character", "Input should be 'calm' or 'loud'"):
            self.assertIn(problem, ours)
        self.assertEqual(theirs.returncode, 1)

    def test_broken_json_says_where(self):
        done = self.call('say {"payload": tru}\n')
        self.assertIn("Invalid JSON", done.stderr)
        self.assertEqual(done.returncode, 1)

    def test_an_unknown_message_is_refused(self):
        done = self.call("nonsense 1\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no message 'nonsense' here", done.stderr)

    def test_json_is_frames_and_nothing_else(self):
        done = self.call("count\n", "--json")
        actions = [json.loads(line)["action"] for line in done.stdout.splitlines()]
        self.assertEqual(actions, ["authentication", "counted"])

    def test_a_file_is_a_script(self):
        path = os.path.join(self.folder.name, "script")
        with open(path, "w") as file:
            file.write("count\nnonsense\n")
        done = self.call("", "--script", path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("script:2: failed", done.stderr)

    def test_topics_and_questions(self):
        done = self.call('/subscribe discussion:7\ntalk "hi"\n/expect told "hi"\n/topic\nquiz\n/expect ask\nanswer {"choice": 3}\n'
                         '/expect result "right"\n/subscribe discussion:secret\n',
                         "--consumer", "lounge_door", "--param", "name=main", url=f"http://127.0.0.1:{self.port}")
        self.assertEqual(done.returncode, 1)
        self.assertIn("stdin:9: failed", done.stderr)
        self.assertIn("right", done.stdout)

    def test_credentials(self):
        self.assertEqual(self.call("count\n", "--user", "ada:sesame", token=None).returncode, 0)
        self.assertEqual(self.call("count\n", "--token-header").returncode, 0)
        self.assertEqual(self.call("count\n", "--ticket", f"http://127.0.0.1:{self.port}/ticket").returncode, 0)
        refused = self.call("count\n", "--user", "ada:guess", token=None)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("4401", refused.stderr)

    def test_a_token_from_a_file(self):
        path = os.path.join(self.folder.name, "token")
        with open(path, "w") as file:
            file.write("ada.1.0\n")
        self.assertEqual(self.call("count\n", token=f"@{path}").returncode, 0)

    def test_usage(self):
        for arguments in ([], ["ws://127.0.0.1:1/"], ["ws://127.0.0.1:1/nowhere/", CONTRACT], ["--consumer", "nobody", "ws://127.0.0.1:1/", CONTRACT],
                          ["--consumer", "gallery", "ws://127.0.0.1:1/", CONTRACT], ["--nonsense", "a", "b"], [self.url(), "/nonexistent.msg"]):
            with self.subTest(arguments):
                done = subprocess.run([MSGC, "call", *arguments], capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertTrue(done.stderr)
        done = subprocess.run([MSGC, "help", "call"], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 0)
        self.assertIn("--script", done.stdout)


class Terminal(Stage):
    """A pseudo-terminal, and somebody who types."""

    def begin(self, *options):
        child, self.tty = pty.fork()
        if child == 0:
            os.execve(MSGC, [MSGC, "call", self.url("t"), CONTRACT, "--token", "ada.1.0", *options], self.environment)
        self.child, self.text = child, ""
        self.addCleanup(self.end)
        self.expect("connected")

    def end(self):
        if self.child:
            os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
            self.child = 0
        if self.tty >= 0:
            os.close(self.tty)
            self.tty = -1

    def expect(self, what, timeout=15):
        """Waits for a text behind the last one that was found; colours and cursor movements do not count."""
        end = time.monotonic() + timeout
        while True:
            plain = re.sub(r"\r?\033\[[0-9]+G|\033\[[0-9;?]*[A-Za-z]|\033[=>]", "", self.text)
            if what in plain:
                self.text = plain[plain.index(what) + len(what):]
                return
            self.assertLess(time.monotonic(), end, f"no {what!r} in {self.text!r}")
            if select.select([self.tty], [], [], 0.1)[0]:
                self.text += os.read(self.tty, 65536).decode(errors="replace")

    def type(self, keys):
        os.write(self.tty, keys.encode())

    def leave(self):
        self.type("/quit\n")
        for _ in range(200):
            child, status = os.waitpid(self.child, os.WNOHANG)
            if child:
                self.child = 0
                return os.waitstatus_to_exitcode(status)
            if select.select([self.tty], [], [], 0.05)[0]:
                try:
                    os.read(self.tty, 65536)
                except OSError:
                    time.sleep(0.05)
        self.fail("it does not end")

    def test_messages_go_and_come(self):
        self.begin()
        self.type('say "hello"\n')
        self.expect('"text":"hello"')
        self.type('say {"payload": "x", "mood": 7}\n')
        self.expect("Input should be 'calm' or 'loud'")
        self.expect("^")
        self.assertEqual(self.leave(), 0)

    def test_colours_and_none(self):
        self.begin()
        self.type("count\n")
        end = time.monotonic() + 10
        while "\033[32m" not in self.text and time.monotonic() < end:
            if select.select([self.tty], [], [], 0.1)[0]:
                self.text += os.read(self.tty, 65536).decode(errors="replace")
        self.assertIn("\033[32m", self.text)
        self.end()
        self.environment["NO_COLOR"] = "1"
        self.begin()
        self.type("count\n")
        self.expect("counted {")
        self.assertNotIn("\033[32m", self.text)

    @unittest.skipUnless(HAS_EDITING, "without libedit")
    def test_actions_are_completed(self):
        self.begin()
        self.type("cou\t")
        self.expect("count ")
        self.type("\n")
        self.expect('"counted"')
        self.type("wonder\t\t")
        self.expect("wonder   wonder.two")

    @unittest.skipUnless(HAS_EDITING, "without libedit")
    def test_members_and_values_are_completed(self):
        self.begin()
        self.type('say {"pay\t')
        self.expect('"payload": ')
        self.type('"done", "mo\t')
        self.expect('"mood": ')
        self.type('"lo\t')
        self.expect('"loud"')
        self.type("}\n")
        self.expect('"mood":"loud"')

    @unittest.skipUnless(HAS_EDITING, "without libedit")
    def test_tags_of_unions_are_completed(self):
        self.begin()
        self.type('wave {"payload": "AAE=", "prop": {"ki\t')
        self.expect('"kind": ')
        self.type('"ro\t')
        self.expect('"rope"')
        self.type(', "met\t')
        self.expect('"metres": ')
        self.type("2}}\n")
        self.expect('"colour":"grey"')

    @unittest.skipUnless(HAS_EDITING, "without libedit")
    def test_lines_are_remembered(self):
        self.begin()
        self.type('say "to be remembered"\n')
        self.expect('"text":"to be remembered"')
        self.assertEqual(self.leave(), 0)
        path = os.path.join(self.folder.name, "msgc", "call_history")
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        with open(path) as file:
            self.assertIn("remembered", file.read())
        self.end()
        self.begin()
        self.type("\033[A\033[A")  # /quit, and what was before it
        self.expect('say "to be remembered"')


if __name__ == "__main__":
    unittest.main(verbosity=2)
