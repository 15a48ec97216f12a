"""How explain counts accelerators."""

from __future__ import annotations

import json
import re

import pytest

from jobsetgen.pipeline import compile
from jobsetgen.review.explain import as_text
from jobsetgen.review.summary import summarize
from jobsetgen.source.text import Source

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
        "requestsPerPod": {"google.com/tpu": "4"},
        "containers": [{"name": "main", "requests": {}, "limits": {"google.com/tpu": "4"}, "claims": []}],
        "nodeSelector": {},
        "volumes": [],
        "queue": None,
        "firstJob": "demo-workers-0",
        "lastJob": "demo-workers-2",
    }


def test_programs_get_a_list_also_of_no_jobset(cli, tmp_path):
    tmp_path.joinpath("map.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n")
    run = cli("explain", "map.yaml", "--format", "json", folder=tmp_path)
    assert json.loads(run.out) == {"version": 1, "jobSets": []}


def facts(text: str, label: str) -> list[str]:
    """Return what stands under a label, a line each."""
    found = re.search(rf"^  {label:11} (.*\n(?: {{14}}.*\n)*)", text, re.M)
    return [line.strip() for line in found[1].splitlines()] if found else []


def test_the_images_of_each_replicated_job_are_named_once(cli, tmp_path):
    tmp_path.joinpath("set.yaml").write_text(FAMILY)
    text = cli("explain", "set.yaml", folder=tmp_path).out
    assert facts(text, "Images") == [
        "driver: registry.example.com/setup:1",
        "driver: registry.example.com/train:1",
        "workers: registry.example.com/train:1",
    ]


PODS = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: demo, namespace: research}
spec:
  volumeClaimPolicies:
  - templates:
    - metadata: {name: models}
      spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Ti}}}
  replicatedJobs:
  - name: loader
    template:
      metadata: {labels: {kueue.x-k8s.io/queue-name: night, kueue.x-k8s.io/priority-class: low}}
      spec:
        template:
          spec:
            restartPolicy: Never
            nodeSelector: {pool: cpu}
            containers:
            - name: main
              image: "a:1"
              resources: {requests: {cpu: 1500m, memory: 1Gi}, limits: {memory: 2Gi}}
              volumeMounts: [{name: models, mountPath: /models}]
            - name: log
              image: "b:1"
              resources: {requests: {cpu: 500m, memory: 1024Mi}}
  - name: workers
    template:
      spec:
        template:
          metadata: {labels: {kueue.x-k8s.io/queue-name: day, kueue.x-k8s.io/pod-group-name: g}}
          spec:
            restartPolicy: Never
            containers:
            - name: main
              image: "a:1"
              volumeMounts:
              - {name: shm, mountPath: /dev/shm}
              - {name: scratch, mountPath: /scratch}
              - {name: scratch, mountPath: /tmp, subPath: tmp}
              - {name: settings, mountPath: /etc/settings}
            volumes:
            - {name: shm, emptyDir: {medium: Memory, sizeLimit: 16Gi}}
            - name: scratch
              ephemeral:
                volumeClaimTemplate:
                  spec:
                    accessModes: [ReadWriteOnce]
                    storageClassName: fast
                    resources: {requests: {storage: 100Gi}}
            - {name: data, persistentVolumeClaim: {claimName: data, readOnly: true}}
            - {name: home, nfs: {server: nfs.example.com, path: /home}}
            - {name: driver, hostPath: {path: /dev/nvidia0}}
            - {name: cache, csi: {driver: csi.example.com}}
            - {name: settings, configMap: {name: settings}}
"""


@pytest.fixture
def explained(cli, tmp_path) -> str:
    """The explanation of two replicatedJobs with all that pods may have."""
    tmp_path.joinpath("set.yaml").write_text(PODS)
    run = cli("explain", "set.yaml", folder=tmp_path)
    assert run.status == 0, run.err
    return run.out


def test_resources_are_those_of_a_pod_and_of_its_containers(explained):
    assert facts(explained, "Resources") == [
        "loader: each pod requests cpu: 2, memory: 2Gi",
        "loader, container main: requests cpu: 1500m, memory: 1Gi; limits memory: 2Gi",
        "loader, container log: requests cpu: 500m, memory: 1024Mi",
    ]


def test_storage_is_what_holds_data_and_where_it_is_mounted(explained):
    assert facts(explained, "Storage") == [
        "loader: claim models-demo (1Ti) at /models",
        "workers: emptyDir in memory, at most 16Gi at /dev/shm",
        "workers: a claim for each pod (100Gi, class fast) at /scratch and /tmp",
        "workers: claim data, read-only, not mounted",
        "workers: NFS nfs.example.com:/home, not mounted",
        "workers: hostPath /dev/nvidia0, not mounted",
        "workers: CSI volume of csi.example.com, not mounted",
    ]


def test_a_queue_is_named_with_what_it_admits_at_once(explained):
    assert facts(explained, "Queue") == [
        "loader: each Job waits on its own in queue night with priority class low",
        "workers: each pod group waits on its own in queue day",
    ]
    assert facts(explained, "Placement") == ["loader: nodes labelled pool=cpu (not exclusive)"]


def test_lines_are_wrapped_behind_their_labels_and_names_stay_whole(cli, tmp_path):
    tmp_path.joinpath("set.yaml").write_text(PODS)
    compilation = compile([Source(name="set.yaml", content=PODS.encode())])
    (expansion,) = compilation.expansions
    summary = summarize(expansion, compilation.settings)
    narrow, wide = as_text(summary, 40), as_text(summary)
    assert " ".join(narrow.split()) == " ".join(wide.split())
    assert [line for line in narrow.splitlines() if len(line) > 40 and len(line.split()) > 1] == []
    assert "  Resources   loader: each pod requests\n                cpu: 2, memory: 2Gi\n" in narrow


PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nnamespace: NAME\n"


def test_several_projects_are_explained_one_after_another(cli, tmp_path):
    for name in ("dev", "prod"):
        tmp_path.joinpath(name).mkdir()
        tmp_path.joinpath(name, "jobsetgen.yaml").write_text(PROJECT.replace("NAME", name))
        tmp_path.joinpath(name, "set.yaml").write_text(PODS.replace(", namespace: research", ""))
    tmp_path.joinpath("other.yaml").write_text(PODS)
    run = cli("explain", "dev", "other.yaml", "prod", folder=tmp_path)
    assert run.status == 0, run.err
    headlines = [line for line in run.out.splitlines() if line and line[0] != " "]
    assert [line.partition(":")[0] for line in headlines] == [
        "Project dev",
        "JobSet demo in namespace dev",
        "Project prod",
        "JobSet demo in namespace prod",
        "Other files",
        "JobSet demo in namespace research",
    ]
    found = json.loads(cli("explain", "--format", "json", "dev", "prod", folder=tmp_path).out)["jobSets"]
    assert [(each["project"], each["namespace"]) for each in found] == [("dev", "dev"), ("prod", "prod")]


def test_a_mistake_in_one_of_several_projects_stops_all(cli, tmp_path):
    for name in ("dev", "prod"):
        tmp_path.joinpath(name).mkdir()
        tmp_path.joinpath(name, "jobsetgen.yaml").write_text(PROJECT.replace("NAME", name))
        tmp_path.joinpath(name, "set.yaml").write_text(PODS)
    tmp_path.joinpath("prod", "set.yaml").write_text(PODS.replace("replicatedJobs", "replicatedJob"))
    run = cli("explain", "dev", "prod", folder=tmp_path)
    assert (run.status, run.out) == (1, "")
    assert "prod/set.yaml" in run.err
