"""What graph draws."""

from __future__ import annotations

import pytest

from tests.cases import arguments
from tests.golden.groups import GROUPED, PICTURES


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in PICTURES])
def test_picture(case, cli, golden):
    run = cli("graph", *arguments(case), folder=case)
    assert run.status == 0, run.err
    golden(f"graph/{case.name}.mmd", run.out)


def test_picture_of_grouped_jobs(cli, golden):
    spec = cli("init", "jax", "--slices", "16", "--hosts", "2").out
    run = cli("graph", "--namespace", "training", "-", stdin=spec)
    assert run.status == 0, run.err
    golden(f"graph/{GROUPED}.mmd", run.out)
