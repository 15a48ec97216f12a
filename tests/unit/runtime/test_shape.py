"""Plan and state are held to their types, with the path of what does not fit, as the published schemas do."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsetgen.runtime.watcher.contract import OfJobs, Plan, StateOfFormat1, Summary
from jobsetgen.runtime.watcher.shape import misfits
from tests.compat.formats import validator
from tests.unit.runtime.world import plan, policy, replicated_job, rule

Json = dict[str, Any]
PROGRAM = {"literal": "a", "classes": ["61", "30-39 5f"], "code": "|2 0 1 >5 z"}
PLAN = plan(
    "git",
    replicated_job("driver"),
    replicated_job("workers", 2, dependsOn=[{"name": "driver", "status": "Ready"}], domains=["a", "b"]),
    failurePolicy=policy(
        3,
        rule("r", "RestartJob", reasons=["PodFailurePolicy"], patterns=["a+"], targets=["workers"], programs=[PROGRAM]),
    ),
    claims=[{"retain": True, "object": {"metadata": {"name": "data"}}}],
    service={"metadata": {"name": "train"}},
    ttlSecondsAfterFinished=60,
)
SUMMARY = {
    "format": 2, "generation": "g", "planUid": "u", "restarts": 1, "countedRestarts": 0, "attemptShown": True,
    "terminal": {"type": "Failed", "reason": "r", "message": "m", "time": "t"},
    "counts": {"workers": {"active": 1, "ready": 1, "succeeded": 0, "failed": 0, "suspended": 0}},
    "evidence": [{"job": "a-workers-0"}],
}  # fmt: skip
OF_JOBS = {
    "previous": "AAAAAAAAAAA", "released": "", "ended": "", "stale": "", "leftover": "BBBBBBBBBBBCCCCCCCCCCC",
    "applied": {"workers": "3f"}, "jobRestarts": {"a-workers-0": [2, 1]}, "patterns": {"workers": {"patch": {"spec": {}}}},
}  # fmt: skip
OLD = {
    **SUMMARY, "format": 1, "previous": ["uid-1"], "applied": {"workers": "3"}, "jobRestarts": {},
    "patterns": {"workers": {"patch": {}}},
}  # fmt: skip
DOCUMENTS = {
    "plan": ({**PLAN, "format": 2}, Plan, "restart-plan-2", ()),
    "state": (SUMMARY, Summary, "restart-state-2", ("properties", "state.json")),
    "Jobs of the state": (OF_JOBS, OfJobs, "restart-state-2", ("properties", "jobs.json.gz")),
    "state of format 1": (OLD, StateOfFormat1, "restart-state-1", ("properties", "state.json")),
}
OTHERS = (None, True, -1, 7, "text", "", [], {}, [1], {"a": 1}, 2.5)


def wrong(path: tuple[str | int, ...], value: object) -> list[str]:
    """Return what is wrong in a plan with another value at a path; `...` takes it away."""
    changed = copy.deepcopy(PLAN)
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return list(misfits(changed, Plan))


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("jobset",), ..., ".jobset is missing"),
        (("suspend",), "false", ".suspend is a string and not a boolean"),
        (("format",), True, ".format is a boolean and not a whole number"),
        (("jobs",), "argocd", ".jobs is 'argocd' and none of git, watcher"),
        (("jobs",), 1, ".jobs is a whole number and not a string"),
        (("replicatedJobs", 1, "pods"), -1, ".replicatedJobs[1].pods is -1, which it cannot be"),
        (("failurePolicy", "maxRestarts"), None, ".failurePolicy.maxRestarts is null and not a whole number"),
        (("failurePolicy", "rules", 0, "patterns", 0), "(", ".failurePolicy.rules[0].patterns[0] is '(', which it cannot be"),
        (("failurePolicy", "rules", 0, "patterns", 0), "(?u)a", ".failurePolicy.rules[0].patterns[0] is '(?u)a', which it cannot be"),
        (("failurePolicy", "rules", 0, "programs", 0, "code"), "|x", ".failurePolicy.rules[0].programs[0].code is '|x', which it cannot be"),
        (("failurePolicy", "rules", 0, "programs", 0, "classes", 0), "g", ".failurePolicy.rules[0].programs[0].classes[0] is 'g', which it cannot be"),
        (("replicatedJobs", 1, "pods"), 2.0, ".replicatedJobs[1].pods is a number and not a whole number"),
        (("replicatedJobs", 1, "domains"), {}, ".replicatedJobs[1].domains is an object and not an array"),
        (("replicatedJobs", 0, "job", "spec", "template"), [], ".replicatedJobs[0].job.spec.template is an array and not an object"),
        (("replicatedJobs", 0), "x", ".replicatedJobs[0] is a string and not an object"),
    ],
)  # fmt: skip
def test_it_is_said_where_something_is_missing_or_of_another_type(path, value, message):
    assert wrong(path, value) == [message]


def test_everything_that_is_wrong_is_said():
    changed = {**PLAN, "suspend": 1, "claims": [1, {}]}
    assert list(misfits(changed, Plan)) == [
        ".suspend is a whole number and not a boolean",
        ".claims[0] is a whole number and not an object",
        ".claims[1].retain is missing",
        ".claims[1].object is missing",
    ]


def test_what_a_later_release_adds_is_no_fault():
    assert list(misfits({**PLAN, "added": 1}, Plan)) == []


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place in data that can be changed: what holds it, and its key or index."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


@pytest.mark.parametrize("document", DOCUMENTS)
@given(seed=st.integers(0, 2**32), changes=st.integers(0, 3))
def test_a_document_fits_exactly_where_the_published_schema_takes_it(document, seed, changes):
    content, kind, schema, path = DOCUMENTS[document]
    chance = random.Random(seed)
    changed = copy.deepcopy(content)
    for _ in range(changes):
        holder, key = chance.choice(list(places(changed)))
        if chance.random() < 0.3:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(chance.choice(OTHERS))
        if not changed:
            break
    found = list(misfits(changed, kind))
    number = content.get("format")
    if changed.get("format", number) != number:
        return  # the number is looked at first, and by itself
    assert bool(found) == (not validator(schema, *path).is_valid(changed)), (found, changed)
