"""The fields of a kustomization by which kustomize reads files, fetches URLs or runs programs.

The fields are those of kustomize 5 (api/types/kustomization.go). A field that is not listed here is
refused: what it reads is unknown. Go also reads `Resources` as `resources`, so names are compared
exactly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.plain import items, mapping, objects
from jobsetgen.words import near

Role = Literal["resource", "folder", "file", "plugin"]
"""What an entry may name: a file or a folder, only a folder, only a file, or a plugin's file."""


class Reference(NamedTuple):
    """An entry of a kustomization that names a file or a folder.

    `key` is the part in front of the path: the key of a generated ConfigMap with its `=`.
    """

    path: Path
    text: str
    role: Role
    key: str = ""


_ALONE = frozenset(
    [
        "apiVersion",
        "kind",
        "metadata",
        "namePrefix",
        "nameSuffix",
        "namespace",
        "commonLabels",
        "commonAnnotations",
        "labels",
        "images",
        "imageTags",
        "replicas",
        "vars",
        "sortOptions",
        "generatorOptions",
        "buildMetadata",
    ]
)
_HELM = frozenset(["helmGlobals", "helmCharts", "helmChartInflationGenerator"])
_LISTS: Mapping[str, Role] = {
    "resources": "resource",
    "bases": "resource",
    "components": "folder",
    "crds": "file",
    "configurations": "file",
    "patchesStrategicMerge": "file",
    "generators": "plugin",
    "transformers": "plugin",
    "validators": "plugin",
}
_PATCH = frozenset(["path", "patch", "target", "options"])
_GENERATED = frozenset(
    ["name", "namespace", "behavior", "literals", "files", "env", "envs", "options", "type"]
)
_OBJECTS = {
    "patches": _PATCH,
    "patchesJson6902": _PATCH,
    "replacements": frozenset(["path", "source", "sourceValue", "targets"]),
    "configMapGenerator": _GENERATED,
    "secretGenerator": _GENERATED,
}
_OPENAPI = frozenset(["path", "version"])
_KNOWN = frozenset([*_ALONE, *_HELM, *_LISTS, *_OBJECTS, "openapi"])

_PLUGIN_VERSION = "builtin"
_BUILT_IN = frozenset(
    [
        "AnnotationsTransformer",
        "ConfigMapGenerator",
        "HashTransformer",
        "IAMPolicyGenerator",
        "ImageTagTransformer",
        "LabelTransformer",
        "NamespaceTransformer",
        "PatchJson6902Transformer",
        "PatchStrategicMergeTransformer",
        "PatchTransformer",
        "PrefixSuffixTransformer",
        "PrefixTransformer",
        "ReplacementTransformer",
        "ReplicaCountTransformer",
        "SecretGenerator",
        "SuffixTransformer",
    ]
)
_FILES_OF_PLUGINS = frozenset(["env", "envs", "files", "path", "paths", "targetfilepath"])

# A scheme, `git::`, a user of SSH, or GitHub without a scheme (api/internal/git/repospec.go). A
# query is not part of any path that is meant to be local.
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*:|[a-z][a-z0-9-]*@|github\.com/|.*://|.*\?", re.I | re.S)
# Line breaks to some readers of YAML, also in quotes; JSON does not escape them.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


def is_remote(text: str) -> bool:
    """Whether kustomize could fetch an entry, which it tries before it looks for a local file."""
    return _REMOTE.match(text) is not None


def is_inline(text: str) -> bool:
    """Whether an entry is YAML and not a path. Neither form can be a URL."""
    return text.startswith("{") or "\n" in text


def refused_fields(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the fields that kustomize may not have: those of Helm, and unknown ones."""
    for name in data:
        if name in _HELM:
            message = f"{name} would run Helm"
            hint = "Commit the output of helm template, and list it in resources."
            yield Finding(path=(name,), message=message, hint=hint, on_key=True)
    yield from _unknown(data, _KNOWN, ())
    for field, known in _OBJECTS.items():
        for index, item in objects(data, field):
            yield from _unknown(item, known, (field, index))
    yield from _unknown(mapping(data, "openapi"), _OPENAPI, ("openapi",))


def _unknown(data: Mapping[str, Any], known: frozenset[str], path: Path) -> Iterator[Finding]:
    for name in data:
        if name not in known:
            message = f"unknown field '{name}'; what kustomize reads for it cannot be checked"
            hint = near(name, sorted(known))
            yield Finding(path=(*path, name), message=message, hint=hint, on_key=True)


def references(data: Mapping[str, Any]) -> Iterator[Reference]:
    """Yield the entries that name files and folders; inline patches are not among them.

    A value of another type is left to kustomize, which refuses it before it reads a file.
    """
    for field, role in _LISTS.items():
        for index, text in enumerate(items(data, field)):
            is_patch = field == "patchesStrategicMerge" and is_inline(str(text))
            if isinstance(text, str) and not is_patch:
                yield Reference((field, index), text, role)
    for field in ("patches", "patchesJson6902", "replacements"):
        for index, item in objects(data, field):
            yield from _named(item, "path", (field, index))
    for field in ("configMapGenerator", "secretGenerator"):
        for index, item in objects(data, field):
            yield from _generated(item, (field, index))
    yield from _named(mapping(data, "openapi"), "path", ("openapi",))


def _named(data: Mapping[str, Any], field: str, path: Path) -> Iterator[Reference]:
    text = data.get(field)
    # kustomize takes an empty path for none.
    if isinstance(text, str) and text:
        yield Reference((*path, field), text, "file")


def _generated(data: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    yield from _named(data, "env", path)
    for index, text in enumerate(items(data, "envs")):
        if isinstance(text, str):
            yield Reference((*path, "envs", index), text, "file")
    for index, text in enumerate(items(data, "files")):
        if isinstance(text, str):
            key, equals, name = text.rpartition("=")
            yield Reference((*path, "files", index), name, "file", key + equals)


def refused_plugin(data: Any) -> str:
    """Return why kustomize may not run the generator or transformer of an object, or nothing.

    Only what is built into kustomize runs, and none that reads a file of its own: kustomize fetches
    that, too.
    """
    if not isinstance(data, Mapping):
        return "not an object"
    kind = data.get("kind")
    if data.get("apiVersion") != _PLUGIN_VERSION or kind not in _BUILT_IN:
        return f"{kind} of {data.get('apiVersion')} is not built into kustomize: it would run a program"
    parts = [data, *_folded(data, "replacements")]
    named = [key for part in parts for key, value in part.items() if value and _names_file(key)]
    return f"{named[0]} of a {kind} names a file" if named else ""


def _folded(data: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """Yield the mappings in a list, whatever the case of its key, which Go ignores."""
    for key in data:
        if key.casefold() == name:
            yield from (item for _, item in objects(data, key))


def _names_file(key: str) -> bool:
    return key.casefold() in _FILES_OF_PLUGINS


def as_json(data: Any) -> str:
    """Return data as JSON that every reader of YAML reads alike.

    kustomize is given this and not the file that was checked: another reader might find another
    field in that.
    """
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def edited(data: Any, edits: Mapping[Path, str], path: Path = ()) -> Any:
    """Return data with other values at some paths."""
    if path in edits:
        return edits[path]
    if isinstance(data, Mapping):
        return {key: edited(value, edits, (*path, key)) for key, value in data.items()}
    if isinstance(data, list):
        return [edited(item, edits, (*path, index)) for index, item in enumerate(data)]
    return data
