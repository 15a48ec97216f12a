"""Write the table of docs/overlays.md that compares the lines of recipes before and after.

Run: python -m scripts.make_recipe_lines [--check]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts.generated import ROOT, run

PAGE = ROOT / "docs" / "overlays.md"
RECIPES = ROOT / "fixtures" / "projects"
_BEGIN = "<!-- The lines are counted in fixtures/projects by: make docs -->\n"
_END = "<!-- End of the lines -->\n"

_TITLES = {
    "helm-evaluation": "a benchmark: a model server and its client",
    "helm-multislice": "pretraining on TPU slices",
    "helm-torchrun": "PyTorch on nodes with 8 GPUs, launched by a script in a ConfigMap",
    "kustomize-copies": "a coordinator and workers; overlays copy the list of replicatedJobs",
    "kustomize-indexes": "a leader and workers; overlays patch by index",
}
_HEAD = ("recipe", "original", "lines", "as a project", "lines of dev, staging and prod")


def block(folders: Iterable[Path]) -> str:
    """Return what stands between the two comments of the page."""
    rows = [_HEAD, ("---", "---", "---:", "---:", "---"), *(_row(folder) for folder in folders)]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return f"\n{table}\n"


def _row(folder: Path) -> tuple[str, ...]:
    tool = folder.name.partition("-")[0].replace("helm", "Helm")
    original = _lines(folder / "original")
    environments = [_environment(folder, name) for name in ("dev", "staging", "prod")]
    shown = ", ".join(f"{before} → {after}" for before, after in environments)
    title = f"[{_TITLES[folder.name]}](../fixtures/projects/{folder.name}/base/jobsetgen.yaml)"
    return title, tool, str(original), str(_project(folder)), shown


def _project(folder: Path) -> int:
    """Return the lines of a recipe's project: its base, its overlays and what is between them."""
    others = ("original", "rendered")
    return sum(_lines(each) for each in folder.iterdir() if each.name not in others)


def _environment(folder: Path, name: str) -> tuple[int, int]:
    """Return the lines that are only for an environment, in the original and in the project."""
    original = folder / "original"
    values = original / f"values-{name}.yaml"
    before = _lines(values) if values.exists() else _lines(original / "overlays" / name)
    return before, _lines(folder / "overlays" / name)


def _lines(path: Path) -> int:
    """Return how many lines that are not empty a file, or all files of a folder, have."""
    return sum(1 for file in _files(path) for line in _text(file).splitlines() if line.strip())


def _files(path: Path) -> Iterator[Path]:
    yield from [path] if path.is_file() else (each for each in path.rglob("*") if each.is_file())


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def text() -> str:
    """Return the text of the page."""
    before, _, rest = _text(PAGE).partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return "".join([before, _BEGIN, block(sorted(RECIPES.iterdir())), _END, after])


def main() -> None:
    """Write the table; with --check only compare it."""
    run(__doc__, lambda: {PAGE: text()})


if __name__ == "__main__":
    main()
