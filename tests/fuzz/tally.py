"""What was reached, and how fast: the summary of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from jobsetgen.rules.registry import CODES
from tests.fuzz import places
from tests.fuzz.case import Case
from tests.fuzz.running import Done


@dataclass
class Tally:
    """Counts of inputs: how they ended, by front end and by code."""

    ends: Counter[str] = field(default_factory=Counter)
    front_ends: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    """The refused inputs by the codes of their errors."""
    reached: Counter[str] = field(default_factory=Counter)
    """All inputs by the codes that were reported of them."""
    checks: Counter[str] = field(default_factory=Counter)
    processor_seconds: float = 0.0
    own_mistakes: int = 0
    """Rounds that ended early by a mistake of the fuzzer itself."""
    slowest: tuple[float, str, int] = (0.0, "", 0)
    """Of one command: its processor time, the command, and the bytes of its input."""

    def count(self, case: Case, found: Sequence[Done]) -> None:
        """Count an input."""
        first = found[0]
        said = [item for done in found for item in places.said(done)]
        errors = {item.code for item in said if item.severity == "error"}
        self.ends[_end(first, bool(errors))] += 1
        self.front_ends[_front_end(first)] += 1
        self.refused.update(errors)
        self.reached.update({item.code for item in said})
        self.checks.update(case.checks)
        for done in found:
            self.slowest = max(self.slowest, (round(done.seconds, 3), " ".join(done.command), case.size))

    def add(self, other: Tally) -> None:
        """Add the counts of another process."""
        for mine, others in zip(self._counters(), other._counters(), strict=True):
            mine.update(others)
        self.processor_seconds += other.processor_seconds
        self.own_mistakes += other.own_mistakes
        self.slowest = max(self.slowest, other.slowest)

    def _counters(self) -> Iterable[Counter[str]]:
        return (self.ends, self.front_ends, self.refused, self.reached, self.checks)

    @property
    def never_reached(self) -> list[str]:
        """The codes that no input was reported with, without those that are only kept."""
        return [code.id for code in CODES if code.id not in self.reached and not code.merged_into]

    def figures(self) -> dict[str, Any]:
        """Return the counts as plain data."""
        inputs = sum(self.ends.values())
        minutes = self.processor_seconds / 60
        return {
            "inputs": inputs,
            "compiled": self.ends["compiled"],
            "refused": self.ends["refused"],
            "wrongUsage": self.ends["usage"],
            "ownMistakes": self.own_mistakes,
            "perCoreMinute": round(inputs / minutes) if minutes else 0,
            "processorSeconds": round(self.processor_seconds),
            "frontEnds": dict(sorted(self.front_ends.items())),
            "alsoChecked": dict(sorted(self.checks.items())),
            "refusedByCode": dict(sorted(self.refused.items())),
            "reportedByCode": dict(sorted(self.reached.items())),
            "neverReached": self.never_reached,
            "slowest": dict(zip(("seconds", "command", "bytes"), self.slowest, strict=True)),
        }


def _end(done: Done, has_errors: bool) -> str:
    if done.status == 2:
        return "usage"
    is_outdated = done.command[0] == "check" and bool(done.out)
    return "refused" if has_errors or (done.status == 1 and not is_outdated) else "compiled"


def _front_end(done: Done) -> str:
    words = list(done.command[: 2 if done.command[0] == "argocd" else 1])
    words += [each for each in ("-o", "--each", "--against") if each in done.command]
    return " ".join(words)
