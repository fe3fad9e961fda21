"""The baselines of benches/src as processes."""

import subprocess

from runner.processes import Failed, Process, free_port


class Baseline(Process):
    """A server of benches/src; arguments are `--name value`."""

    def __init__(self, bench, name, **arguments):
        port = free_port()
        pairs = [part for key, value in arguments.items() for part in (f"--{key}", str(value))]
        super().__init__([str(bench.baseline), name, "--port", str(port), *pairs], port)

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"


def hashes_per_second(bench, cost, seconds):
    """How many bcrypt hashes all cores of this machine check in a second."""
    command = [str(bench.baseline), "bcrypt", "--cost", str(cost), "--seconds", str(seconds)]
    done = subprocess.run(command, text=True, capture_output=True, check=False)
    if done.returncode:
        raise Failed(done.stderr.strip())
    return float(done.stdout)
