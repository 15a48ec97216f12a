"""The side of rendered manifests: the texts are read once, and Jobs are folded into families.

A text that differs from one before it only in its index is not parsed: see `forms`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from jobsetgen.diagnostics import Diagnostic, Finding, in_order
from jobsetgen.diff.families import FamilyFold
from jobsetgen.diff.grouping import Grouping
from jobsetgen.diff.members import Identity, JobForm, Member, identity_of, read_job
from jobsetgen.diff.scripts import Scripts
from jobsetgen.diff.sides import Side
from jobsetgen.expand.objects import Object
from jobsetgen.model.codes import NOT_AN_OBJECT
from jobsetgen.output.layout import HEADER, PREVIEW_ENDING
from jobsetgen.output.transformers import Transformer
from jobsetgen.pipeline import PREVIEW
from jobsetgen.plain import string
from jobsetgen.source.documents import Document
from jobsetgen.source.lists import opened
from jobsetgen.source.loader import load
from jobsetgen.source.text import chunks

# The family of a text, as far as its forms need it: a first guess, which the form confirms.
_FAMILY = re.compile(
    r"jobset\.sigs\.k8s\.io/(?:jobset-name|replicatedjob-name)[\"']?:[ ]*[\"']?([\w.-]+)"
)
_PREVIEW = re.compile(
    rf"(?:---[ \t]*\r?\n)?(?:{re.escape(HEADER.strip())}\r?\n)?{re.escape(PREVIEW.strip())}\s"
)
_FORMS_OF_A_FAMILY = 4
_FAMILIES_WITH_FORMS = 256


def rendered_side(
    texts: Iterable[tuple[str, str]],
    label: str,
    revision: str = "",
    transformers: Iterable[Mapping[str, Transformer]] = (),
    scripts: Scripts | None = None,
) -> Side:
    """Return the sets and the other objects of rendered manifests.

    `texts` are file names and their contents, without the kustomization; they are read once.
    `transformers` are those of the kustomization of each output folder that they come from;
    `scripts` are the watchers' scripts that another side has, which are not parsed again. A text
    may hold several documents. Previews are not applied and are left out, as are Jobs of a
    set whose Jobs the watcher creates: its plan tells what they are.

    If a document is not valid, the side is broken and has only diagnostics. What the objects cannot
    tell is assumed: a set without a watcher and without annotations for a GitOps tool has profile
    "any", by which it may be pruned, and update policy "Block", by which a change is refused.
    """
    reading = _Reading(Scripts() if scripts is None else scripts)
    for name, text in texts:
        if not name.endswith(PREVIEW_ENDING):
            reading.read(name, text)
    side = reading.side(label, revision)
    return replace(side, transformers=tuple(transformers))


class _Reading:
    """The objects of the texts that have been read so far."""

    def __init__(self, scripts: Scripts) -> None:
        self._forms = _Forms()
        self._scripts = scripts
        self._folds: dict[Identity, FamilyFold] = {}
        self._positions: dict[Identity, int] = {}
        self._others: list[tuple[int, Object]] = []
        self._diagnostics: list[Diagnostic] = []
        # Strings that many objects hold, such as keys and the watcher's script.
        self._strings: dict[str, str] = {}
        self._count = 0

    def read(self, name: str, text: str) -> None:
        """Read the documents of a file."""
        for line, chunk in chunks(text):
            if not _PREVIEW.match(chunk):
                self._read(name, line, chunk)

    def _read(self, name: str, line: int, chunk: str) -> None:
        """Read one document of a file, which begins at a line."""
        if member := self._forms.member(chunk):
            self._folds[member.identity].add(member)
        elif script := self._scripts.read(chunk):
            self._add_other(script)
        else:
            self._load(name, line, chunk)

    def side(self, label: str, revision: str) -> Side:
        """Return the side of everything that has been read."""
        diagnostics = tuple(in_order(self._diagnostics))
        if any(item.is_error for item in diagnostics):
            return Side(
                kind="rendered",
                label=label,
                revision=revision,
                diagnostics=diagnostics,
                is_broken=True,
            )
        folds = [(self._positions[identity], fold) for identity, fold in self._folds.items()]
        grouping = Grouping(folds, self._others)
        return Side(
            kind="rendered",
            label=label,
            revision=revision,
            sets=grouping.sets(),
            pass_through=grouping.pass_through(),
            diagnostics=diagnostics,
        )

    def _load(self, name: str, line: int, chunk: str) -> None:
        loaded = load(name, chunk.encode("utf-8", "surrogatepass"))
        self._diagnostics += (_moved(item, line - 1) for item in loaded.diagnostics)
        for document in loaded.documents:
            for item in opened(document):
                # The text of a list does not tell where an item ends.
                self._add(item, "" if item.base else chunk, line)

    def _add(self, document: Document, text: str, line: int) -> None:
        data = document.data
        if not isinstance(data, Mapping) or not _is_object(data):
            finding = Finding(path=(), message="not a Kubernetes object: no apiVersion or no kind")
            found = document.diagnostic(NOT_AN_OBJECT, finding)
            self._diagnostics.append(_moved(found, line - 1))
            return
        identity = identity_of(data)
        if identity is None:
            self._scripts.add(document, text, self._strings)
            self._add_other(_sharing(data, self._strings))
        else:
            self._add_job(document, identity, text)

    def _add_other(self, item: Object) -> None:
        self._count += 1
        self._others.append((self._count, item))

    def _add_job(self, document: Document, identity: Identity, text: str) -> None:
        self._count += 1
        member, form = read_job(document, identity, text, self._strings)
        if form is not None:
            self._forms.add(text, form)
        if identity in self._folds:
            self._folds[identity].add(member)
        else:
            self._folds[identity] = FamilyFold(member)
            self._positions[identity] = self._count


class _Forms:
    """The forms of the families that were read last, and of each the last ones."""

    def __init__(self) -> None:
        self._forms: dict[tuple[str, ...], list[JobForm]] = {}

    def member(self, text: str) -> Member | None:
        """Return the Job of a text, or None if no form fits it."""
        forms = self._forms.get(_guess(text), [])
        return next((found for form in forms if (found := form.member(text))), None)

    def add(self, text: str, form: JobForm) -> None:
        """Keep the form of a text, and forget the oldest."""
        family = _guess(text)
        forms = self._forms.pop(family, [])
        self._forms[family] = [form, *forms][:_FORMS_OF_A_FAMILY]
        if len(self._forms) > _FAMILIES_WITH_FORMS:
            del self._forms[next(iter(self._forms))]


def _guess(text: str) -> tuple[str, ...]:
    return tuple(found[1] for found in islice(_FAMILY.finditer(text), 2))


def _is_object(data: Mapping[str, Any]) -> bool:
    return bool(string(data, "apiVersion") and string(data, "kind"))


def _moved(item: Diagnostic, lines: int) -> Diagnostic:
    """Return a diagnostic of a document with its place in the file."""
    return replace(item, place=item.place._replace(line=item.line + lines))


def _sharing(value: Any, strings: dict[str, str]) -> Any:
    """Return data whose equal strings are one."""
    if isinstance(value, str):
        return strings.setdefault(value, value)
    if isinstance(value, Mapping):
        return {
            strings.setdefault(key, key): _sharing(item, strings) for key, item in value.items()
        }
    if isinstance(value, list):
        return [_sharing(item, strings) for item in value]
    return value
