"""How explain counts accelerators."""

from __future__ import annotations

import pytest

SET = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: demo}
spec:
  replicatedJobs:
  - name: workers
    template:
      spec:
        template:
          spec:
            restartPolicy: Never
            initContainers: [INIT]
            containers:
            - {name: main, image: "a:1", resources: {limits: {RESOURCE: 2}}}
"""
SIDECAR = "{name: b, image: 'b:1', restartPolicy: Always, resources: {limits: {google.com/tpu: 1}}}"
SETUP = "{name: c, image: 'c:1', resources: {limits: {google.com/tpu: 4}}}"


def totals(cli, folder, text: str) -> str:
    """Return what stands behind the set's name in the first line."""
    folder.joinpath("set.yaml").write_text(text)
    run = cli("explain", "set.yaml", folder=folder)
    assert run.status == 0, run.err
    return run.out.splitlines()[0].partition(": ")[2]


@pytest.mark.parametrize(("containers", "chips"), [(f"{SIDECAR}, {SETUP}", 5), (f"{SETUP}, {SIDECAR}", 4)])
def test_an_init_container_counts_with_the_sidecars_declared_before_it(cli, tmp_path, containers, chips):
    text = SET.replace("INIT", containers).replace("RESOURCE", "google.com/tpu")
    assert totals(cli, tmp_path, text) == f"1 Job, 1 host, {chips} chips (google.com/tpu)"


@pytest.mark.parametrize(
    ("resource", "noun"),
    [("nvidia.com/gpu", "GPUs"), ("gpu.intel.com/i915", "GPUs"), ("nvidia.com/mig-1g.5gb", "MIG devices")],
)
def test_gpus_and_parts_of_them(cli, tmp_path, resource, noun):
    text = SET.replace("INIT", "").replace("RESOURCE", resource)
    assert totals(cli, tmp_path, text) == f"1 Job, 1 host, 2 {noun} ({resource})"
