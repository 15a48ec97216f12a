"""The target of a patch: which objects it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

from jobsetgen import re2
from jobsetgen.diagnostics import Diagnostic, diagnostic
from jobsetgen.overlays import selectors
from jobsetgen.overlays.objects import Identity, identity_of, placed_identity
from jobsetgen.overlays.patch_codes import INVALID_PATCH
from jobsetgen.overlays.patch_error import Allowance
from jobsetgen.overlays.patterns import Pattern
from jobsetgen.overlays.references import kind_of
from jobsetgen.overlays.scopes import DEFAULT_NAMESPACE, is_cluster_scoped
from jobsetgen.plain import mapping
from jobsetgen.source.documents import Document, Node

_PATTERNS = ("group", "version", "kind", "name", "namespace")
_SELECTORS = {"labelSelector": "labels", "annotationSelector": "annotations"}

_Parsed = TypeVar("_Parsed")


class Target(NamedTuple):
    """What objects must be: patterns by the field of their identity, and selectors by metadata."""

    node: Node
    patterns: Mapping[str, Pattern]
    selectors: Mapping[str, selectors.Selector]

    def matches(self, document: Document, allowance: Allowance) -> bool:
        """Whether an object is all of it. Raises PatchError if this took too long."""
        if not isinstance(document.data, Mapping):
            return False
        placed = placed_identity(document)
        for field, pattern in self.patterns.items():
            before = pattern.work
            is_match = any(pattern.matches(text) for text in _texts(document, placed, field))
            allowance.take(1 + pattern.work - before, self.node.place)
            if not is_match:
                return False
        metadata = mapping(document.data, "metadata") if self.selectors else {}
        return all(each.selects(mapping(metadata, name)) for name, each in self.selectors.items())

    def text(self) -> str:
        """Return the target for a message."""
        return ", ".join(f"{name} '{value}'" for name, value in self.node.data.items() if value)


def _texts(document: Document, placed: Identity, field: str) -> tuple[str, ...]:
    """Return the texts of a field of an object's identity; a pattern may match any of them."""
    text = getattr(placed, field)
    if field != "namespace" or is_cluster_scoped(kind_of(document.data)):
        return (text,)
    if identity_of(document.data).namespace:
        return (text,)
    # As in kustomize, an object in the namespace of a base is also found where it was before.
    return (text, DEFAULT_NAMESPACE) if text else (DEFAULT_NAMESPACE,)


class TargetReader:
    """Reads targets; a pattern that many of them have is compiled once."""

    def __init__(self) -> None:
        """Know no pattern yet."""
        self._patterns: dict[str, Pattern] = {}

    def read(self, node: Node) -> Target | list[Diagnostic]:
        """Return a target, or what is wrong with it."""
        wrong: list[Diagnostic] = []
        patterns: dict[str, Pattern] = {}
        for name in _PATTERNS:
            _read(node, name, self._pattern, patterns, wrong)
        found: dict[str, selectors.Selector] = {}
        for name in _SELECTORS:
            _read(node, name, selectors.parsed, found, wrong)
        if wrong:
            return wrong
        by_metadata = {_SELECTORS[name]: selector for name, selector in found.items()}
        return Target(node, patterns, by_metadata)

    def _pattern(self, text: str) -> Pattern:
        if text not in self._patterns:
            self._patterns[text] = Pattern(text)
        return self._patterns[text]


def _read(
    target: Node,
    name: str,
    parse: Callable[[str], _Parsed],
    found: dict[str, _Parsed],
    wrong: list[Diagnostic],
) -> None:
    """Parse the text of a field, if it has one."""
    node = target.child(name)
    if node is None or not isinstance(node.data, str) or not node.data:
        return
    try:
        found[name] = parse(node.data)
    except (re2.PatternError, selectors.SelectorError) as error:
        wrong.append(diagnostic(INVALID_PATCH, node.place, f"invalid '{name}': {error}"))
