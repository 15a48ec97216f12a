"""The table of merged lists against the API types in the Go module cache."""

from __future__ import annotations

import pytest

from jobsetgen.overlays.merge_keys import TYPES, UNKNOWN, ApiType, MergedList, type_of
from jobsetgen.schema import KINDS
from tests.go_types import Field, packages, types

ROOTS = {
    "JobSet": "jobset.JobSet",
    "Job": "batchv1.Job",
    "CronJob": "batchv1.CronJob",
    "Service": "v1.Service",
    "ServiceAccount": "v1.ServiceAccount",
    "Pod": "v1.Pod",
    "PodTemplate": "v1.PodTemplate",
    "Node": "v1.Node",
    "Deployment": "appsv1.Deployment",
    "StatefulSet": "appsv1.StatefulSet",
    "DaemonSet": "appsv1.DaemonSet",
    "ReplicaSet": "appsv1.ReplicaSet",
    "ReplicationController": "v1.ReplicationController",
    "PersistentVolumeClaim": "v1.PersistentVolumeClaim",
    "ConfigMap": "v1.ConfigMap",
    "Secret": "v1.Secret",
    "Namespace": "v1.Namespace",
    "Role": "rbacv1.Role",
    "RoleBinding": "rbacv1.RoleBinding",
    "ClusterRole": "rbacv1.ClusterRole",
    "NetworkPolicy": "networkingv1.NetworkPolicy",
    "PodDisruptionBudget": "policyv1.PodDisruptionBudget",
    "PriorityClass": "schedulingv1.PriorityClass",
    "PodGroup": "schedulingv1beta1.PodGroup",
    "ValidatingWebhookConfiguration": "admissionregistrationv1.ValidatingWebhookConfiguration",
    "MutatingWebhookConfiguration": "admissionregistrationv1.MutatingWebhookConfiguration",
    "ValidatingAdmissionPolicy": "admissionregistrationv1.ValidatingAdmissionPolicy",
    "MutatingAdmissionPolicy": "admissionregistrationv1.MutatingAdmissionPolicy",
    "StorageClass": "storagev1.StorageClass",
    "CSINode": "storagev1.CSINode",
    "HorizontalPodAutoscaler": "autoscalingv2.HorizontalPodAutoscaler",
    "ResourceClaim": "resourcev1.ResourceClaim",
}
GROUPS = {
    "jobset": "jobset.x-k8s.io",
    "v1": "",
    "batchv1": "batch",
    "appsv1": "apps",
    "rbacv1": "rbac.authorization.k8s.io",
    "networkingv1": "networking.k8s.io",
    "policyv1": "policy",
    "schedulingv1": "scheduling.k8s.io",
    "schedulingv1beta1": "scheduling.k8s.io",
    "admissionregistrationv1": "admissionregistration.k8s.io",
    "storagev1": "storage.k8s.io",
    "autoscalingv2": "autoscaling",
    "resourcev1": "resource.k8s.io",
}


def fields(name: str, known: dict[str, dict[str, Field]]) -> dict[str, Field]:
    """Return the fields of a type, with those of the types that it embeds."""
    found = {}
    for field, of in known.get(name, {}).items():
        found |= fields(of.of, known) if field.startswith("<") else {field: of}
    return found


def lists(name: str, known: dict[str, dict[str, Field]], path: str = "") -> dict[str, tuple[str, ...]]:
    """Return the keys of every merged list below a type, by its path; a status is nobody's to patch."""
    found = {}
    for field, of in fields(name, known).items():
        where = f"{path}.{field}"
        if where == ".status":
            continue
        if of.keys is not None:
            found[where] = of.keys
        if of.keys is not None or not of.is_list:
            found |= lists(of.of, known, where) if of.of != name else {}
    return found


def lists_of_table(of: ApiType, path: str = "") -> dict[str, tuple[str, ...]]:
    found = {}
    for field in of.types:
        if field in of.lists:
            found[f"{path}.{field}"] = of.lists[field].keys
        found |= lists_of_table(of.inner(field), f"{path}.{field}")
    return found


@pytest.mark.parametrize("kind", ROOTS)
def test_the_table_has_the_merged_lists_of_the_api_types(kind: str):
    package = ROOTS[kind].partition(".")[0]
    if {"metav1", "v1", "batchv1", package} - set(packages()):
        pytest.skip(f"the module cache does not have the types of {package}")

    assert lists_of_table(type_of(GROUPS[package], kind)) == lists(ROOTS[kind], types())


def test_every_kind_with_a_schema_is_in_the_table():
    for api_version, kind in KINDS:
        group = api_version.partition("/")[0] if "/" in api_version else ""
        if kind != "JobSetGenerator":
            assert type_of(group, kind) != UNKNOWN


def test_every_type_that_the_table_names_is_in_it():
    named = {name for of in TYPES.values() for name in of.types.values() if name}
    assert named <= set(TYPES)


def test_a_list_of_replicated_jobs_keeps_its_order():
    assert TYPES["JobSetSpec"].lists["replicatedJobs"] == MergedList(("name",), is_in_place=True)
    assert TYPES["PodSpec"].lists["containers"] == MergedList(("name",), is_in_place=False)


def test_nothing_is_known_of_the_parts_of_an_unknown_object():
    assert type_of("example.com", "Job") == UNKNOWN
    assert UNKNOWN.inner("spec") == UNKNOWN
