#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A server as a service manager meets it: signals, notifications, sockets handed over, certificates: usage: test_process.py ECHO"""
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "package"))
from wsclient import Client, Server  # noqa: E402

ECHO = sys.argv.pop(1)


class Process(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="msgc-process-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def serve(self, *arguments, env=None, **more):
        old = dict(os.environ)
        os.environ.update(env or {})
        try:
            server = Server(ECHO, *arguments, **more)
        finally:
            os.environ.clear()
            os.environ.update(old)
        self.addCleanup(server.__exit__)
        os.set_blocking(server.process.stderr.fileno(), False)
        return server

    def wait_for(self, server, text):
        end = time.monotonic() + 20
        while text not in server.log and time.monotonic() < end:
            server.log += server.process.stderr.read() or b""
            time.sleep(0.005)
        self.assertIn(text, server.log)

    def manager(self):
        """What a service manager listens on."""
        path = self.folder / "notify"
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(listener.close)
        listener.bind(str(path))
        listener.settimeout(10)
        return listener, {"NOTIFY_SOCKET": str(path)}

    def test_says_ready_reloading_and_stopping(self):
        listener, env = self.manager()
        server = self.serve(env=env)
        self.assertEqual(listener.recv(200), b"READY=1\nSTATUS=serving")
        server.process.send_signal(signal.SIGHUP)
        self.assertRegex(listener.recv(200), rb"^RELOADING=1\nMONOTONIC_USEC=\d+$")
        self.assertEqual(listener.recv(200), b"READY=1\nSTATUS=serving")
        self.assertEqual(server.stop(), 0)
        self.assertEqual(listener.recv(200), b"STOPPING=1\nSTATUS=draining")

    def test_an_abstract_socket(self):
        name = f"msgc-test-{os.getpid()}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
            listener.bind("\0" + name)
            listener.settimeout(10)
            self.serve(env={"NOTIFY_SOCKET": "@" + name})
            self.assertTrue(listener.recv(200).startswith(b"READY=1"))

    def test_pats_the_watchdog(self):
        listener, env = self.manager()
        self.serve(env={**env, "WATCHDOG_USEC": "400000"})
        seen = []
        end = time.monotonic() + 10
        while seen.count(b"WATCHDOG=1") < 3 and time.monotonic() < end:
            seen.append(listener.recv(200))
        self.assertGreaterEqual(seen.count(b"WATCHDOG=1"), 3)

    def test_a_watchdog_of_another_process_is_none_of_ours(self):
        listener, env = self.manager()
        self.serve(env={**env, "WATCHDOG_USEC": "40000", "WATCHDOG_PID": "1"})
        listener.recv(200)
        listener.settimeout(0.2)
        with self.assertRaises(TimeoutError):
            listener.recv(200)

    def test_a_hangup_reads_the_file_again(self):
        file = self.folder / "echo.conf"
        file.write_text("bad-frame-limit = 50\n")
        server = self.serve(f"--config={file}")
        client = Client(server.port, "/ws/echo/")
        self.addCleanup(client.close)
        client.receive()
        file.write_text("bad-frame-limit = 2\nworkers = 3\n")
        server.process.send_signal(signal.SIGHUP)
        self.wait_for(server, b"event=config.reloaded changed=bad-frame-limit needs_restart=workers")
        # As soon as the worker has opened its mail; by the old limit forty would be far too few.
        for _ in range(40):
            client.send("{")
            answer = client.receive()
            if isinstance(answer, tuple):
                break
        self.assertEqual(answer, ("close", 4429))

    def test_sockets_are_handed_over(self):
        public, admin = socket.create_server(("127.0.0.1", 0)), socket.create_server(("127.0.0.1", 0))
        self.addCleanup(public.close)
        self.addCleanup(admin.close)
        copies = [os.dup(public.fileno()), os.dup(admin.fileno())]

        def hand_over():
            spare = [os.dup(fd) for fd in copies]
            spare = [fd if fd > 10 else os.dup2(fd, 20 + i) for i, fd in enumerate(spare)]
            for i, fd in enumerate(spare):
                os.dup2(fd, 3 + i, inheritable=True)

        process = subprocess.Popen(["sh", "-c", f'LISTEN_PID=$$ exec "{ECHO}" --port=1'], preexec_fn=hand_over, pass_fds=(3, 4),
                                   stderr=subprocess.PIPE, env={**os.environ, "LISTEN_FDS": "2", "LISTEN_FDNAMES": "web:admin"})
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        client = Client(public.getsockname()[1], "/ws/echo/")
        self.addCleanup(client.close)
        self.assertEqual(client.receive()["action"], "authentication")
        with socket.create_connection(admin.getsockname()) as probe:
            probe.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertTrue(probe.recv(100).startswith(b"HTTP/1.1 200"))

    def test_lines_tell_connection_and_action(self):
        server = self.serve("--log-format=json", "--log-level=debug", "--log-muted-actions=ping")
        clients = [Client(server.port, "/ws/echo/") for _ in range(2)]
        for client in clients:
            self.addCleanup(client.close)
            self.assertEqual(client.receive()["action"], "authentication")
        for client, frame in zip(clients, ({"action": "say", "payload": "x"}, {"action": "ping"})):
            client.send(frame)
            client.receive()
        os.set_blocking(server.process.stderr.fileno(), True)
        self.assertEqual(server.stop(), 0)
        lines = [json.loads(line) for line in server.log.splitlines()]
        for line in lines:
            self.assertLessEqual({"time", "level", "event"}, set(line), line)
        opened = [line["connection"] for line in lines if line["event"] == "connection.opened"]
        self.assertEqual(len(set(opened)), 2)
        self.assertEqual([(line["connection"], line["action"]) for line in lines if line["event"] == "frame.received"], [(opened[0], "say")])
        self.assertEqual(sorted(line["connection"] for line in lines if line["event"] == "connection.closed"), sorted(opened))

    def test_what_is_printed_of_the_configuration_can_be_read_back(self):
        def printed(*arguments):
            done = subprocess.run([ECHO, *arguments, "--print-config"], capture_output=True, text=True, timeout=20)
            self.assertEqual(done.returncode, 0, done.stderr)
            return [line.split("#")[0].strip() for line in done.stdout.splitlines()]

        first = printed("--port=9", "--connection-rate=20 per 1s burst 50", "--allowed-origins=https://a.example", "--publish-key=a-secret-of-sixteen-bytes")
        self.assertIn("port = 9", first)
        self.assertNotIn("a-secret-of-sixteen-bytes", "".join(first))
        file = self.folder / "echo.conf"
        file.write_text("\n".join(line for line in first if not line.startswith("publish-key")) + "\n")
        self.assertEqual([line for line in printed(f"--config={file}") if line],
                         [line for line in first if line and not line.startswith("publish-key")])

    def make_certificate(self, name):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", f"/CN={name}", "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"],
                       check=True, stderr=subprocess.DEVNULL)
        return ssl.PEM_cert_to_DER_cert((self.folder / "cert.pem").read_text())

    def peer(self, port):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=10))

    @unittest.skipUnless(shutil.which("openssl"), "openssl makes the certificates")
    def test_certificates_are_renewed(self):
        first = self.make_certificate("first")
        server = self.serve(f"--tls-certificate={self.folder}/cert.pem", f"--tls-key={self.folder}/key.pem")
        old = self.peer(server.port)
        self.addCleanup(old.close)
        self.assertEqual(old.getpeercert(True), first)
        second = self.make_certificate("second")
        server.process.send_signal(signal.SIGHUP)
        self.wait_for(server, b"event=tls.reloaded")
        with self.peer(server.port) as new:
            self.assertEqual(new.getpeercert(True), second)
            new.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertTrue(new.recv(100).startswith(b"HTTP/1.1 404"))
        old.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertTrue(old.recv(100).startswith(b"HTTP/1.1 404"))
        (self.folder / "key.pem").write_text("no key\n")
        server.process.send_signal(signal.SIGHUP)
        self.wait_for(server, b"event=tls.not_reloaded")
        with self.peer(server.port) as new:
            self.assertEqual(new.getpeercert(True), second)
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
