"""Find the item of a list that a patch means to change but misspells.

Taken at its word, the patch would add an item, and the errors would be about what that lacks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from jobsetgen.overlays.directives import PATCH
from jobsetgen.overlays.patch_error import PatchError
from jobsetgen.plain import string
from jobsetgen.source.documents import Node
from jobsetgen.words import near


class _Required(NamedTuple):
    """What the items of a list are called, and a field that each of them has."""

    item: str
    field: str


_LISTS: Mapping[str, _Required] = {
    "replicatedJobs": _Required("replicatedJob", "template"),
    "containers": _Required("container", "image"),
    "initContainers": _Required("init container", "image"),
}
# Looking for similar names takes long.
_MOST_COMPARED = 20


def check_names(base: Sequence[Node], patch: Sequence[Node], field: str) -> None:
    """Raise PatchError if an item of a patch is incomplete, and its name like one of the base.

    `field` is that of the list.
    """
    required = _LISTS.get(field)
    if required is None:
        return
    known = {_name(item) for item in base}
    new = (item for item in patch if _name(item) not in known and _is_partial(item, required))
    for item in islice(new, _MOST_COMPARED):
        hint = near(_name(item), known)
        if hint:
            message = (
                f"no {required.item} '{_name(item)}' to patch, and no {required.field} to add one"
            )
            raise PatchError(_name_node(item).place, message, hint)


def _is_partial(item: Node, required: _Required) -> bool:
    return required.field not in item.data and PATCH not in item.data


def _name(item: Node) -> str:
    return string(item.data, "name") if isinstance(item.data, Mapping) else ""


def _name_node(item: Node) -> Node:
    return item.child("name") or item
