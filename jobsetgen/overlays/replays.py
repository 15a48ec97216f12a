"""Replay the patches of an object, for those who ask where its fields come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from jobsetgen.overlays import json_patch, strategic
from jobsetgen.overlays.json_patch import Operation
from jobsetgen.overlays.merge_keys import ApiType
from jobsetgen.overlays.patch_error import Allowance
from jobsetgen.source.documents import Node

Replay = Callable[[Node], Iterator[tuple[Node, Node]]]
"""Yields an object after each part of a change, with the part; see `Step`."""


def replay_of_strategic(patch: Node, of: ApiType) -> Replay:
    """Return what replays a strategic merge patch, as a whole."""

    def replay(root: Node) -> Iterator[tuple[Node, Node]]:
        after = strategic.merged(root, patch, of)
        if after is not None:
            yield after, patch

    return replay


def replay_of_json(patch: Node, operations: Sequence[Operation]) -> Replay:
    """Return what replays a JSON patch by its operations, which were all valid."""

    def replay(root: Node) -> Iterator[tuple[Node, Node]]:
        assert isinstance(patch.children, list)
        for node, operation in zip(patch.children, operations, strict=True):
            root = json_patch.applied(root, [operation], Allowance())
            yield root, node

    return replay
