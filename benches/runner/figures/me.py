"""`GET /v1/users/me` as fast as it goes: against the same bytes from memory, and against one read by key."""

from runner import client
from runner.baseline import Baseline
from runner.database import MariaDb
from runner.figure import Figure
from runner.load import wrk

PATH = "/v1/users/me"


def rate(bench, server, figure, token):
    """Requests per second over 32 connections, after a warm-up."""
    url = f"{server.address}{PATH}"
    wrk(url, bench.warm_up, token=token)
    found = wrk(url, bench.seconds, token=token)
    if found["refused"] or found["failed"]:
        figure.problem(f"{type(server).__name__}: {found['refused']} refused, {found['failed']} failed")
    return found["rate"]


def compare(bench, figure, server, baseline, token):
    """The pairs of one figure."""
    theirs, ours = lambda: rate(bench, baseline, figure, token()), lambda: rate(bench, server, figure, token())
    for baseline_rate, our_rate in bench.in_turn(theirs, ours):
        figure.add(our_rate, baseline_rate)
    return figure


def on_sqlite(bench):
    """Against a handler that answers the same bytes."""
    figure = Figure("me-sqlite", "`GET /v1/users/me`, SQLite, against the same bytes from memory", "requests/s",
                    bound=0.75, aim=0.9)
    with bench.prepared("me-sqlite", people=0) as server:
        token = lambda: server.sign_in("seed")["access_token"]
        reply = bench.folder / "me.reply"
        reply.write_bytes(client.captured(server.port, PATH, token()))
        with Baseline(bench, "bytes", reply=reply) as baseline:
            return [compare(bench, figure, server, baseline, token)]


def on_mariadb(bench):
    """Without a cache, against a handler that reads the same rows by key."""
    figure = Figure("me-mariadb", "`GET /v1/users/me`, MariaDB, `sessions.cache = off`, against one read by key",
                    "requests/s", bound=0.8, aim=0.95)
    engine = bench.database(MariaDb)
    with bench.prepared("me-mariadb", 0, {"sessions.cache": "off"}, url=engine.url) as server:
        opened = server.sign_in("seed")
        size = len(client.captured(server.port, PATH, opened["access_token"]).split(b"\r\n\r\n", 1)[1])
        token = lambda: server.sign_in("seed")["access_token"]
        session = opened["session"]["id"]
        with Baseline(bench, "by-key", url=engine.url, session=session, bytes=size) as baseline:
            return [compare(bench, figure, server, baseline, token)]
