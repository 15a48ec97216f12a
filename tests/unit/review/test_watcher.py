"""What explain says of a set's watcher, of its start, and of what becomes of a change."""

from __future__ import annotations

import pytest

from jobsetgen.options.watcher import Watcher
from jobsetgen.review.explain import as_text
from jobsetgen.review.summary import summarize
from tests.unit.expand.builds import built, jobset, replicated_job

ORDERED = jobset(
    replicated_job("driver", 1), replicated_job("workers", dependsOn=[{"name": "driver", "status": "Ready"}])
)
RESTARTED = jobset(failurePolicy={"maxRestarts": 3})
READS = "metadata.labels['jobset.sigs.k8s.io/restart-attempt']"
READING = jobset(
    replicated_job(
        pod={
            "containers": [
                {
                    "name": "main",
                    "image": "registry.example.com/train:1.0",
                    "env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": READS}}}],
                }
            ]
        }
    )
)


def said(document, label, **options):
    """Return what explain says under a label, a line each."""
    result = built(document, **options)
    lines = as_text(summarize(result.expansions[0], result.settings)).splitlines()
    at = next(index for index, line in enumerate(lines) if line.startswith(f"  {label} "))
    more = [line[14:] for line in lines[at + 1 :]]
    count = next(index for index, line in enumerate(lines[at + 1 :]) if not line.startswith(" " * 14))
    return [lines[at][14:], *more[:count]]


def test_what_it_does_and_may_do():
    assert said(RESTARTED, "Watcher") == [
        "Job demo-restart-watcher will restart the set after a failure (maxRestarts 3) "
        "and end the other Job when one fails",
        "its outcome is the outcome of the set: Complete or Failed",
        "while its pod is Pending (it tolerates no node taints), the Jobs run, and none of this happens",
        "in its namespace it may create, change and delete Jobs, list pods, read its plan, write its state "
        "and create events",
    ]


def test_none():
    assert said(jobset(replicated_job(replicas=1)), "Watcher") == ["none: there is nothing to restart, order or end"]


def test_one_that_is_there_always():
    document = jobset(replicated_job(replicas=1))
    assert said(document, "Watcher", restart_watcher="Always")[0] == "Job demo-restart-watcher will end as the set ends"


@pytest.mark.parametrize(
    ("document", "options", "outcome"),
    [
        (ORDERED, {}, "pods behind the scheduling gate wait; the others run, and none of this happens"),
        (READING, {}, "containers that read the restart attempt wait; the others run, and none of this happens"),
        (ORDERED, {"jobs": "watcher"}, "no Job is created"),
        (READING, {"jobs": "watcher"}, "no Job is created"),
    ],
)
def test_what_waits_while_it_is_pending(document, options, outcome):
    tolerating = Watcher(tolerations=({"operator": "Exists"},))
    found = said(document, "Watcher", watcher=tolerating, **options)[2]
    assert found == f"while its pod is Pending, {outcome}"


def test_rights_on_gates_and_on_what_no_tool_puts_back():
    found = said(ORDERED, "Watcher", gitops="none")[3]
    assert "list pods and remove their gates" in found
    assert found.endswith("and recreate the Service")


def test_rights_of_an_account_that_is_there():
    found = said(RESTARTED, "Watcher", watcher=Watcher(service_account="trainer"))
    assert found[3] == "it has the permissions of the ServiceAccount trainer"


def test_start_behind_a_gate():
    assert said(ORDERED, "Start") == [
        "workers when driver is ready",
        "until then a scheduling gate holds the pods of workers",
    ]
    assert said(ORDERED, "Start", jobs="watcher") == ["workers when driver is ready"]


def test_start_of_an_attempt_after_the_last_is_gone():
    policy = {"maxRestarts": 1, "restartStrategy": "BlockingRecreate"}
    assert said(jobset(failurePolicy=policy), "Start") == [
        "all at once",
        "a scheduling gate holds every pod until the previous attempt is gone",
    ]


@pytest.mark.parametrize(
    ("options", "outcome"),
    [
        ({}, "a changed Job replaces every Job of the set"),
        ({"update_policy": "Block"}, "a changed Job makes the sync fail"),
        ({"gitops": "none"}, "a changed Job must be deleted before it is applied"),
        (
            {"jobs": "watcher"},
            "a changed Job replaces every Job of the set, once the API server has accepted the new ones",
        ),
        ({"jobs": "watcher", "update_policy": "OnRestart"}, "a changed Job takes effect at the next restart"),
        ({"jobs": "watcher", "update_policy": "Block"}, "a changed Job does not affect a running set"),
    ],
)
def test_what_becomes_of_a_change(options, outcome):
    assert said(RESTARTED, "Update", **options) == [outcome]


def test_a_ttl_is_kept_where_the_watcher_owns_the_jobs():
    document = jobset(ttlSecondsAfterFinished=60)
    assert said(document, "After end", jobs="watcher") == ["its Jobs are deleted 60 seconds later"]
    assert said(document, "After end")[0].startswith("the set remains until it is removed from Git")
