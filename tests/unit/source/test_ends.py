"""Where values and keys end: known on the line on which they begin, and left out everywhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from jobsetgen.diagnostics import Path, Place
from jobsetgen.source.documents import Node
from jobsetgen.source.loader import load
from tests.cases import FIXTURES

TEXT = """\
plain: two words  # a comment
quoted: "h\u00e9llo \U0001f600"   # wide characters
flow: {x: 1, list: [2, 3]}  # a comment
'quoted key': 'it''s'
tagged: !!str 12
anchored: &name {a: b}
block: |
  one
folded: one
  two
spread: [1,
  2]
items:
- name: a
empty:
pairs: [a: 1 , b]
last: x
"""


def ends(node: Node, path: Path = ()) -> Iterator[tuple[Path, Place, Node | None]]:
    """Yield every value and every key of a tree, with its place."""
    yield path, node.place, node
    if isinstance(node.children, list):
        for index, child in enumerate(node.children):
            yield from ends(child, (*path, index))
        return
    for name, child in node.children.items():
        yield (*path, name), node.key(name), None
        yield from ends(child, (*path, name))


def shown(text: str, place: Place) -> str | None:
    """Return what stands from a place to its end, or None where its end is not known."""
    if place.end_column is None:
        return None
    return re.split(r"\r\n|\r|\n", text)[place.line - 1][place.column - 1 : place.end_column - 1]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("plain",), "two words"),
        (("quoted",), '"h\u00e9llo \U0001f600"'),
        (("flow",), "{x: 1, list: [2, 3]}"),
        (("flow", "list"), "[2, 3]"),
        (("flow", "list", 1), "3"),
        (("quoted key",), "'it''s'"),
        (("tagged",), "!!str 12"),
        (("anchored",), "&name {a: b}"),
        (("items", 0, "name"), "a"),
        (("pairs",), "[a: 1 , b]"),
        (("last",), "x"),
    ],
)
def test_a_value_of_one_line_ends_after_its_last_character(path, text):
    assert shown(TEXT, load("f", TEXT.encode()).documents[0].place(path)) == text


@pytest.mark.parametrize(
    "path",
    [(), ("block",), ("folded",), ("spread",), ("items",), ("items", 0), ("empty",), ("pairs", 0)],
    ids=str,
)
def test_the_end_of_what_spans_lines_or_has_no_last_character_is_not_told(path):
    assert load("f", TEXT.encode()).documents[0].place(path).end_column is None


@pytest.mark.parametrize("name", ["plain", "quoted key", "items", "empty"])
def test_a_key_ends_before_its_colon(name):
    place = load("f", TEXT.encode()).documents[0].place((name,), on_key=True)
    assert shown(TEXT, place) in (name, f"'{name}'")


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_a_break_that_is_none_to_an_editor_leaves_no_end(separator):
    text = f'a: "b{separator}cdefghijk"\n'
    assert load("f", text.encode()).documents[0].place(("a",)).end_column is None


@pytest.mark.parametrize(
    "text",
    ["a: !secret {b: 1}\n", "a: 1\n...\n{b: 1}\n", f"a: {'[' * 100}1{']' * 100}\n"],
    ids=["tag", "second document", "nesting"],
)
def test_a_collection_that_is_reported_before_it_is_read_has_no_end(text):
    (found,) = load("f", text.encode()).diagnostics
    assert found.place.end_column is None


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"a: 1  # jobsetgen: ignore[JSG501]  \n", "# jobsetgen: ignore[JSG501]"),
        (b"a: \x01b\n", "\x01"),
        (b"a: !secret b # c\n", "!secret b"),
        (b"a: *gone # c\n", "*gone"),
        (b"a: 1\na : 2\n", "a"),
    ],
    ids=["comment", "control", "tag", "alias", "key"],
)
def test_what_cannot_be_read_ends_where_it_is_written(content, text):
    (found,) = load("f", content).diagnostics
    assert shown(content.decode(), found.place) == text


FILES = sorted((FIXTURES / "valid").glob("*/*.yaml"))


def is_alone(text: str) -> bool:
    """Whether a text means outside of its document what it means inside."""
    return "*" not in text


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_stands_up_to_its_end_is_the_whole_of_a_value(file):
    content = file.read_bytes()
    text = content.decode("utf-8-sig")
    written: list[str] = []
    expected: list[object] = []
    for document in load("f", content).documents:
        for path, place, node in ends(document.root):
            value = shown(text, place)
            if value is not None and is_alone(value):
                written.append(value)
                expected.append(path[-1] if node is None else node.data)
    assert [value for value in written if value != value.strip() or not value] == []
    (read,) = load("f", "".join(f"- {value}\n" for value in written).encode()).documents
    assert read.data == expected
