"""A side of a comparison: the training sets of one state, and the objects that pass through.

Compiled specs and rendered manifests have the same form here: the Jobs of a replicatedJob are one
template with slots, so comparing 10,000 Jobs costs as much as comparing four.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from jobsetgen.diagnostics import Diagnostic, Place
from jobsetgen.expand.objects import Object
from jobsetgen.kubernetes.accelerators import accelerators
from jobsetgen.output.transformers import Transformer
from jobsetgen.plain import integer, mapping

Kind = Literal["specs", "project", "rendered", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The Jobs of one replicatedJob.

    `template` has slots (`expand.objects.Slot`) where the Jobs differ. `indexes` are the Jobs that
    exist. `irregular` are the indexes of those that differ from the template in other ways, as
    after an edit by hand, and `edited` are their own templates by index, as far as they are kept.
    `missing` are those that the set's labels announce and that do not exist. `domains` are the
    topology domains of the Jobs, by index, if they are pinned.
    """

    replicated_job: str
    template: Object
    indexes: tuple[int, ...]
    irregular: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    domains: tuple[str, ...] = ()
    edited: Mapping[int, Object] = field(default_factory=dict)

    @property
    def pods(self) -> int:
        """The number of pods that run at the same time in each Job."""
        spec = mapping(self.template, "spec")
        parallelism = integer(spec, "parallelism", 1)
        completions = integer(spec, "completions", parallelism)
        # In rendered manifests, which nobody has validated, either may be negative.
        return max(min(parallelism, completions), 0)

    @property
    def accelerators(self) -> dict[str, int]:
        """The accelerators of one pod, by resource."""
        spec = mapping(self.template, "spec")
        return accelerators(mapping(mapping(spec, "template"), "spec"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSet:
    """One set as it is applied.

    `mode` is who creates the Jobs. `plan` is the watcher's plan as data, None without a watcher.
    `others` are its other objects in output order: claims, Service, rights, state, script and the
    watcher's Job. `place` is where its spec begins; None for rendered manifests. Unless
    `is_profile_known`, its objects tell neither the profile nor the policy, and the worst is
    assumed.
    """

    namespace: str
    name: str
    mode: Literal["git", "watcher"]
    update_policy: Literal["Recreate", "OnRestart", "Block"]
    profile: Literal["any", "argocd", "flux", "none"]
    generation: str
    is_suspended: bool
    families: tuple[Family, ...]
    others: tuple[Object, ...]
    plan: Mapping[str, Any] | None
    place: Place | None = None
    is_profile_known: bool = True

    @property
    def jobs(self) -> int:
        """The number of its Jobs."""
        return sum(len(each.indexes) for each in self.families)

    @property
    def pods(self) -> int:
        """The number of its pods that run at the same time."""
        return sum(each.pods * len(each.indexes) for each in self.families)

    @property
    def accelerators(self) -> dict[str, int]:
        """The accelerators of all its pods, by resource."""
        totals: dict[str, int] = {}
        for each in self.families:
            for resource, count in each.accelerators.items():
                number = count * each.pods * len(each.indexes)
                totals[resource] = totals.get(resource, 0) + number
        return dict(sorted(totals.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One state: its sets and the objects that pass through, in output order.

    `label` is its name for people: a path, or a path and a revision. `revision` is the commit, or
    empty. If `is_broken`, it does not compile, and `diagnostics` say why. `transformers` are what the
    kustomization of each output folder does beyond listing the manifests, by field.
    """

    kind: Kind
    label: str
    revision: str = ""
    sets: tuple[TrainingSet, ...] = ()
    pass_through: tuple[Object, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    is_broken: bool = False
    transformers: tuple[Mapping[str, Transformer], ...] = ()
