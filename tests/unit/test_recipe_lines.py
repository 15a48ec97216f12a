"""docs/overlays.md has the lines that the recipes have, and no others."""

from __future__ import annotations

from pathlib import Path

from scripts import make_recipe_lines


def test_the_page_has_the_lines_that_are_counted():
    assert make_recipe_lines.PAGE.read_text(encoding="utf-8") == make_recipe_lines.text()


def test_only_lines_that_are_not_empty_are_counted(tmp_path: Path):
    folder = tmp_path / "kustomize-copies"
    for name, text in {
        "original/base/a.yaml": "a\n\n  \nb\n",
        "original/overlays/dev/a.yaml": "a\nb\nc\n",
        "rendered/dev.yaml": "a\n",
        "base/a.yaml": "a\n\n",
        "overlays/dev/a.yaml": "# a\nb\n",
        "overlays/prod/a.yaml": "a\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    row = make_recipe_lines.block([folder]).splitlines()[-2]
    assert row.endswith("| kustomize | 5 | 4 | 3 → 2, 0 → 0, 0 → 1 |")
