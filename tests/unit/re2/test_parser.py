"""RE2's syntax, as Go's regexp.Compile judges it."""

from __future__ import annotations

import pytest

from jobsetgen.re2 import PatternError, translate

# What Go 1.26 was seen to accept.
ACCEPTED = [
    r"a|b",
    r"[]a]",
    r"[^]a]",
    r"\pL+",
    r"\p{Greek}",
    r"\P{^Lu}",
    r"\z",
    r"\A",
    r"\bword\B",
    r"(?P<n>a)(?<n>b)",
    r"a{,3}",
    r"^*",
    r"a(?i)*",
    r"\12",
    r"\07",
    r"\Qa.*\E+",
    r"\Qopen",
    r"[[:alpha:]]",
    r"[[:^word:]-z]",
    r"\x{41}",
    r"\x41",
    r"(?U)a",
    r"(?i:a)",
    r"(?i-s:a)",
    r"a*?",
    r"a{2,3}?",
    r"[\d-z]",
    r"[a-]",
    r"[-a]",
    r"(?:)",
    r"\_",
    r"\.",
    r"a{1",
    r"{",
    r"}",
    r"\d\D\s\S\w\W",
    r"\a\f\t\n\r\v",
    r"a{0,1000}",
    r"(a{10}){100}",
    r"[a\-z]",
    r"[\]]",
    r"[\x{41}-\x{5A}]",
    r"x{3}y{4}",
    r"é+",
    r"a||b",
    r"()",
]
REFUSED = {
    "a**": "a repetition cannot be repeated, at character 3",
    "x{2}{3}": "a repetition cannot be repeated, at character 5",
    "*a": "the repetition has nothing to repeat, at character 1",
    "a|*": "the repetition has nothing to repeat, at character 3",
    "(?i)*": "the repetition has nothing to repeat, at character 5",
    "(a": "the group is not closed, at character 1",
    "a)": "unmatched ')', at character 2",
    "[a": "the character class is not closed, at character 1",
    "[^]": "the character class is not closed, at character 1",
    "[b-a]": "invalid character range, at character 2",
    "[a-\\d]": "invalid character range, at character 2",
    "[[:foo:]]": "unknown character class, at character 2",
    "a{1001}": "more than 1000 repetitions, at character 2",
    "(a{100}){11}": "more than 1000 repetitions, at character 9",
    "a{3,2}": "the maximum of the repetition is below its minimum, at character 2",
    "(?=a)": "RE2 has no look-around, at character 1",
    "(?<!a)": "RE2 has no look-around, at character 1",
    "(?>a)": "RE2 has no atomic groups, at character 1",
    "(?z)": "RE2 has no such group, at character 1",
    "\\1": "RE2 has no back-reference \\1, at character 1",
    "\\8": "RE2 has no back-reference \\8, at character 1",
    "\\Z": "RE2 has no escape \\Z, at character 1",
    "\\y": "RE2 has no escape \\y, at character 1",
    "\\x{110000}": "RE2 has no escape \\x, at character 1",
    "\\xg": "RE2 has no escape \\x, at character 1",
    "ab\\": "trailing backslash, at character 3",
}


@pytest.mark.parametrize("pattern", ["", " ", *ACCEPTED])
def test_accepted(pattern):
    translate(pattern)


@pytest.mark.parametrize("pattern", REFUSED)
def test_refused(pattern):
    with pytest.raises(PatternError) as error:
        translate(pattern)
    assert str(error.value) == REFUSED[pattern]
