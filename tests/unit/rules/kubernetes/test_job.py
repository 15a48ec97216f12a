"""JSG340 to JSG343 and JSG347: the Job's own fields."""

from __future__ import annotations

from tests.unit.rules.kubernetes.jobs import jobset, plain, said


def test_a_negative_number():
    found = said("JSG340", jobset(job="backoffLimit: -1"))
    assert found == ["14:23: backoffLimit is -1, but cannot be negative"]


def test_every_number_that_counts():
    job = (
        "<<: {parallelism: -1, completions: -1, activeDeadlineSeconds: -1, "
        "ttlSecondsAfterFinished: -1, backoffLimitPerIndex: -1, maxFailedIndexes: -1}"
    )
    found = said("JSG340", jobset(job=job))
    assert found == [
        "14:27: parallelism is -1, but cannot be negative",
        "14:44: completions is -1, but cannot be negative",
        "14:71: activeDeadlineSeconds is -1, but cannot be negative",
        "14:100: ttlSecondsAfterFinished is -1, but cannot be negative",
        "14:126: backoffLimitPerIndex is -1, but cannot be negative",
        "14:148: maxFailedIndexes is -1, but cannot be negative",
    ]


def test_a_deadline_of_the_pods_of_zero():
    found = said("JSG340", jobset(pod="activeDeadlineSeconds: 0"))
    assert found == ["19:36: activeDeadlineSeconds of a pod is 0, but must be at least 1"]


def test_a_deadline_of_the_pods_beyond_all_time():
    found = said("JSG340", jobset(pod="activeDeadlineSeconds: 3000000000"))
    assert found == ["19:36: activeDeadlineSeconds of a pod is 3000000000, but must be at most 2147483647"]


def test_a_deadline_of_the_job_of_zero():
    assert said("JSG340", jobset(job="activeDeadlineSeconds: 0")) == []


def test_a_negative_grace_period_is_taken_as_a_second():
    assert said("JSG340", jobset(pod="terminationGracePeriodSeconds: -1")) == []


def test_parallelism_without_completions():
    message = (
        "13:7: an Indexed Job with parallelism 8 needs completions, too\nhint: Write "
        "completions: 8, or completionMode: NonIndexed."
    )
    found = said("JSG341", jobset(job="parallelism: 8"))
    assert found == [message]


def test_neither_of_both():
    assert said("JSG341", jobset(job="backoffLimit: 0")) == []


def test_completions_without_parallelism():
    assert said("JSG341", jobset(job="completions: 8")) == []


def test_parallelism_without_completions_and_without_indices():
    assert said("JSG341", jobset(job="<<: {completionMode: NonIndexed, parallelism: 8}")) == []


def test_a_plain_job_is_not_indexed_of_itself():
    assert said("JSG341", plain(job="parallelism: 8")) == []


def test_more_indices_at_once_than_allowed():
    found = said("JSG341", jobset(job="<<: {parallelism: 100001, completions: 200000}"))
    assert found == ["14:27: parallelism is 100,001; an Indexed Job allows at most 100,000"]


def test_a_limit_per_index_without_indices():
    found = said("JSG342", jobset(job="<<: {completionMode: NonIndexed, backoffLimitPerIndex: 1}"))
    assert found == ["14:64: backoffLimitPerIndex needs completionMode Indexed"]


def test_failed_indexes_without_a_limit_per_index():
    found = said("JSG342", jobset(job="<<: {parallelism: 2, completions: 2, maxFailedIndexes: 1}"))
    assert found == ["14:64: maxFailedIndexes needs backoffLimitPerIndex"]


def test_more_failed_indexes_than_there_are():
    found = said(
        "JSG342", jobset(job="<<: {parallelism: 2, completions: 2, backoffLimitPerIndex: 1, maxFailedIndexes: 3}")
    )
    assert found == ["14:89: maxFailedIndexes is 3, more than the completions, 2"]


def test_more_failed_indexes_than_the_one_that_is_not_written():
    found = said("JSG342", jobset(job="<<: {backoffLimitPerIndex: 1, maxFailedIndexes: 2}"))
    assert found == ["14:57: maxFailedIndexes is 2, more than the completions, 1"]


def test_many_failed_indexes():
    job = "<<: {parallelism: 2, completions: 300000, backoffLimitPerIndex: 1, maxFailedIndexes: 10001}"
    message = "14:94: maxFailedIndexes is at most 10,000 with backoffLimitPerIndex and more than 100,000 completions"
    found = said("JSG342", jobset(job=job))
    assert found == [message]


def test_many_completions_with_a_limit_per_index():
    message_0 = "13:7: maxFailedIndexes must be written with backoffLimitPerIndex and more than 100,000 completions"
    message_1 = "14:27: parallelism is at most 10,000 with backoffLimitPerIndex and more than 100,000 completions"
    found = said("JSG342", jobset(job="<<: {parallelism: 20000, completions: 100001, backoffLimitPerIndex: 1}"))
    assert found == [message_0, message_1]


def test_restart_always():
    found = said("JSG343", jobset(pod="restartPolicy: Always"))
    assert found == ["19:28: restartPolicy is Always; the pods of a Job need OnFailure or Never"]


def test_a_set_without_a_restart_policy():
    assert said("JSG343", jobset(job="backoffLimit: 0")) == []


def test_a_plain_job_without_a_restart_policy():
    message = "10:5: restartPolicy is not written, which means Always; the pods of a Job need OnFailure or Never"
    found = said("JSG343", plain(restart="# nothing"))
    assert found == [message]


def test_a_pod_failure_policy_without_never():
    found = said("JSG343", jobset(job="podFailurePolicy: {rules: []}"))
    assert found == ["18:11: a podFailurePolicy needs restartPolicy Never, not OnFailure"]


def test_a_pod_failure_policy_with_on_failure():
    found = said("JSG343", jobset(pod="restartPolicy: OnFailure", job="podFailurePolicy: {rules: []}"))
    assert found == ["19:28: a podFailurePolicy needs restartPolicy Never, not OnFailure"]


def test_a_plain_job_without_a_name():
    found = said("JSG347", plain(metadata="labels: {app: prepare}"))
    assert found == ["4:3: the Job has no name\nhint: Give it a metadata.name."]


def test_a_plain_job_with_capitals():
    found = said("JSG347", plain(metadata="name: Prepare"))
    assert found == ["4:9: the Job's name 'Prepare' must have lower-case letters, digits, dashes and dots"]


def test_a_plain_job_with_a_name_that_is_too_long():
    found = said("JSG347", plain(metadata=f"name: {'a' * 64}"))
    assert found == ["4:9: the Job's name has 64 characters, 1 more than the 63 allowed"]


def test_the_pods_of_an_indexed_job_have_longer_names():
    message = (
        "4:9: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1000' cannot be "
        "the hostname of a pod: at most 63 letters, digits and dashes"
    )
    found = said(
        "JSG347",
        plain(metadata=f"name: {'a' * 60}", job="<<: {completionMode: Indexed, parallelism: 1, completions: 1001}"),
    )
    assert found == [message]


def test_an_indexed_job_with_a_dot_in_its_name():
    message = "4:9: 'prepare.data-0' cannot be the hostname of a pod: at most 63 letters, digits and dashes"
    found = said("JSG347", plain(metadata="name: prepare.data", job="completionMode: Indexed"))
    assert found == [message]


def test_a_plain_job_with_a_dot_in_its_name():
    assert said("JSG347", plain(metadata="name: prepare.data")) == []


def test_a_generated_name_is_cut():
    assert said("JSG347", plain(metadata=f"generateName: {'a' * 100}")) == []


def test_a_generated_name_with_capitals():
    found = said("JSG347", plain(metadata="generateName: Prepare-"))
    assert found == ["4:17: the Job's name 'Prepare-' must have lower-case letters, digits, dashes and dots"]


def test_a_controller_without_a_domain():
    message = (
        "14:20: managedBy 'multikueue' is no domain-prefixed path of at most 63 characters\n"
        "hint: It looks like example.com/controller."
    )
    found = said("JSG347", jobset(job="managedBy: multikueue"))
    assert found == [message]
