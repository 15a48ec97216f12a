"""Where projects have their output: each in a folder of its own, inside the project's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jobsetgen.pipeline import Compilation
from jobsetgen.stop import StopError


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a project renders: its folder, its output folder, and what belongs there."""

    project: str
    output: str
    compilation: Compilation


def placed(results: Sequence[tuple[str, Compilation]]) -> list[Rendered]:
    """Return what the projects of some folders render, without those that name no output.

    Raises StopError for an output folder that is a link out of its project, is another project's,
    or lies in another project's.
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
    try:
        is_inside = output.resolve().is_relative_to(Path(folder).resolve())
    except (OSError, RuntimeError):
        is_inside = False  # links in a circle
    if not is_inside:
        raise StopError("usage", f"{output} is a link that leads out of the project folder")
    return str(output)


def _refuse_shared(found: Sequence[Rendered]) -> None:
    """Refuse outputs that are one, or one in another.

    Each project would take the other's files for stale ones.
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
