"""A few callers beside a flood that sign in now and then, each as people of its own, and note how long it took."""

import contextlib
import http.client
import threading
import time

from runner import client
from runner.database import name
from runner.doorward import PASSWORD

CALLERS, PEOPLE_EACH, PAUSE = 16, 10, 0.2  # seconds between two attempts of one caller


class Probes:
    """Threads that ask until the block ends; `replies` has status, milliseconds and arrival of each."""

    def __init__(self, port, first_person):
        self.port, self.replies, self.over = port, [], threading.Event()
        begin = lambda caller: first_person + caller * PEOPLE_EACH
        self.threads = [threading.Thread(target=self.ask, args=(begin(caller),), daemon=True)
                        for caller in range(CALLERS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def ask(self, first):
        number = 0
        while not self.over.wait(PAUSE):
            body = {"identifier": name(first + number % PEOPLE_EACH), "password": PASSWORD}
            number += 1
            begun = time.monotonic()
            # What is refused a connection is counted by nobody: the flood's own failures tell of it.
            with contextlib.suppress(OSError, http.client.HTTPException):
                status = client.ask(self.port, "POST", "/v1/sessions", body)[0]
                arrived = time.monotonic()
                self.replies.append((status, (arrived - begun) * 1e3, arrived))

    def times(self, status, window):
        """The milliseconds of all replies with this status that came within the window."""
        return [took for got, took, arrived in self.replies
                if got == status and window.begin <= arrived <= window.end]
