"""Text of strangers in Markdown: nothing in it acts, and nothing in it hides."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsetgen.review.markdown import code, fenced


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("python:3.8", "`python:3.8`"),
        ("@team <b>x</b> [a](b) #1 !2 /close", "`@team <b>x</b> [a](b) #1 !2 /close`"),
        ("a`b", "``a`b``"),
        ("`a", "`` `a ``"),
        ("a``b```c", "`a\\x60\\x60b\\x60\\x60\\x60c`"),
        ("a`b``c", "``a`b\\x60\\x60c``"),
        ("", '`""`'),
        (" a b  ", "`\\x20a b\\x20\\x20`"),
        ("a\nb\tc\x1b[2J", "`a\\x0ab\\x09c\\x1b[2J`"),
        ("a\u202eb\u200bc\ufeffd\u2028e\U000e0041f", "`a\\u202eb\\u200bc\\ufeffd\\u2028e\\U000e0041f`"),
        ("失败 é 🎉", "`失败 é 🎉`"),
    ],
)
def test_a_code_span(text, span):
    assert code(text) == span


@given(st.text())
def test_a_code_span_is_closed_by_nothing_in_it(text):
    span = code(text)
    delimiter = re.match("`+", span)[0]
    inner = span[len(delimiter) : -len(delimiter)]
    assert span.endswith(delimiter)
    assert "\n" not in span
    assert len(delimiter) > max((len(run) for run in re.findall("`+", inner)), default=0)


@pytest.mark.parametrize(
    ("content", "fence"), [("graph LR\n", "```"), ("a `b` ``c``", "```"), ("```", "````"), ("`````x", "``````")]
)
def test_a_fence_is_longer_than_any_run_of_backticks_inside(content, fence):
    assert fenced(content, "mermaid") == f"{fence}mermaid\n{content.strip()}\n{fence}"
