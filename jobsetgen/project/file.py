"""The project file, jobsetgen.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from jobsetgen.diagnostics import Diagnostic, Finding, Place, diagnostic
from jobsetgen.plain import without_nulls
from jobsetgen.project.codes import NO_PROJECT
from jobsetgen.project.layer import HEAD, Layer, layer
from jobsetgen.source.allowance import Allowance
from jobsetgen.source.loader import load

FILE_NAME = "jobsetgen.yaml"

# Bytes, up to which a file is kept: a project is read to find what it is made of, then to compile
# it, and a base again for each of its overlays.
_SMALL = 20_000
_MOST_KEPT = 1024

_Result = tuple[Layer | None, Sequence[Diagnostic]]


def read_project_file(
    file: str, content: bytes, allowance: Allowance | None = None
) -> tuple[Layer | None, list[Diagnostic]]:
    """Read a project file; `file` is its name in diagnostics.

    Returns no layer if the file has errors. `allowance` is shared by all files of a compile.
    """
    read = _read_once(file, content) if len(content) <= _SMALL else None
    found, diagnostics = read or _read(file, content, allowance)
    return found, list(diagnostics)


@lru_cache(maxsize=_MOST_KEPT)
def _read_once(file: str, content: bytes) -> _Result | None:
    """Return a project file, or None if its aliases use up some of the allowance."""
    allowance = Allowance()
    full = allowance.left
    found = _read(file, content, allowance)
    return found if allowance.left == full else None


def _read(file: str, content: bytes, allowance: Allowance | None) -> _Result:
    documents, diagnostics = load(file, content, allowance=allowance)
    if any(item.is_error for item in diagnostics):
        return None, diagnostics
    if len(documents) != 1:
        count = len(documents)
        message = f"a {FILE_NAME} must contain one JobSetGenerator, not {count} documents"
        return None, [*diagnostics, diagnostic(NO_PROJECT, Place(file), message)]
    document = documents[0]
    data = without_nulls(document.data)
    if not isinstance(data, Mapping) or data.get("kind") != HEAD["kind"]:
        hint = "Set 'apiVersion: jobsetgen.io/v1alpha1' and 'kind: JobSetGenerator'."
        message = f"a {FILE_NAME} must contain a JobSetGenerator"
        finding = Finding(path=("kind",), message=message, hint=hint)
        return None, [*diagnostics, document.diagnostic(NO_PROJECT, finding)]
    found, wrong = layer(document, data)
    return found, [*diagnostics, *wrong]
