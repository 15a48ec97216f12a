"""JSG515 and JSG612: what it means that pods wait behind a scheduling gate."""

from __future__ import annotations

import pytest

from jobsetgen.options.values import PROFILES
from tests.unit.rules.lints.sets import jobset, other, said

IN_ORDER = "startupPolicy: {startupPolicyOrder: InOrder}"
BLOCKING = "failurePolicy: {maxRestarts: 3, restartStrategy: BlockingRecreate}"
LEAD = "wait behind a scheduling gate and count in a ResourceQuota meanwhile"


def test_pods_that_wait_for_their_turn():
    found = said("JSG612", jobset(spec=IN_ORDER, more=other("late", "replicas: 3")))
    assert found == [f"7:39: notice: 3 pods {LEAD}"]


def test_one_pod():
    found = said("JSG612", jobset(more=other("late", "dependsOn: [{name: workers, status: Ready}]")))
    message = "1 pod waits behind a scheduling gate and counts in a ResourceQuota meanwhile"
    assert found == [f"25:29: notice: {message}"]


def test_what_they_ask_for_is_summed():
    text = jobset(
        spec=BLOCKING,
        replicated_job="replicas: 4",
        job="parallelism: 2",
        container="resources: {requests: {cpu: 1500m, memory: 1Gi}, limits: {cpu: 2, nvidia.com/gpu: 8}}",
    )
    found = said("JSG612", text.replace("parallelism: 2", "completions: 2\n        parallelism: 2"))
    assert found == [f"7:52: notice: 8 pods {LEAD}, with cpu 12, memory 8Gi and nvidia.com/gpu 64"]


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ("cpu: 250m", "cpu 250m"),
        ("memory: 1536Mi", "memory 1536Mi"),
        ("memory: 1000", "memory 1000"),
        ("memory: 1Ti", "memory 1Ti"),
        ("hugepages-2Mi: 4Mi", "hugepages-2Mi 4Mi"),
        ("cpu: 0", ""),
    ],
)
def test_amounts(amounts, expected):
    found = said("JSG612", jobset(spec=BLOCKING, container=f"resources: {{requests: {{{amounts}}}}}"))
    message = "1 pod waits behind a scheduling gate and counts in a ResourceQuota meanwhile"
    assert found == [f"7:52: notice: {message}{f', with {expected}' if expected else ''}"]


def test_an_init_container_counts_where_it_asks_for_more():
    init = "initContainers: [{name: a, image: 'b:1', resources: {limits: {cpu: 3, memory: 1Gi}}}]"
    text = jobset(spec=BLOCKING, pod=init, container="resources: {limits: {cpu: 1, memory: 2Gi}}")
    message = "1 pod waits behind a scheduling gate and counts in a ResourceQuota meanwhile"
    assert said("JSG612", text) == [f"7:52: notice: {message}, with cpu 3 and memory 2Gi"]


SIDECAR = "{name: a, image: 'b:1', restartPolicy: Always, resources: {requests: {cpu: 1}}}"
SETUP = "{name: c, image: 'd:1', resources: {requests: {cpu: 4}}}"
ONE = "1 pod waits behind a scheduling gate and counts in a ResourceQuota meanwhile"


@pytest.mark.parametrize(("containers", "cpu"), [(f"{SIDECAR}, {SETUP}", 5), (f"{SETUP}, {SIDECAR}", 4)])
def test_an_init_container_runs_beside_the_sidecars_declared_before_it(containers, cpu):
    text = jobset(spec=BLOCKING, pod=f"initContainers: [{containers}]", container="resources: {requests: {cpu: 2}}")
    assert said("JSG612", text) == [f"7:52: notice: {ONE}, with cpu {cpu}"]


def test_the_overhead_of_a_pod_is_added():
    text = jobset(spec=BLOCKING, pod="overhead: {cpu: 250m, memory: 64Mi}", container="resources: {limits: {cpu: 1}}")
    assert said("JSG612", text) == [f"7:52: notice: {ONE}, with cpu 1250m and memory 64Mi"]


@pytest.mark.parametrize(
    ("resources", "version", "cpu"),
    [
        ("{requests: {cpu: 8}}", "1.37", 8),
        ("{limits: {cpu: 8}}", "1.37", 2),
        ("{requests: {cpu: 8}}", "1.33", 2),
    ],
)
def test_what_the_whole_pod_requests_counts_instead(resources, version, cpu):
    text = jobset(spec=BLOCKING, pod=f"resources: {resources}", container="resources: {requests: {cpu: 2}}")
    assert said("JSG612", text, kubernetes_version=version) == [f"7:52: notice: {ONE}, with cpu {cpu}"]


@pytest.mark.parametrize("profile", PROFILES)
def test_under_every_profile(profile):
    assert len(said("JSG612", jobset(spec=BLOCKING), gitops=profile)) == 1


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (jobset(spec=BLOCKING), {"jobs": "watcher"}),
        (jobset(spec=BLOCKING, replicated_job="replicas: 0"), {}),
        (jobset(spec=BLOCKING, job="parallelism: 0"), {}),
        (jobset(spec="failurePolicy: {maxRestarts: 3}"), {}),
    ],
)
def test_no_pod_waits(text, options):
    assert said("JSG612", text, **options) == []


def test_a_pod_that_names_its_node_cannot_wait():
    message = "a pod that names its node cannot wait behind a scheduling gate until it is its turn"
    hint = "Choose jobs: watcher, or a nodeSelector."
    assert said("JSG515", jobset(spec=BLOCKING, pod="nodeName: a")) == [f"20:23: error: {message}\nhint: {hint}"]


def test_a_pod_that_names_its_node_and_need_not_wait():
    assert said("JSG515", jobset(pod="nodeName: a")) == []
    assert said("JSG515", jobset(spec=BLOCKING, pod="nodeName: a"), jobs="watcher") == []
