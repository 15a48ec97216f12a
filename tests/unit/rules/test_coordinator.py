"""JSG230 and JSG231: the coordinator is a pod that the set has, with an endpoint that fits a label."""

from __future__ import annotations

import pytest

from tests.unit.rules.sets import job, jobset, said

WORKERS = job("name: workers, replicas: 2", spec="completions: 3, parallelism: 3")


def coordinator(fields: str) -> str:
    return f"coordinator: {{{fields}}}"


def found(fields: str, *jobs: str) -> list[str]:
    return said("JSG230", jobset(*jobs or [WORKERS], spec=coordinator(fields)))


@pytest.mark.parametrize("fields", ["replicatedJob: workers", "replicatedJob: workers, jobIndex: 1, podIndex: 2"])
def test_a_pod_that_is_there(fields):
    assert found(fields) == []


def test_an_unknown_replicated_job():
    assert found("replicatedJob: worker") == [
        "5:32: the coordinator is in replicatedJob worker, but there is none of that name\n"
        "hint: Did you mean 'workers'?"
    ]


@pytest.mark.parametrize("index", [-1, 2])
def test_a_job_index_that_is_not_there(index):
    assert found(f"replicatedJob: workers, jobIndex: {index}") == [
        f"5:51: the coordinator's jobIndex is {index}, but workers has 2 Jobs"
    ]


@pytest.mark.parametrize("index", [-1, 3])
def test_a_pod_index_that_is_not_there(index):
    assert found(f"replicatedJob: workers, podIndex: {index}") == [
        f"5:51: the coordinator's podIndex is {index}, but workers has 3 completions"
    ]


def test_both_at_once():
    assert found("replicatedJob: driver, jobIndex: 1, podIndex: 1", job("name: driver", spec="completions: 1")) == [
        "5:50: the coordinator's jobIndex is 1, but driver has 1 Job",
        "5:63: the coordinator's podIndex is 1, but driver has 1 completion",
    ]


def test_a_replicated_job_without_jobs():
    assert found("replicatedJob: workers", job("name: workers, replicas: 0", spec="completions: 1")) == [
        "5:3: the coordinator's jobIndex is 0, but workers has 0 Jobs"
    ]


def test_a_job_that_is_not_indexed():
    jobs = job("name: workers", spec="completions: 3, completionMode: NonIndexed")
    assert found("replicatedJob: workers", jobs) == [
        "5:32: the coordinator is in workers, which is not Indexed, so its pods have no names of their own"
    ]


def test_a_job_without_completions():
    assert found("replicatedJob: workers", job("name: workers")) == [
        "5:32: the coordinator is in workers, which says no completions\nhint: Write completions in its Job template."
    ]


def test_no_coordinator():
    assert said("JSG230", jobset(WORKERS)) == []


# The endpoint is <name>-workers-0-0.<subdomain>.
def test_an_endpoint_of_63_characters():
    assert (
        said("JSG231", jobset(WORKERS, metadata=f"name: {'x' * 25}", spec=coordinator("replicatedJob: workers"))) == []
    )


def test_an_endpoint_of_65_characters():
    name = "x" * 26
    text = jobset(WORKERS, metadata=f"name: {name}", spec=coordinator("replicatedJob: workers"))
    assert said("JSG231", text) == [
        f"5:16: the coordinator's endpoint '{name}-workers-0-0.{name}' has 65 characters, 2 more than the 63 of a "
        "label value\nhint: Shorten metadata.name, or give a short network.subdomain."
    ]


def test_an_endpoint_below_a_short_subdomain():
    text = jobset(WORKERS, metadata=f"name: {'x' * 26}", spec=coordinator("replicatedJob: workers"))
    assert said("JSG231", text.replace("spec:\n", "spec:\n  network: {subdomain: run}\n", 1)) == []


def test_the_endpoint_of_a_generated_name():
    text = jobset(WORKERS, metadata=f"generateName: {'x' * 18}", spec=coordinator("replicatedJob: workers"))
    assert [line.split(", ")[1][:7] for line in said("JSG231", text)] == ["2 more "]


def test_a_set_without_a_name_has_no_endpoint():
    text = jobset(job(f"name: {'x' * 60}"), metadata="labels: {a: b}", spec=coordinator(f"replicatedJob: {'x' * 60}"))
    assert said("JSG231", text) == []
