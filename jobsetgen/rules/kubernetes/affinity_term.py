"""JSG353: affinity term."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.affinity import PREFERRED, REQUIRED
from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.kubernetes.names import is_label, is_subdomain
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, mapping, objects, string
from jobsetgen.rules.common.scheduling import expressions, label_keys
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG353", "error", since="0.1", source=UNKNOWN)
def affinity_term(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A term of an affinity is malformed.

    A topologyKey cannot be empty, a weight goes from 1 to 100, and an expression needs values with In and NotIn, and
    none with Exists and DoesNotExist. The matchLabelKeys and mismatchLabelKeys need a labelSelector beside them, and
    matchLabelKeys name labels that neither of both others select by.

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
                          nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In}]}]

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
                          nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In, values: [a]}]}]
    """
    affinity, path = mapping(job.pod, "affinity"), (*job.pod_path, "affinity")
    yield from _node_affinity(mapping(affinity, "nodeAffinity"), (*path, "nodeAffinity"))
    for field in ("podAffinity", "podAntiAffinity"):
        terms = mapping(affinity, field)
        for index, term in objects(terms, REQUIRED):
            yield from _pod_term(job, term, (*path, field, REQUIRED, index))
        for index, weighted in objects(terms, PREFERRED):
            place = (*path, field, PREFERRED, index)
            yield from _weight(weighted, place)
            yield from _pod_term(
                job, mapping(weighted, "podAffinityTerm"), (*place, "podAffinityTerm")
            )


def _node_affinity(affinity: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    required, place = mapping(affinity, REQUIRED), (*path, REQUIRED, "nodeSelectorTerms")
    if "nodeSelectorTerms" in required and not items(required, "nodeSelectorTerms"):
        yield Finding(path=place, message="nodeSelectorTerms is empty; no node would do")
    for index, term in objects(required, "nodeSelectorTerms"):
        yield from expressions(term, (*place, index))
        yield from _node_fields(term, (*place, index))
    for index, weighted in objects(affinity, PREFERRED):
        place = (*path, PREFERRED, index)
        yield from _weight(weighted, place)
        # Of what is only preferred the API server does not look at the values.
        yield from expressions(
            mapping(weighted, "preference"), (*place, "preference"), values=False
        )
        yield from _node_fields(mapping(weighted, "preference"), (*place, "preference"))


def _weight(term: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    weight = term.get("weight")
    if isinstance(weight, int) and not 1 <= weight <= 100:
        yield Finding(
            path=(*path, "weight"), message=f"the weight is {weight}, but must be from 1 to 100"
        )


def _pod_term(job: JobTemplate, term: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    key = term.get("topologyKey")
    if key == "":
        yield Finding(path=(*path, "topologyKey"), message="the topologyKey is empty")
    elif isinstance(key, str) and (reason := bad_label_key(key)):
        yield Finding(
            path=(*path, "topologyKey"),
            message=f"'{key}' cannot be the key of a node label: {reason}",
        )
    for field in ("labelSelector", "namespaceSelector"):
        yield from expressions(mapping(term, field), (*path, field))
    yield from label_keys(job, term, path)
    for index, name in enumerate(items(term, "namespaces")):
        if isinstance(name, str) and not is_label(name):
            yield Finding(
                path=(*path, "namespaces", index),
                message=f"'{name}' cannot be the name of a namespace",
            )


def _node_fields(term: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    for index, field in objects(term, "matchFields"):
        place, operator, values = (
            (*path, "matchFields", index),
            string(field, "operator"),
            items(field, "values"),
        )
        if string(field, "key", "metadata.name") != "metadata.name":
            message = f"'{field['key']}' is no field of a node to match; only metadata.name is"
            yield Finding(path=(*place, "key"), message=message)
        if operator not in ("In", "NotIn", ""):
            message = f"matchFields takes the operators In and NotIn, not {operator}"
            yield Finding(path=(*place, "operator"), message=message)
        elif len(values) != 1:
            yield Finding(path=(*place, "values"), message="matchFields needs exactly one value")
        for inner, value in enumerate(values):
            if isinstance(value, str) and not is_subdomain(value):
                yield Finding(
                    path=(*place, "values", inner),
                    message=f"'{value}' cannot be the name of a node",
                )
