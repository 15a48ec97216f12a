"""JSG224: unknown reason."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.failures import REASONS
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.policies import failure_rules
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.words import near


@jobset_rule(
    "JSG224",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "validateFailurePolicy"),
)
def unknown_reason(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A failure rule lists a reason that the Job controller never gives.

    Error because JobSet's webhook refuses any other reason.

    Bad::

        spec:
          failurePolicy:
            rules: [{action: FailJobSet, onJobFailureReasons: [PodFailurePolicies]}]

    Good::

        spec:
          failurePolicy:
            rules: [{action: FailJobSet, onJobFailureReasons: [PodFailurePolicy]}]
    """
    for rule in failure_rules(jobset):
        for index, reason in enumerate(rule.reasons):
            if reason not in REASONS:
                known = ", ".join(REASONS)
                message = f"unknown Job failure reason '{reason}': must be one of {known}"
                place = (*rule.path, "onJobFailureReasons", index)
                yield Finding(path=place, message=message, hint=near(reason, REASONS))
