"""Rendered Jobs are folded one by one: the memory that they take hardly grows with their number."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cases import ROOT

PROGRAM = """
import re
from pathlib import Path
from jobsetgen.diff.folding import rendered_side
from jobsetgen.output.layout import KUSTOMIZATION, files
from tests.unit.diff.rendering import trained

compilation = trained(workers=10_000)
texts = ((name, text) for name, text in files(compilation) if name != KUSTOMIZATION)
(found,) = rendered_side(texts, "folder").sets
workers, driver = found.families
assert (workers.indexes, workers.irregular, workers.missing) == (tuple(range(10_000)), (), ())
# Unlike the figure of getrusage, the peak does not include what the parent had when it forked.
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024)
"""
# Far below what a comparison of two such folders may take. Ten thousand parsed Jobs take several times as much.
MOST_MIB = 120


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
def test_ten_thousand_job_files_take_less_than_the_bound():
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < MOST_MIB, f"{done.stdout.strip()} MiB"
