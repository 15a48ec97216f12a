"""Which sets have a watcher."""

from __future__ import annotations

import pytest

from jobsetgen.model.build import build_jobset
from jobsetgen.model.duties import duties
from jobsetgen.model.treatment import treatment
from jobsetgen.options.table import Settings
from jobsetgen.options.values import PROFILES
from tests.unit.expand.builds import jobset, objects, replicated_job

ALONE = replicated_job(replicas=1)
NEEDING = {
    "several Jobs": jobset(replicated_job(replicas=2)),
    "several replicatedJobs": jobset(ALONE, replicated_job("driver", 1)),
    "restarts": jobset(ALONE, failurePolicy={"maxRestarts": 1}),
    "restarts that do not count": jobset(
        ALONE, failurePolicy={"rules": [{"action": "RestartJobSetAndIgnoreMaxRestarts"}]}
    ),
    "an order": jobset(ALONE, replicated_job("late", 0, dependsOn=[{"name": "workers", "status": "Ready"}])),
    "an early success": jobset(
        ALONE, replicated_job("late", 1), successPolicy={"operator": "Any", "targetReplicatedJobs": ["workers"]}
    ),
}
NOT_NEEDING = {
    "one Job": jobset(ALONE),
    "one suspended Job": jobset(ALONE, suspend=True),
    "one Job that is never restarted": jobset(ALONE, failurePolicy={"maxRestarts": 0}),
    "one Job by name": jobset(ALONE, successPolicy={"operator": "All", "targetReplicatedJobs": ["workers"]}),
    "no Jobs": jobset(replicated_job(replicas=0), failurePolicy={"maxRestarts": 3}),
    "no replicatedJobs": {**jobset(), "spec": {"replicatedJobs": []}},
}


def watched(document, **options):
    return treatment(build_jobset(document), Settings(**options)).is_watched


@pytest.mark.parametrize("case", NEEDING)
def test_a_set_that_needs_one_has_one(case):
    assert watched(NEEDING[case])


@pytest.mark.parametrize("case", NOT_NEEDING)
def test_a_set_with_nothing_to_watch_has_none(case):
    assert not watched(NOT_NEEDING[case])


@pytest.mark.parametrize("case", NOT_NEEDING)
def test_always_means_always(case):
    assert watched(NOT_NEEDING[case], restart_watcher="Always")


@pytest.mark.parametrize("case", NEEDING)
def test_never_means_never(case):
    assert not watched(NEEDING[case], restart_watcher="Never")


def test_one_job_that_the_watcher_shall_create_needs_one():
    assert watched(jobset(ALONE), jobs="watcher")


def test_nothing_is_to_be_created_of_a_set_without_jobs():
    assert not watched(NOT_NEEDING["no Jobs"], jobs="watcher")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("owner", ["git", "watcher"])
def test_a_ttl_needs_one_where_it_is_kept(profile, owner):
    document = jobset(ALONE, ttlSecondsAfterFinished=60)
    words = [duty.words for duty in duties(build_jobset(document), Settings(gitops=profile, jobs=owner))]
    is_kept = owner == "watcher" or profile == "none"
    assert ("remove the finished set (ttlSecondsAfterFinished)" in words) == is_kept


def test_a_watcher_of_no_jobs_has_a_plan_of_none():
    found = objects(NOT_NEEDING["no replicatedJobs"], restart_watcher="Always")
    assert '"replicatedJobs": [],' in found["ConfigMap/demo-restart-plan"]["data"]["plan.json"]
