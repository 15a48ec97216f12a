"""Manifests as a reviewer may see them: without what is in Secrets.

A diff of committed output goes into the logs of CI. Of a Secret it shows which keys there are and
which of them have changed, never a value, and no hash of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen import emit
from jobsetgen.kubernetes.secrets import (
    CHANGED,
    HIDDEN,
    LAST_APPLIED,
    METADATA_FIELDS,
    SHOWN_FIELDS,
    VALUE_FIELDS,
    holds_secret,
    is_secret,
)
from jobsetgen.plain import mapping, string
from jobsetgen.source.loader import load

_UNREADABLE = "# A Secret that cannot be read; its text is not shown.\n"
# A kind may be written in quotes, with escapes or a tag, and so may its key; such a document is
# read, to be sure.
_MENTION = re.compile(r"Secret|kind[\"']?\s*:\s*[^A-Za-z\s]|\\[xuU]")
# A document that is not valid is one with a Secret if it may be meant as one: a kind in any case,
# or one that cannot be told without reading it; a field that only Secrets have.
_MAY_BE_MEANT = re.compile(
    r"""kind["']?\s*:\s*(?:["']?secret|["']?[^\w\s"'])|stringdata|^(?:[^\S\n]|-)*\?\s"""
    r"""|\\(?:[xu]|\r?\n)|![^\s!]*binary""",
    re.IGNORECASE | re.MULTILINE,
)
_MEANT_KINDS = ("secret", "secrets", "secretlist")
_SEPARATOR = re.compile(r"^---[ \t]*(?:#.*)?\n", re.M)

_Values = dict[tuple[str, ...], Any]
"""The values of Secrets: by namespace, name, field and key."""


def without_secrets(old: str, new: str) -> tuple[str, str]:
    """Return two states of a file of manifests without the values of their Secrets.

    A value that is not the same in both is marked in the new state. Where a document with a Secret
    in it is not one plain Secret, such as a List, its text is left out as a whole.
    """
    before = dict(_values(old))
    return _hidden(old, before), _hidden(new, before)


def may_hold_secret(document: str) -> bool:
    """Whether there is a Secret in the text of a document, or might be if it were valid."""
    if not _MAY_BE_MEANT.search(document):
        return False
    loaded = load("", document.encode())
    return bool(loaded.diagnostics) or any(_is_meant(each.data) for each in loaded.documents)


def _is_meant(value: Any) -> bool:
    """Whether something in a value is a Secret, or may be meant as one."""
    if isinstance(value, list):
        return any(map(_is_meant, value))
    if not isinstance(value, Mapping):
        return False
    if str(value.get("kind")).lower() in _MEANT_KINDS:
        return True
    return any(key.lower() == "stringdata" or _is_meant(inner) for key, inner in value.items())


def _values(text: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    for document in _SEPARATOR.split(text):
        secret = _secret(document)
        for field in VALUE_FIELDS if secret else ():
            for key, value in mapping(secret, field).items():
                yield (*_identity(secret), field, key), value


def _identity(secret: Mapping[str, Any]) -> tuple[str, str]:
    metadata = mapping(secret, "metadata")
    return string(metadata, "namespace"), string(metadata, "name")


def _hidden(text: str, before: _Values) -> str:
    """Return a file's text with the values of its Secrets hidden, held against those before."""
    if not _MENTION.search(text):
        return text
    documents = (_hidden_document(document, before) for document in _SEPARATOR.split(text))
    return emit.SEPARATOR.join(documents)


def _hidden_document(document: str, before: _Values) -> str:
    if not _MENTION.search(document):
        return document
    loaded = load("", document.encode())
    if not loaded.diagnostics and not any(holds_secret(each.data) for each in loaded.documents):
        return document
    secret = _secret(document)
    # A comment may hold an earlier value: none is shown.
    return emit.text(_without_values(secret, before)) if secret else _UNREADABLE


def _secret(document: str) -> Mapping[str, Any]:
    """Return the Secret that a document is, or nothing."""
    if not _MENTION.search(document):
        return {}
    loaded = load("", document.encode())
    if loaded.diagnostics or len(loaded.documents) != 1:
        return {}
    data = loaded.documents[0].data
    return data if is_secret(data) else {}


def _without_values(secret: Mapping[str, Any], before: _Values) -> dict[str, Any]:
    shown = {key: value if key in SHOWN_FIELDS else HIDDEN for key, value in secret.items()}
    identity = _identity(secret)
    for field in VALUE_FIELDS:
        if field in secret:
            shown[field] = {
                key: _word(value, before.get((*identity, field, key), value))
                for key, value in mapping(secret, field).items()
            }
    if "metadata" in secret:
        shown["metadata"] = _shown_metadata(secret["metadata"])
    return shown


def _shown_metadata(metadata: Any) -> Any:
    """Return the metadata of a Secret without what is no metadata, and what kubectl has applied."""
    if not isinstance(metadata, Mapping):
        return HIDDEN
    shown = {key: value if key in METADATA_FIELDS else HIDDEN for key, value in metadata.items()}
    annotations = mapping(metadata, "annotations")
    if LAST_APPLIED in annotations:
        shown["annotations"] = {**annotations, LAST_APPLIED: HIDDEN}
    return shown


def _word(value: Any, before: Any) -> str:
    return HIDDEN if value == before else CHANGED
