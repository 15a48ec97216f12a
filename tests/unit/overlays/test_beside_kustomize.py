"""Renamed and labelled objects beside those of kustomize, with random inputs.

A sample: JOBSETGEN_RENAMES=60 compares 60 inputs, each with a kustomize of its own.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from jobsetgen.overlays.metadata import labelled
from jobsetgen.overlays.renaming import renamed
from tests.unit.overlays.documents import documents, project

COUNT = int(os.environ.get("JOBSETGEN_RENAMES", "15"))
OPTIONS = """namePrefix: dev-
nameSuffix: -b
labels: {team: research, app: demo}
annotations: {example.com/owner: ml}
"""
KUSTOMIZATION = """namePrefix: dev-
nameSuffix: -b
labels: [{pairs: {team: research, app: demo}, includeSelectors: false}]
commonAnnotations: {example.com/owner: ml}
resources: [objects.json]
"""
NAMES = ("a", "b", "c", "elsewhere")
RBAC = "rbac.authorization.k8s.io"
TEMPLATES = ("Deployment", "StatefulSet", "DaemonSet", "Job")
API_VERSIONS = {
    **dict.fromkeys(("ConfigMap", "Namespace", "PersistentVolumeClaim", "Pod", "Secret"), "v1"),
    **dict.fromkeys(("Service", "ServiceAccount"), "v1"),
    **dict.fromkeys(("DaemonSet", "Deployment", "StatefulSet"), "apps/v1"),
    **dict.fromkeys(("CronJob", "Job"), "batch/v1"),
    **dict.fromkeys(("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"), f"{RBAC}/v1"),
    "CustomResourceDefinition": "apiextensions.k8s.io/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "Ingress": "networking.k8s.io/v1",
    "PriorityClass": "scheduling.k8s.io/v1",
    "StorageClass": "storage.k8s.io/v1",
}
CLUSTER_SCOPED = {
    *("ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "Namespace", "PriorityClass", "StorageClass"),
}


class Input:
    """Makes a random input; an object without namespace is in `default`."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.namespaces = self.random.choice([("",), ("x",), ("x", "y"), ("", "x"), ("", "default", "x")])

    def objects(self) -> list[dict[str, Any]]:
        made = [self.object() for _ in range(self.random.randint(2, 25))]
        # kustomize refuses an object that is twice in `default`.
        unique = {(kind, space or "default", name): each for each in made for kind, space, name in [identity(each)]}
        return list(unique.values())

    def object(self) -> dict[str, Any]:
        kind = self.random.choice(sorted(API_VERSIONS))
        metadata: dict[str, Any] = {"name": self.random.choice(NAMES[:3])}
        namespace = self.random.choice(self.namespaces)
        if namespace and kind not in CLUSTER_SCOPED:
            metadata["namespace"] = namespace
        if self.random.random() < 0.3:
            metadata["labels"] = {"app": "own", "tier": "own"}
        return {"apiVersion": API_VERSIONS[kind], "kind": kind, "metadata": metadata, **self.content(kind)}

    def content(self, kind: str) -> dict[str, Any]:
        if kind in TEMPLATES:
            spec = {"template": {"spec": self.pod()}}
            return {"spec": {**spec, "serviceName": self.name()} if kind == "StatefulSet" else spec}
        if kind == "CronJob":
            return {"spec": {"jobTemplate": {"spec": {"template": {"spec": self.pod()}}}}}
        if kind == "Pod":
            return {"spec": self.pod()}
        if kind == "PersistentVolumeClaim":
            return {"spec": {"storageClassName": self.name()}}
        if kind in ("RoleBinding", "ClusterRoleBinding"):
            role = "ClusterRole" if kind == "ClusterRoleBinding" else self.random.choice(["Role", "ClusterRole"])
            reference = {"apiGroup": RBAC, "kind": role, "name": self.name()}
            namespace = self.random.choice(self.namespaces) or "default"
            subject = {"kind": "ServiceAccount", "name": self.name(), "namespace": namespace}
            return {"roleRef": reference, "subjects": [subject]}
        if kind == "Ingress":
            backend = {"service": {"name": self.name(), "port": {"number": 80}}}
            path = {"path": "/", "pathType": "Prefix", "backend": backend}
            return {"spec": {"rules": [{"http": {"paths": [path]}}], "tls": [{"secretName": self.name()}]}}
        if kind == "ServiceAccount":
            return {"imagePullSecrets": [{"name": self.name()}]}
        return {}

    def pod(self) -> dict[str, Any]:
        """Return a pod with some of the references that both know."""
        fields = {
            "serviceAccountName": self.name(),
            "imagePullSecrets": [{"name": self.name()}],
            "volumes": [
                {"name": "a", "configMap": {"name": self.name()}},
                {"name": "b", "secret": {"secretName": self.name()}},
                {"name": "c", "persistentVolumeClaim": {"claimName": self.name()}},
                {
                    "name": "d",
                    "projected": {"sources": [{"configMap": {"name": self.name()}}, {"secret": {"name": self.name()}}]},
                },
            ],
            "initContainers": [self.container()],
        }
        chosen = {field: value for field, value in fields.items() if self.random.random() < 0.7}
        return {"containers": [self.container()], **chosen}

    def container(self) -> dict[str, Any]:
        return {
            "name": "main",
            "image": "registry.example.com/a",
            "env": [
                {"name": "A", "valueFrom": {"configMapKeyRef": {"name": self.name(), "key": "k"}}},
                {"name": "B", "valueFrom": {"secretKeyRef": {"name": self.name(), "key": "k"}}},
            ],
            "envFrom": [{"configMapRef": {"name": self.name()}}, {"secretRef": {"name": self.name()}}],
        }

    def name(self) -> str:
        return self.random.choice(NAMES)


def identity(data: dict[str, Any]) -> tuple[str, str, str]:
    metadata = data["metadata"]
    return data["kind"], metadata.get("namespace", ""), metadata["name"]


def as_list(objects: list[dict[str, Any]]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})


def by_kustomize(text: str, folder: Path) -> dict[tuple[str, str, str], Any]:
    (folder / "kustomization.yaml").write_text(KUSTOMIZATION, encoding="utf-8")
    (folder / "objects.json").write_text(text, encoding="utf-8")
    done = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=True)
    return {identity(each.data): without_annotations(each.data) for each in documents(done.stdout)}


def by_us(text: str) -> dict[tuple[str, str, str], Any]:
    options = project(OPTIONS)
    changed = labelled(renamed(documents(text), options).documents, options)
    assert changed.diagnostics == ()
    return {identity(each.data): each.data for each in changed.documents}


def without_annotations(data: Any) -> Any:
    """Return an object of kustomize without the annotations of templates, which we leave alone."""
    spec = data.get("spec", {})
    if data["kind"] in TEMPLATES:
        return {**data, "spec": {**spec, "template": {"spec": spec["template"]["spec"]}}}
    if data["kind"] == "CronJob":
        template = spec["jobTemplate"]["spec"]["template"]
        return {**data, "spec": {"jobTemplate": {"spec": {"template": {"spec": template["spec"]}}}}}
    return data


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on the PATH")
@pytest.mark.parametrize("seed", range(COUNT))
def test_objects_are_named_and_labelled_as_by_kustomize(seed, tmp_path):
    text = as_list(Input(seed).objects())
    assert by_us(text) == by_kustomize(text, tmp_path)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on the PATH")
def test_kustomize_annotates_pod_templates_and_we_do_not(tmp_path):
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "a"},
        "spec": {"template": {"spec": {"containers": []}}},
    }
    (tmp_path / "kustomization.yaml").write_text(KUSTOMIZATION, encoding="utf-8")
    (tmp_path / "objects.json").write_text(as_list([job]), encoding="utf-8")
    done = subprocess.run(["kubectl", "kustomize", str(tmp_path)], capture_output=True, text=True, check=True)
    (annotated,) = documents(done.stdout)
    assert annotated.data["spec"]["template"]["metadata"] == {"annotations": {"example.com/owner": "ml"}}
    (ours,) = by_us(as_list([job])).values()
    assert ours["spec"] == job["spec"]
