"""Every character of a rendered text leads back to its line and column in the template."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from jobsetgen.diagnostics import Place
from jobsetgen.overlays.budget import Budget
from jobsetgen.overlays.filling import filled
from jobsetgen.overlays.template_lines import MARK, Lines, Piece, Rendered
from jobsetgen.overlays.values import NO_VALUES, read_values
from jobsetgen.source.text import Source


def test_a_place_has_its_end_on_one_line_only():
    lines = Lines("f", "ab\ncd\n")
    assert lines.place(0, 2) == Place("f", 1, 1, 3)
    assert lines.place(3, 5) == Place("f", 2, 1, 3)
    assert lines.place(1, 4) == Place("f", 1, 2)
    assert lines.place(6) == Place("f", 3, 1)


@given(st.text(alphabet="ab\n"), st.data())
def test_offsets_and_places_are_inverse(text, data):
    lines = Lines("f", text)
    offset = data.draw(st.integers(0, len(text)))
    place = lines.place(offset)
    assert lines.offset(place.line, place.column) == offset


TEMPLATE = "a: {{ x }}\nb: c\n"
PIECES = [Piece(0, 3), Piece(3, 10, is_value=True), Piece(10, 16)]


def test_repeated_pieces_lead_to_the_same_place():
    rendered = Rendered("f", TEMPLATE, PIECES, [0, 1, 2, 0, 1, 2])
    assert rendered.text == f"a: {MARK}0{MARK}\nb: c\na: {MARK}1{MARK}\nb: c\n"
    assert rendered.place(Place("f", 1, 4, 7)) == Place("f", 1, 4, 11)
    assert rendered.place(Place("f", 3, 4, 7)) == Place("f", 1, 4, 11)
    assert rendered.place(Place("f", 4, 4, 5)) == Place("f", 2, 4, 5)
    assert rendered.line(4) == 2


def test_any_place_leads_somewhere():
    rendered = Rendered("f", TEMPLATE, PIECES, [])
    assert rendered.place(Place("f", 9, 9, 12)).line == 1


def places(text: str, values: str = "") -> list[tuple[str, int, int]]:
    """Return every scalar of a filled template with its line and column."""
    known = read_values(Source("v", values.encode()))[0] if values else NO_VALUES
    result = filled(Source("t", text.encode()), known, Budget())
    assert result.diagnostics == ()
    found = []

    def walk(node):
        if isinstance(node.children, dict):
            for name, child in node.children.items():
                key = node.key(name)
                found.append((name, key.line, key.column))
                walk(child)
        for child in node.children if isinstance(node.children, list) else []:
            walk(child)
        if not isinstance(node.data, (dict, list)):
            found.append((node.data, node.place.line, node.place.column))

    for document in result.documents:
        walk(document.root)
    return found


def test_lines_and_columns_are_exact_after_blocks_loops_and_comments():
    text = (
        "# top\n"
        "{% set names = ['p', 'q'] %}\n"
        "{#\n two lines\n#}\n"
        "a: 1\n"
        "{% for name in names %}\n"
        "  {% if name == 'q' %}\n"
        "q: {{ name }}\n"
        "  {% else %}\n"
        "other: x{{ name }} # comment\n"
        "  {% endif %}\n"
        "{% endfor %}\n"
        "---\n"
        "{%- raw %}\nz: {{ y }}{% endraw +%}\n"
        "last: {{ 'long' * 20 }}, {{ 1 }}\n"
    ).replace("z: {{ y }}", "z: '{{ y }}'")
    assert places(text) == [
        ("a", 6, 1),
        (1, 6, 4),
        ("other", 11, 1),
        ("xp", 11, 8),
        ("q", 9, 1),
        ("q", 9, 4),
        ("z", 16, 1),
        ("{{ y }}", 16, 4),
        ("last", 17, 1),
        ("long" * 20 + ", 1", 17, 7),
    ]


def test_line_breaks_of_windows_count_once():
    assert places("a: 1\r\n{% if true %}\r\nb: {{ 2 }}\r\n{% endif %}\r\nc: 3\r\n") == [
        *(("a", 1, 1), (1, 1, 4)),
        *(("b", 3, 1), (2, 3, 4)),
        *(("c", 5, 1), (3, 5, 4)),
    ]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(["key{i}: word", "{{% if true %}}", "# note", "", "{{# note #}}", "key{i}: {{{{ 'word' }}}}"])
    )
)
def test_a_line_that_is_copied_has_its_own_line(lines):
    """Whatever stands between them, the keys have the lines on which they are written."""
    written = [line.format(i=index) for index, line in enumerate(lines)]
    closing = ["{% endif %}"] * sum("{% if" in line for line in written)
    found = places("\n".join([*written, *closing]) + "\n")
    keys = [(name, line) for name, line, _ in found if str(name).startswith("key")]
    assert keys == [(f"key{index}", index + 1) for index, line in enumerate(written) if line.startswith("key")]
