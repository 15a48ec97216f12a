"""The pages of the documentation, as the tests read them: console blocks with their marks, links and headings.

A comment on the line before a console block says how its commands are known to work:

    <!-- run -->                    test_docs.py runs them, and compares the output
    <!-- run: TEST -->              the test of that name runs them
    <!-- cluster -->                they need a cluster
    <!-- illustrative: REASON -->   nobody runs them as they stand
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

from tests.cases import ROOT

README = "README.md"
PAGES = [README, *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))]
# Everything in Markdown that people read; what programs print is tested where they are.
LINKING = sorted(
    str(path.relative_to(ROOT))
    for pattern in (
        "*.md",
        "docs/**/*.md",
        "deploy/**/*.md",
        "jobsetgen/**/*.md",
        "fixtures/*/*.md",
        "tests/*/README.md",
    )
    for path in ROOT.glob(pattern)
)
CONSOLES = ("console", "sh", "bash", "shell")

_FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>```+|~~~+)(?P<info>[^\n]*)\n(?P<text>.*?)^(?P=indent)(?P=fence) *$", re.M | re.S
)
_MARK = re.compile(r"<!-- (?P<mark>run|cluster|illustrative)(?:: (?P<reason>[^\n]*\S))? -->\n *\Z")
_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.S)
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (?P<text>.*?) *#*$", re.M)


class Block(NamedTuple):
    """A console block: its line, its language, its mark and the reason beside it, and the text in it."""

    line: int
    language: str
    mark: str
    reason: str
    text: str


def read(page: str) -> str:
    """Return the text of a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def consoles(text: str) -> Iterator[Block]:
    """Yield the console blocks of a text; a block without a mark has an empty one."""
    for found in _FENCE.finditer(text):
        language = found["info"].strip()
        if language in CONSOLES:
            before = text[: found.start()]
            mark = _MARK.search(before)
            label, reason = (mark["mark"], mark["reason"] or "") if mark else ("", "")
            yield Block(before.count("\n") + 1, language, label, reason, dedent(found["text"]))


def sessions(page: str, *, without: str = "") -> list[tuple[str, str]]:
    """Return the commands of a page that test_docs.py runs, each with the output printed below it.

    `without` is the heading of a section to leave out.
    """
    text = _without_section(read(page), without) if without else read(page)
    blocks = [block for block in consoles(text) if block.mark == "run" and not block.reason]
    return [each for block in blocks for each in _commands(block.text)]


def _without_section(text: str, heading: str) -> str:
    before, found, rest = text.partition(f"\n## {heading}\n")
    assert found, heading
    _, next_heading, after = rest.partition("\n## ")
    return f"{before}{next_heading}{after}"


def _commands(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        if command.endswith("<<'END'"):  # what follows is typed, too
            typed, _, output = output.partition("END\n")
            command = f"{command}\n{typed}END"
        yield command, output


def prose(text: str) -> str:
    """Return a text without its code: blocks, spans and comments."""
    return re.sub(r"<!--.*?-->", "", _SPAN.sub("", _FENCE.sub("", text)), flags=re.S)


def links(text: str) -> list[str]:
    """Return the targets of the links and pictures in a text that are not addresses on the web."""
    targets = [found["target"] for found in _LINK.finditer(prose(text))]
    return [target for target in targets if not re.match(r"[a-z]+:", target)]


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub and GitLab give to the headings of a text."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in _HEADING.finditer(_FENCE.sub("", text)):
        anchor = _anchor(heading["text"])
        found.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
        seen[anchor] += 1
    return found


def _anchor(heading: str) -> str:
    """Return a heading in lower case, with hyphens for spaces, and without other punctuation."""
    shown = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", shown).replace(" ", "-")


def broken(page: str, text: str) -> list[str]:
    """Return the links of a page's text that lead to no file, or to no heading of it."""
    return [target for target in links(text) if not _leads_somewhere(ROOT / page, text, target)]


def _leads_somewhere(page: Path, text: str, target: str) -> bool:
    name, _, anchor = target.partition("#")
    path = page.parent / name if name else page
    if not path.exists():
        return False
    if not anchor:
        return True
    return path.suffix == ".md" and anchor in anchors(text if path == page else path.read_text(encoding="utf-8"))
