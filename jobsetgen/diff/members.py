"""A rendered Job, taken apart into the template of its family and the values of its index.

Reading YAML is slow, and the Jobs of a family differ in about twenty words. A `Form` is the text of
one Job with gaps at these words: it reads the texts of the others a hundred times as fast. A form
accepts a text only if the loader would find the same data in it, except for the words in the gaps.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from jobsetgen import emit
from jobsetgen.diagnostics import Path, Place
from jobsetgen.expand import objects
from jobsetgen.expand.objects import Object, Slot
from jobsetgen.model import keys
from jobsetgen.naming import job_key, job_name
from jobsetgen.plain import mapping, string
from jobsetgen.source.documents import Document, Node

# Labels and annotations of a Job and of its pods that have a value of the index.
_OF_INDEX = {
    keys.JOB_INDEX: objects.INDEX,
    keys.JOB_GLOBAL_INDEX: objects.GLOBAL_INDEX,
    keys.JOB_GROUP_INDEX: objects.GROUP_INDEX,
    keys.JOB_KEY: objects.KEY,
}
_POD_TEMPLATE: Path = ("spec", "template")
_OF_INDEX_AT = frozenset(
    (*above, "metadata", field)
    for above in ((), _POD_TEMPLATE)
    for field in ("labels", "annotations")
)
_AFFINITY: Path = (*_POD_TEMPLATE, "spec", "affinity")
_NODE_SELECTOR: Path = (*_POD_TEMPLATE, "spec", "nodeSelector")

_SELECTED = "node selector "
"""The beginning of the slots of a node selector; its key follows."""

# With more digits, a label is not an index that jobsetgen has written.
_NUMBER = re.compile(r"0|[1-9][0-9]{0,5}")
# Words that stay one YAML scalar whatever surrounds them.
_WORD = re.compile(r"[A-Za-z0-9._-]+")
_BREAK = re.compile(r"\r\n|\r|\n")
# Line breaks to YAML, but not to an editor: the columns of the loader restart there.
_OTHER_BREAK = re.compile("[\x85\u2028\u2029]")


class Identity(NamedTuple):
    """The family of a Job: the namespace, the set and the replicatedJob."""

    namespace: str
    jobset: str
    replicated_job: str


class Numbering(NamedTuple):
    """How the values of a Job follow from its index; the same for all regular Jobs of a family.

    `affixes` are what kustomize has put before and after the name, None for another name.
    `key_namespace` is the namespace that the Job's key is derived from, None if it is unknown, as
    after kustomize has changed the namespace. `selected_namespace` is that of the node selector for
    a namespaced Job; of another value, it is the whole.
    """

    affixes: tuple[str, str] | None
    first_global_index: int | None
    first_group_index: int | None
    key_namespace: str | None
    selected_namespace: str | None


class Likeness(NamedTuple):
    """What all regular Jobs of a family share: a digest of the template, and the numbering."""

    digest: bytes
    numbering: Numbering


@dataclass(frozen=True, slots=True)
class Member:
    """One Job of a family.

    `template` has slots for the values of the index, and a slot of its own for each value of the
    node selector; these values are in `selector`, by slot. `name` is the Job's.
    """

    identity: Identity
    index: int
    name: str
    likeness: Likeness
    selector: tuple[tuple[Slot, str], ...]
    template: Object


@dataclass(frozen=True, slots=True)
class Form:
    """The text of a Job with a gap for each value of its index.

    `literals` are the texts before, between and after the gaps. `gaps` have the slot of each value,
    and whether it is written without quotes.
    """

    identity: Identity
    digest: bytes
    template: Object
    literals: tuple[str, ...]
    gaps: tuple[tuple[Slot, bool], ...]

    def member(self, text: str) -> Member | None:
        """Return the Job of a text, or None if it differs from the form outside the gaps."""
        values = self._values(text)
        if values is None:
            return None
        return _member(self.identity, values, self.digest, self.template)

    def _values(self, text: str) -> dict[Slot, str] | None:
        values: dict[Slot, str] = {}
        at = 0
        for literal, (slot, is_bare) in zip(self.literals, self.gaps, strict=False):
            if not text.startswith(literal, at):
                return None
            word = _WORD.match(text, at + len(literal))
            if word is None or values.setdefault(slot, word[0]) != word[0]:
                return None
            if is_bare and not emit.is_plain(word[0]):
                return None
            at = word.end()
        return values if text[at:] == self.literals[-1] else None


def identity_of(data: Mapping[str, Any]) -> Identity | None:
    """Return the family of an object, or None if it is not a Job of a set."""
    if (data.get("apiVersion"), data.get("kind")) != ("batch/v1", "Job"):
        return None
    metadata = mapping(data, "metadata")
    labels = mapping(metadata, "labels")
    jobset = string(labels, keys.JOBSET_NAME)
    replicated_job = string(labels, keys.REPLICATED_JOB_NAME)
    is_numbered = _NUMBER.fullmatch(string(labels, keys.JOB_INDEX))
    if not (jobset and replicated_job and is_numbered and string(metadata, "name")):
        return None
    return Identity(string(metadata, "namespace"), jobset, replicated_job)


def take_apart(
    document: Document, identity: Identity, text: str, strings: dict[str, str]
) -> tuple[Member, Form | None]:
    """Return a Job as a member of its family, and the form of its text.

    `text` holds nothing but the Job; if it is empty, or the values cannot be found in it, there is
    no form. `strings` are shared by all Jobs, which mostly hold the same ones.
    """
    values = dict(_values_of(document.data))
    walk = _Walk(values, strings)
    template = walk.template(document.root)
    digest = hashlib.sha256(emit.text(template).encode()).digest()
    member = _member(identity, values, digest, template)
    assert member is not None
    gaps = walk.gaps()
    cut = _cut(text, gaps, values) if text and gaps is not None else None
    form = Form(identity, digest, template, *cut) if cut else None
    return member, form


def _values_of(job: Mapping[str, Any]) -> Iterator[tuple[Slot, str]]:
    """Yield the values of a Job that its index may decide."""
    metadata = mapping(job, "metadata")
    yield objects.NAME, string(metadata, "name")
    labels = mapping(metadata, "labels")
    for key, slot in _OF_INDEX.items():
        value = string(labels, key)
        expected = _WORD if slot is objects.KEY else _NUMBER
        if expected.fullmatch(value):
            yield slot, value
    pod = mapping(mapping(mapping(job, "spec"), "template"), "spec")
    selector = mapping(pod, "nodeSelector")
    for key in selector:
        value = string(selector, key)
        if _WORD.fullmatch(value):
            yield _slot_of_selector(key), value


def _slot_of_selector(key: str) -> Slot:
    return objects.NAMESPACED_NAME if key == keys.NAMESPACED_JOB else Slot(f"{_SELECTED}{key}")


def _slot_at(path: Path) -> Slot | None:
    """Return the slot that a value at a path of a Job may have."""
    if path == ("metadata", "name"):
        return objects.NAME
    above, step = path[:-1], str(path[-1])
    if above in _OF_INDEX_AT:
        return _OF_INDEX.get(step)
    if above == _NODE_SELECTOR:
        return _slot_of_selector(step)
    if path[: len(_AFFINITY)] == _AFFINITY and above[-1] == "values":
        return objects.KEY
    return None


class _Walk:
    """A walk through a Job: it builds the template, and notes where the replaced values are."""

    def __init__(self, values: Mapping[Slot, str], strings: dict[str, str]) -> None:
        self.values = values
        self.strings = strings
        self.slots: dict[Place, Slot | None] = {}
        self.has_conflict = False

    def template(self, root: Node) -> Object:
        """Return a Job with slots instead of the values of its index."""
        built = self._built(root, ())
        assert isinstance(built, dict)
        return built

    def gaps(self) -> list[tuple[Place, Slot]] | None:
        """Return the places of the values, in order; None if one also stands for something else.

        An alias repeats a value elsewhere, where it may not be a value of the index.
        """
        if self.has_conflict:
            return None
        return sorted((place, slot) for place, slot in self.slots.items() if slot is not None)

    def _built(self, node: Node, path: Path) -> Any:
        if isinstance(node.children, dict):
            entries = node.children.items()
            return {self._shared(key): self._built(item, (*path, key)) for key, item in entries}
        if isinstance(node.data, list):
            items = enumerate(node.children)
            return [self._built(item, (*path, index)) for index, item in items]
        return self._leaf(node, path)

    def _leaf(self, node: Node, path: Path) -> Any:
        if not isinstance(node.data, str):
            return node.data
        slot = _slot_at(path) if path else None
        if slot is not None and self.values.get(slot) != node.data:
            slot = None
        if self.slots.setdefault(node.place, slot) != slot:
            self.has_conflict = True
        return self._shared(node.data) if slot is None else slot

    def _shared(self, text: str) -> str:
        return self.strings.setdefault(text, text)


def _member(
    identity: Identity, values: Mapping[Slot, str], digest: bytes, template: Object
) -> Member | None:
    """Return the member with the values of an index, or None if they are no such values."""
    numbers = (objects.INDEX, objects.GLOBAL_INDEX, objects.GROUP_INDEX)
    if not all(_NUMBER.fullmatch(values[slot]) for slot in numbers if slot in values):
        return None
    index = int(values[objects.INDEX])
    selector = sorted(entry for entry in values.items() if entry[0].startswith(_SELECTED))
    return Member(
        identity=identity,
        index=index,
        name=values[objects.NAME],
        likeness=Likeness(digest, _numbering(identity, index, values)),
        selector=tuple(selector),
        template=template,
    )


def _numbering(identity: Identity, index: int, values: Mapping[Slot, str]) -> Numbering:
    plain = job_name(identity.jobset, identity.replicated_job, index)
    selected = values.get(objects.NAMESPACED_NAME)
    namespaces = [identity.namespace, "default", *_selected(selected, plain)]
    return Numbering(
        affixes=affixes(values[objects.NAME], plain),
        first_global_index=_first(values.get(objects.GLOBAL_INDEX), index),
        first_group_index=_first(values.get(objects.GROUP_INDEX), index),
        key_namespace=_key_namespace(namespaces, plain, values.get(objects.KEY)),
        selected_namespace=next(_selected(selected, plain), selected),
    )


def affixes(name: str, plain: str) -> tuple[str, str] | None:
    """Return what stands before and after a plain name in a name, or None if it is another one."""
    before, found, after = name.partition(plain)
    return (before, after) if found else None


def _first(number: str | None, index: int) -> int | None:
    return None if number is None else int(number) - index


def _selected(value: str | None, plain: str) -> Iterator[str]:
    """Yield the namespace in a node selector's value, `<namespace>_<name>`."""
    if value is not None and value.endswith(f"_{plain}"):
        yield value.removesuffix(f"_{plain}")


def _key_namespace(namespaces: list[str], plain: str, key: str | None) -> str | None:
    """Return the namespace that a Job's key is derived from, or None if it is none of these."""
    return next((each for each in namespaces if job_key(each, plain) == key), None)


def _cut(
    text: str, gaps: list[tuple[Place, Slot]], values: Mapping[Slot, str]
) -> tuple[tuple[str, ...], tuple[tuple[Slot, bool], ...]] | None:
    """Return the literals and the gaps of a text; None if a value is not written as it is."""
    if _OTHER_BREAK.search(text):
        return None
    starts = [0, *(found.end() for found in _BREAK.finditer(text))]
    literals: list[str] = []
    cut: list[tuple[Slot, bool]] = []
    at = 0
    for place, slot in gaps:
        span = _span(text, starts, place, values[slot])
        if span is None:
            return None
        literals.append(text[at : span.begin])
        cut.append((slot, span.is_bare))
        at = span.end
    return (*literals, text[at:]), tuple(cut)


class _Span(NamedTuple):
    """Where a value is in a text, without its quotes, and whether it has none."""

    begin: int
    end: int
    is_bare: bool


def _span(text: str, starts: list[int], place: Place, value: str) -> _Span | None:
    """Return where a value is in a text.

    None if it is written in another way: with an anchor, an escape, or over lines.
    """
    if place.end_column is None or not _WORD.fullmatch(value):
        return None
    start = starts[place.line - 1]
    begin, end = start + place.column - 1, start + place.end_column - 1
    written = text[begin:end]
    if written == value:
        return _Span(begin, end, is_bare=True)
    if written in (f'"{value}"', f"'{value}'"):
        return _Span(begin + 1, end - 1, is_bare=False)
    return None
