"""Odd files: directives, repeated keys, separators in strange places, line ends; and that nothing makes it raise."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobsetgen.source.loader import load

# What YAML is made of, whole and in halves.
TOKENS = [
    "a", "b:", "1", "yes", "~", "null", "0x", "_", "1e999", "1e300", ".inf", ".nan", "0o8", "2001-01-01", "=", "é",
    "😀", "-", "?", ":", ",", "[", "]", "{", "}", "'", '"', "\\", "\\x", "\\u12", "\\U00110000", "\\ud800", "|",
    ">", "|+", "|9", "|0", ">-2", "#", "!", "!!", "!!int", "!!str", "!!binary", "!!float", "!!set", "!!omap",
    "!!timestamp", "!<x>", "!e!y", "!<", "!a%20b", "!a%zz", "&", "*", "&a", "*a", "<<", "<<:", "---", "...", "%",
    "%YAML", "%TAG", "%X", "@", "`", "@a",
]  # fmt: skip
SPACES = ["", " ", "  ", "\n", "\n  ", "\n    ", "\n\n", "\t"]
SOUP = st.lists(st.tuples(st.sampled_from(TOKENS), st.sampled_from(SPACES)), max_size=14).map(
    lambda pairs: "".join(token + space for token, space in pairs)
)


def told(text: str) -> list[tuple[str, int, int]]:
    return [(item.code, item.line, item.column) for item in load("f", text.encode()).diagnostics]


def data(text: str) -> list:
    return [document.data for document in load("f", text.encode()).documents]


@settings(max_examples=500, derandomize=True)
@given(SOUP)
def test_any_pieces_of_yaml_are_read_or_refused_at_a_place_in_the_file(text):
    loaded = load("f", text.encode())
    lines = text.split("\n")
    for item in loaded.diagnostics:
        assert 1 <= item.line <= len(lines)
        assert 1 <= item.column <= len(lines[item.line - 1]) + 1
    for document in loaded.documents:
        json.dumps(document.data, allow_nan=False)


class TestDirectives:
    @pytest.mark.parametrize("version", ["1.0", "1.3", "1.10", "2.0", "3.1"])
    def test_a_version_of_yaml_that_nobody_knows_is_refused(self, version):
        text = f"%YAML {version}\n---\na: 1\n---\nb: 2\n"
        assert [(code, line) for code, line, _ in told(text)] == [("JSG002", 1)]
        assert data(text) == [{"b": 2}]

    @pytest.mark.parametrize("version", ["1.1", "1.2"])
    def test_a_known_version_does_not_change_what_kubectl_reads(self, version):
        assert data(f"%YAML {version}\n---\na: yes\nb: 0644\nc: 1:30\n") == [{"a": True, "b": 420, "c": "1:30"}]

    def test_a_tag_may_have_a_short_form(self):
        assert data("%TAG !k! tag:yaml.org,2002:\n---\na: !k!str 1\n") == [{"a": "1"}]

    @pytest.mark.parametrize(
        "text", ["%YAML\n---\na: 1\n", "%YAML x\n---\na: 1\n", "%TAG !\n---\na: 1\n", "%YAML 1.1\n"]
    )
    def test_a_broken_directive_has_its_place(self, text):
        assert {code for code, _, _ in told(text)} == {"JSG002"}


REPEATED = {
    "of a block": ("a: 1\nb: 2\na: 3\n", [(3, 1)], {"a": 1, "b": 2}),
    "three times": ("a: 1\na: 2\na: 3\n", [(2, 1), (3, 1)], {"a": 1}),
    "of a flow": ("{a: 1, b: 2, a: 3}\n", [(1, 14)], {"a": 1, "b": 2}),
    "in an item": ("x:\n- a: 1\n  a: 2\n- a: 3\n", [(3, 3)], {"x": [{"a": 1}, {"a": 3}]}),
    "quoted once": ('"a": 1\na: 2\n', [(2, 1)], {"a": 1}),
    "as two booleans": ("yes: 1\ntrue: 2\n", [(2, 1)], {"true": 1}),
    "as two numbers": ("0x10: 1\n16: 2\n", [(2, 1)], {"16": 1}),
    "as a whole float": ("1: 1\n1.0: 2\n", [(2, 1)], {"1": 1}),
    "as an alias": ("&k a: 1\n*k : 2\n", [(2, 1)], {"a": 1}),
}


class TestRepeatedKeys:
    @pytest.mark.parametrize("case", REPEATED)
    def test_the_second_has_the_place_and_the_first_stays(self, case):
        text, places, value = REPEATED[case]
        assert told(text) == [("JSG003", *place) for place in places]
        assert data(text) == [value]

    def test_the_message_names_the_first(self):
        (found,) = load("f", b"a:\n  b: 1\n  c: 2\n  b: 3\n").diagnostics
        assert found.message == "duplicate key 'b' (first defined on line 2)"

    def test_a_key_over_a_merged_one_is_no_repetition(self):
        assert told("a: &a {x: 1}\nb: {<<: *a, x: 2}\nc: {x: 3, <<: *a}\n") == []


class TestSeparators:
    @pytest.mark.parametrize("separator", ["---\n", "--- \n", "--- # next\n", "---\t\n", "...\n---\n", "---\n---\n"])
    def test_divide_documents(self, separator):
        assert data(f"a: 1\n{separator}b: 2\n") == [{"a": 1}, {"b": 2}]

    def test_may_have_the_document_on_their_line(self):
        assert data("--- {a: 1}\n--- {b: 2}\n") == [{"a": 1}, {"b": 2}]

    @pytest.mark.parametrize("text", ["a: |-\n  ---\n  b\n", "a: '---\n\n  b'\n", "a: >-\n  ---\n\n  b\n"])
    def test_are_text_where_they_do_not_begin_a_line(self, text):
        assert data(text) == [{"a": "---\nb"}]

    def test_without_a_space_are_part_of_a_key(self):
        assert data("a: 1\n---b: 2\n") == [{"a": 1, "---b": 2}]

    def test_of_windows_divide_too(self):
        assert data("a: 1\r\n---\r\nb: 2\r\n") == [{"a": 1}, {"b": 2}]


def test_each_broken_document_is_told_of_and_hides_no_other():
    text = "a: [\n---\nb: {c\n---\nd: 4\n---\ne: *gone\n---\nf: 'x\n---\n- !odd g\n"
    assert [code for code, _, _ in told(text)] == ["JSG002", "JSG002", "JSG005", "JSG002", "JSG004"]
    assert data(text) == [{"d": 4}, ["g"]]


@pytest.mark.parametrize(
    ("text", "path", "place"),
    [
        ("😀: {b: 1}", ("😀", "b"), (1, 8)),
        ("中文: {é: 1}", ("中文", "é"), (1, 9)),
        ("a:\t1", ("a",), (1, 4)),
        ("a: [1,\t2]", ("a", 1), (1, 8)),
        ("? a\n: b", ("a",), (2, 3)),
        ("a: !!str 1", ("a",), (1, 4)),
        ("a: |\n  b\n", ("a",), (1, 4)),
        ("- - - 1", (0, 0, 0), (1, 7)),
    ],
)
def test_columns_count_characters(text, path, place):
    assert load("f", text.encode()).documents[0].place(path)[1:3] == place


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_comment_silences_on_the_line_that_places_name(ending):
    text = f"# first{ending}a: 1 # jobsetgen: ignore[JSG504] because{ending}"
    document = load("f", text.encode()).documents[0]
    assert document.place(("a",))[:2] in document.ignores


def test_a_key_beyond_single_precision_is_an_infinity_as_kubectl_has_it():
    assert data("1e300: a\n-1e300: b\n") == [{".inf": "a", "-.inf": "b"}]


BREAKS = ["\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("separator", BREAKS[1:])
def test_an_indent_behind_a_line_separator_is_none_of_the_text(separator):
    assert data(f"a: |\n  b{separator}  c\n  d\n") == [{"a": f"b{separator}c\nd\n"}]
    assert data(f"a: 'b{separator}  c'\n") == [{"a": f"b{separator}c"}]
    assert data(f"a: b{separator}  c\n") == [{"a": f"b{separator}c"}]


def test_next_line_is_a_line_feed():
    assert data("a: |\n  b\x85  c\n  d\n") == [{"a": "b\nc\nd\n"}]


@pytest.mark.parametrize("separator", BREAKS)
def test_a_key_may_follow_such_a_break(separator):
    assert data(f"a:\n  b: 1{separator}  c: 2\n") == [{"a": {"b": 1, "c": 2}}]


@pytest.mark.parametrize("separator", BREAKS)
def test_such_a_break_ends_no_line_of_an_editor(separator):
    document = load("f", f"a: |\n  b{separator}  c\nd: {{e: 1}}\n".encode()).documents[0]
    assert document.place(("d", "e"))[1:3] == (3, 8)
