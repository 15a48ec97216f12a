"""Run every rule over the input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Diagnostic
from jobsetgen.model.settings import Settings
from jobsetgen.model.unit import Unit
from jobsetgen.rules.rule import InputRule, JobRule, JobSetRule
from jobsetgen.rules.table import RULES


def check(units: Sequence[Unit], settings: Settings) -> Iterator[Diagnostic]:
    """Yield everything that the rules find wrong or unwise, in no particular order."""
    for unit in units:
        for rule in RULES:
            if isinstance(rule, JobSetRule) and unit.jobset:
                for finding in rule.check(unit.jobset, settings):
                    yield unit.document.diagnostic(rule.code, finding)
            elif isinstance(rule, JobRule):
                yield from _check_jobs(rule, unit, settings)
    for rule in RULES:
        if isinstance(rule, InputRule):
            for about, finding in rule.check(units, settings):
                yield about.document.diagnostic(rule.code, finding)


def _check_jobs(rule: JobRule, unit: Unit, settings: Settings) -> Iterator[Diagnostic]:
    if unit.jobset:
        templates = [each.template for each in unit.jobset.replicated_jobs]
    else:
        templates = [unit.job_template] if unit.is_job else []
    for template in templates:
        for finding in rule.check(template, settings):
            yield unit.document.diagnostic(rule.code, finding)
