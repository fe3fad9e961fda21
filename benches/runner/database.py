"""Many people at once, in the words of each engine, while no server is running.

A person who registered is copied with fresh keys; all copies have its password.
"""

import os
import secrets
import sqlite3
import subprocess
import sys
import urllib.parse

from runner.processes import Failed

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../scripts"))
from servers import program  # noqa: E402

SEED = "seed"


def name(number):
    """The username of a copy."""
    return f"person{number:07}"


class Sqlite:
    """A file."""

    digits = "printf('%07d', n.n)"
    id = "CAST(printf('%016d', n.n) AS BLOB)"
    moment = "strftime('%Y-%m-%d %H:%M:%S', '2020-01-01', n.n || ' seconds') || '.000000'"
    joined = "{} || {} || {}"
    columns = "SELECT name FROM pragma_table_info('users')"
    afterwards = "PRAGMA wal_checkpoint(TRUNCATE)"

    def __init__(self, file):
        self.file = file

    def run(self, statement):
        """The rows of a statement."""
        connection = sqlite3.connect(self.file)
        try:
            with connection:
                return connection.execute(statement).fetchall()
        finally:
            connection.close()

    def series(self, count):
        counting = f"SELECT 1 AS n UNION ALL SELECT n + 1 FROM counted WHERE n < {count}"
        return f"(WITH RECURSIVE counted AS ({counting}) SELECT n FROM counted) n"


class Server:
    """A database of its own on a server of scripts/test-servers, through that engine's client."""

    def __init__(self, url):
        self.server = urllib.parse.urlsplit(url)
        self.home = self.server.path.lstrip("/")
        self.database = f"doorward_bench_{secrets.token_hex(8)}"
        self.run(f"CREATE DATABASE {self.database}", self.home)
        self.url = self.server._replace(path=f"/{self.database}").geturl()

    def drop(self):
        """Removes it."""
        self.run(f"DROP DATABASE {self.database}", self.home)

    def run(self, statement, database=None):
        """The rows of a statement."""
        if not program(self.program):
            raise Failed(f"{self.program} is not installed")
        environment = {**os.environ, self.password: self.server.password}
        done = subprocess.run([*self.client(database or self.database), statement], env=environment, text=True,
                              capture_output=True, check=False)
        if done.returncode:
            raise Failed(f"{statement[:80]}: {done.stderr.strip()}")
        return [line.split("\t") for line in done.stdout.splitlines()]


class MariaDb(Server):
    """MariaDB."""

    variable, password, program = "TEST_MYSQL_URL", "MYSQL_PWD", "mariadb"
    digits = "LPAD(n.n, 7, '0')"
    id = "LPAD(n.n, 16, '0')"
    moment = "TIMESTAMPADD(SECOND, n.n, '2020-01-01')"
    joined = "CONCAT({}, {}, {})"
    columns = ("SELECT column_name FROM information_schema.columns "
               "WHERE table_name = 'users' AND table_schema = DATABASE()")
    afterwards = "ANALYZE TABLE users"

    def client(self, database):
        server = self.server
        return [program(self.program), "--no-defaults", "--batch", "--skip-column-names", f"--host={server.hostname}",
                f"--port={server.port}", f"--user={server.username}", database, "--execute"]

    @staticmethod
    def series(count):
        return f"(SELECT seq AS n FROM seq_1_to_{count}) n"


class Postgres(Server):
    """PostgreSQL."""

    variable, password, program = "TEST_POSTGRES_URL", "PGPASSWORD", "psql"
    digits = "lpad(n.n::text, 7, '0')"
    id = "lpad(n.n::text, 16, '0')::bytea"
    moment = "timestamp '2020-01-01' + n.n * interval '1 second'"
    joined = "{} || {} || {}"
    columns = "SELECT column_name FROM information_schema.columns WHERE table_name = 'users'"
    afterwards = "VACUUM ANALYZE users"

    def client(self, database):
        server = self.server
        return [program(self.program), "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator=\t",
                f"--host={server.hostname}", f"--port={server.port}", f"--username={server.username}",
                f"--dbname={database}", "--set=ON_ERROR_STOP=1", "--command"]

    @staticmethod
    def series(count):
        return f"generate_series(1, {count}) AS n(n)"


def copy_people(engine, count):
    """Copies the person who registered as `seed` so many times: person0000001 and so on."""
    text = lambda before, after="": engine.joined.format(f"'{before}'", engine.digits, f"'{after}'")
    fresh = {
        "id": engine.id, "created_at": engine.moment, "updated_at": engine.moment,
        "username": text("person"), "username_key": text("person"),
        "email": text("person", "@example.org"), "email_key": text("person", "@example.org"),
        "display_name": text("Person "), "display_key": text("person "),
    }
    columns = [row[0] for row in engine.run(engine.columns) if row[0] != "number"]
    values = [fresh.get(column, f"u.{column}") for column in columns]
    engine.run(f"INSERT INTO users ({', '.join(columns)}) SELECT {', '.join(values)} "
               f"FROM {engine.series(count)} CROSS JOIN users u WHERE u.username_key = '{SEED}'")
    engine.run(engine.afterwards)
