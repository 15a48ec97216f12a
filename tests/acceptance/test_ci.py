"""The last lines of .ci/run: what was left to the full tier beside real components, however the run ends."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.cases import ROOT

LISTED = "3 tests are left to `make cluster-all`:\n    3 of test_some: as another test"
PYTHON = """#!/bin/sh
case "$*" in
  *tests.cluster.harness.binaries*) exit {binaries} ;;
  *) exec {python} "$@" ;;
esac
"""
# In the place of make: `cluster-test` writes its list before its tests run.
MAKE = """#!/bin/sh
case "$1" in
  cluster-test) printf '%s\\n' '{listed}' >"$JOBSETGEN_CLUSTER_LEFT_OUT"; exit {cluster} ;;
  test) exit {test} ;;
esac
"""


def ended(folder, *, test=0, binaries=0, cluster=0):
    """Run .ci/run with programs that end as they are told; return its status and what it printed."""
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    programs = {
        "bin/make": MAKE.format(listed=LISTED, cluster=cluster, test=test),
        "bin/id": "#!/bin/sh\necho 1000\n",
        "bin/apt-get": "#!/bin/sh\nexit 1\n",
        "bin/python3": f'#!/bin/sh\nexec {sys.executable} "$@"\n',
        ".venv/bin/python": PYTHON.format(python=sys.executable, binaries=binaries),
    }
    for name, text in programs.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run([folder / ".ci" / "run"], env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.strip()


@pytest.mark.parametrize("cluster", [0, 1])
def test_it_ends_with_what_was_left_out_also_when_a_test_fails(tmp_path, cluster):
    status, printed = ended(tmp_path, cluster=cluster)
    assert (status, printed) == (cluster, LISTED)


def test_where_it_fails_before_the_cluster_tests_it_says_that_they_did_not_run(tmp_path):
    assert ended(tmp_path, test=2) == (2, "the tests beside real components did not run")


def test_where_no_cluster_can_run_it_says_so(tmp_path):
    assert ended(tmp_path, binaries=3) == (0, "the tests beside real components cannot run on this machine")
