"""What one output has that another has not, object by object, for a reviewer.

    Job/demo-workers-0
    Job/demo-workers-1
    @@ metadata.annotations @@
    -    kustomize.toolkit.fluxcd.io/force: enabled

    added: Service/demo, after RoleBinding/demo-restart-watcher
    +apiVersion: v1
    ...

    removed: Service/other

Objects that differ in the same lines share them. Between @@ is what the lines stand under; the line
before what is only added is shown, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from tests.golden.places import place

SEPARATOR = re.compile(r"^---\n", re.M)
_KIND = re.compile(r"^kind: (\S+)$", re.M)
_NAME = re.compile(r"^  (?:name|generateName): (\S+)$", re.M)
_DEFINITION = re.compile(r'^    "(\w+)": \{\n', re.M)
_BY_NAME = re.compile(r"# (\S+): as in (\S+)")

Objects = dict[str, list[str]]
"""The lines of objects by their names."""


def difference(base: str, other: str) -> str:
    """Return how an output differs from another; nothing when they are the same."""
    return object_difference(objects(base), objects(other))


def object_difference(before: Objects, after: Objects) -> str:
    """Return how objects differ from others."""
    parts = [*_reordered(before, after), *_changed(before, after), *_added(before, after), *_removed(before, after)]
    return "\n".join(parts)


def schema_difference(base: str, other: str) -> str:
    """Return how a JSON Schema differs from another, definition by definition."""
    return object_difference(definitions(base), definitions(other))


def line_difference(title: str, base: str, other: str) -> str:
    """Return how a text that is not a list of objects differs from another."""
    changes = hunks(base.splitlines(), other.splitlines())
    return f"{title}\n{changes}" if changes else ""


def objects(output: str) -> Objects:
    """Return the lines of each object of an output by kind and name."""
    found: Objects = {}
    for document in SEPARATOR.split(output) if output else []:
        found[_unused(identity(document), found)] = document.splitlines()
    return found


def definitions(schema: str) -> Objects:
    """Return the lines of each property and definition at the top of a JSON Schema, and those before them."""
    beginning, *rest = _DEFINITION.split(schema)
    found = {"schema": beginning.splitlines()}
    for name, text in zip(rest[::2], rest[1::2], strict=True):
        found[name] = text.splitlines()
    return found


def identity(document: str) -> str:
    """Return the kind and the name of an object, also where only its name is shown."""
    by_name = _BY_NAME.match(document)
    if by_name:
        return by_name[1]
    kind, name = _KIND.search(document), _NAME.search(document)
    return f"{kind[1] if kind else 'no kind'}/{name[1] if name else 'no name'}"


def is_by_name(lines: Sequence[str]) -> bool:
    """Whether an object is only named, as another fixture shows it."""
    return bool(lines and _BY_NAME.match(lines[0]))


def hunks(before: Sequence[str], after: Sequence[str]) -> str:
    """Return the lines that differ, each group of them under what it stands under."""
    lines: list[str] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        where = place(before, start) if end > start else place(after, new_start)
        lines += [f"@@ {where} @@"] if where else []
        if end == start and new_start > 0:
            lines.append(f" {after[new_start - 1]}")
        lines += [f"-{line}" for line in before[start:end]]
        lines += [f"+{line}" for line in after[new_start:new_end]]
    return "".join(f"{line}\n" for line in lines)


def _unused(name: str, used: Objects) -> str:
    """Return a name, with a number where an object before has it."""
    count = sum(1 for other in used if other.partition(" #")[0] == name)
    return f"{name} #{count + 1}" if count else name


def _reordered(before: Objects, after: Objects) -> Iterator[str]:
    """Yield the order of objects where those in both outputs do not have the same."""
    kept = [name for name in after if name in before]
    if kept != [name for name in before if name in after]:
        yield "".join(f"{line}\n" for line in ["in this order:", *after])


def _changed(before: Objects, after: Objects) -> Iterator[str]:
    """Yield the changes of objects in both outputs; those with the same ones are named together."""
    names: dict[str, list[str]] = {}
    for name, lines in after.items():
        if name in before and before[name] != lines:
            names.setdefault(hunks(before[name], lines), []).append(name)
    for changes, changed in names.items():
        yield "".join(f"{name}\n" for name in changed) + changes


def _added(before: Objects, after: Objects) -> Iterator[str]:
    """Yield each object that only the second output has, whole."""
    last = "nothing"
    for name, lines in after.items():
        if name not in before:
            by_name = _BY_NAME.match("\n".join(lines))
            shown = f", as in {by_name[2]}" if by_name else ""
            whole = "" if by_name else "".join(f"+{line}\n" for line in lines)
            yield f"added: {name}, after {last}{shown}\n{whole}"
        last = name


def _removed(before: Objects, after: Objects) -> Iterator[str]:
    """Yield the name of each object that only the first output has."""
    for name in before:
        if name not in after:
            yield f"removed: {name}\n"
