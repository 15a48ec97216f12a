"""Every verb and every URL that the watcher uses, and nothing else that reaches the API."""

from __future__ import annotations

import http.client
import json
import random
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .answers import Answers, Request
from .contract import MANAGER, Json
from .formats import compact
from .https import PAGE_BYTES, AnswerTooLargeError, ApiError
from .log import log, log_some
from .stamp import merged

__all__ = ["Api", "ApiError"]

# Objects of the first page of a list, and of any.
FIRST_PAGE = 10
PAGE = 500
_JSON = "application/json"
_MERGE_PATCH = "application/merge-patch+json"
_TRIES = 6
_PASSING = (0, 401, 429, 500, 502, 503, 504)  # statuses of trouble that may pass; 0: no answer
_LONGEST_WAIT = 30.0
_ADDED = 6  # characters that a trial's name has more than its start and the API adds
_SHORT_NAME = 40  # that has room for them
_MANAGED = {"fieldManager": MANAGER}
_NEWS = {"watch": "1", "allowWatchBookmarks": "true", "timeoutSeconds": "300"}
_METHODS = {
    "get": "GET",
    "list": "GET",
    "create": "POST",
    "update": "PUT",
    "patch": "PATCH",
    "delete": "DELETE",
}  # by the verbs of a Role


class _Answer(NamedTuple):
    """What was answered to one request, and how many bytes that has."""

    status: int
    headers: dict[str, str]
    body: Json
    size: int


class Api:
    """The calls, each repeated over passing trouble. At worst that makes an Event twice."""

    def __init__(self, transport: Any, namespace: str, stopping: Any) -> None:
        """Send by a transport, about one namespace, until an event says to stop."""
        self.transport = transport
        self.namespace = namespace
        self.stopping = stopping
        self.answers = Answers()

    def path(self, plural: str, name: str = "", query: Json | None = None) -> str:
        """Return the URL's path of objects of a kind, or of one of them."""
        group = "/apis/batch/v1" if plural == "jobs" else "/api/v1"
        path = f"{group}/namespaces/{self.namespace}/{plural}"
        if name:
            path += f"/{name}"
        return f"{path}?{urllib.parse.urlencode(query)}" if query else path

    # --- Reading ----------------------------------------------------------------------------------
    def find(self, plural: str, name: str) -> Json | None:
        """Return an object, None where there is none."""
        try:
            return self._call(Request("get", plural, name)).body
        except ApiError as error:
            if error.status != 404:
                raise
            return None

    def pages(self, plural: str, query: Json) -> Iterator[Json]:
        """Yield the pages of a list.

        They are read from the storage and never from a cache that may be older. Nobody knows how
        large the objects are, since others may have made them: the first page is small, the next
        ones grow as far as their bytes allow, and one that turns out too large is asked for again
        in smaller pieces.
        """
        limit = FIRST_PAGE
        token = ""
        while True:
            more = {"limit": limit, **({"continue": token} if token else {})}
            try:
                page = self._call(Request("list", plural), {**query, **more})
            except AnswerTooLargeError:
                limit = max(limit // 4, 1)
                continue
            yield page.body
            last, token = token, page.body["metadata"].get("continue")
            if not token:
                return
            if token == last:
                raise ApiError(0, f"a list of {plural} does not end: each page has the same token")
            fits = PAGE_BYTES * limit // max(page.size, 1)
            limit = max(1, min(2 * limit, fits, PAGE))

    def version(self, plural: str, name: str, query: Json) -> str:
        """Return the resourceVersion of an object, or of a list: from there on is news."""
        if name:
            answer = self._call(Request("get", plural, name))
        else:
            answer = self._call(Request("list", plural), {**query, "limit": 1})
        return str(answer.body["metadata"]["resourceVersion"])

    def news(self, plural: str, query: Json, version: str) -> Iterator[Json]:
        """Yield what a watch brings from a version on.

        Raises ApiError where it is refused, also by an event that says so.
        """
        request = Request("watch", plural)
        asked = {**query, **_NEWS, "resourceVersion": version}
        try:
            for line in self.transport.lines(self.path(plural, "", asked)):
                event = json.loads(line)
                if event["type"] == "ERROR":
                    raise _error(event["object"].get("code", 0), event["object"])
                self.answers.accept(request)
                yield event
        except ApiError as error:
            self.answers.refuse(request, error)
            raise

    # --- Writing ----------------------------------------------------------------------------------
    def create(self, plural: str, item: Mapping[str, Any]) -> Json:
        """Create an object."""
        name = item["metadata"].get("name", "")
        return self._call(Request("create", plural, name), _MANAGED, item).body

    def dry_run(self, job: Json) -> tuple[Json | None, str]:
        """Return a Job as the API would store it, or what the API has against it."""
        meta = {key: value for key, value in job["metadata"].items() if key != "name"}
        meta["generateName"] = _trial_name(job["metadata"]["name"])
        request = Request("create", "jobs", is_trial=True)
        try:
            answer = self._call(request, {**_MANAGED, "dryRun": "All"}, {**job, "metadata": meta})
        except ApiError as error:
            if not error.is_refusal:
                raise
            generated = rf"{re.escape(meta['generateName'])}[a-z0-9]{{5}}"
            return None, re.sub(generated, job["metadata"]["name"], str(error))
        return answer.body, ""

    def replace(self, plural: str, name: str, item: Json) -> Json:
        """Replace an object, unless it has changed since the version in the item."""
        return self._call(Request("update", plural, name), _MANAGED, item).body

    def patch(self, plural: str, name: str, uid: str, body: Json) -> None:
        """Merge something into an object of a UID, and into no other of its name."""
        meant = merged(body, {"metadata": {"uid": uid}})
        self._call(Request("patch", plural, name), _MANAGED, meant, _MERGE_PATCH)

    def delete_job(self, name: str, uid: str) -> None:
        """Delete a Job of a UID, its pods first, and no other of its name."""
        options: Json = {
            "kind": "DeleteOptions",
            "apiVersion": "v1",
            "propagationPolicy": "Foreground",
            "preconditions": {"uid": uid},
        }
        self._call(Request("delete", "jobs", name), None, options)

    # --- One request ------------------------------------------------------------------------------
    def _call(
        self,
        request: Request,
        query: Json | None = None,
        body: Mapping[str, Any] | None = None,
        kind: str = _JSON,
    ) -> _Answer:
        """Return what the API answers; raise ApiError for what is no success."""
        method = _METHODS[request.verb]
        name = "" if request.verb == "create" else request.name
        path = self.path(request.plural, name, query)
        data = compact(body).encode("utf-8", "replace") if body is not None else None
        answer = self._insist(method, path, data, kind)
        if 200 <= answer.status < 300:
            self.answers.accept(request)
            return answer
        error = _error(answer.status, answer.body)
        self.answers.refuse(request, error)
        raise error

    def _insist(self, method: str, path: str, data: bytes | None, kind: str) -> _Answer:
        """Send a request, again and again over passing trouble, with growing pauses."""
        for attempt in range(_TRIES):
            if self.stopping.is_set():
                raise SystemExit(1)
            answer = self._send(method, path, data, kind)
            log("debug", "a request was answered", method=method, path=path, status=answer.status)
            if answer.status not in _PASSING:
                break
            seconds = _pause(answer, attempt)
            error = str(_error(answer.status, answer.body))
            log_some("a request has met trouble", method=method, path=path, error=error)
            self.stopping.wait(seconds)
        return answer

    def _send(self, method: str, path: str, data: bytes | None, kind: str) -> _Answer:
        """Send a request once."""
        try:
            status, headers, answer = self.transport.send(method, path, data, kind)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return _Answer(0, {}, {"message": repr(error)}, 0)
        try:
            return _Answer(status, headers, dict(json.loads(answer)), len(answer))
        except (ValueError, TypeError, RecursionError):
            error_body = {"message": answer[:200].decode("utf-8", "replace")}
            return _Answer(status if status >= 300 else 0, headers, error_body, len(answer))


def _trial_name(name: str) -> str:
    """Return the start of a name no longer than a Job's, to which the API adds five characters."""
    start = name if len(name) <= _SHORT_NAME else name[:-_ADDED]
    return f"{start}-"


def _error(status: int, body: Json) -> ApiError:
    """Return what is raised for an answer that is no success."""
    return ApiError(status, str(body.get("message", "")))


def _pause(answer: _Answer, attempt: int) -> float:
    """Return how many seconds to wait for trouble to pass: as it was asked for, or ever longer."""
    asked = answer.headers.get("retry-after", "")
    seconds: float = 0.1 * 2**attempt
    if asked.isdecimal():
        seconds = max(0.1, min(float(asked), _LONGEST_WAIT))
    return seconds * random.uniform(0.75, 1.25)
