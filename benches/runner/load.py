"""The load generators: wrk for as much as goes, hey for a fixed rate."""

import csv
import json
import os
import pathlib
import subprocess

from runner.processes import Failed
from runner.spread import percentile

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent / "load"


class Generator:
    """A generator that is ended with the block, however that ends."""

    def __init__(self, process):
        self.process = process

    def __enter__(self):
        return self.process

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


def wrk(url, seconds, *arguments, **named):
    """What report.lua tells of one run of wrk, and the requests per second; see `start_wrk`."""
    return finish_wrk(start_wrk(url, seconds, *arguments, **named), seconds)


def start_wrk(url, seconds, connections=32, threads=2, script="report.lua", arguments=(), token=None, cookie=None):
    """Starts wrk; `finish_wrk` waits for it."""
    fields = ["--header", f"Authorization: Bearer {token}"] if token else []
    fields += ["--header", f"Cookie: {cookie}"] if cookie else []
    command = ["wrk", "--threads", str(threads), "--connections", str(connections), "--duration", f"{seconds}s",
               "--timeout", "60s", "--script", str(SCRIPTS / script), *fields, url, "--", *map(str, arguments)]
    environment = {**os.environ, "BENCH_LOAD": str(SCRIPTS)}
    return subprocess.Popen(command, env=environment, text=True, start_new_session=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def finish_wrk(process, seconds):
    """What the run of `start_wrk` found."""
    output = communicate(process, seconds)
    lines = [line for line in output.splitlines() if line.startswith("RESULT ")]
    if not lines:
        raise Failed(f"wrk: {output.strip()}")
    found = json.loads(lines[-1].removeprefix("RESULT "))
    return found | {"rate": found["requests"] / found["seconds"]}


def start_hey(url, seconds, workers, rate, token):
    """Starts hey with `workers` that send `rate` requests a second each; `finish_hey` waits for it."""
    command = ["hey", "-c", str(workers), "-q", str(rate), "-z", f"{seconds}s", "-t", "60", "-o", "csv",
               "-H", f"Authorization: Bearer {token}", url]
    return subprocess.Popen(command, text=True, start_new_session=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def finish_hey(process, seconds):
    """Milliseconds of every reply by its status. What got no reply is not among them."""
    output = communicate(process, seconds)
    replies = {}
    for row in csv.DictReader(output.splitlines()):
        replies.setdefault(int(row["status-code"]), []).append(float(row["response-time"]) * 1e3)
    if not replies:
        raise Failed(f"hey: {output.strip()[:300]}")
    return replies


def p99(milliseconds):
    """The 99th percentile."""
    return percentile(milliseconds, 0.99)


def communicate(process, seconds):
    """What a generator printed."""
    with Generator(process):
        try:
            return process.communicate(timeout=seconds + 90)[0]
        except subprocess.TimeoutExpired as error:
            raise Failed(f"{process.args[0]} does not end") from error
