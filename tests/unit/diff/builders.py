"""Comparisons for tests, such as a reviewer sees them: training on slices of TPUs, a parameter server, claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from jobsetgen.diagnostics import Diagnostic, Link, Place
from jobsetgen.diff.changes import Comparison, FieldChange, ObjectChange, SetChange, Totals
from jobsetgen.diff.overview import SEVERITY, add_counts
from jobsetgen.diff.sides import Family, Side, TrainingSet
from jobsetgen.expand.objects import NAME
from jobsetgen.words import listed

IMAGE = "us-docker.pkg.dev/ml-platform/train/maxtext"
OLD_IMAGE, NEW_IMAGE = f"{IMAGE}:2026-11-02", f"{IMAGE}:2026-12-01"
SOURCE = Link("Effects", "https://example.com/effects")
CONTAINER = ("spec", "template", "spec", "containers", "trainer")

RECREATES = (
    "Recreates all {jobs} Jobs ({pods} pods) when applied: a running set restarts from its own checkpoint and its"
    " counters go to 0; a finished set runs again; a suspended one takes the new spec."
)


def family(
    name: str = "slice",
    *,
    jobs: int = 16,
    pods: int = 2,
    resource: str = "google.com/tpu",
    units: int = 4,
    selector: dict[str, str] | None = None,
) -> Family:
    """Return the Jobs of a replicatedJob, whose pods each have some units of an accelerator."""
    container: dict[str, Any] = {"name": "trainer", "image": NEW_IMAGE}
    if units:
        container["resources"] = {"limits": {resource: units}}
    pod: dict[str, Any] = {"containers": [container]}
    if selector:
        pod["nodeSelector"] = selector
    template = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": NAME},
        "spec": {"parallelism": pods, "completions": pods, "template": {"spec": pod}},
    }
    return Family(replicated_job=name, template=template, indexes=tuple(range(jobs)))


def claim(name: str, *, retained: bool = False) -> dict[str, Any]:
    """Return a claim, which may be kept when its set is deleted."""
    annotations = {"argocd.argoproj.io/sync-options": "Prune=false"} if retained else {}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name, "annotations": annotations}}


def training(
    name: str = "multislice",
    *families: Family,
    namespace: str = "research",
    generation: str = "aaaa",
    is_suspended: bool = False,
    profile: Any = "argocd",
    others: tuple[dict[str, Any], ...] = (),
) -> TrainingSet:
    """Return a set; without families, 16 slices of 2 hosts."""
    return TrainingSet(
        namespace=namespace,
        name=name,
        mode="git",
        update_policy="Recreate",
        profile=profile,
        generation=generation,
        is_suspended=is_suspended,
        families=families or (family(),),
        others=others,
        plan=None,
    )


def parameter_server(name: str = "recommender", **values: Any) -> TrainingSet:
    """Return a set of parameter servers without accelerators, and workers with GPUs."""
    servers = family("ps", jobs=2, pods=1, units=0)
    workers = family("worker", jobs=1, pods=8, resource="nvidia.com/gpu", units=8)
    return training(name, servers, workers, **values)


def replaced(path: Sequence[str | int], old: Any, new: Any, text: Sequence[str] = ()) -> FieldChange:
    """Return a replaced field."""
    return FieldChange(path=tuple(path), operation="replace", old=old, new=new, text=tuple(text))


IMAGE_CHANGE = replaced((*CONTAINER, "image"), OLD_IMAGE, NEW_IMAGE)


def jobs_change(
    consequence: str, sentence: str, *fields: FieldChange, name: str = "slice", jobs: int = 16
) -> ObjectChange:
    """Return a change of all Jobs of a replicatedJob."""
    return ObjectChange(
        kind="Job",
        name=name,
        operation="replace",
        consequence=consequence,
        sentence=sentence,
        trigger="",
        source=SOURCE,
        fields=fields,
        replicated_job=name,
        indexes=tuple(range(jobs)),
    )


def object_change(
    kind: str, name: str, operation: Any, consequence: str, sentence: str, *fields: FieldChange
) -> ObjectChange:
    """Return a change of one object."""
    return ObjectChange(
        kind=kind,
        name=name,
        operation=operation,
        consequence=consequence,
        sentence=sentence,
        trigger="",
        source=SOURCE,
        fields=fields,
    )


def change(
    old: TrainingSet | None,
    new: TrainingSet | None,
    *changes: ObjectChange,
    causes: Sequence[str] = (),
    **values: Any,
) -> SetChange:
    """Return the change of a set, whose verdict and sentence are those of its worst change."""
    named = new or old
    assert named is not None
    worst = min(changes, key=lambda each: SEVERITY[each.consequence])
    given = {"verdict": worst.consequence, "sentence": worst.sentence, **values}
    return SetChange(
        namespace=named.namespace,
        name=named.name,
        old=old,
        new=new,
        changes=changes,
        causes=tuple(causes),
        **given,
    )


def image_change(name: str = "multislice", jobs: int = 16, **values: Any) -> SetChange:
    """Return a set whose image changes, which recreates all its Jobs."""
    old = training(name, family(jobs=jobs))
    sentence = RECREATES.format(jobs=f"{old.jobs:,}", pods=f"{old.pods:,}")
    recreated = jobs_change("recreates", sentence, IMAGE_CHANGE, jobs=jobs)
    new = replace(old, generation="bbbb")
    return change(old, new, recreated, causes=["the image of container trainer changes"], **values)


def removal(name: str = "ablation", claims: Sequence[str] = ("checkpoints-ablation",), **values: Any) -> SetChange:
    """Return a set that is removed with its claims."""
    old = training(name, family(jobs=4), others=tuple(map(claim, claims)), **values)
    jobs = f"all {old.jobs} Jobs ({old.pods} pods)"
    if not claims:
        gone = f"Deletes the set with {jobs} where the tool prunes"
        return change(old, None, object_change("JobSet", name, "remove", "prunes", gone))
    lost = (
        f"Deletes the claim {listed(claims)} with the set ({jobs}) where the tool prunes: its volume goes too, unless its"
        " reclaim policy is Retain"
    )
    return change(old, None, object_change("JobSet", name, "remove", "deletes-data", lost))


def diagnostic(message: str, code: str = "backoff-limit", severity: Any = "warning", line: int = 12) -> Diagnostic:
    """Return a diagnostic."""
    return Diagnostic(place=Place("jobs/train.yaml", line, 7), code=code, severity=severity, message=message)


def comparison(*sets: SetChange, unchanged: int = 2, **values: Any) -> Comparison:
    """Return a comparison with what its sets, and as many unchanged ones of 16 slices, add up to."""
    others = [training(f"unchanged-{index}") for index in range(unchanged)]
    old = [each.old for each in sets if each.old] + others
    new = [each.new for each in sets if each.new] + others
    pass_through: Iterable[ObjectChange] = values.get("pass_through", ())
    verdicts = [*(each.verdict for each in sets), *(each.consequence for each in pass_through)]
    given = {
        "old": Side(kind="project", label="main:jobs", sets=tuple(old)),
        "new": Side(kind="project", label="jobs", sets=tuple(new)),
        "verdict": min(verdicts, key=SEVERITY.__getitem__, default="none"),
        "pass_through": (),
        **values,
    }
    return Comparison(
        sets=tuple(sorted(sets, key=lambda each: SEVERITY[each.verdict])),
        unchanged=unchanged,
        totals=Totals(
            jobs=(sum(each.jobs for each in old), sum(each.jobs for each in new)),
            pods=(sum(each.pods for each in old), sum(each.pods for each in new)),
            accelerators=(add_counts(each.accelerators for each in old), add_counts(each.accelerators for each in new)),
        ),
        **given,
    )
