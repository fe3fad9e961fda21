"""Doorward as an operator runs it: the binary, variables, a folder of its own."""

import http.client
import os
import pathlib
import subprocess

from runner import client
from runner.processes import Failed, Process, free_port

PASSWORD = "a heron on the northern pier"
ADMIN = "administrator"


class Doorward(Process):
    """One server on one database, which outlives it.

    `settings` are keys as in config/default.toml, such as `password.bcrypt_cost`. Everything else
    is as by default, the log included.
    """

    def __init__(self, bench, folder, settings=None, url=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        chosen = {"server.bind": f"127.0.0.1:{port}", "data_dir": str(self.folder / "data"),
                  "server.drain": "1s", **({"database.url": url} if url else {}), **(settings or {}), **bench.extra}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DOORWARD")}
        self.environment = kept | {variable(key): str(value) for key, value in chosen.items()}
        self.binary = str(bench.doorward)
        super().__init__([self.binary, "serve"], port, cwd=self.folder, env=self.environment)

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def file(self):
        """The database, where it is a file."""
        return self.folder / "data/doorward.db"

    def is_ready(self):
        """Whether it says so."""
        try:
            return client.ask(self.port, "GET", "/readyz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def cli(self, *words, sent=None):
        """Runs another command of the binary with the same settings; the server is not running."""
        done = subprocess.run([self.binary, *words], cwd=self.folder, env=self.environment,
                              input=sent, text=True, capture_output=True, check=False)
        if done.returncode:
            raise Failed(f"doorward {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout

    def make_admin(self):
        """An administrator, who may read the directory."""
        self.cli("admin", "create", "--email", f"{ADMIN}@example.org", "--username", ADMIN,
                     "--password-stdin", sent=PASSWORD)

    def register(self, username):
        """A person with the password of all."""
        person = {"username": username, "email": f"{username}@example.org", "password": PASSWORD}
        return client.expect(201, self.port, "POST", "/v1/users", body=person)

    def sign_in(self, identifier):
        """The reply to a sign-in: tokens, the session, the person."""
        body = {"identifier": identifier, "password": PASSWORD}
        return client.expect(201, self.port, "POST", "/v1/sessions", body=body)


def variable(key):
    """The name of the environment's variable for a key of the settings."""
    return "DOORWARD__" + key.replace(".", "__").upper()
