"""The Makefile explains itself."""

from __future__ import annotations

import re
import subprocess

from tests.cases import ROOT


def test_help_says_what_each_target_does():
    (phony,) = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)
    done = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    printed = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert sorted(printed) == sorted(phony.split())
