#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The checker finds what it is there to find: histories that must fail, each for its own reason, and one that must not."""
import copy
import random
import unittest

import power
from checker import check


def connect(conn, epoch=None, seq=0, t=0.0, user="ada", place="room"):
    return {"what": "connect", "t": t, "conn": conn, "client": conn.split("#")[0], "user": user, "place": place, "epoch": epoch, "seq": seq}


def line(conn, seq, number, author="bob", epoch="e", t=1.0):
    return {"what": "line", "t": t, "conn": conn, "epoch": epoch, "seq": seq, "author": author, "number": number}


def recovered(conn, seq, whole=True, epoch="e"):
    return {"what": "recovered", "t": 1.0, "conn": conn, "whole": whole, "epoch": epoch, "seq": seq}


def invoke(number, author="bob", place="room", how="say"):
    return {"what": "invoke", "t": 0.5, "author": author, "number": number, "place": place, "how": how}


def ok(number, author="bob"):
    return {"what": "ok", "t": 0.6, "author": author, "number": number}


def wink(conn, number, t=1.0):
    return {"what": "wink", "t": t, "conn": conn, "author": "bob", "number": number}


GOOD = [
    connect("a#1"), recovered("a#1", 0, whole=False, epoch=""),
    invoke(1), line("a#1", 1, 1), ok(1),
    invoke(2, how="note"), wink("a#1", 1), ok(2),
    {"what": "close", "t": 1.0, "conn": "a#1", "code": 1006},
    invoke(3), {"what": "failed", "t": 1.0, "author": "bob", "number": 3, "reason": "busy"}, invoke(4), ok(4),
    connect("a#2", "e", 1), line("a#2", 2, 2), line("a#2", 3, 4), recovered("a#2", 3), wink("a#2", 2),
    {"what": "settled", "t": 2.0, "conn": "a#2"},
]
STORED = {"room": {"epoch": "e", "head": 3, "keep": None, "items": [(1, "bob", 1), (2, "bob", 2), (3, "bob", 4)], "rows": [("bob", 2)]}}


class Checker(unittest.TestCase):
    def setUp(self):
        self.events, self.stored = copy.deepcopy(GOOD), copy.deepcopy(STORED)
        self.room = self.stored["room"]

    def assert_found(self, *words):
        found = check(self.events, self.stored)
        self.assertTrue(any(all(word in sentence for word in words) for sentence in found), found)

    def insert(self, before, *events):
        at = next(i for i, event in enumerate(self.events) if before(event))
        self.events[at:at] = events

    def drop(self, which):
        self.events = [event for event in self.events if not which(event)]

    def test_a_good_history_holds(self):
        self.assertEqual(check(self.events, self.stored), [])

    def test_what_failed_may_be_stored_nevertheless(self):
        self.room["items"].insert(2, (3, "bob", 3))
        self.room["items"][3] = (4, "bob", 4)
        self.room["head"] = 4
        at = next(i for i, event in enumerate(self.events) if event["what"] == "line" and event["seq"] == 3)
        self.events[at:at + 2] = [line("a#2", 3, 3), line("a#2", 4, 4), recovered("a#2", 4)]
        self.assertEqual(check(self.events, self.stored), [])

    def test_acknowledged_and_lost(self):
        self.events += [invoke(5), ok(5)]
        self.assert_found("('bob', 5)", "acknowledged", "not stored")

    def test_stored_and_lost(self):
        del self.room["items"][0]
        self.assert_found("lost [1]")

    def test_stored_twice(self):
        self.room["items"].append((4, "bob", 4))
        self.room["head"] = 4
        self.assert_found("('bob', 4)", "stands at")

    def test_never_said(self):
        self.room["items"].append((4, "eve", 1))
        self.room["head"] = 4
        self.assert_found("eve", "never said")

    def test_said_elsewhere(self):
        self.events.append(invoke(1, author="eve", place="vault"))
        self.room["items"].append((4, "eve", 1))
        self.room["head"] = 4
        self.assert_found("eve", "never said there")

    def test_two_messages_with_one_number(self):
        self.room["items"][2] = (3, "bob", 3)
        self.assert_found("('room', 'e', 3)")

    def test_a_hole(self):
        self.drop(lambda event: event["what"] == "line" and event["conn"] == "a#2" and event["seq"] == 2)
        self.assert_found("a#2", "a hole")

    def test_a_hole_while_live(self):
        self.events += [line("a#2", 5, 6)]
        self.assert_found("a#2", "a hole")

    def test_twice(self):
        self.insert(lambda event: event["what"] == "recovered" and event["conn"] == "a#2", line("a#2", 3, 4))
        self.assert_found("a#2", "twice")

    def test_backwards(self):
        self.events += [line("a#2", 2, 2)]
        self.assert_found("a#2", "backwards")

    def test_another_epoch_out_of_nowhere(self):
        self.events += [line("a#2", 1, 4, epoch="f")]
        self.assert_found("a#2", "a hole")

    def test_recovered_and_it_is_not(self):
        self.drop(lambda event: event["what"] == "line" and event["conn"] == "a#2")
        self.assert_found("a#2", "told that it has everything")

    def test_order_of_an_author(self):
        self.room["items"][1], self.room["items"][2] = (2, "bob", 4), (3, "bob", 2)
        self.drop(lambda event: event["what"] in ("line", "recovered", "settled") and event["conn"] == "a#2")
        self.assert_found("bob said 2 behind 4")

    def test_what_an_author_gave_up_may_come_late(self):
        at = next(i for i, event in enumerate(self.events) if event["what"] == "line" and event["seq"] == 3)
        self.events[at:at + 2] = [line("a#2", 3, 4), line("a#2", 4, 3), recovered("a#2", 4)]
        self.room.update(head=4, items=self.room["items"] + [(4, "bob", 3)])
        self.assertEqual(check(self.events, self.stored), [])
        self.events.append(ok(3))
        self.assert_found("bob said 3 behind 4")

    def test_a_wink_twice(self):
        self.events += [wink("a#2", 2)]
        self.assert_found("wink 2", "behind 2")

    def test_never_told(self):
        self.events += [invoke(5), ok(5)]
        self.room["items"].append((4, "bob", 5))
        self.room["head"] = 4
        self.assert_found("a#2 has settled")

    def test_a_row_without_its_message(self):
        self.events.append(invoke(5, how="note"))
        self.room["rows"].append(("bob", 5))
        self.assert_found("a row and no message")

    def test_a_message_without_its_row(self):
        self.room["rows"].clear()
        self.assert_found("a message and no row")

    def test_a_row_twice(self):
        self.room["rows"] *= 2
        self.assert_found("a row twice")

    def test_delivered_after_a_log_out(self):
        self.events += [{"what": "banished", "t": 5.0, "user": "ada"}, wink("a#2", 3, t=16.0)]
        self.assert_found("got something 11.0 s after its log-out")

    def test_said_after_a_log_out(self):
        self.events += [{"what": "banished", "t": 5.0, "user": "ada"}, invoke(5) | {"t": 6.5}, wink("a#2", 5, t=6.6)]
        self.assert_found("got what was said 1.5 s after its log-out")

    def test_what_was_on_its_way_at_a_log_out_may_arrive(self):
        self.events += [invoke(5) | {"t": 4.9}, {"what": "banished", "t": 5.0, "user": "ada"}, wink("a#2", 5, t=9.0)]
        self.assertEqual(check(self.events, self.stored), [])

    def test_a_log_out_does_not_hold_for_later_connections(self):
        self.events += [{"what": "banished", "t": 5.0, "user": "ada"}, connect("a#3", "e", 3, t=6.0), wink("a#3", 3, t=9.0)]
        self.assertEqual(check(self.events, self.stored), [])

    def test_what_is_not_kept_any_more_is_not_missed(self):
        self.room.update(keep=2, items=self.room["items"][1:])
        self.assertEqual(check(self.events, self.stored), [])

    def lose_power(self, durable):
        """Behind the good history: a message is acknowledged, the power is lost, the next one stands where it stood."""
        self.room["durable"] = durable
        self.events += [invoke(5, how="note"), ok(5), {"what": "power", "t": 10.0}]
        self.room["rows"].append(("bob", 5))

    def test_what_was_acknowledged_before_the_power_was_lost(self):
        self.lose_power(durable=True)
        self.assert_found("('bob', 5)", "acknowledged", "not stored")
        self.assert_found("a row and no message")

    def test_the_power_may_end_an_epoch(self):
        self.lose_power(durable=False)
        self.assertEqual(check(self.events, self.stored), [])
        self.events += [invoke(6), ok(6) | {"t": 11.0}]
        self.assert_found("('bob', 6)", "acknowledged", "not stored")

    def test_an_ended_epoch_may_have_had_what_is_said_again(self):
        self.events += [{"what": "power", "t": 10.0}, connect("a#3", t=11.0), recovered("a#3", 0, whole=False, epoch="")]
        self.events += [line("a#3", 1, 4, epoch="f")]
        self.assertEqual(check(self.events[:-3], self.stored), [])
        self.assertEqual(check(self.events, self.stored), [])
        self.room["durable"] = True
        self.assert_found("('bob', 4) stands at")


class Power(unittest.TestCase):
    def setUp(self):
        self.now = bytearray(b"a" * 1024)
        self.memory = b""

    def write(self, at, text):
        """As shim_power.c does."""
        stood = bytes(self.now[at:at + len(text)])
        self.memory += power.HEAD.pack(at, len(self.now), len(stood)) + stood
        self.now[at:at + len(text)] = text

    def test_what_was_not_synced_is_put_back(self):
        before = bytes(self.now)
        self.write(100, b"b" * 50)
        self.write(120, b"c" * 1000)
        self.write(1120, b"d" * 10)
        self.write(0, b"e")
        self.assertEqual(len(self.now), 1130)
        self.assertEqual(power.synced(self.now, self.memory), before)

    def test_what_was_cut_off_is_put_back(self):
        before = bytes(self.now)
        self.memory += power.HEAD.pack(200, 1024, 824) + before[200:]
        del self.now[200:]
        self.write(200, b"new")
        self.assertEqual(power.synced(self.now, self.memory), before)

    def test_a_torn_record_is_of_nothing_that_has_happened(self):
        before = bytes(self.now)
        self.write(10, b"b")
        for cut in range(1, power.HEAD.size + 5):
            torn = power.HEAD.pack(500, 1024, 20) + b"x" * 20
            self.assertEqual(power.synced(self.now, self.memory + torn[:-cut - 10]), before)

    def test_a_disk_may_have_any_sectors(self):
        old, new = b"o" * 4096, b"n" * 6000
        seen = set()
        for seed in range(50):
            made = power.mixed(new, old, random.Random(seed))
            self.assertIn(len(made), (4096, 6000))
            for at in range(0, 4096, 512):
                sector = made[at:at + 512]
                self.assertIn(sector, (b"o" * 512, b"n" * 512))
                seen.add((at, sector[:1]))
        self.assertEqual(len(seen), 16)


if __name__ == "__main__":
    unittest.main()
