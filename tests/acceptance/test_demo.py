"""`make demo` fits on a screen or two, and shows what a newcomer wants to see first."""

from __future__ import annotations

import subprocess
import sys

from tests.cases import ROOT

MOST_LINES = 59


def demo() -> str:
    """Return what `make demo` prints once the environment is there."""
    done = subprocess.run(
        [sys.executable, "scripts/demo.py"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def test_the_demo_shows_what_is_written_what_will_run_a_review_and_what_to_do_next():
    printed = demo()
    order = [
        "1. What is written",
        "job.multislice-workers-3.yaml",
        "2. What will run",
        "JobSet multislice in namespace training: 4 slices, 8 hosts, 32 chips (google.com/tpu)",
        "3. What a change of one line does",
        "Recreates 1 set (8 pods, 32 TPU chips) when applied.",
        "python:3.8",
        "4. What to do next",
        "docs/README.md",
    ]
    places = [printed.find(each) for each in order]
    assert -1 not in places
    assert sorted(places[:6]) == places[:6]
    assert sorted(places[-2:]) == places[-2:]
    assert len(printed.splitlines()) <= MOST_LINES


def test_make_demo_runs_the_script():
    done = subprocess.run(
        ["make", "--no-print-directory", "-n", "demo"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == ".venv/bin/python scripts/demo.py"
