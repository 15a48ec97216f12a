"""Every rule of Kubernetes' own: odd data is left to the schema, and raises nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jobsetgen.diagnostics import Place
from jobsetgen.model.build import build_jobset
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.plain import without_nulls
from jobsetgen.rules.registry import RULES as ALL
from jobsetgen.rules.rule import InputRule, JobRule
from jobsetgen.source.documents import Document, Node
from jobsetgen.source.loader import load

RULES = [rule for rule in ALL if ".kubernetes." in rule.check.__module__]

MANIFESTS = sorted((Path(__file__).parent / "manifests").glob("*.yaml"))
ODD = [None, -1, 2**70, True, "odd", [], [None, 7, "odd", {}], {"odd": [{}], "name": 7}]


def spoil(data: Any, odd: Any) -> Any:
    """Yield the data once for each place in it, with something odd there; what was yielded is changed back."""
    steps = list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    for step in steps:
        kept, data[step] = data[step], odd
        yield
        data[step] = kept
        yield from spoil(kept, odd)


def unit(data: Any) -> Unit:
    document = Document(root=Node(data, Place("set.yaml")))
    data = without_nulls(data)
    return Unit(document=document, data=data, jobset=build_jobset(data) if data.get("kind") == "JobSet" else None)


def run(item: Unit) -> int:
    """Return how much all rules have to say about an object."""
    settings, count = Settings(), 0
    for rule in RULES:
        if isinstance(rule, InputRule):
            count += sum(1 for _ in rule.check([item], settings))
        elif isinstance(rule, JobRule):
            count += sum(1 for job in item.job_templates() for _ in rule.check(job, settings))
        elif item.jobset:
            count += sum(1 for _ in rule.check(item.jobset, settings))
    return count


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.stem)
def test_odd_data_raises_nothing(path, odd):
    data = load(path.name, path.read_bytes()).documents[0].data
    assert run(unit(data)) == 0
    found = sum(run(unit(data)) for _ in spoil(data, odd))
    assert run(unit(data)) == 0
    assert found > 0
