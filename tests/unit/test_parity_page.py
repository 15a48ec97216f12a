"""docs/parity.md holds the figures that were measured, and the differences that the tests allow now."""

from __future__ import annotations

import json
from pathlib import Path

from scripts.make_parity_page import PARTS, page

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_is_what_was_measured():
    figures = json.loads((DOCS / "parity.json").read_text())
    assert page(figures) == (DOCS / "parity.md").read_text()


def test_what_was_not_measured_is_said():
    assert f"Not measured: {', '.join(PARTS)}." in page({}).replace("\n", " ")


def _seen(tool: str, words: str, *, held: bool = True) -> dict[str, object]:
    said = {"consequence": "recreates", "change": "an_image_changes"}
    return {**said, "tool": tool, "held": held, "words": words}


def test_what_both_tools_did_alike_is_said_once():
    figures = {"review": [_seen("argocd", "3 Jobs replaced"), _seen("flux", "3 Jobs replaced")]}
    assert "| `recreates` | an image changes | as predicted | as predicted | 3 Jobs replaced |\n" in page(figures)


def test_what_one_tool_did_otherwise_is_said_for_each():
    figures = {"review": [_seen("argocd", "3 Jobs kept", held=False), _seen("flux", "3 Jobs replaced")]}
    assert (
        "| `recreates` | an image changes | not as predicted | as predicted"
        " | Argo CD: 3 Jobs kept; Flux: 3 Jobs replaced |\n" in page(figures)
    )


def test_the_worst_consequence_is_the_first_row():
    calm = {**_seen("flux", "nothing"), "consequence": "in-place"}
    text = page({"review": [calm, _seen("flux", "3 Jobs replaced")]})
    assert text.index("| `recreates`") < text.index("| `in-place`")
