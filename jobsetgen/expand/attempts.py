"""Redirect containers that read the restart attempt.

The controller writes the attempt into labels and annotations when it creates a Job. Objects in Git
cannot contain a value that changes at run time. Containers therefore read it from the watcher's
state, from a key of the set's generation; a container does not start until the key exists. In a
set without a watcher, the attempt is 0, and so is the number of restarts of a single
Job.
"""

from __future__ import annotations

from typing import Any

from jobsetgen.expand.objects import ATTEMPT_KEY, Object
from jobsetgen.kubernetes.field_paths import annotation_path, label_path
from jobsetgen.kubernetes.pods import CONTAINER_FIELDS
from jobsetgen.model import keys
from jobsetgen.model.template import JobTemplate

_SET = frozenset([label_path(keys.RESTART_ATTEMPT), annotation_path(keys.RESTART_ATTEMPT)])
_JOB = frozenset([label_path(keys.JOB_RESTART_ATTEMPT), annotation_path(keys.JOB_RESTART_ATTEMPT)])
_OURS = annotation_path(keys.OUR_RESTART_ATTEMPT)


def reads_attempt(template: JobTemplate) -> bool:
    """Whether a container of a Job reads the restart attempt of the set."""
    return any(_reads(part, _SET) for _, part in template.containers()) or _reads(
        template.pod.get("volumes"), _SET
    )


def redirected(pod: Object, state: str | None) -> tuple[Object, dict[str, str]]:
    """Return a pod's spec that reads the attempt from the state, and the annotations it needs.

    `state` is the name of the state; without one, the attempt is 0. Volume items then read it from
    an annotation, because a file cannot have a literal value.
    """
    changed = dict(pod)
    for field in CONTAINER_FIELDS:
        if field in pod:
            changed[field] = [_container(container, state) for container in pod[field]]
    volumes = pod.get("volumes")
    if state:
        volumes = [_volume(volume, state) for volume in volumes or []]
    if _reads(volumes, _SET | _JOB):
        return {**changed, "volumes": _from_annotation(volumes)}, {keys.OUR_RESTART_ATTEMPT: "0"}
    return ({**changed, "volumes": volumes} if volumes else changed), {}


def _reads(value: Any, paths: frozenset[str]) -> bool:
    """Whether data contains a fieldRef to one of the paths."""
    if isinstance(value, dict):
        return value.get("fieldPath") in paths or any(
            _reads(item, paths) for item in value.values()
        )
    return isinstance(value, list) and any(_reads(item, paths) for item in value)


def _container(container: Object, state: str | None) -> Object:
    if not _reads(container.get("env"), _SET | _JOB):
        return container
    return {**container, "env": [_variable(variable, state) for variable in container["env"]]}


def _variable(variable: Object, state: str | None) -> Object:
    if state and _reads(variable, _SET):
        return {
            "name": variable["name"],
            "valueFrom": {"configMapKeyRef": {"name": state, "key": ATTEMPT_KEY}},
        }
    return {"name": variable["name"], "value": "0"} if _reads(variable, _SET | _JOB) else variable


def _volume(volume: Object, state: str) -> Object:
    """Return a volume that reads the attempt from the state.

    A volume with other items becomes a projected volume.
    """
    if not _reads(volume, _SET):
        return volume
    if "projected" in volume:
        return {**volume, "projected": _projected(volume["projected"], state)}

    own = volume["downwardAPI"]
    mode = _only(own, "defaultMode")
    rest = {key: value for key, value in volume.items() if key != "downwardAPI"}
    sources = _sources({"downwardAPI": {"items": own["items"]}}, state)
    if len(sources) == 1:
        return {**rest, "configMap": {**mode, **sources[0]["configMap"]}}
    return {**rest, "projected": {**mode, "sources": sources}}


def _projected(projected: Object, state: str) -> Object:
    sources = [part for source in projected["sources"] for part in _sources(source, state)]
    return {**projected, "sources": sources}


def _sources(source: Object, state: str) -> list[Object]:
    """Return the replacement of a source of a projected volume: its other items, and the state."""
    own = source.get("downwardAPI")
    if own is None or not _reads(own, _SET):
        return [source]

    others = []
    of_state = []
    for item in own["items"]:
        if _reads(item, _SET):
            of_state.append({"key": ATTEMPT_KEY, **_only(item, "path", "mode")})
        else:
            others.append(item)

    from_state = {"configMap": {"name": state, "items": of_state}}
    if not others:
        return [from_state]
    return [{"downwardAPI": {**own, "items": others}}, from_state]


def _only(data: Object, *fields: str) -> Object:
    return {field: value for field, value in data.items() if field in fields}


def _from_annotation(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get("fieldPath") in _SET | _JOB:
            return {**value, "fieldPath": _OURS}
        return {key: _from_annotation(item) for key, item in value.items()}
    return [_from_annotation(item) for item in value] if isinstance(value, list) else value
