"""Trees that are made from several files, or computed: each value keeps the place of what it comes from."""

from __future__ import annotations

import pytest

from jobsetgen.diagnostics import Finding, Place, diagnostic, in_order, is_silenced
from jobsetgen.schema.codes import UNKNOWN_FIELD
from jobsetgen.source.codes import IGNORE_REASON
from jobsetgen.source.documents import Document, Node, computed, ignores_of, mapping_node
from jobsetgen.source.loader import load

BASE = b"spec:\n  image: a  # jobsetgen: ignore[JSG008] pinned by the mirror\n  replicas: 1\n"
PATCH = b"# more of them\nspec: {replicas: 4}\n"


def tree(name: str, content: bytes) -> Document:
    return load(name, content).documents[0]


def patched() -> Document:
    """A base with one field from a patch, as an overlay makes it."""
    base, patch = tree("base.yaml", BASE), tree("patch.yaml", PATCH)
    spec, change = base.root.child("spec"), patch.root.child("spec")
    assert spec
    assert change
    replicas = change.child("replicas")
    assert replicas
    merged = mapping_node(
        {**spec.children, "replicas": replicas},
        spec.place,
        {**spec.keys, "replicas": change.key("replicas")},
    )
    root = mapping_node({"spec": merged}, base.root.place, base.root.keys)
    return Document(root=root, ignores=ignores_of([base, patch]))


def test_a_tree_of_two_files_names_the_file_of_each_leaf():
    document = patched()
    assert document.data == {"spec": {"image": "a", "replicas": 4}}
    assert document.place(("spec", "image")) == Place("base.yaml", 2, 10, 11)
    assert document.place(("spec", "replicas")) == Place("patch.yaml", 2, 18, 19)
    assert document.place(("spec", "replicas"), on_key=True) == Place("patch.yaml", 2, 8, 16)
    assert document.place(("spec", "gone")) == Place("base.yaml", 1, 1, 5)


def test_a_diagnostic_is_about_the_file_of_its_leaf():
    found = patched().diagnostic(UNKNOWN_FIELD, Finding(path=("spec", "replicas"), message="no"))
    assert (found.file, found.line, found.column) == ("patch.yaml", 2, 18)


def test_a_comment_silences_in_its_own_file_alone():
    document = patched()
    found = [
        document.diagnostic(IGNORE_REASON, Finding(path=("spec", field), message="a warning"))
        for field in ("image", "replicas")
    ]
    assert [item.line for item in found] == [2, 2]
    assert [is_silenced(item, document.ignores, {}) for item in found] == [True, False]


def test_computed_data_has_the_place_of_its_cause_everywhere():
    cause = Place("--priority-class")
    root = computed({"priorityClasses": {"high": 5}, "images": [{"name": "a"}]}, cause)
    document = Document(root=root)
    assert document.data == {"priorityClasses": {"high": 5}, "images": [{"name": "a"}]}
    for path in ((), ("priorityClasses", "high"), ("images", 0, "name"), ("images", 7)):
        assert document.place(path) == cause
        assert document.place(path, on_key=True) == cause


def test_a_computed_tree_counts_its_values():
    assert computed({"a": [1, 2]}, Place("f")).size == load("f", b"a: [1, 2]").documents[0].root.size
    assert isinstance(computed(None, Place("f")), Node)


def test_the_end_of_a_place_does_not_decide_the_order_of_what_is_reported():
    known = diagnostic(IGNORE_REASON, Place("f", 1, 1, 5), "a warning")
    unknown = diagnostic(UNKNOWN_FIELD, Place("f", 1, 1), "an error")
    assert in_order([unknown, known]) == in_order([known, unknown]) == [known, unknown]
    longer = diagnostic(UNKNOWN_FIELD, Place("f", 1, 1, 9), "an error")
    assert in_order([longer, known]) == [known, longer]
    shorter = diagnostic(UNKNOWN_FIELD, Place("f", 1, 1, 3), "an error")
    assert in_order([shorter, known]) == [known, shorter]


def test_a_value_that_is_not_written_has_the_place_of_its_key():
    text = b"spec:\n  template:   # a comment\n\n  suspend: true\nmetadata:"
    root = load("f", text).documents[0].root
    spec = root.child("spec")
    assert spec
    template, metadata = spec.child("template"), root.child("metadata")
    assert template
    assert metadata
    assert (template.place, metadata.place) == (Place("f", 2, 3), Place("f", 5, 1))


@pytest.mark.parametrize("end", ["", "\n", "\n\n# the end\n"])
def test_no_value_is_behind_the_end_of_the_file(end):
    text = f"items:\n- a\n-{end}"
    items = load("f", text.encode()).documents[0].root.child("items")
    assert items
    last = items.child(1)
    assert last
    assert last.place.line <= 1 + text.count("\n")
