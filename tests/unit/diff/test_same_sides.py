"""A spec and its rendered manifests are the same side, except for what objects cannot tell."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from jobsetgen.diff.compiled import compiled_side
from jobsetgen.diff.folding import rendered_side
from jobsetgen.diff.sides import Family, Side, TrainingSet
from jobsetgen.options.values import JOBS_OWNERS, PROFILES
from tests.cases import VALID
from tests.unit.diff.rendering import fixture, marked, rendered_files, trained

WAYS = [
    *itertools.product(PROFILES, JOBS_OWNERS, ["Recreate"]),
    *itertools.product(["any", "flux"], ["git"], ["Block"]),
    ("any", "watcher", "OnRestart"),
]


def told(found: TrainingSet) -> TrainingSet:
    """Return a compiled set as its objects tell it."""
    families = tuple(map(_told_family, found.families)) if found.mode == "git" else found.families
    found = replace(found, place=None, families=families)
    if not found.families and found.plan is None:
        found = replace(found, generation="")
    has_annotations = found.update_policy == "Recreate" and found.families
    if found.plan is None and not (found.profile != "none" and has_annotations):
        return replace(found, profile="any", update_policy="Block", is_profile_known=False)
    return found


def _told_family(family: Family) -> Family:
    """Nothing in a Job tells that it is pinned, unless others are pinned elsewhere."""
    return family if len(family.indexes) > 1 else replace(family, domains=())


def assert_same(rendered: Side, compiled: Side) -> None:
    assert not rendered.is_broken, rendered.diagnostics
    assert list(rendered.sets) == [told(each) for each in compiled.sets]
    # Equal data may still differ in what is a slot.
    for ours, theirs in zip(rendered.sets, compiled.sets, strict=True):
        assert list(map(marked, ours.families)) == list(map(marked, theirs.families))
    assert rendered.pass_through == compiled.pass_through


@pytest.mark.usefixtures("short_program")
@pytest.mark.parametrize("case", VALID, ids=lambda case: case.name)
def test_what_build_prints_and_writes_is_the_side_of_the_spec(case: Path):
    # Each fixture in three of the ways, and each way with a quarter of the fixtures.
    place = VALID.index(case)
    for profile, owner, policy in WAYS[place % 4 :: 4]:
        flags = ("--gitops", profile, "--jobs", owner, "--update-policy", policy)
        compilation = fixture(case, *flags)
        assert compilation.ok, compilation.diagnostics
        compiled = compiled_side(compilation, "specs", "spec")
        assert_same(rendered_side([("stdin", compilation.text())], "stdin"), compiled)
        assert_same(rendered_side(rendered_files(compilation).items(), "folder"), compiled)


def test_the_watchers_program_is_among_the_other_objects():
    compilation = trained()
    compiled = compiled_side(compilation, "specs", "spec")
    assert_same(rendered_side([("stdin", compilation.text())], "stdin"), compiled)
    (script,) = (each for each in compiled.sets[0].others if "__init__.py" in each.get("data", {}))
    assert script["immutable"] is True
