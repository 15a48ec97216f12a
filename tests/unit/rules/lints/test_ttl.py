"""JSG502: a TTL where a GitOps tool puts back what is gone."""

from __future__ import annotations

import pytest

from tests.unit.rules.lints.sets import jobset, said

LEFT_OUT = (
    "warning: ttlSecondsAfterFinished is left out: "
    "a GitOps tool puts back the finished Job that it removes, which runs again"
)
SAID = f"{LEFT_OUT}\nhint: Choose jobs: watcher, and the watcher removes the set; or take it out."
OF_A_JOB = f"{LEFT_OUT}\nhint: Take it out; a set that is over is removed from Git."


@pytest.mark.parametrize("profile", ["any", "argocd", "flux"])
def test_the_ttl_of_the_set(profile):
    assert said("JSG502", jobset(spec="ttlSecondsAfterFinished: 60"), gitops=profile) == [f"7:28: {SAID}"]


def test_the_ttl_of_a_job_template():
    assert said("JSG502", jobset(job="ttlSecondsAfterFinished: 60")) == [f"15:34: {OF_A_JOB}"]


def test_both_at_once():
    both = jobset(spec="ttlSecondsAfterFinished: 60", job="ttlSecondsAfterFinished: 60")
    assert said("JSG502", both) == [f"7:28: {SAID}", f"15:34: {OF_A_JOB}"]


def test_a_ttl_of_0_is_one():
    assert said("JSG502", jobset(spec="ttlSecondsAfterFinished: 0")) == [f"7:28: {SAID}"]


def test_without_gitops_nothing_comes_back():
    both = jobset(spec="ttlSecondsAfterFinished: 60", job="ttlSecondsAfterFinished: 60")
    assert said("JSG502", both, gitops="none") == []


def test_where_the_watcher_owns_the_jobs_it_is_kept():
    both = jobset(spec="ttlSecondsAfterFinished: 60", job="ttlSecondsAfterFinished: 60")
    assert said("JSG502", both, jobs="watcher") == []


def test_a_set_without_ttl():
    assert said("JSG502", jobset()) == []
