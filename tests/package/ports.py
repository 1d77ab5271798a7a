# SPDX-License-Identifier: MIT
"""A port for a server that has to come back on it. Where a server may choose for itself, --port=0 is better."""
import random
import socket


def fixed_port():
    """A free port of the loopback that nobody gets by chance while no server is there: the kernel gives out those of its range only."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        first = int(file.read().split()[0])
    candidates = list(range(max(1024, first - 20000), first))
    random.shuffle(candidates)
    for port in candidates:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no port is free")
