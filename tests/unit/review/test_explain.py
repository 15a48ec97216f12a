"""How explain counts accelerators."""

from __future__ import annotations

import json

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


FAMILY = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata:
  name: demo
  namespace: research
  annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
spec:
  suspend: true
  coordinator: {replicatedJob: driver}
  failurePolicy: {maxRestarts: 2}
  replicatedJobs:
  - name: driver
    template:
      spec:
        backoffLimit: 0
        completions: 1
        parallelism: 1
        template:
          spec:
            initContainers: [{name: setup, image: "registry.example.com/setup:1"}]
            containers: [{name: main, image: "registry.example.com/train:1"}]
  - name: workers
    replicas: 3
    template:
      spec:
        backoffLimit: 0
        parallelism: 2
        completions: 6
        template:
          spec:
            containers:
            - name: main
              image: "registry.example.com/train:1"
              resources: {limits: {google.com/tpu: 4}}
"""


def test_programs_get_the_facts_and_the_policies_in_words(cli, tmp_path):
    tmp_path.joinpath("set.yaml").write_text(FAMILY)
    run = cli("explain", "set.yaml", "--format", "json", folder=tmp_path)
    assert (run.status, run.err) == (0, "")
    document = json.loads(run.out)
    (found,) = document.pop("jobSets")
    assert document == {"version": 1}

    text = cli("explain", "set.yaml", folder=tmp_path).out
    for words in (found["success"], found["update"], found["generation"], *found["start"], *found["failure"]):
        assert words in text
    for words in (*found["hosts"], *found["watcher"], *found["images"], found["coordinator"]):
        assert words in text

    assert {key: found[key] for key in ("namespace", "name", "suspended", "jobs", "pods")} == {
        "namespace": "research",
        "name": "demo",
        "suspended": True,
        "jobs": 4,
        "pods": 7,
    }
    assert found["accelerators"] == {"google.com/tpu": 24}
    assert found["images"] == ["registry.example.com/setup:1", "registry.example.com/train:1"]
    assert found["placement"] == [
        {"replicatedJob": name, "topology": "cloud.google.com/gke-nodepool", "means": ["pod affinity"]}
        for name in ("driver", "workers")
    ]
    assert found["replicatedJobs"][1] == {
        "name": "workers",
        "jobs": 3,
        "podsPerJob": 2,
        "completionsPerJob": 6,
        "indexed": True,
        "acceleratorsPerPod": {"google.com/tpu": 4},
        "images": ["registry.example.com/train:1"],
        "firstJob": "demo-workers-0",
        "lastJob": "demo-workers-2",
    }


def test_programs_get_a_list_also_of_no_jobset(cli, tmp_path):
    tmp_path.joinpath("map.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n")
    run = cli("explain", "map.yaml", "--format", "json", folder=tmp_path)
    assert json.loads(run.out) == {"version": 1, "jobSets": []}


def test_each_image_is_named_once(cli, tmp_path):
    tmp_path.joinpath("set.yaml").write_text(FAMILY)
    text = cli("explain", "set.yaml", folder=tmp_path).out
    assert "  Images      registry.example.com/setup:1\n              registry.example.com/train:1\n" in text
