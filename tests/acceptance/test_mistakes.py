"""The page of mistakes: each picture is what a terminal shows now, and is enough to mend the mistake."""

from __future__ import annotations

import html
import re

import pytest

from scripts.make_terminal_pictures import COLUMNS, PAGE, drawn, mistakes, picture

MISTAKES = mistakes()


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.picture.stem)
def test_the_picture_is_what_a_terminal_shows(mistake):
    text = mistake.picture.read_text(encoding="utf-8")
    assert text == drawn(mistake), "out of date; regenerate it with: make docs"
    shown = html.unescape(re.sub(r"<[^>]*>", "", text))
    # What is wrong and where, what to write instead, where to read more.
    for part in ("error[JSG", " |", "^", "hint:", "jobsetgen rule JSG", "1 error", "in 1 file"):
        assert part in shown


def test_there_are_twelve_mistakes_and_no_other_pictures():
    pictures = {mistake.picture for mistake in MISTAKES}
    assert len(pictures) == len(MISTAKES) == 12
    assert set((PAGE.parent / "mistakes").iterdir()) == pictures


def test_a_picture_breaks_long_lines_as_a_terminal_does():
    text = picture("jobsetgen", f"\x1b[1;31m{'a' * COLUMNS}b\x1b[0m c")
    rows = re.findall(r"<text [^>]*>(.*?)</text>", text)
    assert len(rows) == 3
    assert re.sub(r"<[^>]*>", "", rows[1]) == "a" * COLUMNS
    assert 'fill="#ff7b72" font-weight="bold">b</tspan>' in rows[2]
    assert re.search(r'<tspan x="32" textLength="8">c</tspan>', rows[2])


def test_text_in_a_picture_is_no_markup():
    assert "&lt;block end&gt; &amp;" in picture("jobsetgen", "<block end> &")
