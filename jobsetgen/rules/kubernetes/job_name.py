"""JSG347: job name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import MAX_LABEL, is_controller, is_label, is_subdomain
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.job import completions_of
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_GENERATED = 5
"""How many characters the API server adds to a generateName."""


@job_rule(
    "JSG347",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/batch/validation/validation.go", "ValidateJobCreate"),
)
def job_name(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A plain Job has no name, an invalid or too long one, or an invalid managedBy.

    A Job's name is a DNS name. It becomes a label of the pods, so it has at most 63 characters. The
    pods of an Indexed Job have `<name>-<index>` as their hostname, which is a DNS label of at most
    63 characters. managedBy is a domain and a path, of at most 63 characters together.

    Error because every API server refuses such a Job.

    Bad (file)::

        apiVersion: batch/v1
        kind: Job
        metadata: {name: Prepare_Data}
        spec:
          template:
            spec:
              restartPolicy: Never
              containers: [{name: main, image: "registry.example.com/prepare:1.0"}]

    Good (file)::

        apiVersion: batch/v1
        kind: Job
        metadata: {name: prepare-data}
        spec:
          template:
            spec:
              restartPolicy: Never
              containers: [{name: main, image: "registry.example.com/prepare:1.0"}]
    """
    is_plain_job = not job.path
    if is_plain_job:
        yield from _name(job)

    manager = string(job.spec, "managedBy", "batch.kubernetes.io/job-controller")
    if not is_controller(manager):
        limit = f"must be a domain-prefixed path of at most {MAX_LABEL} characters"
        message = f"invalid managedBy '{manager}': {limit}"
        hint = "Use a value such as example.com/controller."
        yield Finding(path=(*job.spec_path, "managedBy"), message=message, hint=hint)


def _name(job: JobTemplate) -> Iterator[Finding]:
    name = string(job.metadata, "name")
    prefix = string(job.metadata, "generateName")
    if name:
        yield from _full_name(job, name, name, ("metadata", "name"))
    elif prefix:
        # The API server cuts a generateName so that the whole fits.
        generated = prefix[: MAX_LABEL - _GENERATED] + "x" * _GENERATED
        yield from _full_name(job, generated, prefix, ("metadata", "generateName"))
    else:
        message = "the Job has no name"
        yield Finding(path=("metadata",), message=message, hint="Set metadata.name.")


def _full_name(job: JobTemplate, name: str, written: str, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with a name that was written so, or generated from what was."""
    is_pod_label = job.spec.get("manualSelector") is not True
    host = _last_hostname(job, name)
    if not is_subdomain(name):
        limit = "must consist of lower-case letters, digits, dashes and dots"
        yield Finding(path=path, message=f"invalid Job name '{written}': {limit}")
    elif len(name) > MAX_LABEL and is_pod_label:
        excess = f"{len(name) - MAX_LABEL} more than the {MAX_LABEL} allowed"
        yield Finding(path=path, message=f"the Job's name has {len(name)} characters, {excess}")
    elif host and not is_label(host):
        limit = f"must consist of at most {MAX_LABEL} lower-case letters, digits and dashes"
        yield Finding(path=path, message=f"invalid hostname '{host}' of a pod: {limit}")


def _last_hostname(job: JobTemplate, name: str) -> str:
    """Return the longest hostname of an Indexed Job's pods; nothing for another Job."""
    completions = completions_of(job)
    if not job.is_indexed or not completions:
        return ""
    return f"{name}-{completions - 1}"
