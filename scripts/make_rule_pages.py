"""Write docs/rules/: a page for each code of a diagnostic, from the docstring beside its check.

Run: python scripts/make_rule_pages.py [--check]
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

from jobsetgen.diagnostics import Code
from jobsetgen.rules.table import CODES

TARGET = Path(__file__).resolve().parent.parent / "docs" / "rules"

_EXAMPLE = re.compile(r"^(Bad|Good)(?: \(([^)]+)\))?::\n\n((?:(?:    .*)?\n?)+)", re.M)
_GROUPS = {
    "0": "Reading YAML",
    "1": "The shape of a document",
    "2": "JobSet's own rules",
    "3": "Kubernetes' own rules",
    "4": "The input as a whole",
    "5": "Lints",
    "6": "Notices",
    "7": "The project file, and other options",
}
# How an example in a docstring is to be read, in the page's words.
_READINGS = {
    None: "",
    "file": "",
    "project": " (`jobsetgen.yaml`)",
    "parameters": " (`spec.source.plugin.parameters` of an Application)",
    "items": " (`items` of a ResourceList, as kustomize gives it to a function)",
    "flux": " (with `--gitops flux`)",
    "none": " (with `--gitops none`)",
    "restart-watcher Never": " (with `--restart-watcher Never`)",
    "environment ARGOCD_APP_NAMESPACE": " (in the Argo CD plugin, with no destination namespace)",
    "placement domains": " (with `--placement domains` and no domain listed)",
}


class Example(NamedTuple):
    """One example of a code: whether it is the good one, how to read it, and its YAML."""

    good: bool
    reading: str | None
    text: str


def prose(code: Code) -> str:
    """Return what stands before the examples."""
    return inspect.cleandoc(code.doc).partition("\nBad")[0].strip()


def examples(code: Code) -> list[Example]:
    """Return the examples in a code's docstring."""
    found = _EXAMPLE.finditer(inspect.cleandoc(code.doc) + "\n")
    return [
        Example(each[1] == "Good", each[2], textwrap.dedent(each[3]).strip("\n") + "\n")
        for each in found
    ]


def page(code: Code) -> str:
    """Return the page of a code."""
    lines = [f"# {code.id}: {code.name}", "", f"Severity: {code.severity}.", "", prose(code), ""]
    for example in examples(code):
        title = "Good" if example.good else "Bad"
        lines += [
            f"{title}{_READINGS[example.reading]}:",
            "",
            "```yaml",
            example.text.rstrip(),
            "```",
            "",
        ]
    if code.severity != "error":
        lines += ["Where it does not matter, a comment on its line silences it:", ""]
        lines += ["```yaml", f"# jobsetgen: ignore[{code.id}] the reason why", "```", ""]
    return "\n".join(lines)


def index() -> str:
    """Return the list of all codes."""
    lines = [
        "# Codes",
        "",
        "What a diagnostic's code means. Examples show only the fields that matter.",
        "",
    ]
    group = ""
    for code in CODES:
        if code.id[3] != group:
            group = code.id[3]
            lines += [
                "",
                f"## {_GROUPS[group]}",
                "",
                "| code | name | severity | what is wrong |",
                "| --- | --- | --- | --- |",
            ]
        summary = prose(code).split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
        lines.append(f"| [{code.id}]({code.id}.md) | {code.name} | {code.severity} | {summary} |")
    return "\n".join([*lines, ""])


def pages() -> dict[str, str]:
    """Return every page by its file's name."""
    return {"README.md": index(), **{f"{code.id}.md": page(code) for code in CODES}}


def main() -> None:
    """Write the pages, and remove those of codes that are gone; with --check only compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when a page differs"
    )
    check = parser.parse_args().check

    wanted = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in TARGET.glob("*.md")}
    if there == wanted:
        return
    if check:
        sys.exit("docs/rules/ is not what scripts/make_rule_pages.py writes")

    TARGET.mkdir(parents=True, exist_ok=True)
    for name, text in wanted.items():
        (TARGET / name).write_text(text, encoding="utf-8")
    for name in there.keys() - wanted.keys():
        (TARGET / name).unlink()


if __name__ == "__main__":
    main()
