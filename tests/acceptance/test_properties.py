"""Whatever is done to a manifest: output, or diagnostics with a place; never a traceback, never half an output."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobsetgen.options.table import Settings
from jobsetgen.options.values import JOBS_OWNERS, PROFILES
from jobsetgen.pipeline import compile
from jobsetgen.review.explain import as_text
from jobsetgen.review.picture import picture
from jobsetgen.review.summary import summarize
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source
from tests.cases import VALID
from tests.nested_data import places

ODD: list[Any] = [
    None, True, 0, -1, 2**70, 1.5, "", "x" * 300, "a b", "9", "${X}", "\u2028", "é", "metadata.name", [], {}, [None],
    [[]], [{}], {"a": None}, {"name": "a"}, "\x07", "---", "1e999",
]  # fmt: skip
FEW = settings(max_examples=150, derandomize=True, suppress_health_check=list(HealthCheck))


@cache
def texts() -> list[bytes]:
    """Return the files of all valid fixtures."""
    return [path.read_bytes() for case in VALID for path in sorted(case.rglob("*.y*ml"))]


@cache
def documents() -> list[Any]:
    """Return the manifests in them."""
    return [document.data for text in texts() for document in load("fixture.yaml", text).documents]


@st.composite
def mutated(draw) -> Any:
    """A manifest in which some values were replaced, removed, repeated or put where they do not belong."""
    document = copy.deepcopy(draw(st.sampled_from(documents())))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.sampled_from(places(document) or [()]))
        if not place:
            break
        parent = document
        for step in place[:-1]:
            parent = parent[step]
        action = draw(st.sampled_from(["replace", "replace", "remove", "rename", "repeat"]))
        if action == "replace":
            parent[place[-1]] = copy.deepcopy(draw(st.sampled_from(ODD)))
        elif action == "remove":
            del parent[place[-1]]
        elif isinstance(parent, list):
            parent.append(copy.deepcopy(parent[place[-1]]))
        else:
            other = draw(st.sampled_from(["x", "name", "spec", "replicas", "template", "containers"]))
            parent[other] = copy.deepcopy(parent[place[-1]])
    return document


def check(content: bytes, options: Settings) -> None:
    result = compile([Source(name="input.yaml", content=content)], options)
    assert all(item.line >= 1 and item.column >= 1 and item.message for item in result.diagnostics)
    if not result.ok:
        assert result.groups == ()
        return
    text = result.text()
    for expansion in result.expansions:
        summary = summarize(expansion, options)
        assert as_text(summary)
        assert picture(summary)
    again = compile([Source(name="output.yaml", content=text.encode())], options)
    assert [item for item in again.diagnostics if item.is_error] == []
    assert again.text() == text


@FEW
@given(
    st.lists(mutated(), min_size=1, max_size=3),
    st.sampled_from(PROFILES),
    st.sampled_from(JOBS_OWNERS),
    st.sampled_from([None, "training"]),
)
def test_any_mutation_of_the_data(documents, profile, owner, namespace):
    content = "\n---\n".join(json.dumps(document) for document in documents)
    check(content.encode("utf-8", "surrogatepass"), Settings(gitops=profile, jobs=owner, namespace=namespace))


@FEW
@given(st.data())
def test_any_mutation_of_the_bytes(data):
    content = bytearray(data.draw(st.sampled_from(texts())))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content)))
        cut = data.draw(st.integers(0, 3))
        content[at : at + cut] = data.draw(
            st.sampled_from([b"", b"\t", b":", b"- ", b"\xff", b"\n", b"*a", b"&a ", b"{", b"'"])
        )
    check(bytes(content), Settings())


@FEW
@given(st.binary(max_size=200))
def test_any_bytes(content):
    check(content, Settings())


@FEW
@given(st.text(max_size=200))
def test_any_text(text):
    check(text.encode("utf-8", "surrogatepass"), Settings())
