"""What the texts of flags and parameters are in a jobsetgen.yaml, and how a parameter shows a setting."""

from __future__ import annotations

import pytest

from jobsetgen.options import kinds
from jobsetgen.options.values import ImageOverride


@pytest.mark.parametrize(
    ("kind", "texts", "written"),
    [
        (kinds.TEXTS, ["a", "b"], ["a", "b"]),
        (kinds.TEXT_MAP, ["a=1", "b=x=y", "c="], {"a": "1", "b": "x=y", "c": ""}),
        (kinds.NUMBER_MAP, ["a=1", "b=-20", "c=1.5", "d=high"], {"a": 1, "b": -20, "c": "1.5", "d": "high"}),
        (kinds.TOLERATIONS, ["a=b"], [{"key": "a", "operator": "Equal", "value": "b"}]),
    ],
)
def test_texts_of_a_flag(kind, texts, written):
    assert kind.of_texts(texts) == written


@pytest.mark.parametrize("kind", [kinds.TEXT_MAP, kinds.NUMBER_MAP])
@pytest.mark.parametrize("text", ["a", "=a", ""])
def test_a_map_is_made_of_pairs(kind, text):
    with pytest.raises(ValueError, match=f"'{text}' is not of the form key=value"):
        kind.of_texts([text])


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("a=b:1", {"name": "a", "newName": "b", "newTag": "1"}),
        ("a:1", {"name": "a", "newTag": "1"}),
        ("a@sha256:1", {"name": "a", "digest": "sha256:1"}),
        ("a=*:1", {"name": "a", "newTag": "1"}),
        ("a=b:*", {"name": "a", "newName": "b"}),
        ("a=b:5000/c", {"name": "a", "newName": "b:5000/c"}),
    ],
)
def test_an_image_of_a_parameter(text, entry):
    assert kinds.IMAGES.parameter_form.read([text]) == [entry]


@pytest.mark.parametrize("text", ["", "a", "a=", "=b", "a=*", ":1"])
def test_an_image_of_a_parameter_has_a_name_and_a_change(text):
    with pytest.raises(ValueError, match="is not of the form name=new:tag, name:tag or name@digest"):
        kinds.IMAGES.parameter_form.read([text])


@pytest.mark.parametrize("text", ["a=b:1", "a:1", "a@sha256:1", "a=b@sha256:1", "a=b"])
def test_an_image_is_shown_as_a_parameter_has_it(text):
    form = kinds.IMAGES.parameter_form
    assert form.shown(kinds.IMAGES.read(form.read([text]))) == [text]


def test_an_image_that_nothing_changes_is_not_shown():
    assert kinds.IMAGES.parameter_form.shown([ImageOverride(name="a")]) == []


def test_replicas_of_a_parameter():
    form = kinds.REPLICAS.parameter_form
    written = [{"jobSet": "train", "replicatedJob": "workers", "replicas": 4}]
    assert form.read({"train/workers": "4"}) == written
    assert form.shown(kinds.REPLICAS.read(written)) == {"train/workers": "4"}


@pytest.mark.parametrize(
    ("key", "number", "message"),
    [
        ("train", "4", "'train' is not of the form <JobSet>/<replicatedJob>"),
        ("train/workers", "-4", "invalid number of Jobs '-4' for train/workers"),
        ("train/workers", "", "invalid number of Jobs '' for train/workers"),
    ],
)
def test_replicas_of_another_form_are_refused(key, number, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        kinds.REPLICAS.parameter_form.read({key: number})
