"""A peer: whose session is this, asked of better-auth on SQLite, beside Doorward's `GET /v1/users/me`."""

import os
import pathlib
import shutil
import subprocess

from runner import client
from runner.bench import ROOT
from runner.doorward import PASSWORD
from runner.figure import Figure
from runner.figures import me
from runner.load import wrk
from runner.processes import Failed, Process, free_port

SOURCES = ROOT / "benches/peers/better-auth"
PATH = "/api/auth/get-session"


class BetterAuth(Process):
    """The peer as a process per core."""

    def __init__(self, installed, folder):
        port = free_port()
        super().__init__(["node", "server.mjs", str(port), str(folder / "better-auth.db")], port, cwd=installed,
                         env={**os.environ, "NODE_ENV": "production"})
        self.address = f"http://127.0.0.1:{port}"

    def sign_up(self):
        """The cookie of a new person."""
        person = {"name": "Seed", "email": "seed@example.org", "password": PASSWORD}
        status, fields, body = client.ask(self.port, "POST", "/api/auth/sign-up/email", person)
        if status != 200:
            raise Failed(f"better-auth: {status}: {body}")
        return {name.lower(): value for name, value in fields.items()}["set-cookie"].split(";", 1)[0]


def installed():
    """The peer with what it needs, below target/; npm builds or fetches it once."""
    folder = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "peers/better-auth"
    if not shutil.which("npm"):
        raise Failed("it needs Node 20 or newer, and npm")
    shutil.copytree(SOURCES, folder, dirs_exist_ok=True)
    if not (folder / "node_modules").exists():
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            shutil.rmtree(folder / "node_modules", ignore_errors=True)
            raise Failed(f"npm ci: {' '.join(done.stdout.splitlines()[-5:])}")
    return folder


def measure(bench):
    """How many times as many sessions Doorward checks in a second."""
    figure = Figure("peer-better-auth", "Checks of a session, SQLite, against better-auth on Node", "requests/s",
                    bound=None, aim=None)
    with (BetterAuth(installed(), bench.folder) as peer, bench.prepared("peer", people=0) as server):
        cookie = peer.sign_up()

        def theirs():
            wrk(f"{peer.address}{PATH}", bench.warm_up, cookie=cookie)
            found = wrk(f"{peer.address}{PATH}", bench.seconds, cookie=cookie)
            if found["refused"] or found["failed"]:
                figure.problem(f"better-auth: {found['refused']} refused, {found['failed']} failed")
            return found["rate"]

        ours = lambda: me.rate(bench, server, figure, server.sign_in("seed")["access_token"])
        for peer_rate, our_rate in bench.in_turn(theirs, ours):
            figure.add(our_rate, peer_rate)
    return [figure]
