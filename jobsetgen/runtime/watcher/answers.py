"""What the API has answered: which kinds of request it refuses, and which it takes.

A refusal may pass: a quota is raised, a Role arrives after the Job. So what was refused is tried
again, and people are told.
"""

from __future__ import annotations

import threading
from typing import NamedTuple

from .contract import Say
from .https import ApiError

_REASONS = {
    "create jobs": "JobCreationFailed",
    "delete jobs": "JobDeletionFailed",
}  # of events; those of JobSet where it has one


class Request(NamedTuple):
    """What is asked of the API, in the words of a Role."""

    verb: str
    plural: str
    name: str = ""
    is_trial: bool = False  # whoever tries tells what came of it

    @property
    def kind(self) -> str:
        """What the requests have in common that are refused together."""
        return f"{self.verb} {self.plural}"


class Refusal(NamedTuple):
    """The first refused request of a kind, why it was refused, and how many others were."""

    request: Request
    error: ApiError
    others: int = 0

    @property
    def event(self) -> Say:
        """What people are told."""
        kind = self.request.kind
        what = f"{kind} {self.request.name}".rstrip()
        if self.others:
            what += f" (and {self.others:,} more)"
        text = f"{what}: {self.error}; it is tried again"
        return Say("Warning", _REASONS.get(kind, "RequestRefused"), text)


class Answers:
    """What was answered since the last look, by kind of request. Several threads write here."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.lock = threading.Lock()
        self.refused: dict[str, Refusal] = {}
        self.accepted: set[str] = set()

    def accept(self, request: Request) -> None:
        """Note a success."""
        if not request.is_trial:
            with self.lock:
                self.accepted.add(request.kind)

    def refuse(self, request: Request, error: ApiError) -> None:
        """Note an answer that is no success, where it is a refusal that people do not know of."""
        if request.is_trial or request.plural == "events" or not error.is_refusal:
            return
        with self.lock:
            known = self.refused.get(request.kind)
            if known:
                self.refused[request.kind] = known._replace(others=known.others + 1)
            else:
                self.refused[request.kind] = Refusal(request, error)

    def taken(self) -> tuple[list[Refusal], list[str]]:
        """Return what was refused, and the kinds of which nothing was; forget both."""
        with self.lock:
            refused, self.refused = self.refused, {}
            accepted, self.accepted = self.accepted, set()
        return list(refused.values()), sorted(accepted - refused.keys())
