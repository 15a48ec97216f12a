"""The failure policy: which rule matches, whether the set restarts, one Job does, or all ends."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from .contract import Json, Rule, Terminal
from .decision import Decision
from .formats import compact
from .generations import take_up
from .view import Job

# Entries of evidence that are kept, and the bytes of their texts.
EVIDENCE = 50
TEXT = 512
SHORT_TEXT = 128


class _Match(NamedTuple):
    """The first rule that matches a failed Job, if there is one, and the Job."""

    rule: Rule | None
    job: Job

    @property
    def action(self) -> str:
        """What is to be done."""
        return self.rule["action"] if self.rule else "RestartJobSet"

    @property
    def counts(self) -> bool:
        """Whether a restart counts towards maxRestarts."""
        return not self.action.endswith("IgnoreMaxRestarts")


def act_on_failure(decision: Decision, failed: list[Job]) -> None:
    """Restart the set or a Job, or end the set as failed."""
    match = _match(decision, _in_order(decision, failed))
    policy = decision.plan["failurePolicy"]
    action = match.action if policy else "FailJobSet"
    why = _end_of(decision, match)
    _remember(decision, match, action)
    if why:
        reason, message = why
        finish(decision, "Failed", reason, f"{message} (first failed job: {match.job.name})")
    elif action.startswith("RestartJobSet"):
        _restart_all(decision, match)
    else:
        _restart_alone(decision, match)


# --- Which rule, and which Job --------------------------------------------------------------------
def _in_order(decision: Decision, failed: list[Job]) -> list[Job]:
    """Return failed Jobs in the order of their failures, on a tie by their global index."""
    first = {name: each["firstGlobalIndex"] for name, each in decision.by_name.items()}
    return sorted(failed, key=lambda job: (job.end, first[job.replicated_job] + job.index))


def _match(decision: Decision, failed: list[Job]) -> _Match:
    """Return the first rule that matches any Job, with the earliest Job that it matches."""
    policy = decision.plan["failurePolicy"]
    for rule in policy["rules"] if policy else ():
        for job in failed:
            if _matches(rule, job):
                return _Match(rule, job)
    return _Match(None, failed[0])


def _matches(rule: Rule, job: Job) -> bool:
    """Whether a rule is about a Job that failed so."""
    if rule["reasons"] and job.reason not in rule["reasons"]:
        return False
    if rule["targets"] and job.replicated_job not in rule["targets"]:
        return False
    if not rule["patterns"]:
        return True
    return any(re.search(each, job.message, re.ASCII) for each in rule["patterns"])


def _end_of(decision: Decision, match: _Match) -> tuple[str, str] | None:
    """Return why a failure ends the set, as reason and message; None where it does not."""
    policy = decision.plan["failurePolicy"]
    if policy is None:
        return "FailedJobs", "a Job has failed and there is no failurePolicy"
    if match.action == "FailJobSet":
        return "FailJobSetFailurePolicyAction", "a rule of the failurePolicy says so"
    if match.counts and _counted_restarts(decision) >= policy["maxRestarts"]:
        return "ReachedMaxRestarts", f"maxRestarts ({policy['maxRestarts']}) is reached"
    return None


def _counted_restarts(decision: Decision) -> int:
    """Return the restarts so far that count: of the set, and of Jobs alone."""
    alone = sum(counted for _, counted in decision.state["jobRestarts"].values())
    return decision.state["countedRestarts"] + alone


# --- What is done ---------------------------------------------------------------------------------
def _restart_all(decision: Decision, match: _Match) -> None:
    """Restart the whole set."""
    state = decision.state
    state["restarts"] += 1
    state["countedRestarts"] += match.counts
    offered = decision.seen.plan
    if offered["jobs"] == "watcher" and offered["updatePolicy"] == "OnRestart":
        take_up(state, offered)
    decision.previous |= {job.mark for job in decision.seen.jobs.values()} - decision.leftover
    decision.released.clear()
    state["attemptShown"] = False
    name = match.job.name
    message = f"restart {state['restarts']} of the whole set (first failed job: {name})"
    rule = match.rule
    why = f"FailurePolicy_{rule['name']}" if rule else "DefaultFailurePolicy"
    decision.say("Warning", why, message)
    decision.say("Warning", f"{match.action}FailurePolicyAction", message)


def _restart_alone(decision: Decision, match: _Match) -> None:
    """Restart the Job that has failed, and no other."""
    name = match.job.name
    total, counted = decision.state["jobRestarts"].get(name, [0, 0])
    decision.state["jobRestarts"][name] = [total + 1, counted + match.counts]
    decision.previous.add(match.job.mark)
    message = f"restart {total + 1} of this Job alone (first failed job: {name})"
    decision.say("Warning", f"{match.action}FailurePolicyAction", message)


def finish(decision: Decision, kind: str, reason: str, message: str) -> None:
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
def _remember(decision: Decision, match: _Match, action: str) -> None:
    """Keep what is known of a failure."""
    job = match.job
    entry: Json = {
        "time": job.end,
        "attempt": decision.state["restarts"],
        "job": job.name,
        "action": action,
        "rule": match.rule["name"] if match.rule else "",
        "reason": shortened(job.reason, SHORT_TEXT),
        "message": shortened(job.message, TEXT),
    }
    decision.state["evidence"] = [*decision.state["evidence"], entry][-EVIDENCE:]


def shortened(text: str, most: int) -> str:
    """Return a text as evidence keeps it: of so many bytes, also when it is escaped in JSON."""
    plain = re.sub("[\x00-\x1f]", " ", text)
    escaped = compact(plain)[1:-1].encode("utf-8", "replace")[:most].decode("utf-8", "ignore")
    if (len(escaped) - len(escaped.rstrip("\\"))) % 2:
        escaped = escaped[:-1]  # cut in the middle of an escape
    return str(json.loads(f'"{escaped}"'))
