"""Apply the patches of a project to its objects, in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from jobsetgen.diagnostics import Diagnostic, Ignores, Place
from jobsetgen.overlays import json_patch, strategic, strategic_checks
from jobsetgen.overlays.changed import Changed, Removed
from jobsetgen.overlays.directives import PATCH
from jobsetgen.overlays.merge_keys import UNKNOWN, ApiType, type_of
from jobsetgen.overlays.missing_objects import no_object, no_target, several_objects
from jobsetgen.overlays.objects import Objects, identity_of
from jobsetgen.overlays.patch_entries import Patch, Read, entries
from jobsetgen.overlays.patch_error import MOST_VALUES, Allowance, PatchError
from jobsetgen.overlays.patch_identity import check_identity, without_identity, without_namespace
from jobsetgen.overlays.replays import Replay, replay_of_json, replay_of_strategic
from jobsetgen.overlays.targets import Target
from jobsetgen.source.documents import Document, Node, ignores_of

Change = Callable[[Node], Node | None]
"""Returns an object after a patch, or None if the patch removes it; raises PatchError."""

# Beyond so many diagnostics, nobody needs suggestions, and they take long to find.
_MOST_SUGGESTIONS = 50


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
    patcher = _Patcher(documents, project, found.diagnostics, allowance or Allowance())
    for patch in found.patches:
        patcher.apply(patch)
    ignores = ignores_of(patch.document for patch in found.patches)
    after = [patcher.objects[index] for index in patcher.objects]
    diagnostics = tuple(patcher.diagnostics.values())
    return Changed(_with_ignores(after, ignores), diagnostics, tuple(patcher.removed))


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
        project: Document,
        diagnostics: Iterable[Diagnostic],
        allowance: Allowance,
    ) -> None:
        self._project = project
        self.objects = Objects(documents)
        self.diagnostics: dict[tuple[str, Place, str], Diagnostic] = {}
        self.removed: list[Removed] = []
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

    @property
    def _has_hints(self) -> bool:
        """Whether diagnostics get suggestions of names."""
        return len(self.diagnostics) < _MOST_SUGGESTIONS

    def _report(self, found: Iterable[Diagnostic]) -> None:
        for each in found:
            self.diagnostics.setdefault((each.code, each.place, each.message), each)

    # --- Strategic merge patches ------------------------------------------------------------------
    def _strategic(self, patch: Patch) -> None:
        root = patch.document.root
        if patch.target is None:
            indexes = self._named(patch.document)
            if any(self.objects[index].given_namespace for index in indexes):
                # It says which of several JobSets is meant, and does not move it.
                root = without_namespace(root)
        else:
            root = without_identity(root)
            indexes = self._targeted(patch.target)

        is_valid: dict[int, bool] = {}
        for index in indexes:
            of = _type_of(self.objects[index])
            if id(of) not in is_valid:
                is_valid[id(of)] = self._is_valid(root, of)
            if is_valid[id(of)]:
                change = partial(strategic.merged, patch=root, of=of)
                replay = replay_of_strategic(root, of)
                self._change(index, root, change, replay, is_alone=len(indexes) == 1)
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
            with_hint = self._has_hints
            found = no_object(patch, identity, self.objects, self._project, with_hint=with_hint)
            self._report([found])
        if len(indexes) > 1:
            self._report([several_objects(patch, identity, self.objects, indexes)])
            return []
        return indexes

    # --- JSON patches -----------------------------------------------------------------------------
    def _json(self, patch: Patch) -> None:
        root = patch.document.root
        found = json_patch.operations(root)
        self._report(found.diagnostics)
        assert patch.target is not None
        indexes = self._targeted(patch.target)
        if found.diagnostics:
            return
        change = partial(json_patch.applied, found=found.operations, allowance=self._allowance)
        replay = replay_of_json(root, found.operations)
        for index in indexes:
            self._change(index, root, change, replay, is_alone=len(indexes) == 1)

    # --- Both -------------------------------------------------------------------------------------
    def _targeted(self, target: Target) -> list[int]:
        """Return the objects that a target matches, or none after reporting that."""
        matches = target.matches
        indexes = [index for index in self.objects if matches(self.objects[index], self._allowance)]
        if not indexes:
            with_hint = self._has_hints
            self._report([no_target(target, self.objects, self._project, with_hint=with_hint)])
        return indexes

    def _change(
        self, index: int, patch: Node, change: Change, replay: Replay, *, is_alone: bool
    ) -> None:
        """Replace an object by what a change makes of it. Raises PatchError if that is invalid.

        `is_alone` is whether the patch is for no other object.
        """
        document = self.objects[index]
        self._allowance.take(document.root.size + patch.size, patch.place)
        try:
            root = _after(document, patch, change)
        except PatchError as error:
            if is_alone:
                raise
            identity = identity_of(document.data)
            raise error.of_object(f"{identity.kind} '{identity.name}'") from error
        if root is None:
            self.objects.replace(index, None)
            self.removed.append(Removed(document, patch.key(PATCH)))
        else:
            self._allowance.add(root.size - document.root.size, patch.place)
            self.objects.replace(index, document.after(root, replay))


def _after(document: Document, patch: Node, change: Change) -> Node | None:
    """Return an object after a change, or None if that removes it. Raises PatchError."""
    root = change(document.root)
    if root is None:
        return None
    check_identity(document.root, root, patch)
    if root.size > MOST_VALUES:
        message = f"the object has {root.size:,} values after this; the limit is {MOST_VALUES:,}"
        raise PatchError(patch.place, message)
    return root


def _type_of(document: Document) -> ApiType:
    identity = identity_of(document.data)
    return type_of(identity.group, identity.kind)
