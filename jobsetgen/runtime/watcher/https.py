"""HTTPS to the API server, with the pod's own credentials."""

from __future__ import annotations

import http.client
import json
import os
import re
import ssl
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .contract import MANAGER

# Bytes that bound what is held at once, whatever the size of the objects: of a page, of an answer.
PAGE_BYTES = 2 * 1024 * 1024
ANSWER_BYTES = 2 * PAGE_BYTES
_REFUSAL_BYTES = 64 * 1024
_TIMEOUT = 30
_TOKEN = re.compile("[!-~]+")
_WATCH_TIMEOUT = 100  # a watch sends a bookmark every minute where there is no other news


# Answers of 400 to 499 that are no refusals: the next pass looks again, or the trouble may pass.
_NO_REFUSALS = (401, 404, 408, 409, 410, 429)


class ApiError(Exception):
    """What the API answered, or that it did not (status 0)."""

    def __init__(self, status: int, message: str) -> None:
        """Keep the status, which tells what to do about it."""
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message

    @property
    def is_refusal(self) -> bool:
        """Whether the API has something against the request itself.

        A patch for a UID that no longer exists is answered with 422, too, and is not one.
        """
        if self.status in _NO_REFUSALS:
            return False
        if self.status == 422 and "metadata.uid" in self.message:
            return False
        return 400 <= self.status < 500


class AnswerTooLargeError(Exception):
    """A page has more bytes than are held at once, and more than one object."""


def _asks_for_several(path: str) -> bool:
    """Whether a request is a list of more than one object."""
    limit = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query).get("limit", ["1"])
    return limit != ["1"]


def _message(answer: bytes) -> str:
    """Return what the API says in an answer that is no success."""
    text = answer.decode("utf-8", "replace")
    try:
        return str(json.loads(text)["message"])
    except (ValueError, TypeError, KeyError):
        return text[:200]


class Https:
    """Sends requests with the token of the pod's account, read anew for each: it rotates."""

    def __init__(self, credentials: str) -> None:
        """Take the credentials from a folder, and the server's address from the environment."""
        self.credentials = credentials
        host = os.environ["KUBERNETES_SERVICE_HOST"]
        self.server = host, int(os.environ["KUBERNETES_SERVICE_PORT"])
        self.own = threading.local()  # one connection for each thread

    def read(self, name: str) -> str:
        """Return what a file of the credentials holds."""
        with open(os.path.join(self.credentials, name), encoding="utf-8") as file:
            return file.read().strip()

    def _token(self) -> str:
        """Return the token of the account.

        Raises OSError where the file holds none. http.client would raise for it as well, with the
        text in its message, which is logged.
        """
        try:
            token = self.read("token")
        except UnicodeDecodeError:
            token = ""
        if not _TOKEN.fullmatch(token):
            raise OSError("the file of the account's token holds no token")
        return token

    def send(
        self, method: str, path: str, body: bytes | None, kind: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Return the status, the headers in lower case, and the body."""
        several = _asks_for_several(path)
        with self._response(method, path, body, kind, _TIMEOUT) as response:
            headers = {name.lower(): text for name, text in response.getheaders()}
            answer = response.read(ANSWER_BYTES + 1 if several else None)
            if several and len(answer) > ANSWER_BYTES:
                raise AnswerTooLargeError(path)
            return response.status, headers, answer

    def lines(self, path: str) -> Iterator[bytes]:
        """Yield the lines of a watch."""
        with self._response("GET", path, None, "application/json", _WATCH_TIMEOUT) as response:
            if response.status != 200:
                raise ApiError(response.status, _message(response.read(_REFUSAL_BYTES)))
            yield from response

    @contextmanager
    def _response(
        self, method: str, path: str, body: bytes | None, kind: str, timeout: float
    ) -> Iterator[Any]:
        """Send a request over this thread's connection, which is closed after any trouble."""
        token = self._token()
        connection = self._connection(timeout)
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "Content-Type": kind,
            "User-Agent": MANAGER,
        }
        try:
            connection.request(method, path, body, headers)
            with connection.getresponse() as response:
                yield response
        except BaseException:
            connection.close()
            self.own.connection = None
            raise

    def _connection(self, timeout: float) -> http.client.HTTPSConnection:
        """Return this thread's connection, or a new one that trusts the authority of today."""
        connection = getattr(self.own, "connection", None)
        if connection is None:
            authority = os.path.join(self.credentials, "ca.crt")
            tls = ssl.create_default_context(cafile=authority)
            connection = http.client.HTTPSConnection(*self.server, timeout=timeout, context=tls)
            self.own.connection = connection
        connection.timeout = timeout
        if connection.sock:
            connection.sock.settimeout(timeout)
        return connection
