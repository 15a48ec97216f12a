"""JSG225: restart job replicas."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.policies import failure_rules
from jobsetgen.rules.rule import jobset_rule

_ALONE = frozenset(["RestartJob", "RestartJobAndIgnoreMaxRestarts"])
_MAX_REPLICAS_RESTARTED_ALONE = 1024


@jobset_rule(
    "JSG225",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "validateFailurePolicy"),
)
def restart_job_replicas(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A rule restarts single Jobs, but a replicatedJob has more than 1024 of them.

    JobSet counts the restarts of each Job in a list of at most 1024 entries.

    Error because JobSet's webhook refuses the combination.

    Bad::

        spec:
          failurePolicy:
            rules: [{action: RestartJob}]
          replicatedJobs:
          - {replicas: 1025}

    Good::

        spec:
          failurePolicy:
            rules: [{action: RestartJobSet}]
          replicatedJobs:
          - {replicas: 1025}
    """
    actions = [rule.action for rule in failure_rules(jobset) if rule.action in _ALONE]
    if not actions:
        return

    for each in jobset.replicated_jobs:
        if each.replicas > _MAX_REPLICAS_RESTARTED_ALONE:
            message = (
                f"replicatedJob {each.name} has {each.replicas} replicas; the action {actions[0]}"
                f" allows at most {_MAX_REPLICAS_RESTARTED_ALONE}"
            )
            yield Finding(path=(*each.path, "replicas"), message=message)
