"""The function in the real kpt: a package whose JobSets are expanded in their files."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.pages import sessions
from tests.cases import ROOT
from tests.cluster.harness import binaries
from tests.cluster.harness.krm import SET, objects

KPTFILE = """
apiVersion: kpt.dev/v1
kind: Kptfile
metadata: {name: package}
pipeline: {mutators: [{exec: jobsetgen krm, configMap: {namespace: research, maxJobs: "5"}}]}
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"


@pytest.fixture(scope="module", autouse=True)
def _binary() -> None:
    if reason := binaries.why_not():
        pytest.skip(reason)


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line as a person does, with kpt and our program on the PATH."""
    path = f"{binaries.build('kpt')}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        command, shell=True, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )


def test_the_walkthrough_leads_to_a_set(tmp_path: Path) -> None:
    (command,) = re.findall(r"^```sh\n(kpt .*)\n```$", (ROOT / "docs" / "kustomize.md").read_text(), re.M)
    for each in [
        *(command for command, _ in sessions("docs/kustomize.md", without="One job in several environments")),
        command,
    ]:
        done = shell(each, tmp_path)
        assert done.returncode == 0, done.stderr
    made = objects((tmp_path / "rendered" / "jobset.yaml").read_text())
    assert made["Job", "driver-worker-driver-0"]["metadata"]["namespace"] == "training"
    assert not [kind for kind, _ in made if kind == "JobSet"]


def test_a_package_below_and_objects_beside_stay_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "Kptfile").write_text(KPTFILE)
    (tmp_path / "below" / "Kptfile").write_text(KPTFILE.partition("pipeline")[0])
    (tmp_path / "below" / "settings.yaml").write_text(f"# the same name in another package\n{CONFIG}")
    (tmp_path / "set.yaml").write_text(f"{CONFIG}---{SET}---\n{CONFIG.replace('settings', 'after')}")
    for _ in range(2):  # a package that is rendered stays as it is
        done = shell("kpt fn render --allow-exec", tmp_path)
        assert done.returncode == 0, done.stderr
        names = list(objects((tmp_path / "set.yaml").read_text()))
        assert (names[0], names[-1]) == (("ConfigMap", "settings"), ("ConfigMap", "after"))
        assert ("Job", "train-workers-1") in names
        assert ("JobSet", "train") not in names
    assert "# the same name" in (tmp_path / "below" / "settings.yaml").read_text()


FILLED = """
apiVersion: jobsetgen.io/v1alpha1
kind: JobSetGenerator
metadata: {name: expand, annotations: {config.kubernetes.io/local-config: "true"}}
values: {batch: 8}
templates:
- |
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: flags}
  data: {batch: "{{ batch }}"}
patches:
- target: {kind: JobSet}
  patch: |
    - {op: replace, path: /spec/replicatedJobs/0/replicas, value: 3}
"""


def test_patches_and_values_in_the_configuration_file_of_a_package(tmp_path: Path) -> None:
    pipeline = "pipeline: {mutators: [{exec: jobsetgen krm, configPath: expand.yaml}]}"
    (tmp_path / "Kptfile").write_text(f"{KPTFILE.partition('pipeline')[0]}{pipeline}\n")
    (tmp_path / "expand.yaml").write_text(FILLED)
    (tmp_path / "set.yaml").write_text(SET)
    done = shell("kpt fn render --allow-exec --output rendered", tmp_path)
    assert done.returncode == 0, done.stderr
    made: dict[tuple[str, str], Any] = {}
    for path in (tmp_path / "rendered").rglob("*.yaml"):
        made |= objects(path.read_text())
    assert ("Job", "train-workers-2") in made
    assert made["ConfigMap", "flags"]["data"] == {"batch": "8"}


def test_what_is_wrong_is_shown_and_leaves_the_package_as_it_is(tmp_path: Path) -> None:
    text = SET.replace("replicas: 2", "replicsa: 2")
    (tmp_path / "Kptfile").write_text(KPTFILE)
    (tmp_path / "set.yaml").write_text(text)
    done = shell("kpt fn render --allow-exec", tmp_path)
    assert done.returncode != 0
    assert "spec.replicatedJobs[0].replicsa" in done.stderr
    assert "JSG101" in done.stderr
    assert (tmp_path / "set.yaml").read_text() == text
