"""The README.md and .gitattributes that an earlier release wrote are what this one writes."""

from __future__ import annotations

import pytest

from jobsetgen.options.values import COMPAT_LEVELS
from jobsetgen.output import companions
from jobsetgen.review import policies
from scripts.record_compat import COMPAT, FOLDER, FOLDERS, companions_of

REASON = "a changed word makes every committed output out of date; it needs a new compat"


def changed(case: str, variant: str, level: int = COMPAT) -> list[str]:
    """Return the names of the records that differ from what is written now."""
    written = companions_of(case, variant, level)
    return [path.name for path, text in written.items() if path.read_text("utf-8") != text]


@pytest.mark.parametrize("level", COMPAT_LEVELS)
@pytest.mark.parametrize(("case", "variant"), FOLDERS)
def test_no_word_has_changed(case, variant, level):
    assert changed(case, variant, level) == [], REASON


def test_nothing_recorded_is_gone():
    named = {path for case, variant in FOLDERS for path in companions_of(case, variant)}
    assert set((FOLDER / f"companions-{COMPAT}").iterdir()) == named


def test_a_changed_word_is_noticed(monkeypatch):
    monkeypatch.setattr(policies, "update", lambda _: "a changed Job replaces all Jobs of the set")
    assert changed("multislice", "any") == ["multislice-any.md"]


def test_a_changed_attribute_is_noticed(monkeypatch):
    monkeypatch.setattr(companions, "_GENERATED", "linguist-generated=true")
    assert changed("multislice", "any") == ["multislice-any.gitattributes"]
