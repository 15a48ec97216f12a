"""Find the DNS names in texts that a rename makes wrong, as no reference in a text can follow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Diagnostic, Finding, Path
from jobsetgen.overlays.metadata_codes import OLD_NAME_IN_TEXT, UNFOLLOWED_REFERENCE
from jobsetgen.overlays.old_name_texts import Text, texts
from jobsetgen.overlays.reference_fields import JOBSET, SERVICE
from jobsetgen.overlays.references import kind_of, references
from jobsetgen.overlays.renames import (
    Renames,
    in_namespace,
    likely_in_namespace,
    name_of,
    subdomain_of,
)
from jobsetgen.plain import mapping, objects, string
from jobsetgen.source.documents import Document

_HINT = "Replace the text with a patch, or compose the name from variables."
_OF_TEXTS = frozenset([OLD_NAME_IN_TEXT.id, UNFOLLOWED_REFERENCE.id])
_STATEFUL_SET = "apps/StatefulSet"

# Labels joined by dots, which are read at once: no text is read twice. A name may follow `//` but
# no single `/`, after which it is a file.
_WORD = re.compile(r"(?<![\w$.{}()\-])(?<!(?<!/)/)[a-z0-9][-a-z0-9.]*")
_PORT = re.compile(r":[0-9]{2,5}(?![\w.\-])")


class _Host(NamedTuple):
    """What the names of the pods of a replicatedJob or a StatefulSet begin with, old and new.

    `subdomain` is the old name of the Service by which the pods are found.
    """

    old: str
    new: str
    subdomain: str
    namespace: str


def old_names_in_text(documents: Sequence[Document], renames: Renames) -> Iterator[Diagnostic]:
    """Yield a warning for each text of documents that has an old DNS name of a renamed object.

    `documents` are those before the rename. The texts are the commands, arguments, variables, probes
    and hooks of containers, the data of ConfigMaps and Secrets and the names of external Services.
    """
    names = _OldNames(documents, renames)
    for document in documents:
        data = document.data
        if not isinstance(data, Mapping):
            continue
        for text in texts(data):
            old, new = names.first_of(text, renames.namespaces.of(document))
            if old:
                finding = Finding(text.path, _message(old, new), _HINT)
                yield document.diagnostic(OLD_NAME_IN_TEXT, finding)


def _message(old: str, new: str) -> str:
    # A variable follows.
    rest = "…" if old.endswith("-") else ""
    return f"'{old}{rest}' is the name before the rename; it is now '{new}{rest}'"


def without_outdated(
    diagnostics: Iterable[Diagnostic], documents: Iterable[Document]
) -> list[Diagnostic]:
    """Return diagnostics without those about texts and references that an overlay has replaced."""
    found = list(diagnostics)
    if not any(each.code in _OF_TEXTS for each in found):
        return found
    places = {document.place(path) for document in documents for path in _paths(document)}
    return [each for each in found if each.code not in _OF_TEXTS or each.place in places]


def _paths(document: Document) -> Iterator[Path]:
    yield from (text.path for text in texts(document.data))
    yield from (each.path for each in references(document.data))


class _OldNames:
    """The old DNS names of renamed objects: each word of a text is looked up once."""

    def __init__(self, documents: Iterable[Document], renames: Renames) -> None:
        self._renames = renames
        self._hosts: dict[str, dict[str, _Host]] = {}
        for document in documents:
            for host in _hosts(document, renames):
                self._hosts.setdefault(host.old, {}).setdefault(host.namespace, host)

    def first_of(self, text: Text, namespace: str) -> tuple[str, str]:
        """Return the first old name in a text and the new one, or empty strings.

        `namespace` is that of the object with the text. A word alone is a name only where nothing
        else can be meant.
        """
        for kind, word in ((SERVICE, text.host), (JOBSET, text.jobset)):
            new = self._renames.new_name(kind, word, namespace) if word else None
            if new:
                return word, new
        return self._first_in(text.text, namespace)

    def _first_in(self, text: str, namespace: str) -> tuple[str, str]:
        for found in _WORD.finditer(text):
            start, end = found.span()
            if _is_cut(text[end : end + 1]):
                continue
            word = found[0].rstrip(".")
            is_host = text[max(start - 2, 0) : start] == "//" or bool(_PORT.match(text, end))
            new = self._new_name(word.split("."), namespace, is_host=is_host)
            if new:
                return word, new
        return "", ""

    def _new_name(self, labels: Sequence[str], namespace: str, *, is_host: bool) -> str:
        """Return the new DNS name of a pod or a Service; an empty string if it has none."""
        host = self._host(labels, namespace)
        if host:
            return self._new_pod(host, labels, namespace)
        # A word alone, and one with an ending, are seldom a Service.
        if is_host or labels[2:3] == ["svc"]:
            return self._new_service(labels, namespace)
        return ""

    def _host(self, labels: Sequence[str], namespace: str) -> _Host | None:
        """Return the renamed object of a pod or a Job whose name is the first label."""
        for stem in _stems(labels[0]):
            host = _named_in(self._hosts.get(stem, {}), labels[2:3], namespace)
            if host:
                return host
        return None

    def _new_pod(self, host: _Host, labels: Sequence[str], namespace: str) -> str:
        label, *rest = labels
        new = host.new + label.removeprefix(host.old)
        if not rest:
            return new
        # Otherwise it is a file, such as train-workers-0.log.
        if rest[0] != host.subdomain:
            return ""
        return ".".join([new, self._new_service(rest, namespace) or ".".join(rest)])

    def _new_service(self, labels: Sequence[str], namespace: str) -> str:
        label, *rest = labels
        if rest:
            new = self._renames.likely_name(SERVICE, label, rest[0])
        else:
            new = self._renames.new_name(SERVICE, label, namespace)
        return ".".join([new, *rest]) if new else ""


def _named_in(hosts: Mapping[str, _Host], written: Sequence[str], namespace: str) -> _Host | None:
    """Return the host in the namespace that is written in a text, otherwise in that of the text.

    An object whose namespace is not known may be in a written one.
    """
    if written:
        return likely_in_namespace(hosts, written[0])
    return in_namespace(hosts, namespace)


def _is_cut(following: str) -> bool:
    """Whether the character after a word belongs to it, although no DNS name has it."""
    return following.isalnum() or following == "_"


def _stems(label: str) -> Iterator[str]:
    """Yield a label without its last index, and without its last two.

    An index that a variable adds to the text is empty.
    """
    for _ in range(2):
        label, _, index = label.rpartition("-")
        if index and not index.isdigit():
            return
        yield label


def _hosts(document: Document, renames: Renames) -> Iterator[_Host]:
    """Yield what the host names of an object's pods begin with."""
    data: Any = document.data
    if not isinstance(data, Mapping):
        return
    kind, old, namespace = kind_of(data), name_of(data), renames.namespaces.of(document)
    new = renames.new_name(kind, old, namespace)
    if new is None:
        return
    if kind == _STATEFUL_SET:
        service = string(mapping(data, "spec"), "serviceName")
        yield _Host(old, new, service, namespace)
    elif kind == JOBSET:
        for _, each in objects(mapping(data, "spec"), "replicatedJobs"):
            if replicated_job := string(each, "name"):
                old_host, new_host = (f"{name}-{replicated_job}" for name in (old, new))
                yield _Host(old_host, new_host, subdomain_of(data), namespace)
