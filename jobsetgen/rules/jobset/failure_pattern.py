"""JSG226: failure pattern."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.re2 import PatternError, runs_away
from jobsetgen.rules.common.policies import failure_rules
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG226",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/controllers/failure_policy.go", "anyMatchFound"),
)
def failure_pattern(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A pattern of onJobFailureMessagePatterns is not a valid RE2 regular expression.

    The restart-watcher runs on Python, so the plan holds a translation of each pattern that matches
    where RE2 would. Two things cannot be translated: groups nested 100 or more levels deep, and
    repetitions of an expression that can itself match in several ways, such as `(a+)+` or `(a|b)*`,
    because Python could search for longer than the run lasts.

    Error because the JobSet controller skips a pattern that does not compile, so that its rule
    never matches and a failure is handled differently from what the spec says; and because the
    watcher cannot run a pattern without a translation.

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
            if message := _problem(pattern):
                path = (*rule.path, "onJobFailureMessagePatterns", index)
                yield Finding(path=path, message=message)


def _problem(pattern: str) -> str:
    """Return what is wrong with a pattern, or nothing."""
    try:
        is_endless = runs_away(pattern)
    except PatternError as error:
        return f"invalid RE2 regular expression '{pattern}': {error}"

    if is_endless:
        return (
            f"the pattern '{pattern}' repeats an expression that can match in several ways, so a"
            " search might not end; repeat it only once"
        )
    return ""
