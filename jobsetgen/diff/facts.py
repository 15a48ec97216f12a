"""What the objects of a set tell about it: who creates its Jobs, who replaces them, and how.

Only what is applied counts, so the answers are the same for a compiled spec and for its rendered
manifests, and an annotation that a user or a patch has changed counts as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobsetgen.diff.sides import Family
from jobsetgen.expand.objects import Object
from jobsetgen.model import keys
from jobsetgen.options.values import JobsOwner, Profile, UpdatePolicy
from jobsetgen.plain import boolean, mapping, string

_FORCE = "Force"
_POLICIES: Mapping[str, UpdatePolicy] = {
    "Recreate": "Recreate",
    "OnRestart": "OnRestart",
    "Block": "Block",
}
# By whether there are annotations for Argo CD and for Flux.
_PROFILES: Mapping[tuple[bool, bool], Profile] = {
    (True, True): "any",
    (True, False): "argocd",
    (False, True): "flux",
    (False, False): "none",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the objects of a set tell.

    `profile` and `update_policy` are None if they do not tell: a set without a watcher and without
    annotations for a GitOps tool is rendered alike for every profile under Block, and for the
    profile none under every policy.
    """

    mode: JobsOwner
    update_policy: UpdatePolicy | None
    profile: Profile | None
    generation: str
    is_suspended: bool


def facts(
    families: Sequence[Family], others: Sequence[Object], plan: Mapping[str, Any] | None
) -> Facts:
    """Return what the objects of a set tell.

    `others` are its objects except the Jobs and the plan, and `plan` is the plan's content, None
    without a watcher. The plan knows best; without it, the Jobs tell.
    """
    templates = [each.template for each in families]
    profile = _profile(templates, others, plan)
    known = {} if plan is None else plan
    return Facts(
        mode="watcher" if known.get("jobs") == "watcher" else "git",
        update_policy=_update_policy(templates, profile, known),
        profile=profile,
        generation=string(known, "generation") or _generation(templates),
        is_suspended=boolean(known, "suspend", _are_suspended(templates)),
    )


def _profile(
    templates: Sequence[Object], others: Sequence[Object], plan: Mapping[str, Any] | None
) -> Profile | None:
    """Return the profile.

    The watcher's Job has Argo CD's option, and its script Flux's annotation, under every policy.
    Jobs have them only if they are replaced.
    """
    if plan is not None:
        watcher = [each for each in others if each.get("kind") == "Job"]
        script = [each for each in others if each.get("kind") == "ConfigMap"]
        return _PROFILES[_has_force(watcher), _has(keys.FLUX_SUBSTITUTE, script)]
    profile = _PROFILES[_has_force(templates), _has(keys.FLUX_FORCE, templates)]
    return None if profile == "none" else profile


def _has(key: str, items: Iterable[Object]) -> bool:
    return any(key in _annotations(each) for each in items)


def _has_force(items: Iterable[Object]) -> bool:
    return any(_FORCE in _sync_options(each) for each in items)


def _update_policy(
    templates: Sequence[Object], profile: Profile | None, plan: Mapping[str, Any]
) -> UpdatePolicy | None:
    """Return the update policy.

    In mode git, a GitOps tool replaces the Jobs if their annotations say so. If it replaces only
    some of them, or if only one of two tools would, the policy is Block, as the sync may fail.
    """
    if profile is None:
        return None
    planned = _POLICIES.get(string(plan, "updatePolicy"), "Recreate")
    if plan.get("jobs") == "watcher" or profile == "none" or not templates:
        return planned
    return "Recreate" if all(_replaces(profile, templates)) else "Block"


def _replaces(profile: Profile, templates: Iterable[Object]) -> Iterator[bool]:
    """Yield for each Job and tool of the profile whether the tool replaces the Job."""
    for template in templates:
        if profile in ("any", "argocd"):
            yield _sync_options(template).get(_FORCE) == "true"
        if profile in ("any", "flux"):
            yield _is_forced_by_flux(template)


def _sync_options(item: Object) -> dict[str, str]:
    """Return Argo CD's options of an object: `Force=true,Prune=false` as a mapping."""
    written = string(_annotations(item), keys.ARGOCD_SYNC_OPTIONS)
    pairs = (option.strip().partition("=") for option in written.split(","))
    return {name: value for name, _, value in pairs}


def _is_forced_by_flux(item: Object) -> bool:
    """Whether Flux replaces an object. It reads the word in a label, too, in any case."""
    metadata = mapping(item, "metadata")
    fields = (mapping(metadata, "annotations"), mapping(metadata, "labels"))
    return "enabled" in [string(each, keys.FLUX_FORCE).lower() for each in fields]


def _annotations(item: Object) -> Mapping[str, Any]:
    return mapping(mapping(item, "metadata"), "annotations")


def _generation(templates: Sequence[Object]) -> str:
    """Return the generation in the pods of the first Jobs, or an empty string."""
    for template in templates:
        pods = mapping(mapping(template, "spec"), "template")
        return string(mapping(mapping(pods, "metadata"), "annotations"), keys.GENERATION)
    return ""


def _are_suspended(templates: Sequence[Object]) -> bool:
    suspended = [mapping(each, "spec").get("suspend") is True for each in templates]
    return bool(suspended) and all(suspended)
