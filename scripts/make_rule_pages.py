"""Write docs/rules/: a page for each code of a diagnostic, as `jobsetgen rule --format markdown` prints it.

Run: python -m scripts.make_rule_pages [--check]
"""

from __future__ import annotations

from pathlib import Path

from jobsetgen.review.code_list import list_as_markdown
from jobsetgen.review.pages import page_as_markdown
from jobsetgen.rules.registry import CODES
from scripts.generated import ROOT, run

TARGET = ROOT / "docs" / "rules"


def pages() -> dict[Path, str]:
    """Return the text of every page."""
    of_codes = {TARGET / f"{code.id}.md": page_as_markdown(code) for code in CODES}
    return {TARGET / "README.md": list_as_markdown(CODES), **of_codes}


def main() -> None:
    """Write the pages, and remove those of codes that are gone; with --check only compare them."""
    run(__doc__, pages, TARGET.glob("*.md"))


if __name__ == "__main__":
    main()
