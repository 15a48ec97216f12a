"""An empty text is as none where the API server fills in its default, and nowhere else."""

from __future__ import annotations

import pytest

from jobsetgen.model.empties import without_empties
from tests.unit.rules.kubernetes.jobs import jobset, plain, said

PLACES = [
    {"pod": "dnsPolicy: ''"},
    {"pod": "restartPolicy: ''"},
    {"pod": "volumes: [{name: data, image: {reference: 'registry.example.com/data:1.0', pullPolicy: ''}}]"},
    {"container": "imagePullPolicy: ''"},
    {"container": "terminationMessagePolicy: ''"},
    {"container": "ports: [{containerPort: 80, protocol: ''}]"},
    {"container": "livenessProbe: {httpGet: {port: 80, scheme: ''}}"},
    {"container": "lifecycle: {preStop: {httpGet: {port: 80, scheme: ''}}}"},
    {"init": "imagePullPolicy: ''"},
]
REFUSED = [
    {"job": "completionMode: ''"},
    {"pod": "preemptionPolicy: ''"},
    {"container": "restartPolicy: ''"},
    {"container": "securityContext: {procMount: ''}"},
    {"container": "livenessProbe: {httpGet: {port: 80, protocol: ''}}"},
]


@pytest.mark.parametrize("parts", PLACES, ids=str)
def test_an_empty_text_that_is_none(parts):
    assert said("JSG103", jobset(**parts)) == []


@pytest.mark.parametrize("parts", REFUSED, ids=str)
def test_an_empty_text_that_the_api_server_refuses(parts):
    assert len(said("JSG103", jobset(**parts))) == 1


def test_the_status_of_a_condition():
    job = {"spec": {"podFailurePolicy": {"rules": [{"onPodConditions": [{"type": "A", "status": ""}]}]}}}
    kept = {"spec": {"podFailurePolicy": {"rules": [{"onPodConditions": [{"type": "A"}]}]}}}
    assert without_empties(job, "Job") == kept


def test_a_plain_job_without_a_restart_policy():
    assert [line.partition(": ")[2] for line in said("JSG343", plain(restart="restartPolicy: ''"))] == [
        "restartPolicy is not set and defaults to Always; the pods of a Job need OnFailure or Never"
    ]


def test_a_label_of_such_a_name_stays():
    job = {"spec": {"template": {"metadata": {"labels": {"dnsPolicy": ""}}, "spec": {"dnsPolicy": ""}}}}
    assert without_empties(job, "Job") == {
        "spec": {"template": {"metadata": {"labels": {"dnsPolicy": ""}}, "spec": {}}}
    }


def test_an_object_of_another_kind_stays():
    assert without_empties({"spec": {"type": ""}}, "ConfigMap") == {"spec": {"type": ""}}


def test_objects_that_pass_through():
    spec = {"type": "", "externalTrafficPolicy": "", "ports": [{"port": 1, "protocol": ""}]}
    assert without_empties({"spec": spec}, "Service") == {"spec": {"ports": [{"port": 1}]}}
    role = {"roleRef": {"apiGroup": "", "name": "a"}}
    assert without_empties(role, "RoleBinding") == {"roleRef": {"name": "a"}}


@pytest.mark.parametrize("data", [None, [], "", {"spec": ""}, {"spec": {"template": [1, {"spec": None}]}}])
def test_data_of_another_shape_stays(data):
    assert without_empties(data, "Job") == data
