#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A server without all of its handlers and hooks names each of them and does not start. usage: check_incomplete.py INCOMPLETE"""
import subprocess
import sys

MISSING = ["load_chat_room", "is_member", "is_banned", "search", "typing", "connected_", "default_", "event_room_archived",
           "msgc_server_use_sessions()", "msgc_server_use_jwt()"]
PRESENT = ["chat", "connected", "disconnected", "release_chat_room"]

done = subprocess.run([sys.argv[1], "--port=0"], capture_output=True, text=True, timeout=20)
words = done.stderr.replace(",", " ").replace('"', " ").replace("=", " ").replace(".", " ").replace("'", " ").split()
problems = [f"{name} is not named" for name in MISSING if name not in words]
problems += [f"{name} is named, but is not missing" for name in PRESENT if name in words]
if done.returncode != 1:
    problems.append(f"exit code {done.returncode}")
if "listen" in done.stderr:
    problems.append("it has listened")
if problems:
    sys.exit("\n".join([*problems, done.stderr]))
