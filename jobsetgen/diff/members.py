"""A rendered Job, taken apart into the template of its family and the values of its index."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from jobsetgen import emit
from jobsetgen.diagnostics import Path
from jobsetgen.diff.forms import WORD, Form, take_apart
from jobsetgen.expand import objects
from jobsetgen.expand.objects import Object, Slot
from jobsetgen.model import keys
from jobsetgen.naming import job_key, job_name
from jobsetgen.plain import mapping, string
from jobsetgen.source.documents import Document

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
    a namespaced Job, None without one.
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
    node selector; these values are in `selector`, by slot. `name` and `key` are the Job's.
    """

    identity: Identity
    index: int
    name: str
    key: str
    likeness: Likeness
    selector: tuple[tuple[Slot, str], ...]
    template: Object


@dataclass(frozen=True, slots=True)
class JobForm:
    """The text of a Job with a gap for each value of its index."""

    identity: Identity
    digest: bytes
    template: Object
    form: Form

    def member(self, text: str) -> Member | None:
        """Return the Job of a text, or None if it differs from the form in more than its index."""
        values = self.form.values(text)
        if values is None:
            return None
        return _member(self.identity, values, self.digest, self.template)


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


def read_job(
    document: Document, identity: Identity, text: str, strings: dict[str, str]
) -> tuple[Member, JobForm | None]:
    """Return a Job as a member of its family, and the form of its text if it has one.

    `text` holds nothing but the Job, or is empty. `strings` are shared by all objects.
    """
    values = dict(_values_of(document.data, identity))
    apart = take_apart(document, text, values, _slot_at, strings)
    digest = hashlib.sha256(emit.text(apart.template).encode()).digest()
    member = _member(identity, values, digest, apart.template)
    assert member is not None
    form = JobForm(identity, digest, apart.template, apart.form) if apart.form else None
    return member, form


def _values_of(job: Mapping[str, Any], identity: Identity) -> Iterator[tuple[Slot, str]]:
    """Yield the values of a Job that its index may decide."""
    metadata = mapping(job, "metadata")
    yield objects.NAME, string(metadata, "name")
    labels = mapping(metadata, "labels")
    for key, slot in _OF_INDEX.items():
        value = string(labels, key)
        expected = WORD if slot is objects.KEY else _NUMBER
        if expected.fullmatch(value):
            yield slot, value
    plain = job_name(identity.jobset, identity.replicated_job, int(string(labels, keys.JOB_INDEX)))
    pod = mapping(mapping(mapping(job, "spec"), "template"), "spec")
    selector = mapping(pod, "nodeSelector")
    for key in selector:
        value = string(selector, key)
        slot = _slot_of_selector(key)
        if slot == objects.NAMESPACED_NAME and _selected_namespace(value, plain) is None:
            # A JobSet may select the nodes of one certain Job for all its Jobs.
            continue
        if WORD.fullmatch(value):
            yield slot, value


def _slot_of_selector(key: str) -> Slot:
    return objects.NAMESPACED_NAME if key == keys.NAMESPACED_JOB else Slot(f"{_SELECTED}{key}")


def _slot_at(path: Path) -> Slot | None:
    """Return the slot that a value at a path of a Job may have."""
    if path == ("metadata", "name"):
        return objects.NAME
    if not path:
        return None
    above, step = path[:-1], str(path[-1])
    if above in _OF_INDEX_AT:
        return _OF_INDEX.get(step)
    if above == _NODE_SELECTOR:
        return _slot_of_selector(step)
    if path[: len(_AFFINITY)] == _AFFINITY and above[-1] == "values":
        return objects.KEY
    return None


def _member(
    identity: Identity, values: Mapping[Slot, str], digest: bytes, template: Object
) -> Member | None:
    """Return the member with the values of an index, or None if they are no such values."""
    numbers = (objects.INDEX, objects.GLOBAL_INDEX, objects.GROUP_INDEX)
    if not all(_NUMBER.fullmatch(values[slot]) for slot in numbers if slot in values):
        return None
    index = int(values[objects.INDEX])
    numbering = _numbering(identity, index, values)
    if objects.NAMESPACED_NAME in values and numbering.selected_namespace is None:
        return None
    selector = sorted(entry for entry in values.items() if entry[0].startswith(_SELECTED))
    return Member(
        identity=identity,
        index=index,
        name=values[objects.NAME],
        key=values.get(objects.KEY, ""),
        likeness=Likeness(digest, numbering),
        selector=tuple(selector),
        template=template,
    )


def _numbering(identity: Identity, index: int, values: Mapping[Slot, str]) -> Numbering:
    plain = job_name(identity.jobset, identity.replicated_job, index)
    selected = _selected_namespace(values.get(objects.NAMESPACED_NAME), plain)
    namespaces = [identity.namespace, "default", *([selected] if selected else [])]
    return Numbering(
        affixes=affixes(values[objects.NAME], plain),
        first_global_index=_first(values.get(objects.GLOBAL_INDEX), index),
        first_group_index=_first(values.get(objects.GROUP_INDEX), index),
        key_namespace=_key_namespace(namespaces, plain, values.get(objects.KEY)),
        selected_namespace=selected,
    )


def affixes(name: str, plain: str) -> tuple[str, str] | None:
    """Return what stands before and after a plain name in a name, or None if it is another one."""
    before, found, after = name.partition(plain)
    return (before, after) if found else None


def _first(number: str | None, index: int) -> int | None:
    return None if number is None else int(number) - index


def _selected_namespace(value: str | None, plain: str) -> str | None:
    """Return the namespace in a node selector's value, `<namespace>_<name>`, or None."""
    if value is None or not value.endswith(f"_{plain}"):
        return None
    return value.removesuffix(f"_{plain}")


def _key_namespace(namespaces: list[str], plain: str, key: str | None) -> str | None:
    """Return the namespace that a Job's key is derived from, or None if it is none of these."""
    return next((each for each in namespaces if job_key(each, plain) == key), None)
