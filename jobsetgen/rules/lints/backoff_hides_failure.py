"""JSG501: backoff hides failure."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import integer
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import page

_KUBERNETES_DEFAULT = 6


@jobset_rule(
    "JSG501",
    "warning",
    since="0.1",
    source=page(
        "Kubernetes, Pod backoff failure policy",
        "https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy",
    ),
)
def backoff_hides_failure(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A Job retries its pods although the set has a failurePolicy.

    The failurePolicy acts when a Job has failed, and a Job fails only when its backoffLimit is used
    up. Until then, a failed pod is replaced alone, and the other ranks of a coupled training job
    wait for one that has lost its state. Kubernetes defaults backoffLimit to 6. Jobs with
    backoffLimitPerIndex count failures in another way, and InPlaceRestart needs a high
    backoffLimit: neither gets a warning. Nor does a failurePolicy without restarts and rules, which
    only fails the set, as a set without one does.

    Warning because a Job whose pods do not depend on each other may well retry on its own.

    Bad::

        spec:
          failurePolicy: {maxRestarts: 3}
          replicatedJobs:
          - template: {spec: {backoffLimit: 4}}

    Good::

        spec:
          failurePolicy: {maxRestarts: 3}
          replicatedJobs:
          - template: {spec: {backoffLimit: 0}}
    """
    policy = jobset.failure_policy
    if policy is None or policy.restart_strategy == "InPlaceRestart":
        return
    if not policy.max_restarts and not policy.rules:
        return
    for each in jobset.replicated_jobs:
        limit = _backoff_limit(each.template)
        if limit > 0:
            yield _retried(each.template, limit)


def _backoff_limit(template: JobTemplate) -> int:
    """Return how often a Job retries where that hides a failure; 0 also for an invalid number."""
    if "backoffLimitPerIndex" in template.spec:
        return 0
    if "backoffLimit" in template.spec:
        return integer(template.spec, "backoffLimit", 0)
    return _KUBERNETES_DEFAULT


def _retried(template: JobTemplate, limit: int) -> Finding:
    what = f"backoffLimit is {limit}"
    if "backoffLimit" not in template.spec:
        what = f"backoffLimit is not set, so Kubernetes defaults it to {limit}"
    times = "once" if limit == 1 else f"up to {limit} times"
    message = f"{what}: a failed pod is retried {times} before the failurePolicy acts"
    return Finding(
        path=(*template.spec_path, "backoffLimit"),
        message=message,
        hint="Set backoffLimit: 0, so that the first failure reaches the failurePolicy.",
    )
