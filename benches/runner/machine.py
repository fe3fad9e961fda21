"""What the measuring is done on, and whether it is quiet enough."""

import os
import pathlib
import platform
import resource
import tempfile
import time

CALM = 0.3  # load per core up to which nothing else is thought to run
PATIENCE = 240  # seconds to wait for that: a build has just ended, mostly


def facts():
    """Cores, model, kernel, memory: what figures depend on."""
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": len(os.sched_getaffinity(0)), "cpu": models[0] if models else platform.machine(),
        "kernel": platform.release(), "memory_mib": memory >> 20, "load_before": os.getloadavg()[0],
        "temporary_files": file_system(tempfile.gettempdir()),
    }


def file_system(folder):
    """The kind of file system that a folder lies on: on one in memory nothing is durable, and syncing is free."""
    mounts = [line.split()[1:3] for line in pathlib.Path("/proc/mounts").read_text().splitlines()]
    path = pathlib.Path(folder).resolve()
    above = [(len(place), kind) for place, kind in mounts if path.is_relative_to(place)]
    return max(above)[1] if above else "unknown"


def wait_until_calm(say):
    """Whether the machine is quiet, after waiting a while for it."""
    bound, deadline = CALM * len(os.sched_getaffinity(0)), time.monotonic() + PATIENCE
    while os.getloadavg()[0] > bound:
        if time.monotonic() > deadline:
            return False
        say(f"load {os.getloadavg()[0]:.2f}, waiting until it is below {bound:.2f}")
        time.sleep(15)
    return True


def raise_open_files():
    """As many open files as this process may have; the children inherit it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def resident_mib(pid):
    """The memory of a process that is in use now (VmRSS)."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} has no VmRSS")
