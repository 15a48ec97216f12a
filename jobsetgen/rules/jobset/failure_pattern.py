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

_MOST_INSTRUCTIONS = 20_000


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
    in linear time. Three things are refused although they are valid: groups nested 100 or more
    levels deep, a pattern whose program would have more than 4,000 instructions, such as
    `(error: \w+ ){500}`, and programs of more than 20,000 instructions together, with which the
    watcher could take 10 seconds for a message of 32 KB. A repetition counts once for each of its
    rounds.

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
    together = 0
    for rule in failure_rules(jobset):
        for index, pattern in enumerate(rule.patterns):
            path = (*rule.path, "onJobFailureMessagePatterns", index)
            message, instructions = _problem(pattern)
            is_within = together <= _MOST_INSTRUCTIONS
            together += instructions
            if is_within and together > _MOST_INSTRUCTIONS:
                message = (
                    f"up to this one, patterns have programs of {together:,} instructions together,"
                    f" and at most {_MOST_INSTRUCTIONS:,} are allowed"
                )
            if message:
                yield Finding(path=path, message=message)


def _problem(pattern: str) -> tuple[str, int]:
    """Return what is wrong with a pattern, or nothing, and how many instructions it takes."""
    try:
        runs_as = compiled(pattern)
    except TooLargeError as error:
        return f"the pattern '{pattern}' is too large: {error}", 0
    except PatternError as error:
        return f"invalid RE2 regular expression '{pattern}': {error}", 0
    return "", 0 if isinstance(runs_as, str) else len(runs_as["code"].split())
