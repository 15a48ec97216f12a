"""A document: plain data, and the place in the file of every value in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jobsetgen.diagnostics import Code, Diagnostic, Finding, Path, Position, diagnostic


@dataclass(slots=True)
class Node:
    """One YAML value: its data, its place, and what it consists of.

    `children` are the values of a mapping or the items of a sequence; `keys` are the places of a
    mapping's keys. `size` counts the values it stands for when every alias is written out.
    """

    data: Any
    position: Position
    children: dict[str, Node] | list[Node] = field(default_factory=list)
    keys: dict[str, Position] = field(default_factory=dict)
    size: int = 1

    def child(self, step: str | int) -> Node | None:
        """Return the value at a key or an index, or None where there is none."""
        if isinstance(self.children, dict):
            return self.children.get(step) if isinstance(step, str) else None
        if isinstance(step, int) and 0 <= step < len(self.children):
            return self.children[step]
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One YAML document of a file; `base` is its path there (an item of a List stands below its root)."""

    file: str
    root: Node
    ignores: dict[int, frozenset[str]]
    base: Path = ()

    @property
    def data(self) -> Any:
        """The document as plain data. It is shared and never to be changed."""
        return self.root.data

    def position(self, path: Path, *, on_key: bool = False) -> Position:
        """Return the place of the value at a path, or of its key; where there is none, of its nearest parent.

        A parent that a value is missing from is shown at its own key, where one would go to add the
        value.
        """
        node, key = self.root, self.root.position
        for step in path:
            child = node.child(step)
            if child is None:
                return key
            key = node.keys.get(step, child.position) if isinstance(step, str) else child.position
            node = child
        return key if on_key else node.position

    def diagnostic(self, code: Code, finding: Finding) -> Diagnostic:
        """Give a finding its place in the file."""
        place = self.position(finding.path, on_key=finding.on_key)
        return diagnostic(
            code, self.file, place, finding.message, finding.hint, self.base + finding.path
        )

    def item(self, *path: str | int) -> Document:
        """Return a part of the document as a document of its own, such as one item of a List."""
        node = self.root
        for step in path:
            child = node.child(step)
            if child is None:
                raise KeyError(path)
            node = child
        return Document(file=self.file, root=node, ignores=self.ignores, base=self.base + path)

    def silences(self, item: Diagnostic) -> bool:
        """Whether a comment on the diagnostic's line asks to leave this warning out."""
        return not item.is_error and item.code in self.ignores.get(item.line, ())
