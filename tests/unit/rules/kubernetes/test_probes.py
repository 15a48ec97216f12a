"""JSG316: probes and hooks."""

from __future__ import annotations

import pytest

from tests.unit.rules.kubernetes.jobs import jobset, said


def test_a_probe_without_an_action():
    found = said("JSG316", jobset(container="livenessProbe: {periodSeconds: 10}"))
    assert found == ["27:15: the livenessProbe has no action, such as exec or httpGet"]


def test_a_probe_with_two_actions():
    found = said("JSG316", jobset(container="readinessProbe: {tcpSocket: {port: 80}, exec: {command: [ls]}}"))
    assert found == ["27:15: the readinessProbe has several actions: exec, tcpSocket"]


def test_an_exec_without_a_command():
    found = said("JSG316", jobset(container="startupProbe: {exec: {command: []}}"))
    assert found == ["27:46: the exec of the startupProbe has no command"]


def test_a_port_in_quotes():
    message = (
        "27:47: '8080' is no port: neither a number from 1 to 65535 nor the name of a port\n"
        "hint: Write it without quotes."
    )
    found = said("JSG316", jobset(container='livenessProbe: {httpGet: {port: "8080"}}'))
    assert found == [message]


def test_a_port_by_its_name():
    assert said("JSG316", jobset(container="livenessProbe: {httpGet: {port: http}}")) == []


def test_a_port_that_cannot_be():
    found = said("JSG316", jobset(container="livenessProbe: {grpc: {port: 70000}}"))
    assert found == ["27:44: '70000' is no port: neither a number from 1 to 65535 nor the name of a port"]


def test_a_negative_delay():
    found = said("JSG316", jobset(container="livenessProbe: {tcpSocket: {port: 80}, initialDelaySeconds: -5}"))
    assert found == ["27:75: initialDelaySeconds is -5, but cannot be negative"]


def test_a_liveness_probe_that_has_to_succeed_twice():
    found = said("JSG316", jobset(container="livenessProbe: {tcpSocket: {port: 80}, successThreshold: 2}"))
    assert found == ["27:72: the successThreshold of a livenessProbe is 2, but must be 1"]


def test_a_readiness_probe_that_has_to_succeed_twice():
    found = said("JSG316", jobset(container="readinessProbe: {tcpSocket: {port: 80}, successThreshold: 2}"))
    assert found == []


def test_zeros_are_as_none():
    found = said(
        "JSG316", jobset(container="livenessProbe: {tcpSocket: {port: 80}, successThreshold: 0, timeoutSeconds: 0}")
    )
    assert found == []


def test_a_readiness_probe_with_a_grace_period():
    found = said(
        "JSG316", jobset(container="readinessProbe: {tcpSocket: {port: 80}, terminationGracePeriodSeconds: 5}")
    )
    assert found == ["27:55: a readinessProbe ends no container, so it has no terminationGracePeriodSeconds"]


def test_a_liveness_probe_without_any_grace():
    found = said("JSG316", jobset(container="livenessProbe: {tcpSocket: {port: 80}, terminationGracePeriodSeconds: 0}"))
    assert found == ["27:85: the terminationGracePeriodSeconds of a livenessProbe is 0, but must be at least 1"]


def test_a_hook_without_an_action():
    found = said("JSG316", jobset(container="lifecycle: {preStop: {}}"))
    assert found == ["27:27: the preStop has no action, such as exec or httpGet"]


def test_a_hook_that_sleeps_too_long():
    message = (
        "27:54: the preStop sleeps 60 seconds, but the pod is ended after 30\nhint: Raise "
        "terminationGracePeriodSeconds."
    )
    found = said("JSG316", jobset(container="lifecycle: {preStop: {sleep: {seconds: 60}}}"))
    assert found == [message]


def test_a_hook_that_sleeps_as_long_as_the_pod_may():
    found = said(
        "JSG316",
        jobset(pod="terminationGracePeriodSeconds: 60", container="lifecycle: {preStop: {sleep: {seconds: 60}}}"),
    )
    assert found == []


def test_a_probe_of_a_sidecar():
    found = said("JSG316", jobset(init="<<: {restartPolicy: Always, startupProbe: {}}"))
    assert found == ["23:43: the startupProbe has no action, such as exec or httpGet"]


def test_what_an_init_container_cannot_have_is_not_looked_into():
    assert said("JSG316", jobset(init="startupProbe: {}")) == []


@pytest.mark.parametrize("name", ["X_Token", "", "a b", "a:"])
def test_the_name_of_a_header(name):
    text = jobset(container=f"livenessProbe: {{httpGet: {{port: 80, httpHeaders: [{{name: '{name}', value: a}}]}}}}")
    assert [line.partition(": ")[2] for line in said("JSG316", text)] == [
        f"'{name}' cannot be the name of an HTTP header: it must have letters, digits and dashes"
    ]


def test_a_header():
    headers = "httpHeaders: [{name: X-Token-2, value: a_b}]"
    assert said("JSG316", jobset(container=f"lifecycle: {{preStop: {{httpGet: {{port: 80, {headers}}}}}}}")) == []
