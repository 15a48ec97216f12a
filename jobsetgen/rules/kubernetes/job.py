"""The Job's own fields: numbers, completion mode, restart policy, name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_controller, is_label, is_subdomain
from jobsetgen.kubernetes.numbers import MAX_INT32
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import job_rule

_NOT_NEGATIVE = (
    "parallelism",
    "completions",
    "backoffLimit",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
    "activeDeadlineSeconds",
    "ttlSecondsAfterFinished",
)
_MAX_INDEXED = 100_000
# Above so many completions, backoffLimitPerIndex is allowed only with few failures at a time.
_MANY_COMPLETIONS, _MAX_PARALLELISM, _MAX_FAILED = 100_000, 10_000, 10_000
_GENERATED = 5


def _number(parent: Mapping[str, Any], field: str) -> int | None:
    value = parent.get(field)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def completions_of(job: JobTemplate) -> int | None:
    """Return a Job's completions as the API server fills them in: 1 where parallelism is not written either."""
    return 1 if "parallelism" not in job.spec and "completions" not in job.spec else job.completions


@job_rule("JSG340", "negative-number")
def negative_number(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A number that counts something is negative, or a pod's activeDeadlineSeconds is no time that can pass.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {backoffLimit: -1}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {backoffLimit: 0}}
    """
    for field in _NOT_NEGATIVE:
        number = _number(job.spec, field)
        if number is not None and number < 0:
            yield Finding(
                path=(*job.spec_path, field), message=f"{field} is {number}, but cannot be negative"
            )
    deadline = _number(job.pod, "activeDeadlineSeconds")
    if deadline is not None and not 1 <= deadline <= MAX_INT32:
        bound = "at least 1" if deadline < 1 else f"at most {MAX_INT32}"
        message = f"activeDeadlineSeconds of a pod is {deadline}, but must be {bound}"
        yield Finding(path=(*job.pod_path, "activeDeadlineSeconds"), message=message)


@job_rule("JSG341", "indexed-completions")
def indexed_completions(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """An Indexed Job has a parallelism but no completions, or more than 100,000 of them at once.

    JobSet makes every Job Indexed that does not say otherwise. With neither written, both are 1.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 2}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 2, completions: 2}}
    """
    if not job.is_indexed:
        return
    parallelism = _number(job.spec, "parallelism")
    if parallelism is not None and "completions" not in job.spec:
        message = f"an Indexed Job with parallelism {parallelism} needs completions, too"
        hint = f"Write completions: {parallelism}, or completionMode: NonIndexed."
        yield Finding(path=(*job.spec_path, "completions"), message=message, hint=hint)
    if parallelism is not None and parallelism > _MAX_INDEXED:
        message = f"parallelism is {parallelism:,}; an Indexed Job allows at most {_MAX_INDEXED:,}"
        yield Finding(path=(*job.spec_path, "parallelism"), message=message)


@job_rule("JSG342", "backoff-per-index")
def backoff_per_index(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """backoffLimitPerIndex and maxFailedIndexes: only for Indexed Jobs, the second only with the first.

    maxFailedIndexes cannot exceed completions. Above 100,000 completions it must be written and, as parallelism, be at
    most 10,000.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 2, completions: 2, maxFailedIndexes: 1}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 2, completions: 2, backoffLimitPerIndex: 1, maxFailedIndexes: 1}}
    """
    failed, completions = _number(job.spec, "maxFailedIndexes"), completions_of(job)
    path = job.spec_path
    if not job.is_indexed:
        for field in ("backoffLimitPerIndex", "maxFailedIndexes"):
            if field in job.spec:
                yield Finding(path=(*path, field), message=f"{field} needs completionMode Indexed")
        return
    if failed is not None and "backoffLimitPerIndex" not in job.spec:
        yield Finding(
            path=(*path, "maxFailedIndexes"), message="maxFailedIndexes needs backoffLimitPerIndex"
        )
    if failed is not None and completions is not None and failed > completions:
        message = f"maxFailedIndexes is {failed}, more than the completions, {completions}"
        yield Finding(path=(*path, "maxFailedIndexes"), message=message)
    if "backoffLimitPerIndex" in job.spec and (completions or 0) > _MANY_COMPLETIONS:
        yield from _many_completions(job, failed)


def _many_completions(job: JobTemplate, failed: int | None) -> Iterator[Finding]:
    above = f"with backoffLimitPerIndex and more than {_MANY_COMPLETIONS:,} completions"
    if failed is None:
        yield Finding(
            path=(*job.spec_path, "maxFailedIndexes"),
            message=f"maxFailedIndexes must be written {above}",
        )
    elif failed > _MAX_FAILED:
        message = f"maxFailedIndexes is at most {_MAX_FAILED:,} {above}"
        yield Finding(path=(*job.spec_path, "maxFailedIndexes"), message=message)
    if job.parallelism > _MAX_PARALLELISM:
        message = f"parallelism is at most {_MAX_PARALLELISM:,} {above}"
        yield Finding(path=(*job.spec_path, "parallelism"), message=message)


@job_rule("JSG343", "restart-policy")
def restart_policy(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The pods of a Job must not restart for ever, and with a podFailurePolicy not at all.

    restartPolicy is OnFailure or Never (JobSet takes OnFailure where it is not written, a plain Job must write it);
    a podFailurePolicy needs Never.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {restartPolicy: Always}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {restartPolicy: Never}}}}
    """
    policy = string(job.pod, "restartPolicy", "Always")
    path = (*job.pod_path, "restartPolicy")
    if policy == "Always" and job.pod:
        written = (
            "is Always" if "restartPolicy" in job.pod else "is not written, which means Always"
        )
        message = f"restartPolicy {written}; the pods of a Job need OnFailure or Never"
        yield Finding(path=path, message=message)
    elif policy != "Never" and "podFailurePolicy" in job.spec:
        hint = "" if "restartPolicy" in job.pod else "Write restartPolicy: Never."
        yield Finding(
            path=path,
            message=f"a podFailurePolicy needs restartPolicy Never, not {policy}",
            hint=hint,
        )


@job_rule("JSG347", "job-name")
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


RULES = (negative_number, indexed_completions, backoff_per_index, restart_policy, job_name)
