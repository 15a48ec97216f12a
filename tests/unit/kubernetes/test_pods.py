"""What a pod requests in total."""

from __future__ import annotations

import pytest

from jobsetgen.kubernetes.pods import pod_requests


def container(requests, limits=None, **more):
    return {"resources": {"requests": requests, "limits": limits or {}}, **more}


def sidecar(requests):
    return container(requests, restartPolicy="Always")


@pytest.mark.parametrize(
    ("init_containers", "main", "total"),
    [
        ([sidecar({"cpu": 1}), container({"cpu": 4})], {"cpu": 2}, 5),
        ([container({"cpu": 4}), sidecar({"cpu": 1})], {"cpu": 2}, 4),
        ([sidecar({"cpu": 1}), container({"cpu": 4}), sidecar({"cpu": 3})], {"cpu": 2}, 6),
        ([sidecar({"cpu": 1}), sidecar({"cpu": 1})], {}, 2),
        ([], {"cpu": 2}, 2),
    ],
)
def test_init_containers_and_sidecars(init_containers, main, total):
    pod = {"initContainers": init_containers, "containers": [container(main)]}
    assert pod_requests(pod) == {"cpu": total * 1000}


def test_each_resource_has_a_peak_of_its_own():
    pod = {"initContainers": [container({"cpu": 4, "memory": 1})], "containers": [container({"cpu": 1, "memory": 2})]}
    assert pod_requests(pod) == {"cpu": 4000, "memory": 2000}


def test_a_limit_without_a_request_is_requested():
    assert pod_requests({"containers": [container({"cpu": 1}, {"cpu": 2, "a.b/c": 3})]}) == {"cpu": 1000, "a.b/c": 3000}


@pytest.mark.parametrize(
    ("whole", "total"),
    [
        ({"requests": {"cpu": 8}}, {"cpu": 8000, "hugepages-2Mi": 2000}),
        ({"limits": {"cpu": 8}}, {"cpu": 2000, "hugepages-2Mi": 2000}),
        ({"limits": {"memory": 8}}, {"cpu": 2000, "hugepages-2Mi": 2000, "memory": 8000}),
        ({"limits": {"hugepages-2Mi": 4}}, {"cpu": 2000, "hugepages-2Mi": 4000}),
        ({"requests": {"nvidia.com/gpu": 8}}, {"cpu": 2000, "hugepages-2Mi": 2000}),
    ],
)
def test_resources_of_the_whole_pod(whole, total):
    pod = {"resources": whole, "containers": [container({"cpu": 2, "hugepages-2Mi": 2})]}
    assert pod_requests(pod) == total
    assert pod_requests(pod, pod_level=False) == {"cpu": 2000, "hugepages-2Mi": 2000}


def test_overhead_is_added_to_what_the_whole_pod_requests():
    pod = {"resources": {"requests": {"cpu": 8}}, "overhead": {"cpu": "250m", "memory": 1}}
    assert pod_requests(pod) == {"cpu": 8250, "memory": 1000}


@pytest.mark.parametrize("broken", [None, [], "a", 1, [None], [{"resources": []}], [{"resources": {"limits": "a"}}]])
def test_what_is_malformed_requests_nothing(broken):
    assert pod_requests({"containers": broken, "initContainers": broken, "overhead": broken}) == {}
