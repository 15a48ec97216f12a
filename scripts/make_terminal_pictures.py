"""Draw what a terminal shows for the mistakes in docs/mistakes.md, as SVG files beside the page.

The page has the input of each picture, and in its alternative text the command.

Run: python -m scripts.make_terminal_pictures [--check]
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import tempfile
import termios
import unicodedata
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from scripts.generated import ROOT, run

PAGE = ROOT / "docs" / "mistakes.md"
COLUMNS = 100
_PROGRAM = [sys.executable, "-c", "from jobsetgen.cli.main import main; main()"]

_SECTION = re.compile(r"^## ", re.M)
_FILE = re.compile(r"^`([\w.]+)`:\n\n```yaml\n(.*?)^```$", re.M | re.S)
_PICTURE = re.compile(r"^!\[[^`\]]*`([^`]+)`[^\]]*\]\((mistakes/[\w-]+\.svg)\)$", re.M)
_STYLE = re.compile(r"\x1b\[([\d;]*)m")

# The grid, in pixels, and a palette that is readable on its own background wherever it is shown.
_CELL, _ROW, _MARGIN, _FONT = 8, 19, 16, 13.3
_BACKGROUND, _TEXT, _FAINT = "#1b1f27", "#d7dce5", "#8b94a5"
_COLORS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "36": "#76e3ea"}


class Mistake(NamedTuple):
    """One section of the page: its files by name, the command, and the picture of what it shows."""

    files: dict[str, str]
    command: str
    picture: Path


class Run(NamedTuple):
    """Text on one row, from a column on, in one style: codes of SGR."""

    column: int
    text: str
    style: frozenset[str]


def mistakes() -> list[Mistake]:
    """Return the mistakes of the page."""
    _, *sections = _SECTION.split(PAGE.read_text(encoding="utf-8"))
    return [_mistake(section) for section in sections]


def _mistake(section: str) -> Mistake:
    ((command, picture),) = _PICTURE.findall(section)
    return Mistake(dict(_FILE.findall(section)), command, PAGE.parent / picture)


def drawn(mistake: Mistake) -> str:
    """Return the picture of what a terminal shows now."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in mistake.files.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        return picture(mistake.command, shown(mistake.command, folder))


def shown(command: str, folder: str) -> str:
    """Return what a command of jobsetgen writes to a terminal, when it is run in a folder."""
    _, *arguments = shlex.split(command)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
    with subprocess.Popen(
        [*_PROGRAM, *arguments],
        cwd=folder,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ):
        os.close(theirs)
        output = b"".join(_read(ours))
    os.close(ours)
    return output.decode().replace("\r\n", "\n")


def _read(terminal: int) -> Iterator[bytes]:
    """Yield what is written to a terminal until all its writers are gone."""
    while True:
        try:
            chunk = os.read(terminal, 65_536)
        except OSError:  # Linux ends so, and other systems with nothing to read
            return
        if not chunk:
            return
        yield chunk


def picture(command: str, output: str) -> str:
    """Return an SVG of a command and of what it has written to a terminal."""
    prompt = [Run(0, "$ ", frozenset("2")), Run(2, command, frozenset("1"))]
    rows = [prompt, *_rows(output.rstrip("\n"))]
    width = COLUMNS * _CELL + 2 * _MARGIN
    height = len(rows) * _ROW + 2 * _MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" role="img">',
        f"<title>What {escape(command)} shows at a terminal</title>",
        f'<rect width="{width}" height="{height}" rx="8" fill="{_BACKGROUND}"/>',
        f'<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"'
        f' font-size="{_FONT}" fill="{_TEXT}" style="white-space: pre">',
        *(_row(index, row) for index, row in enumerate(rows)),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _row(index: int, row: list[Run]) -> str:
    y = _MARGIN + (index + 1) * _ROW - 5
    return f'<text y="{y}">{"".join(map(_span, row))}</text>'


def _span(run: Run) -> str:
    """Return a run of text, held to the columns of the grid whatever the font is."""
    color = next((_COLORS[code] for code in run.style if code in _COLORS), "")
    if "2" in run.style:
        color = _FAINT
    fill = f' fill="{color}"' if color else ""
    weight = ' font-weight="bold"' if "1" in run.style else ""
    x = _MARGIN + run.column * _CELL
    length = sum(map(_columns, run.text)) * _CELL
    return f'<tspan x="{x}" textLength="{length}"{fill}{weight}>{escape(run.text)}</tspan>'


def _rows(output: str) -> Iterator[list[Run]]:
    """Yield the rows of a terminal, on which lines that are too long are broken."""
    style: frozenset[str] = frozenset()
    for line in output.split("\n"):
        row: list[Run] = []
        column = 0
        # Text at even indices, and the codes between at odd ones.
        for index, part in enumerate(_STYLE.split(line)):
            if index % 2:
                style = frozenset(part.split(";")) - {"0", ""}
                continue
            for letter in part:
                if column + _columns(letter) > COLUMNS:
                    yield _without_blanks(row)
                    row, column = [], 0
                row.append(Run(column, letter, style))
                column += _columns(letter)
        yield _without_blanks(row)


def _without_blanks(letters: list[Run]) -> list[Run]:
    """Return the letters of a row as runs of one style, without blanks at their ends."""
    runs: list[Run] = []
    for each in letters:
        if runs and runs[-1].style == each.style:
            runs[-1] = runs[-1]._replace(text=runs[-1].text + each.text)
        else:
            runs.append(each)
    return [_stripped(run) for run in runs if run.text.strip()]


def _stripped(run: Run) -> Run:
    blanks = len(run.text) - len(run.text.lstrip(" "))
    return Run(run.column + blanks, run.text.strip(" "), run.style)


def _columns(letter: str) -> int:
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def files() -> dict[Path, str]:
    """Return the text of each picture's file."""
    return {each.picture: drawn(each) for each in mistakes()}


def main() -> None:
    """Write the pictures; with --check only compare them."""
    run(__doc__, files)


if __name__ == "__main__":
    main()
