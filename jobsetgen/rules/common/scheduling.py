"""Where a pod may run: tolerations, affinity, spreading, gates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.labels import bad_label_key, bad_label_value
from jobsetgen.model.template import JobTemplate
from jobsetgen.plain import items, mapping, objects, string, strings


def label_keys(job: JobTemplate, term: Mapping[str, Any], path: Path) -> Iterator[Finding]:
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


def expressions(
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
