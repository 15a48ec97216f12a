"""What the objects of a set tell: a user's own annotations count as they stand."""

from __future__ import annotations

import pytest

from jobsetgen.diff.compiled import compiled_side
from jobsetgen.diff.facts import Facts, facts
from jobsetgen.diff.sides import Family
from jobsetgen.model import keys
from tests.unit.diff.rendering import only_set, trained

FORCE = "kustomize.toolkit.fluxcd.io/force"
BOTH = {keys.ARGOCD_SYNC_OPTIONS: "Force=true,ServerSideApply=false", FORCE: "enabled"}


def jobs(annotations: dict[str, str], *, labels: dict[str, str] | None = None, **spec) -> Family:
    """Return a family with some metadata."""
    metadata = {"name": "a", "annotations": annotations, "labels": labels or {}}
    return Family(replicated_job="workers", template={"metadata": metadata, "spec": spec}, indexes=(0,))


def told(*families: Family) -> tuple:
    """Return the profile and the update policy that Jobs without a watcher tell."""
    found = facts(families, (), None)
    return found.profile, found.update_policy


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        (BOTH, ("any", "Recreate")),
        ({keys.ARGOCD_SYNC_OPTIONS: "Prune=false, Force=true"}, ("argocd", "Recreate")),
        ({FORCE: "Enabled"}, ("flux", "Recreate")),
        ({**BOTH, keys.ARGOCD_SYNC_OPTIONS: "Force=false"}, ("any", "Block")),
        ({**BOTH, FORCE: "disabled"}, ("any", "Block")),
        ({keys.ARGOCD_SYNC_OPTIONS: "Force=false"}, ("argocd", "Block")),
        ({keys.ARGOCD_SYNC_OPTIONS: "Prune=false"}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_the_annotations_of_the_jobs_tell_who_replaces_them(annotations, expected):
    assert told(jobs(annotations)) == expected


def test_all_jobs_are_replaced_or_the_policy_is_block():
    assert told(jobs(BOTH), jobs(BOTH)) == ("any", "Recreate")
    assert told(jobs(BOTH), jobs({})) == ("any", "Block")


def test_flux_reads_its_word_in_a_label_too():
    assert told(jobs({FORCE: "disabled"}, labels={FORCE: "enabled"})) == ("flux", "Recreate")


def test_jobs_are_suspended_if_all_are():
    assert facts([jobs({}, suspend=True), jobs({}, suspend=True)], (), None).is_suspended
    assert not facts([jobs({}, suspend=True), jobs({})], (), None).is_suspended
    assert not facts([], (), None).is_suspended


def test_without_a_plan_the_pods_tell_the_generation():
    pods = {"metadata": {"annotations": {keys.GENERATION: "0123456789abcdef"}}}
    assert facts([jobs({}, template=pods)], (), None).generation == "0123456789abcdef"
    assert facts([], (), None).generation == ""


@pytest.mark.parametrize("profile", ["any", "argocd", "flux", "none"])
@pytest.mark.parametrize(
    ("owner", "policy"),
    [("git", "Recreate"), ("git", "Block"), ("watcher", "Recreate"), ("watcher", "OnRestart"), ("watcher", "Block")],
)
def test_a_watched_set_tells_everything(profile, owner, policy):
    found = only_set(compiled_side(trained(gitops=profile, jobs=owner, update_policy=policy), "specs", "a"))
    assert facts(found.families, found.others, found.plan) == Facts(
        mode=owner, update_policy=policy, profile=profile, generation=found.generation, is_suspended=False
    )


def test_the_plan_tells_whether_the_set_is_suspended():
    found = only_set(compiled_side(trained(), "specs", "a"))
    assert found.plan is not None
    assert facts(found.families, found.others, {**found.plan, "suspend": True}).is_suspended


def test_a_plan_with_values_that_are_none_of_ours_is_read_as_far_as_it_goes():
    odd = {"jobs": [], "updatePolicy": "Always", "suspend": "yes", "generation": 5}
    found = facts([jobs(BOTH)], (), odd)
    assert (found.mode, found.profile, found.update_policy) == ("git", "none", "Recreate")
    assert (found.generation, found.is_suspended) == ("", False)
