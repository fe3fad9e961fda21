"""Sign-ins at bcrypt cost 10 as fast as they go, against bcrypt alone on every core."""

import json
import time

from runner.baseline import hashes_per_second
from runner.database import name
from runner.doorward import PASSWORD
from runner.figure import Figure
from runner.load import finish_wrk, start_wrk

COST, PEOPLE, CONNECTIONS = 10, 200, 16


def bodies(bench, people):
    """A file of what each of these people sends to sign in."""
    file = bench.folder / "sign-ins"
    lines = [json.dumps({"identifier": name(one), "password": PASSWORD}) for one in range(1, people + 1)]
    file.write_text("\n".join(lines) + "\n")
    return file


def seconds(bench, cost):
    """Long enough for a few hundred hashes."""
    return bench.seconds * (3 if cost >= 12 else 2)


class Window:
    """Which replies are counted: those of `span` seconds, once the load has lasted for `warm_up`.

    The load goes on before and after, so that no hash is lost that is under way at either end.
    """

    def __init__(self, warm_up, span):
        self.warm_up, self.span = warm_up, span
        self.begin = time.monotonic() + warm_up
        self.end = self.begin + span

    def start(self, server, sent, connections, pause=0):
        """Starts the load."""
        arguments = [sent, f"{self.begin:.6f}", f"{self.end:.6f}", pause]
        return start_wrk(f"{server.address}/v1/sessions", self.warm_up + self.span + 1, connections, 2,
                         "sign_in.lua", arguments)


def measure(bench):
    """Enough connections to keep every lane busy, limits as by default."""
    figure = Figure("sign-in", "Sign-ins at bcrypt cost 10, against bcrypt alone", "sign-ins/s", bound=0.93, aim=0.98)
    figure.notes["statuses"] = {}
    span = seconds(bench, COST)
    with bench.prepared("sign-in", PEOPLE, {"password.bcrypt_cost": COST}) as server:
        sent = bodies(bench, PEOPLE)

        def ours():
            found = finish_wrk(Window(bench.warm_up, span).start(server, sent, CONNECTIONS), span)
            count(figure.notes["statuses"], found["counts"])
            if found["failed"] or set(found["counts"]) - {"201"}:
                figure.problem("not every sign-in was answered with 201; see statuses")
            return found["counts"].get("201", 0) / span

        theirs = lambda: hashes_per_second(bench, COST, span)
        for hashes, sign_ins in bench.in_turn(theirs, ours):
            figure.add(sign_ins, hashes)
    return [figure]


def count(sums, counts):
    """Adds counts up."""
    for key, number in counts.items():
        sums[key] = sums.get(key, 0) + number
