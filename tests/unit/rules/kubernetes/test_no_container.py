"""JSG310: a pod without containers."""

from __future__ import annotations

import pytest

from tests.unit.rules.kubernetes.jobs import said

JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: prepare}
spec:
  template:
    spec: %s
"""
MESSAGE = "a pod needs at least one container"


def test_an_empty_list_of_containers():
    assert said("JSG310", JOB % "{restartPolicy: Never, containers: []}") == [f"6:46: {MESSAGE}"]


def test_init_containers_do_not_count():
    pod = "{restartPolicy: Never, containers: [], initContainers: [{name: a, image: 'a:1'}]}"
    assert said("JSG310", JOB % pod) == [f"6:46: {MESSAGE}"]


@pytest.mark.parametrize("pod", ["{}", "{restartPolicy: Never}"])
def test_a_pod_of_nothing(pod):
    assert said("JSG310", JOB % pod) == [f"6:5: {MESSAGE}"]


def test_a_field_that_is_missing_is_for_the_schema():
    assert said("JSG310", JOB % "{restartPolicy: Never, hostNetwork: true}") == []
    assert said("JSG104", JOB % "{restartPolicy: Never, hostNetwork: true}") == [
        "6:5: spec.template.spec has no containers, which is required"
    ]
