"""The failure policy: which rule matches, whether the set restarts, one Job does, or all ends."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from .contract import MOST_RESTARTS, FailurePolicy, Json, Outcome, Rule, Terminal
from .decision import Decision
from .formats import compact, printable
from .generations import take_up
from .matcher import is_found, searchable
from .view import Job

# Entries of evidence that are kept, and the bytes of their texts.
EVIDENCE = 50
TEXT = 512
SHORT_TEXT = 128


class _Failure(NamedTuple):
    """A failed Job, and the first rule that matches it, if there is one."""

    job: Job
    rule: Rule | None
    order: tuple[int, str, int]  # place of the rule, time of the failure, global index

    @property
    def action(self) -> str:
        """What is to be done."""
        return self.rule["action"] if self.rule else "RestartJobSet"

    @property
    def counts(self) -> bool:
        """Whether a restart counts towards maxRestarts."""
        return not self.action.endswith("IgnoreMaxRestarts")


def act_on_failures(decision: Decision, failed: list[Job]) -> None:
    """Restart failed Jobs alone, until a failure restarts the whole set or ends it.

    The controller acts on one failure a pass. All are acted upon here at once, with the counters,
    evidence and events of its passes, in their order.
    """
    may_succeed = decision.has_succeeded()
    failed_left = sum(job.failed for job in failed)
    counted = _counted_restarts(decision)
    for failure in _in_order(decision, failed):
        # Success goes before failures of Jobs whose pods are still ending.
        if may_succeed and not failed_left:
            return
        if not _act_on(decision, failure, counted):
            return
        failed_left -= failure.job.failed
        counted += failure.counts


def _act_on(decision: Decision, failure: _Failure, counted: int) -> bool:
    """Act on one failure, given the restarts so far that count; return whether to go on."""
    policy = decision.plan["failurePolicy"]
    why = _end_of(policy, failure, counted)
    _remember(decision, failure, failure.action if policy else "FailJobSet")
    if why:
        reason, message = why
        finish(decision, "Failed", reason, f"{message} (first failed job: {failure.job.name})")
    elif failure.action.startswith("RestartJobSet"):
        _restart_all(decision, failure)
    else:
        _restart_alone(decision, failure)
        return True
    return False


# --- Which rule, and which Job --------------------------------------------------------------------
def _in_order(decision: Decision, failed: list[Job]) -> list[_Failure]:
    """Return failures in the order in which the controller's passes take them.

    A pass takes the first rule that matches any Job, and the Job of those it matches that failed
    first, on a tie the one with the lowest global index.
    """
    policy = decision.plan["failurePolicy"]
    rules = policy["rules"] if policy else []
    first = {name: each["firstGlobalIndex"] for name, each in decision.by_name.items()}
    failures = [_failure(rules, job, first[job.replicated_job] + job.index) for job in failed]
    return sorted(failures, key=lambda failure: failure.order)


def _failure(rules: list[Rule], job: Job, global_index: int) -> _Failure:
    """Return a failed Job with the first rule that matches it."""
    for place, rule in enumerate(rules):
        if _matches(rule, job):
            return _Failure(job, rule, (place, job.end, global_index))
    return _Failure(job, None, (len(rules), job.end, global_index))


def _matches(rule: Rule, job: Job) -> bool:
    """Whether a rule is about a Job that failed so."""
    if rule["reasons"] and job.reason not in rule["reasons"]:
        return False
    if rule["targets"] and job.replicated_job not in rule["targets"]:
        return False
    programs = rule.get("programs", [])
    if not rule["patterns"] and not programs:
        return True
    message = searchable(job.message)
    if any(re.search(each, message, re.ASCII) for each in rule["patterns"]):
        return True
    return any(is_found(each, message) for each in programs)


def _end_of(
    policy: FailurePolicy | None, failure: _Failure, counted: int
) -> tuple[str, str] | None:
    """Return why a failure ends the set, as reason and message; None where it does not."""
    if policy is None:
        return "FailedJobs", "a Job has failed and there is no failurePolicy"
    if failure.action == "FailJobSet":
        return "FailJobSetFailurePolicyAction", "a rule of the failurePolicy says so"
    if failure.counts and counted >= policy["maxRestarts"]:
        return "ReachedMaxRestarts", f"maxRestarts ({policy['maxRestarts']}) is reached"
    return None


def _counted_restarts(decision: Decision) -> int:
    """Return the restarts so far that count: of the set, and of Jobs alone."""
    alone = sum(counted for _, counted in decision.state["jobRestarts"].values())
    return decision.state["countedRestarts"] + alone


def _one_more(restarts: int) -> int:
    """Return a counter after one more restart; where a label said the most, it stays there."""
    return min(restarts + 1, MOST_RESTARTS)


# --- What is done ---------------------------------------------------------------------------------
def _restart_all(decision: Decision, failure: _Failure) -> None:
    """Restart the whole set."""
    state = decision.state
    state["restarts"] = _one_more(state["restarts"])
    if failure.counts:
        state["countedRestarts"] = _one_more(state["countedRestarts"])
    offered = decision.seen.plan
    if offered["jobs"] == "watcher" and offered["updatePolicy"] == "OnRestart":
        take_up(state, offered)
    decision.previous |= {job.mark for job in decision.seen.jobs.values()} - decision.leftover
    decision.released.clear()
    state["attemptShown"] = False
    name = failure.job.name
    message = f"restart {state['restarts']} of the whole set (first failed job: {name})"
    rule = failure.rule
    why = f"FailurePolicy_{rule['name']}" if rule else "DefaultFailurePolicy"
    decision.say("Warning", why, message)
    decision.say("Warning", f"{failure.action}FailurePolicyAction", message)


def _restart_alone(decision: Decision, failure: _Failure) -> None:
    """Restart the Job that has failed, and no other."""
    name = failure.job.name
    total, counted = decision.state["jobRestarts"].get(name, [0, 0])
    total = _one_more(total)
    if failure.counts:
        counted = _one_more(counted)
    decision.state["jobRestarts"][name] = [total, counted]
    decision.previous.add(failure.job.mark)
    message = f"restart {total} of this Job alone (first failed job: {name})"
    decision.say("Warning", f"{failure.action}FailurePolicyAction", message)


def finish(decision: Decision, kind: Outcome, reason: str, message: str) -> None:
    """Note that the set is over, and say why."""
    decision.released.clear()
    terminal: Terminal = {
        "type": kind,
        "reason": reason,
        "message": message,
        "time": decision.seen.time,
    }
    decision.state["terminal"] = terminal
    decision.say("Normal" if kind == "Completed" else "Warning", reason, message)


# --- Evidence -------------------------------------------------------------------------------------
def _remember(decision: Decision, failure: _Failure, action: str) -> None:
    """Keep what is known of a failure."""
    job = failure.job
    entry: Json = {
        "time": job.end,
        "attempt": decision.state["restarts"],
        "job": job.name,
        "action": action,
        "rule": failure.rule["name"] if failure.rule else "",
        "reason": shortened(job.reason, SHORT_TEXT),
        "message": shortened(job.message, TEXT),
    }
    decision.state["evidence"] = [*decision.state["evidence"], entry][-EVIDENCE:]


def shortened(text: str, most: int) -> str:
    """Return a text as evidence keeps it: at most so long in bytes, also when escaped in JSON."""
    plain = printable(text)
    escaped = compact(plain)[1:-1].encode("utf-8", "replace")[:most].decode("utf-8", "ignore")
    if (len(escaped) - len(escaped.rstrip("\\"))) % 2:
        escaped = escaped[:-1]  # cut in the middle of an escape
    return str(json.loads(f'"{escaped}"'))
