"""JSG308 and JSG309: resources of a pod as a whole, and what a resize restarts."""

from __future__ import annotations

import pytest

from tests.unit.rules.kubernetes.jobs import jobset, said


def messages(code: str, text: str, **options: str) -> list[str]:
    return [line.partition(": ")[2] for line in said(code, text, **options)]


def pod(of_pod: str, of_main: str = "{}", of_setup: str = "{}") -> str:
    return jobset(pod=f"resources: {of_pod}", container=f"resources: {of_main}", init=f"<<: {{resources: {of_setup}}}")


@pytest.mark.parametrize("name", ["gpu", "nvidia.com/gpu", "ephemeral-storage", "hugepages-x"])
def test_a_resource_that_no_whole_pod_has(name):
    text = pod(f"{{limits: {{cpu: 1, {name}: 1}}}}")
    assert messages("JSG308", text) == [
        f"'{name}' is no resource of a pod as a whole: those are cpu, memory and hugepages-<size>"
    ]
    assert messages("JSG308", text, kubernetes_version="1.33") == []


@pytest.mark.parametrize("claims", ["[]", "[{name: gpus}]"])
def test_claims_of_a_whole_pod(claims):
    assert messages("JSG308", pod(f"{{claims: {claims}}}")) == [
        "only containers have claims in their resources, not a pod as a whole"
    ]


@pytest.mark.parametrize(
    ("of_pod", "of_main", "of_setup", "message"),
    [
        (
            "{requests: {cpu: 2}}",
            "{requests: {cpu: 2500m}}",
            "{}",
            "request 2500m of cpu together, but the pod requests 2",
        ),
        ("{requests: {cpu: 2}}", "{limits: {cpu: 3}}", "{}", "request 3 of cpu together, but the pod requests 2"),
        ("{requests: {cpu: 2}}", "{}", "{requests: {cpu: 3}}", "request 3 of cpu together, but the pod requests 2"),
        (
            "{limits: {memory: 1Gi}}",
            "{}",
            "{limits: {memory: 2Gi}}",
            "request 2Gi of memory together, but the pod has a limit of 1Gi",
        ),
        (
            "{limits: {cpu: 1, hugepages-2Mi: 2Mi}}",
            "{limits: {cpu: 1}}",
            "{limits: {cpu: 1, hugepages-2Mi: 6Mi}}",
            "request 6Mi of hugepages-2Mi together, but the pod has a limit of 2Mi",
        ),
    ],
)
def test_what_the_containers_request_together(of_pod, of_main, of_setup, message):
    assert messages("JSG308", pod(of_pod, of_main, of_setup)) == [f"the containers {message}"]


def test_a_sidecar_counts_with_the_containers():
    text = pod("{requests: {cpu: 2}}", "{requests: {cpu: 1}}", "{requests: {cpu: 1500m}}")
    assert messages("JSG308", text) == []
    text = text.replace("<<: {resources", "<<: {restartPolicy: Always, resources")
    assert messages("JSG308", text) == ["the containers request 2500m of cpu together, but the pod requests 2"]


def test_the_limit_of_a_container_above_that_of_the_pod():
    assert messages("JSG308", pod("{limits: {cpu: 2}}", "{limits: {cpu: 3}}")) == [
        "the container's limit of cpu is 3, above the pod's limit of 2"
    ]


def test_a_pod_that_has_room():
    text = pod("{requests: {cpu: 2}, limits: {cpu: 4}}", "{requests: {cpu: 2}, limits: {cpu: 4}}", "{limits: {cpu: 2}}")
    assert messages("JSG308", text) == []


def test_what_holds_for_containers_holds_for_pods():
    assert messages("JSG303", pod("{requests: {cpu: 2}, limits: {cpu: 1}}")) == [
        "the request of cpu is 2, above the limit of 1"
    ]
    assert messages("JSG301", pod("{requests: {cpu: -1}}")) == ["the quantity -1 is negative"]
    assert messages("JSG301", pod("{requests: {cpu: -1, memory: x}}"), kubernetes_version="1.33") == [
        "invalid quantity 'x'"
    ]
    assert messages("JSG304", pod("{limits: {hugepages-2Mi: 2Mi}}")) == [
        "hugepages-2Mi needs a request or a limit of cpu or memory beside it"
    ]


RESTART = "resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]"


def test_a_resize_that_restarts_what_never_restarts():
    text = jobset(pod="restartPolicy: Never", container=RESTART)
    assert messages("JSG309", text) == [
        "the pod has restartPolicy Never; the restartPolicy of a resize must be NotRequired"
    ]
    assert messages("JSG309", text, kubernetes_version="1.32") == []
    assert messages("JSG309", text.replace("RestartContainer", "NotRequired")) == []
    assert messages("JSG309", jobset(container=RESTART)) == []


def test_a_resize_of_an_init_container():
    text = jobset(init=RESTART)
    assert messages("JSG309", text) == [
        "setup is an init container without restartPolicy Always; the restartPolicy of a resize must be NotRequired"
    ]
    assert messages("JSG309", text, kubernetes_version="1.36") == []
    assert messages("JSG309", jobset(init=f"<<: {{restartPolicy: Always, {RESTART}}}")) == []


def test_a_resource_twice():
    policies = "{resourceName: cpu, restartPolicy: NotRequired}, {resourceName: cpu, restartPolicy: NotRequired}"
    assert messages("JSG309", jobset(container=f"resizePolicy: [{policies}]")) == [
        "the resizePolicy of cpu is here twice"
    ]
