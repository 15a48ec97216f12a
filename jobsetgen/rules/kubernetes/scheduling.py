"""Where a pod may run: tolerations, affinity, spreading, gates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.affinity import PREFERRED, REQUIRED
from jobsetgen.kubernetes.labels import bad_label_key, bad_label_value
from jobsetgen.kubernetes.names import is_label, is_subdomain
from jobsetgen.kubernetes.tolerations import toleration_problems
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, mapping, objects, string, strings
from jobsetgen.rules.rule import findings, job_rule


@job_rule("JSG352", "toleration")
def toleration(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A toleration contradicts itself, or its key or value is malformed.

    The operator Exists takes no value, Gt and Lt take a whole number; without a key only Exists is possible;
    tolerationSeconds needs the effect NoExecute.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {tolerations: [{key: google.com/tpu, operator: Exists, value: present}]}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {tolerations: [{key: google.com/tpu, operator: Exists}]}}}}
    """
    for index, each in objects(job.pod, "tolerations"):
        yield from findings(toleration_problems(each), (*job.pod_path, "tolerations", index))


@job_rule("JSG353", "affinity-term")
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
        yield from _expressions(term, (*place, index))
        yield from _node_fields(term, (*place, index))
    for index, weighted in objects(affinity, PREFERRED):
        place = (*path, PREFERRED, index)
        yield from _weight(weighted, place)
        # Of what is only preferred the API server does not look at the values.
        yield from _expressions(
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
        yield from _expressions(mapping(term, field), (*path, field))
    yield from _label_keys(job, term, path)
    for index, name in enumerate(items(term, "namespaces")):
        if isinstance(name, str) and not is_label(name):
            yield Finding(
                path=(*path, "namespaces", index),
                message=f"'{name}' cannot be the name of a namespace",
            )


def _label_keys(job: JobTemplate, term: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the keys whose values a selector takes from the pod itself."""
    selector, mismatch = mapping(term, "labelSelector"), strings(term, "mismatchLabelKeys")
    selected = {*mapping(selector, "matchLabels")}
    selected |= {
        string(expression, "key") for _, expression in objects(selector, "matchExpressions")
    }
    for field in ("matchLabelKeys", "mismatchLabelKeys"):
        if items(term, field) and "labelSelector" not in term:
            yield Finding(
                path=(*path, field), message=f"{field} needs a labelSelector beside it", on_key=True
            )
            continue
        for index, key in enumerate(items(term, field)):
            place = (*path, field, index)
            if not isinstance(key, str):
                continue
            if reason := bad_label_key(key):
                yield Finding(path=place, message=f"'{key}' cannot be the key of a label: {reason}")
            elif field == "matchLabelKeys" and key in mismatch:
                yield Finding(
                    path=place, message=f"{key} is both in matchLabelKeys and in mismatchLabelKeys"
                )
            elif field == "matchLabelKeys" and key in selected and key in job.pod_labels:
                # A pod's label becomes an expression of the selector, which can have only one about it.
                yield Finding(
                    path=place, message=f"{key} is both in matchLabelKeys and in the labelSelector"
                )


def _expressions(
    selector: Mapping[str, Any], path: Path, *, values: bool = True
) -> Iterator[Finding]:
    """Yield what is wrong with the matchExpressions of a selector, or of a term of nodes."""
    for index, expression in objects(selector, "matchExpressions"):
        place = (*path, "matchExpressions", index)
        operator, count = string(expression, "operator"), len(items(expression, "values"))
        key = expression.get("key")
        if isinstance(key, str) and (reason := bad_label_key(key)):
            yield Finding(
                path=(*place, "key"), message=f"'{key}' cannot be the key of a label: {reason}"
            )
        if operator in ("In", "NotIn") and not count:
            yield Finding(path=(*place, "values"), message=f"the operator {operator} needs values")
        elif operator in ("Exists", "DoesNotExist") and count:
            yield Finding(
                path=(*place, "values"), message=f"the operator {operator} takes no values"
            )
        elif operator in ("Gt", "Lt") and count != 1:
            yield Finding(
                path=(*place, "values"), message=f"the operator {operator} needs exactly one value"
            )
        for inner, value in enumerate(items(expression, "values") if values else ()):
            if isinstance(value, str) and (reason := bad_label_value(value)):
                message = f"'{value}' cannot be the value of a label: {reason}"
                yield Finding(path=(*place, "values", inner), message=message)


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


@job_rule("JSG354", "topology-spread")
def topology_spread(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A topologySpreadConstraint has a maxSkew below 1, no topologyKey, or stands there twice.

    minDomains is at least 1, and only for DoNotSchedule. The matchLabelKeys need a labelSelector beside them, which
    does not select by the same labels.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    topologySpreadConstraints:
                    - {maxSkew: 0, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    topologySpreadConstraints:
                    - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule}
    """
    seen: set[tuple[str, str]] = set()
    for index, each in objects(job.pod, "topologySpreadConstraints"):
        path = (*job.pod_path, "topologySpreadConstraints", index)
        for field in ("maxSkew", "minDomains"):
            number = each.get(field)
            if isinstance(number, int) and number < 1:
                yield Finding(
                    path=(*path, field), message=f"{field} is {number}, but must be at least 1"
                )
        if each.get("topologyKey") == "":
            yield Finding(path=(*path, "topologyKey"), message="the topologyKey is empty")
        pair = (string(each, "topologyKey"), string(each, "whenUnsatisfiable"))
        if all(pair) and pair in seen:
            message = (
                f"two topologySpreadConstraints have the topologyKey {pair[0]} and"
                f" whenUnsatisfiable {pair[1]}"
            )
            yield Finding(path=path, message=message)
        seen.add(pair)
        if "minDomains" in each and pair[1] == "ScheduleAnyway":
            message = "minDomains needs whenUnsatisfiable DoNotSchedule"
            yield Finding(path=(*path, "minDomains"), message=message)
        yield from _expressions(mapping(each, "labelSelector"), (*path, "labelSelector"))
        yield from _label_keys(job, each, path)


@job_rule("JSG355", "scheduling-gate")
def scheduling_gate(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A scheduling gate's name is malformed or there twice, or a gated pod names its node.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {schedulingGates: [{name: example.com/a}, {name: example.com/a}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {schedulingGates: [{name: example.com/hold}]}}}}
    """
    seen: set[str] = set()
    for index, gate in objects(job.pod, "schedulingGates"):
        name, path = string(gate, "name"), (*job.pod_path, "schedulingGates", index, "name")
        if name in seen:
            yield Finding(path=path, message=f"the scheduling gate {name} is here twice")
        elif reason := bad_label_key(name):
            yield Finding(
                path=path, message=f"'{name}' cannot be the name of a scheduling gate: {reason}"
            )
        seen.add(name)
    if seen and string(job.pod, "nodeName"):
        message = "a pod with scheduling gates cannot name its node"
        yield Finding(path=(*job.pod_path, "nodeName"), message=message)


RULES = (toleration, affinity_term, topology_spread, scheduling_gate)
