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
