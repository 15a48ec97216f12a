"""The groups of snapshots: what each holds of a fixture, as texts by the names of their files.

A text that is empty has no file. CONTRIBUTING.md says what each group guards.
"""

from __future__ import annotations

from pathlib import Path

from tests.cases import FIXTURES, INVALID, VALID, without_release
from tests.golden.differences import line_difference, object_difference, objects
from tests.golden.watchers import Build, alike, with_watchers_by_name
from tests.outputs import MODES, built, validate

Texts = dict[str, str]

# Between them: several Jobs and one, pinned ones and none; placement, accelerators, both kinds of startup order, a
# coordinator, Jobs without names or indexes, suspension, no watcher.
PICTURES = [
    FIXTURES / "valid" / name
    for name in (
        "coordinator", "domains", "gpu-racks", "large-slices", "minimal", "mpi", "multiple-depends-on", "multislice",
        "no-dns", "no-replicated-jobs", "non-indexed", "startup-gates", "suspended", "two-topologies", "zero-replicas",
    )
]  # fmt: skip
"""The fixtures whose picture is shown."""

GROUPED = "sixteen-slices"
"""The snapshot of a picture in which Jobs are grouped."""

WHOLE = "any"
"""The mode whose output is shown whole; the others are shown as what they have otherwise."""

OTHERS = [mode for mode in MODES if mode != WHOLE]

FORMATS = {"text": "text.txt", "json": "json.json", "github": "github.txt", "sarif": "sarif.json"}
"""The formats of `validate`, with the snapshot of each."""

_INPUTS = Path(__file__).parent / "inputs"
FORMAT_CASES = [
    # Several files and severities, with hints.
    FIXTURES / "invalid" / "many-at-once",
    _INPUTS / "beyond-the-bmp",
    _INPUTS / "wrong-flag",
]
"""What is shown in every format."""


def whole(case: Path, build: Build = built) -> Texts:
    """Return what `build` prints for a valid fixture."""
    printed = build(case, WHOLE)
    return {
        f"valid/{case.name}/any.yaml": with_watchers_by_name(case, WHOLE, printed.output, build),
        f"valid/{case.name}/any.txt": printed.messages,
    }


def otherwise(case: Path, mode: str, build: Build = built) -> Texts:
    """Return how another mode's output and messages differ from those that are shown whole."""
    base, other = build(case, WHOLE), build(case, mode)
    before = objects(with_watchers_by_name(case, WHOLE, base.output, build))
    after = objects(with_watchers_by_name(case, mode, other.output, build))
    changes = object_difference(
        alike(objects(base.output), before, after),
        alike(objects(other.output), after, before),
    )
    messages = line_difference("messages", base.messages, other.messages)
    parts = [part for part in (changes, messages) if part]
    return {f"valid/{case.name}/{mode}.diff": "\n".join(parts)}


def names_of_valid() -> set[str]:
    """Return the name of every snapshot that a valid fixture may have."""
    ends = ("any.yaml", "any.txt", "explain.txt", *(f"{mode}.diff" for mode in OTHERS))
    return {f"valid/{case.name}/{end}" for case in VALID for end in ends}


def names_of_pictures() -> set[str]:
    """Return the name of every snapshot of a picture."""
    return {f"graph/{name}.mmd" for name in (GROUPED, *(case.name for case in PICTURES))}


def in_format(case: Path, form: str) -> Texts:
    """Return what `validate` says of a case in a format."""
    return {f"formats/{case.name}/{FORMATS[form]}": without_release(validate(case, form))}


def names_of_formats() -> set[str]:
    """Return the name of every snapshot in a format of `validate`."""
    return {f"formats/{case.name}/{name}" for case in FORMAT_CASES for name in FORMATS.values()}


def names_of_invalid() -> set[str]:
    """Return the name of every snapshot of an invalid fixture."""
    return {f"invalid/{case.name}/text.txt" for case in INVALID}
