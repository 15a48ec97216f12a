"""Jobs that wait: which pods have the gate, and what becomes of their deadline."""

from __future__ import annotations

import pytest

from jobsetgen.options.values import PROFILES
from tests.unit.expand.builds import jobset, plan, replicated_job, training

GATE = {"name": "jobsetgen.io/startup"}
DEPENDS = [{"name": "driver", "status": "Ready"}]
IN_ORDER = {"startupPolicy": {"startupPolicyOrder": "InOrder"}}
DRIVER = replicated_job("driver", 1, job={"activeDeadlineSeconds": 60})
WORKERS = replicated_job("workers", 1, job={"activeDeadlineSeconds": 90})


def gated(document, **options):
    """Return the names of the Jobs whose pods have the gate, and check that the plan says the same."""
    jobs = training(document, **options)
    found = [name for name, job in jobs.items() if GATE in job["spec"]["template"]["spec"].get("schedulingGates", [])]
    said = [each["name"] for each in plan(document, **options)["replicatedJobs"] if each["gated"]]
    assert [name.split("-")[1] for name in found] == said
    return found


def test_those_that_depend_on_others():
    assert gated(jobset(DRIVER, {**WORKERS, "dependsOn": DEPENDS})) == ["demo-workers-0"]


def test_all_but_the_first_in_order():
    assert gated(jobset(DRIVER, WORKERS, replicated_job("late", 1), **IN_ORDER)) == ["demo-workers-0", "demo-late-0"]


def test_all_under_blocking_recreate():
    policy = {"maxRestarts": 1, "restartStrategy": "BlockingRecreate"}
    assert gated(jobset(DRIVER, WORKERS, failurePolicy=policy)) == ["demo-driver-0", "demo-workers-0"]


def test_none_under_recreate_in_any_order():
    assert gated(jobset(DRIVER, WORKERS, failurePolicy={"maxRestarts": 1})) == []


@pytest.mark.parametrize("profile", PROFILES)
def test_under_every_profile(profile):
    assert gated(jobset(DRIVER, WORKERS, **IN_ORDER), gitops=profile) == ["demo-workers-0"]


def test_none_where_the_watcher_creates_the_jobs_when_it_is_their_turn():
    assert gated(jobset(DRIVER, WORKERS, **IN_ORDER), jobs="watcher") == []


def test_none_where_nobody_would_take_it_off():
    policy = {"restartStrategy": "BlockingRecreate"}
    document = jobset(replicated_job(replicas=1), failurePolicy=policy)
    (job,) = training(document).values()
    assert "schedulingGates" not in job["spec"]["template"]["spec"]


def test_a_gate_of_the_users_own_stays():
    own = {"name": "example.com/data"}
    document = jobset(DRIVER, replicated_job(replicas=1, pod={"schedulingGates": [own]}), **IN_ORDER)
    assert training(document)["demo-workers-0"]["spec"]["template"]["spec"]["schedulingGates"] == [own, GATE]


def test_the_deadline_of_a_job_that_waits_is_kept_in_the_plan():
    document = jobset(DRIVER, WORKERS, **IN_ORDER)
    jobs = training(document)
    assert jobs["demo-driver-0"]["spec"]["activeDeadlineSeconds"] == 60
    assert "activeDeadlineSeconds" not in jobs["demo-workers-0"]["spec"]
    assert [each["activeDeadlineSeconds"] for each in plan(document)["replicatedJobs"]] == [None, 90]


def test_where_the_watcher_creates_the_jobs_they_keep_their_deadline():
    document = jobset(DRIVER, WORKERS, **IN_ORDER)
    assert training(document, jobs="watcher")["demo-workers-0"]["spec"]["activeDeadlineSeconds"] == 90
    assert [each["activeDeadlineSeconds"] for each in plan(document, jobs="watcher")["replicatedJobs"]] == [None, None]
