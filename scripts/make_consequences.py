"""Write the table of consequences into docs/consequences.md.

Run: python -m scripts.make_consequences [--check]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from jobsetgen.diff.consequences import MEANINGS, TABLE
from jobsetgen.diff.contexts import MODES, PROFILES, TOOLS, Context
from jobsetgen.diff.rows import Row
from jobsetgen.words import listed
from scripts.generated import ROOT, run

PAGE = ROOT / "docs" / "consequences.md"
_BEGIN = "<!-- The table is made from the code by: make docs -->\n"
_END = "<!-- End of the table -->\n"
_COLUMNS = ("change", "`jobs` and `updatePolicy`", "profile", "what happens", "source")


def text() -> str:
    """Return the text of the page."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return "".join([before, _BEGIN, *_sections(), "\n", _END, after])


def _sections() -> Iterator[str]:
    for consequence, meaning in MEANINGS.items():
        rows = [row for row in TABLE if row.id == consequence]
        yield f"\n### {consequence}\n\n{meaning[0].upper()}{meaning[1:]}.\n"
        if rows:
            lines = [_COLUMNS, ("---",) * len(_COLUMNS), *(_cells(row) for row in rows)]
            yield "\n" + "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _cells(row: Row) -> tuple[str, ...]:
    modes = [mode for mode in MODES if any(_mode(each) == mode for each in row.contexts)]
    return (
        row.when,
        "any" if len(modes) == len(MODES) else listed(modes, "or"),
        _profiles(row.contexts),
        row.sentence.replace("{", "*").replace("}", "*"),
        f"[{row.source.text}]({_target(row.source.url)})",
    )


def _mode(context: Context) -> str:
    return f"{context.mode} {context.policy}"


def _profiles(contexts: Iterable[Context]) -> str:
    """Return the profiles of a row; they are the same for each mode, or are listed by mode."""
    by_mode = {
        mode: tuple(each.profile for each in group)
        for mode, group in groupby(sorted(contexts, key=_mode), key=_mode)
    }
    phrases = dict.fromkeys(_phrase(profiles) for profiles in by_mode.values())
    if len(phrases) == 1:
        return next(iter(phrases))
    return "; ".join(f"{mode}: {_phrase(profiles)}" for mode, profiles in by_mode.items())


def _phrase(profiles: tuple[str, ...]) -> str:
    if set(profiles) == set(PROFILES):
        return "any"
    if set(profiles) == set(TOOLS):
        return "with a tool"
    return listed(list(profiles), "or")


def _target(url: str) -> str:
    """Return a link from the page: other pages of the documentation are in the same folder."""
    return url.removeprefix("docs/")


def main() -> None:
    """Write the page; with --check only compare it."""
    run(__doc__, lambda: {PAGE: text()})


if __name__ == "__main__":
    main()
