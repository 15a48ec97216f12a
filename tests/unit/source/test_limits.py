"""What aliases and merge keys may add to an input."""

from __future__ import annotations

import pytest

from jobsetgen.project.inputs import read_sources
from jobsetgen.source.loader import Loaded, load
from jobsetgen.source.text import Source


def codes(loaded: Loaded) -> list[str]:
    return [each.code for each in loaded.diagnostics]


def long_text(aliases: int, characters: int = 100_000) -> bytes:
    return f"a: &a {'x' * characters}\nb: [{'*a, ' * aliases}]\n".encode()


def test_a_script_may_be_used_in_many_places():
    assert codes(load("a.yaml", long_text(80))) == []


def test_a_text_counts_by_its_length():
    assert codes(load("a.yaml", long_text(200))) == ["JSG006"]


def test_keys_count_by_their_length():
    keys = f"a: &a {'x' * 100_000}\nb: [{'{? *a : 1}, ' * 200}]\n".encode()
    assert codes(load("a.yaml", keys)) == ["JSG006"]


@pytest.mark.parametrize("merges", ["  <<: *a\n" * 500, f"  <<: [{'*a, ' * 500}]\n"])
def test_merges_count_whether_they_add_something_or_not(merges):
    merged = f"a: &a {{{', '.join(f'k{each}: v' for each in range(500))}}}\nb:\n{merges}"
    assert codes(load("a.yaml", merged.encode())) == ["JSG006"]


def test_the_documents_of_a_file_share_what_is_allowed():
    assert codes(load("a.yaml", long_text(60))) == []
    assert codes(load("a.yaml", b"---\n".join([long_text(60)] * 3))) == ["JSG006", "JSG006"]


def test_the_files_of_an_input_share_what_is_allowed():
    inputs = read_sources(Source(f"{name}.yaml", long_text(60)) for name in "abc")
    assert [(each.code, each.file) for each in inputs.diagnostics] == [("JSG006", "b.yaml"), ("JSG006", "c.yaml")]


@pytest.mark.parametrize("text", ["", "---\n", "---\n---\n", "\n \n---\r\n\n", "---\n# a\n"])
def test_an_empty_document_is_none(text):
    assert load("a.yaml", text.encode()) == Loaded([], [])


@pytest.mark.parametrize("tag", ["x" * 1000, "%41" * 1000, "x" * 199 + "%41" * 10, "x" * 198 + "%41" * 10])
def test_a_long_tag_is_unknown_and_shown_by_its_beginning(tag):
    (found,) = load("a.yaml", f"!{tag} a\n".encode()).diagnostics
    assert found.code == "JSG004"
    assert found.message.startswith("unknown tag !" + ("A" if tag[0] == "%" else "x"))
    assert found.message.endswith("…")
