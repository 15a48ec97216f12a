"""The result of a comparison, as values that every format prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jobsetgen.diagnostics import Diagnostic, Link, Place
from jobsetgen.diff.sides import Side, TrainingSet

Operation = Literal["add", "remove", "replace", "move"]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One changed field.

    `path` leads to it from the object's root. An item of a list that has a key (a container's name,
    a variable's name, …) is in the path by that key, another item by its index. `old` is None if
    the field is added, `new` if it is removed. `text` has the lines of a unified diff for a script
    or for JSON in a string, without file names; otherwise it is empty. The values of Secrets never
    get here.
    """

    path: Path
    operation: Operation
    old: Any = None
    new: Any = None
    text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectChange:
    """The changes of one object, or of all Jobs of a replicatedJob, that have one consequence.

    `kind` and `name` are the object's. For Jobs of a set, `replicated_job` is set, `name` is that
    of the replicatedJob, and `indexes` are the Jobs concerned. `operation` is what happens to the
    object itself; with "replace", `fields` has the changed fields. `trigger` is that of
    the table in `diff.consequences`, `consequence` one of its ids, and `sentence` says what it means
    here, with numbers and names.
    """

    kind: str
    name: str
    operation: Operation
    trigger: str
    consequence: str
    sentence: str
    source: Link
    fields: tuple[FieldChange, ...] = ()
    replicated_job: str = ""
    indexes: tuple[int, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetChange:
    """What happens to one set; `verdict` is the worst consequence of its changes.

    `old` is None if the set is new, `new` if it is removed. `renamed_from` is the namespace and
    the name of the set that it was. `causes` are the changed fields that lead to the verdict, as
    phrases. `added_diagnostics` and `gone_diagnostics` are those that only one side has.
    """

    namespace: str
    name: str
    verdict: str
    sentence: str
    old: TrainingSet | None
    new: TrainingSet | None
    renamed_from: tuple[str, str] | None = None
    causes: tuple[str, ...] = ()
    changes: tuple[ObjectChange, ...] = ()
    notes: tuple[str, ...] = ()
    failure_policy: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    added_diagnostics: tuple[Diagnostic, ...] = ()
    gone_diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Totals before and after: Jobs, pods, accelerators by resource."""

    jobs: tuple[int, int] = (0, 0)
    pods: tuple[int, int] = (0, 0)
    accelerators: tuple[Mapping[str, int], Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that differs between two sides, the worst first.

    `sets` has only the sets that change; `unchanged` is the number of the others. `pass_through`
    are the changes of objects that are not ours. `verdict` is the worst of all. `notes` are
    sentences about the comparison itself, as that a spec is compared with rendered manifests.
    `kustomized` are the fields of a kustomization that change what is applied, and whose effect is
    not compared; the verdict is then `unknown`.
    """

    old: Side
    new: Side
    verdict: str
    sets: tuple[SetChange, ...]
    unchanged: int
    pass_through: tuple[ObjectChange, ...]
    totals: Totals
    notes: tuple[str, ...] = ()
    kustomized: tuple[str, ...] = ()
