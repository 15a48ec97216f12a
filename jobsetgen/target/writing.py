"""Write JobSets as the API server would store them, with the options of the build.

The defaults are those of JobSet's CRD and its mutating webhook, as in JobSet 0.12. Defaults of the
API server for Job and pod templates are not written: the controller's Jobs get them anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Diagnostic, Finding
from jobsetgen.kubernetes.labels import MAX_ANNOTATIONS, annotations_size
from jobsetgen.model.jobset import FailurePolicy, JobSet, ReplicatedJob
from jobsetgen.model.unit import Unit
from jobsetgen.options.row import Option
from jobsetgen.options.table import Settings
from jobsetgen.options.writing import content_of
from jobsetgen.plain import items, mapping
from jobsetgen.target.codes import LOST_OPTION
from jobsetgen.target.keys import CARRIED, text_of

_Object = dict[str, Any]
_NAMESPACE = "jobsetgen.io/namespace"


class CarriedOptions(NamedTuple):
    """The annotations that every JobSet of an output gets, and notices of those without room."""

    annotations: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...] = ()


def carried_options(
    jobsets: Sequence[Unit], others: Iterable[Mapping[str, Any]], settings: Settings
) -> CarriedOptions:
    """Return the options that differ from their defaults, as annotations of JobSets.

    The namespace is in the JobSets themselves; it is an annotation as well if an object among the
    `others` has none, because it is then that object's namespace.
    """
    if not jobsets:
        return CarriedOptions({})
    fullest = max(jobsets, key=_size_of_own)
    room = MAX_ANNOTATIONS - _size_of_own(fullest)
    needs_namespace = not all(mapping(each, "metadata").get("namespace") for each in others)
    annotations: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    for key, text in _chosen(settings):
        if key == _NAMESPACE and not needs_namespace:
            continue
        size = annotations_size({key: text})
        if size > room:
            diagnostics.append(_lost(fullest, key, size, room))
            continue
        annotations[key] = text
        room -= size
    return CarriedOptions(annotations, tuple(diagnostics))


def _chosen(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield each option that differs from its default, as an annotation."""
    content = content_of(settings)
    for key, row in CARRIED.items():
        section, name = _section(content, row), row.path[-1]
        if name in section:
            yield key, text_of(row, section[name])


def _section(content: Mapping[str, Any], row: Option) -> Mapping[str, Any]:
    """Return the part of a jobsetgen.yaml that has an option."""
    return mapping(content, row.path[0]) if len(row.path) > 1 else content


def _lost(unit: Unit, key: str, size: int, room: int) -> Diagnostic:
    message = (
        f"the option {key.partition('/')[2]} is lost: as an annotation it needs {size:,} bytes, but"
        f" this JobSet has room for {room:,}"
    )
    hint = "Set it in a jobsetgen.yaml beside the JobSets."
    return unit.document.diagnostic(LOST_OPTION, Finding(("metadata",), message, hint))


def _size_of_own(unit: Unit) -> int:
    return annotations_size(_own_annotations(unit))


def _own_annotations(unit: Unit) -> _Object:
    """Return a JobSet's annotations without the options that it carries already."""
    annotations = mapping(mapping(unit.data, "metadata"), "annotations")
    return {key: text for key, text in annotations.items() if key not in CARRIED}


def defaulted(unit: Unit, jobset: JobSet, carried: Mapping[str, str]) -> _Object:
    """Return the JobSet of a unit with JobSet's defaults and the overrides of the build."""
    metadata: _Object = {
        **mapping(unit.data, "metadata"),
        "annotations": {**_own_annotations(unit), **carried},
    }
    if not metadata["annotations"]:
        del metadata["annotations"]
    if jobset.namespace:
        metadata["namespace"] = jobset.namespace
    return {**unit.data, "metadata": metadata, "spec": _spec(mapping(unit.data, "spec"), jobset)}


def _spec(spec: Mapping[str, Any], jobset: JobSet) -> _Object:
    found: _Object = {
        "startupPolicy": {"startupPolicyOrder": "AnyOrder"},
        "successPolicy": {"operator": "All"},
        **spec,
        "network": {
            "enableDNSHostnames": True,
            "publishNotReadyAddresses": True,
            **mapping(spec, "network"),
        },
    }
    if jobset.failure_policy:
        policy = mapping(spec, "failurePolicy")
        found["failurePolicy"] = _failure_policy(policy, jobset.failure_policy)
    if "replicatedJobs" in spec:
        pairs = zip(items(spec, "replicatedJobs"), jobset.replicated_jobs, strict=True)
        found["replicatedJobs"] = [_replicated_job(written, each) for written, each in pairs]
    if "volumeClaimPolicies" in spec:
        policies = items(spec, "volumeClaimPolicies")
        found["volumeClaimPolicies"] = [_claim_policy(each) for each in policies]
    return found


def _failure_policy(written: Mapping[str, Any], policy: FailurePolicy) -> _Object:
    found: _Object = {"restartStrategy": "Recreate", **written}
    if "rules" in written:
        pairs = zip(items(written, "rules"), policy.rules, strict=True)
        found["rules"] = [{**rule, "name": each.name} for rule, each in pairs]
    return found


def _replicated_job(written: Mapping[str, Any], each: ReplicatedJob) -> _Object:
    return {
        "groupName": "default",
        **written,
        "replicas": each.replicas,
        "template": {**mapping(written, "template"), "spec": each.template.spec},
    }


def _claim_policy(written: Mapping[str, Any]) -> _Object:
    retention = {"whenDeleted": "Delete", **mapping(written, "retentionPolicy")}
    return {**written, "retentionPolicy": retention}
