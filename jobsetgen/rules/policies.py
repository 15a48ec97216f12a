"""Success and failure policies: what they name must be there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import MAX_LABEL, is_controller
from jobsetgen.model.jobset import FailureRule, JobSet
from jobsetgen.options.table import Settings
from jobsetgen.re2 import PatternError, runs_away
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.words import near

_REASONS = (
    "BackoffLimitExceeded",
    "DeadlineExceeded",
    "FailedIndexes",
    "MaxFailedIndexesExceeded",
    "PodFailurePolicy",
)
_RULE_NAME = re.compile(r"[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?")
_LONGEST_RULE_NAME = 128
_MAX_REPLICAS_RESTARTED_ALONE = 1024


@jobset_rule("JSG220", "managed-by")
def managed_by(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """managedBy is no domain-prefixed path of at most 63 characters.

    It names a controller, as `kueue.x-k8s.io/multikueue` does.

    Bad::

        spec: {managedBy: multikueue}

    Good::

        spec: {managedBy: kueue.x-k8s.io/multikueue}
    """
    name = jobset.managed_by
    if name is None or is_controller(name):
        return
    message = f"managedBy '{name}' is no domain-prefixed path, such as example.com/controller"
    if is_controller(name[:MAX_LABEL]):
        message = (
            f"managedBy has {len(name)} characters, {len(name) - MAX_LABEL} more than the"
            f" {MAX_LABEL} allowed"
        )
    yield Finding(path=("spec", "managedBy"), message=message)


@jobset_rule("JSG221", "unknown-target")
def unknown_target(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """targetReplicatedJobs names a replicatedJob that is not there.

    Bad::

        spec:
          successPolicy: {operator: All, targetReplicatedJobs: [worker]}

    Good::

        spec:
          successPolicy: {operator: All, targetReplicatedJobs: [workers]}
    """
    names = [each.name for each in jobset.replicated_jobs]
    yield from _unknown(jobset.success_policy.path, jobset.success_policy.targets, names)
    for rule in _rules(jobset):
        yield from _unknown(rule.path, rule.targets, names)


def _unknown(path: Path, targets: Iterable[str], names: list[str]) -> Iterator[Finding]:
    for index, target in enumerate(targets):
        if target not in names:
            message = f"there is no replicatedJob {target}"
            place = (*path, "targetReplicatedJobs", index)
            yield Finding(path=place, message=message, hint=near(target, names))


def _rules(jobset: JobSet) -> tuple[FailureRule, ...]:
    return jobset.failure_policy.rules if jobset.failure_policy else ()


@jobset_rule("JSG222", "rule-name")
def rule_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A failure rule's name is malformed or longer than 128 characters.

    It begins with a letter, goes on with letters, digits and `_,:`, and ends with a letter, a digit or `_`.

    Bad::

        spec:
          failurePolicy:
            rules: [{name: host-maintenance, action: RestartJobSet}]

    Good::

        spec:
          failurePolicy:
            rules: [{name: hostMaintenance, action: RestartJobSet}]
    """
    for rule in _rules(jobset):
        path = (*rule.path, "name")
        if len(rule.name) > _LONGEST_RULE_NAME:
            excess = len(rule.name) - _LONGEST_RULE_NAME
            message = (
                f"the rule's name has {len(rule.name)} characters, {excess} more than the"
                f" {_LONGEST_RULE_NAME} allowed"
            )
            yield Finding(path=path, message=message)
        if not _RULE_NAME.fullmatch(rule.name):
            message = (
                f"the rule's name '{rule.name}' must have letters, digits and _,: and begin with a"
                " letter"
            )
            fixed = re.sub(r"[^A-Za-z0-9_,:]", "_", rule.name)
            hint = f"Did you mean '{fixed}'?" if _RULE_NAME.fullmatch(fixed) else ""
            yield Finding(path=path, message=message, hint=hint)


@jobset_rule("JSG223", "duplicate-rule-name")
def duplicate_rule_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """Two failure rules have the same name.

    A rule without a name is named failurePolicyRule and its index, which counts too.

    Bad::

        spec:
          failurePolicy:
            rules: [{name: retry, action: RestartJobSet}, {name: retry, action: FailJobSet}]

    Good::

        spec:
          failurePolicy:
            rules: [{name: retry, action: RestartJobSet}, {name: giveUp, action: FailJobSet}]
    """
    seen: set[str] = set()
    for rule in _rules(jobset):
        if rule.name in seen:
            yield Finding(
                path=(*rule.path, "name"), message=f"two failure rules are named {rule.name}"
            )
        seen.add(rule.name)


@jobset_rule("JSG224", "unknown-reason")
def unknown_reason(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A failure rule waits for a reason that no Job ever fails with.

    Bad::

        spec:
          failurePolicy:
            rules: [{action: FailJobSet, onJobFailureReasons: [PodFailurePolicies]}]

    Good::

        spec:
          failurePolicy:
            rules: [{action: FailJobSet, onJobFailureReasons: [PodFailurePolicy]}]
    """
    for rule in _rules(jobset):
        for index, reason in enumerate(rule.reasons):
            if reason not in _REASONS:
                message = (
                    f"'{reason}' is not a reason that a Job fails with; those are"
                    f" {', '.join(_REASONS)}"
                )
                place = (*rule.path, "onJobFailureReasons", index)
                yield Finding(path=place, message=message, hint=near(reason, _REASONS))


@jobset_rule("JSG225", "restart-job-replicas")
def restart_job_replicas(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A rule restarts single Jobs, but a replicatedJob has more than 1024 of them.

    JobSet counts the restarts of each Job in a list of at most 1024 entries.

    Bad::

        spec:
          failurePolicy:
            rules: [{action: RestartJob}]
          replicatedJobs:
          - {replicas: 1025}

    Good::

        spec:
          failurePolicy:
            rules: [{action: RestartJobSet}]
          replicatedJobs:
          - {replicas: 1025}
    """
    alone = {"RestartJob", "RestartJobAndIgnoreMaxRestarts"}
    action = next((rule.action for rule in _rules(jobset) if rule.action in alone), None)
    for each in jobset.replicated_jobs:
        if action and each.replicas > _MAX_REPLICAS_RESTARTED_ALONE:
            message = (
                f"the action {action} allows at most 1024 replicas; {each.name} has {each.replicas}"
            )
            yield Finding(path=(*each.path, "replicas"), message=message)


@jobset_rule("JSG226", "failure-pattern")
def failure_pattern(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A pattern of onJobFailureMessagePatterns is no regular expression in the syntax of RE2.

    The JobSet controller accepts it and then skips the rule's pattern at run time, so a failure would be treated in
    another way than the spec says. The restart-watcher runs on Python, so each pattern is written anew for it in the
    plan, and found where RE2 would find it. Two things have no counterpart there: groups that nest 100 deep or deeper,
    and a repetition of what can itself be read in several ways, such as `(a+)+` or `(a|b)*`: Python could take longer
    than the run to say that it is not found.

    Bad::

        spec:
          failurePolicy:
            rules: [{action: FailJobSet, onJobFailureMessagePatterns: ["exit code (1|2"]}]

    Good::

        spec:
          failurePolicy:
            rules: [{action: FailJobSet, onJobFailureMessagePatterns: ["exit code (1|2)"]}]
    """
    for rule in _rules(jobset):
        for index, pattern in enumerate(rule.patterns):
            if reason := _against(pattern):
                message = f"the pattern '{pattern}' {reason}"
                yield Finding(
                    path=(*rule.path, "onJobFailureMessagePatterns", index), message=message
                )


def _against(pattern: str) -> str:
    try:
        if runs_away(pattern):
            return (
                "repeats what can be read in several ways: to search for it could take for ever;"
                " repeat it once"
            )
    except PatternError as error:
        return f"is no RE2 regular expression: {error}"
    return ""


RULES = (
    managed_by,
    unknown_target,
    rule_name,
    duplicate_rule_name,
    unknown_reason,
    restart_job_replicas,
    failure_pattern,
)
