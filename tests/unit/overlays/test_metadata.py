"""Labels and annotations of a project on its objects."""

from __future__ import annotations

import pytest

from jobsetgen.overlays.metadata import labelled
from tests.unit.overlays.documents import documents, project

TEAM = project("labels:\n  team: research\nannotations:\n  example.com/owner: ml\n")
JOB = """
apiVersion: batch/v1
kind: Job
metadata:
  name: a
  labels: {app: train, team: other}
spec:
  selector: {matchLabels: {app: train}}
  template: {metadata: {labels: {app: train}}, spec: {containers: []}}
"""


def test_an_object_gets_labels_and_annotations():
    (given,) = documents(JOB)
    (changed,) = labelled([given], TEAM).documents
    assert changed.data["metadata"] == {
        "name": "a",
        "labels": {"app": "train", "team": "research"},
        "annotations": {"example.com/owner": "ml"},
    }
    assert changed.data["spec"] == given.data["spec"]
    assert given.data["metadata"]["labels"]["team"] == "other"


def test_each_value_has_the_place_where_it_is_written():
    (changed,) = labelled(documents(JOB), TEAM).documents
    labels = ("metadata", "labels")
    assert changed.place((*labels, "team"))[:3] == ("jobsetgen.yaml", 4, 9)
    assert changed.place((*labels, "team"), on_key=True)[:3] == ("jobsetgen.yaml", 4, 3)
    assert changed.place((*labels, "app"))[:3] == ("objects.yaml", 6, 17)
    assert changed.place(("metadata", "annotations"))[:3] == ("jobsetgen.yaml", 6, 3)
    assert changed.place(("metadata", "name"), on_key=True)[:3] == ("objects.yaml", 5, 3)


def test_null_is_no_labels():
    (changed,) = labelled(documents("kind: A\nmetadata: {name: a, labels: null}\n"), TEAM).documents
    assert changed.data["metadata"]["labels"] == {"team": "research"}


@pytest.mark.parametrize("text", ["kind: A\n", "kind: A\nmetadata: a\n", "[]", "kind: A\nmetadata: null\n"])
def test_what_has_no_metadata_is_left_to_the_rules(text):
    given = documents(text)
    assert labelled(given, TEAM).documents == tuple(given)


def test_labels_of_a_wrong_type_are_left_to_the_rules():
    (changed,) = labelled(documents("kind: A\nmetadata: {labels: [a]}\n"), TEAM).documents
    assert changed.data["metadata"]["labels"] == ["a"]


@pytest.mark.parametrize(
    ("options", "place", "message"),
    [
        (
            "labels:\n  team: a b\n",
            (4, 9),
            "'a b' cannot be the value of a label: it must consist of letters, digits and -_. and begin and end"
            " with a letter or digit",
        ),
        (
            "labels:\n  a/b/c: a\n",
            (4, 3),
            "'a/b/c' cannot be the key of a label: the prefix 'a/b' must be a DNS name in lower case",
        ),
        (
            "annotations:\n  a b: a\n",
            (4, 3),
            "'a b' cannot be the key of an annotation: its name must consist of letters, digits and -_. and begin and"
            " end with a letter or digit",
        ),
        (
            f"annotations:\n  a: {'b' * 262144}\n",
            (4, 3),
            "the annotations have 262,145 bytes; at most 262,144 are allowed",
        ),
    ],
)
def test_an_invalid_entry_is_an_error_at_the_option(options, place, message):
    given = documents(JOB)
    changed = labelled(given, project(options))
    (found,) = changed.diagnostics
    assert (found.code, found.file, (found.line, found.column)) == ("JSG717", "jobsetgen.yaml", place)
    assert found.message == message
    assert changed.documents == tuple(given)
