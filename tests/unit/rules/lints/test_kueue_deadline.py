"""JSG514: Jobs of a Kueue queue that the watcher would have to end by a field that Git names."""

from __future__ import annotations

import pytest

from tests.unit.rules.lints.sets import jobset, other, said

LABEL = "labels: {kueue.x-k8s.io/queue-name: research}"
DEADLINE = "activeDeadlineSeconds: 3600"
SAID = (
    "error: Jobs in a Kueue queue are ended by activeDeadlineSeconds when the set is over, so Git cannot name it"
    "\nhint: Choose jobs: watcher, or take it out."
)
QUEUED = jobset(replicated_job="replicas: 2", template=LABEL, job=DEADLINE)


@pytest.mark.parametrize("profile", ["any", "argocd", "flux"])
def test_git_names_the_deadline(profile):
    assert said("JSG514", QUEUED, gitops=profile) == [f"15:32: {SAID}"]


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (QUEUED, {"jobs": "watcher"}),
        (QUEUED, {"gitops": "none"}),
        (jobset(template=LABEL, job=DEADLINE), {}),
        (jobset(replicated_job="replicas: 2", template=LABEL), {}),
        (jobset(replicated_job="replicas: 2", job=DEADLINE), {}),
        (jobset(metadata=LABEL, replicated_job="replicas: 2", job=DEADLINE), {}),
    ],
    ids=["the watcher owns them", "no tool", "one Job", "no deadline", "no queue", "a queue of the set alone"],
)
def test_nobody_has_to_end_them_so(text, options):
    assert said("JSG514", text, **options) == []


def test_a_gated_job_has_no_deadline_in_git():
    spec = "failurePolicy: {maxRestarts: 3, restartStrategy: BlockingRecreate}"
    text = jobset(spec=spec, replicated_job="replicas: 2", template=LABEL, job=DEADLINE, more=other("driver"))
    assert said("JSG514", text) == []
