"""Write docs/rules/: a page for each code of a diagnostic, as `jobsetgen rule --format markdown` prints it.

Run: python scripts/make_rule_pages.py [--check]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from jobsetgen.review.code_list import list_as_markdown
from jobsetgen.review.pages import page_as_markdown
from jobsetgen.rules.registry import CODES

TARGET = Path(__file__).resolve().parent.parent / "docs" / "rules"


def pages() -> dict[str, str]:
    """Return every page by its file's name."""
    of_codes = {f"{code.id}.md": page_as_markdown(code) for code in CODES}
    return {"README.md": list_as_markdown(CODES), **of_codes}


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
