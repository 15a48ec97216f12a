"""What `diff` prints stays readable, however many Jobs and sets there are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cases import FIXTURES

FLAGS = ("-n", "training", "--max-jobs", "20000")
EXAMPLE = (FIXTURES / "valid" / "multislice" / "jobset.yaml").read_text()
SET = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {{name: set-{number}}}
spec:
{claims}  replicatedJobs:
  - name: workers
    template:
      spec:
        template:
          spec:
            containers:
            - {{name: train, image: "example.com/train:1", volumeMounts: [{mounts}]}}
"""
MOUNTS = "{name: data, mountPath: /data}"
CLAIMS = """\
  volumeClaimPolicies:
  - retentionPolicy: {{whenDeleted: Delete}}
    templates:
    - metadata: {{name: data}}
      spec: {{accessModes: [ReadWriteOnce], storageClassName: {storage}, resources: {{requests: {{storage: 1Gi}}}}}}
"""
# Ten times as many fit, too; reading them takes minutes.
SETS = int(os.environ.get("JOBSETGEN_MANY_SETS", "1000"))
LOSE_DATA = range(SETS // 25)
FAIL = range(SETS // 25, SETS // 25 * 2)


def one(number: int, storage: str = "") -> str:
    """Return a set, with a claim if there is a storage class for it."""
    claims = CLAIMS.format(storage=storage) if storage else ""
    return SET.format(number=number, claims=claims, mounts=MOUNTS if storage else "")


def old_set(number: int) -> str:
    return one(number, "fast" if number in LOSE_DATA or number in FAIL else "")


@pytest.mark.parametrize("jobs", [1_000, 10_000])
def test_a_changed_image_is_told_in_less_than_40_lines(jobs, cli, tmp_path):
    old = EXAMPLE.replace("replicas: 4", f"replicas: {jobs}")
    (tmp_path / "old.yaml").write_text(old)
    (tmp_path / "new.yaml").write_text(old.replace("python:3.8", "python:3.9"))
    run = cli("diff", *FLAGS, "old.yaml", "new.yaml", folder=tmp_path)
    assert run.status == 0
    lines = run.out.splitlines()
    assert lines[0].startswith("Recreates 1 set (")
    assert any("python:3.9" in line for line in lines)
    assert len(lines) < 40


def test_a_comment_on_many_sets_fits_and_names_each_that_loses_data_or_fails_to_sync(cli, tmp_path: Path):
    # Most sets are removed, so that only one side has all of them: reading them is what takes long.
    (tmp_path / "old.yaml").write_text("---\n".join(map(old_set, range(SETS))))
    (tmp_path / "new.yaml").write_text("---\n".join(one(number, "slow") for number in FAIL))
    run = cli("diff", *FLAGS, "-f", "markdown", "old.yaml", "new.yaml", folder=tmp_path)
    assert run.status == 0
    assert len(run.out) < 65_000
    lost, left = len(LOSE_DATA), len(FAIL)
    assert f"Deletes data of {lost} of {SETS:,} sets ({lost} claims)" in run.out
    assert f"All sets together, changed or not: {SETS:,} → {left} Jobs, {SETS:,} → {left} pods." in run.out
    named = [number for number in range(SETS) if f"`training/set-{number}`" in run.out]
    assert named[: len(LOSE_DATA) + len(FAIL)] == [*LOSE_DATA, *FAIL]
