#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""/metrics of a real server, read strictly: usage: test_exposition.py ECHO"""
import pathlib
import re
import sys
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "package"))
from wsclient import Client, Server  # noqa: E402

ECHO = sys.argv.pop(1)
NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
NUMBER = re.compile(r"\+?-?(\d+(\.\d+)?([eE][+-]?\d+)?|Inf|NaN)")


def parse(text):
    """{family: (type, {(sample name, ((label, value), …)): number})}; raises where the text is not what the format says."""
    assert text.endswith("\n"), "the last line is not ended"
    families, current, finished = {}, None, set()
    for line in text[:-1].split("\n"):
        assert line == line.strip() and line, f"blank: {line!r}"
        if line.startswith("# HELP "):
            name, _, words = line[7:].partition(" ")
            assert NAME.fullmatch(name) and words and name not in families, line
            assert re.fullmatch(r'(?:[^\\]|\\\\|\\n)*', words), line
            families[name] = [None, {}]
            finished.add(current)
            current = name
        elif line.startswith("# TYPE "):
            name, kind = line[7:].split(" ")
            assert name == current and families[name] == [None, {}], line
            assert kind in ("counter", "gauge", "histogram"), line
            families[name][0] = kind
        else:
            sample, labels, number = parse_sample(line)
            family = current if families[current][0] != "histogram" else re.sub(r"_(bucket|sum|count)$", "", sample)
            assert family == current and family not in finished, line
            assert families[family][0] == "histogram" or sample == family, line
            assert (sample, labels) not in families[family][1], f"twice: {line}"
            families[family][1][sample, labels] = number
    return families


def parse_sample(line):
    match = NAME.match(line)
    assert match, line
    at, labels = match.end(), []
    if line[at] == "{":
        at += 1
        while line[at] != "}":
            label = LABEL.match(line, at)
            assert label and line[label.end():label.end() + 2] == '="', line
            at, value = label.end() + 2, ""
            while line[at] != '"':
                if line[at] == "\\":
                    at += 1
                    value += {"n": "\n", "\\": "\\", '"': '"'}[line[at]]
                else:
                    value += line[at]
                at += 1
            at += 1
            labels.append((label.group(), value))
            if line[at] == ",":
                at += 1
                assert line[at] != "}", line
        at += 1
    assert len({name for name, _ in labels}) == len(labels), line
    assert line[at] == " " and NUMBER.fullmatch(line[at + 1:]), line
    return match.group(), tuple(sorted(labels)), float(line[at + 1:])


class Exposition(unittest.TestCase):
    def setUp(self):
        self.server = Server(ECHO, "--admin-port=0")
        self.addCleanup(self.server.__exit__)
        ready = rb"event=listen\.ready [^\n]*?port=(\d+) [^\n]*admin=yes"
        while not re.search(ready, self.server.log):
            self.server.log += self.server.process.stderr.readline()
        self.admin = int(re.search(ready, self.server.log).group(1))

    def connect(self):
        client = Client(self.server.port, "/ws/echo/")
        self.addCleanup(client.close)
        client.receive()
        return client

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}{path}", timeout=10) as response:
            return response.headers, response.read().decode()

    def scrape(self):
        return self.get("/metrics")[1]

    def test_is_what_the_format_says(self):
        client = self.connect()
        for i in range(20):
            client.send({"action": "say", "payload": f"{i}"})
            client.receive()
        client.send("{")
        client.receive()
        headers, text = self.get("/metrics")
        self.assertEqual(headers["content-type"], "text/plain; version=0.0.4; charset=utf-8")
        families = parse(text)
        here = (("consumer", "talk"), ("contract", "echo"))
        self.assertEqual(families["msgc_connections"][1]["msgc_connections", here], 1)
        said = tuple(sorted(here + (("action", "say"),)))
        self.assertEqual(families["msgc_messages_received_total"][1]["msgc_messages_received_total", said], 20)
        invalid = tuple(sorted(here + (("reason", "invalid"),)))
        self.assertEqual(families["msgc_errors_told_total"][1]["msgc_errors_told_total", invalid], 1)
        for name, (kind, samples) in families.items():
            self.assertEqual(kind == "counter", name.endswith("_total"), name)
            if kind != "gauge":
                self.assertTrue(all(value >= 0 for value in samples.values()), name)

    def test_histograms_add_up(self):
        client = self.connect()
        client.send({"action": "say", "payload": "x"})
        client.receive()
        samples = parse(self.scrape())["msgc_handler_duration_seconds"][1]
        series = {}
        for (name, labels), value in samples.items():
            rest = tuple(pair for pair in labels if pair[0] != "le")
            series.setdefault(rest, {"bucket": []})
            if name.endswith("_bucket"):
                series[rest]["bucket"].append((dict(labels)["le"], value))
            else:
                series[rest][name.rsplit("_", 1)[1]] = value
        self.assertIn("say", {dict(labels)["handler"] for labels in series})
        for one in series.values():
            bounds = [float(le) for le, _ in one["bucket"]]
            counts = [count for _, count in one["bucket"]]
            self.assertEqual(bounds, sorted(bounds))
            self.assertEqual(one["bucket"][-1][0], "+Inf")
            self.assertEqual(counts, sorted(counts))
            self.assertEqual(counts[-1], one["count"])
            self.assertGreater(one["count"], 0)
            self.assertLessEqual(one["sum"], 10 * one["count"])

    def test_another_parser_agrees(self):
        try:
            from prometheus_client.parser import text_string_to_metric_families
        except ImportError:
            self.skipTest("prometheus_client is not installed")
        client = self.connect()
        client.send({"action": "say", "payload": "x"})
        client.receive()
        text = self.scrape()
        theirs = {(s.name, tuple(sorted(s.labels.items()))) for f in text_string_to_metric_families(text) for s in f.samples}
        ours = {key for _, samples in parse(text).values() for key in samples}
        self.assertEqual(ours, theirs)
        types = {f.name: f.type for f in text_string_to_metric_families(text)}
        self.assertEqual(types["msgc_handler_duration_seconds"], "histogram")
        self.assertEqual(types["msgc_frames_received"], "counter")

    def test_the_parser_refuses(self):
        good = "# HELP a_total x\n# TYPE a_total counter\n"
        self.assertEqual(parse(good + 'a_total{b="\\"\\\\\\n"} 1\n')["a_total"][1]["a_total", (("b", '"\\\n'),)], 1)
        for bad in ('a_total{b="x} 1\n', 'a_total{b="\\x"} 1\n', "a_total  1\n", "a_total 1", "b_total 1\n", "a_total one\n",
                    'a_total{b="x",} 1\n', "a_total 1\na_total 2\n", 'a_total{0="x"} 1\n'):
            with self.assertRaises((AssertionError, KeyError, IndexError), msg=bad):
                parse(good + bad)


if __name__ == "__main__":
    unittest.main()
