"""Recognize a file of values that is read as a manifest."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable

from jobsetgen.source.documents import Document

_NAME = re.compile(r"(?:.*[._-])?values(?:[._-].*)?\.ya?ml")
_TEMPLATE = ".j2"
_HINT = "If it is a file of values, pass it with --values, and list only manifests in resources."


def folders_of_templates(documents: Iterable[Document]) -> set[str]:
    """Return the folders of the templates among documents."""
    return {posixpath.dirname(each.file) for each in documents if each.file.endswith(_TEMPLATE)}


def values_hint(file: str, templates: Collection[str]) -> str:
    """Return what to do with a file that is not an object, if it looks like values for templates.

    `templates` are the folders with templates: values are often beside them.
    """
    folder, name = posixpath.split(file)
    is_likely = _NAME.fullmatch(name) or folder in templates
    return _HINT if is_likely else ""
