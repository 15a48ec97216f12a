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

# With an even number of dollars before the brace, Flux leaves one half of them and the rest as it
# is.
BRACED = re.compile(r"(?<!\$)(?:\$\$)*(\$\{[^{}]*\})")

SUBSTITUTE_BEFORE = "Substitute variables before the compile, for example with envsubst."
"""What to do about a variable that nothing on the cluster expands."""

_MOST_NAMED = 3


class Text(NamedTuple):
    """A string of a JobSet, its path, and whether its template keeps Flux away from it."""

    path: Path
    content: str
    is_protected: bool


def listed_variables(variables: list[str]) -> str:
    """Return the different variables in words: `${A}, ${B} and 2 more`."""
    different = list(dict.fromkeys(" ".join(each.split()) for each in variables))
    more = len(different) - _MOST_NAMED + 1
    if more > 1:
        different = [*different[: _MOST_NAMED - 1], f"{more} more"]
    return listed(different)


def texts(unit: Unit, settings: Settings) -> Iterator[Text]:
    """Yield every string with a dollar in a JobSet that gets into the output.

    Images are those that the project has chosen.
    """
    if unit.jobset is None:
        return

    for path, text in _strings(unit.data, ()):
        if _is_of_the_set_itself(path):
            # Patterns of failure rules are in the plan alone, and that has the annotation.
            yield Text(path, text, path[:2] == ("spec", "failurePolicy"))

    for each in unit.jobset.replicated_jobs:
        template = each.template
        # What the watcher creates is in the plan, too.
        is_protected = settings.jobs == "watcher" or _is_protected(template)
        for path, text in _strings(template.metadata, (*template.path, "metadata")):
            yield Text(path, text, is_protected)
        for path, text in _strings(template.spec, template.spec_path):
            yield Text(path, text, is_protected)


def is_expanded_later(path: Path) -> bool:
    """Whether a shell or the program may expand a text.

    It may in a command, an argument and the value of a variable.
    """
    is_variable = path[-1:] == ("value",) and path[-3:-2] == ("env",)
    return is_variable or path[-2:-1] in (("command",), ("args",))


def _is_of_the_set_itself(path: Path) -> bool:
    """Whether a field of the JobSet is in what runs, and not in a Job template."""
    is_in_template = path[:2] == ("spec", "replicatedJobs") and path[3:4] == ("template",)
    # Nothing that runs depends on the JobSet's own labels and annotations.
    is_metadata = path[:2] in (("metadata", "labels"), ("metadata", "annotations"))
    return not is_in_template and not is_metadata


def _strings(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield every string with a dollar in some data."""
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
    """Whether a Job template has the label or the annotation that keeps Flux away."""
    return "disabled" in (
        string(template.labels, keys.FLUX_SUBSTITUTE),
        string(template.annotations, keys.FLUX_SUBSTITUTE),
    )
