"""JSG310: no container."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG310",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateContainers"),
)
def no_container(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod has no container.

    Error because every API server refuses a pod without containers.

    Bad::

        spec:
          replicatedJobs:
          - name: workers
          - {name: evaluators, template: {spec: {template: {spec: {containers: []}}}}}

    Good::

        spec:
          replicatedJobs:
          - name: workers
    """
    if not items(job.pod, "containers") and not _is_refused_by_schema(job):
        path = (*job.pod_path, "containers")
        yield Finding(path=path, message="a pod needs at least one container")


def _is_refused_by_schema(job: JobTemplate) -> bool:
    """Whether the schema reports the containers, or what they are in, as missing or of a wrong type.

    It requires a template and the containers, but no spec.
    """
    value = job.written
    for field in ("spec", "template", "spec"):
        if not isinstance(value, Mapping):
            return True
        if field not in value:
            return field == "template"
        value = value[field]
    return not (isinstance(value, Mapping) and isinstance(value.get("containers"), list))
