"""The annotations of a JobSet that carry options: their keys, and values as texts.

The key of an option is its path in a jobsetgen.yaml, such as `jobsetgen.io/watcher.image`. A string
is written as it is, any other value as JSON.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

from jobsetgen.options.row import Option
from jobsetgen.options.table import OPTIONS

_PREFIX = "jobsetgen.io/"

# The JobSets themselves have the first two. The others concern a project and its output folder, or
# which problems are reported: no object of the output depends on them.
_NOT_CARRIED = frozenset(
    [
        ("images",),
        ("replicas",),
        ("target",),
        ("output",),
        ("readme",),
        ("gitattributes",),
        ("strict",),
        ("lint", "ignore"),
        ("allowEmpty",),
    ]
)


def key_of(row: Option) -> str:
    """Return the key of the annotation that carries an option."""
    return _PREFIX + ".".join(row.path)


CARRIED: Mapping[str, Option] = {
    key_of(row): row for row in OPTIONS if row.setting and row.path not in _NOT_CARRIED
}
"""The options on which the plain objects depend, by the key of their annotation."""


def text_of(row: Option, value: Any) -> str:
    """Return the value of an option in a jobsetgen.yaml as the text of an annotation."""
    return value if _is_text(row) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def value_of(row: Option, text: str) -> Any:
    """Return the text of an annotation as a value in a jobsetgen.yaml; its schema is not checked.

    Raises ValueError for text that is not JSON, or stands for something that no YAML file can hold.
    """
    if _is_text(row):
        return text
    try:
        value = json.loads(text, parse_float=_finite, parse_constant=_refuse_constant)
        # An escape may stand for half a character.
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def _is_text(row: Option) -> bool:
    return bool(row.kind.schema.get("type") == "string")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text} is too large")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of JSON")
