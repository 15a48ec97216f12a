"""JSG508: what does not go well together with Jobs that a GitOps tool creates."""

from __future__ import annotations

import pytest

from tests.unit.rules.lints.sets import jobset, other, said

BLOCKING = "failurePolicy: {maxRestarts: 3, restartStrategy: BlockingRecreate}"
IN_ORDER = "startupPolicy: {startupPolicyOrder: InOrder}"
HINT = "\nhint: With jobs: watcher each Job is created when it is its turn."
AT_ONCE = (
    "is fragile while Git owns the Jobs: the tool creates all of them together, "
    f"and only scheduling gates hold pods back until it is their turn{HINT}"
)
DEPENDENT = other("driver", "dependsOn: [{name: workers, status: Ready}]")


def test_blocking_recreate():
    message = (
        "BlockingRecreate is fragile while Git owns the Jobs: the tool puts a missing one back at once, "
        f"and only scheduling gates hold its pods until those of the attempt before are gone{HINT}"
    )
    assert said("JSG508", jobset(spec=BLOCKING)) == [f"7:52: warning: {message}"]


def test_in_order():
    assert said("JSG508", jobset(spec=IN_ORDER, more=other("driver"))) == [f"7:39: warning: InOrder {AT_ONCE}"]


def test_in_order_of_one():
    assert said("JSG508", jobset(spec=IN_ORDER)) == []


def test_depends_on():
    assert said("JSG508", jobset(more=DEPENDENT)) == [f"25:31: warning: dependsOn {AT_ONCE}"]


def test_more_than_1000_jobs():
    found = said("JSG508", jobset(replicated_job="replicas: 1000", more=other("driver")))
    message = "1,001 Jobs are many for a GitOps tool, which compares each with Git at every sync"
    hint = "With jobs: watcher it has one plan to compare; and fewer Jobs with more pods each are lighter."
    assert found == [f"10:15: warning: {message}\nhint: {hint}"]


def test_1000_jobs():
    assert said("JSG508", jobset(replicated_job="replicas: 1000")) == []


@pytest.mark.parametrize(
    "text", [jobset(spec=BLOCKING), jobset(more=DEPENDENT), jobset(replicated_job="replicas: 9999")]
)
def test_without_gitops_nothing_puts_jobs_back(text):
    assert said("JSG508", text, gitops="none") == []


@pytest.mark.parametrize(
    "text", [jobset(spec=BLOCKING), jobset(more=DEPENDENT), jobset(replicated_job="replicas: 9999")]
)
def test_where_the_watcher_owns_the_jobs_nothing_is_fragile(text):
    assert said("JSG508", text, jobs="watcher") == []


def test_recreate_and_any_order():
    assert said("JSG508", jobset(spec="failurePolicy: {maxRestarts: 3, restartStrategy: Recreate}")) == []
