"""Ranks: where a container takes its rank in a distributed program from the completion index."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from itertools import pairwise
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Path
from jobsetgen.kubernetes.field_paths import entry_of
from jobsetgen.plain import items, mapping, objects, string

COMPLETION_INDEX = "batch.kubernetes.io/job-completion-index"
"""The label and annotation of a pod of an Indexed Job."""

COMPLETION_INDEX_VARIABLE = "JOB_COMPLETION_INDEX"
"""The variable that the Job controller adds to the containers of such a pod, behind all others."""

_NAMES = r"(?:PET_)?NODE_RANK|(?:GLOBAL_|MACHINE_)?RANK|(?:JAX_)?PROCESS_?ID"
_FLAGS = r"--(?:(?:node|machine|global)[-_])?rank|--process[-_]id"
_RANK = rf"(?<![\w$.-])(?P<name>{_NAMES}|{_FLAGS})"
_END = r"[\"']?(?=[\s;&|\\]|$)"


class Rank(NamedTuple):
    """The name of a rank, such as RANK or --node_rank, and the place of its value."""

    name: str
    path: Path


def index_ranks(container: Mapping[str, Any], path: Path) -> Iterator[Rank]:
    """Yield each rank of a container that is the completion index, and nothing else."""
    variables = {COMPLETION_INDEX_VARIABLE}
    for index, variable in objects(container, "env"):
        name = string(variable, "name")
        if field := _field_with_index(variable, variables):
            variables.add(name)
            if re.fullmatch(_NAMES, name):
                yield Rank(name, (*path, "env", index, field))
    for field in ("command", "args"):
        yield from _in_texts(items(container, field), (*path, field), variables)


def _field_with_index(variable: Mapping[str, Any], earlier: Set[str]) -> str:
    """Return the field of a variable that makes it the completion index, or nothing.

    `earlier` are the variables with the index that its value may refer to.
    """
    if string(variable, "value") in {f"$({name})" for name in earlier}:
        return "value"
    reference = mapping(mapping(variable, "valueFrom"), "fieldRef")
    entry = entry_of(string(reference, "fieldPath"))
    return "valueFrom" if entry and entry.key == COMPLETION_INDEX else ""


def _in_texts(texts: list[Any], path: Path, variables: set[str]) -> Iterator[Rank]:
    """Yield the ranks in a command or in arguments, by a flag, an assignment or two arguments."""
    names = "|".join(map(re.escape, sorted(variables)))
    value = rf"[\"']?(?:\$\((?:{names})\)|\$\{{(?:{names})\}}|\$(?:{names})\b){_END}"
    for index, text in enumerate(texts):
        if isinstance(text, str):
            for found in re.finditer(rf"{_RANK}[= ]{value}", text):
                yield Rank(found["name"], (*path, index))

    for index, (flag, argument) in enumerate(pairwise(map(str, texts))):
        if re.fullmatch(_FLAGS, flag) and re.fullmatch(value, argument):
            yield Rank(flag, (*path, index + 1))
