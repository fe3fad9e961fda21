"""Rotations of refresh tokens on SQLite, as durable as by default, against one bare conditional UPDATE."""

import contextlib
import sqlite3
import time

from runner import client
from runner.baseline import Baseline
from runner.database import name
from runner.figure import Figure
from runner.load import wrk

PATH = "/v1/sessions/refresh"
# More sessions than connections: see benches/load/refresh.lua.
CONNECTIONS, THREADS, SESSIONS = 32, 2, 48
SETTLING = 0.5  # seconds


def measure(bench):
    """Every connection spends a token and gets the next one."""
    figure = Figure("refresh", "`POST /v1/sessions/refresh`, SQLite, against one durable UPDATE", "rotations/s",
                    bound=0.5, aim=0.8)
    with bench.prepared("refresh", SESSIONS, {"password.bcrypt_cost": 4}) as server:
        size, copied = reply_size(server, tokens_of(server)[0]), bench.folder / "refresh-baseline.db"
        # Nobody else need be able to read the file while a server has it.
        server.end()
        copy(server.file, copied)
        server.start()
        with Baseline(bench, "update", file=copied, bytes=size) as baseline:
            ours = lambda: rate(bench, server, figure, lambda: tokens_of(server))
            theirs = lambda: rate(bench, baseline, figure, lambda: tokens_in(copied))
            for baseline_rate, our_rate in bench.in_turn(theirs, ours):
                figure.add(our_rate, baseline_rate)
    return [figure]


def rate(bench, server, figure, tokens):
    """Rotations per second, after a warm-up with tokens of its own."""
    for span in (bench.warm_up, bench.seconds):
        # What the load before left under way would spend a token that is read here.
        time.sleep(SETTLING)
        sent = bench.folder / "refresh-tokens"
        sent.write_text("\n".join(tokens()) + "\n")
        found = wrk(f"{server.address}{PATH}", span, CONNECTIONS, THREADS, "refresh.lua", [sent, THREADS])
    if found["refused"] or found["failed"] or found["counts"]["starved"]:
        figure.problem(f"{type(server).__name__}: {found['refused']} refused, {found['failed']} failed, "
                       f"{found['counts']['starved']} without a token")
    return found["counts"]["rotated"] / found["seconds"]


def tokens_of(server):
    """The first refresh token of a new session of everybody."""
    return [server.sign_in(name(number))["refresh_token"] for number in range(1, SESSIONS + 1)]


def reply_size(server, token):
    """How long the reply to a rotation is, about."""
    reply = client.ask(server.port, "POST", PATH, {"refresh_token": token})
    return int(reply[1]["content-length"])


def copy(source, target):
    """A copy of a database, with what is still in its log."""
    with contextlib.closing(sqlite3.connect(source)) as present, contextlib.closing(sqlite3.connect(target)) as new:
        present.backup(new)


def tokens_in(file):
    """What the baseline takes for tokens: a session's id and the secret that its row holds."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        rows = database.execute(f"SELECT hex(id), hex(secret_hash) FROM sessions LIMIT {SESSIONS}").fetchall()
    return [f"{session}.{secret}".lower() for session, secret in rows]
