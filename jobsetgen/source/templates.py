"""Tell a template that nobody has rendered from YAML that only quotes one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from jobsetgen.diagnostics import Place
from jobsetgen.source.documents import Node

MESSAGE = "this is a template; render it first"
HINT = "Pass the rendered YAML, such as the output of `helm template`, or quote the braces."

Marked = Mapping[Place, str]
"""The plain scalars, keys included, with a `{{ … }}` in them, by their places."""

_GROUP = "jobset.x-k8s.io/"
_MARK = re.compile(r"\{\{.*?\}\}")
_START = re.compile(r"\{\{|\{%")
# Quoted text, closed or not, and comments.
_QUOTED = re.compile(r"""(?<![^\s\[\]{},:(])(?:"(?:\\.|[^"\\])*"?|'(?:''|[^'])*'?)|(?<!\S)\#.*""")
# Commands and paths may contain any other `{{ … }}`, as in `docker inspect -f {{.State}}`. kustomize
# removes the quotes around them.
_OF_HELM = re.compile(r"""\{\{[^}]*(?:\.(?:Values|Release|Chart)\b|\binclude\s+["'])""")
# Every API server refuses braces in these fields.
_NAMES = frozenset(
    [
        *("generateName", "image", "name", "namespace", "priorityClassName", "runtimeClassName"),
        *("claimName", "schedulerName", "secretName", "serviceAccountName", "subdomain"),
    ]
)
_LABELS = frozenset(["labels", "matchLabels", "nodeSelector"])


def has_mark(text: str) -> bool:
    """Whether there is a `{{ … }}` in a text."""
    return _MARK.search(text) is not None


def start_of_template(line: str) -> int | None:
    """Return the index of the first `{{` or `{%` of a line outside quotes and comments, or None."""
    blank = _QUOTED.sub(lambda found: " " * len(found[0]), line)
    found = _START.search(blank)
    return found.start() if found else None


def template_in(root: Node, marked: Marked) -> Place | None:
    """Return the place of the first key or plain scalar of a JobSet that is yet to be rendered."""
    if not marked:
        return None
    for jobset in _jobsets(root):
        place = next(_templates(jobset, marked), None)
        if place is not None:
            return place
    return None


def _jobsets(root: Node) -> Iterator[Node]:
    """Yield the JobSets in a document: itself, or the items of a List."""
    data = root.data
    if not isinstance(data, dict):
        return
    items = root.child("items")
    if data.get("kind") in ("JobSetList", "List") and items is not None:
        for item in items.children if isinstance(items.children, list) else []:
            yield from _jobsets(item)
    elif data.get("kind") == "JobSet" and str(data.get("apiVersion")).startswith(_GROUP):
        yield root


def _templates(node: Node, marked: Marked, *, is_name: bool = False) -> Iterator[Place]:
    """Yield the places of templates in a value; `is_name` if it cannot contain braces."""
    if not isinstance(node.children, dict):
        text = marked.get(node.place)
        if text is not None and (is_name or _OF_HELM.search(text)):
            yield node.place
        for item in node.children:
            yield from _templates(item, marked)
        return
    for key, child in node.children.items():
        place = node.key(key)
        if place in marked:
            yield place
        is_below = is_name or key in _NAMES or key in _LABELS
        yield from _templates(child, marked, is_name=is_below)
