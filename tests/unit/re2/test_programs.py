"""A pattern that Python's re could search for too long is a program, which finds what Go's regexp finds."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from jobsetgen.re2 import PatternError, TooLargeError, compiled, program, runs_away, translate
from jobsetgen.runtime.watcher import matcher
from tests.unit.re2 import random_patterns
from tests.unit.re2.test_translation import GO, TABLE, TEXTS

HERE = Path(__file__).parent
# `make regexps` tries 100,000.
PAIRS = int(os.environ.get("JOBSETGEN_PATTERN_PAIRS", "4000"))
KNOWN = {pattern: marks for pattern, marks in TABLE["patterns"].items() if marks != "-"}

Pair = tuple[str, bytes]


def is_found(pattern: str, text: str) -> bool:
    """Whether the program of a pattern is found in a text."""
    return matcher.is_found(program(pattern), text)


@pytest.mark.parametrize("pattern", KNOWN)
def test_a_program_is_found_where_go_finds_the_pattern(pattern):
    found = "".join("01"[is_found(pattern, text)] for text in TEXTS)
    assert found == KNOWN[pattern]


@pytest.mark.skipif(GO is None, reason="Go is not on this machine, or too old")
def test_programs_find_what_go_finds_in_random_texts():
    chance = Random(21)
    pairs = [(random_patterns.pattern(chance), random_patterns.text(chance)) for _ in range(PAIRS)]
    marks = marks_of_go(pairs)
    assert len(marks) == PAIRS
    assert min(marks.count(mark) for mark in "10") > PAIRS // 10
    wrong = [pair for pair, mark in zip(pairs, marks, strict=True) if not agrees(pair, mark)]
    assert wrong == []


def marks_of_go(pairs: Sequence[Pair]) -> str:
    """Return 1 or 0 for each pair that Go's regexp finds or not, and - for a pattern that it does not compile."""
    lines = (f"{encoded(pattern.encode())},{encoded(text)}\n" for pattern, text in pairs)
    done = subprocess.run(
        [str(GO), "run", "pairs.go"], cwd=HERE, env={**os.environ, "GOTOOLCHAIN": "local"},
        input="".join(lines).encode(), capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout.decode().replace("\n", "")


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def agrees(pair: Pair, mark: str) -> bool:
    """Whether the program of a pattern, and its translation where the watcher would run that, do as Go does."""
    pattern, content = pair
    text = random_patterns.as_go_has_it(content)
    try:
        found = is_found(pattern, text)
    except PatternError:
        return mark == "-"
    if not runs_away(pattern) and bool(re.search(translate(pattern), text, re.ASCII)) != found:
        return False
    return mark == "01"[found]


# --- What is a program ----------------------------------------------------------------------------
LINEAR = [
    "", "OOM", "exit code 137$", r"exit code [0-9]+", r"exit code [0-9]+ on", r"^exit\s+code [[:digit:]]{1,3}\z",
    r"exit\s*code:\s*[0-9]+ on", "(?i)oom", "(OOM|Evicted|preempt(ed|ion))", "(a{3}){4}", "(a|b){1}?c", "(foo|bar){3}",
    "^.*OOM", "(?m)^.*OOM", "job.*", "(job|pod).*", "x(a+)b", "a?b?c?d", r"(\d+)", "(a(b*))?",
]  # fmt: skip
RISKY = [
    "(a+)+$", r"^(\w+\s?)+$", "(a|a)*b", "(?:a*b)*", "((a+))+", "(a{1,9}){1,9}", "(a?){20}", "((a|b)c){2,}", "x(a|b)+?",
    "(foo|bar)+", ".*.*.*.*x=", "a?" * 28 + "a" * 28, "(a?){28}a{28}", r"[0-9]+ms", ".*OOM", "job .* failed", "^.*a.*b",
    r"(?m)^\s+x", "a*b", "ab*b*c", "(a+b){2}", "(ab)+c", "(.|x)*", "a{9,}b", "[ab]{0,40}a{0,40}c",
    "(a|b|c|d){6}", "x(y|z*)[a-z]+=", r"x\s*[\s,]+;",
]  # fmt: skip


@pytest.mark.parametrize("pattern", LINEAR)
def test_a_pattern_that_python_searches_in_linear_time_stays_with_it(pattern):
    assert compiled(pattern) == translate(pattern)


@pytest.mark.parametrize("pattern", RISKY)
def test_a_pattern_that_python_might_search_longer_is_a_program(pattern):
    assert compiled(pattern) == program(pattern)


@pytest.mark.parametrize("pattern", LINEAR)
def test_what_stays_with_python_takes_it_no_longer_than_the_text_does(pattern):
    expression = re.compile(translate(pattern), re.ASCII)
    for piece in ("a", " ", "0", "abc", "exit code 1 ", "exit  code", "exit code:", "job ", "xa", "\n", "x \n"):
        began = time.process_time()
        expression.search(piece * (32_768 // len(piece)))
        assert time.process_time() - began < 0.5, piece


def test_a_program_is_readable():
    assert program(r"(foo|\d)+\b") == {
        "literal": "",
        "classes": ["66", "6f", "30-39"],
        "code": "|5 0 1 1 >6 2 |0 b",
    }


@pytest.mark.parametrize(
    ("pattern", "literal"),
    [
        (".*x=", "x="),
        ("a(foo)+b", "foo"),
        ("(?i)oom.*killed", ""),
        ("a(b|c)def*", "de"),
        ("(ab){3}c", "abababc"),
        ("(ab){2,}", "abab"),
        ("x?(y?)z{0}", ""),
        (r"^ab\bc$", "abc"),
        (r"\x{d800}ab", "ab"),
        ("a{1000}", "a" * 64),
    ],
)
def test_every_match_contains_the_literal(pattern, literal):
    assert program(pattern)["literal"] == literal


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (r"(error: \w+ ){500}", "with its repetitions written out, it has more than 4,000 instructions"),
        ("(a|b){1000}c", "with its repetitions written out, it has more than 4,000 instructions"),
        (r"(\pL\pN\PM)*" + "".join(rf"[\pL\x{{{0x10F000 + n:x}}}]" for n in range(20)),
         "its classes have more than 10,000 ranges of characters"),
    ],
)  # fmt: skip
def test_a_program_has_a_limit(pattern, reason):
    with pytest.raises(TooLargeError) as error:
        compiled(pattern)
    assert str(error.value) == reason


# --- What a search costs --------------------------------------------------------------------------
@pytest.mark.parametrize("pattern", RISKY)
def test_a_search_of_a_long_message_takes_no_second(pattern):
    for piece in ("a", "ab", "0", "job ", "foobar", "\n", "x "):
        began = time.process_time()
        is_found(pattern, piece * (32_768 // len(piece)))
        assert time.process_time() - began < 1, piece


def test_steps_are_dropped_when_there_are_too_many():
    chance = Random(3)
    text = "".join(chance.choices("ab", k=30_000))
    own = program("(a|b)*a(a|b){14}c")
    found = matcher.Matcher(tuple(own["classes"]), own["code"])
    assert not found.search(text)
    assert found.search(f"{text}a{text[:14]}c{text}")
    assert len(found._states) <= matcher.STATES + 1
    assert sum(map(len, found._states.values())) <= matcher.STATES + 1
    assert all(len(gap._steps) <= matcher.STEPS for gap in found._gaps.values())


def test_half_a_surrogate_pair_is_the_character_that_go_has_for_it():
    assert matcher.searchable("a\ud800b") == "a\ufffdb"
    assert is_found("(a\ufffd)+b", matcher.searchable("a\ud800b"))
    assert not is_found(r"(\x{d800})+", matcher.searchable("\ud800"))
