"""JSG226: failure pattern."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.re2 import PatternError, TooLargeError, compiled
from jobsetgen.rules.common.policies import failure_rules
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG226",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/controllers/failure_policy.go", "anyMatchFound"),
)
def failure_pattern(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    r"""A pattern of onJobFailureMessagePatterns is not a valid RE2 regular expression.

    The restart-watcher runs on Python, so the plan holds each pattern as a translation that matches
    where RE2 would, or, where Python could search for too long, as a program that the watcher runs
    in linear time. Two things are refused although they are valid: groups nested 100 or more levels
    deep, and a pattern whose program would have more than 4,000 instructions, such as
    `(error: \w+ ){500}`; a repetition counts once for each of its rounds.

    Error because the JobSet controller skips a pattern that does not compile, so that its rule
    never matches and a failure is handled differently from what the spec says; and because the
    watcher cannot run a pattern that the plan cannot hold.

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
        compiled(pattern)
    except TooLargeError as error:
        return f"the pattern '{pattern}' is too large: {error}"
    except PatternError as error:
        return f"invalid RE2 regular expression '{pattern}': {error}"
    return ""
