"""JSG226: failure pattern."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.re2 import MOST_CHARACTERS, PatternError, TooLargeError, compiled
from jobsetgen.rules.common.policies import failure_rules
from jobsetgen.rules.rule import jobset_rule

_MOST_INSTRUCTIONS = 20_000


class _Size(NamedTuple):
    """How large a pattern is: as a program, or as one of Python's."""

    instructions: int = 0
    characters: int = 0


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
    instructions = characters = 0
    for rule in failure_rules(jobset):
        for index, pattern in enumerate(rule.patterns):
            path = (*rule.path, "onJobFailureMessagePatterns", index)
            message, more = _problem(pattern)
            message = _beyond(instructions, characters, more) or message
            instructions += more.instructions
            characters += more.characters
            if message:
                yield Finding(path=path, message=message)


def _beyond(instructions: int, characters: int, more: _Size) -> str:
    """Return which limit the patterns exceed with one more, if those before it do not."""
    together = instructions + more.instructions
    if instructions <= _MOST_INSTRUCTIONS < together:
        return (
            f"up to this one, patterns have programs of {together:,} instructions together,"
            f" and at most {_MOST_INSTRUCTIONS:,} are allowed"
        )
    together = characters + more.characters
    if characters <= MOST_CHARACTERS < together:
        return (
            f"up to this one, patterns have {together:,} characters together with their classes"
            f" written out, and at most {MOST_CHARACTERS:,} are allowed"
        )
    return ""


def _problem(pattern: str) -> tuple[str, _Size]:
    """Return what is wrong with a pattern, or nothing, and how large it is for the watcher."""
    try:
        runs_as = compiled(pattern)
    except TooLargeError as error:
        return f"the pattern '{pattern}' is too large: {error}", _Size()
    except PatternError as error:
        return f"invalid RE2 regular expression '{pattern}': {error}", _Size()
    if isinstance(runs_as, str):
        return "", _Size(characters=len(runs_as))
    return "", _Size(instructions=len(runs_as["code"].split()))
