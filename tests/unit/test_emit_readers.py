"""What is written is the same data to every reader, as numbers, in nested data, and as stamped Jobs of a project."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from jobsetgen import emit
from jobsetgen.cli.compiling import compiled
from jobsetgen.expand.objects import JobFamily
from jobsetgen.expand.plan import SLOTS
from jobsetgen.source.loader import load
from tests.cases import VALID, arguments, parsed
from tests.unit.test_emit import TEXT

# kubectl drops every underscore before it looks for a number; other readers keep to their own grammar of them.
UNDERSCORED = [
    "-_", "+_", "-._", "+._", "1_", "-_1", "+_0", "0_", "1_000", "1_e3", "1e_3", "1e3_", "1e_+00", "0_x1F", "0x_f",
    "0_b1", "0b_1", "0_o17", "0o1_7", "0_7", "1_.5", "._5", ".5_", "-_.5", "1_0:30",
]  # fmt: skip
WORDS_WITH_UNDERSCORES = ["a_b", "_a", "__init__", "MY_VAR", "v_1", "1_a", "e_1", "x_0"]

NUMBER_LIKE = st.text("0123456789_-+.:eExXoObBaf", min_size=1, max_size=8)
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
# Floats have a test of their own.
DATA = st.dictionaries(
    TEXT,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT | NUMBER_LIKE,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT | NUMBER_LIKE, inner, max_size=3),
        max_leaves=12,
    ),
    min_size=1,
    max_size=4,
)


def kubectls_reading(text: str) -> Any:
    loaded = load("text.yaml", text.encode())
    assert loaded.diagnostics == []
    return loaded.documents[0].data


def reading(text: str, version: tuple[int, int]) -> Any:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = version
    return yaml.load(io.StringIO(text))


def assert_all_read(text: str, data: Any) -> None:
    assert kubectls_reading(text) == data
    assert reading(text, (1, 1)) == data
    assert reading(text, (1, 2)) == data


@pytest.mark.parametrize("text", UNDERSCORED)
def test_text_that_is_a_number_to_some_reader_is_quoted(text):
    assert emit.scalar(text) == f'"{text}"'


@pytest.mark.parametrize("text", WORDS_WITH_UNDERSCORES)
def test_words_with_underscores_are_not(text):
    assert emit.scalar(text) == text


@settings(max_examples=150, derandomize=True)
@given(st.lists(NUMBER_LIKE, min_size=1, max_size=20))
def test_text_like_numbers_is_text_to_every_reader(texts):
    data = {"texts": texts, "keys": dict.fromkeys(texts, "")}
    assert_all_read(emit.text(data), data)


@settings(max_examples=150, derandomize=True)
@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_numbers_are_the_same_numbers_to_every_reader(numbers):
    assert_all_read(emit.text({"numbers": numbers}), {"numbers": numbers})


@settings(max_examples=150, derandomize=True)
@given(DATA)
def test_nested_data_is_the_same_to_every_reader(data):
    assert_all_read(emit.text(data), data)


@settings(max_examples=100, derandomize=True)
@given(DATA)
def test_the_order_in_which_data_was_made_does_not_show(data):
    assert emit.text(turned(data)) == emit.text(data)


def turned(value: Any) -> Any:
    """Return data with its mappings made in the opposite order."""
    if isinstance(value, dict):
        return {key: turned(item) for key, item in reversed(value.items())}
    return [turned(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "text", ["a\tb\nc", "a \nb\n", "a\n\tb\n", "\ta\nb", "a\n\n b", "#a\nb", "- a\nb\n\n", "---\na"]
)
def test_a_block_keeps_its_tabs_and_spaces(text):
    data = {"a": text, "b": [text, [text], {"c": text}]}
    assert emit.text(data).count("|") == 4
    assert_all_read(emit.text(data), data)


@pytest.mark.parametrize(
    "text", ["a\r\nb", "a\u2028\nb", "a\x85\nb", "a\n \nb", "\na", "a\x00\nb", "a\ufeff\nb", "\n\n"]
)
def test_lines_that_a_block_would_change_are_quoted(text):
    data = {"a": text, "b": [text]}
    assert "|" not in emit.text(data)
    assert_all_read(emit.text(data), data)


@pytest.mark.parametrize("key", ["k" * 127, "k" * 129, "k" * 2000, "a: b" * 40, "é" * 129])
def test_a_key_of_any_length_is_the_same_to_every_reader(key):
    data = {"a": {key: {"b": [{key: "c"}], key: "d\ne\n"}}}
    assert_all_read(emit.text(data), data)


@pytest.mark.parametrize("case", VALID, ids=lambda case: case.name)
def test_the_stamped_jobs_of_a_project_are_its_jobs_as_objects(case, monkeypatch):
    monkeypatch.chdir(case)
    for family in families(case):
        stamped = emit.stamp(emit.text(family.template), map(family.slots, range(family.replicas)))
        assert list(stamped) == [emit.text(item) for item in family.objects()]


def test_every_slot_is_stamped_in_some_fixture(monkeypatch):
    used: set[str] = set()
    for case in VALID:
        monkeypatch.chdir(case)
        for family in families(case):
            used.update(emit.text(family.template).split("\0")[1::2])
    assert used == set(SLOTS)


def families(case) -> list[JobFamily]:
    """Return the Jobs of a case, compiled as the command line compiles it: with its options and its project."""
    result = compiled(*parsed(*arguments(case), "."))
    assert result.ok
    return [part for group in result.groups for part in group.parts if isinstance(part, JobFamily)]
