"""The formats in which plan and state lie in their ConfigMaps."""

from __future__ import annotations

import base64
import functools
import gzip
import hashlib
import json
import zlib
from typing import Any, cast

from .contract import MARKED, STATE_FORMATS, Json, Plan, State

# A ConfigMap has room for one mebibyte: so many bytes of values, those of binaryData as they are
# before base64.
ROOM = 1024 * 1024
# UIDs are kept as marks of so many characters: 64 bits of a hash, which is enough to tell a Job
# from its successor.
MARK_LENGTH = 11
# What grows with the set is compressed. The rest is for people to read.
COMPRESSED = (*MARKED, "applied", "jobRestarts", "patterns")
PLAN_KEY = "plan.json"
STATE_KEY = "state.json"
KEPT_PLAN_KEY = "plan.json.gz"
JOBS_KEY = "jobs.json.gz"
OLD_PLAN_KEY = "plan.json"

_NONE = type(None)
_SHAPE: Json = {
    "format": int,
    "generation": str,
    "planUid": str,
    "plan": dict,
    "restarts": int,
    "countedRestarts": int,
    "terminal": (dict, _NONE),
    "counts": dict,
    "evidence": list,
    "attemptShown": bool,
    "applied": dict,
    "jobRestarts": dict,
    "patterns": dict,
}
_SHAPE_OF_PLAN: Json = {
    "format": int,
    "jobset": str,
    "namespace": str,
    "generation": str,
    "jobs": str,
    "replicatedJobs": list,
}


class UnknownFormatError(Exception):
    """A plan or a state was written by a newer release."""


# What a state raises that no watcher has written, or that somebody has cut.
UNREADABLE = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    RecursionError,
    OSError,
    EOFError,
    zlib.error,
)


def mark_of(uid: str) -> str:
    """Return what stands for a UID in the state."""
    digest = hashlib.sha256(uid.encode()).digest()
    return base64.urlsafe_b64encode(digest[:8]).decode().rstrip("=")


def compact(value: Any) -> str:
    """Return JSON in as few bytes as it takes."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@functools.lru_cache(maxsize=2)  # the plan is the same in nearly every write
def packed(text: str) -> str:
    """Return a text compressed, as binaryData takes it: `base64 -d | gunzip` shows it."""
    return base64.b64encode(gzip.compress(text.encode("utf-8", "replace"), mtime=0)).decode()


def unpacked(blob: str) -> str:
    """Return the text that was packed."""
    return gzip.decompress(base64.b64decode(blob)).decode()


@functools.lru_cache(maxsize=1)
def parsed_plan(text: str) -> Plan:
    """Return the plan of a text. Nobody changes it, so that each pass need not read it again."""
    return cast(Plan, dict(json.loads(text)))


@functools.lru_cache(maxsize=1)
def kept_plan(blob: str) -> Plan:
    """Return the plan that a state keeps; it may be another one than the plan that Git has."""
    return cast(Plan, dict(json.loads(unpacked(blob))))


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


# --- Reading --------------------------------------------------------------------------------------
def state_of(item: Json) -> State | None:
    """Return the state that a ConfigMap holds, None where it holds none.

    Raises UnknownFormatError for one of a newer release, and one of UNREADABLE for one that cannot
    be read.
    """
    data = item.get("data") or {}
    readable = json.loads(data.get(STATE_KEY) or "{}")
    if not readable:
        return None
    number = readable["format"]
    if type(number) is not int or number not in STATE_FORMATS:
        raise UnknownFormatError(f"the state has format {number}")
    if number == 1:
        return _checked(_from_format_1(readable, json.loads(data[OLD_PLAN_KEY])))
    return _checked(_from_format_2(readable, item["binaryData"]))


def _from_format_1(readable: Json, plan: Json) -> Json:
    """Return a state of format 1, which was one JSON of everything but the plan.

    It had whole UIDs, and did not note what earlier plans left.
    """
    marks: Json = {key: [mark_of(uid) for uid in readable.get(key, ())] for key in MARKED}
    return {**readable, **marks, "plan": plan}


def _from_format_2(readable: Json, binary: Json) -> Json:
    """Return a state of format 2: of a part for people, a part about Jobs, and the plan."""
    of_jobs = json.loads(unpacked(binary[JOBS_KEY]))
    of_jobs.update({key: _marks(of_jobs[key]) for key in MARKED})
    return {**readable, **of_jobs, "plan": kept_plan(binary[KEPT_PLAN_KEY])}


def _marks(text: str) -> list[str]:
    """Return the marks that were joined."""
    if not isinstance(text, str):
        raise TypeError("marks of the state are of another type")
    return [text[start : start + MARK_LENGTH] for start in range(0, len(text), MARK_LENGTH)]


def _checked(state: Json) -> State:
    """Return a state; raise TypeError for one that no watcher has written."""
    _check_types(state, _SHAPE)
    _check_types(state["plan"], _SHAPE_OF_PLAN)
    terminal = state["terminal"]
    if terminal is not None and not isinstance(terminal["type"], str):
        raise TypeError("terminal of the state is of another type")
    counters = [tuple(map(type, each)) for each in state["jobRestarts"].values()]
    if counters.count((int, int)) < len(counters):
        raise TypeError("jobRestarts of the state is of another type")
    return cast(State, state)


def _check_types(content: Json, shape: Json) -> None:
    """Raise TypeError where a field is missing or of another type than its shape."""
    wrong = [key for key, kind in shape.items() if not isinstance(content.get(key), kind)]
    if wrong:
        raise TypeError(f"{', '.join(wrong)} of the state is missing or of another type")
