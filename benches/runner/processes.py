"""Starting servers on free ports and ending them whatever happens."""

import contextlib
import signal
import socket
import subprocess
import time

START_LIMIT = 60  # seconds until a server answers


class Failed(Exception):
    """Something that keeps a figure from being measured; its text is for whoever runs it."""


def free_port():
    """A loopback port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A server, ended by its process id when the block ends. What it logs goes to /dev/null."""

    def __init__(self, command, port, **options):
        self.command, self.port, self.options = command, port, options
        self.child = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.end()

    @property
    def pid(self):
        return self.child.pid

    def start(self):
        """Starts it, away from the terminal's Ctrl-C: it is ended in order."""
        self.child = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, **self.options)
        deadline = time.monotonic() + START_LIMIT
        try:
            while not self.is_ready():
                if self.child.poll() is not None or time.monotonic() > deadline:
                    raise Failed(f"{self.command[0]} does not start: {self.last_words()}")
                time.sleep(0.001)
        except BaseException:
            self.end()
            raise

    def is_ready(self):
        """Whether somebody listens."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def last_words(self):
        """What it says when it is started once more."""
        self.end()
        try:
            done = subprocess.run(self.command, stdin=subprocess.DEVNULL, text=True, capture_output=True,
                                  timeout=5, check=False, **self.options)
        except subprocess.TimeoutExpired:
            return "no reason given"
        return " ".join(done.stderr.splitlines()[-5:])

    def end(self):
        if self.child is None or self.child.poll() is not None:
            return
        self.child.send_signal(signal.SIGTERM)
        try:
            self.child.wait(15)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


@contextlib.contextmanager
def signals_end_the_run():
    """Ctrl-C, SIGTERM and SIGHUP unwind like errors, so that every block ends what it started."""

    def leave(number, _frame):
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(one, signal.SIG_IGN)
        raise SystemExit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    yield
