"""JSG210 to JSG216: names that a person writes, and those that become of them."""

from __future__ import annotations

import pytest

from tests.unit.rules.sets import job, jobset, said

LABEL = "lower-case letters, digits and dashes, beginning with a letter and not ending with a dash"


def named(length: int) -> str:
    return f"name: {'x' * length}"


def test_no_name():
    assert said("JSG210", jobset(metadata="labels: {a: b}")) == [
        "3:1: the JobSet has no name\nhint: Give it a metadata.name."
    ]


@pytest.mark.parametrize("metadata", ["name: demo", "generateName: demo-"])
def test_a_name_or_what_it_is_made_from(metadata):
    assert said("JSG210", jobset(metadata=metadata)) == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [("Demo", "demo"), ("my_run", "my-run"), ("my.run", "my-run"), ("run-", "run"), ("1run", "1run"), ("läuft", "")],
)
def test_the_name_of_a_set(name, meant):
    hint = f"\nhint: Did you mean '{meant}'?" if meant not in ("", name) else ""
    assert said("JSG211", jobset(metadata=f"name: {name}")) == [
        f"3:18: the JobSet's name '{name}' must consist of {LABEL}{hint}"
    ]


def test_a_generate_name():
    assert said("JSG211", jobset(metadata="generateName: Demo-")) == [
        f"3:26: the JobSet's name 'Demo-' must consist of {LABEL}\nhint: Did you mean 'demo'?"
    ]


def test_a_generate_name_may_end_with_a_dash():
    assert said("JSG211", jobset(metadata="generateName: demo-")) == []


def test_the_name_of_a_replicated_job():
    assert said("JSG211", jobset(job("name: Workers_A"))) == [
        "7:12: the replicatedJob's name 'Workers_A' must consist of lower-case letters, digits and dashes\n"
        "hint: Did you mean 'workers-a'?"
    ]


@pytest.mark.parametrize("name", ["'0'", "a--b", "7b"])
def test_what_may_stand_between_two_dashes(name):
    assert said("JSG211", jobset(job(f"name: {name}"))) == []


def test_two_replicated_jobs_of_one_name():
    text = jobset(job("name: workers"), job("name: driver"), job("name: workers"))
    assert said("JSG212", text) == ["9:12: two replicatedJobs are named workers"]


@pytest.mark.parametrize("name", ["-a", "a-", "-a-"])
def test_a_replicated_job_is_named_in_a_label_which_has_no_dash_at_its_ends(name):
    assert said("JSG211", jobset(job(f"name: {name}"))) == [
        f"7:12: the replicatedJob's name '{name}' must consist of lower-case letters, digits and dashes, neither "
        "beginning nor ending with a dash\nhint: Did you mean 'a'?"
    ]


@pytest.mark.parametrize("name", ["1st", "a.b", "Training", "a-", "-a"])
def test_a_subdomain(name):
    assert [line.split(" must ")[0] for line in said("JSG213", jobset(spec=f"network: {{subdomain: {name}}}"))] == [
        f"5:24: the subdomain '{name}'"
    ]


def test_a_subdomain_of_63_characters():
    assert said("JSG213", jobset(spec=f"network: {{subdomain: {'x' * 63}}}")) == []


def test_a_subdomain_of_64_characters():
    name = "x" * 64
    assert said("JSG213", jobset(spec=f"network: {{subdomain: {name}}}")) == [
        f"5:24: the subdomain '{name}' has 64 characters, 1 more than the 63 allowed"
    ]


def test_a_subdomain_counts_without_host_names_too():
    text = jobset(spec="network: {enableDNSHostnames: false, subdomain: A}")
    assert said("JSG213", text) == [f"5:51: the subdomain 'A' must consist of {LABEL}\nhint: Did you mean 'a'?"]


def test_a_group_name():
    assert said("JSG214", jobset(job("groupName: Group_A, name: workers"))) == [
        f"7:17: the groupName 'Group_A' must consist of {LABEL}\nhint: Did you mean 'group-a'?"
    ]


def test_a_group_name_that_is_empty():
    assert said("JSG214", jobset(job("groupName: '', name: workers"))) == [
        f"7:17: the groupName '' must consist of {LABEL}"
    ]


def test_a_group_name_of_64_characters():
    name = "x" * 64
    assert said("JSG214", jobset(job(f"groupName: {name}, name: workers"))) == [
        f"7:17: the groupName '{name}' has 64 characters, 1 more than the 63 allowed"
    ]


def test_a_group_name_of_63_characters():
    assert said("JSG214", jobset(job(f"groupName: {'x' * 63}, name: workers"))) == []


@pytest.mark.parametrize(
    ("spec", "kind", "ending"),
    [
        ("completionMode: NonIndexed", "Job", ""),
        ("completions: 0", "Job", ""),
        ("completions: 100", "pod", "-99-abcde"),
        ("backoffLimit: 0", "pod host", "-0"),
    ],
)
def test_the_longest_name_that_a_replicated_job_makes(spec, kind, ending):
    longest = 63 - len("-workers-9") - len(ending)
    jobs = job("name: workers, replicas: 10", spec=spec)
    assert said("JSG215", jobset(jobs, metadata=named(longest))) == []
    assert said("JSG215", jobset(jobs, metadata=named(longest + 2))) == [
        f"7:12: {kind} names such as '{'x' * (longest + 2)}-workers-9{ending}' have 65 characters, 2 more than the 63 "
        "allowed\nhint: Shorten metadata.name or the name of replicatedJob workers by 2 characters."
    ]


def test_one_character_too_many():
    hints = [line.splitlines()[1] for line in said("JSG215", jobset(metadata=named(52)))]
    assert hints == ["hint: Shorten metadata.name or the name of replicatedJob workers by 1 character."]


def test_more_replicas_make_longer_names():
    jobs = [job(f"name: {name}, replicas: {replicas}") for name, replicas in (("a", 10), ("b", 11))]
    assert [line[:5] for line in said("JSG215", jobset(*jobs, metadata=named(57)))] == ["8:12:"]


def test_a_generate_name_gets_eight_characters():
    assert said("JSG215", jobset(metadata=f"generateName: {'x' * 43}")) == []
    assert said("JSG215", jobset(metadata=f"generateName: {'x' * 44}")) == [
        f"7:12: pod host names such as '{'x' * 44}01234567-workers-0-0' have 64 characters, 1 more than the 63 allowed\n"
        "hint: Shorten metadata.generateName or the name of replicatedJob workers by 1 character."
    ]


def test_nothing_is_named_where_replicas_is_0():
    assert said("JSG215", jobset(job("name: workers, replicas: 0"), metadata=named(63))) == []


def test_the_name_alone_is_too_long():
    assert said("JSG215", jobset(job("name: workers, replicas: 0"), metadata=named(64))) == [
        f"3:18: the JobSet's name '{'x' * 64}' has 64 characters, 1 more than the 63 allowed"
    ]


def test_without_a_name_nothing_is_too_long():
    assert said("JSG215", jobset(job(f"name: {'x' * 60}"), metadata="labels: {a: b}")) == []


@pytest.mark.parametrize("name", ["Team_A", "a.b", "-a", "a-"])
def test_a_namespace(name):
    assert [line.split(" must ")[0] for line in said("JSG216", jobset(metadata=f"namespace: {name}, name: demo"))] == [
        f"3:23: the namespace '{name}'"
    ]


def test_a_namespace_of_64_characters():
    assert said("JSG216", jobset(metadata=f"namespace: {'x' * 64}, name: demo")) == [
        f"3:23: the namespace '{'x' * 64}' must consist of at most 63 lower-case letters, digits and dashes"
    ]


@pytest.mark.parametrize("name", ["1st", "team-a", "x" * 63])
def test_a_namespace_may_begin_with_a_digit(name):
    assert said("JSG216", jobset(metadata=f"namespace: {name}, name: demo")) == []
