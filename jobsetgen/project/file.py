"""The project file, jobsetgen.yaml."""

from __future__ import annotations

from collections.abc import Mapping

from jobsetgen.diagnostics import Diagnostic, Finding, Place, diagnostic
from jobsetgen.plain import without_nulls
from jobsetgen.project.codes import NO_PROJECT
from jobsetgen.project.layer import HEAD, Layer, layer
from jobsetgen.source.allowance import Allowance
from jobsetgen.source.loader import load

FILE_NAME = "jobsetgen.yaml"


def read_project_file(
    file: str, content: bytes, allowance: Allowance | None = None
) -> tuple[Layer | None, list[Diagnostic]]:
    """Read a project file; `file` is its name in diagnostics.

    Returns no layer if the file has errors. `allowance` is shared by all files of a compile.
    """
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
