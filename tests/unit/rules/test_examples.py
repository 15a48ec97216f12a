"""Every code's page: its bad example yields the code, its good one does not and compiles."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jobsetgen.model.project import read_project
from jobsetgen.model.settings import Placement, Settings
from jobsetgen.pipeline import Source, compile
from jobsetgen.rules.table import CODES
from jobsetgen.source.loader import load
from scripts.make_rule_pages import TARGET, Example, examples, pages, prose

BASE: dict[str, Any] = {
    "apiVersion": "jobset.x-k8s.io/v1alpha2",
    "kind": "JobSet",
    "metadata": {"name": "demo"},
    "spec": {
        "replicatedJobs": [
            {
                "name": "workers",
                "template": {
                    "spec": {
                        "template": {
                            "spec": {"containers": [{"name": "main", "image": "registry.example.com/train:1.0"}]}
                        }
                    }
                },
            }
        ]
    },
}
# An item beyond the base is laid over a copy of its first.
_COPIED = frozenset(["replicatedJobs", "containers"])


def merged(base: Any, part: Any, key: str = "") -> Any:
    """Lay a fragment over the base: mappings by key, lists item by item."""
    if isinstance(base, dict) and isinstance(part, dict):
        return {**base, **{name: merged(base.get(name), value, name) for name, value in part.items()}}
    if isinstance(base, list) and isinstance(part, list) and base:
        copied = base[0] if key in _COPIED else None
        items = [merged(base[i] if i < len(base) else copied, item) for i, item in enumerate(part)]
        return items + base[len(part) :] if part else []
    return part


def whole(example: Example) -> str:
    if example.reading in ("file", "project"):
        return example.text
    fragments = [document.data for document in load("example", example.text.encode()).documents]
    return "\n---\n".join(json.dumps(merged(BASE, fragment)) for fragment in fragments)


def settings_for(example: Example) -> Settings:
    if example.reading in ("flux", "none"):
        return Settings(gitops=example.reading)
    if example.reading == "restart-watcher Never":
        return Settings(restart_watcher="Never")
    if example.reading == "placement domains":
        return Settings(placement=Placement(strategy="domains"))
    return Settings(namespace_required=example.reading == "environment ARGOCD_APP_NAMESPACE")


def codes_of(example: Example) -> dict[str, str]:
    text = whole(example).encode()
    if example.reading == "project":
        project, found = read_project("jobsetgen.yaml", text)
        beside = compile([Source(name="demo.yaml", content=json.dumps(BASE).encode())])
        if project and not any(item.is_error for item in found):
            found += project.contradictions(project.settings())
            found += project.unmatched(beside.units)
    else:
        found = list(compile([Source(name="example.yaml", content=text)], settings_for(example)).diagnostics)
    return {item.code: item.severity for item in found}


def test_codes_are_unique():
    ids = [code.id for code in CODES]
    names = [code.name for code in CODES]
    assert len(set(ids)) == len(ids)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.id)
def test_every_code_has_a_page_with_both_examples(code):
    assert prose(code)
    assert {example.good for example in examples(code)} == {True, False}


# Whether a resource is there, and whether anything is left to write, is found out by the command line; what is too
# large for a plan is too large for a page.
_ELSEWHERE = {"JSG113", "JSG702", "JSG406", "JSG516"}


@pytest.mark.parametrize("code", [code for code in CODES if code.id not in _ELSEWHERE], ids=lambda code: code.id)
def test_bad_example_yields_its_code(code):
    for example in examples(code):
        if not example.good:
            assert codes_of(example).get(code.id) == code.severity, whole(example)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.id)
def test_good_example_is_good(code):
    for example in examples(code):
        if example.good:
            found = codes_of(example)
            assert code.id not in found, whole(example)
            assert "error" not in found.values(), (found, whole(example))


def test_pages_are_what_the_docstrings_say():
    assert {path.name: path.read_text(encoding="utf-8") for path in TARGET.glob("*.md")} == pages()
