"""Validation of tolerations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.kubernetes.labels import bad_label_key, bad_label_value
from jobsetgen.kubernetes.problem import Problem
from jobsetgen.plain import string

# The operators without a feature gate; Gt and Lt need one.
OPERATORS = ("Equal", "Exists")
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def toleration_problems(toleration: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the problems of a toleration, except unknown operators and effects."""
    operator = string(toleration, "operator") or "Equal"
    key = string(toleration, "key")
    yield from _value_problems(operator, string(toleration, "value"))
    if not key and operator != "Exists":
        yield Problem(
            ("operator",), f"a toleration without a key needs the operator Exists, not {operator}"
        )
    if key and (reason := bad_label_key(key)):
        yield Problem(("key",), f"'{key}' cannot be the key of a taint: {reason}")
    if "tolerationSeconds" in toleration and toleration.get("effect") != "NoExecute":
        yield Problem(("tolerationSeconds",), "tolerationSeconds needs the effect NoExecute")


def _value_problems(operator: str, value: str) -> Iterator[Problem]:
    if operator == "Exists" and value:
        yield Problem(("value",), "a toleration with the operator Exists takes no value")
    elif operator == "Equal" and (reason := bad_label_value(value)):
        yield Problem(("value",), f"'{value}' cannot be the value of a taint: {reason}")
    elif operator in ("Gt", "Lt") and not _is_whole_number(value):
        message = (
            f"the operator {operator} of a toleration needs a whole number as its value, not"
            f" '{value}'"
        )
        yield Problem(("value",), message)


def _is_whole_number(value: str) -> bool:
    return (
        re.fullmatch(r"0|-?[1-9][0-9]{0,18}", value) is not None and -(2**63) <= int(value) < 2**63
    )
