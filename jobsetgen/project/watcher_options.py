"""Validation of the watcher's options: values that the API server would reject."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jobsetgen.kubernetes.labels import annotation_problems, label_problems
from jobsetgen.kubernetes.names import is_subdomain
from jobsetgen.kubernetes.problem import Problem
from jobsetgen.kubernetes.quantities import quantity_problems
from jobsetgen.kubernetes.resources import container_problems
from jobsetgen.kubernetes.tolerations import toleration_problems
from jobsetgen.options.watcher import Watcher

_Validator = Callable[[Mapping[str, Any]], Iterator[Problem]]
# Labels and annotations that select training pods, or that jobsetgen sets on the watcher.
_OURS = (
    r"((alpha\.)?jobset\.sigs\.k8s\.io|jobsetgen\.io|batch\.kubernetes\.io)/.*"
    r"|job-name|controller-uid"
)

# The maximum size in bytes of the annotations that jobsetgen sets on the watcher's Job or pod.
_OUR_ANNOTATIONS = 256


def watcher_problems(watcher: Watcher) -> Iterator[Problem]:
    """Yield the problems of the watcher's options, each with its path below `watcher`.

    Labels, resources and tolerations are validated like those of any pod.
    """
    if not watcher.image.strip() or re.search(r"\s", watcher.image):
        yield Problem(("image",), f"invalid image '{watcher.image}'")
    yield from _names(watcher)
    yield from _below("nodeSelector", label_problems(watcher.node_selector, "node selector"))
    yield from _metadata("labels", watcher.labels, label_problems)
    yield from _metadata("annotations", watcher.annotations, _annotation_problems)
    if watcher.memory:
        yield from _below("resources", quantity_problems(watcher.memory))
    yield from _below("resources", container_problems(watcher.resources))
    for index, toleration in enumerate(watcher.tolerations):
        for problem in toleration_problems(toleration):
            yield problem.below("tolerations", index)


def _annotation_problems(annotations: Mapping[str, Any]) -> Iterator[Problem]:
    return annotation_problems(annotations, others=_OUR_ANNOTATIONS)


def _below(field: str, of_field: Iterable[Problem]) -> Iterator[Problem]:
    return (problem.below(field) for problem in of_field)


def _names(watcher: Watcher) -> Iterator[Problem]:
    named: list[tuple[tuple[str | int, ...], str]] = []
    if watcher.service_account:
        named.append((("serviceAccountName",), watcher.service_account))
    if watcher.priority_class:
        named.append((("priorityClassName",), watcher.priority_class))
    named += [
        (("imagePullSecrets", index), name) for index, name in enumerate(watcher.image_pull_secrets)
    ]
    for path, name in named:
        if not is_subdomain(name):
            message = (
                f"invalid {path[0]} '{name}': must consist of lower-case letters, digits, dashes"
                " and dots"
            )
            yield Problem(path, message)


def _metadata(field: str, entries: Mapping[str, str], validate: _Validator) -> Iterator[Problem]:
    ours = [key for key in entries if re.fullmatch(_OURS, key)]
    for key in ours:
        yield Problem((field, key), f"{field} cannot have {key}, which is reserved for jobsetgen")
    yield from _below(
        field, validate({key: value for key, value in entries.items() if key not in ours})
    )
