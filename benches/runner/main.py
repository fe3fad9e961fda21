"""The command: which figures, how often, for how long, and where the results go."""

import argparse
import datetime
import http.client
import os
import pathlib
import subprocess
import tempfile

from runner import machine, report
from runner.bench import ROOT, Bench, say
from runner.figures import MEASURES
from runner.processes import Failed, signals_end_the_run

TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()


def options():
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures Doorward against its baselines.")
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"some of: {', '.join(MEASURES)}; else all")
    parser.add_argument("--pairs", type=int, default=5, help="how often each side is run, in turn (5)")
    parser.add_argument("--seconds", type=int, default=8, help="how long each run takes (8)")
    parser.add_argument("--people", type=int, default=1_000_000, help="how many are many for `million`")
    parser.add_argument("--engines", type=lambda text: text.split(","), default=["sqlite"],
                        help="engines for `million`: sqlite,mariadb,postgres (sqlite)")
    parser.add_argument("--flood-pause", type=int, default=0, help="milliseconds that the refused wait (0)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting for every Doorward")
    parser.add_argument("--doorward", type=pathlib.Path, default=TARGET / "release/doorward")
    parser.add_argument("--baseline", type=pathlib.Path, default=TARGET / "release/baseline")
    parser.add_argument("--json", type=pathlib.Path, default=TARGET / "bench.json", help="where results are kept")
    parser.add_argument("--loaded", action="store_true", help="measure although the machine is busy")
    parser.add_argument("--markdown", action="store_true", help="measure nothing; print the kept results")
    chosen = parser.parse_args()
    if unknown := [name for name in chosen.figures if name not in MEASURES]:
        parser.error(f"no such figure: {', '.join(unknown)}")
    chosen.doorward, chosen.baseline = chosen.doorward.resolve(), chosen.baseline.resolve()
    return chosen


def revision():
    """The commit that was built, as far as can be told."""
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, text=True, capture_output=True,
                          check=False)
    return done.stdout.strip() or "unknown"


def run(chosen):
    """Measures figure by figure, keeping what was found even if a later one fails."""
    files, facts, failures = machine.raise_open_files(), machine.facts(), 0
    say(f"{report.machine_line(facts)}; {files:,} open files at most")
    if not chosen.loaded and not machine.wait_until_calm(say):
        say("other work keeps this machine busy; measure later, or add --loaded")
        return 1
    settings = {"pairs": chosen.pairs, "seconds": chosen.seconds, "set": chosen.set, "revision": revision(),
                "at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")}
    for name in chosen.figures or MEASURES:
        say(f"{name}: {chosen.pairs} pairs of {chosen.seconds} s")
        try:
            with tempfile.TemporaryDirectory(prefix="doorward-bench-") as folder, Bench(chosen, folder) as bench:
                figures = MEASURES[name](bench)
        except (Failed, OSError, http.client.HTTPException) as failed:
            say(f"{name}: {failed or type(failed).__name__}")
            failures += 1
            continue
        report.write(chosen.json, facts, settings, figures)
        print(report.table([figure.as_json() for figure in figures]), flush=True)
    return 1 if failures else 0


def main():
    """Exit status 0 when everything was measured, whatever was found."""
    chosen = options()
    if chosen.markdown:
        print(report.markdown(report.read(chosen.json)["figures"]))
        return 0
    for binary in (chosen.doorward, chosen.baseline):
        if not binary.exists():
            say(f"{binary} is not there: run make bench")
            return 1
    with signals_end_the_run():
        return run(chosen)
