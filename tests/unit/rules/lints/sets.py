"""What the tests of lints share: a JobSet whose lines keep their numbers, and what one rule says about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from jobsetgen.diagnostics import Diagnostic
from jobsetgen.model.reading import read_units
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.registry import RULES as ALL
from jobsetgen.rules.rule import InputRule, JobRule, Rule
from jobsetgen.source.loader import load

RULES = [rule for rule in ALL if ".lints." in rule.check.__module__]

_NOTHING = "# nothing"


def jobset(
    *,
    name: str = "name: demo",
    metadata: str = _NOTHING,
    spec: str = _NOTHING,
    replicated_job: str = _NOTHING,
    template: str = _NOTHING,
    job: str = _NOTHING,
    pods: str = _NOTHING,
    pod: str = _NOTHING,
    container: str = _NOTHING,
    image: str = "registry.example.com/train:1.0",
    more: str = _NOTHING,
) -> str:
    """Return a JobSet of one replicatedJob; each part is one line, and what comes after it stays on its own."""
    return f"""\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata:
  {name}
  {metadata}
spec:
  {spec}
  replicatedJobs:
  - name: workers
    {replicated_job}
    template:
      metadata:
        {template}
      spec:
        {job}
        template:
          metadata:
            {pods}
          spec:
            {pod}
            containers:
            - name: main
              {container}
              image: {image}
  {more}
"""


def other(name: str, fields: str = "replicas: 1", pod: str = "hostNetwork: false") -> str:
    """Return one more replicatedJob, for the last line of a JobSet."""
    containers = "containers: [{name: main, image: 'registry.example.com/train:1.0'}]"
    template = f"{{spec: {{template: {{spec: {{{pod}, {containers}}}}}}}}}"
    return f"- {{name: {name}, {fields}, template: {template}}}"


def said(code: str, text: str, **options: Any) -> list[str]:
    """Return what the rule of a code says, each as `line:column: severity: message`, and its hint on a second line."""
    settings = Settings(**options)
    units, _ = read_units(load("set.yaml", text.encode()).documents, settings)
    rule = next(rule for rule in RULES if rule.code.id == code)
    return [_text(item) for item in diagnostics(rule, units, settings)]


def diagnostics(rule: Rule, units: Sequence[Unit], settings: Settings) -> Iterator[Diagnostic]:
    """Yield what one rule has to say about some objects."""
    if isinstance(rule, InputRule):
        yield from (unit.document.diagnostic(rule.code, finding) for unit, finding in rule.check(units, settings))
        return
    for unit in units:
        subjects = unit.job_templates() if isinstance(rule, JobRule) else [unit.jobset] if unit.jobset else []
        for subject in subjects:
            yield from (unit.document.diagnostic(rule.code, finding) for finding in rule.check(subject, settings))


def _text(item: Diagnostic) -> str:
    hint = f"\nhint: {item.hint}" if item.hint else ""
    return f"{item.line}:{item.column}: {item.severity}: {item.message}{hint}"
