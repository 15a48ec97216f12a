"""JSG347: job name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_controller, is_label, is_subdomain
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.job import completions_of
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN

_GENERATED = 5


@job_rule("JSG347", "error", since="0.1", source=UNKNOWN)
def job_name(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A plain Job has no name, or one that its pods cannot carry; or managedBy cannot name a controller.

    A Job's name is a DNS name, and as it becomes a label of the pods it has at most 63 characters. The pods of an
    Indexed Job have `<name>-<index>` as their hostname, which is a DNS label of at most 63. managedBy has a domain and
    a path, in at most 63 characters.

    Bad (file)::

        apiVersion: batch/v1
        kind: Job
        metadata: {name: Prepare_Data}
        spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: "example.com/prepare:1.0"}]}}}

    Good (file)::

        apiVersion: batch/v1
        kind: Job
        metadata: {name: prepare-data}
        spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: "example.com/prepare:1.0"}]}}}
    """
    if not job.path:
        yield from _plain_name(job)
    manager = string(job.spec, "managedBy", "batch.kubernetes.io/job-controller")
    if not is_controller(manager):
        message = (
            f"managedBy '{manager}' is no domain-prefixed path of at most {MAX_LABEL} characters"
        )
        hint = "It looks like example.com/controller."
        yield Finding(path=(*job.spec_path, "managedBy"), message=message, hint=hint)


def _plain_name(job: JobTemplate) -> Iterator[Finding]:
    name, prefix = string(job.metadata, "name"), string(job.metadata, "generateName")
    path = ("metadata", "name" if name else "generateName")
    if not name and not prefix:
        yield Finding(
            path=("metadata",), message="the Job has no name", hint="Give it a metadata.name."
        )
        return
    # The API server cuts a generateName so that the whole fits.
    full = name or prefix[: MAX_LABEL - _GENERATED] + "x" * _GENERATED
    completions = completions_of(job)
    host = f"{full}-{completions - 1}" if job.is_indexed and completions else full
    if not is_subdomain(full):
        message = (
            f"the Job's name '{name or prefix}' must have lower-case letters, digits, dashes and"
            " dots"
        )
        yield Finding(path=path, message=message)
    elif len(full) > MAX_LABEL and job.spec.get("manualSelector") is not True:
        message = (
            f"the Job's name has {len(full)} characters, {len(full) - MAX_LABEL} more than the"
            f" {MAX_LABEL} allowed"
        )
        yield Finding(path=path, message=message)
    elif host != full and not is_label(host):
        message = (
            f"'{host}' cannot be the hostname of a pod: at most {MAX_LABEL} letters, digits and"
            " dashes"
        )
        yield Finding(path=path, message=message)
