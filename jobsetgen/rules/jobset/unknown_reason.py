"""JSG224: unknown reason."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.policies import failure_rules
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN
from jobsetgen.words import near

_REASONS = (
    "BackoffLimitExceeded",
    "DeadlineExceeded",
    "FailedIndexes",
    "MaxFailedIndexesExceeded",
    "PodFailurePolicy",
)


@jobset_rule("JSG224", "error", since="0.1", source=UNKNOWN)
def unknown_reason(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A failure rule waits for a reason that no Job ever fails with.

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
            if reason not in _REASONS:
                message = (
                    f"'{reason}' is not a reason that a Job fails with; those are"
                    f" {', '.join(_REASONS)}"
                )
                place = (*rule.path, "onJobFailureReasons", index)
                yield Finding(path=place, message=message, hint=near(reason, _REASONS))
