"""The tests are tested: each planted fault is seen by the test that is named for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.cases import ROOT
from tests.faults.faults import FAULTS, Fault
from tests.faults.planting import place

Ask = Callable[[str, Fault | None], str]


def test_there_are_enough_of_them_and_each_is_another():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 30
    assert len({place(fault).text for fault in FAULTS}) == len(FAULTS)


@pytest.fixture(scope="module")
def seen(tmp_path_factory) -> Iterator[Ask]:
    """Return a function that returns what pytest prints of a test, with a fault or with none."""
    # Examples that fail only with a fault are none for the next run of the tests.
    environment = {**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path_factory.mktemp("hypothesis"))}
    command = [sys.executable, "-m", "tests.faults.planting"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:

        def ask(test: str, fault: Fault | None) -> str:
            print(json.dumps([test, FAULTS.index(fault) if fault else None]), file=process.stdin, flush=True)
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: re.sub(r"\W+", "-", fault.name))
def test_a_planted_fault_is_seen(fault: Fault, seen):
    printed = seen(fault.seen_by, fault)
    assert f"FAILED {fault.seen_by}" in printed, printed[-2500:]


def test_a_fault_is_gone_when_it_was_seen(seen):
    fault = FAULTS[0]
    assert "failed" in seen(fault.seen_by, fault).splitlines()[-1]
    assert "failed" not in seen(fault.seen_by, None).splitlines()[-1]
