"""What every figure is measured with: binaries, seconds, pairs, a folder, and the servers to be ended."""

import contextlib
import os
import pathlib
import subprocess
import sys

from runner.database import MariaDb, Sqlite, copy_people, SEED
from runner.doorward import Doorward
from runner.processes import Failed

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Bench(contextlib.ExitStack):
    """One run; what was started in it ends with it."""

    def __init__(self, options, folder):
        super().__init__()
        self.pairs, self.seconds = options.pairs, options.seconds
        self.doorward, self.baseline = options.doorward, options.baseline
        self.people, self.engines, self.flood_pause = options.people, options.engines, options.flood_pause
        self.extra = dict(pair.split("=", 1) for pair in options.set)
        self.folder = pathlib.Path(folder)
        self.urls = {}

    @property
    def warm_up(self):
        """Seconds of load before each measurement."""
        return max(min(self.seconds // 4, 2), 1)

    def in_turn(self, first, second):
        """Runs both so many times, each first in every other pair; yields what they found."""
        for number in range(self.pairs):
            order = [first, second] if number % 2 == 0 else [second, first]
            found = {one: one() for one in order}
            yield found[first], found[second]

    def prepared(self, name, people, settings=None, url=None, engine=None, admin=False):
        """A server, not yet started, whose database holds the seed and so many copies of it."""
        server = Doorward(self, self.folder / name, settings, url)
        with server:
            server.register(SEED)
        if admin:
            server.make_admin()
        if people:
            copy_people(engine or Sqlite(server.file), people)
        return server

    def database(self, kind):
        """A fresh database on a throw-away server of this engine, which is started at the first question."""
        if kind.variable not in self.urls:
            self.urls |= self.start_servers(kind)
        database = kind(self.urls[kind.variable])
        self.callback(database.drop)
        return database

    def start_servers(self, kind):
        other = "TEST_POSTGRES_URL" if kind is MariaDb else "TEST_MYSQL_URL"
        # What is named already is not started: only one of both is needed.
        environment = {other: "not needed", **os.environ}
        done = subprocess.run([ROOT / "scripts/test-servers", "start"], env=environment, text=True,
                              stdout=subprocess.PIPE, check=False)
        if done.returncode:
            raise Failed("scripts/test-servers failed")
        told = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
        self.callback(self.stop_servers, told["TEST_SERVERS"])
        return {kind.variable: os.environ.get(kind.variable) or told[kind.variable]}

    @staticmethod
    def stop_servers(folder):
        subprocess.run([ROOT / "scripts/test-servers", "stop", folder], check=False)


def say(text):
    """A line about what is going on."""
    print(f"bench: {text}", file=sys.stderr, flush=True)
