#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A server without all handlers of its topics, or without a topic, names each of them and does not start. usage: check_incomplete.py INCOMPLETE"""
import subprocess
import sys

EXPECTED = [
    'consumer=topics.discussion problem="missing handlers" which="load_thread, is_admin, is_welcome, wave, cancel, where, event_archived"',
    'consumer=topics.news problem="served twice" which=news',
    'consumer=topics.door problem="missing handlers" which="cancel, shout"',
    'consumer=topics.door problem="topics that are not served" which=run',
    'consumer=topics.discussion problem="auth session has no hook" which=msgc_server_use_sessions()',
]

done = subprocess.run([sys.argv[1], "--port=0"], capture_output=True, text=True, timeout=20)
problems = [f"not said: {line}" for line in EXPECTED if line not in done.stderr]
if done.returncode != 1:
    problems.append(f"exit code {done.returncode}")
if "listen" in done.stderr:
    problems.append("it has listened")
if problems:
    sys.exit("\n".join([*problems, done.stderr]))
