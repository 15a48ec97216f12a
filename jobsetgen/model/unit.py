"""One object of the input: a JobSet to expand, or another object, which passes through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from jobsetgen.model.jobset import JobSet
from jobsetgen.model.template import JobTemplate
from jobsetgen.plain import mapping, string
from jobsetgen.source.documents import Document

# JobSet's API group was once batch.x-k8s.io, and its labels are in jobset.sigs.k8s.io.
_WORDS_OF_GROUPS = ("jobset", "batch")


class Unit(NamedTuple):
    """One object with its document.

    `jobset` is None for an object that passes through, including a JobSet of another controller.

    `namespace` is the namespace that it will be in: its own, else that of the settings, else empty.
    """

    document: Document
    data: Mapping[str, Any]
    namespace: str = ""
    jobset: JobSet | None = None

    @property
    def kind(self) -> str:
        """The object's kind."""
        return string(self.data, "kind")

    @property
    def api_version(self) -> str:
        """The object's apiVersion."""
        return string(self.data, "apiVersion")

    @property
    def name(self) -> str:
        """The object's name."""
        return string(mapping(self.data, "metadata"), "name")

    @property
    def is_core(self) -> bool:
        """Whether it is an object of the core API, such as a Service, of whatever version."""
        return "/" not in self.api_version and not self.jobset

    def stands_in(self, jobset: JobSet) -> bool:
        """Whether it is the core object that a JobSet would otherwise create by its kind and name.

        An unknown namespace matches any other; see `CoreObjects` for the search by namespace.
        """
        if not self.namespace or not jobset.namespace:
            return self.is_core
        return self.is_core and self.namespace == jobset.namespace

    @property
    def is_job(self) -> bool:
        """Whether it is a batch/v1 Job."""
        return (self.api_version, self.kind) == ("batch/v1", "Job")

    def job_templates(self) -> tuple[JobTemplate, ...]:
        """Return its Job templates: those of the replicatedJobs, or a plain Job itself."""
        if self.jobset:
            return tuple(each.template for each in self.jobset.replicated_jobs)
        if self.is_job:
            return (
                JobTemplate(
                    path=(),
                    metadata=mapping(self.data, "metadata"),
                    spec=mapping(self.data, "spec"),
                    written=self.data,
                ),
            )
        return ()


def is_jobset(data: Mapping[str, Any]) -> bool:
    """Whether an object is a JobSet of any version, or clearly one with a wrong API group."""
    if not is_named_jobset(data):
        return False
    group = string(data, "apiVersion").partition("/")[0].lower()
    has_replicated_jobs = mapping(data, "spec").get("replicatedJobs") is not None
    return has_replicated_jobs or any(word in group for word in _WORDS_OF_GROUPS)


def is_named_jobset(data: Mapping[str, Any]) -> bool:
    """Whether an object's kind is JobSet, in any API group."""
    return data.get("kind") == "JobSet"
