"""JSG353: affinity term."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.affinity import PREFERRED, REQUIRED
from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.kubernetes.names import MAX_LABEL, is_label, is_subdomain
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, mapping, objects, string
from jobsetgen.rules.common.scheduling import expression_findings, label_key_findings
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG353",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateAffinity"),
)
def affinity_term(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A term of an affinity is malformed.

    A topologyKey cannot be empty, a weight is from 1 to 100, and an expression needs values with In
    and NotIn, and none with Exists and DoesNotExist. matchLabelKeys and mismatchLabelKeys need a
    labelSelector, and a key of matchLabelKeys cannot be in either of the other two.

    Error because every API server refuses the Job or each of its pods, or no node ever matches.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    affinity:
                      nodeAffinity:
                        requiredDuringSchedulingIgnoredDuringExecution:
                          nodeSelectorTerms:
                          - matchExpressions: [{key: zone, operator: In}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    affinity:
                      nodeAffinity:
                        requiredDuringSchedulingIgnoredDuringExecution:
                          nodeSelectorTerms:
                          - matchExpressions: [{key: zone, operator: In, values: [a]}]
    """
    affinity = mapping(job.pod, "affinity")
    path = (*job.pod_path, "affinity")
    node_affinity = mapping(affinity, "nodeAffinity")
    yield from _required_nodes(node_affinity, (*path, "nodeAffinity", REQUIRED))
    yield from _preferred_nodes(node_affinity, (*path, "nodeAffinity", PREFERRED))

    for field in ("podAffinity", "podAntiAffinity"):
        terms = mapping(affinity, field)
        for index, term in objects(terms, REQUIRED):
            yield from _pod_term(job, term, (*path, field, REQUIRED, index))
        for index, weighted in objects(terms, PREFERRED):
            place = (*path, field, PREFERRED, index)
            yield from _weight(weighted, place)
            term = mapping(weighted, "podAffinityTerm")
            yield from _pod_term(job, term, (*place, "podAffinityTerm"))


def _required_nodes(node_affinity: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    required = mapping(node_affinity, REQUIRED)
    place = (*path, "nodeSelectorTerms")
    if "nodeSelectorTerms" in required and not items(required, "nodeSelectorTerms"):
        yield Finding(path=place, message="nodeSelectorTerms is empty and matches no node")
    for index, term in objects(required, "nodeSelectorTerms"):
        yield from expression_findings(term, (*place, index))
        yield from _match_fields(term, (*place, index, "matchFields"))


def _preferred_nodes(node_affinity: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    for index, weighted in objects(node_affinity, PREFERRED):
        yield from _weight(weighted, (*path, index))
        preference = mapping(weighted, "preference")
        place = (*path, index, "preference")
        # The API server does not look at the values of what is only preferred.
        yield from expression_findings(preference, place, values=False)
        yield from _match_fields(preference, (*place, "matchFields"))


def _weight(term: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    weight = term.get("weight")
    if isinstance(weight, int) and not 1 <= weight <= 100:
        message = f"the weight is {weight}, but must be from 1 to 100"
        yield Finding(path=(*path, "weight"), message=message)


def _pod_term(job: JobTemplate, term: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    yield from _topology_key(term.get("topologyKey"), (*path, "topologyKey"))
    for field in ("labelSelector", "namespaceSelector"):
        yield from expression_findings(mapping(term, field), (*path, field))
    yield from label_key_findings(job, term, path)

    for index, name in enumerate(items(term, "namespaces")):
        if isinstance(name, str) and not is_label(name):
            message = (
                f"invalid namespace '{name}': must consist of at most {MAX_LABEL} lower-case"
                " letters, digits and dashes"
            )
            yield Finding(path=(*path, "namespaces", index), message=message)


def _topology_key(key: object, path: Path) -> Iterator[Finding]:
    if not isinstance(key, str):
        return
    if not key:
        yield Finding(path=path, message="the topologyKey is empty")
        return
    reason = bad_label_key(key)
    if reason:
        yield Finding(path=path, message=f"invalid topologyKey '{key}': {reason}")


def _match_fields(term: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    for index, field in objects(term, "matchFields"):
        place = (*path, index)
        key = string(field, "key", "metadata.name")
        if key != "metadata.name":
            message = f"matchFields takes the key metadata.name, not '{key}'"
            yield Finding(path=(*place, "key"), message=message)

        operator = string(field, "operator")
        if operator not in ("In", "NotIn", ""):
            message = f"matchFields takes the operators In and NotIn, not {operator}"
            yield Finding(path=(*place, "operator"), message=message)
        elif len(items(field, "values")) != 1:
            yield Finding(path=(*place, "values"), message="matchFields needs exactly one value")
        yield from _node_names(items(field, "values"), (*place, "values"))


def _node_names(names: list[Any], path: Path) -> Iterator[Finding]:
    for index, name in enumerate(names):
        if isinstance(name, str) and not is_subdomain(name):
            message = (
                f"invalid node name '{name}': must consist of lower-case letters, digits, dashes"
                " and dots"
            )
            yield Finding(path=(*path, index), message=message)
