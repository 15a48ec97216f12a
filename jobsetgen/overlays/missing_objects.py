"""Say that a patch has no object, or several, with what may be meant."""

from __future__ import annotations

from collections.abc import Sequence

from jobsetgen.diagnostics import Diagnostic, Path, diagnostic
from jobsetgen.overlays.objects import Identity, Objects, placed_identity
from jobsetgen.overlays.patch_codes import NO_PATCHED_OBJECT
from jobsetgen.overlays.scopes import DEFAULT_NAMESPACE
from jobsetgen.overlays.targets import Target
from jobsetgen.plain import string
from jobsetgen.source.documents import Document
from jobsetgen.words import listed_first, near, one_of

_SHOWN = 3


_NAMESPACE: Path = ("metadata", "namespace")
_NAME: Path = ("metadata", "name")
_API_VERSION: Path = ("apiVersion",)
_KIND: Path = ("kind",)

_FIELDS = ("kind", "group", "version", "namespace", "name")
_UNSET = {"namespace": DEFAULT_NAMESPACE}


def no_object(
    patch: Document, identity: Identity, objects: Objects, project: Document, *, with_hint: bool
) -> Diagnostic:
    """Return that no object has the name in a patch of a project."""
    where = f" in the namespace '{identity.namespace}'" if identity.namespace else ""
    message = f"no object to patch: {_kind(identity)} '{identity.name}'{where}"
    path = _wrong_field(identity, objects)
    hint = _hint(path, identity, objects, project) if with_hint else ""
    return diagnostic(NO_PATCHED_OBJECT, patch.place(path), message, hint)


def _wrong_field(identity: Identity, objects: Objects) -> Path:
    """Return the field of a patch that no object has."""
    if objects.named(identity._replace(namespace="")):
        return _NAMESPACE
    if objects.names(identity.group, identity.kind):
        return _NAME
    return _API_VERSION if objects.groups(identity.kind) else _KIND


def _hint(path: Path, identity: Identity, objects: Objects, project: Document) -> str:
    if path == _NAMESPACE:
        return _namespace_hint(identity, objects)
    if path == _NAME:
        return _name_hint(identity.name, objects.names(identity.group, identity.kind), project)
    if path == _API_VERSION:
        group = objects.groups(identity.kind)[0] or "none, as in v1"
        return f"Write the API group of the {identity.kind}: {group}."
    return near(identity.kind, objects.kinds())


def _namespace_hint(identity: Identity, objects: Objects) -> str:
    indexes = objects.named(identity._replace(namespace=""))
    namespaces = [name for index in indexes if (name := objects.namespace(index))]
    if not namespaces:
        return "Leave the namespace out: the object has none."
    return near(identity.namespace, namespaces) or one_of(namespaces)


def _name_hint(name: str, names: Sequence[str], project: Document) -> str:
    """Return a hint for a name, which may be that after the project's own rename."""
    if name in names:
        return "A patch before this one removes the object."
    prefix, suffix = (string(project.data, option) for option in ("namePrefix", "nameSuffix"))
    if name.startswith(prefix) and name.endswith(suffix):
        old = name.removeprefix(prefix).removesuffix(suffix)
        if old in names and old != name:
            return f"Write '{old}': patches come before the namePrefix and the nameSuffix."
    return near(name, names) or one_of(names)


def several_objects(
    patch: Document, identity: Identity, objects: Objects, indexes: Sequence[int]
) -> Diagnostic:
    """Return that a patch names several objects, which are in different namespaces."""
    found = [f"'{objects.namespace(index)}'" for index in indexes[:_SHOWN]]
    message = (
        f"the patch names {len(indexes)} objects: {_kind(identity)} '{identity.name}'"
        f" in the namespaces {listed_first(found, len(indexes))}"
    )
    hint = "Add the namespace to the patch, or use a target."
    return diagnostic(NO_PATCHED_OBJECT, patch.place(("metadata", "name")), message, hint)


def no_target(
    target: Target, objects: Objects, project: Document, *, with_hint: bool
) -> Diagnostic:
    """Return that a target matches no object."""
    message = f"no object matches the target: {target.text() or 'there is none'}"
    hint = _target_hint(target, objects, project) if with_hint else ""
    return diagnostic(NO_PATCHED_OBJECT, target.node.place, message, hint)


def _target_hint(target: Target, objects: Objects, project: Document) -> str:
    """Return what may be meant by the first field that no object has; patterns have no hint."""
    left = [placed_identity(objects[index]) for index in objects]
    for field in _FIELDS:
        pattern = target.patterns.get(field)
        text = pattern.literal if pattern else None
        if not text:
            continue
        known = [getattr(each, field) or _UNSET.get(field, "") for each in left]
        if text not in known:
            named = _name_hint if field == "name" else _other_hint
            return named(text, [each for each in known if each], project)
        left = [each for each, value in zip(left, known, strict=True) if value == text]
    return ""


def _other_hint(text: str, known: Sequence[str], _project: Document) -> str:
    return near(text, dict.fromkeys(known)) or one_of(known)


def _kind(identity: Identity) -> str:
    """Return a kind with its group, as kubectl writes it."""
    return f"{identity.kind}.{identity.group}" if identity.group else identity.kind
