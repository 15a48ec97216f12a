"""JSG526: contradicted priority class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.priorities import PriorityClass, default_class, priority_class
from jobsetgen.model.treatment import treatment
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import kubernetes

_Labels = Mapping[str, int]
"""The priorities that labels say, by the class that pods name; those that name none by ''."""


@input_rule(
    "JSG526",
    "warning",
    since="0.1",
    source=kubernetes("plugin/pkg/admission/priority/admission.go", "establishPriority"),
)
def contradicted_priority_class(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A PriorityClass of the input gives pods another priority than their label says.

    Exclusive placement finds other pods by that label. Its number comes from the first of these
    that knows it: the pod's `priority`, the flag `--priority-class`, `priorityClasses` in
    jobsetgen.yaml, the PriorityClass in the input. For pods that name no class, it comes from
    `--default-priority`, `defaultPriority`, and the PriorityClass with `globalDefault`, and is
    otherwise 0. With `compat: 1`, a PriorityClass is read only for an exclusive set that could not
    be compiled without it, so that no running set is restarted.

    A second PriorityClass with `globalDefault` is reported, too: the API server refuses it. If a
    cluster has two all the same, the lower value counts.

    Warning because the pods run, but an exclusive set of their priority does not find them by that
    label, and may share a topology domain with them.

    Bad (file)::

        apiVersion: scheduling.k8s.io/v1
        kind: PriorityClass
        metadata: {name: usual}
        value: 1000
        globalDefault: true
        ---
        apiVersion: jobset.x-k8s.io/v1alpha2
        kind: JobSet
        metadata: {name: train}
        spec:
          replicatedJobs:
          - name: workers
            template: {spec: {template: {spec: {containers: [{name: main, image: train:1}]}}}}

    Good (file)::

        apiVersion: scheduling.k8s.io/v1
        kind: PriorityClass
        metadata: {name: usual}
        value: 0
        globalDefault: true
        ---
        apiVersion: jobset.x-k8s.io/v1alpha2
        kind: JobSet
        metadata: {name: train}
        spec:
          replicatedJobs:
          - name: workers
            template: {spec: {template: {spec: {containers: [{name: main, image: train:1}]}}}}
    """
    if not settings.input_classes:
        return
    labels = _labels(units, settings)
    counts = Counter(each.name for each in settings.input_classes)
    default = default_class(settings.input_classes)
    first_default: PriorityClass | None = None
    for unit, found in _priority_classes(units):
        # JSG401 reports a class that is defined twice.
        is_single = counts[found.name] == 1
        if is_single and (labelled := labels.get(found.name, found.value)) != found.value:
            yield unit, _of_value(found, labelled)
        if not found.is_default:
            continue
        if first_default:
            yield unit, _second_default(first_default, found)
        first_default = first_default or found
        if found == default and (labelled := labels.get("", found.value)) != found.value:
            yield unit, _of_default(found, labelled)


def _priority_classes(units: Sequence[Unit]) -> Iterator[tuple[Unit, PriorityClass]]:
    for unit in units:
        if found := priority_class(unit.data):
            yield unit, found


def _labels(units: Sequence[Unit], settings: Settings) -> _Labels:
    """Return the priorities in the labels of pods that get theirs from a class."""
    labels: dict[str, int] = {}
    for unit in units:
        if not unit.jobset:
            continue
        for each in treatment(unit.jobset, settings).jobs:
            pod = each.replicated_job.template.pod
            # JSG517 reports a pod whose own priority is not that of its class.
            if each.priority_label is not None and "priority" not in pod:
                labels.setdefault(string(pod, "priorityClassName"), int(each.priority_label))
    return labels


def _of_value(found: PriorityClass, labelled: int) -> Finding:
    message = (
        f"the value of PriorityClass '{found.name}' is {found.value}, but its pods are labelled"
        f" with {labelled}, the value in the options"
    )
    hint = (
        f"Set it to {found.value} under priorityClasses, or pass --priority-class"
        f" {found.name}={found.value}; either restarts its sets."
    )
    return Finding(path=("value",), message=message, hint=hint)


def _of_default(found: PriorityClass, labelled: int) -> Finding:
    message = (
        f"pods without a priorityClassName get the priority {found.value} of PriorityClass"
        f" '{found.name}', but are labelled with {labelled}"
    )
    hint = (
        f"Set defaultPriority: {found.value} in jobsetgen.yaml, or pass --default-priority"
        f" {found.value}; either restarts their sets."
    )
    return Finding(path=("globalDefault",), message=message, hint=hint)


def _second_default(first: PriorityClass, second: PriorityClass) -> Finding:
    message = (
        f"two PriorityClasses are the global default, '{first.name}' and '{second.name}': the API"
        " server refuses the second, and the lower value counts"
    )
    hint = "Set globalDefault: true on one of them only."
    return Finding(path=("globalDefault",), message=message, hint=hint)
