"""JSG223: duplicate rule name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.policies import failure_rules
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG223",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "validateFailurePolicy"),
)
def duplicate_rule_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """Two failure rules have the same name.

    A rule without a name gets the name `failurePolicyRule<index>`, which counts as well.

    Error because JobSet's webhook refuses the second one.

    Bad::

        spec:
          failurePolicy:
            rules: [{name: retry, action: RestartJobSet}, {name: retry, action: FailJobSet}]

    Good::

        spec:
          failurePolicy:
            rules: [{name: retry, action: RestartJobSet}, {name: giveUp, action: FailJobSet}]
    """
    seen: set[str] = set()
    for rule in failure_rules(jobset):
        if rule.name in seen:
            message = f"duplicate failure rule name '{rule.name}'"
            yield Finding(path=(*rule.path, "name"), message=message)

        seen.add(rule.name)
