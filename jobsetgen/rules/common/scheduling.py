"""Label selectors in the scheduling fields of a pod: affinity and topology spread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.labels import bad_label_key, bad_label_value
from jobsetgen.model.template import JobTemplate
from jobsetgen.plain import items, mapping, objects, string, strings


def label_key_findings(job: JobTemplate, term: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the label keys whose values the pod itself supplies.

    `term` has a labelSelector, and matchLabelKeys or mismatchLabelKeys beside it.
    """
    for field in ("matchLabelKeys", "mismatchLabelKeys"):
        keys = items(term, field)
        if keys and "labelSelector" not in term:
            message = f"{field} needs a labelSelector"
            yield Finding(path=(*path, field), message=message, on_key=True)
            continue

        for index, key in enumerate(keys):
            message = _bad_key(job, term, field, key) if isinstance(key, str) else ""
            if message:
                yield Finding(path=(*path, field, index), message=message)


def _bad_key(job: JobTemplate, term: Mapping[str, Any], field: str, key: str) -> str:
    """Say what is wrong with one of the label keys, or nothing."""
    reason = bad_label_key(key)
    if reason:
        return f"'{key}' cannot be the key of a label: {reason}"
    if field != "matchLabelKeys":
        return ""

    if key in strings(term, "mismatchLabelKeys"):
        return f"{key} is in both matchLabelKeys and mismatchLabelKeys"
    # A pod's label becomes an expression of the selector, which can have only one about it.
    if key in job.pod_labels and key in _selected_keys(mapping(term, "labelSelector")):
        return f"{key} is in both matchLabelKeys and the labelSelector"
    return ""


def _selected_keys(selector: Mapping[str, Any]) -> set[str]:
    expressions = objects(selector, "matchExpressions")
    return {*mapping(selector, "matchLabels"), *(string(each, "key") for _, each in expressions)}


def expression_findings(
    selector: Mapping[str, Any], path: Path, *, values: bool = True
) -> Iterator[Finding]:
    """Yield what is wrong with the matchExpressions of a selector or of a node selector term.

    Without `values`, the values themselves are not looked at, only their number.
    """
    for index, expression in objects(selector, "matchExpressions"):
        place = (*path, "matchExpressions", index)

        key = expression.get("key")
        reason = bad_label_key(key) if isinstance(key, str) else ""
        if reason:
            message = f"'{key}' cannot be the key of a label: {reason}"
            yield Finding(path=(*place, "key"), message=message)

        operator = string(expression, "operator")
        written = items(expression, "values")
        message = _bad_number_of_values(operator, len(written))
        if message:
            yield Finding(path=(*place, "values"), message=message)
        if values:
            yield from _value_findings(written, (*place, "values"))


def _bad_number_of_values(operator: str, count: int) -> str:
    """Say that an operator takes more or fewer values, or nothing."""
    if operator in ("In", "NotIn") and not count:
        return f"the operator {operator} needs values"
    if operator in ("Exists", "DoesNotExist") and count:
        return f"the operator {operator} takes no values"
    if operator in ("Gt", "Lt") and count != 1:
        return f"the operator {operator} needs exactly one value"
    return ""


def _value_findings(values: list[Any], path: Path) -> Iterator[Finding]:
    for index, value in enumerate(values):
        reason = bad_label_value(value) if isinstance(value, str) else ""
        if reason:
            message = f"'{value}' cannot be the value of a label: {reason}"
            yield Finding(path=(*path, index), message=message)
