"""Pairing: by name first, then by equal content, then by the most that is alike."""

from __future__ import annotations

import pytest

from jobsetgen.diff.pairing import Likeness, Pair, leaves, paired

LIKENESS = Likeness(
    key=lambda item: item["name"],
    kind=lambda item: item.get("kind", ""),
    leaves=lambda item: frozenset(leaves(item["content"])),
)


def item(name: str, kind: str = "", **content: object) -> dict[str, object]:
    return {"name": name, "kind": kind, "content": content}


def names(pairs: list[Pair]) -> list[tuple[str | None, str | None, bool]]:
    return [(pair.old and pair.old["name"], pair.new and pair.new["name"], pair.is_renamed) for pair in pairs]


TEN = {f"field{index}": index for index in range(10)}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([item("a", x=1)], [item("a", x=2)], [("a", "a", False)]),
        ([item("a", x=1)], [item("b", x=1)], [("a", "b", True)]),
        ([item("a", x=1)], [item("b", x=2)], [(None, "b", False), ("a", None, False)]),
        ([item("a", **TEN)], [item("b", **{**TEN, "field1": "x"})], [("a", "b", True)]),
        ([item("a", **TEN)], [item("b", **dict.fromkeys(TEN, "x"))], [(None, "b", False), ("a", None, False)]),
        ([item("a", "Service", x=1)], [item("b", "Secret", x=1)], [(None, "b", False), ("a", None, False)]),
        # What keeps its name stays what it is, even if another one has its former content.
        ([item("a", x=1), item("b", x=2)], [item("b", x=1)], [("b", "b", False), ("a", None, False)]),
        # The order is that of the new side.
        ([item("a"), item("b")], [item("b"), item("a")], [("b", "b", False), ("a", "a", False)]),
    ],
    ids=["same name", "renamed", "other content", "nine of ten", "none of ten", "other kind", "name first", "order"],
)
def test_pairs(old, new, expected):
    assert names(paired(old, new, LIKENESS)) == expected


def test_the_most_alike_are_paired_first():
    old = [item("far", **{**TEN, "field1": "x", "field2": "y"}), item("near", **{**TEN, "field1": "x"})]
    assert names(paired(old, [item("new", **TEN)], LIKENESS)) == [("near", "new", True), ("far", None, False)]


def test_each_is_paired_once():
    twins = [item("b", x=1), item("c", x=1)]
    assert names(paired([item("a", x=1)], twins, LIKENESS)) == [("a", "b", True), (None, "c", False)]


def test_many_unmatched_items_are_not_compared_with_each_other():
    calls = []

    def counted(each):
        calls.append(each["name"])
        return frozenset(leaves(each["content"]))

    many = Likeness(key=LIKENESS.key, kind=LIKENESS.kind, leaves=counted)
    old = [item(f"old{index}", number=index) for index in range(1000)]
    new = [item(f"new{index}", number=-index - 1) for index in range(1000)]
    assert len(paired(old, new, many)) == 2000
    assert len(calls) <= 4 * 1000
