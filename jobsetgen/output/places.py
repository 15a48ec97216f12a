"""The output folders of projects: each inside its project, none shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jobsetgen.output.root import steps_inside
from jobsetgen.pipeline import Compilation
from jobsetgen.stop import StopError


@dataclass(frozen=True, slots=True)
class Rendered:
    """A compiled project: its folder, its output folder, and the compilation to write there."""

    project: str
    output: str
    compilation: Compilation


def placed(results: Sequence[tuple[str, Compilation]]) -> list[Rendered]:
    """Return the compiled projects that set `output`, with their output folders.

    Raises StopError for an output folder that is a link out of its project, or that is equal to or
    inside the output folder of another project.
    """
    found = [
        Rendered(folder, _output(folder, result), result)
        for folder, result in results
        if result.settings.output
    ]
    _refuse_shared(found)
    return found


def _output(folder: str, result: Compilation) -> str:
    output = Path(folder, result.settings.output)
    steps_inside(str(output), folder)
    return str(output)


def _refuse_shared(found: Sequence[Rendered]) -> None:
    """Raise StopError for output folders that are equal or nested.

    Each project would remove the other's files as stale.
    """
    owners: dict[Path, str] = {}
    for each in found:
        output = Path(each.output).resolve()
        if output in owners:
            both = f"{owners[output]} and {each.project}"
            raise StopError("usage", f"{each.output} is the output of two projects, {both}")
        owners[output] = each.project
    for output, project in owners.items():
        outer = next((owners[folder] for folder in output.parents if folder in owners), None)
        if outer:
            message = f"the output of project {project} is inside that of project {outer}"
            raise StopError("usage", message)
