"""References: the names by which an object refers to others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Path
from jobsetgen.overlays.reference_fields import FIELDS, KEYS, OPTIONS, POD, RESOURCES, ROLES, Fields
from jobsetgen.plain import items, objects, string, strings

# The last steps of the paths of mappings with labels or annotations: a ConfigMap may have the same
# keys in its data.
_WITH_KEYS = frozenset([("labels",), ("annotations",), ("matchLabels",), ("selector",)])


class Reference(NamedTuple):
    """A name at a path that refers to an object of a kind, such as `batch/Job`.

    `namespace` is None where nothing says that it is another than that of the referring object.
    """

    path: Path
    kind: str
    name: str
    namespace: str | None = None


def kind_of(data: Mapping[str, Any]) -> str:
    """Return the kind of an object with its API group, such as `batch/Job` or `Service`."""
    return _grouped(_group(string(data, "apiVersion")), string(data, "kind"))


def references(data: Mapping[str, Any]) -> Iterator[Reference]:
    """Yield the names of other objects in an object."""
    kind = string(data, "kind")
    yield from _in_fields(data, _FIELDS_BY_KIND.get(kind, {}))
    if kind in ROLES:
        yield from _in_rules(data)
    for path, pod in pods(data):
        yield from _in_fields(pod, _POD_FIELDS, path)
    for path, part in _mappings(data):
        yield from _under_keys(part, path)


def references_of_options(data: Mapping[str, Any]) -> Iterator[Reference]:
    """Yield the names of objects in the options of a project."""
    return _in_fields(data, _OPTION_FIELDS)


def pods(value: Any, path: Path = ()) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the specs of pods in data with their paths: nothing else has a list of containers."""
    if isinstance(value, dict):
        if isinstance(value.get("containers"), list):
            yield path, value
            return
        for key, item in value.items():
            yield from pods(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from pods(item, (*path, index))


def _mappings(value: Any) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield every mapping in data with its path, in no order that means anything."""
    rest: list[tuple[Path, Any]] = [((), value)]
    while rest:
        path, value = rest.pop()
        if isinstance(value, dict):
            yield path, value
            rest += [((*path, key), item) for key, item in value.items() if _is_nested(item)]
        elif isinstance(value, list):
            rest += [((*path, index), item) for index, item in enumerate(value) if _is_nested(item)]


def _is_nested(value: Any) -> bool:
    return isinstance(value, (dict, list))


_Tree = dict[str, "_Tree | str"]
"""Fields by the steps of their paths: all of them are found on one way through an object."""


def _tree(fields: Fields) -> _Tree:
    """Return fields as a tree with the kinds as its leaves; `[]` is a step of its own."""
    tree: _Tree = {}
    for path, kind in fields.items():
        *steps, last = path.replace("[]", ".[]").split(".")
        branch: Any = tree
        for step in steps:
            branch = branch.setdefault(step, {})
        branch[last] = kind
    return tree


_FIELDS_BY_KIND = {kind: _tree(fields) for kind, fields in FIELDS.items()}
_POD_FIELDS = _tree(POD)
_OPTION_FIELDS = _tree(OPTIONS)


def _in_fields(
    value: Any, tree: _Tree | str, path: Path = (), parent: Any = None
) -> Iterator[Reference]:
    """Yield the references in a value; `parent` is the mapping or the list that has it."""
    if isinstance(tree, str):
        if isinstance(value, str):
            reference = Reference(path, tree, value)
            yield _as_said(reference, parent) if path[-1] == "name" else reference
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in tree:
                yield from _in_fields(item, tree[key], (*path, key), value)
    elif isinstance(value, list) and "[]" in tree:
        for index, item in enumerate(value):
            yield from _in_fields(item, tree["[]"], (*path, index), value)


def _as_said(reference: Reference, parent: Mapping[str, Any]) -> Reference:
    """Return a reference with the kind and the namespace that are beside the name."""
    kind = reference.kind
    if named := string(parent, "kind"):
        group = string(parent, "apiGroup") or string(parent, "group")
        group = group or _group(string(parent, "apiVersion")) or _group(kind)
        kind = _grouped(group, named)
    return reference._replace(kind=kind, namespace=string(parent, "namespace") or None)


def _in_rules(role: Mapping[str, Any]) -> Iterator[Reference]:
    """Yield the names to which the rules of a Role are limited."""
    for index, rule in objects(role, "rules"):
        # `jobs/status` is a part of `jobs`.
        resources = [each.partition("/")[0] for each in strings(rule, "resources")]
        kinds = dict.fromkeys(RESOURCES[each] for each in resources if each in RESOURCES)
        for kind in kinds:
            yield from _in_list(rule, "resourceNames", kind, ("rules", index))


def _under_keys(part: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    """Yield the names in labels and annotations, and in the requirements of a selector."""
    if path[-1:] in _WITH_KEYS and not KEYS.keys().isdisjoint(part):
        for key, kind in KEYS.items():
            if name := string(part, key):
                yield Reference((*path, key), kind, name)

    if path[-2:-1] == ("matchExpressions",):
        kind = KEYS.get(string(part, "key"), "")
        if kind:
            yield from _in_list(part, "values", kind, path)


def _in_list(parent: Mapping[str, Any], field: str, kind: str, path: Path) -> Iterator[Reference]:
    """Yield the names in a list of names."""
    for index, name in enumerate(items(parent, field)):
        if isinstance(name, str):
            yield Reference((*path, field, index), kind, name)


def _group(api_version: str) -> str:
    """Return the API group before the slash, which the core group does not have."""
    return api_version.rpartition("/")[0]


def _grouped(group: str, kind: str) -> str:
    return f"{group}/{kind}" if group else kind
