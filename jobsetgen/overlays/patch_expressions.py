"""Find the expressions of templates in patches, which are not templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.overlays.patch_codes import PATCH_EXPRESSION
from jobsetgen.source.codes import TEMPLATE
from jobsetgen.source.documents import Node
from jobsetgen.source.embedded import mover

HINT = "Write the value itself, or use it in a resource that is a template, *.yaml.j2."

# `{{ tag }}` and `{{ image.tag | default('1') }}`, but not `{{.State}}` of Go or `${{ … }}` of CI.
_EXPRESSION = re.compile(r"(?<!\$)\{\{-?\s*+[^\W\d][^{}\n]*\}\}")
# Scripts have `{{name}}` of their own, as in the f-strings of Python.
_SPACED = re.compile(r"(?<!\$)\{\{-?[ \t]++[^\W\d][^{}\n]*\}\}")


def expressions(patch: Node) -> Iterator[Diagnostic]:
    """Yield a warning for each value of a patch that has an expression of a template in it."""
    for node in _texts(patch):
        pattern = _SPACED if "\n" in node.data else _EXPRESSION
        found = pattern.search(node.data)
        if found:
            place = _place(node, found.start())
            message = "a patch is not a template: '{{ … }}' stays as it is"
            yield diagnostic(PATCH_EXPRESSION, place, message, HINT)


def _texts(patch: Node) -> Iterator[Node]:
    """Yield the strings with braces in a patch, each once, whatever aliases repeat it."""
    seen: set[int] = set()
    waiting = [patch]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node.data, str) and "{{" in node.data:
            yield node
        children = node.children
        waiting += children.values() if isinstance(children, dict) else children


def _place(node: Node, offset: int) -> Place:
    """Return the place of an expression in a literal block scalar, or that of any other scalar."""
    line_start = node.data.rfind("\n", 0, offset) + 1
    line = node.data.count("\n", 0, offset) + 1
    return mover(node)(Place(node.place.file, line, offset - line_start + 1))


def with_hints(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics of a patch's file; for one that is a template, with what to do."""
    return [replace(each, hint=HINT) if each.code == TEMPLATE.id else each for each in found]
