"""JSG506: pod DNS names that name no pod."""

from __future__ import annotations

import pytest

from tests.unit.rules.lints.sets import jobset, other, said

PODS = "<<: {parallelism: 2, completions: 2}"


def named(value, **parts):
    """A set whose pods are demo-workers-0-0.demo to demo-workers-3-1.demo, with a name in a variable."""
    parts = {"replicated_job": "replicas: 4", "job": PODS, **parts}
    return jobset(container=f"env: [{{name: MASTER_ADDR, value: '{value}'}}]", **parts)


@pytest.mark.parametrize(
    "value",
    [
        "demo-workers-0-0.demo",
        "demo-workers-3-1.demo:1234",
        "tcp://demo-workers-3-1.demo.default.svc.cluster.local:8471",
        "demo-workers-0-0.demo,demo-workers-1-0.demo",
    ],
)
def test_pods_of_this_set(value):
    assert said("JSG506", named(value)) == []


def test_a_replicated_job_of_another_name():
    message = "demo-worker-0-0.demo names no pod of this JobSet: none of its Jobs is named demo-worker-0"
    hint = "Did you mean 'demo-workers-0-0.demo'?"
    assert said("JSG506", named("demo-worker-0-0.demo")) == [f"23:48: warning: {message}\nhint: {hint}"]


def test_a_job_too_many():
    message = "demo-workers-4-0.demo names no pod of this JobSet: workers has 4 Jobs, 0 to 3"
    assert said("JSG506", named("demo-workers-4-0.demo")) == [f"23:48: warning: {message}"]


def test_a_pod_too_many():
    message = "demo-workers-0-2.demo names no pod of this JobSet: a Job of workers has 2 pods, 0 to 1"
    assert said("JSG506", named("demo-workers-0-2.demo")) == [f"23:48: warning: {message}"]


def test_the_one_job_has_number_0():
    message = "demo-workers-1-0.demo names no pod of this JobSet: workers has 1 Job, number 0"
    found = said("JSG506", named("demo-workers-1-0.demo", replicated_job="replicas: 1"))
    assert found == [f"23:48: warning: {message}"]


def test_a_replicated_job_that_is_scaled_to_0():
    message = "demo-workers-0-0.demo names no pod of this JobSet: workers has no Jobs"
    found = said("JSG506", named("demo-workers-0-0.demo", replicated_job="replicas: 0"))
    assert found == [f"23:48: warning: {message}"]


def test_completions_count_pods():
    text = named("demo-workers-0-7.demo", job="<<: {parallelism: 2, completions: 8}")
    assert said("JSG506", text) == []


def test_a_job_without_either_has_one_pod():
    assert len(said("JSG506", named("demo-workers-0-1.demo", job="backoffLimit: 0"))) == 1
    assert said("JSG506", named("demo-workers-0-0.demo", job="backoffLimit: 0")) == []


def test_another_subdomain():
    message = "demo-workers-0-0.demo names no pod of this JobSet: its subdomain is trainer"
    hint = "Did you mean 'demo-workers-0-0.trainer'?"
    found = said("JSG506", named("demo-workers-0-0.demo", spec="network: {subdomain: trainer}"))
    assert found == [f"23:48: warning: {message}\nhint: {hint}"]


def test_pods_without_indices():
    message = (
        "demo-workers-0-0.demo names no pod of this JobSet: the pods of workers are NonIndexed and have no such names"
    )
    found = said("JSG506", named("demo-workers-0-0.demo", job="completionMode: NonIndexed"))
    assert found == [f"23:48: warning: {message}"]


def test_pods_without_dns_names():
    message = (
        "demo-workers-0-0.demo names no pod of this JobSet: its pods have no DNS names, as enableDNSHostnames is false"
    )
    found = said("JSG506", named("demo-workers-0-0.demo", spec="network: {enableDNSHostnames: false}"))
    assert found == [f"23:48: warning: {message}"]


def test_pods_with_a_subdomain_of_their_own():
    text = named("demo-workers-0-0.mine", spec="network: {enableDNSHostnames: false}", pod="subdomain: mine")
    assert said("JSG506", text) == []


def test_a_set_that_was_renamed():
    message = "demo1-workers-0-0.demo1 names no pod of this JobSet: none of its Jobs is named demo1-workers-0"
    hint = "Did you mean 'demo-workers-0-0.demo'?"
    assert said("JSG506", named("demo1-workers-0-0.demo1")) == [f"23:48: warning: {message}\nhint: {hint}"]


@pytest.mark.parametrize("field", ["command", "args"])
def test_commands_and_arguments(field):
    text = jobset(container=f"{field}: [ping, demo-workers-9-0.demo]")
    assert [each.partition(" ")[0] for each in said("JSG506", text)] == [f"23:{24 + len(field)}:"]


def test_a_name_is_told_once_a_value():
    assert len(said("JSG506", named("demo-worker-0-0.demo demo-worker-0-0.demo"))) == 1


@pytest.mark.parametrize(
    "value",
    [
        "${JOBSET_NAME}-worker-0-0.demo",
        "$JOBSET_NAME-worker-0-0.demo",
        "$name-worker-0-0.demo",
        "$(JOBSET_NAME)-$(REPLICATED_JOB_NAME)-0-0.$(JOBSET_NAME)",
        "demo-worker-$i-0.demo",
        "demo-worker-0-0.demo-$RUN",
        "demo-worker-0-0.demo${RUN}",
    ],
)
def test_names_with_variables_are_undecided(value):
    assert said("JSG506", named(value)) == []


@pytest.mark.parametrize(
    "value",
    [
        "redis-cluster-0-0.redis",
        "demo-worker-0-0.demo.other-team.svc",
        "/logs/demo-workers-0-0.log",
        "demo-workers-0-0.log",
        "demo-workers-0-9.ckpt.gz",
        "demo-worker-00-0.demo",
        "jax-0-4-1.tar",
        f"demo-workers-{'9' * 5000}-0.demo",
    ],
)
def test_what_is_no_name_of_this_set(value):
    assert said("JSG506", named(value, metadata="namespace: team")) == []


def test_a_pod_of_another_set_of_the_input():
    beside = jobset(name="name: demos", job=PODS)
    assert said("JSG506", f"{named('demos-workers-0-1.demos')}---\n{beside}") == []


def test_no_pod_of_another_set_of_the_input():
    beside = jobset(name="name: demos", job=PODS)
    message = "demos-workers-0-2.demos names no pod of the JobSet demos: a Job of workers has 2 pods, 0 to 1"
    assert said("JSG506", f"{named('demos-workers-0-2.demos')}---\n{beside}") == [f"23:48: warning: {message}"]


def test_a_set_of_another_namespace_is_not_reached_by_a_short_name():
    beside = jobset(name="name: demos", metadata="namespace: b", job=PODS)
    text = f"{named('demos-workers-0-1.demos', metadata='namespace: a')}---\n{beside}"
    assert len(said("JSG506", text)) == 1
    assert said("JSG506", text.replace("0-1.demos", "0-1.demos.b.svc")) == []


def test_of_several_replicated_jobs_the_nearest_is_meant():
    text = named("demo-drive-0-0.demo", more=other("driver"))
    assert [each.partition("hint: ")[2] for each in said("JSG506", text)] == ["Did you mean 'demo-driver-0-0.demo'?"]


def test_a_generated_name_is_not_known():
    assert said("JSG506", named("demo-worker-0-0.demo", name="generateName: demo-")) == []
