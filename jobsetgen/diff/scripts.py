"""The watcher's script, of which every watched set has a copy: only the first one is parsed."""

from __future__ import annotations

import re

from jobsetgen.diagnostics import Path
from jobsetgen.diff.forms import Form, take_apart
from jobsetgen.expand.objects import Object, Slot, fill
from jobsetgen.model import keys
from jobsetgen.naming import script_name
from jobsetgen.plain import mapping, string
from jobsetgen.source.documents import Document

_NAME = Slot("name")
_NAMESPACE = Slot("namespace")
_SET = Slot("set")
# What differs between the copies.
_SLOTS: dict[Path, Slot] = {
    ("metadata", "name"): _NAME,
    ("metadata", "namespace"): _NAMESPACE,
    ("metadata", "labels", keys.OUR_JOBSET): _SET,
}
_DIGEST = re.compile(rf"{script_name('', '')}([0-9a-f]{{10}})")


class Scripts:
    """The scripts that have been parsed, one of each program."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Form, Object]] = {}

    def read(self, text: str) -> Object | None:
        """Return the script of a text, or None if none like it has been parsed."""
        digest = _DIGEST.search(text)
        if digest is None or digest[1] not in self._known:
            return None
        form, template = self._known[digest[1]]
        values = form.values(text)
        if values is None:
            return None
        script: Object = fill(template, dict(values.items()))
        return script

    def add(self, document: Document, text: str, strings: dict[str, str]) -> None:
        """Keep an object if it is a script; `text` holds nothing but the object, or is empty."""
        metadata = mapping(document.data, "metadata")
        digest = _DIGEST.search(string(metadata, "name"))
        if digest is None or document.data.get("kind") != "ConfigMap":
            return
        values = {
            _NAME: string(metadata, "name"),
            _NAMESPACE: string(metadata, "namespace"),
            _SET: string(mapping(metadata, "labels"), keys.OUR_JOBSET),
        }
        apart = take_apart(document, text, values, _SLOTS.get, strings)
        if apart.form is not None:
            self._known[digest[1]] = (apart.form, apart.template)
