"""How small it is: start to ready, the binary, memory at rest and with 10,000 idle connections."""

import contextlib
import socket
import time

from runner.figure import Figure
from runner.machine import resident_mib

CONNECTIONS = 10_000
REST = 1  # seconds after which a fresh server is at rest
# Doorward closes what is idle for five seconds.
IDLE_LIMIT = 5
REQUEST = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def measure(bench):
    """Plain values: there is no baseline for them."""
    start = Figure("start", "From start to the first 200 of /readyz, SQLite", "ms", 150, 50, at_least=False)
    size = Figure("binary", "The binary", "MB", 25, 15, at_least=False)
    idle = Figure("memory-idle", "Memory at rest (VmRSS)", "MiB", 25, 15, at_least=False)
    crowd = Figure("memory-crowd", f"Memory with {CONNECTIONS:,} idle connections (VmRSS)", "MiB", 150, 100,
                   at_least=False)
    size.add(bench.doorward.stat().st_size / 1e6)
    for number in range(bench.pairs):
        server = bench.prepared(f"small-{number}", people=0)
        begun = time.perf_counter()
        with server:
            start.add((time.perf_counter() - begun) * 1e3)
            time.sleep(REST)
            idle.add(resident_mib(server.pid))
            crowd.add(crowded(server, crowd))
    return [start, size, idle, crowd]


def crowded(server, figure):
    """The memory while all connections are open, each after one request."""
    with contextlib.ExitStack() as open_ones:
        begun, sockets = time.monotonic(), []
        for _ in range(CONNECTIONS):
            one = open_ones.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=30))
            one.sendall(REQUEST)
            sockets.append(one)
        for one in sockets:
            if not one.recv(4096).startswith(b"HTTP/1.1 200"):
                figure.problem("a connection was not answered")
        memory = resident_mib(server.pid)
        if time.monotonic() - begun > IDLE_LIMIT:
            figure.problem(f"it took {time.monotonic() - begun:.1f} s, and the first were closed meanwhile")
    return memory
