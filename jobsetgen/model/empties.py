"""Remove fields whose empty string the API server treats as absent (an unset variable)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# A tree of fields, with those of a list's items directly below the list. None marks a string that
# is absent if it is empty. In other enumerated fields, an empty string is a value, or rejected by
# the API server.
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
    """Return an object of a kind without the fields whose empty string means absent."""
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
