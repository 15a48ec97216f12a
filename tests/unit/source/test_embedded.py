"""YAML in a string of another file, with places in that file."""

from __future__ import annotations

import pytest

from jobsetgen.source.documents import Node
from jobsetgen.source.embedded import embedded
from jobsetgen.source.loader import load


def string_in(content: str) -> Node:
    """Return the value of `a` in a file."""
    [document] = load("f", content.encode()).documents
    node = document.root.child("a")
    assert node is not None
    return node


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ("a: |\n  x: 1\n  z: 2\n", 3, 6),
        ("a: |  # why\n  x: 1\n  z: 2\n", 3, 6),
        ("a: |-\n      x: 1\n      z: 2\n", 3, 10),
        ("a: |\n\n\n  x: 1\n  z: 2\n", 5, 6),
        ("a: |+2\n    x: 1\n    z: 2\n", 3, 8),
        ("---\nb: 1\n---\na: |\n  x: 1\n  z: 2\n", 6, 6),
        ("a: |\r\n  x: 1\r\n  z: 2\r\n", 3, 6),
        ("a: |\r  x: 1\r  z: 2\r", 3, 6),
        ('a: "x: 1\\nz: 2"\n', 1, 4),
        ("a: >\n  x: 1\n\n  z: 2\n", 1, 4),
    ],
)
def test_a_value_has_its_place_in_the_file(content: str, line: int, column: int):
    documents = load("f", content.encode()).documents
    node = documents[-1].root.child("a")
    assert node is not None

    loaded = embedded(node)

    assert loaded.diagnostics == []
    [document] = loaded.documents
    assert document.data == {"x": 1, "z": 2}
    assert document.place(("z",))[:3] == ("f", line, column)


def test_a_diagnostic_has_its_place_in_the_file():
    loaded = embedded(string_in("a: |\n  x: 1\n  x: 2\n"))
    assert [(each.file, each.line, each.column, each.code) for each in loaded.diagnostics] == [("f", 3, 3, "JSG003")]


def test_a_value_that_aliases_share_is_shared_again():
    text = "a: |\n  - &a [1, 2]\n" + "".join(
        f"  - &{b} [*{a}, *{a}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)
    )
    [document] = embedded(string_in(text)).documents
    last = document.root.child(6)
    assert last is not None
    assert last.child(0) is last.child(1)
    assert last.size == string_size(text)


def string_size(text: str) -> int:
    """Return the number of values in the last item of a list, read as a file of its own."""
    content = text.partition("\n")[2].replace("\n  ", "\n").removeprefix("  ")
    [document] = load("g", content.encode()).documents
    node = document.root.child(6)
    assert node is not None
    return node.size


def test_text_of_several_documents_keeps_their_places():
    loaded = embedded(string_in("a: |\n  x: 1\n  ---\n  z: 2\n"))
    assert [document.place((key,))[:3] for document, key in zip(loaded.documents, "xz", strict=True)] == [
        ("f", 2, 6),
        ("f", 4, 6),
    ]


def test_an_empty_text_has_no_documents():
    assert embedded(string_in("a: |\n\nb: 1\n")).documents == []
