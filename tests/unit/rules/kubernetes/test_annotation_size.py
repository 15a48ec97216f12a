"""JSG307: the size of all annotations together."""

from __future__ import annotations

from tests.unit.rules.kubernetes.jobs import jobset, said


def test_annotations_of_more_than_256_kib():
    found = said("JSG307", jobset(pods=f"annotations: {{a: {'x' * 262144}}}"))
    assert found == ["17:26: the annotations have 262,145 bytes; at most 262,144 are allowed"]


def test_annotations_of_256_kib():
    assert said("JSG307", jobset(pods=f"annotations: {{a: {'x' * 262143}}}")) == []
