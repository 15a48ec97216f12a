"""What a flag's texts are in a jobsetgen.yaml."""

from __future__ import annotations

import pytest

from jobsetgen.options import kinds


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
