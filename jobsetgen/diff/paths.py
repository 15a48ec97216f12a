"""Print the path of a field for people."""

from __future__ import annotations

import json
import re

from jobsetgen.diff.changes import Path
from jobsetgen.diff.list_keys import KEYED_LISTS

_PLAIN = re.compile(r"[\w-]+", re.ASCII)


def path_text(path: Path) -> str:
    """Return a path as `spec.template.spec.containers[trainer].env[LR].value`.

    A key with other characters than letters, digits, `-` and `_` is quoted, as in
    `metadata.labels["a.b/c"]`.
    """
    text = ""
    parent: str | int = ""
    for step in path:
        text += _step(step, parent)
        parent = step
    return text.removeprefix(".")


def _step(step: str | int, parent: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if not _PLAIN.fullmatch(step):
        return f"[{json.dumps(step, ensure_ascii=False)}]"
    return f"[{step}]" if parent in KEYED_LISTS else f".{step}"
