"""What a rule is: a check with a code, whose docstring is its page in the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Code, Finding, Link, Path, Severity
from jobsetgen.kubernetes.problem import Problem
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.template import JobTemplate
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings

Located = tuple[Unit, Finding]
Plan = Mapping[str, Any]
"""The ConfigMap of a JobSet's plan."""

JobSetCheck = Callable[[JobSet, Settings], Iterator[Finding]]
JobCheck = Callable[[JobTemplate, Settings], Iterator[Finding]]
InputCheck = Callable[[Sequence[Unit], Settings], Iterator[Located]]
PlanCheck = Callable[[JobSet, Plan], Iterator[Finding]]
Sizes = Iterable[tuple[Unit, int]]
"""How many bytes of output each part of the input makes, in order."""
OutputCheck = Callable[[Sizes, Settings], Iterator[Located]]


class JobSetRule(NamedTuple):
    """Looks at one JobSet."""

    code: Code
    check: JobSetCheck


class JobRule(NamedTuple):
    """Looks at one Job template: of each replicatedJob, and of each Job that passes through."""

    code: Code
    check: JobCheck


class InputRule(NamedTuple):
    """Looks at everything in the input together."""

    code: Code
    check: InputCheck


class PlanRule(NamedTuple):
    """Looks at the restart-watcher's plan of one JobSet, when everything else is right."""

    code: Code
    check: PlanCheck


class OutputRule(NamedTuple):
    """Looks at the size of the output, when everything else is right."""

    code: Code
    check: OutputCheck


Rule = JobSetRule | JobRule | InputRule | PlanRule | OutputRule


def jobset_rule(
    code: str, severity: Severity, *, since: str, source: Link
) -> Callable[[JobSetCheck], JobSetRule]:
    """Make a rule of a function that looks at one JobSet.

    The function's name is the rule's title, and its docstring is the rule's page. Paths in its
    findings begin at the document's root.
    """
    return lambda check: JobSetRule(_code(code, severity, since, source, check), check)


def job_rule(
    code: str, severity: Severity, *, since: str, source: Link
) -> Callable[[JobCheck], JobRule]:
    """Make a rule of a function that looks at one Job template.

    The template's `path` begins the paths of its findings.
    """
    return lambda check: JobRule(_code(code, severity, since, source, check), check)


def input_rule(
    code: str, severity: Severity, *, since: str, source: Link
) -> Callable[[InputCheck], InputRule]:
    """Make a rule of a function that looks at all of the input.

    The function yields each finding with the part of the input that it is about.
    """
    return lambda check: InputRule(_code(code, severity, since, source, check), check)


def plan_rule(
    code: str, severity: Severity, *, since: str, source: Link
) -> Callable[[PlanCheck], PlanRule]:
    """Make a rule of a function that looks at a JobSet's plan, as it is written into a ConfigMap."""
    return lambda check: PlanRule(_code(code, severity, since, source, check), check)


def output_rule(
    code: str, severity: Severity, *, since: str, source: Link
) -> Callable[[OutputCheck], OutputRule]:
    """Make a rule of a function that looks at the size of the output."""
    return lambda check: OutputRule(_code(code, severity, since, source, check), check)


def findings(problems: Iterable[Problem], path: Path) -> Iterator[Finding]:
    """Yield problems of a value as findings; the value's place begins their paths."""
    for each in problems:
        yield Finding(
            path=(*path, *each.path), message=each.message, hint=each.hint, on_key=each.on_key
        )


def _code(
    code: str, severity: Severity, since: str, source: Link, check: Callable[..., Any]
) -> Code:
    return Code(
        id=code,
        title=check.__name__.replace("_", " "),
        severity=severity,
        since=since,
        source=source,
        doc=check.__doc__ or "",
    )
