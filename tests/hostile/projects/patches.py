"""Patches that grow what they patch, or that look at far too much of it."""

from __future__ import annotations

import json
from typing import Any

from tests.hostile.place import SET, Place
from tests.hostile.projects.tree import HostileProject, Make, config_map, patches, project

_ALL = {"kind": "ConfigMap"}
_NAME = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
_JOBSET = {"apiVersion": "jobset.x-k8s.io/v1alpha2", "kind": "JobSet", "metadata": {"name": "train"}}
_TOO_MANY = "JSG712: change too many values"
_MAP = config_map("b")


def _operations(*found: tuple[str, ...], target: Any = None) -> dict[str, Any]:
    """Return a JSON patch of copies, moves and removals."""
    operations = []
    for op, *paths in found:
        names = ("from", "path") if len(paths) == 2 else ("path",)
        operations.append({"op": op, **dict(zip(names, paths, strict=True))})
    return {"target": target or _ALL, "patch": operations}


def _copies(count: int) -> dict[str, Any]:
    return _operations(*[("copy", "", f"/data/c{number}") for number in range(count)])


def _container(fields: Any) -> dict[str, Any]:
    """Return a patch of the one container of the JobSet."""
    spec = {"containers": [{"name": "main", **fields}]}
    workers = {"name": "workers", "template": {"spec": {"template": {"spec": spec}}}}
    return {"patch": {**_JOBSET, "spec": {"replicatedJobs": [workers]}}}


def _many_objects(count: int) -> str:
    return "---\n".join(config_map("b", f"a{number}") for number in range(count))


def _files(place: Place) -> None:
    """Apply a file of many patches to many objects."""
    texts = [json.dumps({**_NAME, "data": {f"k{number}": "v"}}) for number in range(5_000)]
    place.write("app/p.yaml", "\n---\n".join(texts))
    place.write("app/jobset.yaml", _many_objects(300))
    options = "patches: [{path: p.yaml, target: {kind: ConfigMap}}]\n"
    place.write("app/jobsetgen.yaml", project(options, ["jobset.yaml"]))


def _one_file_often(place: Place) -> None:
    """Apply one patch that fits into the limits thousands of times."""
    entries = [{"path": "p.yaml", "target": _ALL}] * 1_000
    place.write("app/p.yaml", json.dumps({"data": {f"k{number}": "v" for number in range(300)}}))
    place.write("app/jobset.yaml", _many_objects(300))
    options = f"patches: {json.dumps(entries)}\n"
    place.write("app/jobsetgen.yaml", project(options, ["jobset.yaml"]))


def _bomb_in_a_file(place: Place) -> None:
    levels = "".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  a0: &a0 [x, x]\n{levels}"
    place.write("app/p.yaml", text)
    place.write("app/jobset.yaml", _MAP)
    place.write("app/jobsetgen.yaml", project("patches: [{path: p.yaml}]\n", ["jobset.yaml"]))


def _growing_bases(place: Place) -> None:
    """Let each of 40 levels double what the one below it has."""
    for level in range(40):
        below = [f"../b{level + 1}"] if level < 39 else ["a.yaml"]
        options = f"patches: {json.dumps([_operations(('copy', '/data', f'/data/c{level}'))])}\n"
        place.write(f"app/b{level}/jobsetgen.yaml", project(options, below))
    place.write("app/b39/a.yaml", _MAP)
    place.write("app/jobsetgen.yaml", project("", ["b0"]))


def _selected(selector: str) -> Make:
    return patches({"target": {"labelSelector": selector}, "patch": {"data": {"a": "b"}}}, objects=_MAP)


def _named(pattern: str) -> Make:
    name = config_map("b", "x" * 200)
    return patches({"target": {"name": pattern}, "patch": {"data": {"a": "b"}}}, objects=name)


def _of_map(*entries: Any) -> Make:
    return patches(*entries, objects=_MAP)


def _of_many(*entries: Any) -> Make:
    return patches(*entries, objects=_many_objects(300))


_OUTSIDE = "JSG702: outside the root"
_PATTERN = "JSG712: invalid 'name'"
_SELECTOR = "JSG712: invalid 'labelSelector'"
_TOO_DEEP = "JSG006: more than 100 levels"
_ADDED = "JSG712: add more than 200,000 values"
_NOTHING = "JSG713: no object matches the target"
_TOO_LONG = "JSG006: of one compile have more than"
_ENTRY = {"name": "A", "value": "b"}

PROJECTS = (
    HostileProject("patch: 40 copies of the root", "JSG712: values after this; the limit is 200,000", _of_map(_copies(40))),
    HostileProject("patch: copies in 40 bases", "JSG006: change more than 10,000 objects", _growing_bases),
    HostileProject(
        "patch: 120 copies into itself",
        "JSG712: more than 100 levels",
        _of_map(_operations(*[("copy", "/data", "/data/c")] * 120)),
    ),
    HostileProject("patch: a move into itself", "JSG712: moved into itself", _of_map(_operations(("move", "/data", "/data/a")))),
    HostileProject("patch: the removal of the root", "JSG712: cannot remove the whole object", _of_map(_operations(("remove", "")))),
    HostileProject(
        "patch: 1,500 for 300 objects",
        _TOO_MANY,
        _of_many(*[{"target": _ALL, "patch": {"data": {f"k{n}": "v"}}} for n in range(1_500)]),
    ),
    HostileProject("patch: 5,000 in a file for 300 objects", _TOO_LONG, _files),
    HostileProject("patch: 1,000 times one file for 300 objects", _TOO_MANY, _one_file_often),
    HostileProject(
        "patch: 60,000 values for 300 objects",
        _TOO_LONG,
        _of_many({"target": _ALL, "patch": {"data": {f"k{n}": "v" for n in range(60_000)}}}),
    ),
    HostileProject(
        "patch: 2,000 values for 300 objects",
        _ADDED,
        _of_many({"target": _ALL, "patch": {"data": {f"k{n}": "v" for n in range(2_000)}}}),
    ),
    HostileProject(
        "patch: a text of 190 kB for 300 objects",
        _ADDED,
        _of_many({"target": _ALL, "patch": {"data": {"b": "x" * 190_000}}}),
    ),
    HostileProject("patch: a bomb of aliases", "JSG006: the aliases expand to far more values", _bomb_in_a_file),
    HostileProject("patch: 5,000 levels", _TOO_DEEP, _of_map({"patch": '{"a":' * 5_000 + "1" + "}" * 5_000})),
    HostileProject("patch: a pattern of groups", _PATTERN, _named("(" * 20_000 + ")" * 20_000)),
    HostileProject("patch: a pattern that backtracks", _NOTHING, _named("(x+x+)+y")),
    HostileProject("patch: a pattern of alternatives", _NOTHING, _named("(x|x|x|x)*y" * 20)),
    HostileProject("patch: a pattern of optional parts", _NOTHING, _named("x?" * 200 + "y")),
    HostileProject("patch: a pattern of repetitions", _PATTERN, _named("((x{1000}){1000}){1000}")),
    HostileProject(
        "patch: 500 patterns for 300 objects",
        _NOTHING,
        _of_many(*[{"target": {"name": f"(a|a?)*{n}x"}, "patch": {"data": {"a": "b"}}} for n in range(500)]),
    ),
    HostileProject("patch: a selector of 40,000 terms", _NOTHING, _selected(",".join(["a=b"] * 40_000))),
    HostileProject("patch: a selector of 40,000 values", _NOTHING, _selected(f"a in ({','.join(['b'] * 40_000)})")),
    HostileProject("patch: a selector of parentheses", _SELECTOR, _selected("a in " + "(" * 90_000)),
    HostileProject("patch: a selector of signs", _SELECTOR, _selected("!" * 90_000)),
    HostileProject("patch: a pointer of 90,000 steps", "JSG712: /a: no such key", _of_map(_operations(("remove", "/a" * 90_000)))),
    HostileProject("patch: a pointer of 180,000 escapes", "JSG712: invalid JSON pointer", _of_map(_operations(("remove", "/" + "~" * 180_000)))),
    HostileProject(
        "patch: an index of 10**5 digits",
        "JSG712: /spec/replicatedJobs/999",
        patches(_operations(("remove", "/spec/replicatedJobs/" + "9" * 100_000), target={"kind": "JobSet"})),
    ),
    HostileProject(
        "patch: 1,900 identical mistakes",
        "JSG712: unknown directive",
        _of_map(*[{"patch": {**_NAME, "$ptch": "delete"}}] * 1_900),
    ),
    HostileProject(
        "patch: 4,000 unknown operations",
        "JSG712: unknown operation",
        _of_map({"target": _ALL, "patch": [{"op": "ad", "path": "/a"}] * 4_000}),
    ),
    HostileProject(
        "patch: 1,500 objects that are not there",
        "JSG713: no object to patch",
        _of_many(*[{"patch": {**_NAME, "metadata": {"name": f"b{n}"}}} for n in range(1_500)]),
    ),
    HostileProject(
        "patch: 4,000 merge keys that occur twice",
        "JSG712: two items",
        patches(_container({"env": [_ENTRY] * 4_000})),
    ),
    HostileProject(
        "patch: 3,000 items of an order",
        "",
        patches(_container({
            "$setElementOrder/env": [{"name": f"A{n}"} for n in range(3_000, 0, -1)],
            "env": [{"name": f"A{n}", "value": "b"} for n in range(1, 3_001)],
        })),
    ),
    HostileProject(
        "patch: an order of 4,000 unknown items",
        "JSG712: is not in",
        patches(_container({"$setElementOrder/env": [], "env": [{"name": f"A{n}", "value": "b"} for n in range(4_000)]})),
    ),
    HostileProject(
        "patch: 4,000 items without a key",
        "JSG712: lacks its merge key",
        patches(_container({"env": [{"value": "b"}] * 4_000})),
    ),
    HostileProject(
        "patch: 6,000 values to delete from a list",
        "",
        patches(_container({"$deleteFromPrimitiveList/command": ["x"] * 6_000})),
    ),
    HostileProject(
        "patch: another name for all objects",
        "JSG712: the patch changes the name of the object",
        _of_many({"target": _ALL, "patch": [{"op": "replace", "path": "/metadata/name", "value": "../../x"}]}),
    ),
    HostileProject("patch: YAML in YAML in a text", _TOO_DEEP, _of_map({"patch": "[" * 100_000})),
    HostileProject(
        "patch: an object of Python in a text",
        "JSG004: unknown tag !!python/object",
        _of_map({"patch": '!!python/object/apply:os.system ["touch hacked"]'}),
    ),
    HostileProject("patch: a file of a URL", "JSG702: file not found", _of_map({"path": "https://example.com/p.yaml"})),
    HostileProject("patch: a file of another user", _OUTSIDE, _of_map({"path": "/etc/shadow"})),
    HostileProject("patch: a file above the tree", _OUTSIDE, _of_map({"path": "../../outside/secret.yaml"})),
    HostileProject("patch: a folder", "JSG702: is not a file", patches({"path": "."}, objects=SET)),
)  # fmt: skip
