"""Rename the objects of a project, with all references to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from jobsetgen.diagnostics import Diagnostic, Finding, Path
from jobsetgen.kubernetes.names import MAX_SUBDOMAIN, is_dns_1035_label, is_dns_1123_subdomain
from jobsetgen.overlays.changed import Changed
from jobsetgen.overlays.metadata_codes import INVALID_METADATA
from jobsetgen.overlays.old_names import old_names_in_text
from jobsetgen.overlays.reference_fields import JOBSET
from jobsetgen.overlays.references import (
    Reference,
    kind_of,
    references,
    references_of_options,
)
from jobsetgen.overlays.renames import (
    ANY_NAMESPACE,
    Affixes,
    Namespaces,
    Renames,
    is_renamed,
    name_of,
)
from jobsetgen.overlays.unfollowed import unfollowed
from jobsetgen.plain import mapping, string
from jobsetgen.source.documents import Document, Node, mapping_node, sequence_node

_NAME: Path = ("metadata", "name")
_GENERATE_NAME: Path = ("metadata", "generateName")
_RBAC = "rbac.authorization.k8s.io/"
_LABEL_RULE = (
    "must consist of lower-case letters, digits and dashes, beginning with a letter and not ending"
    " with a dash"
)
_OPTIONS = ("namePrefix", "nameSuffix")


def renamed(documents: Sequence[Document], project: Document, namespace: str = "") -> Changed:
    """Return documents with the `namePrefix` and the `nameSuffix` of a project.

    Every object gets a new name, except for Namespaces, CustomResourceDefinitions and APIServices,
    as in kustomize. References to a renamed object follow if it is among the documents, in the
    namespace of the object that refers to it; `namespace` is that of objects without one, by the
    options. A name that nothing there has is that of an object elsewhere. Names keep their
    places, where the old name is. The diagnostics are the options that make invalid names, the old names in texts, and
    the references that should perhaps follow.
    """
    affixes = _affixes(project)
    if affixes == Affixes():
        return Changed(tuple(documents))

    invalid = _invalid_options(documents, project)
    if invalid:
        return Changed(tuple(documents), tuple(invalid))

    renames = Renames(documents, affixes, Namespaces(namespace))
    changed = tuple(_renamed(document, renames, affixes, project) for document in documents)
    found = [*old_names_in_text(documents, renames), *unfollowed(documents, renames)]
    return Changed(changed, tuple(found))


def renamed_options(
    documents: Sequence[Document], project: Document, options: Document, namespace: str = ""
) -> Document:
    """Return options that name objects as they are after the rename of a project.

    `documents` are those before it. The options are those of the project or of a base; an entry
    may have either name. `namespace` is that of `renamed`. An entry that names a JobSet is for all
    of its name.
    """
    affixes = _affixes(project)
    found = [] if affixes == Affixes() else list(references_of_options(options.data))
    # Most of many layers name no object, and then all objects need not be looked at.
    if not found:
        return options
    renames = Renames(documents, affixes, Namespaces(namespace))
    anywhere = [each._replace(namespace=ANY_NAMESPACE) for each in found if each.kind == JOBSET]
    others = [each for each in found if each.kind != JOBSET]
    texts = _followed([*anywhere, *others], renames, namespace or ANY_NAMESPACE)
    return _with_texts(options, texts, project)


def _affixes(project: Document) -> Affixes:
    return Affixes(*(string(project.data, option) for option in _OPTIONS))


def _renamed(document: Document, renames: Renames, affixes: Affixes, project: Document) -> Document:
    data = document.data
    if not isinstance(data, Mapping):
        return document
    texts = _followed(references(data), renames, renames.namespaces.of(document))
    return _with_texts(document, {**texts, **_own_names(data, affixes)}, project)


def _own_names(data: Mapping[str, Any], affixes: Affixes) -> dict[Path, str]:
    """Return the new name of an object by its path."""
    if not is_renamed(data):
        return {}
    if name := name_of(data):
        return {_NAME: affixes.around(name)}
    if generate_name := string(mapping(data, "metadata"), "generateName"):
        return {_GENERATE_NAME: affixes.around_generated(generate_name)}
    return {}


def _followed(found: Iterable[Reference], renames: Renames, namespace: str) -> dict[Path, str]:
    """Return the new names of references to renamed objects by their paths.

    `namespace` is that of the object with the references.
    """
    texts = {}
    for each in found:
        where = namespace if each.namespace is None else each.namespace
        new = renames.new_name(each.kind, each.name, where)
        if new is not None:
            texts[each.path] = new
    return texts


_Texts = dict[str | int, "_Texts | str"]


def _with_texts(document: Document, texts: Mapping[Path, str], project: Document) -> Document:
    """Return a document with other texts at some paths; each keeps the place of the former text."""
    if not texts:
        return document
    tree: _Texts = {}
    for path, text in texts.items():
        branch: Any = tree
        for step in path[:-1]:
            branch = branch.setdefault(step, {})
        branch[path[-1]] = text
    return document.changed(partial(_with_tree, tree=tree), project.root)


def _with_tree(node: Node, tree: _Texts | str) -> Node:
    if isinstance(tree, str):
        return Node(tree, node.place)
    if isinstance(node.children, dict):
        children = dict(node.children)
        for key in map(str, tree):
            children[key] = _with_tree(children[key], tree[key])
        return mapping_node(children, node.place, node.keys)
    items = list(node.children)
    for index in map(int, tree):
        items[index] = _with_tree(items[index], tree[index])
    return sequence_node(items, node.place)


def _invalid_options(documents: Sequence[Document], project: Document) -> list[Diagnostic]:
    """Return an error for each option that makes an invalid name out of a valid one.

    The names of JobSets are limited by those of their pods, which rules check later.
    """
    affixes = _affixes(project)
    alone = [
        *_invalid(documents, project, "namePrefix", affixes._replace(suffix="")),
        *_invalid(documents, project, "nameSuffix", affixes._replace(prefix="")),
    ]
    # Together they may be too long.
    longest = "namePrefix" if len(affixes.prefix) >= len(affixes.suffix) else "nameSuffix"
    return alone or list(_invalid(documents, project, longest, affixes))


def _invalid(
    documents: Sequence[Document], project: Document, option: str, affixes: Affixes
) -> Iterator[Diagnostic]:
    """Yield an error for the first object that gets an invalid name."""
    for document in documents:
        reason = _reason(document.data, affixes)
        if reason:
            message = f"invalid {option} '{project.data[option]}': {reason}"
            yield project.diagnostic(INVALID_METADATA, Finding((option,), message))
            return


def _reason(data: Any, affixes: Affixes) -> str:
    """Return why the new name of an object is invalid; nothing where the old one is, too."""
    if not is_renamed(data):
        return ""
    kind, old = kind_of(data), name_of(data)
    new = affixes.around(old)
    if not old or _broken_rule(kind, old):
        return ""
    rule = _broken_rule(kind, new)
    return f"it makes the {string(data, 'kind')} name '{new}', which {rule}" if rule else ""


def _broken_rule(kind: str, name: str) -> str:
    """Return the rule for names of a kind that a name breaks, or an empty string."""
    if kind == JOBSET:
        return "" if is_dns_1035_label(name) else _LABEL_RULE
    if kind.startswith(_RBAC):
        return "must not contain / or %" if set(name) & {"/", "%"} else ""
    if not is_dns_1123_subdomain(name):
        return "must be a DNS name in lower case"
    if len(name) > MAX_SUBDOMAIN:
        return f"has {len(name)} characters, {len(name) - MAX_SUBDOMAIN} more than allowed"
    return ""
