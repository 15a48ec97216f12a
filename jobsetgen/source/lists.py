"""Open Lists: an object of kind List stands for its items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.plain import mapping, string
from jobsetgen.source.documents import Document


def opened(document: Document) -> Iterator[Document]:
    """Yield the items of a List, also of a List in a List, or the document itself."""
    data = document.data
    if isinstance(data, Mapping) and _is_list(data):
        for index in range(len(data["items"])):
            yield from opened(document.item("items", index))
    else:
        yield document


def _is_list(data: Mapping[str, Any]) -> bool:
    """Whether an object is a List and not a named custom object whose kind ends in List."""
    named = string(mapping(data, "metadata"), "name")
    return (
        str(data.get("kind", "")).endswith("List")
        and isinstance(data.get("items"), list)
        and not named
    )
