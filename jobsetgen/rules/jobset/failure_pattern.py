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
    """A pattern of onJobFailureMessagePatterns is not a regular expression in the syntax of RE2.

    The restart-watcher runs on Python, so the plan holds a translation of each pattern that matches
    where RE2 would. Two things have no translation: groups that nest 100 deep or deeper, and a
    repetition of what can itself match in several ways, such as `(a+)+` or `(a|b)*`, in which
    Python could search for longer than the run.

    Error because the JobSet controller skips a pattern that does not compile, so that its rule
    never matches and a failure is treated in another way than the spec says; and because the
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
            f"the pattern '{pattern}' repeats what can match in several ways, so that a search"
            " might not end; repeat it once"
        )
    return ""
