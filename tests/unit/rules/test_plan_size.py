"""JSG406 and JSG516: how large a plan may be."""

from __future__ import annotations

import pytest

from tests.unit.rules.sets import job, jobset, said


def text(jobs: int, characters: int) -> str:
    each = [job(f"name: w{index}", container=f"args: ['{'x' * characters}']") for index in range(jobs)]
    return jobset(*each, metadata="name: demo, annotations: {}")


def test_it_can_be_silenced():
    silenced = text(30, 10_000).replace("annotations: {}}", "annotations: {}} # jobsetgen: ignore[JSG516] Flux")
    assert said("JSG516", silenced) == []


def test_under_strict_it_is_an_error():
    assert len(said("JSG516", text(30, 10_000), strict=True)) == 1


@pytest.mark.parametrize("options", [{}, {"jobs": "watcher"}, {"gitops": "none"}])
def test_most_plans_are_small(options):
    small = text(10, 1_000)
    assert said("JSG406", small, **options) == []
    assert said("JSG516", small, **options) == []


def test_a_set_without_a_watcher_has_no_plan():
    assert said("JSG516", text(1, 300_000)) == []
