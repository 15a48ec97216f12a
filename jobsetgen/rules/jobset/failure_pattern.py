"""JSG226: failure pattern."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.re2 import PatternError, runs_away
from jobsetgen.rules.common.policies import failure_rules
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG226", "error", since="0.1", source=UNKNOWN)
def failure_pattern(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A pattern of onJobFailureMessagePatterns is no regular expression in the syntax of RE2.

    The JobSet controller accepts it and then skips the rule's pattern at run time, so a failure would be treated in
    another way than the spec says. The restart-watcher runs on Python, so each pattern is written anew for it in the
    plan, and found where RE2 would find it. Two things have no counterpart there: groups that nest 100 deep or deeper,
    and a repetition of what can itself be read in several ways, such as `(a+)+` or `(a|b)*`: Python could take longer
    than the run to say that it is not found.

    Bad::

        spec:
          failurePolicy:
            rules: [{action: FailJobSet, onJobFailureMessagePatterns: ["exit code (1|2"]}]

    Good::

        spec:
          failurePolicy:
            rules: [{action: FailJobSet, onJobFailureMessagePatterns: ["exit code (1|2)"]}]
    """
    for rule in failure_rules(jobset):
        for index, pattern in enumerate(rule.patterns):
            if reason := _against(pattern):
                message = f"the pattern '{pattern}' {reason}"
                yield Finding(
                    path=(*rule.path, "onJobFailureMessagePatterns", index), message=message
                )


def _against(pattern: str) -> str:
    try:
        if runs_away(pattern):
            return (
                "repeats what can be read in several ways: to search for it could take for ever;"
                " repeat it once"
            )
    except PatternError as error:
        return f"is no RE2 regular expression: {error}"
    return ""
