"""JSG222: rule name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.policies import failure_rules
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN

_RULE_NAME = re.compile(r"[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?")


_LONGEST_RULE_NAME = 128


@jobset_rule("JSG222", "error", since="0.1", source=UNKNOWN)
def rule_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A failure rule's name is malformed or longer than 128 characters.

    It begins with a letter, goes on with letters, digits and `_,:`, and ends with a letter, a digit or `_`.

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
            excess = len(rule.name) - _LONGEST_RULE_NAME
            message = (
                f"the rule's name has {len(rule.name)} characters, {excess} more than the"
                f" {_LONGEST_RULE_NAME} allowed"
            )
            yield Finding(path=path, message=message)
        if not _RULE_NAME.fullmatch(rule.name):
            message = (
                f"the rule's name '{rule.name}' must have letters, digits and _,: and begin with a"
                " letter"
            )
            fixed = re.sub(r"[^A-Za-z0-9_,:]", "_", rule.name)
            hint = f"Did you mean '{fixed}'?" if _RULE_NAME.fullmatch(fixed) else ""
            yield Finding(path=path, message=message, hint=hint)
