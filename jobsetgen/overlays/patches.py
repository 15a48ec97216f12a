"""Apply the patches of a project to its objects, in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from jobsetgen.diagnostics import Diagnostic, Ignores, Place, diagnostic
from jobsetgen.overlays import json_patch, strategic, strategic_checks
from jobsetgen.overlays.changed import Changed
from jobsetgen.overlays.merge_keys import UNKNOWN, ApiType, type_of
from jobsetgen.overlays.objects import Identity, Objects, identity_of
from jobsetgen.overlays.patch_codes import NO_PATCHED_OBJECT
from jobsetgen.overlays.patch_entries import Patch, Read, entries
from jobsetgen.overlays.patch_error import MOST_VALUES, Allowance, PatchError
from jobsetgen.overlays.targets import Target
from jobsetgen.source.documents import Document, Node, ignores_of, mapping_node
from jobsetgen.words import listed_first, near

Change = Callable[[Node], Node | None]
"""Returns an object after a patch, or None if the patch removes it; raises PatchError."""

# Beyond so many diagnostics, nobody needs suggestions, and they take long to find.
_MOST_SUGGESTIONS = 50
_SHOWN = 3


def patched(
    documents: Iterable[Document],
    project: Document,
    read: Read,
    allowance: Allowance | None = None,
) -> Changed:
    """Return documents after the patches of a project file.

    Each document holds one object. `read` returns the documents of the file at a path of the
    project file. A patch that is invalid changes nothing. `allowance` is shared by all projects of
    a compile.
    """
    found = entries(project, read)
    patcher = _Patcher(documents, found.diagnostics, allowance or Allowance())
    for patch in found.patches:
        patcher.apply(patch)
    ignores = ignores_of(patch.document for patch in found.patches)
    after = [patcher.objects[index] for index in patcher.objects]
    return Changed(_with_ignores(after, ignores), tuple(patcher.diagnostics.values()))


def _with_ignores(documents: Iterable[Document], ignores: Ignores) -> tuple[Document, ...]:
    """Return documents that the comments in the files of patches silence as well."""
    if not ignores:
        return tuple(documents)
    merged: dict[int, Ignores] = {}
    result = []
    for document in documents:
        own = document.ignores
        if id(own) not in merged:
            merged[id(own)] = {**own, **ignores}
        result.append(document._replace(ignores=merged[id(own)]))
    return tuple(result)


class _Patcher:
    """Applies patches to objects, one after the other, and collects what is wrong.

    A mistake is one diagnostic, however many objects it is made to.
    """

    def __init__(
        self,
        documents: Iterable[Document],
        diagnostics: Iterable[Diagnostic],
        allowance: Allowance,
    ) -> None:
        self.objects = Objects(documents)
        self.diagnostics: dict[tuple[str, Place, str], Diagnostic] = {}
        self._allowance = allowance
        self._report(diagnostics)

    def apply(self, patch: Patch) -> None:
        """Apply a patch to each object that it is for."""
        if self._allowance.is_used_up:
            return
        try:
            if patch.is_strategic:
                self._strategic(patch)
            else:
                self._json(patch)
        except PatchError as error:
            # Other objects would most likely show the same mistake.
            self._report([error.diagnostic])

    def _report(self, found: Iterable[Diagnostic]) -> None:
        for each in found:
            self.diagnostics.setdefault((each.code, each.place, each.message), each)

    # --- Strategic merge patches ------------------------------------------------------------------
    def _strategic(self, patch: Patch) -> None:
        root = patch.document.root
        if patch.target is None:
            indexes = self._named(patch.document)
        else:
            root = _without_identity(root)
            indexes = self._targeted(patch.target)

        is_valid: dict[int, bool] = {}
        for index in indexes:
            of = _type_of(self.objects[index])
            if id(of) not in is_valid:
                is_valid[id(of)] = self._is_valid(root, of)
            if is_valid[id(of)]:
                self._change(index, root, partial(strategic.merged, patch=root, of=of))
        if not indexes:
            # Whatever else is wrong with it is reported at once.
            self._is_valid(root, _type_of(patch.document) if patch.target is None else UNKNOWN)

    def _is_valid(self, patch: Node, of: ApiType) -> bool:
        """Report what is wrong with a patch for objects of a type."""
        found = list(strategic_checks.problems(patch, of))
        self._report(found)
        return not found

    def _named(self, patch: Document) -> list[int]:
        """Return the object that a patch names, or none after reporting why."""
        identity = identity_of(patch.data)
        fields = {
            "apiVersion": identity.version,
            "kind": identity.kind,
            "metadata.name": identity.name,
        }
        missing = [name for name, value in fields.items() if not value]
        if missing:
            message = f"the patch does not say which object it is for: no {missing[0]}"
            hint = "Add a target, or the apiVersion, kind and name of the object."
            raise PatchError(patch.root.place, message, hint)

        indexes = self.objects.named(identity)
        self._allowance.take(1 + len(indexes), patch.root.place)
        if not indexes:
            self._report([self._no_object(patch, identity)])
        if len(indexes) > 1:
            self._report([self._several(patch, identity, indexes)])
            return []
        return indexes

    def _no_object(self, patch: Document, identity: Identity) -> Diagnostic:
        """Return that no object has the name in a patch, with the name that may be meant."""
        names = self.objects.names(identity.group, identity.kind)
        place = patch.place(("metadata", "name") if names else ("kind",))
        where = f" in the namespace '{identity.namespace}'" if identity.namespace else ""
        message = f"no object to patch: {_kind(identity)} '{identity.name}'{where}"
        if identity.name in names:
            return diagnostic(
                NO_PATCHED_OBJECT,
                patch.place(("metadata", "namespace")),
                message,
                "Write the namespace of the object, or leave it out.",
            )
        hint = self._suggestion(identity.name, names)
        if not names:
            hint = self._suggestion(identity.kind, self.objects.kinds())
        return diagnostic(NO_PATCHED_OBJECT, place, message, hint)

    def _suggestion(self, word: str, known: Iterable[str]) -> str:
        return near(word, known) if len(self.diagnostics) < _MOST_SUGGESTIONS else ""

    def _several(self, patch: Document, identity: Identity, indexes: list[int]) -> Diagnostic:
        """Return that a patch names several objects, which are in different namespaces."""
        found = [f"'{self.objects.namespace(index)}'" for index in indexes[:_SHOWN]]
        message = (
            f"{len(indexes)} objects to patch: {_kind(identity)} '{identity.name}'"
            f" in the namespaces {listed_first(found, len(indexes))}"
        )
        hint = "Add the namespace to the patch, or use a target."
        return diagnostic(NO_PATCHED_OBJECT, patch.place(("metadata", "name")), message, hint)

    # --- JSON patches -----------------------------------------------------------------------------
    def _json(self, patch: Patch) -> None:
        root = patch.document.root
        found = json_patch.operations(root)
        self._report(found.diagnostics)
        assert patch.target is not None
        indexes = self._targeted(patch.target)
        if found.diagnostics:
            return
        for index in indexes:
            change = partial(json_patch.applied, found=found.operations, allowance=self._allowance)
            self._change(index, root, change)

    # --- Both -------------------------------------------------------------------------------------
    def _targeted(self, target: Target) -> list[int]:
        """Return the objects that a target matches, or none after reporting that."""
        matches = target.matches
        indexes = [index for index in self.objects if matches(self.objects[index], self._allowance)]
        if not indexes:
            self._report([self._no_target(target)])
        return indexes

    def _no_target(self, target: Target) -> Diagnostic:
        """Return that a target matches no object, with the kind that may be meant."""
        pattern = target.patterns.get("kind")
        hint = ""
        if pattern and pattern.literal and pattern.literal not in self.objects.kinds():
            hint = self._suggestion(pattern.literal, self.objects.kinds())
        message = f"no object matches the target: {target.text() or 'there is none'}"
        return diagnostic(NO_PATCHED_OBJECT, target.node.place, message, hint)

    def _change(self, index: int, patch: Node, change: Change) -> None:
        """Replace an object by what a change makes of it. Raises PatchError if that is invalid."""
        document = self.objects[index]
        self._allowance.take(document.root.size + patch.size, patch.place)
        root = change(document.root)
        if root is None:
            self.objects.replace(index, None)
            return
        _check_identity(document.root, root, patch)
        self._allowance.add(root.size - document.root.size, patch.place)
        if root.size > MOST_VALUES:
            message = (
                f"the object has {root.size:,} values after this; the limit is {MOST_VALUES:,}"
            )
            raise PatchError(patch.place, message)
        self.objects.replace(index, document._replace(root=root))


def _type_of(document: Document) -> ApiType:
    identity = identity_of(document.data)
    return type_of(identity.group, identity.kind)


def _kind(identity: Identity) -> str:
    """Return a kind with its group for a message."""
    return f"{identity.kind}.{identity.group}" if identity.group else identity.kind


def _without_identity(patch: Node) -> Node:
    """Return a patch with a target without what else would name its object."""
    assert isinstance(patch.children, dict)
    children = {
        name: child for name, child in patch.children.items() if name not in ("apiVersion", "kind")
    }
    metadata = children.get("metadata")
    if metadata is not None and isinstance(metadata.children, dict):
        others = {
            name: child
            for name, child in metadata.children.items()
            if name not in ("name", "namespace")
        }
        children["metadata"] = mapping_node(others, metadata.place, metadata.keys)
    return mapping_node(children, patch.place, patch.keys)


def _check_identity(before: Node, after: Node, patch: Node) -> None:
    """Raise PatchError if a patch has changed what identifies an object."""
    if not isinstance(after.data, Mapping):
        raise PatchError(patch.place, "the patch replaces the whole object by something else")
    old, new = identity_of(before.data), identity_of(after.data)
    if old._replace(namespace="") == new._replace(namespace=""):
        return
    for field in ("kind", "name", "group", "version"):
        was, now = getattr(old, field), getattr(new, field)
        if was == now:
            continue
        path = {"kind": ("kind",), "name": ("metadata", "name")}.get(field, ("apiVersion",))
        place = Document(after).place(path) if now else patch.place
        change = f"changes it to '{now}'" if now else "removes it"
        message = f"a patch cannot change the {field} of an object: '{was}'; this {change}"
        hint = "Rename it with namePrefix or nameSuffix, or where it is defined."
        raise PatchError(place, message, hint if field == "name" else "Change it in its own file.")
