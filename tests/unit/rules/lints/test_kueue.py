"""JSG503: a Kueue queue-name label on what becomes plain Jobs."""

from __future__ import annotations

import pytest

from tests.unit.rules.lints.sets import jobset, other, said

LABEL = "labels: {kueue.x-k8s.io/queue-name: research}"
GROUP = "labels: {kueue.x-k8s.io/queue-name: research, kueue.x-k8s.io/pod-group-name: demo}"
EXCLUSIVE = "annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: pool}"
ON_JOBS = (
    "On the Job templates it would make each of them a Workload of its own, "
    "of which Kueue may admit some and let the others wait."
)
CAPS = "Kueue takes at most 8 (up to 0.17), 10 (0.18) or 18 (0.19)"


def test_on_the_set_it_does_not_reach_the_jobs():
    message = (
        "the queue-name label stays behind with the JobSet: its 4 Jobs do not get it and would start without Kueue"
    )
    found = said("JSG503", jobset(metadata=LABEL, replicated_job="replicas: 4"))
    assert found == [f"5:39: warning: {message}\nhint: {ON_JOBS}"]


def test_on_a_set_of_one_job_it_belongs_on_the_template():
    message = "the queue-name label stays behind with the JobSet: its Job does not get it and would start without Kueue"
    hint = "Put it on the Job template: a single Job is one Workload, as the JobSet was."
    assert said("JSG503", jobset(metadata=LABEL)) == [f"5:39: warning: {message}\nhint: {hint}"]


def test_on_set_and_job_it_is_the_jobs_that_count():
    assert said("JSG503", jobset(metadata=LABEL, template=LABEL)) == []


def test_on_the_templates_each_job_is_a_workload():
    message = (
        "to Kueue each of these 4 Jobs is a Workload of its own: "
        "it may admit some, which then hold their nodes and wait for the others"
    )
    found = said("JSG503", jobset(template=LABEL, replicated_job="replicas: 4"))
    assert found == [f"13:45: warning: {message}"]


def test_one_labelled_job_is_one_workload():
    assert said("JSG503", jobset(template=LABEL)) == []


def test_on_the_pods_each_pod_is_a_workload():
    message = (
        "to Kueue each of these 8 pods is a Workload of its own: "
        "it may admit some, which then hold their nodes and wait for the others"
    )
    found = said("JSG503", jobset(pods=LABEL, replicated_job="replicas: 4", job="parallelism: 2"))
    assert found == [f"18:49: warning: {message}"]


def test_an_exclusive_set_over_every_cap_can_never_be_one_group():
    hint = (
        f"{ON_JOBS} As one pod group the set could never be admitted: "
        f"exclusive placement gives it 20 shapes of pods, and {CAPS}."
    )
    text = jobset(metadata=LABEL, template=EXCLUSIVE, replicated_job="replicas: 20")
    assert [each.partition("hint: ")[2] for each in said("JSG503", text)] == [hint]


def test_a_pod_group_within_the_caps():
    assert said("JSG503", jobset(pods=GROUP, template=EXCLUSIVE, replicated_job="replicas: 8")) == []


@pytest.mark.parametrize(("replicas", "outcome"), [(9, "be admitted only by a newer Kueue"), (19, "never be admitted")])
def test_a_pod_group_over_a_cap(replicas, outcome):
    message = (
        f"as one pod group the set could {outcome}: exclusive placement gives it {replicas} shapes of pods, and {CAPS}"
    )
    found = said("JSG503", jobset(pods=GROUP, template=EXCLUSIVE, replicated_job=f"replicas: {replicas}"))
    assert found == [f"18:90: warning: {message}"]


def test_pods_that_are_not_exclusive_have_one_shape_for_each_replicated_job():
    assert said("JSG503", jobset(pods=GROUP, replicated_job="replicas: 100")) == []


def test_a_replicated_job_beside_adds_its_own_shape():
    found = said("JSG503", jobset(pods=GROUP, template=EXCLUSIVE, replicated_job="replicas: 8", more=other("driver")))
    assert [each.partition("gives it ")[2].partition(" of")[0] for each in found] == ["9 shapes"]


def test_a_set_without_the_label():
    assert said("JSG503", jobset(replicated_job="replicas: 4")) == []
