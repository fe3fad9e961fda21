"""How one throw-away MariaDB or PostgreSQL is prepared, served and asked whether it answers.

scripts/test-servers starts and stops them; nothing here decides when.
"""

import ctypes
import glob
import os
import pathlib
import pwd
import resource
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
UNPACKED = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "servers/root"
USER = "doorward"
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def prctl(option, value):
    """Linux only, and only a second line of defence: elsewhere the first one has to do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def program(name):
    """Where a server's program is: on the path, in Debian's folders, or unpacked under target/."""
    folders = os.environ.get("PATH", "").split(":") + ["/usr/sbin", "/usr/libexec"]
    for root in ("/", str(UNPACKED)):
        folders += [f"{root}/usr/sbin", f"{root}/usr/bin"]
        folders += sorted(glob.glob(f"{root}/usr/lib/postgresql/*/bin"), reverse=True)
    return shutil.which(name, path=":".join(folders))


class Engine:
    """One server: where it lives, how it is prepared, served and asked whether it answers."""

    def __init__(self, base):
        self.folder = base / self.name
        self.log = self.folder / "log"
        self.password = secrets.token_hex(16)
        self.process = None
        self.port = None
        root = os.geteuid() == 0
        self.account = self.pick_account() if root else None

    @classmethod
    def installed(cls):
        return all(program(name) for name in cls.programs)

    def pick_account(self):
        for name in (self.account_name, "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise SystemExit(f"no account to run {self.title} under")

    def make_folder(self):
        self.folder.mkdir(mode=0o700)
        self.give_away(self.folder)

    def write(self, name, text):
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text)
        self.give_away(path)
        return path

    def give_away(self, path):
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def spawn(self, arguments, lock=None, dies_with_us=False):
        """Starts a program under the engine's account, away from our terminal and folder."""

        def settle():
            hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            if dies_with_us:
                prctl(PR_SET_PDEATHSIG, self.stop_signal)

        libraries = glob.glob(f"{UNPACKED}/usr/lib/*-linux-gnu*") + glob.glob(f"{UNPACKED}/lib/*-linux-gnu*")
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": str(self.folder)}
        if arguments[0].startswith(str(UNPACKED)):
            environment["LD_LIBRARY_PATH"] = ":".join(libraries)
        account = self.account
        drop = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, env=environment,
                start_new_session=True, preexec_fn=settle, pass_fds=[lock] if lock else [], **drop,
            )

    def serve_on_free_port(self, lock, dies_with_us):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = self.spawn(self.serve(), lock, dies_with_us)
        (self.folder / "pid").write_text(str(self.process.pid))

    def answers(self):
        """Whether the server greets a client, which it does only when it is ready for one."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(self.hello)
                return self.is_greeting(connection.recv(64))
        except OSError:
            return False


class MariaDb(Engine):
    name, title, variable, account_name = "mariadb", "MariaDB", "TEST_MYSQL_URL", "mysql"
    programs = ("mariadbd", "mariadb-install-db")
    stop_signal = signal.SIGKILL  # a clean shutdown takes a second and the data goes anyway
    hello = b""

    def prepare(self):
        install, base = program("mariadb-install-db"), []
        if install.startswith(str(UNPACKED)):
            base = [f"--basedir={UNPACKED}/usr"]
        self.write("init.sql", f"create user {USER}@'127.0.0.1' identified by '{self.password}';\n"
                   f"grant all on *.* to {USER}@'127.0.0.1' with grant option;\ncreate database {USER};\n")
        return self.spawn([install, "--no-defaults", *base, f"--datadir={self.folder}/data", "--skip-test-db"])

    def serve(self):
        server, base = program("mariadbd"), []
        if server.startswith(str(UNPACKED)):
            base = [f"--basedir={UNPACKED}/usr", f"--lc-messages-dir={UNPACKED}/usr/share/mysql"]
        return [
            server, "--no-defaults", *base, f"--datadir={self.folder}/data", f"--socket={self.folder}/socket",
            f"--pid-file={self.folder}/server.pid", f"--init-file={self.folder}/init.sql",
            "--bind-address=127.0.0.1", f"--port={self.port}", "--skip-name-resolve", "--skip-log-bin",
            "--max-connections=500", "--default-time-zone=+05:30", "--sql-mode=", "--skip-symbolic-links",
            "--character-set-server=utf8mb4", "--collation-server=utf8mb4_unicode_ci",
            "--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0",
            "--innodb-flush-method=nosync", "--debug-no-sync", "--sync-frm=0", "--aria-pagecache-buffer-size=8M",
        ]

    def url(self):
        return f"mysql://{USER}:{self.password}@127.0.0.1:{self.port}/{USER}"

    @staticmethod
    def is_greeting(reply):
        return reply[4:5] == b"\x0a"  # protocol version 10; a refusal has 0xff there


class Postgres(Engine):
    name, title, variable, account_name = "postgres", "PostgreSQL", "TEST_POSTGRES_URL", "postgres"
    programs = ("postgres", "initdb")
    stop_signal = signal.SIGQUIT  # the immediate shutdown, which takes the children along
    # A start-up packet: length, protocol 3.0, parameters.
    hello = (lambda body: struct.pack("!ii", len(body) + 8, 196608) + body)(
        b"user\0" + USER.encode() + b"\0database\0postgres\0\0")

    def prepare(self):
        password = self.write("password", self.password)
        return self.spawn([
            program("initdb"), f"--pgdata={self.folder}/data", f"--username={USER}", f"--pwfile={password}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        ])

    def serve(self):
        settings = {
            "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": "",
            "max_connections": 300, "shared_buffers": "64MB", "timezone": "Asia/Kolkata",
            "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
            "wal_level": "minimal", "max_wal_senders": 0, "checkpoint_timeout": "1h", "jit": "off",
            "dynamic_shared_memory_type": "mmap",  # in the data folder, so that it goes with it
        }
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [program("postgres"), "-D", f"{self.folder}/data", *options]

    def url(self):
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/postgres"

    @staticmethod
    def is_greeting(reply):
        return reply[:1] == b"R"  # "authenticate yourself"; while starting up it is "E"
