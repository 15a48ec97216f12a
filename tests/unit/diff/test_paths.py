"""Paths as people read them."""

from __future__ import annotations

import pytest

from jobsetgen.diff.paths import path_text

POD = ("spec", "template", "spec")
TEXTS = [
    ((), ""),
    (("spec",), "spec"),
    ((*POD, "containers", "trainer", "env", "LR", "value"), "spec.template.spec.containers[trainer].env[LR].value"),
    (("metadata", "labels", "a.b/c"), 'metadata.labels["a.b/c"]'),
    (("metadata", "labels", "a-b_c"), "metadata.labels.a-b_c"),
    (("a.b", "c"), '["a.b"].c'),
    ((*POD, "tolerations", 0, "key"), "spec.template.spec.tolerations[0].key"),
    (("spec", "ports", "80/UDP"), 'spec.ports["80/UDP"]'),
    (("spec", "ports", "80"), "spec.ports[80]"),
    (("data", 'a"]\n'), r'data["a\"]\n"]'),
    (("data", ""), 'data[""]'),
    (("data", "ä"), 'data["ä"]'),
]


@pytest.mark.parametrize(("path", "text"), TEXTS, ids=str)
def test_a_path(path, text):
    assert path_text(path) == text
