"""Variables of templates that are still in a JobSet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Path
from jobsetgen.model import keys
from jobsetgen.model.template import JobTemplate
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.words import listed

# With an even number of dollars before the brace, Flux leaves one half of them and the rest as it is.
BRACED = re.compile(r"(?<!\$)(?:\$\$)*(\$\{[^{}]*\})")


_MOST_NAMED = 3


BEFORE = "Substitute it before the compile, for example with envsubst."


class _Text(NamedTuple):
    """A string of a JobSet, where it stands, and whether its template keeps Flux away from it."""

    path: Path
    text: str
    is_protected: bool


def named(left: list[str]) -> str:
    different = list(dict.fromkeys(" ".join(each.split()) for each in left))
    if len(different) > _MOST_NAMED:
        different = [*different[: _MOST_NAMED - 1], f"{len(different) - _MOST_NAMED + 1} more"]
    return listed(different)


def texts(unit: Unit, settings: Settings) -> Iterator[_Text]:
    """Yield every string of a JobSet that gets into the output; images are those that the project has chosen."""
    if unit.jobset is None:
        return
    for path, text in _strings(unit.data, ()):
        is_elsewhere = path[:2] == ("spec", "replicatedJobs") and path[3:4] == ("template",)
        # The JobSet's own labels and annotations are not copied to its objects.
        if not is_elsewhere and path[:2] not in (
            ("metadata", "labels"),
            ("metadata", "annotations"),
        ):
            # Patterns of failure rules are in the plan alone, and that has the annotation.
            yield _Text(path, text, path[:2] == ("spec", "failurePolicy"))
    for each in unit.jobset.replicated_jobs:
        template = each.template
        # What the watcher creates is in the plan, too.
        is_protected = settings.jobs == "watcher" or _is_protected(template)
        for path, text in _strings(template.metadata, (*template.path, "metadata")):
            yield _Text(path, text, is_protected)
        for path, text in _strings(template.spec, template.spec_path):
            yield _Text(path, text, is_protected)


def _strings(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if "$" in value:
            yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _strings(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, (*path, index))


def _is_protected(template: JobTemplate) -> bool:
    return "disabled" in (
        string(template.labels, keys.FLUX_SUBSTITUTE),
        string(template.annotations, keys.FLUX_SUBSTITUTE),
    )


def is_expanded_later(path: Path) -> bool:
    """Whether a shell or the program may expand what stands there: a command, an argument, a variable's value."""
    is_variable = path[-1:] == ("value",) and path[-3:-2] == ("env",)
    return is_variable or path[-2:-1] in (("command",), ("args",))
