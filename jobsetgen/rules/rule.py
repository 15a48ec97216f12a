"""What a rule is: a check with a code, whose docstring is its page in the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jobsetgen.diagnostics import Code, Finding, Path, Severity
from jobsetgen.kubernetes.problem import Problem
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.template import JobTemplate
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings

Located = tuple[Unit, Finding]

JobSetCheck = Callable[[JobSet, Settings], Iterator[Finding]]
JobCheck = Callable[[JobTemplate, Settings], Iterator[Finding]]
InputCheck = Callable[[Sequence[Unit], Settings], Iterator[Located]]


@dataclass(frozen=True, slots=True)
class JobSetRule:
    """Looks at one JobSet."""

    code: Code
    check: JobSetCheck


@dataclass(frozen=True, slots=True)
class JobRule:
    """Looks at one Job template: of each replicatedJob, and of each Job that passes through."""

    code: Code
    check: JobCheck


@dataclass(frozen=True, slots=True)
class InputRule:
    """Looks at everything in the input together."""

    code: Code
    check: InputCheck


Rule = JobSetRule | JobRule | InputRule


def jobset_rule(
    code: str, name: str, severity: Severity = "error"
) -> Callable[[JobSetCheck], JobSetRule]:
    """Make a rule of a function that looks at one JobSet; paths in its findings begin at the document's root."""
    return lambda check: JobSetRule(_code(code, name, severity, check), check)


def job_rule(code: str, name: str, severity: Severity = "error") -> Callable[[JobCheck], JobRule]:
    """Make a rule of a function that looks at one Job template; the template's `path` begins its findings' paths."""
    return lambda check: JobRule(_code(code, name, severity, check), check)


def input_rule(
    code: str, name: str, severity: Severity = "error"
) -> Callable[[InputCheck], InputRule]:
    """Make a rule of a function that looks at all of the input and says which part a finding is about."""
    return lambda check: InputRule(_code(code, name, severity, check), check)


def findings(problems: Iterable[Problem], path: Path) -> Iterator[Finding]:
    """Yield problems of a value as findings; the value's place begins their paths."""
    for each in problems:
        yield Finding(
            path=(*path, *each.path), message=each.message, hint=each.hint, on_key=each.on_key
        )


def _code(code: str, name: str, severity: Severity, check: Callable[..., Any]) -> Code:
    return Code(id=code, name=name, severity=severity, doc=check.__doc__ or "")
