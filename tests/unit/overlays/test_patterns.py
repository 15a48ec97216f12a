"""Patterns match whole names, as Go's regexp does between ^ and $, and never take long."""

from __future__ import annotations

import re
import time
from itertools import product

import pytest

from jobsetgen.overlays.patterns import Pattern

NAMES = ["".join(letters) for length in range(5) for letters in product("ab-", repeat=length)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "ab",
        "a.*b",
        "(a|b)+",
        "^a$",
        "a|b-",
        ".*-a-.*",
        "(a+)+b",
        "[ab]*-?",
        r"a\b-?.*",
        r"\Ba",
        "a{2,3}",
        "(?i:A)",
        "a$|b",
        "[^a]*",
    ],
)
def test_a_pattern_matches_what_python_matches(text: str):
    pattern = Pattern(text)
    assert [name for name in NAMES if pattern.matches(name)] == [
        name for name in NAMES if re.fullmatch(f"(?:{text})", name)
    ]


@pytest.mark.parametrize("text", ["(a+)+b", "(a|a)*b", "(.*)*b", "a?" * 200 + "a" * 200])
def test_no_pattern_takes_exponentially_long(text: str):
    begin = time.process_time()
    assert not Pattern(text).matches("a" * 150)
    assert time.process_time() - begin < 5


def test_nothing_longer_than_a_name_matches_a_pattern():
    assert Pattern(".*").matches("a" * 253)
    assert not Pattern(".*").matches("a" * 254)


def test_a_name_is_no_pattern():
    pattern = Pattern("train-1")
    assert pattern.literal == "train-1"
    assert pattern.matches("train-1")
    assert not pattern.matches("train-11")


def test_what_a_name_has_cost_is_counted_once():
    pattern = Pattern("a.*")
    pattern.matches("abc")
    work = pattern.work
    pattern.matches("abc")
    assert 0 < work == pattern.work
