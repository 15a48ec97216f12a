"""What the kustomization of an output folder does beyond listing manifests."""

from __future__ import annotations

import pytest

from jobsetgen.output.layout import HEADER
from jobsetgen.output.transformers import transformers
from jobsetgen.project.files import Memory

WRITTEN = f"{HEADER}apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- a/b.yaml\n"


def found(more: str = "", **others: str):
    """Return the transformers of a folder with more lines in its kustomization, and other files."""
    texts = {"kustomization.yaml": WRITTEN + more, **{name.replace("_", "."): text for name, text in others.items()}}
    return transformers(Memory({name: text.encode() for name, text in texts.items()}))


def test_a_build_writes_none():
    assert found() == {}


@pytest.mark.parametrize("more", ["metadata: {name: a}\n", "namePrefix: ''\n", "labels: []\n", "patches: null\n"])
def test_what_changes_nothing_is_none(more):
    assert found(more) == {}


def test_each_field_is_one():
    assert set(found("namePrefix: a-\nimages:\n- {name: a, newTag: b}\n")) == {"namePrefix", "images"}


def test_another_spelling_of_a_value_is_the_same():
    assert found("labels:\n- pairs: {a: b, c: d}\n") == found("labels: [{pairs: {c: d, a: b}}]\n")


def test_keys_that_are_no_strings_can_be_compared():
    assert set(found("labels: [{pairs: {1: a, b: c, true: d}}]\n")) == {"labels"}


@pytest.mark.parametrize(
    "more",
    [
        "patches: [{path: patch.yaml}]\n",
        "patchesStrategicMerge: [patch.yaml]\n",
        "configMapGenerator: [{name: a, files: [patch.yaml]}]\n",
        "configMapGenerator: [{name: a, files: [key=patch.yaml]}]\n",
    ],
)
def test_a_file_that_a_field_names_is_part_of_it(more):
    assert found(more, patch_yaml="a") == found(more, patch_yaml="a")
    assert found(more, patch_yaml="a") != found(more, patch_yaml="b")
    assert all(each.is_whole for each in found(more, patch_yaml="a").values())


def test_a_prefix_with_the_name_of_a_file_is_not_that_file():
    assert found("namePrefix: patch.yaml\n", patch_yaml="a") == found("namePrefix: patch.yaml\n", patch_yaml="b")


@pytest.mark.parametrize("field", ["components", "transformers", "generators", "bases", "helmCharts"])
def test_what_stands_elsewhere_is_not_whole(field):
    assert [each.is_whole for each in found(f"{field}: [../other]\n").values()] == [False]
