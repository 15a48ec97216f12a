"""JSG323: fields of the pod that its containers read."""

from __future__ import annotations

from tests.unit.rules.kubernetes.jobs import jobset, said


def test_a_label_as_people_write_it_elsewhere():
    message = (
        "27:67: 'metadata.labels.app' is no field of the pod that a variable can be read from\n"
        "hint: Did you mean \"metadata.labels['app']\"?"
    )
    found = said(
        "JSG323", jobset(container="env: [{name: APP, valueFrom: {fieldRef: {fieldPath: metadata.labels.app}}}]")
    )
    assert found == [message]


def test_a_label_in_brackets_without_quotes():
    container = 'env: [{name: APP, valueFrom: {fieldRef: {fieldPath: "metadata.annotations[example.com/app]"}}}]'
    message = (
        "27:67: 'metadata.annotations[example.com/app]' is no field of the pod that a variable "
        "can be read from\nhint: Did you mean \"metadata.annotations['example.com/app']\"?"
    )
    found = said("JSG323", jobset(container=container))
    assert found == [message]


def test_a_field_that_is_nearly_known():
    message = (
        "27:66: 'status.podIp' is no field of the pod that a variable can be read from\nhint: "
        "Did you mean 'status.podIP'?"
    )
    found = said("JSG323", jobset(container="env: [{name: IP, valueFrom: {fieldRef: {fieldPath: status.podIp}}}]"))
    assert found == [message]


def test_all_labels_are_for_files():
    message = (
        "27:67: 'metadata.labels' is no field of the pod that a variable can be read from\n"
        "hint: One of them is read as metadata.labels['key']; a file of a downwardAPI volume "
        "shows all."
    )
    found = said("JSG323", jobset(container="env: [{name: ALL, valueFrom: {fieldRef: {fieldPath: metadata.labels}}}]"))
    assert found == [message]


def test_one_label():
    container = "env: [{name: APP, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['example.com/app']\"}}}]"
    found = said("JSG323", jobset(container=container))
    assert found == []


def test_a_label_of_a_key_that_none_has():
    message = (
        "27:67: 'a/b/c' cannot be the key of a label or an annotation: the prefix 'a/b' must "
        "be a DNS name in lower case"
    )
    found = said(
        "JSG323",
        jobset(container="env: [{name: APP, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['a/b/c']\"}}}]"),
    )
    assert found == [message]


def test_an_annotation_may_have_capitals_in_its_prefix():
    container = "env: [{name: APP, valueFrom: {fieldRef: {fieldPath: \"metadata.annotations['Example.com/app']\"}}}]"
    found = said("JSG323", jobset(container=container))
    assert found == []


def test_another_version_of_the_pod():
    found = said(
        "JSG323",
        jobset(container="env: [{name: POD, valueFrom: {fieldRef: {apiVersion: v2, fieldPath: metadata.name}}}]"),
    )
    assert found == ["27:68: fieldRef reads version v1 of the pod, not v2"]


def test_the_limit_of_a_device():
    found = said(
        "JSG323",
        jobset(container="env: [{name: GPUS, valueFrom: {resourceFieldRef: {resource: limits.nvidia.com/gpu}}}]"),
    )
    assert found == ["27:75: 'limits.nvidia.com/gpu' is no resource that a container can read"]


def test_a_divisor_of_cpu():
    found = said(
        "JSG323",
        jobset(container="env: [{name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 10m}}}]"),
    )
    assert found == ["27:95: the divisor of limits.cpu is 10m; allowed are 1m and 1"]


def test_a_divisor_of_memory():
    container = "env: [{name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 2Mi}}}]"
    message = "27:101: the divisor of limits.memory is 2Mi; allowed are 1 and one of each unit, such as 1Mi"
    found = said("JSG323", jobset(container=container))
    assert found == [message]


def test_divisors_that_are_allowed():
    container = (
        "env: [{name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "
        "1m}}}, {name: MEMORY, valueFrom: {resourceFieldRef: {resource: requests.memory, "
        "divisor: 1Gi}}}]"
    )
    found = said("JSG323", jobset(container=container))
    assert found == []


def test_the_node_is_for_variables():
    pod = "volumes: [{name: info, downwardAPI: {items: [{path: node, fieldRef: {fieldPath: spec.nodeName}}]}}]"
    found = said("JSG323", jobset(pod=pod))
    assert found == ["19:93: 'spec.nodeName' is no field of the pod that a file can show"]


def test_all_labels_in_a_file():
    pod = "volumes: [{name: info, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}]"
    found = said("JSG323", jobset(pod=pod))
    assert found == []


def test_a_resource_in_a_file_without_its_container():
    pod = (
        "volumes: [{name: info, projected: {sources: [{downwardAPI: {items: [{path: cpu, "
        "resourceFieldRef: {resource: limits.cpu}}]}}]}}]"
    )
    found = said("JSG323", jobset(pod=pod))
    assert found == ["19:93: a file that shows a resource needs the containerName of whose it is"]
