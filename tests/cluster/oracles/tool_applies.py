"""What each tool does when a new state of a repository is applied over an old one, in one pass and without the tool.

The real tools show these behaviours in stories of tests/cluster/test_gitops.py:

- Argo CD and Flux replace a Job that the API refuses to change, if its annotation allows it:
  a_new_image_replaces_every_job_and_begins_at_zero.
- Without that annotation they do not: a_failure_after_a_blocked_sync_restarts_the_old_spec and
  argo_cd_blocks_a_change_that_comes_with_block.
- Flux also reads the annotation of the live Job: flux_lets_a_change_pass_that_comes_with_block_and_blocks_the_next.
- What a tool has deleted does not come back when the API refuses the new Job:
  a_template_that_the_api_refuses_costs_no_run_with_block has the other case.
- Both delete what is no longer in Git: an_emptied_repository_leaves_nothing_behind and replicas_that_are_taken_away_go.

kubectl is the real one; Argo CD applies by kubectl's own code, so kubectl stands for it, with --force where its
annotation says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from jobsetgen import emit
from jobsetgen.model import keys
from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.control_plane import ControlPlane

Object = dict[str, Any]
States = tuple[Sequence[Object], Sequence[Object]]
Apply = Callable[[ControlPlane, Client, States], list[str]]
FLUX_MANAGER = "kustomize-controller"


def kubectl_applies(plane: ControlPlane, _: Client, states: States) -> list[str]:
    """Apply the second state by `kubectl apply`; return what was refused, and nothing if its exit status is 0."""
    return _kubectl_apply(plane, states[1])


def argocd_applies(plane: ControlPlane, client: Client, states: States) -> list[str]:
    """Prune and apply as Argo CD does; return what was refused."""
    for item in _gone(states):
        if "Prune=false" not in _sync_options(_live(client, item)):
            _delete(client, item, "Foreground")
    forced = [item for item in states[1] if "Force=true" in _sync_options(item)]
    others = [item for item in states[1] if item not in forced]
    refused = _kubectl_apply(plane, others)
    return refused + _kubectl_apply(plane, forced, "--force")


def flux_applies(_: ControlPlane, client: Client, states: States) -> list[str]:
    """Apply and prune as Flux does: not at all if a try shows that something would be refused."""
    refused = [message for item in states[1] if (message := _refusal_by_flux(client, item))]
    if refused:
        return refused
    for item in states[1]:
        try:
            _apply_by_flux(client, item)
        except ApiError as error:
            refused.append(error.message)
    for item in () if refused else _gone(states):
        if _annotation(_live(client, item), keys.FLUX_PRUNE) != "disabled":
            _delete(client, item, "Background")
    return refused


TOOLS: dict[str, Apply] = {
    "any": argocd_applies,
    "argocd": argocd_applies,
    "flux": flux_applies,
    "none": kubectl_applies,
}
"""How the states of each profile are applied."""


def key_of(item: Object) -> tuple[str, str]:
    """Return what names an object within the namespace of a test."""
    return item["kind"], item["metadata"]["name"]


def _kubectl_apply(plane: ControlPlane, items: Sequence[Object], *options: str) -> list[str]:
    if not items:
        return []
    text = "---\n".join(emit.text(item) for item in items)
    done = plane.run(["kubectl", "apply", *options, "-f", "-"], stdin=text)
    messages = [line for line in done.stderr.splitlines() if line and not line.startswith("Warning:")]
    return (messages or [f"exit status {done.returncode}"]) if done.returncode else []


def _apply_by_flux(client: Client, item: Object) -> None:
    try:
        client.apply(item, manager=FLUX_MANAGER)
    except ApiError as error:
        if not _is_replaced_by_flux(client, item, error):
            raise
        _delete(client, item, "Background")
        client.apply(item, manager=FLUX_MANAGER)


def _refusal_by_flux(client: Client, item: Object) -> str:
    try:
        client.apply(item, manager=FLUX_MANAGER, dry_run=True)
    except ApiError as error:
        return "" if _is_replaced_by_flux(client, item, error) else error.message
    return ""


def _is_replaced_by_flux(client: Client, item: Object, error: ApiError) -> bool:
    live = _live(client, item)
    allows = "enabled" in (_annotation(item, keys.FLUX_FORCE), _annotation(live, keys.FLUX_FORCE))
    return bool(live) and allows and error.status in (409, 422)


def _gone(states: States) -> list[Object]:
    kept = {key_of(item) for item in states[1]}
    return [item for item in states[0] if key_of(item) not in kept]


def _live(client: Client, item: Object) -> Object:
    return client.find(client.resource_of(item).plural, item["metadata"]["name"]) or {}


def _delete(client: Client, item: Object, propagation: str) -> None:
    try:
        client.delete(client.resource_of(item).plural, item["metadata"]["name"], propagation=propagation)
    except ApiError as error:
        if error.status != 404:
            raise


def _annotation(item: Object, name: str) -> str:
    return str((item.get("metadata", {}).get("annotations") or {}).get(name, ""))


def _sync_options(item: Object) -> list[str]:
    return _annotation(item, keys.ARGOCD_SYNC_OPTIONS).replace(" ", "").split(",")
