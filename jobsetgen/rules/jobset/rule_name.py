"""JSG222: rule name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import characters
from jobsetgen.rules.common.policies import failure_rules
from jobsetgen.rules.rule import jobset_rule

_RULE_NAME = r"[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?"
_LONGEST_RULE_NAME = 128


@jobset_rule(
    "JSG222",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "validateFailurePolicy"),
)
def rule_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A failure rule's name is malformed or longer than 128 characters.

    It begins with a letter, continues with letters, digits and `_,:`, and ends with a letter, a
    digit or `_`.

    Error because JobSet's webhook refuses any other name.

    Bad::

        spec:
          failurePolicy:
            rules: [{name: host-maintenance, action: RestartJobSet}]

    Good::

        spec:
          failurePolicy:
            rules: [{name: hostMaintenance, action: RestartJobSet}]
    """
    for rule in failure_rules(jobset):
        path = (*rule.path, "name")
        if len(rule.name) > _LONGEST_RULE_NAME:
            message = f"the failure rule's name has {characters(rule.name, _LONGEST_RULE_NAME)}"
            yield Finding(path=path, message=message)

        if not re.fullmatch(_RULE_NAME, rule.name):
            message = (
                f"invalid failure rule name '{rule.name}': must consist of letters, digits and"
                " _,: beginning with a letter and ending with a letter, a digit or _"
            )
            yield Finding(path=path, message=message, hint=_nearest_valid(rule.name))


def _nearest_valid(name: str) -> str:
    """Return the hint to write underscores for what is not allowed, where that is enough."""
    fixed = re.sub(r"[^A-Za-z0-9_,:]", "_", name)
    if re.fullmatch(_RULE_NAME, fixed):
        return f"Did you mean '{fixed}'?"
    return ""
