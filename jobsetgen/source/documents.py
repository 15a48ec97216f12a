"""Documents: plain data with the place of every value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Code, Diagnostic, Finding, Ignores, Path, Place, diagnostic


class Node:
    """One value with its data, its place and its children.

    `children` are the values of a mapping or the items of a sequence; `keys` are the places of a
    mapping's keys, and of those that a patch has removed. `size` is the number of values with all
    aliases expanded. Each value has its own place, because a tree may be built from several files.
    `text` is where the text of a literal block scalar begins, and None for any other value.
    """

    __slots__ = ("children", "data", "keys", "place", "size", "text")

    def __init__(
        self,
        data: Any,
        place: Place,
        children: dict[str, Node] | list[Node] | None = None,
        keys: dict[str, Place] | None = None,
        size: int = 1,
        text: Place | None = None,
    ) -> None:
        self.data = data
        self.place = place
        self.children = [] if children is None else children
        self.keys = {} if keys is None else keys
        self.size = size
        self.text = text

    def child(self, step: str | int) -> Node | None:
        """Return the value at a key or an index, or None if there is none."""
        if isinstance(self.children, dict):
            return self.children.get(step) if isinstance(step, str) else None
        if isinstance(step, int) and 0 <= step < len(self.children):
            return self.children[step]
        return None

    def removed(self, step: str | int) -> Place | None:
        """Return where a patch has removed the value at a key, or None if none has."""
        return self.keys.get(step) if isinstance(step, str) else None

    def key(self, name: str) -> Place:
        """Return the place of a mapping's key, or of its value if the key has no place."""
        assert isinstance(self.children, dict)
        return self.keys.get(name, self.children[name].place)


def computed(data: Any, place: Place) -> Node:
    """Return computed data as a node; every value gets the place of its cause."""
    if isinstance(data, Mapping):
        return mapping_node({key: computed(value, place) for key, value in data.items()}, place)
    if isinstance(data, list):
        return sequence_node([computed(item, place) for item in data], place)
    return Node(data, place)


def sequence_node(items: list[Node], place: Place) -> Node:
    """Return a sequence of nodes, which may be from several files; each keeps its place."""
    size = 1 + sum(item.size for item in items)
    return Node([item.data for item in items], place, items, size=size)


def mapping_node(
    children: Mapping[str, Node],
    place: Place,
    keys: Mapping[str, Place] | None = None,
) -> Node:
    """Return a mapping of nodes, which may be from several files; each keeps its place."""
    return Node(
        {name: child.data for name, child in children.items()},
        place,
        dict(children),
        dict(keys or {}),
        size=1 + sum(child.size for child in children.values()),
    )


class Step(NamedTuple):
    """A change of an object, and the one before it.

    `replay` takes the object before the change. It yields the object after each part of it, such
    as an operation of a JSON patch, with the part itself: a value in the file of the patch, or the
    project file.
    """

    replay: Callable[[Node], Iterator[tuple[Node, Node]]]
    before: Step | None = None


class Origins(NamedTuple):
    """The places of the values that a template was filled with.

    They are known by the place of the scalar that they are in. A loop gives one place to many
    scalars, so they are also known by the identity of its node, as long as nothing replaces that.
    """

    places: Mapping[Place, tuple[Place, ...]] = MappingProxyType({})
    nodes: Mapping[int, tuple[Node, tuple[Place, ...]]] = MappingProxyType({})

    def of(self, node: Node) -> tuple[Place, ...]:
        """Return the places of the values in a node, none if it was not filled with any."""
        if id(node) in self.nodes:
            return self.nodes[id(node)][1]
        return self.places.get(node.place, ())


class Document(NamedTuple):
    """A document, or a part of one, such as an item of a List.

    `base` is its path in the document of the file. `origins` are those of the values in it, if it is
    from a template. An object that projects have changed was `first` without any change, and `step`
    is the last one. `given_namespace` is the namespace that a base gives to its objects
    without one; an overlay may give them another.
    """

    root: Node
    ignores: Ignores = MappingProxyType({})
    base: Path = ()
    origins: Origins = Origins()
    first: Node | None = None
    step: Step | None = None
    given_namespace: Node | None = None

    @property
    def file(self) -> str:
        """The name of the document's file."""
        return self.root.place.file

    @property
    def data(self) -> Any:
        """The document as plain data.

        It is shared and must not be modified.
        """
        return self.root.data

    def place(self, path: Path, *, on_key: bool = False) -> Place:
        """Return the place of the value at a path, or of its key.

        If there is no such value, return the place where a patch has removed it, or else that of
        the key of the nearest parent, where the user would add the value.
        """
        node, key = self.root, self.root.place
        for step in path:
            child = node.child(step)
            if child is None:
                return node.removed(step) or key
            key = node.key(step) if isinstance(step, str) else child.place
            node = child
        return key if on_key else node.place

    def diagnostic(self, code: Code, finding: Finding) -> Diagnostic:
        """Return a finding as a diagnostic with its place."""
        return diagnostic(
            code,
            self.place(finding.path, on_key=finding.on_key),
            finding.message,
            finding.hint,
            self.base + finding.path,
        )

    def item(self, *path: str | int) -> Document:
        """Return a part of the document as a document, such as one item of a List."""
        node = self.root
        for step in path:
            child = node.child(step)
            if child is None:
                raise KeyError(path)
            node = child
        base = self.base + path
        given = self.given_namespace
        return Document(node, self.ignores, base, self.origins, given_namespace=given)

    def changed(self, change: Callable[[Node], Node], cause: Node) -> Document:
        """Return the object after a change; `cause` is the project file."""

        def replay(root: Node) -> Iterator[tuple[Node, Node]]:
            yield change(root), cause

        return self.after(change(self.root), replay)

    def after(self, root: Node, replay: Callable[[Node], Iterator[tuple[Node, Node]]]) -> Document:
        """Return the object as it is after a change, with what replays it; see `Step`.

        The change is replayed only for those who ask where fields come from. To keep every state of
        an object would need far more memory.
        """
        if root is self.root:
            return self
        first = self.first or self.root
        return self._replace(root=root, first=first, step=Step(replay, self.step))


def ignores_of(documents: Iterable[Document]) -> Ignores:
    """Return the codes that comments in the files of documents suppress."""
    # Documents of one file share the same mapping.
    distinct = {id(document.ignores): document.ignores for document in documents}
    return {place: codes for each in distinct.values() for place, codes in each.items()}
