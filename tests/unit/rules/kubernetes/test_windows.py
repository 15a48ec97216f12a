"""JSG361 and JSG362: pods for one operating system, and processes of a Windows node."""

from __future__ import annotations

import pytest

from tests.unit.rules.kubernetes.jobs import jobset, said


def messages(code: str, text: str, **options: str) -> list[str]:
    return [line.partition(": ")[2] for line in said(code, text, **options)]


@pytest.mark.parametrize(
    "field",
    ["runAsUser: 1", "fsGroup: 1", "seLinuxOptions: {}", "sysctls: [{name: a, value: b}]", "supplementalGroups: [1]"],
)
def test_a_context_of_linux_in_a_pod_for_windows(field):
    text = jobset(pod=f"<<: {{os: {{name: windows}}, securityContext: {{{field}}}}}")
    assert messages("JSG361", text) == [f"a pod for windows cannot have {field.split(':')[0]}"]
    assert said("JSG361", text.replace("windows", "linux")) == []


@pytest.mark.parametrize("field", ["privileged: false", "capabilities: {}", "runAsGroup: 1"])
def test_a_containers_context_of_linux_in_a_pod_for_windows(field):
    text = jobset(pod="os: {name: windows}", container=f"securityContext: {{{field}}}")
    assert messages("JSG361", text) == [f"a pod for windows cannot have {field.split(':')[0]}"]


@pytest.mark.parametrize(
    ("field", "version"),
    [("hostUsers: true", "1.33"), ("resources: {limits: {cpu: 1}}", "1.34"), ("shareProcessNamespace: false", "1.31")],
)
def test_a_field_of_linux_in_a_pod_for_windows(field, version):
    text = jobset(pod=f"<<: {{os: {{name: windows}}, {field}}}")
    assert messages("JSG361", text, kubernetes_version=version) == [
        f"a pod for windows cannot have {field.split(':')[0]}"
    ]


def test_fields_that_were_dropped():
    text = jobset(
        pod="<<: {os: {name: windows}, hostUsers: false, securityContext: {supplementalGroupsPolicy: Strict}}",
        container="securityContext: {procMount: Default}",
    )
    assert len(said("JSG361", text)) == 3
    assert said("JSG361", text, kubernetes_version="1.32") == []


def test_what_a_pod_for_windows_can_have():
    text = jobset(
        pod="<<: {os: {name: windows}, hostNetwork: true, hostPID: false, securityContext: {runAsNonRoot: true}}",
        container="securityContext: {windowsOptions: {runAsUserName: trainer}}",
    )
    assert said("JSG361", text) == []


def test_options_of_windows_in_a_pod_for_linux():
    options = "securityContext: {windowsOptions: {}}"
    text = jobset(pod=f"<<: {{os: {{name: linux}}, {options}}}", container=options)
    assert messages("JSG361", text) == ["a pod for linux cannot have windowsOptions"] * 2
    assert said("JSG361", jobset(pod=options, container=options)) == []


HOST_PROCESS = "securityContext: {windowsOptions: {hostProcess: true}}"


def test_a_pod_of_host_processes():
    assert said("JSG362", jobset(pod=f"<<: {{hostNetwork: true, {HOST_PROCESS}}}")) == []
    assert said("JSG362", jobset(container=HOST_PROCESS.replace("true", "false"))) == []


def test_a_host_process_outside_of_the_nodes_network():
    assert messages("JSG362", jobset(pod=HOST_PROCESS)) == ["a pod with hostProcess: true needs hostNetwork: true"]


def test_one_host_process_alone():
    assert messages("JSG362", jobset(pod="hostNetwork: true", container=HOST_PROCESS)) == [
        "the container setup has no hostProcess: true, but another one of the pod has"
    ]


def test_a_container_that_contradicts_its_pod():
    text = jobset(pod=f"<<: {{hostNetwork: true, {HOST_PROCESS}}}", container=HOST_PROCESS.replace("true", "false"))
    assert messages("JSG362", text) == ["the hostProcess of the container main differs from the one of its pod"]
