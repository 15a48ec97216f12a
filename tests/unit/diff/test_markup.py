"""Untrusted text in Markdown stands in code; whatever it is, nothing else becomes of it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobsetgen.diff.as_markdown import as_markdown
from jobsetgen.diff.markup import code, fence, html_code, prose, visible
from tests.unit.diff.hostile import TEXTS, broken, hostile
from tests.unit.diff.markdown import code_spans, fences, leaks, skeleton

ANY_TEXT = st.one_of(
    st.text(max_size=60),
    # What Markdown, its extensions and terminals give a meaning to.
    st.text(alphabet="`*_~[]()<>!#@|\\/:-+=.&$%^\n\r\t \x1b\u202eaG1hw", max_size=60),
    st.lists(st.sampled_from(list(TEXTS.values())), max_size=4).map(" ".join),
)

SKELETON = skeleton(as_markdown([hostile("a")] * 2, command="a"))
"""The blocks of a comment, whatever text is in it."""


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_becomes_of_text_in_a_comment(name):
    text = TEXTS[name]
    comment = as_markdown([hostile(text)] * 2, command=text)
    assert leaks(comment) == []
    assert skeleton(comment) == SKELETON


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_becomes_of_text_when_a_side_does_not_compile(name):
    text = TEXTS[name]
    assert leaks(as_markdown([broken(text)], command=text)) == []


@given(ANY_TEXT)
@example("`")
@example("`` ` ```")
def test_nothing_becomes_of_any_text_in_a_comment(text):
    comment = as_markdown([hostile(text)] * 2, command=text)
    assert leaks(comment) == leaks(as_markdown([broken(text)], command=text)) == []
    assert skeleton(comment) == SKELETON


@pytest.mark.parametrize("text", ["a", "`", "``", "a`b", "` a `", " a ", "a\\", "`a", "a``b`c"])
def test_a_code_span_is_read_as_its_text(text):
    assert code_spans(f"x {code(text)} y") == [text]


def test_a_code_span_of_many_backticks_does_not_double_in_length():
    assert code("`" * 5) == r"`\x60\x60\x60\x60\x60`"


def test_a_code_span_divides_no_row_of_a_table():
    row = f"| a | b |\n| --- | --- |\n| {code('x|y')} | {code('z')} |\n"
    assert code_spans(row) == [r"x\x7cy", "z"]


def test_no_text_is_a_visible_code_span():
    assert code("") == '`""`'


def test_text_in_html_is_one_code_element():
    assert html_code("a</code><b>&") == "<code>a&lt;/code&gt;&lt;b&gt;&amp;</code>"


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        (
            "Recreates all 4 Jobs (34 pods) when applied: it starts over.",
            "Recreates all 4 Jobs (34 pods) when applied: it starts over.",
        ),
        ("1,024 pods, 0.5 of 34 → 66; 50%", "1,024 pods, 0.5 of 34 → 66; 50%"),
        ("the Service research/web, of slice-0", "the Service `research/web`, of `slice-0`"),
        ("cc @octocat, fixes #1.", "cc `@octocat`, fixes `#1`."),
        ("GH-1 deadbeef (x_y_z)", "`GH-1` `deadbeef` (`x_y_z`)"),
        ("1. one 1. two", "`1.` one 1. two"),
        ("a :tada: ... b", "a `:tada`: `...` b"),
        ("", '`""`'),
    ],
)
def test_plain_words_stay_and_everything_else_becomes_code(sentence, written):
    assert prose(sentence) == written


@given(st.lists(st.text(alphabet="`~ ab", max_size=20), max_size=5))
def test_a_fence_ends_where_it_should(lines):
    content = [f"+{line}" for line in lines]
    assert fences("\n".join([*fence(content, "diff"), "", "text"])) == ["".join(f"{line}\n" for line in content)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\tc", r"a\nb\tc"),
        ("a\u200bb\u202ec", r"a\u200bb\u202ec"),
        ("\ud800", r"\ud800"),
        ("e\u0301", "e\u0301"),
        ("e" + "\u0301" * 5, "e" + "\u0301" * 3 + r"\u0301\u0301"),
        ("漢字 ümlaut 🎉", "漢字 ümlaut 🎉"),
    ],
)
def test_characters_that_cannot_be_seen_are_escaped(text, shown):
    assert visible(text) == shown
