"""Read the objects in documents and validate them against their schemas."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from jobsetgen.diagnostics import Code, Diagnostic, Finding
from jobsetgen.kubernetes.leftovers import without_leftovers
from jobsetgen.kubernetes.names import is_controller
from jobsetgen.model import keys
from jobsetgen.model.build import build_jobset
from jobsetgen.model.codes import (
    ANOTHER_API,
    JOBSET_VERSION,
    MANAGED_ELSEWHERE,
    MISPLACED_PROJECT,
    NOT_AN_OBJECT,
    WRAPPED,
)
from jobsetgen.model.empties import without_empties
from jobsetgen.model.kin import is_misnamed, is_of_trainer, wrapped_jobset
from jobsetgen.model.overrides import overridden
from jobsetgen.model.unit import Unit, is_jobset, is_named_jobset
from jobsetgen.model.values_files import folders_of_templates, values_hint
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, string, without_nulls
from jobsetgen.progress import counted
from jobsetgen.schema import KINDS
from jobsetgen.schema.mending import read_as_meant
from jobsetgen.source.documents import Document
from jobsetgen.source.lists import opened
from jobsetgen.words import near

# The controller of the JobSet project, which is also the default of managedBy.
_JOBSET_CONTROLLER = "jobset.sigs.k8s.io/jobset-controller"


def read_units(
    documents: Collection[Document], settings: Settings
) -> tuple[list[Unit], list[Diagnostic]]:
    """Return the objects of documents, and diagnostics of schema violations.

    An object that violates its schema is also returned, so that the rules can check the rest of
    it.
    """
    templates = folders_of_templates(documents)
    units: list[Unit] = []
    diagnostics: list[Diagnostic] = []
    for document in counted("Reading objects", documents):
        for item in opened(document):
            unit = _unit(item, settings, diagnostics, templates)
            if unit is not None:
                units.append(unit)
    return units, diagnostics


def _unit(
    document: Document,
    settings: Settings,
    diagnostics: list[Diagnostic],
    templates: Collection[str],
) -> Unit | None:
    def report(code: Code, finding: Finding) -> None:
        diagnostics.append(document.diagnostic(code, finding))

    data = document.data
    if not isinstance(data, Mapping):
        message = "not a Kubernetes object: it is not a mapping"
        report(NOT_AN_OBJECT, Finding(path=(), message=message))
        return None
    missing = [field for field in ("apiVersion", "kind") if not string(data, field)]
    if missing:
        message = f"not a Kubernetes object: it has no {' and no '.join(missing)}"
        hint = values_hint(document.file, templates) if len(missing) > 1 else ""
        report(NOT_AN_OBJECT, Finding(path=(), message=message, hint=hint))
        return None
    if is_jobset(data):
        return _jobset_unit(document, settings, diagnostics, report)
    return _plain_unit(document, settings, diagnostics, report)


def _jobset_unit(
    document: Document, settings: Settings, diagnostics: list[Diagnostic], report: Any
) -> Unit | None:
    if document.data["apiVersion"] != keys.API_VERSION:
        hint = f"Did you mean '{keys.API_VERSION}'?"
        message = _wrong_version(document.data["apiVersion"])
        report(JOBSET_VERSION, Finding(path=("apiVersion",), message=message, hint=hint))
        return None
    document, data = _as_meant(document, "JobSet", settings, diagnostics)
    given = document.given_namespace
    jobset = build_jobset(data, settings.namespace or (given.data if given else None))
    if is_left_to_another(jobset.managed_by or ""):
        message = (
            f"managedBy is {jobset.managed_by}: the JobSet is left to that controller and passes"
            " through unchanged"
        )
        report(MANAGED_ELSEWHERE, Finding(path=("spec", "managedBy"), message=message))
        return Unit(document=document, data=data, namespace=_written_namespace(data, settings))
    return Unit(
        document=document,
        data=data,
        namespace=jobset.namespace or "",
        jobset=overridden(jobset, settings),
    )


def is_left_to_another(managed_by: str) -> bool:
    """Whether a JobSet's managedBy names a controller other than that of the JobSet project."""
    return managed_by != _JOBSET_CONTROLLER and is_controller(managed_by)


def _as_meant(
    document: Document, kind: str, settings: Settings, diagnostics: list[Diagnostic]
) -> tuple[Document, Mapping[str, Any]]:
    """Return an object as it was meant, and report the violations of its schema."""

    def clean(data: Any) -> Mapping[str, Any]:
        return without_leftovers(without_empties(without_nulls(data), kind))

    read = read_as_meant(document, kind, settings.kubernetes_version, clean)
    diagnostics.extend(read.diagnostics)
    return read.document, read.data


def _wrong_version(api_version: str) -> str:
    if api_version.startswith(keys.API_GROUP):
        return f"{api_version} is not a version of JobSet that can be compiled"
    return f"the apiVersion of this JobSet is {api_version}, but must be {keys.API_VERSION}"


def _plain_unit(
    document: Document, settings: Settings, diagnostics: list[Diagnostic], report: Any
) -> Unit | None:
    data = document.data
    kind = KINDS.get((data["apiVersion"], data["kind"]))
    if kind == "JobSetGenerator":
        message = "a JobSetGenerator is read only from a file named jobsetgen.yaml"
        report(MISPLACED_PROJECT, Finding(path=("kind",), message=message))
        return None
    if is_misnamed(data):
        hint = near(str(data["kind"]), ["JobSet"])
        message = f"unknown kind '{data['kind']}' in {data['apiVersion']}"
        report(NOT_AN_OBJECT, Finding(path=("kind",), message=message, hint=hint))
        return None
    if not isinstance(data.get("items"), list | None):
        message = f"not a Kubernetes object: the items of this {data['kind']} are not a list"
        report(NOT_AN_OBJECT, Finding(path=("items",), message=message))
        return None
    if kind:
        document, data = _as_meant(document, kind, settings, diagnostics)
    else:
        data = without_leftovers(data)
    if is_named_jobset(data):
        message = (
            f"this JobSet belongs to another API, {data['apiVersion']}, and passes through"
            " unchanged"
        )
        report(ANOTHER_API, Finding(path=("apiVersion",), message=message))
    if wrapped := wrapped_jobset(data):
        message = f"the JobSet inside this {data['kind']} is left unchanged"
        report(WRAPPED, Finding(path=wrapped, message=message))
    elif is_of_trainer(data):
        message = (
            f"the JobSet that Kubeflow Trainer creates from this {data['kind']} is not compiled"
        )
        report(WRAPPED, Finding(path=("kind",), message=message))
    return Unit(document=document, data=data, namespace=_written_namespace(data, settings))


def _written_namespace(data: Mapping[str, Any], settings: Settings) -> str:
    """Return the namespace of an object that passes through: no base gives it one."""
    return string(mapping(data, "metadata"), "namespace") or settings.namespace or ""
