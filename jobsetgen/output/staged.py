"""New content of an output folder: first all of it into temporary files, then all names at once."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import NamedTuple

from jobsetgen.output import durable
from jobsetgen.output.ownership import refuse_foreign_file, temporary_name
from jobsetgen.output.tree import Identity, Tree, joined, reading_in, split, writing_in
from jobsetgen.stop import StopError
from jobsetgen.words import plural


class _Change(NamedTuple):
    """A file to write: its temporary, its name, and the file that it replaces, if any."""

    temporary: str
    name: str
    replaces: Identity | None


class HalfDoneError(StopError):
    """Some files of an output folder have their new content, and others do not."""

    def __init__(self, what: str) -> None:
        super().__init__("machine", f"{what}; build again")


class Staged:
    """The changes of an output folder, in temporary files beside their targets.

    All methods raise StopError if the machine refuses; the message names the file.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._token = os.urandom(8).hex()
        self._changes: list[_Change] = []

    @property
    def names(self) -> list[str]:
        """The names of the files that are written."""
        return [change.name for change in self._changes]

    def add(self, name: str, content: bytes) -> None:
        """Write the new content of a file into a temporary one."""
        with writing_in(self._tree, name):
            folder = split(name)[0]
            self._tree.make_folder(folder)
            change = self._named(folder, name)
            refuse_foreign_file(self._tree, name)
            # Noted before it is made, so that an interrupt in between loses nothing.
            self._changes.append(change)
            try:
                self._tree.create(change.temporary, content, is_synced=self._is_synced())
            except FileExistsError:
                self._changes.remove(change)
                raise

    def sync(self) -> None:
        """Write to the disk what has not been written there, and check that nothing else changed.

        It is the last step that leaves the folder as it was.
        """
        if self._changes and not self._is_synced():
            self._sync_file_systems(self._folders())
        self._tree.close()
        for change in self._changes:
            self._refuse_changed(change)

    def rename(self) -> None:
        """Give all files their names, the last one after all others.

        Raises HalfDoneError if the machine refuses after the first.
        """
        done = 0
        try:
            for change in self._changes:
                self._rename(change)
                done += 1
            for change in self._changes[-1:]:
                self._sync_folders([split(change.name)[0]])
        except StopError as stop:
            if not done:
                raise
            raise HalfDoneError(f"{stop.message}; {self._told(done)}") from stop

    def refuse_replaced_folders(self) -> None:
        """Raise StopError if a folder of these files, or the output itself, is another one now."""
        self._tree.close()
        for folder in ["", *self._folders()]:
            with reading_in(self._tree, folder):
                self._tree.folder(folder)

    def discard(self) -> None:
        """Remove the temporary files that are left, and the folders that were made for them."""
        for change in self._changes:
            with suppress(OSError, StopError):
                self._tree.remove(change.temporary)
        with suppress(OSError, StopError):
            self._tree.remove_made_folders()

    def _told(self, done: int) -> str:
        return f"{done:,} of {plural(len(self._changes), 'changed file')} were written"

    def _named(self, folder: str, name: str) -> _Change:
        temporary = temporary_name(self._token, len(self._changes))
        return _Change(joined(folder, temporary), name, self._tree.identity(name))

    def _is_synced(self) -> bool:
        """Whether the last file is synced alone, and so were all before it."""
        return len(self._changes) <= durable.FEW or not durable.CAN_SYNC_FILE_SYSTEMS

    def _folders(self) -> list[str]:
        return list(dict.fromkeys(split(change.name)[0] for change in self._changes))

    def _refuse_changed(self, change: _Change) -> None:
        """Raise StopError if somebody else has changed a file since it was compared."""
        with writing_in(self._tree, change.name):
            is_same = self._tree.identity(change.name) == change.replaces
        if not is_same:
            message = f"{self._tree.shown(change.name)} was changed by somebody else meanwhile"
            raise StopError("machine", message)

    def _rename(self, change: _Change) -> None:
        if change is self._changes[-1]:
            # Whatever the last one lists is on the disk before it is.
            self._sync_folders(self._folders())
        self._refuse_changed(change)
        with writing_in(self._tree, change.name):
            move = self._tree.rename if change.replaces is None else self._tree.replace
            move(change.temporary, change.name)

    def _sync_folders(self, folders: list[str]) -> None:
        """Write the names in folders to the disk."""
        if len(folders) > durable.FEW and durable.CAN_SYNC_FILE_SYSTEMS:
            self._sync_file_systems(folders)
            return
        for folder in folders:
            with writing_in(self._tree, folder):
                self._tree.sync_folder(folder)

    def _sync_file_systems(self, folders: list[str]) -> None:
        """Write the file systems of folders to the disk: one may be mounted in the output."""
        devices: set[int] = set()
        for folder in folders:
            with writing_in(self._tree, folder):
                device = self._tree.device(folder)
                if device not in devices:
                    durable.sync_file_system(self._tree.folder(folder))
            devices.add(device)
