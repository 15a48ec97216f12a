"""The paths by which containers read labels and annotations of their pod."""

from __future__ import annotations

import pytest

from jobsetgen.kubernetes.field_paths import annotation_path, entry_of, label_path


def test_a_path_reads_the_entry_that_it_was_made_for():
    assert label_path("a.b/c") == "metadata.labels['a.b/c']"
    assert entry_of(label_path("a.b/c")) == ("label", "a.b/c")
    assert entry_of(annotation_path("a.b/c")) == ("annotation", "a.b/c")


@pytest.mark.parametrize("path", ["", "metadata.name", "metadata.labels", "metadata.labels.app", "metadata.labels[a]"])
def test_other_fields_are_no_entries(path):
    assert entry_of(path) is None
