"""Containers that read the restart attempt.

The controller writes the attempt into labels and annotations when it creates a Job. What Git owns
cannot hold a value that changes at run time. So a container reads it from the state that the
watcher keeps, under a key of the set's generation: while the key is not there, the container does
not start. In a set without a watcher the attempt is 0, as is the number of restarts of a single
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
    """Whether a container of a Job reads how often the set was restarted."""
    return any(_reads(part, _SET) for _, part in template.containers()) or _reads(
        template.pod.get("volumes"), _SET
    )


def redirected(pod: Object, state: str | None) -> tuple[Object, dict[str, str]]:
    """Return a pod's spec whose readers of the attempt find it in a state, and pod annotations.

    `state` is its name; without one they find a 0. Volume items read it from the annotation, as a
    file has no place for a literal.
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
    """Whether a fieldRef to one of the paths stands anywhere in this data."""
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
    """Return a volume that has the attempt from the state.

    One that has other items, too, becomes a projected one.
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
    """Return what a source of a projected volume becomes: what is left of it, and the state."""
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
