"""Fields whose empty text the API server takes as none: a variable that was never set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# A tree of fields, those of a list's items right below the list. None stands for a text that counts
# only if it has some. In other fields of few values an empty text is a value, or none that the API
# server takes.
_Fields = Mapping[str, Any]

_ACTION: _Fields = {"httpGet": {"scheme": None}}
_CONTAINER: _Fields = {
    "imagePullPolicy": None,
    "terminationMessagePolicy": None,
    "ports": {"protocol": None},
    "livenessProbe": _ACTION,
    "readinessProbe": _ACTION,
    "startupProbe": _ACTION,
    "lifecycle": {"postStart": _ACTION, "preStop": _ACTION},
}
_POD: _Fields = {
    "restartPolicy": None,
    "dnsPolicy": None,
    "initContainers": _CONTAINER,
    "containers": _CONTAINER,
    "volumes": {"image": {"pullPolicy": None}},
}
_JOB: _Fields = {
    "podFailurePolicy": {"rules": {"onPodConditions": {"status": None}}},
    "template": {"spec": _POD},
}
_KINDS: Mapping[str, _Fields] = {
    "Job": {"spec": _JOB},
    "JobSet": {"spec": {"replicatedJobs": {"template": {"spec": _JOB}}}},
    "RoleBinding": {"roleRef": {"apiGroup": None}},
    "Service": {
        "spec": {
            "type": None,
            "sessionAffinity": None,
            "externalTrafficPolicy": None,
            "ports": {"protocol": None},
        }
    },
}


def without_empties(data: Any, kind: str) -> Any:
    """Return an object of a kind without the fields whose empty text means none."""
    return _without(data, _KINDS[kind]) if kind in _KINDS else data


def _without(value: Any, fields: _Fields) -> Any:
    if isinstance(value, list):
        return [_without(item, fields) for item in value]
    if not isinstance(value, Mapping):
        return value
    kept = dict(value)
    for name in fields.keys() & value.keys():
        inner = fields[name]
        if inner is not None:
            kept[name] = _without(value[name], inner)
        elif value[name] == "":
            del kept[name]
    return kept
