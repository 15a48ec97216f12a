"""The formats of plan and state in their ConfigMaps."""

from __future__ import annotations

import base64
import functools
import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any, cast

from .contract import (
    MARKED,
    MOST_JOBS,
    MOST_RESTARTS,
    PLAN_FORMATS,
    STATE_FORMATS,
    FailurePolicy,
    Json,
    OfJobs,
    Plan,
    State,
    StateOfFormat1,
    Summary,
)
from .generation import generation_of
from .matcher import strays
from .shape import misfits

# A ConfigMap has room for one mebibyte of values in bytes, those of binaryData as they are
# before base64.
ROOM = 1024 * 1024
# Bytes that a part may have uncompressed. A mebibyte of gzip can have a gibibyte, and the watcher's
# memory is limited.
UNPACKED = 32 * 1024 * 1024
# UIDs are kept as marks of this many characters: 64 bits of a hash, which is enough to tell a Job
# from its successor.
MARK_LENGTH = 11
# What grows with the set is compressed. The rest is for people to read.
COMPRESSED = (*MARKED, "applied", "jobRestarts", "patterns")
PLAN_KEY = "plan.json"
STATE_KEY = "state.json"
KEPT_PLAN_KEY = "plan.json.gz"
JOBS_KEY = "jobs.json.gz"
OLD_PLAN_KEY = "plan.json"

_GZIP = 16 + zlib.MAX_WBITS  # as zlib has its format
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_DIGITS = 19  # of a number at most: longer ones are none of the API's, and slow to print
_TOLD = 3  # things that are wrong in what was read, in one message


class FormatError(Exception):
    """A plan or a state that this watcher does not act on."""


class UnknownFormatError(FormatError):
    """It was written by a newer release."""


class UnreadableError(FormatError):
    """No release has written it, or somebody has cut or changed it."""


class MismatchError(UnreadableError):
    """Its Jobs are not those of its generation: somebody has changed the one and not the other."""


def mark_of(uid: str) -> str:
    """Return what stands for a UID in the state."""
    digest = hashlib.sha256(uid.encode()).digest()
    return base64.urlsafe_b64encode(digest[:8]).decode().rstrip("=")


def compact(value: Any) -> str:
    """Return JSON in as few bytes as it takes."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def printable(text: str) -> str:
    """Return a text without what moves a terminal's cursor or turns the direction of writing."""
    return _CONTROLS.sub(" ", text)


@functools.lru_cache(maxsize=2)  # the plan is the same in nearly every write
def packed(text: str) -> str:
    """Return a text compressed, as binaryData takes it: `base64 -d | gunzip` shows it."""
    return base64.b64encode(gzip.compress(text.encode("utf-8", "replace"), mtime=0)).decode()


def unpacked(blob: str) -> str:
    """Return the text that was packed. Raises ValueError where it is too long to have been."""
    inflater = zlib.decompressobj(wbits=_GZIP)
    content = inflater.decompress(base64.b64decode(blob), UNPACKED + 1)
    if len(content) > UNPACKED:
        raise ValueError(f"it has more than {UNPACKED:,} bytes")
    if not inflater.eof:
        raise EOFError("it is cut off")
    return content.decode()


# --- Writing --------------------------------------------------------------------------------------
def stored(state: State) -> Json:
    """Return the `data` and `binaryData` of the ConfigMap that holds a state."""
    hidden = {"plan", *COMPRESSED}
    readable = {key: value for key, value in state.items() if key not in hidden}
    # A watcher that knows format 1 alone reads the old key before it looks at the format, which it
    # refuses.
    data = {STATE_KEY: compact(readable), OLD_PLAN_KEY: "{}"}
    if state["plan"]["readsAttempt"] and state["attemptShown"]:
        data[f"restart-attempt.{state['generation']}"] = str(state["restarts"])
    binary = {
        KEPT_PLAN_KEY: packed(compact(state["plan"])),
        JOBS_KEY: packed(compact(_of_jobs(state))),
    }
    return {"data": data, "binaryData": binary}


def _of_jobs(state: State) -> Json:
    """Return what a state holds of single Jobs; marks are joined."""
    everything: Json = {**state}
    of_jobs = {key: everything[key] for key in COMPRESSED}
    of_jobs.update({key: "".join(state[key]) for key in MARKED})
    return of_jobs


def room_taken(content: Json) -> int:
    """Return the bytes of a ConfigMap that its limit is about."""
    texts = sum(len(text.encode("utf-8", "replace")) for text in content["data"].values())
    return texts + sum(len(base64.b64decode(blob)) for blob in content["binaryData"].values())


# --- Reading: the plan ----------------------------------------------------------------------------
@functools.lru_cache(maxsize=1)
def parsed_plan(text: str) -> Plan:
    """Return the plan of a text. Nobody changes it, so that each pass need not read it again.

    Raises UnknownFormatError for one of a newer release, and UnreadableError for what is no plan.
    """
    return _plan(_parsed(text, PLAN_KEY), PLAN_KEY)


@functools.lru_cache(maxsize=1)
def kept_plan(blob: str) -> Plan:
    """Return the plan that a state keeps; it may be another one than the plan that Git has."""
    return _plan(_unpacked(blob, KEPT_PLAN_KEY), KEPT_PLAN_KEY)


def _plan(content: Json, key: str) -> Plan:
    """Return what was read from a key as a plan."""
    _check_number(content, "plan", PLAN_FORMATS, key)
    check(misfits(content, Plan), key)
    plan = cast(Plan, content)
    check(_strays(plan), key)
    return plan


def check_generation(plan: Plan, run_id: str | None, key: str) -> None:
    """Raise MismatchError unless the Jobs of a plan are those of its generation.

    A plan of an older release has no run id, and its generation cannot be recomputed.
    """
    found = plan["generation"] if run_id is None else generation_of(plan, run_id)
    if found != plan["generation"]:
        told = f"its Jobs are those of generation {found} and not of {plan['generation']}"
        raise MismatchError(f"{key}: {told}")


def _strays(plan: Plan) -> Iterator[str]:
    """Yield where a plan names a replicatedJob that it has not, or has too few domains."""
    names = [each["name"] for each in plan["replicatedJobs"]]
    known = set(names)
    jobs = sum(each["replicas"] for each in plan["replicatedJobs"])
    if jobs > MOST_JOBS:
        yield f".replicatedJobs has {jobs:,} Jobs, and {MOST_JOBS:,} at most can be watched"
    for name in sorted(known):
        if names.count(name) > 1:
            yield f".replicatedJobs has {name} twice"
    for place, each in enumerate(plan["replicatedJobs"]):
        path = f".replicatedJobs[{place}]"
        for dependency in each["dependsOn"]:
            if dependency["name"] not in known:
                yield f"{path}.dependsOn names {dependency['name']}, which is no replicatedJob"
        if 0 < len(each["domains"]) < each["replicas"]:
            yield f"{path}.domains has {len(each['domains'])} for {each['replicas']} replicas"
    for name in plan["successPolicy"]["targets"]:
        if name not in known:
            yield f".successPolicy.targets names {name}, which is no replicatedJob"
    yield from _strays_of_programs(plan["failurePolicy"])


def _strays_of_programs(policy: FailurePolicy | None) -> Iterator[str]:
    """Yield where a program names a class or an instruction that it has not."""
    rules = policy["rules"] if policy else []
    for place, rule in enumerate(rules):
        for number, program in enumerate(rule.get("programs", [])):
            path = f".failurePolicy.rules[{place}].programs[{number}]"
            yield from (f"{path}.code has {each}, which is none" for each in strays(program))


# --- Reading: the state ---------------------------------------------------------------------------
def state_of(item: Json) -> State | None:
    """Return the state that a ConfigMap holds, None where it holds none.

    Raises UnknownFormatError for one of a newer release, and UnreadableError for one that no
    release has written.
    """
    data = item.get("data") or {}
    readable = _parsed(data.get(STATE_KEY) or "{}", STATE_KEY)
    if not readable:
        return None
    number = _check_number(readable, "state", STATE_FORMATS, STATE_KEY)
    if number == 1:
        return _from_format_1(readable, data)
    return _from_format_2(readable, item.get("binaryData") or {})


def _from_format_1(readable: Json, data: Json) -> State:
    """Return a state of format 1, which was one JSON of everything but the plan.

    It had whole UIDs, and did not note what earlier plans left.
    """
    check(misfits(readable, StateOfFormat1), STATE_KEY)
    check(_excesses(readable), STATE_KEY)
    check(_excesses_of_jobs(readable), STATE_KEY)
    marks = {key: [mark_of(uid) for uid in readable.get(key, ())] for key in MARKED}
    plan = _plan(_parsed(_part(data, OLD_PLAN_KEY), OLD_PLAN_KEY), OLD_PLAN_KEY)
    return cast(State, {**readable, **marks, "plan": plan})


def _from_format_2(readable: Json, binary: Json) -> State:
    """Return a state of format 2: of a part for people, a part about Jobs, and the plan."""
    check(misfits(readable, Summary), STATE_KEY)
    check(_excesses(readable), STATE_KEY)
    of_jobs = _kept_of_jobs(_part(binary, JOBS_KEY))
    plan = kept_plan(_part(binary, KEPT_PLAN_KEY))
    return cast(State, {**readable, **of_jobs, "plan": plan})


@functools.lru_cache(maxsize=1)
def _kept_of_jobs(blob: str) -> Json:
    """Return what a state keeps of Jobs. Nobody changes it: each pass begins with a copy."""
    of_jobs = _unpacked(blob, JOBS_KEY)
    check(misfits(of_jobs, OfJobs), JOBS_KEY)
    check(_excesses_of_jobs(of_jobs), JOBS_KEY)
    return {**of_jobs, **{key: _marks(of_jobs[key]) for key in MARKED}}


def _excesses(readable: Json) -> Iterator[str]:
    """Yield which counters of a state are larger than a watcher counts."""
    for key in ("restarts", "countedRestarts"):
        if readable[key] > MOST_RESTARTS:
            yield f".{key} is {readable[key]}, which it cannot be"


def _excesses_of_jobs(of_jobs: Json) -> Iterator[str]:
    """Yield the Jobs whose counters are larger than a watcher counts."""
    for name, counters in of_jobs["jobRestarts"].items():
        if max(counters) > MOST_RESTARTS:
            yield f".jobRestarts.{name} is {counters}, which it cannot be"


def _part(parts: Json, key: str) -> str:
    """Return what a ConfigMap has under a key."""
    if key not in parts:
        raise UnreadableError(f"{key} is missing")
    return str(parts[key])


def _marks(text: str) -> list[str]:
    """Return the marks that were joined."""
    return [text[start : start + MARK_LENGTH] for start in range(0, len(text), MARK_LENGTH)]


# --- Reading: what can be wrong -------------------------------------------------------------------
def _parsed(text: str, key: str) -> Json:
    """Return the JSON object of a text."""
    try:
        content = json.loads(text, parse_int=_whole_number)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{key} is not JSON: {error}") from error
    check(misfits(content, Json), key)
    return cast(Json, content)


def _whole_number(text: str) -> int:
    """Return a number as JSON has it. Raises ValueError for one of very many digits."""
    if len(text) > _DIGITS:
        raise ValueError(f"a number has {len(text):,} characters")
    return int(text)


def _unpacked(blob: str, key: str) -> Json:
    """Return the JSON object that was packed."""
    try:
        text = unpacked(blob)
    except (ValueError, OSError, EOFError, zlib.error) as error:
        raise UnreadableError(f"{key} cannot be unpacked: {error}") from error
    return _parsed(text, key)


def _check_number(content: Json, what: str, known: tuple[int, ...], key: str) -> int:
    """Return the number of a format that is known."""
    number = content.get("format")
    if type(number) is int and number > known[-1]:
        release = "which this release of the watcher does not know"
        raise UnknownFormatError(f"the {what} has format {number}, {release}")
    if type(number) is not int or number not in known:
        raise UnreadableError(f"{key}: .format is {repr(number)[:40]} and none of {known}")
    return number


def check(wrong: Iterator[str], key: str) -> None:
    """Raise UnreadableError where something is wrong, with the first few things."""
    told = list(islice(wrong, _TOLD))
    if told:
        raise UnreadableError(f"{key}: {'; '.join(told)}")
