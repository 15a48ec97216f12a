"""The GitOps profiles: the annotations that Argo CD and Flux need on the objects.

`any` has the annotations of both tools (each ignores the other's), `argocd` and `flux` only their
own, and `none` has none.
"""

from __future__ import annotations

from typing import Any

from jobsetgen.model import keys
from jobsetgen.model.sync_options import replaces_always, sync_options, without_replace
from jobsetgen.options.table import Settings


def for_job(settings: Settings, *, watched: bool) -> dict[str, str]:
    """Return the annotations of a Job that the GitOps tool owns; others have none.

    With updatePolicy Recreate, the tool replaces a Job whose immutable fields changed. Replace=true
    is not an option, because it would rerun the Job at every sync, nor is server-side apply, under
    which Argo CD rejects Force. A Job of a set with a watcher does not affect the application's
    health: the watcher's Job shows the set's outcome.
    """
    if settings.jobs == "watcher":
        return {}
    replaced = _replaced(settings) if settings.update_policy == "Recreate" else {}
    health = _of(settings, argocd={keys.ARGOCD_IGNORE_HEALTH: "true"}, flux={}) if watched else {}
    return {**replaced, **health}


def for_watcher_job(settings: Settings) -> dict[str, str]:
    """Return the annotations of the watcher's Job.

    A new watcher replaces the old one under every update policy. The exception is Flux where it
    cannot replace the training Jobs: it deletes the watcher before it fails on the Jobs, and
    stops there, so the running set would have no watcher.
    """
    is_refused = settings.jobs == "git" and settings.update_policy == "Block"
    return {
        key: text
        for key, text in _replaced(settings).items()
        if not (is_refused and key == keys.FLUX_FORCE)
    }


def for_script(settings: Settings) -> dict[str, str]:
    """Return the annotations that exclude a script or plan from Flux's variable substitution."""
    return _of(settings, argocd={}, flux={keys.FLUX_SUBSTITUTE: "disabled"})


def for_retained_claim(settings: Settings) -> dict[str, str]:
    """Return the annotations of a retained claim, which keep the tool from pruning it."""
    return _of(
        settings,
        argocd={keys.ARGOCD_SYNC_OPTIONS: "Delete=false,Prune=false"},
        flux={keys.FLUX_PRUNE: "disabled"},
    )


def _replaced(settings: Settings) -> dict[str, str]:
    return _of(
        settings,
        argocd={keys.ARGOCD_SYNC_OPTIONS: "Force=true,ServerSideApply=false"},
        flux={keys.FLUX_FORCE: "enabled"},
    )


def _of(settings: Settings, *, argocd: dict[str, str], flux: dict[str, str]) -> dict[str, str]:
    chosen = {"any": {**argocd, **flux}, "argocd": argocd, "flux": flux, "none": {}}
    return chosen[settings.gitops]


def annotated(item: dict[str, Any], annotations: dict[str, str]) -> dict[str, Any]:
    """Return an object with annotations added; annotations of the user win.

    Argo CD's sync options are a list in one annotation, so ours are appended to the user's.
    """
    if not annotations:
        return item
    written = item["metadata"].get("annotations") or {}
    merged = {**annotations, **written}

    key = keys.ARGOCD_SYNC_OPTIONS
    if key in annotations and key in written:
        merged[key] = _sync_options(written[key], annotations[key])
    return {**item, "metadata": {**item["metadata"], "annotations": merged}}


def _sync_options(written: str, ours: str) -> str:
    """Return the user's sync options, plus ours that the user has not set."""
    decided = {option.split("=")[0].strip() for option in written.split(",")}
    added = [option for option in ours.split(",") if option.split("=")[0] not in decided]
    return ",".join([written, *added])


def annotated_job(job: dict[str, Any], settings: Settings, *, watched: bool) -> dict[str, Any]:
    """Return a training Job with the annotations of the profile.

    Where Argo CD may apply it, it loses a Replace=true that would replace it at every sync.
    """
    found = annotated(job, for_job(settings, watched=watched))
    annotations = found["metadata"].get("annotations") or {}
    written = annotations.get(keys.ARGOCD_SYNC_OPTIONS)
    is_read = settings.gitops in ("any", "argocd") and settings.jobs == "git"
    if not is_read or not written or not replaces_always(sync_options(written)):
        return found
    merged = {**annotations, keys.ARGOCD_SYNC_OPTIONS: without_replace(written)}
    return {**found, "metadata": {**found["metadata"], "annotations": merged}}
