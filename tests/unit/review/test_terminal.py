"""Words of strangers, on a terminal and in the log of a CI run."""

from __future__ import annotations

import pytest

from jobsetgen.review.terminal import harmless, harmless_content


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("plain words, ünïcode and 漢字", "plain words, ünïcode and 漢字"),
        ("\x1b[2J\x1b]0;title\x07", "\\x1b[2J\\x1b]0;title\\x07"),
        ("two\nlines\r\n", "two\\nlines\\r\\n"),
        ("a\tb", "a\\tb"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("a\u200fb\u200ec\u061cd", "a\\u200fb\\u200ec\\u061cd"),
        ("line\u2028break", "line\\u2028break"),
        ("::error::x", "\\x3a:error::x"),
        ("  ::stop-commands::token", "  \\x3a:stop-commands::token"),
        ("a::b", "a::b"),
        (":single", ":single"),
        ("x ##[error]y", "x \\x23#[error]y"),
        ("##vso[task.setvariable]y", "\\x23#vso[task.setvariable]y"),
        ("## a heading", "## a heading"),
    ],
)
def test_what_would_be_obeyed_is_escaped(words, shown):
    assert harmless(words) == shown
    assert harmless(shown) == shown


def test_content_keeps_its_tabs_and_the_breaks_of_its_lines():
    lines = ["\ta\n", " ::add-mask::b\n", "c\x1bd\r\n", "the end"]
    assert list(harmless_content(lines)) == ["\ta\n", " \\x3a:add-mask::b\n", "c\\x1bd\\r\n", "the end"]
