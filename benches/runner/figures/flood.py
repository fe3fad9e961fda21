"""A flood of sign-ins at bcrypt cost 12 over 200 connections: what checks of sessions feel of it, and what it gets done.

Everybody in the flood sends the right password, and sends the next request as soon as a reply is there, a
refusal included: no real client is as rude. `--flood-pause` lets whoever was refused wait.
"""

import time

from runner.baseline import hashes_per_second
from runner.figure import Figure
from runner.figures.sign_in import Window, bodies, count, seconds
from runner.load import Generator, finish_hey, finish_wrk, p99, start_hey
from runner.probes import CALLERS, PEOPLE_EACH, Probes

COST, PEOPLE, CONNECTIONS = 12, 200, 200
FILLING = 5  # seconds until the queue is full and whoever was first is answered
WORKERS, RATE = 10, 50  # of hey: 500 checks a second in all
PACE = 0.95  # of that rate is taken for it


def measure(bench):
    """Both sides of a pair are run on the same server: first the quiet one, or the flood first."""
    checks, answered, goodput, refusals = figures()
    span = seconds(bench, COST)
    with bench.prepared("flood", PEOPLE + CALLERS * PEOPLE_EACH, {"password.bcrypt_cost": COST}) as server:
        sent = bodies(bench, PEOPLE)
        quiet = lambda: (unloaded(server, bench.seconds, checks), hashes_per_second(bench, COST, span))
        loud = lambda: storm(bench, server, sent, span)
        for (unloaded_p99, hashes), found in bench.in_turn(quiet, loud):
            checks.add(p99(found["checks"].get(200, [0.0])), unloaded_p99)
            answered.add(found["share"])
            goodput.add(found["rate"], hashes)
            if found["refusals"]:
                refusals.add(p99(found["refusals"]))
            judge(goodput, found)
            paced(checks, found["asked"] / span)
    return [one for one in (checks, answered, goodput, refusals) if one.doorward]


def figures():
    """The four of them, empty."""
    return (
        Figure("checks-in-flood", "p99 of `GET /v1/users/me` at 500/s in a flood of sign-ins, against no load",
               "ms", bound=5, aim=2, at_least=False),
        Figure("checks-answered", "Share of those checks that were answered with 200", "share", bound=0.999, aim=1),
        Figure("flood-goodput", "Sign-ins in that flood, against bcrypt alone at cost 12", "sign-ins/s",
               bound=0.9, aim=0.97),
        Figure("refused-in-flood", "p99 of the sign-ins that were refused with 503", "ms", bound=50, aim=10,
               at_least=False),
    )


def token_of(server):
    return server.sign_in("seed")["access_token"]


def unloaded(server, span, figure):
    """p99 of the checks alone, in milliseconds."""
    token = token_of(server)
    replies = finish_hey(start_hey(f"{server.address}/v1/users/me", span, WORKERS, RATE, token), span)
    if set(replies) != {200}:
        figure.problem(f"unloaded checks were answered with {sorted(replies)}")
    return p99(replies[200]) if 200 in replies else 0.0


def storm(bench, server, sent, span):
    """The flood and, once it has filled the queue, the checks and a few other sign-ins in it."""
    token, window = token_of(server), Window(FILLING, span)
    with (Generator(window.start(server, sent, CONNECTIONS, bench.flood_pause)) as flooding,
          Probes(server.port, PEOPLE + 1) as probes):
        time.sleep(window.begin - time.monotonic())
        with Generator(start_hey(f"{server.address}/v1/users/me", span, WORKERS, RATE, token)) as checking:
            checks, flood = finish_hey(checking, span), finish_wrk(flooding, span)
    total = sum(map(len, checks.values()))
    signed_in = flood["counts"].get("201", 0) + len(probes.times(201, window))
    return {
        "checks": checks, "share": len(checks.get(200, [])) / total, "asked": total,
        "rate": signed_in / span, "refusals": probes.times(503, window), "counts": flood["counts"],
        "failed": flood["failed"],
    }


def judge(figure, found):
    """What was counted besides, and what must not be."""
    count(figure.notes.setdefault("statuses", {}), found["counts"])
    if found["counts"].get("without_retry_after"):
        figure.problem("refusals without Retry-After")
    if found["failed"]:
        figure.problem(f"{found['failed']} connections failed")


def paced(figure, rate):
    """Whether hey kept its rate: what it could not send in time is missing from the times."""
    figure.notes.setdefault("checks_per_second", []).append(rate)
    if rate < WORKERS * RATE * PACE:
        figure.problem(f"{rate:.0f} checks/s instead of {WORKERS * RATE}")
