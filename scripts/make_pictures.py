"""Write docs/pictures/: the SVG of each picture in scripts/pictures.py.

A picture has its own ground, light or dark as the reader's browser asks for, so it is readable on a
light and on a dark page, also where the page cannot tell the picture which one it is.

Run: python -m scripts.make_pictures [--check]
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from scripts.generated import ROOT, run
from scripts.pictures import PICTURES, Arrow, Box, Frame, Label, Picture

TARGET = ROOT / "docs" / "pictures"
FONT = "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Helvetica, Arial, sans-serif"
LINE = 18  # from one line of text to the next

# What each class of shape or text looks like, on a light and on a dark ground.
LIGHT = {
    "ground": {"fill": "#ffffff", "stroke": "#d0d7de"},
    "frame": {"fill": "#f6f8fa", "stroke": "#d0d7de"},
    "source": {"fill": "#dafbe1", "stroke": "#1a7f37"},
    "plain": {"fill": "#ddf4ff", "stroke": "#0969da"},
    "watcher": {"fill": "#fff8c5", "stroke": "#9a6700"},
    "text": {"fill": "#1f2328"},
    "quiet": {"fill": "#59636e"},
    "line": {"stroke": "#59636e"},
    "head": {"fill": "#59636e"},
}
DARK = {
    "ground": {"fill": "#0d1117", "stroke": "#3d444d"},
    "frame": {"fill": "#151b23", "stroke": "#3d444d"},
    "source": {"fill": "#12261e", "stroke": "#3fb950"},
    "plain": {"fill": "#121d2f", "stroke": "#4493f8"},
    "watcher": {"fill": "#2e2a1f", "stroke": "#d29922"},
    "text": {"fill": "#f0f6fc"},
    "quiet": {"fill": "#9198a1"},
    "line": {"stroke": "#9198a1"},
    "head": {"fill": "#9198a1"},
}


def drawn(picture: Picture) -> str:
    """Return a picture as SVG."""
    return "\n".join([*_opening(picture), *_shapes(picture), "</svg>", ""])


def _opening(picture: Picture) -> Iterator[str]:
    size = f'width="{picture.width}" height="{picture.height}"'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {picture.width} {picture.height}"'
        f' {size} role="img" aria-labelledby="title description">'
    )
    yield f'<title id="title">{escape(picture.title)}</title>'
    yield f'<desc id="description">{escape(picture.description)}</desc>'
    yield "<style>"
    yield f"text {{ font-family: {FONT}; font-size: 13px; }}"
    yield ".strong { font-size: 14px; font-weight: 600; }"
    yield ".line { fill: none; stroke-width: 1.5; }"
    yield ".dashed { stroke-dasharray: 5 4; }"
    yield from _colours(LIGHT)
    yield "@media (prefers-color-scheme: dark) {"
    yield from _colours(DARK)
    yield "}"
    yield "</style>"
    yield (
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8"'
        ' markerHeight="8" orient="auto-start-reverse"><path class="head" d="M0 0L8 4L0 8Z"/>'
        "</marker></defs>"
    )


def _colours(palette: dict[str, dict[str, str]]) -> Iterator[str]:
    for name, colours in palette.items():
        declared = "; ".join(f"{key}: {value}" for key, value in colours.items())
        yield f".{name} {{ {declared}; }}"


def _shapes(picture: Picture) -> Iterator[str]:
    yield _rectangle("ground", 0.5, 0.5, picture.width - 1, picture.height - 1)
    for frame in picture.frames:
        yield from _frame(frame)
    for arrow in picture.arrows:
        yield _arrow(arrow)
    for box in picture.boxes:
        yield from _box(box)
    for label in picture.labels:
        yield from _label(label)


def _rectangle(kind: str, x: float, y: float, width: float, height: float) -> str:
    size = f'width="{width}" height="{height}"'
    return f'<rect class="{kind}" x="{x}" y="{y}" {size} rx="8"/>'


def _frame(frame: Frame) -> Iterator[str]:
    yield _rectangle("frame", frame.x, frame.y, frame.width, frame.height)
    yield _text("quiet strong", frame.x + frame.width / 2, frame.y + 26, frame.title)


def _arrow(arrow: Arrow) -> str:
    path = "L".join(f"{x} {y}" for x, y in arrow.points)
    kind = "line dashed" if arrow.dashed else "line"
    return f'<path class="{kind}" d="M{path}" marker-end="url(#arrow)"/>'


def _box(box: Box) -> Iterator[str]:
    """Yield a box with its lines in the middle; the first line stands out."""
    yield _rectangle(box.kind, box.x, box.y, box.width, box.height)
    middle = box.x + box.width / 2
    first = box.y + box.height / 2 + 5 - LINE * (len(box.lines) - 1) / 2
    for number, line in enumerate(box.lines):
        kind = "text" if number else "text strong"
        yield _text(kind, middle, first + number * LINE, line)


def _label(label: Label) -> Iterator[str]:
    for number, line in enumerate(label.lines):
        yield _text("quiet", label.x, label.y + number * LINE, line)


def _text(kind: str, x: float, y: float, text: str) -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" text-anchor="middle">{escape(text)}</text>'


def files() -> dict[Path, str]:
    """Return the text of each picture's file."""
    return {TARGET / f"{picture.name}.svg": drawn(picture) for picture in PICTURES}


def main() -> None:
    """Write the pictures; with --check only compare them."""
    run(__doc__, files, TARGET.glob("*.svg"))


if __name__ == "__main__":
    main()
