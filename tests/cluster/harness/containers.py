"""Starts the container of a pod as a process, with the files, the command and the environment that the pod names.

So each release's watcher runs as its own Job says, wherever that release keeps its program.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.processes import Process

Json = dict[str, Any]
_LABEL = "metadata.labels['"


def spawn_container(plane: ControlPlane, pod: Json, folder: Path) -> Process:
    """Start the only container of a pod whose command is Python; the folder is in the place of its file system."""
    meta, spec = pod["metadata"], pod["spec"]
    (container,) = spec["containers"]
    mounts = _mounted(plane, pod, folder)
    environment = plane.credentials(folder, meta["namespace"], spec["serviceAccountName"])
    environment |= {each["name"]: _value_of(each, meta) for each in container["env"]}
    python, *words = (_outside(word, mounts) for word in container["command"])
    assert python == "python3"
    working = _outside(container.get("workingDir", "/"), mounts)
    command = ["env", f"--chdir={working}", sys.executable, *words, "--credentials", str(folder)]
    return plane.spawn(f"{meta['namespace']}-{meta['name']}", command, environment=environment)


def _mounted(plane: ControlPlane, pod: Json, folder: Path) -> dict[str, Path]:
    """Write the ConfigMaps that the container mounts; return the folder in the place of each path."""
    (container,) = pod["spec"]["containers"]
    volumes = {each["name"]: each for each in pod["spec"]["volumes"]}
    mounts: dict[str, Path] = {}
    for mount in container["volumeMounts"]:
        source = volumes[mount["name"]].get("configMap")
        if source:
            mounts[mount["mountPath"]] = folder / mount["name"]
            _write(plane, source, pod["metadata"]["namespace"], folder / mount["name"])
    return mounts


def _write(plane: ControlPlane, source: Json, namespace: str, folder: Path) -> None:
    """Write the keys of a ConfigMap, or those that the volume picks, each at its path."""
    data = plane.client.get("configmaps", source["name"], namespace=namespace)["data"]
    items = source.get("items") or [{"key": key, "path": key} for key in data]
    for item in items:
        path = folder / item["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data[item["key"]])


def _value_of(variable: Json, meta: Json) -> str:
    """Return the value of a variable: its own, or that of a label of the pod."""
    if "value" in variable:
        return str(variable["value"])
    path = variable["valueFrom"]["fieldRef"]["fieldPath"]
    assert path.startswith(_LABEL), path
    return str(meta["labels"][path.removeprefix(_LABEL).removesuffix("']")])


def _outside(word: str, mounts: Mapping[str, Path]) -> str:
    """Return a path inside the container as it is outside, and any other word as it is."""
    for inside, folder in mounts.items():
        if word == inside or word.startswith(f"{inside}/"):
            return f"{folder}{word.removeprefix(inside)}"
    return word
