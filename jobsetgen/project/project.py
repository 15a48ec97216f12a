"""The project file, jobsetgen.yaml: what to compile in a folder, and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from jobsetgen.diagnostics import Diagnostic, Finding, Path, Place, diagnostic
from jobsetgen.kubernetes.images import image_name
from jobsetgen.model.overrides import problems as problems_of_images
from jobsetgen.model.unit import Unit
from jobsetgen.options import reading
from jobsetgen.options.row import Option
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, objects, string, strings, without_nulls
from jobsetgen.project.codes import (
    IMAGE_OVERRIDE,
    NO_OUTPUT,
    NO_PROJECT,
    NO_TARGET,
    ON_RESTART,
    UNUSED_IMAGE,
    WATCHER_OPTION,
)
from jobsetgen.project.watcher_options import problems as problems_of_watcher
from jobsetgen.schema import problems
from jobsetgen.source.documents import Document, computed
from jobsetgen.source.loader import load
from jobsetgen.words import near

FILE_NAME = "jobsetgen.yaml"
PROJECT_KIND = {"apiVersion": "jobsetgen.io/v1alpha1", "kind": "JobSetGenerator"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project file that fits its schema.

    With `must_match` each of its images has to be one that a container uses.
    """

    document: Document
    data: Mapping[str, Any]
    must_match: bool = False

    @property
    def resources(self) -> tuple[str, ...] | None:
        """The files it names, or None where it leaves that to the folder."""
        return strings(self.data, "resources") if "resources" in self.data else None

    def settings(self) -> Settings:
        """Return its options, over the defaults."""
        return reading.read_settings(self.data)

    def contradictions(self) -> Iterator[Diagnostic]:
        """Yield what the project says and cannot mean."""
        output = string(self.data, "output")
        if "output" in self.data and not _is_below(output):
            message = f"the output folder '{output}' is none below the project's own"
            yield self.document.diagnostic(NO_OUTPUT, Finding(path=("output",), message=message))
        for problem in problems_of_watcher(self.settings().watcher):
            yield self.document.diagnostic(
                WATCHER_OPTION, Finding(**problem.below("watcher")._asdict())
            )
        for path, message in problems_of_images(self.settings().images):
            yield self.document.diagnostic(
                IMAGE_OVERRIDE, Finding(path=("images", *path), message=message)
            )

    def unmatched(self, units: Sequence[Unit]) -> Iterator[Diagnostic]:
        """Yield what the project changes in JobSets that are not there."""
        jobsets = [unit.jobset for unit in units if unit.jobset]
        for index, entry in objects(self.data, "replicas"):
            path: Path = ("replicas", index)
            namesakes = [jobset for jobset in jobsets if jobset.name == entry["jobSet"]]
            known = {each.name for jobset in namesakes for each in jobset.replicated_jobs}
            if not namesakes:
                message, field = f"there is no JobSet {entry['jobSet']}", "jobSet"
                known = {jobset.name for jobset in jobsets}
            elif entry["replicatedJob"] not in known:
                message = f"JobSet {entry['jobSet']} has no replicatedJob {entry['replicatedJob']}"
                field = "replicatedJob"
            else:
                continue
            finding = Finding(
                path=(*path, field), message=message, hint=near(entry[field], sorted(known))
            )
            yield self.document.diagnostic(NO_TARGET, finding)
        yield from self._unused_images(units)

    def _unused_images(self, units: Sequence[Unit]) -> Iterator[Diagnostic]:
        entries = list(objects(self.data, "images"))
        expanded = [unit for unit in units if unit.jobset and entries]
        used = {
            image_name(string(container, "image"))
            for unit in expanded
            for container in _containers(unit)
        }
        for index, entry in entries:
            if entry["name"] not in used:
                message = f"no container of a JobSet uses the image {entry['name']}"
                finding = Finding(
                    path=("images", index, "name"), message=message, hint=near(entry["name"], used)
                )
                found = self.document.diagnostic(UNUSED_IMAGE, finding)
                yield replace(found, severity="error") if self.must_match else found


def read_project(file: str, content: bytes) -> tuple[Project | None, list[Diagnostic]]:
    """Read a project file. With any error in it there is no project."""
    documents, diagnostics = load(file, content)
    if any(item.is_error for item in diagnostics):
        return None, diagnostics
    if len(documents) != 1:
        message = (
            f"a {FILE_NAME} holds one JobSetGenerator; this one holds {len(documents)} documents"
        )
        return None, [*diagnostics, diagnostic(NO_PROJECT, Place(file), message)]
    document = documents[0]
    data = without_nulls(document.data)
    if not isinstance(data, Mapping) or data.get("kind") != "JobSetGenerator":
        hint = "It begins with 'apiVersion: jobsetgen.io/v1alpha1' and 'kind: JobSetGenerator'."
        finding = Finding(
            path=("kind",), message=f"a {FILE_NAME} holds a JobSetGenerator", hint=hint
        )
        return None, [*diagnostics, document.diagnostic(NO_PROJECT, finding)]
    project, wrong = project_of(document, data)
    return project, [*diagnostics, *wrong]


def project_of(
    document: Document, data: Mapping[str, Any]
) -> tuple[Project | None, list[Diagnostic]]:
    """Return data as a project, or what does not fit; `document` has the places of the data."""
    wrong = [
        document.diagnostic(*each)
        for each in problems(data, "JobSetGenerator", Settings().kubernetes_version)
    ]
    return (None if wrong else Project(document=document, data=data)), wrong


def layer(place: str, row: Option, value: Any) -> tuple[Project | None, list[Diagnostic]]:
    """Return one option as a project of its own, or what does not fit; `place` is where its value comes from."""
    data = {**PROJECT_KIND, **reading.part(row, value)}
    document = Document(root=computed(data, Place(place)))
    # What only a flag has is in no schema.
    return (
        project_of(document, data) if row.in_file else (Project(document=document, data=data), [])
    )


def on_restart_errors(projects: Sequence[Project], settings: Settings) -> Iterator[Diagnostic]:
    """Yield the error of OnRestart where Git owns the Jobs, at the project that has chosen it: the last that names one.

    `settings` are those of all the projects together.
    """
    if settings.update_policy != "OnRestart" or settings.jobs != "git":
        return
    for project in reversed(projects):
        if "updatePolicy" in project.data:
            message = (
                "updatePolicy OnRestart needs jobs: watcher; what is in Git a GitOps tool applies"
                " at once"
            )
            yield project.document.diagnostic(
                ON_RESTART, Finding(path=("updatePolicy",), message=message)
            )
            return


def laid_over(projects: Sequence[Project]) -> Project:
    """Return the first project with the content of the others laid over it, in their order."""
    return replace(projects[0], data=reading.laid_over(each.data for each in projects))


def _is_below(folder: str) -> bool:
    """Whether a path leads to a folder below the one that it starts from."""
    path = PurePosixPath(folder)
    return (
        bool(path.parts)
        and not path.is_absolute()
        and ".." not in path.parts
        and not set("\\\0") & set(folder)
    )


def _containers(unit: Unit) -> Iterator[Mapping[str, Any]]:
    """Yield the containers of a JobSet as they are written, before any override."""
    for _, each in objects(mapping(unit.data, "spec"), "replicatedJobs"):
        pod = mapping(mapping(mapping(mapping(each, "template"), "spec"), "template"), "spec")
        for field in ("initContainers", "containers"):
            for _, container in objects(pod, field):
                yield container
