"""What YAML reads of a block scalar with a value in it, by its style and by what the value begins and ends with."""

from __future__ import annotations

import pytest

from jobsetgen.diagnostics import Place
from jobsetgen.overlays.budget import Budget
from jobsetgen.overlays.filling import filled
from jobsetgen.overlays.values import Values
from jobsetgen.source.documents import computed
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source

HEADERS = ["|", "|-", "|+", ">", ">-", ">+", "|2", ">2-"]
VALUES = ["x", "", " ", "x\n", "x\ny", "x\n\n", "\nx", "  x\n    y\n", "\n"]


def read(block: str, value: str) -> str:
    """Return the scalar of a template, in which `v` has a value."""
    known = Values(computed({"v": value, "w": value}, Place("values.yaml")))
    found = filled(Source("t.yaml.j2", f"a: {block}".encode()), known, Budget())
    assert [item.message for item in found.diagnostics] == []
    (document,) = found.documents
    return document.data["a"]


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize(
    "block", ["  p {{ v }} q\n  r\n", "  p\n\n  {{ v }} q\n", "  p\n    q {{ v }}s\n\n", "    p{{ v }}q"]
)
def test_a_value_among_other_text_of_its_line_is_inserted_as_text(header, block):
    (plain,) = load("t.yaml", f"a: {header}\n{block.replace('{{ v }}', 'VALUE')}".encode()).documents
    for value in VALUES:
        assert read(f"{header}\n{block}", value) == plain.data["a"].replace("VALUE", value)


@pytest.mark.parametrize(
    ("value", "literal", "indented", "folded"),
    [
        ("x", "p\nx\nq", "p\n  x\nq", "p x q"),
        ("x\n", "p\nx\nq", "p\n  x\nq", "p x q"),
        ("x\ny", "p\nx\ny\nq", "p\n  x\n  y\nq", "p x\ny q"),
        ("x\ny\n", "p\nx\ny\nq", "p\n  x\n  y\nq", "p x\ny q"),
        ("x\n\ny", "p\nx\n\ny\nq", "p\n  x\n\n  y\nq", "p x\n\ny q"),
        ("x\n\n\n", "p\nx\n\n\nq", "p\n  x\n\n\nq", "p x\n\nq"),
        ("\nx", "p\n\nx\nq", "p\n\n  x\nq", "p\nx q"),
        (" x\n   y", "p\n x\n   y\nq", "p\n   x\n     y\nq", "p  x\n   y q"),
        ("", "p\n\nq", "p\n\nq", "p  q"),
        ("\n", "p\n\nq", "p\n\nq", "p  q"),
    ],
)
def test_a_value_alone_on_its_line_takes_the_place_of_that_line(value, literal, indented, folded):
    for chomping, end in (("", "\n"), ("-", ""), ("+", "\n")):
        assert read(f"|{chomping}\n  p\n  {{{{ v }}}}\n  q\n", value) == literal + end
        assert read(f"|{chomping}\n  p\n    {{{{ v }}}}\n  q\n", value) == indented + end
        assert read(f">{chomping}\n  p\n  {{{{ v }}}}\n  q\n", value) == folded + end
        # Folding leaves lines alone that are indented further.
        assert read(f">{chomping}\n  p\n    {{{{ v }}}}\n  q\n", value) == indented + end


@pytest.mark.parametrize(
    ("block", "value", "expected"),
    [
        (">\n  p {{ v }}\n  q\n", "x\n", "p x\nq\n"),
        (">\n  p\n  {{ v }} q\n", "\nx", "p\nx q\n"),
        (">\n  p {{ v }} \n  q\n", "x\n", "p x\nq\n"),
        (">\n  {{ v }}\n  {{ w }}\n  q\n", "x\n\n", "x\nx\nq\n"),
        (">\n  p\n  {{ v }}\n", "x\n", "p x\n"),
        (">-\n  p\n  {{ v }}\n", "x\n", "p x"),
        (">+\n  p\n  {{ v }}\n\n", "x\n", "p x\n\n"),
        ("|+\n  {{ v }}\n\n", "x\n", "x\n\n"),
        ("|-\n  {{ v }}\n\n", "x\n", "x"),
        ("|2\n    {{ v }}\n  q\n", "x\ny\n", "  x\n  y\nq\n"),
        (">2\n    {{ v }}\n  q\n", "x\ny\n", "  x\n  y\nq\n"),
    ],
)
def test_no_line_is_indented_or_added_by_a_line_break_at_the_end_of_a_value(block, value, expected):
    assert read(block, value) == expected
