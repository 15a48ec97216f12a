"""The comparisons whose comment and text are kept as snapshots: one for each question of a reviewer."""

from __future__ import annotations

from dataclasses import replace

from jobsetgen.diff.changes import Comparison, FieldChange
from jobsetgen.diff.sides import Side
from tests.unit.diff.builders import (
    CONTAINER,
    IMAGE_CHANGE,
    NEW_IMAGE,
    OLD_IMAGE,
    RECREATES,
    change,
    comparison,
    diagnostic,
    family,
    image_change,
    jobs_change,
    object_change,
    parameter_server,
    removal,
    replaced,
    training,
)

SCRIPT = (
    "@@ -1,5 +1,5 @@",
    " set -eu",
    "-python3 train.py --steps 10000 --batch 512",
    "+python3 train.py --steps 20000 --batch 512",
    " echo done",
)


def no_change() -> list[Comparison]:
    return [comparison(unchanged=3)]


def recreates() -> list[Comparison]:
    policy = (("restarts the set up to 3 times",), ("restarts the set up to 10 times", "fails on exit code 42"))
    found = {
        "failure_policy": policy,
        "added_diagnostics": (diagnostic("backoffLimit 3 hides failures of pods from the set"),),
        "gone_diagnostics": (diagnostic("image 'maxtext' has no tag", "image-tag", line=20),),
    }
    return [comparison(image_change(**found))]


def pruned_claim() -> list[Comparison]:
    return [comparison(removal(), image_change(), unchanged=10)]


def blocked() -> list[Comparison]:
    old = training()
    sentence = (
        "The sync fails: updatePolicy is Block, and the API server refuses to change spec.template of 16 Jobs. They run"
        " on with the old spec."
    )
    failing = change(
        old,
        replace(old, generation="bbbb"),
        jobs_change("sync-fails", sentence, IMAGE_CHANGE),
        causes=["the image of container trainer changes"],
    )
    return [comparison(failing)]


def policy() -> list[Comparison]:
    old = parameter_server()
    sentence = "The watcher takes up the new policy while the set runs: no pod restarts."
    plan = object_change("ConfigMap", "recommender-plan", "replace", "policy-only", sentence)
    words = (("restarts the set up to 3 times",), ("restarts the set up to 10 times",))
    changed = change(old, old, plan, causes=["spec.failurePolicy.maxRestarts"], failure_policy=words)
    return [comparison(changed, unchanged=0)]


def more_slices() -> list[Comparison]:
    old, new = training("grown"), training("grown", family(jobs=32), generation="bbbb")
    sentence = RECREATES.format(jobs=16, pods=32)
    added = jobs_change("creates", "Creates 16 Jobs (32 pods).", jobs=32)
    added = replace(added, operation="add", indexes=tuple(range(16, 32)))
    script = replaced((*CONTAINER, "args", 0), "…", "…", SCRIPT)
    variables = [
        FieldChange(path=(*CONTAINER, "env", "JAX_PLATFORMS"), operation="add", new="tpu"),
        FieldChange(path=(*CONTAINER, "env", "DEBUG"), operation="remove", old="1"),
        FieldChange(path=(*CONTAINER, "env", "SEED"), operation="move"),
    ]
    recreated = jobs_change("recreates", sentence, script, *variables)
    return [comparison(change(old, new, recreated, added, causes=["replicas of slice", "the script of trainer"]))]


def projects() -> list[Comparison]:
    old = training("pretrain", namespace="vision")
    suspended = replace(old, is_suspended=True)
    sentence = "Suspends all 16 Jobs (32 pods) when applied: their pods are deleted, their counters stay."
    field = FieldChange(path=("spec", "suspend"), operation="replace", old=False, new=True)
    suspends = change(old, suspended, jobs_change("suspends", sentence, field), causes=["spec.suspend"])
    new = parameter_server("ranking", namespace="ads")
    created = change(
        None, new, object_change("JobSet", "ranking", "add", "creates", "Creates the set with all 3 Jobs (10 pods)")
    )
    service = object_change(
        "Service",
        "dashboard",
        "replace",
        "pass-through",
        "jobsetgen passes it through.",
        replaced(("spec", "ports", "http", "port"), 80, 8080),
    )
    note = "A spec is compared with rendered manifests."
    sides = {label: Side(kind="project", label=label) for label in ("teams/vision", "teams/ads", "teams/audio")}
    return [
        comparison(suspends, image_change(), unchanged=0, notes=(note,), new=sides["teams/vision"]),
        comparison(created, unchanged=1, pass_through=(service,), new=sides["teams/ads"]),
        comparison(unchanged=4, new=sides["teams/audio"]),
    ]


def old_does_not_compile() -> list[Comparison]:
    error = diagnostic("unknown field 'replicaz'", "unknown-field", "error", 4)
    broken = Side(kind="project", label="main:jobs", is_broken=True, diagnostics=(error,))
    return [comparison(old=broken, unchanged=0)]


def hand_edit() -> list[Comparison]:
    old = training()
    sentence = "Recreates Job 3 of slice (2 pods) when applied; the other Jobs of the set stay as they are."
    edited = replace(
        jobs_change("recreates", sentence, replaced((*CONTAINER, "image"), NEW_IMAGE, OLD_IMAGE)), indexes=(3,)
    )
    notes = ("Job 3 of slice was edited by hand: it is not what jobsetgen writes.",)
    return [comparison(change(old, old, edited, causes=["the image of Job 3"], notes=notes))]


def thousand_jobs() -> list[Comparison]:
    return [comparison(image_change("sweep", jobs=1000), unchanged=0)]


EXAMPLES = {
    each.__name__.replace("_", "-"): each
    for each in (
        no_change,
        recreates,
        pruned_claim,
        blocked,
        policy,
        more_slices,
        projects,
        old_does_not_compile,
        hand_edit,
    )
}
