# SPDX-License-Identifier: MIT
"""Judges what clients have seen against what was promised, in the manner of Jepsen. It knows nothing of servers and sockets.

A history is a list of events, dicts with `what` and `t` (seconds), in the order in which they happened:

    connect    conn, client, user, place, epoch, seq, slow    came in, with a position or (epoch None) without
    recovered  conn, whole, epoch, seq
    line       conn, epoch, seq, author, number         a kept message
    wink       conn, author, number                     one that is not kept
    settled    conn                                     all is quiet, and this one has waited long enough
    close      conn, code
    invoke     author, number, place, how               it is being sent: "say" or "note" (with a row of the program's)
    ok         author, number                           acknowledged
    failed     author, number, reason                   refused, or nobody knows
    banished   user                                     the log-out has been acknowledged
    power      -                                        the power was lost

`stored` is what the file holds in the end: {place: {"epoch", "head", "items": [(seq, author, number)], "rows": [(author, number)]}}; `items` may
have lost its beginning, as the place's history says ("keep": how many it keeps; None: all). A loss of power may end the epoch of a
place, with all that was in it, unless that is "durable".
"""

SAID_AFTER_BANISHMENT = 1.0  # seconds: what is said later than this after a log-out may not reach those whom it was for
READ_AFTER_BANISHMENT = 10.0  # seconds: how late they may read what was sent before: a wire that stalls again and again keeps it that long


def check(events, stored):
    """Every breach of a promise, as a sentence. Empty: the history holds."""
    found = []
    powers = [event["t"] for event in events if event["what"] == "power"]
    ended = {place: powers for place, stream in stored.items() if powers and not stream.get("durable")}
    seen = agreement(events, stored, found)
    streams(events, found)
    acknowledged(events, stored, seen, ended, found)
    publishers(events, seen, found)
    winks(events, found)
    settled(events, stored, found)
    rows(events, stored, ended, found)
    banishment(events, found)
    return found


def conns(events):
    return {event["conn"]: event for event in events if event["what"] == "connect"}


def agreement(events, stored, found):
    """One place, one epoch, one number: one message, for everybody, and in the file. Gives all that anybody has seen."""
    where = conns(events)
    seen = {}

    def note(key, message, who):
        if seen.setdefault(key, message) != message:
            found.append(f"{key} is {seen[key]} and, for {who}, {message}")

    for place, stream in stored.items():
        for seq, author, number in stream["items"]:
            note((place, stream["epoch"], seq), (author, number), "the file")
    for event in events:
        if event["what"] == "line":
            note((where[event["conn"]]["place"], event["epoch"], event["seq"]), (event["author"], event["number"]), event["conn"])
    return seen


def streams(events, found):
    """On one connection: from the position that was asked for, or that it was told, each number follows the one before. recovered:true: nothing is missing."""
    at = {}
    for event in events:
        what, conn = event["what"], event.get("conn")
        if what == "connect":
            at[conn] = (event["epoch"], event["seq"]) if event["epoch"] else None
        elif what == "recovered":
            here = (event["epoch"], event["seq"])
            if event["whole"] and at[conn] != here:
                found.append(f"{conn} was told that it has everything up to {here}, and has it up to {at[conn]}")
            at[conn] = here
        elif what == "line":
            here = (event["epoch"], event["seq"])
            before = at[conn]
            if before is not None and before[0] == here[0] and here[1] <= before[1]:
                found.append(f"{conn} got {here} behind {before}: twice, or backwards")
            elif before is not None and here != (before[0], before[1] + 1) and not (before[0] == "" and here[1] == 1):
                found.append(f"{conn} got {here} behind {before}: a hole that nobody told it of")
            at[conn] = here


def acknowledged(events, stored, seen, ended, found):
    """What was acknowledged is stored; what is stored was said, there, and once in an epoch that has not ended."""
    said = {(e["author"], e["number"]): e["place"] for e in events if e["what"] == "invoke"}
    there = {}
    for (place, epoch, seq), message in seen.items():
        if message in there and there[message] != (place, epoch, seq) and (place not in ended or there[message][1] == epoch):
            found.append(f"{message} stands at {there[message]} and at {(place, epoch, seq)}")
        there[message] = (place, epoch, seq)
        if said.get(message) != place:
            found.append(f"{message} in {place} was never said there")
    for event in events:
        message = (event.get("author"), event.get("number"))
        if event["what"] != "ok" or message in there or any(event["t"] < power for power in ended.get(said[message], ())):
            continue
        keep = stored.get(said[message], {}).get("keep")
        if keep is None:
            found.append(f"{message} was acknowledged and is not stored")
    for place, stream in stored.items():
        numbers = [seq for seq, _, _ in stream["items"]]
        first = 1 if stream.get("keep") is None else max(1, stream["head"] - stream["keep"] + 1)
        missing = set(range(first, stream["head"] + 1)) - set(numbers)
        if missing:
            found.append(f"{place} has lost {sorted(missing)[:5]}")


def publishers(events, seen, found):
    """One author's messages stand in the order in which they were said. What an author gave up, because his connection was gone, may still be in
    some hand, and come behind what he says on the next one; what was acknowledged stands where it stands before he goes on."""
    answered = {(event["author"], event["number"]) for event in events if event["what"] == "ok"}
    last = {}
    for (place, epoch, seq), (author, number) in sorted(seen.items(), key=lambda item: (str(item[0][0]), str(item[0][1]), item[0][2])):
        before = last.get((place, epoch, author), 0)
        if number <= before and (author, number) in answered:
            found.append(f"{author} said {number} behind {before} in {place}, at {seq}")
        last[(place, epoch, author)] = max(number, before)


def winks(events, found):
    """What is not kept comes at most once, in the order of its author."""
    last = {}
    for event in events:
        if event["what"] != "wink":
            continue
        key = (event["conn"], event["author"])
        if event["number"] <= last.get(key, 0):
            found.append(f"{event['conn']} got wink {event['number']} of {event['author']} behind {last[key]}")
        last[key] = event["number"]


def settled(events, stored, found):
    """When all is quiet, whoever is there has everything."""
    where = conns(events)
    at = {}
    for event in events:
        if event["what"] in ("line", "recovered"):
            at[event["conn"]] = (event["epoch"], event["seq"])
        elif event["what"] == "settled":
            stream = stored[where[event["conn"]]["place"]]
            end = (stream["epoch"], stream["head"])
            if at.get(event["conn"]) != end:
                found.append(f"{event['conn']} has settled at {at.get(event['conn'])}, the stream is at {end}")


def rows(events, stored, ended, found):
    """A row of the program's and its message: both or neither."""
    noted = {(e["author"], e["number"]) for e in events if e["what"] == "invoke" and e["how"] == "note"}
    for place, stream in stored.items():
        row_list = stream["rows"]
        if len(set(row_list)) != len(row_list):
            found.append(f"{place} has a row twice")
        items = {(author, number) for _, author, number in stream["items"]}
        for row in set(row_list) - items:
            if stream.get("keep") is None and place not in ended:
                found.append(f"{place} has a row and no message for {row}")
        for item in (items & noted) - set(row_list):
            found.append(f"{place} has a message and no row for {item}")


def banishment(events, found):
    """Soon after a log-out nothing more is sent to the connections that it was for. What they read later was on its way: a slow reader takes his time."""
    where, banished, said = conns(events), {}, {}
    for event in events:
        if event["what"] == "invoke":
            said.setdefault((event["author"], event["number"]), event["t"])
        elif event["what"] == "banished":
            for conn, opened in where.items():
                if opened["user"] == event["user"] and opened["t"] < event["t"]:
                    banished.setdefault(conn, event["t"])
        elif event["what"] in ("line", "wink") and event["conn"] in banished:
            since = banished[event["conn"]]
            read, begun = event["t"] - since, said.get((event["author"], event["number"]), since) - since
            if begun > SAID_AFTER_BANISHMENT:
                found.append(f"{event['conn']} got what was said {begun:.1f} s after its log-out")
            elif read > READ_AFTER_BANISHMENT and not where[event["conn"]].get("slow"):
                found.append(f"{event['conn']} got something {read:.1f} s after its log-out")
