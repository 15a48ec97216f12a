"""Describe the storage of a replicatedJob's pods: what each volume is, and where it is mounted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jobsetgen.model.jobset import JobSet
from jobsetgen.model.template import JobTemplate
from jobsetgen.naming import claim_name
from jobsetgen.plain import boolean, mapping, objects, string

# Volumes with configuration instead of data.
_CONFIGURATION = frozenset(["configMap", "secret", "downwardAPI", "projected"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A volume of a pod: its name, what it is in words, and the paths where it is mounted."""

    name: str
    source: str
    paths: tuple[str, ...]


def volumes(jobset: JobSet, template: JobTemplate) -> Iterator[Volume]:
    """Yield the volumes of a Job's pods that hold data.

    Those of the set's own claims, which containers mount by name, come first.
    """
    paths = _mount_paths(template)
    for claim in jobset.claims:
        if claim.name in paths:
            source = f"claim {claim_name(claim.name, jobset.name)}{_size(claim.spec)}"
            yield Volume(name=claim.name, source=source, paths=paths[claim.name])
    for _, volume in objects(template.pod, "volumes"):
        kind = _kind(volume)
        if kind not in _CONFIGURATION:
            name = string(volume, "name")
            source = _source(kind, mapping(volume, kind))
            yield Volume(name=name, source=source, paths=paths.get(name, ()))


def _mount_paths(template: JobTemplate) -> dict[str, tuple[str, ...]]:
    """Return the paths by the name of the volume, each once, in the order of the containers."""
    found: dict[str, dict[str, None]] = {}
    for _, container in template.containers():
        for _, mount in objects(container, "volumeMounts"):
            found.setdefault(string(mount, "name"), {})[string(mount, "mountPath")] = None
    return {name: tuple(paths) for name, paths in found.items()}


def _kind(volume: Mapping[str, Any]) -> str:
    """Return the field that says what a volume is; without one, it is an empty folder."""
    return next((field for field in volume if field != "name"), "emptyDir")


def _source(kind: str, value: Mapping[str, Any]) -> str:
    describe = _SOURCES.get(kind)
    return describe(value) if describe else kind


def _claim(value: Mapping[str, Any]) -> str:
    suffix = ", read-only" if boolean(value, "readOnly", False) else ""
    return f"claim {string(value, 'claimName')}{suffix}"


def _ephemeral(value: Mapping[str, Any]) -> str:
    return f"a claim for each pod{_size(mapping(mapping(value, 'volumeClaimTemplate'), 'spec'))}"


def _empty_dir(value: Mapping[str, Any]) -> str:
    place = "in memory" if string(value, "medium") == "Memory" else "on the node"
    limit = value.get("sizeLimit")
    return f"emptyDir {place}{f', at most {limit}' if limit is not None else ''}"


def _size(claim: Mapping[str, Any]) -> str:
    """Return the size and the class of a claim in parentheses, those that it has."""
    size = mapping(mapping(claim, "resources"), "requests").get("storage")
    class_name = string(claim, "storageClassName")
    facts = [str(size)] if size is not None else []
    facts += [f"class {class_name}"] if class_name else []
    return f" ({', '.join(facts)})" if facts else ""


_SOURCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "persistentVolumeClaim": _claim,
    "ephemeral": _ephemeral,
    "emptyDir": _empty_dir,
    "hostPath": lambda value: f"hostPath {string(value, 'path')}",
    "nfs": lambda value: f"NFS {string(value, 'server')}:{string(value, 'path')}",
    "csi": lambda value: f"CSI volume of {string(value, 'driver')}",
    "image": lambda value: f"image {string(value, 'reference')}",
}
