"""Exclusive placement: what the real webhooks make of a pod, what we have written, and where the scheduler puts both."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from jobsetgen.model import keys
from tests.cluster.harness import kwok
from tests.cluster.harness.client import Client
from tests.cluster.harness.control_plane import ControlPlane, control_plane
from tests.cluster.harness.figures import record_figures
from tests.cluster.harness.jobset import without_webhooks
from tests.cluster.harness.processes import until
from tests.cluster.oracles.comparison_inputs import Input, fixtures
from tests.cluster.oracles.stored_objects import JOBSET, watchers_running

Json = dict[str, Any]
JOB, INDEX = "batch.kubernetes.io/job-name", "batch.kubernetes.io/job-completion-index"
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
EXCLUSIVE = [each for each in fixtures() if "exclusive-topology" in json.dumps(each.jobsets)]
# A node selector lands where somebody has labelled a node for the Job.
BY_AFFINITY = [each for each in EXCLUSIVE if keys.NODE_SELECTOR not in json.dumps(each.jobsets)]
QUIET = 6.0  # seconds after which no further pod is going to be bound
counts = {"inputs": 0, "pods": 0, "jobs": 0}


class Landed(NamedTuple):
    """The pods of a set, by their Job."""

    leaders: dict[str, Json]  # the affinity of the pod with index 0, its terms in an order of their own
    priorities: dict[str, set[str]]
    domains: dict[str, set[tuple[str, str]]]  # topology key and domain of the pods that are bound
    bound: dict[str, int]


@pytest.fixture(scope="module")
def whole(cluster_seconds: dict[str, float], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """Everything: the JobSet controller with its webhooks, Kubernetes' controllers, the scheduler, KWOK."""
    with control_plane(tmp_path_factory.mktemp("whole"), jobset=True, kwok=True, scheduler=True) as started:
        yield started


# The set as a whole, a replicatedJob, a pod template, two topologies, priorities, an affinity of the user's own.
IN_CI = ("multislice", "gpu-racks", "topology-on-pod-template", "two-topologies", "priority-classes", "user-affinity")
PLACED_ALIKE = pytest.mark.full_only("the CI tier places a set whose exclusive placement is written in the same way")
INPUTS = [pytest.param(each, id=each.name, marks=() if each.name in IN_CI else PLACED_ALIKE) for each in BY_AFFINITY]


@pytest.mark.parametrize("given", INPUTS)
def test_pods_are_told_and_put_where_the_controller_would(whole: ControlPlane, given: Input, tmp_path: Path) -> None:
    theirs, ours = both(whole, given.within(whole.new_namespace()), tmp_path)
    assert ours.leaders == theirs.leaders
    assert ours.priorities == theirs.priorities
    assert ours.bound == theirs.bound
    assert_exclusive(theirs)
    assert_exclusive(ours)
    counts.update(
        inputs=counts["inputs"] + 1,
        jobs=counts["jobs"] + len(ours.bound),
        pods=counts["pods"] + sum(ours.bound.values()),
    )
    record_figures("placement", counts)


def test_one_job_waits_where_a_domain_is_missing(whole: ControlPlane, tmp_path: Path) -> None:
    (given,) = (each for each in BY_AFFINITY if each.name == "multislice")
    theirs, ours = both(whole, given.within(whole.new_namespace()), tmp_path, missing=1)
    for each in (theirs, ours):
        assert_exclusive(each)
        assert sorted(each.bound.values()) == [0, 2, 2, 2]


def both(whole: ControlPlane, given: Input, folder: Path, missing: int = 0) -> tuple[Landed, Landed]:
    """Let both sides' pods land, one after the other, on nodes that suit them."""
    client = whole.within(given.settings.namespace or "")
    add_priority_classes(whole, given)
    nodes = add_nodes(whole, given, missing)
    for labels in affine_to(given):
        client.create(pod_of(labels))
    for item in given.named():
        client.create(item)
    theirs = landed(whole, client, given)
    for item in given.named():
        client.delete("jobsets", item["metadata"]["name"], propagation="Foreground")
    until(lambda: not client.list("pods", labels=JOBSET) and not client.list("jobs"))
    with without_webhooks(whole), watchers_running(whole, given, folder):
        ours = landed(whole, client, given)
    client.delete_collection("jobs", propagation="Foreground")
    until(lambda: not client.list("pods", labels=JOBSET), what="no pods")
    for name in nodes:
        whole.client.delete("nodes", name)
    return theirs, ours


def assert_exclusive(landed: Landed) -> None:
    """Fail when pods of one Job are in two domains, or pods of two Jobs of one priority in one."""
    assert all(len(domains) <= 1 for domains in landed.domains.values()), landed.domains
    taken = [(domain, *landed.priorities[job]) for job, domains in landed.domains.items() for domain in domains]
    assert len(taken) == len(set(taken)), landed.domains


def landed(whole: ControlPlane, client: Client, given: Input) -> Landed:
    """Return the pods, once all are bound or no further one is."""
    families = [family for each in given.compiled().expansions for family in each.families]
    wanted = sum(each.replicas * each.template["spec"].get("parallelism", 1) for each in families)
    end, since, before, bound = time.monotonic() + 180, time.monotonic(), -1, 0
    while time.monotonic() < min(end, since + QUIET) and bound < wanted:
        pods = client.list("pods", labels=JOBSET)
        bound = sum("nodeName" in pod["spec"] for pod in pods)
        if bound != before:
            since, before = time.monotonic(), bound
        time.sleep(0.1)
    nodes = {node["metadata"]["name"]: node["metadata"]["labels"] for node in whole.client.list("nodes")}
    found = Landed({}, {}, {}, {})
    for pod in pods:
        meta, node = pod["metadata"], pod["spec"].get("nodeName")
        job = meta["labels"][JOB]
        found.priorities.setdefault(job, set()).add(meta["labels"].get(keys.PRIORITY, ""))
        found.bound[job] = found.bound.get(job, 0) + (node is not None)
        if meta["labels"][INDEX] == "0":
            found.leaders[job] = in_order(pod["spec"].get("affinity", {}))
        if node:
            key = topology(given, meta["labels"])
            found.domains.setdefault(job, set()).add((key, nodes[node][key]))
    return found


def in_order(affinity: Json) -> Json:
    """Return an affinity with its terms in an order of their own: which comes first decides nothing."""
    return {
        kind: {
            when: sorted(terms, key=lambda each: json.dumps(each, sort_keys=True)) if isinstance(terms, list) else terms
            for when, terms in value.items()
        }
        for kind, value in affinity.items()
    }


def topology(given: Input, labels: Json) -> str:
    """Return the node label that a pod's domain is told by."""
    (jobset,) = (each.jobset for each in given.compiled().expansions if each.jobset.name == labels[JOBSET])
    (own,) = (each for each in jobset.replicated_jobs if each.name == labels[keys.REPLICATED_JOB_NAME])
    return str(jobset.topology(own))


# What a cluster has to have for the pods to be bound


def add_nodes(whole: ControlPlane, given: Input, missing: int) -> list[str]:
    """Add two nodes of each domain, a domain for each Job, with what the pods select and need."""
    expansions = given.compiled().expansions
    jobs = sum(each.jobset.jobs for each in expansions)
    templates = [family.template["spec"]["template"] for each in expansions for family in each.families]
    topologies = {
        term["topologyKey"]
        for template in templates
        for term in template["spec"].get("affinity", {}).get("podAntiAffinity", {}).get(REQUIRED, ())
    }
    labels = {"topology.kubernetes.io/zone": "zone"}
    resources: dict[str, str] = {}
    for template in templates:
        labels |= template["spec"].get("nodeSelector", {})
        for container in template["spec"]["containers"]:
            resources |= dict.fromkeys(container.get("resources", {}).get("limits", {}), "1000")
    names = []
    for domain in range(jobs - missing):
        own = labels | dict.fromkeys(topologies, f"domain-{domain}")
        names += [f"{given.settings.namespace}-{domain}-{index}" for index in range(2)]
        kwok.add_nodes(whole, *names[-2:], labels=own, room=resources)
    return names


def add_priority_classes(whole: ControlPlane, given: Input) -> None:
    """Create the priority classes that a project names."""
    for name, value in given.settings.priority_classes.items():
        meta = {"name": name}
        whole.client.apply(
            {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": meta, "value": value}
        )


def affine_to(given: Input) -> Iterator[Json]:
    """Yield the labels of the pods that the pods of an input want to be near of."""
    for jobset in given.jobsets:
        for replicated in jobset["spec"]["replicatedJobs"]:
            affinity = replicated["template"]["spec"]["template"]["spec"].get("affinity", {})
            for term in affinity.get("podAffinity", {}).get(REQUIRED, ()):
                yield term["labelSelector"]["matchLabels"]


def pod_of(labels: Json) -> Json:
    """Return a pod with some labels."""
    spec = {"containers": [{"name": "main", "image": "registry.example.com/any:1"}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "other-", "labels": labels}, "spec": spec}
