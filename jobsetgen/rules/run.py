"""Run the rules: over the input, and over the plans that come of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Diagnostic
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.progress import counted
from jobsetgen.rules.registry import RULES
from jobsetgen.rules.rule import (
    InputRule,
    JobRule,
    JobSetRule,
    Located,
    OutputRule,
    Plan,
    PlanRule,
    Rule,
    Sizes,
)


def check(units: Sequence[Unit], settings: Settings) -> Iterator[Diagnostic]:
    """Yield everything that the rules find wrong or unwise in the input, in no particular order."""
    for rule in counted("Applying rules", RULES):
        for about, finding in _findings(rule, units, settings):
            yield about.document.diagnostic(rule.code, finding)


def check_plan(unit: Unit, plan: Plan) -> Iterator[Diagnostic]:
    """Yield everything that the rules find wrong with the plan of a JobSet, a ConfigMap."""
    if not unit.jobset:
        return
    for rule in RULES:
        if isinstance(rule, PlanRule):
            for finding in rule.check(unit.jobset, plan):
                yield unit.document.diagnostic(rule.code, finding)


def check_output(sizes: Sizes, settings: Settings) -> Iterator[Diagnostic]:
    """Yield everything that the rules find wrong with the size of the output."""
    for rule in RULES:
        if isinstance(rule, OutputRule):
            for about, finding in rule.check(sizes, settings):
                yield about.document.diagnostic(rule.code, finding)


def _findings(rule: Rule, units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    if isinstance(rule, InputRule):
        yield from rule.check(units, settings)
        return
    for unit in units:
        if isinstance(rule, JobRule):
            for template in unit.job_templates():
                yield from ((unit, finding) for finding in rule.check(template, settings))
        elif isinstance(rule, JobSetRule) and unit.jobset:
            yield from ((unit, finding) for finding in rule.check(unit.jobset, settings))
