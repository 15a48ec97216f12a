"""Objects of any form: a rename changes their names and references and nothing else, and never fails."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jobsetgen.overlays import reference_fields
from jobsetgen.overlays.metadata import labelled
from jobsetgen.overlays.references import references
from jobsetgen.overlays.renames import is_renamed
from jobsetgen.overlays.renaming import renamed, renamed_options
from jobsetgen.source.documents import Node
from tests.unit.overlays.documents import documents, field, project

OPTIONS = project("namePrefix: dev-\nlabels: {team: research}\n")
TABLES = [reference_fields.POD, *reference_fields.FIELDS.values()]
STEPS = sorted({step for fields in TABLES for path in fields for step in path.replace("[]", "").split(".")})
WORDS = [
    *STEPS,
    *reference_fields.KEYS,
    "containers",
    "args",
    "data",
    "replicatedJobs",
    "labels",
    "[]",
    "key",
    "values",
]
KINDS = [*reference_fields.FIELDS, "ConfigMap", "Service", "Role", "Namespace"]
TEXTS = st.sampled_from(["a", "b", "", "-", "a-0-0.a", "http://a:80/", *KINDS])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=20,
)
OBJECTS = st.fixed_dictionaries(
    {"apiVersion": st.sampled_from(["v1", "apps/v1", "jobset.x-k8s.io/v1alpha2"]) | VALUES},
    optional={
        "kind": st.sampled_from(KINDS) | VALUES,
        "metadata": VALUES | st.fixed_dictionaries({"name": TEXTS}, optional={"namespace": TEXTS, "labels": VALUES}),
        "spec": VALUES,
        "data": VALUES,
        "rules": VALUES,
    },
)


def leaves(value: Any, path: tuple = ()) -> dict[tuple, Any]:
    """Return what is not a mapping or a list, by its path."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = {inner: leaf for step, item in steps for inner, leaf in leaves(item, (*path, step)).items()}
    return found or {path: value}


def is_whole(node: Node) -> bool:
    """Whether a node's data and size are those of its children."""
    if isinstance(node.children, dict):
        assert not node.children or node.data == {key: child.data for key, child in node.children.items()}
        children = list(node.children.values())
    else:
        assert not node.children or node.data == [item.data for item in node.children]
        children = node.children
    return node.size == 1 + sum(child.size for child in children) and all(map(is_whole, children))


@given(st.lists(OBJECTS | VALUES, min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_a_rename_changes_names_and_references_only(objects):
    before = documents("\n---\n".join(map(json.dumps, objects)))
    after = renamed(before, OPTIONS).documents
    assert len(after) == len(before)
    for old, new in zip(before, after, strict=True):
        assert is_whole(new.root)
        changed = {path for path, leaf in leaves(old.data).items() if field(new.data, *path) != leaf}
        allowed = {("metadata", "name"), ("metadata", "generateName")} if is_renamed(old.data) else set()
        if isinstance(old.data, dict):
            allowed |= {each.path for each in references(old.data)}
        assert changed <= allowed
        assert leaves(new.data).keys() == leaves(old.data).keys()


def without_team(data: Any) -> Any:
    """Return an object without the label of the options, and without labels if it has no others."""
    if not isinstance(data, dict) or not isinstance(data.get("metadata"), dict):
        return data
    metadata = data["metadata"]
    if isinstance(metadata.get("labels"), dict):
        metadata = {**metadata, "labels": {k: v for k, v in metadata["labels"].items() if k != "team"} or None}
    return {**data, "metadata": {"labels": None, **metadata}}


@given(st.lists(OBJECTS | VALUES, min_size=1, max_size=3))
@settings(max_examples=100, deadline=None)
def test_labels_change_the_labels_of_metadata_only(objects):
    before = documents("\n---\n".join(map(json.dumps, objects)))
    for old, new in zip(before, labelled(before, OPTIONS).documents, strict=True):
        assert is_whole(new.root)
        if new.data != old.data:
            assert new.data["metadata"]["labels"]["team"] == "research"
        assert without_team(new.data) == without_team(old.data)


@given(st.dictionaries(st.sampled_from(["replicas", "watcher", "namespace", "namePrefix"]), VALUES))
@settings(max_examples=100, deadline=None)
def test_options_of_any_form_never_fail(options):
    (given_project,) = documents(json.dumps(options), "jobsetgen.yaml")
    given_documents = documents("apiVersion: v1\nkind: Service\nmetadata: {name: a}\n")
    renamed(given_documents, given_project)
    labelled(given_documents, given_project)
    assert renamed_options(given_documents, given_project, given_project).data.keys() == options.keys()
