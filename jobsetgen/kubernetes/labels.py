"""Validation of keys and values of labels, annotations, node selectors and taints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.kubernetes.names import MAX_LABEL, MAX_SUBDOMAIN, is_dns_1123_subdomain
from jobsetgen.kubernetes.problem import Problem

MAX_ANNOTATIONS = 256 * 1024
"""The maximum size of all annotations of an object in bytes, including keys."""

JOB_NAME_LABELS = ("job-name", "batch.kubernetes.io/job-name")
"""The labels with the Job's name that the API server sets on the pods of a Job."""

CONTROLLER_UID = "batch.kubernetes.io/controller-uid"
CONTROLLER_UID_LABELS = ("controller-uid", CONTROLLER_UID)
"""The labels with the Job's UID that the API server sets on the pods of a Job, and selects by."""

_QUALIFIED_NAME = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")


def bad_label_key(key: str) -> str:
    """Return why the key of a label or an annotation is invalid, or an empty string."""
    prefix, slash, name = key.rpartition("/")
    if slash and (len(prefix) > MAX_SUBDOMAIN or not is_dns_1123_subdomain(prefix)):
        return f"the prefix '{prefix}' must be a DNS name in lower case"
    if len(name) > MAX_LABEL:
        return (
            f"its name has {len(name)} characters, {len(name) - MAX_LABEL} more than the"
            f" {MAX_LABEL} allowed"
        )
    if not _QUALIFIED_NAME.fullmatch(name):
        return "its name must consist of letters, digits and -_. and begin and end with a letter or digit"
    return ""


def bad_label_value(value: str) -> str:
    """Return why a label's value is invalid, or an empty string."""
    if len(value) > MAX_LABEL:
        return (
            f"it has {len(value)} characters, {len(value) - MAX_LABEL} more than the {MAX_LABEL}"
            " allowed"
        )
    if value and not _QUALIFIED_NAME.fullmatch(value):
        return "it must consist of letters, digits and -_. and begin and end with a letter or digit"
    return ""


def label_problems(labels: Mapping[str, Any], what: str = "label") -> Iterator[Problem]:
    """Yield the invalid keys and values of labels; `what` names them in messages."""
    for key, value in labels.items():
        if reason := bad_label_key(key):
            yield Problem((key,), f"'{key}' cannot be the key of a {what}: {reason}", on_key=True)
        if isinstance(value, str) and (reason := bad_label_value(value)):
            yield Problem((key,), f"'{value}' cannot be the value of a {what}: {reason}")


def annotation_problems(annotations: Mapping[str, Any], others: int = 0) -> Iterator[Problem]:
    """Yield the problems of annotations; `others` is the size of additional ones in bytes."""
    for key in annotations:
        if reason := bad_label_key(key.lower()):
            yield Problem(
                (key,), f"'{key}' cannot be the key of an annotation: {reason}", on_key=True
            )
    size = others + annotations_size(annotations)
    if size > MAX_ANNOTATIONS:
        yield Problem(
            (), f"the annotations have {size:,} bytes; at most {MAX_ANNOTATIONS:,} are allowed"
        )


def annotations_size(annotations: Mapping[str, Any]) -> int:
    """Return the bytes of annotations, including keys."""
    texts = [(key, value) for key, value in annotations.items() if isinstance(value, str)]
    return sum(len(key.encode()) + len(value.encode()) for key, value in texts)
