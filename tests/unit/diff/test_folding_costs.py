"""Rendered Jobs are folded one by one: the memory that they take does not grow with their number."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cases import ROOT

PROGRAM = """
import resource
from jobsetgen.diff.folding import rendered_side
from jobsetgen.output.layout import KUSTOMIZATION, files
from tests.unit.diff.rendering import trained

compilation = trained(workers=10_000)
texts = ((name, text) for name, text in files(compilation) if name != KUSTOMIZATION)
(found,) = rendered_side(texts, "folder").sets
workers, driver = found.families
assert (workers.indexes, workers.irregular, workers.missing) == (tuple(range(10_000)), (), ())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
MOST_MIB = 400


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss has another unit elsewhere")
def test_ten_thousand_job_files_take_less_than_the_bound():
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < MOST_MIB
