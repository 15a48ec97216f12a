"""Documents and places: where every value of a file stands, and what is wrong with a file."""

from __future__ import annotations

import pytest

from jobsetgen.diagnostics import Finding, is_silenced
from jobsetgen.source import codes
from jobsetgen.source.loader import load
from jobsetgen.source.text import MAX_BYTES

TEXT = """\
# 注释
a: 1
b:
  - x: é
    w: [1, {z: 2}]
"中": &n {k: v}
m:
  <<: *n
  o: *n
"""


@pytest.fixture
def document():
    loaded = load("file.yaml", TEXT.encode())
    assert loaded.diagnostics == []
    return loaded.documents[0]


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ((), (2, 1), (2, 1)),
        (("a",), (2, 4), (2, 1)),
        (("b",), (4, 3), (3, 1)),
        (("b", 0), (4, 5), (4, 5)),
        (("b", 0, "x"), (4, 8), (4, 5)),
        (("b", 0, "w", 1, "z"), (5, 16), (5, 13)),
        (("中", "k"), (6, 13), (6, 10)),
        (("m", "k"), (6, 13), (6, 10)),
        (("m", "o", "k"), (6, 13), (6, 10)),
    ],
)
def test_places_of_values_and_keys(document, path, value, key):
    assert document.place(path)[1:3] == value
    assert document.place(path, on_key=True)[1:3] == key


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("b", 0, "gone"), (4, 5)),
        (("m", "gone", "deeper"), (7, 1)),
        (("gone",), (2, 1)),
        (("b", 7), (3, 1)),
        (("a", "x"), (2, 1)),
    ],
)
def test_what_is_missing_is_shown_at_its_parent(document, path, place):
    assert document.place(path)[1:3] == place


def test_a_part_is_a_document_with_places_of_its_own(document):
    part = document.item("b", 0)
    assert part.data == {"x": "é", "w": [1, {"z": 2}]}
    found = part.diagnostic(codes.SYNTAX, Finding(path=("x",), message="m"))
    assert (found.file, found.line, found.column) == ("file.yaml", 4, 8)


def test_a_part_that_is_not_there(document):
    with pytest.raises(KeyError):
        document.item("b", 3)


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_lines_count_alike_whatever_ends_them(ending):
    text = "a: 1\nb:\n  c: x\n".replace("\n", ending)
    assert load("f", text.encode()).documents[0].place(("b", "c"))[1:3] == (3, 6)


def test_a_byte_order_mark_is_no_character():
    assert load("f", b"\xef\xbb\xbfa: 1").documents[0].place(("a",))[1:3] == (1, 4)


def test_utf_16_with_its_mark_is_read():
    assert load("f", "a: é".encode("utf-16")).documents[0].data == {"a": "é"}


def test_documents_of_a_file_keep_their_lines():
    loaded = load("f", b"a: 1\n---\n# only a comment\n--- # a comment\nb: 2\n...\n---\nc: [\n---\nd: 4\n")
    assert [document.data for document in loaded.documents] == [{"a": 1}, {"b": 2}, {"d": 4}]
    assert [document.place(())[1:3] for document in loaded.documents] == [(1, 1), (5, 1), (10, 1)]
    assert [(item.code, item.line) for item in loaded.diagnostics] == [("JSG002", 9)]


def test_directives_belong_to_their_document():
    loaded = load("f", b"%YAML 1.1\n---\na: yes\n")
    assert (loaded.documents[0].data, loaded.diagnostics) == ({"a": True}, [])


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n---\n", "~\n"])
def test_what_is_empty_is_no_document(text):
    assert load("f", text.encode()) == ([], [])


def test_tabs_are_white_space_but_no_indentation():
    assert load("f", b"a:\t1\t# c\nb: {\tc: 1\t}\n").documents[0].data == {"a": 1, "b": {"c": 1}}
    assert [item.code for item in load("f", b"a:\n\tb: 1\n").diagnostics] == ["JSG002"]


def test_text_after_the_root():
    (found,) = load("f", b"{a: 1}\n{b: 2}\n").diagnostics
    assert (found.code, found.line) == ("JSG002", 2)


class TestLimits:
    def test_a_file_of_10_mb_and_no_more(self):
        assert load("f", b"#" * MAX_BYTES).diagnostics == []
        (found,) = load("f", b"#" * (MAX_BYTES + 1)).diagnostics
        assert found.code == "JSG006"
        assert found.message == "the file has 10,000,001 bytes; at most 10,000,000 are allowed"

    def test_100_levels_and_no_more(self):
        assert load("f", b"[" * 99 + b"1" + b"]" * 99).diagnostics == []
        assert [item.code for item in load("f", b"[" * 101 + b"]" * 101).diagnostics] == ["JSG006"]

    def test_deep_nesting_ends_soon(self):
        assert [item.code for item in load("f", b"[" * 1_000_000).diagnostics] == ["JSG006"]

    def test_aliases_may_repeat_but_not_multiply(self):
        text = "a: &a [1, 2]\nb: [" + ", ".join(["*a"] * 1000) + "]\n"
        assert load("f", text.encode()).diagnostics == []
        bomb = (
            "a: &a ["
            + "x, " * 9
            + "x]\n"
            + "".join(
                f"{new}: &{new} [" + f"*{old}, " * 9 + f"*{old}]\n"
                for old, new in zip("abcdefgh", "bcdefghi", strict=True)
            )
        )
        assert [item.code for item in load("f", bomb.encode()).diagnostics] == ["JSG006"]


class TestSilencing:
    def test_a_reason_is_needed(self):
        loaded = load("f", b"a: 1 # jobsetgen: ignore[JSG504]\nb: 2 # jobsetgen: ignore[JSG504, JSG510] why not\n")
        assert [(item.code, item.line, item.column) for item in loaded.diagnostics] == [("JSG008", 1, 6)]
        assert loaded.documents[0].ignores == {("f", 2): frozenset(["JSG504", "JSG510"])}

    def test_errors_are_never_silenced(self):
        document = load("f", b"a: 1 # jobsetgen: ignore[JSG002] because\n").documents[0]
        error, warning = (
            document.diagnostic(code, Finding(path=("a",), message="m")) for code in (codes.SYNTAX, codes.IGNORE_REASON)
        )
        assert not is_silenced(error, document.ignores, {})
        assert not is_silenced(warning, document.ignores, {})


@pytest.mark.parametrize(("block", "value"), [("|", "x\n"), ("|-", "x"), ("|+", "x\n"), (">", "x\n")])
def test_a_block_at_the_end_of_a_file_without_a_line_break_is_read_as_by_kubectl(block, value):
    assert load("f", f"a: {block}\n  x".encode()).documents[0].data == {"a": value}


def test_what_is_wrong_at_the_end_of_such_a_file_has_its_place_in_it():
    assert [(item.line, item.column) for item in load("f", b"a: [").diagnostics] == [(1, 5)]
