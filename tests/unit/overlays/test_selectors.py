"""Label selectors, as kubectl reads them."""

from __future__ import annotations

import contextlib
import time

import pytest

from jobsetgen.overlays.selectors import SelectorError, parsed

LABELS = {"a": "1", "b": "2", "example.com/c": ""}


@pytest.mark.parametrize(
    ("text", "is_selected"),
    [
        ("a=1", True),
        ("a==1", True),
        ("a = 1 , b = 2", True),
        ("a=1,b=3", False),
        ("a=2", False),
        ("a!=2", True),
        ("a!=1", False),
        ("z!=1", True),
        ("a in (1, 2)", True),
        ("a in (2)", False),
        ("a in(1)", True),
        ("z in (1)", False),
        ("a notin (1,2)", False),
        ("z notin (1)", True),
        ("a", True),
        ("z", False),
        ("!z", True),
        ("! a", False),
        ("example.com/c=", True),
        ("example.com/c=,a", True),
        ("a,b,!z,a in (1),b notin (1)", True),
    ],
)
def test_a_selector_selects_labels(text: str, is_selected: bool):
    assert parsed(text).selects(LABELS) is is_selected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the selector is empty"),
        (" ", "the selector is empty"),
        ("a,", "the selector ends with ','"),
        (",a", "expected a key, but found ','"),
        ("a=1 b=2", "expected ',', but found 'b'"),
        ("a in 1", "expected '(', but found '1'"),
        ("a in (1", "the selector ends before ','"),
        ("a in ()", "expected a value, but found ')'"),
        ("a in (1 2)", "expected ',', but found '2'"),
        ("a > 1", "'>' after 'a'; it must be one of =, ==, !=, in, notin"),
        ("a like b", "'like' after 'a'; it must be one of =, ==, !=, in, notin"),
        ("!", "the selector ends before a key"),
        ("a==!", "expected a value, but found '!'"),
    ],
)
def test_an_invalid_selector_says_why(text: str, message: str):
    with pytest.raises(SelectorError) as error:
        parsed(text)
    assert str(error.value) == message


@pytest.mark.parametrize("text", ["a," * 200_000 + "a", "a in (" + "b," * 200_000 + "b)", "=" * 400_000, " " * 400_000])
def test_a_long_selector_takes_linear_time(text: str):
    begin = time.process_time()
    with contextlib.suppress(SelectorError):
        parsed(text)
    assert time.process_time() - begin < 5
