"""Which of the fields that others have changed in live Jobs a restart keeps to.

A Job may be of whoever has created its name first. So what decides which account a pod has, and
what it may do to its node, is as the plan has it, unless an option of the set says otherwise. The
fields are a list of those that are kept: what a later version of Kubernetes adds is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from .contract import Json
from .formats import compact

_OF_A_JOB = frozenset(
    [
        "backoffLimit",
        "backoffLimitPerIndex",
        "completionMode",
        "completions",
        "maxFailedIndexes",
        "parallelism",
        "podFailurePolicy",
        "podReplacementPolicy",
        "successPolicy",
    ]
)
_OF_PODS = frozenset(
    [
        "activeDeadlineSeconds",
        "affinity",
        "dnsConfig",
        "dnsPolicy",
        "enableServiceLinks",
        "imagePullSecrets",
        "nodeSelector",
        "os",
        "overhead",
        "preemptionPolicy",
        "priority",
        "priorityClassName",
        "readinessGates",
        "resourceClaims",
        "resources",
        "restartPolicy",
        "schedulerName",
        "schedulingGates",
        "setHostnameAsFQDN",
        "subdomain",
        "terminationGracePeriodSeconds",
        "tolerations",
        "topologySpreadConstraints",
    ]
)
_OF_A_CONTAINER = frozenset(
    [
        "args",
        "command",
        "env",
        "envFrom",
        "image",
        "imagePullPolicy",
        "lifecycle",
        "livenessProbe",
        "name",
        "ports",
        "readinessProbe",
        "resizePolicy",
        "resources",
        "restartPolicy",
        "restartPolicyRules",
        "startupProbe",
        "stdin",
        "stdinOnce",
        "terminationMessagePath",
        "terminationMessagePolicy",
        "tty",
        "volumeMounts",
        "workingDir",
    ]
)
_OF_A_PORT = frozenset(["containerPort", "name", "protocol"])
# Those that the Pod Security Standard "restricted" allows.
_OF_A_VOLUME = frozenset(
    [
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "name",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ]
)
# Annotations of pods that were fields of a securityContext before there were such fields.
_OF_SECURITY = (
    "container.apparmor.security.beta.kubernetes.io/",
    "container.seccomp.security.alpha.kubernetes.io/",
    "seccomp.security.alpha.kubernetes.io/",
)
_CONTAINERS = ("initContainers", "containers")
_USES = ("volumeMounts", "volumeDevices")  # of volumes
_SHOWN = 40  # characters of a value


class Carried:
    """What is kept of one live Job, and the paths of what is not."""

    def __init__(self, more: Iterable[str]) -> None:
        """Keep the usual fields, and more, by their names."""
        self.more = frozenset(more)
        if "serviceAccountName" in self.more:
            self.more |= {"serviceAccount"}  # the same field by its old name
        self.left_out: list[str] = []

    def spec(self, planned: Json, live: Json) -> Json:
        """Return the spec of a live Job with the plan's values in fields that are not kept."""
        kept = self._fields(planned, live, _OF_A_JOB | {"template"}, "spec")
        template = {**live["template"]}
        ours = planned["template"]["spec"]
        template["spec"] = self._pods(ours, live["template"]["spec"])
        if "metadata" in template:
            notes = planned["template"].get("metadata") or {}
            template["metadata"] = self._metadata(notes, template["metadata"])
        return {**kept, "template": template}

    def _metadata(self, planned: Json, live: Json) -> Json:
        """Return the metadata of pods, with the plan's annotations of security."""
        ours, found = (each.get("annotations") or {} for each in (planned, live))
        kept = {**found}
        for key in sorted({*ours, *found}):
            is_kept = not key.startswith(_OF_SECURITY) or "securityContext" in self.more
            if is_kept or found.get(key) == ours.get(key):
                continue
            self._leave_out("spec.template.metadata.annotations", key, found.get(key))
            kept.pop(key, None)
            if key in ours:
                kept[key] = ours[key]
        return live if kept == found else {**live, "annotations": kept}

    def _pods(self, planned: Json, live: Json) -> Json:
        """Return the spec of pods: field by field, and lists of named items item by item."""
        place = "spec.template.spec"
        kept = self._fields(planned, live, {*_OF_PODS, *_CONTAINERS, "volumes"}, place)
        for field in _CONTAINERS:
            if field in kept:
                ours = _by_name(planned.get(field))
                kept[field] = [
                    self._container(each, ours, f"{place}.{field}") for each in live[field]
                ]
        self._fit_volumes(kept, _by_name(planned.get("volumes")))
        return kept

    # --- Volumes ----------------------------------------------------------------------------------
    def _fit_volumes(self, kept: Json, planned: Mapping[str, Json]) -> None:
        """Keep volumes, those of the plan that kept fields use, and no use of one that is gone."""
        containers = [each for field in _CONTAINERS for each in kept.get(field) or ()]
        used = {name for each in containers for name in _used_by(each)}
        live = kept.get("volumes") or []
        missing = used - _by_name(live).keys()
        ours = [planned[name] for name in planned if name in missing]
        there = self._volumes(planned, live) + ours
        if there or "volumes" in kept:
            kept["volumes"] = there
        for field in _CONTAINERS:
            if field in kept:
                kept[field] = [_using(each, set(_by_name(there))) for each in kept[field]]

    def _volumes(self, planned: Mapping[str, Json], live: list[Json]) -> list[Json]:
        """Return the volumes: one from elsewhere than is kept is the plan's, or not there."""
        kept = [self._volume(planned.get(each["name"]), each) for each in live]
        return [each for each in kept if each]

    def _volume(self, planned: Json | None, live: Json) -> Json | None:
        """Return a volume, the plan's of its name, or None."""
        sources = _sources(live)
        wrong = sources.keys() - _OF_A_VOLUME - self.more
        if not wrong or live == planned:
            return live
        place = f"spec.template.spec.volumes[{live['name']}]"
        self._leave_out(place, min(wrong), sources[min(wrong)])
        return planned

    # --- Containers -------------------------------------------------------------------------------
    def _container(self, live: Json, planned: Mapping[str, Json], place: str) -> Json:
        """Return a container; one that the plan has not is kept as far as its fields are."""
        ours = planned.get(live["name"], {})
        inside = f"{place}[{live['name']}]"
        kept = self._fields(ours, live, _OF_A_CONTAINER, inside)
        if "ports" in kept:
            known = ours.get("ports") or []
            kept["ports"] = [self._port(each, known, inside) for each in kept["ports"]]
        return kept

    def _port(self, port: Json, planned: list[Json], place: str) -> Json:
        """Return a port, and if it is not the plan's, without what it takes of the node."""
        wrong = set(port) - _OF_A_PORT - self.more
        if not wrong or port in planned:
            return port
        self._leave_out(f"{place}.ports", min(wrong), port[min(wrong)])
        return {key: value for key, value in port.items() if key not in wrong}

    # --- Fields -----------------------------------------------------------------------------------
    def _fields(self, planned: Json, live: Json, usual: Collection[str], place: str) -> Json:
        """Return the fields of a live object, those that are not kept as the plan has them."""
        kept = {}
        for field in [*live, *(field for field in planned if field not in live)]:
            ours = planned.get(field)
            is_kept = field in usual or field in self.more or live.get(field) == ours
            if not is_kept:
                self._leave_out(place, field, live.get(field))
            source = live if is_kept else planned
            if field in source:
                kept[field] = source[field]
        return kept

    def _leave_out(self, place: str, field: str, value: Any) -> None:
        """Note a field that is not kept, and its value."""
        shown = "absent" if value is None else compact(value)[:_SHOWN]
        self.left_out.append(f"{place}.{field} ({shown})")


def _by_name(items: list[Json] | None) -> dict[str, Json]:
    """Return items by their names."""
    return {each["name"]: each for each in items or []}


def _sources(volume: Json) -> Json:
    """Return where a volume's content is from; of a projected one, where each part is from."""
    parts = (volume.get("projected") or {}).get("sources") or []
    return {**volume, **{source: value for part in parts for source, value in part.items()}}


def _used_by(container: Json) -> list[str]:
    """Return the names of the volumes that a container uses."""
    return [use["name"] for field in _USES for use in container.get(field) or ()]


def _using(container: Json, volumes: set[str]) -> Json:
    """Return a container that uses no other volumes: the API refuses one that is not there."""
    kept = {**container}
    for field in _USES:
        if field in kept:
            kept[field] = [each for each in kept[field] if each["name"] in volumes]
    return kept
