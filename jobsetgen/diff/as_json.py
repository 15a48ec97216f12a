"""Comparisons as JSON for programs, by schemas/diff-v1.json. New releases only add fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from jobsetgen.diagnostics import Diagnostic
from jobsetgen.diff.changes import Comparison, FieldChange, ObjectChange, SetChange, Totals
from jobsetgen.diff.delivery import DeliveryChange
from jobsetgen.diff.delivery_words import not_compared
from jobsetgen.diff.kustomizing import kustomize_fact
from jobsetgen.diff.paths import path_text
from jobsetgen.diff.prices import Prices, rate
from jobsetgen.diff.sides import Side
from jobsetgen.diff.words import Medium
from jobsetgen.review.terminal import json_text
from jobsetgen.words import listed

VERSION = 1

# A program escapes what it prints.
_MEDIUM = Medium(name=str, prose=str, strong=str)


def as_json(
    comparisons: Iterable[Comparison],
    verdict: str,
    prices: Prices | None = None,
    deliveries: Sequence[DeliveryChange] = (),
) -> str:
    """Return comparisons as a JSON document; `verdict` is the worst of all."""
    document: dict[str, Any] = {
        "version": VERSION,
        "verdict": verdict,
        "comparisons": [_comparison(each, prices) for each in comparisons],
    }
    if deliveries:
        document["notCompared"] = [_delivery(each) for each in deliveries]
    return json_text(document)


def _delivery(change: DeliveryChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "namespace": change.namespace,
        "name": change.name,
        "file": change.file,
        "movedFrom": change.moved_from or None,
        "op": change.operation,
        "sentence": not_compared([change], _MEDIUM),
    }


def _comparison(comparison: Comparison, prices: Prices | None) -> dict[str, Any]:
    return {
        "old": _side(comparison.old),
        "new": _side(comparison.new),
        "verdict": comparison.verdict,
        "totals": _totals(comparison.totals, comparison, prices),
        "unchanged": comparison.unchanged,
        "sets": [_set(each) for each in comparison.sets],
        "passThrough": [_object(each) for each in comparison.pass_through],
        "notes": [*comparison.notes, *_kustomized(comparison)],
    }


def _kustomized(comparison: Comparison) -> Iterator[str]:
    if comparison.kustomized:
        yield kustomize_fact(listed(comparison.kustomized))


def _side(side: Side) -> dict[str, Any]:
    return {"kind": side.kind, "revision": side.revision, "label": side.label}


def _totals(totals: Totals, comparison: Comparison, prices: Prices | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "jobs": list(totals.jobs),
        "pods": list(totals.pods),
        "accelerators": [dict(each) for each in totals.accelerators],
    }
    if prices is not None:
        sides = (comparison.old, comparison.new)
        found["pricePerHour"] = [rate(side.sets, prices).amount for side in sides]
    return found


def _set(change: SetChange) -> dict[str, Any]:
    state = change.new or change.old
    assert state is not None
    before, after = change.failure_policy
    return {
        "namespace": change.namespace,
        "name": change.name,
        "renamedFrom": _former(change),
        "mode": state.mode,
        "updatePolicy": state.update_policy,
        "profile": state.profile,
        "verdict": change.verdict,
        "sentence": change.sentence,
        "generation": [each.generation if each else None for each in (change.old, change.new)],
        "jobs": [each.jobs if each else 0 for each in (change.old, change.new)],
        "pods": [each.pods if each else 0 for each in (change.old, change.new)],
        "causes": list(change.causes),
        "changes": [_object(each) for each in change.changes],
        "diagnostics": {
            "new": [_diagnostic(each) for each in change.added_diagnostics],
            "gone": [_diagnostic(each) for each in change.gone_diagnostics],
        },
        "failurePolicy": [list(before), list(after)],
        "notes": list(change.notes),
        "file": state.place.file if state.place else None,
        "line": state.place.line if state.place else None,
    }


def _former(change: SetChange) -> dict[str, str] | None:
    if change.renamed_from is None:
        return None
    namespace, name = change.renamed_from
    return {"namespace": namespace, "name": name}


def _object(change: ObjectChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "name": change.name,
        "replicatedJob": change.replicated_job or None,
        "indexes": list(change.indexes),
        "op": change.operation,
        "trigger": change.trigger,
        "consequence": change.consequence,
        "sentence": change.sentence,
        "source": change.source.url,
        "fields": [_field(each) for each in change.fields],
    }


def _field(change: FieldChange) -> dict[str, Any]:
    return {
        "path": list(change.path),
        "pathText": path_text(change.path),
        "op": change.operation,
        "old": change.old,
        "new": change.new,
        "text": list(change.text),
    }


def _diagnostic(item: Diagnostic) -> Mapping[str, Any]:
    return {
        "code": item.code,
        "severity": item.severity,
        "message": item.message,
        "file": item.file,
        "line": item.line,
        "column": item.column,
    }
