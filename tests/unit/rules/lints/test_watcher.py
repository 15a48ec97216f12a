"""JSG510: what the Jobs alone do not do, where there shall be no watcher."""

from __future__ import annotations

from typing import Any

from tests.unit.rules.lints import sets
from tests.unit.rules.lints.sets import jobset, other

HINT = "\nhint: Leave restartWatcher at Auto."


def said(code: str, text: str, **options: Any) -> list[str]:
    return sets.said(code, text, restart_watcher="Never", **options)


def test_restarts():
    message = f"without the restart-watcher nothing will restart the set after a failure (maxRestarts 3){HINT}"
    assert said("JSG510", jobset(spec="failurePolicy: {maxRestarts: 3}")) == [f"7:32: error: {message}"]


def test_restarts_by_rules():
    spec = "failurePolicy: {maxRestarts: 3, rules: [{action: FailJobSet}]}"
    task = "restart the set after a failure (maxRestarts 3, by the rules of failurePolicy)"
    assert said("JSG510", jobset(spec=spec)) == [f"7:32: error: without the restart-watcher nothing will {task}{HINT}"]


def test_restarts_that_are_not_counted():
    spec = "failurePolicy: {rules: [{action: RestartJobSetAndIgnoreMaxRestarts}]}"
    task = "restart the set after a failure (RestartJobSetAndIgnoreMaxRestarts)"
    assert said("JSG510", jobset(spec=spec)) == [f"7:36: error: without the restart-watcher nothing will {task}{HINT}"]


def test_shared_fate_of_two_jobs():
    message = f"without the restart-watcher nothing will end the other Job when one fails{HINT}"
    assert said("JSG510", jobset(more=other("driver"))) == [f"9:3: error: {message}"]


def test_shared_fate_of_many_jobs():
    message = f"without the restart-watcher nothing will end the other 1,499 Jobs when one fails{HINT}"
    assert said("JSG510", jobset(replicated_job="replicas: 1500")) == [f"9:3: error: {message}"]


def test_success_of_any():
    task = "end the set when one Job has succeeded (successPolicy) or end the other 3 Jobs when one fails"
    found = said("JSG510", jobset(spec="successPolicy: {operator: Any}", replicated_job="replicas: 4"))
    assert found == [f"7:18: error: without the restart-watcher nothing will {task}{HINT}"]


def test_success_of_some():
    spec = "successPolicy: {operator: All, targetReplicatedJobs: [driver]}"
    task = "end the set when every Job of driver has succeeded (successPolicy) or end the other Job when one fails"
    found = said("JSG510", jobset(spec=spec, more=other("driver")))
    assert found == [f"7:18: error: without the restart-watcher nothing will {task}{HINT}"]


def test_success_of_all_by_name_needs_nobody():
    spec = "successPolicy: {operator: All, targetReplicatedJobs: [workers]}"
    assert said("JSG510", jobset(spec=spec)) == []


def test_start_in_order():
    task = "hold Jobs back until it is their turn (InOrder) or end the other Job when one fails"
    found = said("JSG510", jobset(spec="startupPolicy: {startupPolicyOrder: InOrder}", more=other("driver")))
    assert found == [f"7:39: error: without the restart-watcher nothing will {task}{HINT}"]


def test_start_after_another():
    task = "hold Jobs back until it is their turn (dependsOn) or end the other Job when one fails"
    found = said("JSG510", jobset(more=other("driver", "dependsOn: [{name: workers, status: Ready}]")))
    assert found == [f"25:31: error: without the restart-watcher nothing will {task}{HINT}"]


def test_ttl_without_gitops():
    message = f"without the restart-watcher nothing will remove the finished set (ttlSecondsAfterFinished){HINT}"
    found = said("JSG510", jobset(spec="ttlSecondsAfterFinished: 60"), gitops="none")
    assert found == [f"7:28: error: {message}"]


def test_ttl_under_gitops_has_a_warning_of_its_own():
    assert said("JSG510", jobset(spec="ttlSecondsAfterFinished: 60")) == []


def test_everything_at_once_is_one_sentence():
    spec = "failurePolicy: {maxRestarts: 3}\n  startupPolicy: {startupPolicyOrder: InOrder}"
    task = (
        "restart the set after a failure (maxRestarts 3), hold Jobs back until it is their turn (InOrder) "
        "or end the other Job when one fails"
    )
    found = said("JSG510", jobset(spec=spec, more=other("driver")))
    assert found == [f"7:32: error: without the restart-watcher nothing will {task}{HINT}"]


def test_one_job_that_nothing_restarts():
    assert said("JSG510", jobset(spec="failurePolicy: {maxRestarts: 0, rules: [{action: FailJobSet}]}")) == []


def test_a_set_without_jobs():
    spec = "failurePolicy: {maxRestarts: 3}"
    assert said("JSG510", jobset(spec=spec, replicated_job="replicas: 0")) == []


def test_one_job_that_the_watcher_shall_create():
    message = "without the restart-watcher nothing will create the Jobs (jobs: watcher)"
    assert said("JSG510", jobset(), jobs="watcher") == [f"9:3: error: {message}{HINT}"]


def test_with_a_watcher_there_is_nothing_to_say():
    assert sets.said("JSG510", jobset(spec="failurePolicy: {maxRestarts: 3}")) == []
