"""Read from the API types in the Go module cache how lists are merged."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

_CACHE = Path(os.environ.get("GOMODCACHE", Path.home() / "go" / "pkg" / "mod"))
_STRUCT = re.compile(r"^type (\w+) struct \{\n(.*?)^\}", re.M | re.S)
_FIELD = re.compile(r'^\t(\w+\s+)?([\w.\[\]*{}]+)\s+`json:"(\w*),?[^"]*"([^`]*)`')
_MARKER = re.compile(r"^\t// \+(listMapKey)=(\w+)", re.M)
_TAG = re.compile(r'(\w+):"([^"]*)"')


class Field(NamedTuple):
    """A field of a type: the type of its value or items, and the keys of a list that is merged.

    `keys` is None for a value that is no merged list, and empty for a merged list of texts.
    """

    of: str
    is_list: bool
    keys: tuple[str, ...] | None


def packages() -> dict[str, Path]:
    """Return the folders of the API types by their import names, without those that are not there."""
    found = {}
    for name, pattern in {
        "metav1": "k8s.io/apimachinery@*/pkg/apis/meta/v1",
        "v1": "k8s.io/api@*/core/v1",
        "batchv1": "k8s.io/api@*/batch/v1",
        "appsv1": "k8s.io/api@*/apps/v1",
        "rbacv1": "k8s.io/api@*/rbac/v1",
        "networkingv1": "k8s.io/api@*/networking/v1",
        "policyv1": "k8s.io/api@*/policy/v1",
        "schedulingv1": "k8s.io/api@*/scheduling/v1",
        "schedulingv1beta1": "k8s.io/api@*/scheduling/v1beta1",
        "admissionregistrationv1": "k8s.io/api@*/admissionregistration/v1",
        "storagev1": "k8s.io/api@*/storage/v1",
        "autoscalingv2": "k8s.io/api@*/autoscaling/v2",
        "resourcev1": "k8s.io/api@*/resource/v1",
        "jobset": "sigs.k8s.io/jobset@*/api/jobset/v1alpha2",
    }.items():
        folders = sorted(_CACHE.glob(pattern), key=_version)
        if folders:
            found[name] = folders[-1]
    return found


def _version(folder: Path) -> list[int]:
    return [int(each) for each in re.findall(r"\d+", str(folder).partition("@")[2])]


def types() -> dict[str, dict[str, Field]]:
    """Return all types by their qualified name, each with its fields by their JSON name."""
    found = {}
    for package, folder in packages().items():
        for path in sorted(folder.glob("*types.go")):
            for name, body in _STRUCT.findall(path.read_text()):
                found[f"{package}.{name}"] = _fields(package, body)
    return found


def _fields(package: str, body: str) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    comments = ""
    for line in body.splitlines(keepends=True):
        if line.strip().startswith("//"):
            comments += line
            continue
        if match := _FIELD.match(line):
            _, go_type, name, tags = match.groups()
            fields[name or f"<{go_type}>"] = _field(package, go_type, dict(_TAG.findall(tags)), comments)
        comments = ""
    return fields


def _field(package: str, go_type: str, tags: dict[str, str], comments: str) -> Field:
    is_list = "[]" in go_type
    bare = go_type.replace("*", "").replace("[]", "")
    bare = bare.replace("corev1.", "v1.")
    of = bare if "." in bare else f"{package}.{bare}"
    keys = None
    if "merge" in tags.get("patchStrategy", "").split(",") and is_list:
        key = tags.get("patchMergeKey")
        several = tuple(found for _, found in _MARKER.findall(comments))
        keys = several or ((key,) if key else ())
    return Field(of, is_list, keys)
