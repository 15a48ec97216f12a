"""Write an output folder and remove stale files from it: everything is prepared, then committed."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple, TypeGuard

from jobsetgen.output.companions import Companions, companions
from jobsetgen.output.layout import KUSTOMIZATION, count_files, files, paths
from jobsetgen.output.lock import lock
from jobsetgen.output.ownership import is_ours_in, refuse_foreign_file, survey
from jobsetgen.output.staged import HalfDoneError, Staged
from jobsetgen.output.tree import Tree, reading_in, split, writing_in
from jobsetgen.pipeline import Compilation
from jobsetgen.progress import counted_of
from jobsetgen.stop import StopError
from jobsetgen.words import plural


class Synced(NamedTuple):
    """What was done in one output folder: the paths of its files by what became of them.

    `unchanged` is the number of files that already had their content. `notices` are about files
    that were left out, and about what an earlier build has left.
    """

    folder: str
    written: list[str]
    removed: list[str]
    unchanged: int
    notices: list[str]

    @property
    def changed(self) -> list[str]:
        """The paths of all files that were written or removed."""
        return [*self.written, *self.removed]


class Prepared:
    """An output folder whose new content is on the disk, in temporary files."""

    def __init__(self, tree: Tree, staged: Staged, stale: list[str], synced: Synced) -> None:
        self._tree = tree
        self._staged = staged
        self._stale = stale
        self._synced = synced

    def commit(self) -> Synced:
        """Give all files their names, the kustomization last, and then remove stale ones.

        Raises StopError if the machine refuses, and if a folder was replaced meanwhile: the files
        are in the old one. Whenever it ends, each file is whole, and the kustomization lists only
        files that are there.
        """
        self._staged.rename()
        try:
            removed = list(self._remove_stale())
            self._staged.refuse_replaced_folders()
        except StopError as stop:
            raise HalfDoneError(stop.message) from stop
        return self._synced._replace(removed=removed)

    def _remove_stale(self) -> Iterator[str]:
        for name in self._stale:
            with writing_in(self._tree, name):
                if is_ours_in(self._tree, name):
                    self._tree.remove(name)
                    self._tree.remove_empty_folders(split(name)[0])
                    yield self._tree.shown(name)


def write_folder(folder: str, compilation: Compilation) -> Synced:
    """Write one output, and remove stale files of earlier ones; see `prepared`."""
    with prepared(folder, compilation) as output:
        return output.commit()


@contextmanager
def prepared(
    folder: str, compilation: Compilation, project: str | None = None
) -> Iterator[Prepared]:
    """Prepare an output for a block that commits it; `project` is the folder it must be inside.

    Unchanged files are not rewritten, and foreign files are never changed: raises StopError if one
    exists at the path of a manifest; at that of a companion, there is a notice. Also raises
    StopError if a file cannot be written. If the block ends without a commit, by any exception,
    nothing has changed.
    """
    with Tree(folder, project) as tree:
        staged = Staged(tree)
        try:
            yield _prepare(tree, staged, compilation)
        except BaseException as error:
            staged.discard()
            if _was_refused_before_the_first_rename(error):
                raise StopError(error.cause, f"{error.message}; {folder} is unchanged") from error
            raise


def _was_refused_before_the_first_rename(error: BaseException) -> TypeGuard[StopError]:
    """Whether the machine has refused something while the folder was as it had been."""
    is_refusal = isinstance(error, StopError) and error.cause == "machine"
    return is_refusal and not isinstance(error, HalfDoneError)


def refuse_foreign(folder: str, compilation: Compilation, project: str) -> None:
    """Raise StopError if a foreign file is at the path of a manifest.

    What cannot be read is left to the build of this output.
    """
    with Tree(folder, project) as tree, suppress(OSError):
        for name in paths(compilation):
            refuse_foreign_file(tree, name)


def _prepare(tree: Tree, staged: Staged, compilation: Compilation) -> Prepared:
    """Write all that has changed into temporary files."""
    with writing_in(tree, ""):
        tree.make_folder()
        lock(tree)
    with reading_in(tree, ""):
        beside = companions(tree.path, compilation)
    expected = {*paths(compilation), *beside.files}
    with reading_in(tree, ""):
        found = survey(tree, expected)
    # First, because they take space that may be needed.
    _remove_leftovers(tree, found.leftovers)
    total = functools.partial(_total, compilation, beside)
    for name, text in counted_of("Writing files", _contents(compilation, beside), total):
        content = text.encode()
        with reading_in(tree, name):
            is_unchanged = tree.content(name, len(content)) == content
        if not is_unchanged:
            staged.add(name, content)
    staged.sync()
    written = [tree.shown(name) for name in staged.names]
    notices = [*beside.notices, *_told_of_leftovers(tree, found.leftovers)]
    synced = Synced(tree.path, written, [], len(expected) - len(written), notices)
    return Prepared(tree, staged, found.stale, synced)


def _contents(compilation: Compilation, beside: Companions) -> Iterator[tuple[str, str]]:
    """Yield name and text of every file, the kustomization last: it lists the manifests."""
    kustomization = ""
    for name, text in files(compilation):
        if name == KUSTOMIZATION:
            kustomization = text
        else:
            yield name, text
    yield from beside.files.items()
    yield KUSTOMIZATION, kustomization


def _total(compilation: Compilation, beside: Companions) -> int:
    return count_files(compilation) + len(beside.files)


def _remove_leftovers(tree: Tree, names: list[str]) -> None:
    """Remove the temporary files of a build that was killed, and folders that only they were in."""
    for name in names:
        with writing_in(tree, name):
            tree.remove(name)
            tree.remove_empty_folders(split(name)[0])


def _told_of_leftovers(tree: Tree, names: list[str]) -> Iterator[str]:
    if names:
        many = plural(len(names), "temporary file")
        yield f"removed {many} of an interrupted build from {tree.shown('')}"
