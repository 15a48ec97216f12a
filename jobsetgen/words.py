"""Format lists, numbers and paths for messages, and suggest similar words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from jobsetgen.diagnostics import Path

# Names in drafts of JobSet, in v1alpha1 and in kustomize, and what to write instead.
_OLD_NAMES = {
    "RecreateJob": "RestartJob",
    "jobs": "replicatedJobs",
    "annotations": "annotationSelector",
    "bases": "resources",
    "commonAnnotations": "annotations",
    "commonLabels": "labels",
    "labels": "labelSelector",
    "patchesJson6902": "patches",
    "patchesStrategicMerge": "patches",
}

_FEW = 5  # words that a sentence lists

EDITS = 2
"""The maximum number of edits that count as a typo."""

# Nobody mistypes a name of more characters, or one of so many; looking for it would take long.
_LONGEST = 253
_MOST_COMPARED = 150
# Counting edits is faster.
_MOST_COUNTED = 500


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Return `a`, `a and b` or `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def listed_first(shown: Sequence[str], count: int) -> str:
    """Return the first of `count` parts, and the number of the others: `a, b and 1,024 more`."""
    left = count - len(shown)
    return listed([*shown, f"{left:,} more"] if left else shown)


def plural(count: int, word: str) -> str:
    """Return a number with a noun: 1 Job, 2 Jobs, 1,024 chips."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def dotted(path: Path) -> str:
    """Return a path in dotted form: spec.replicatedJobs[0].name."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(parts).lstrip(".")


def near(word: str, known: Iterable[object]) -> str:
    """Return a sentence that suggests a similar known word, or an empty string."""
    return suggested(similar(word, known))


def suggested(word: str) -> str:
    """Return a sentence that suggests a word, or an empty string for none."""
    return f"Did you mean '{word}'?" if word else ""


def one_of(known: Iterable[str]) -> str:
    """Return a sentence that lists what there is, or an empty string for nothing."""
    names = sorted(set(known))
    few = listed_first(names[:_FEW], len(names))
    return f"Use one of those in the input: {few}." if names else ""


def similar(word: str, known: Iterable[object]) -> str:
    """Return a similar known word, or an empty string."""
    import difflib

    candidates = _candidates(word, known, _MOST_COMPARED)
    if _OLD_NAMES.get(word) in candidates:
        return _OLD_NAMES[word]
    folded = {each.lower(): each for each in reversed(candidates)}
    match = difflib.get_close_matches(word.lower(), list(folded), n=1, cutoff=0.7)
    return folded[match[0]] if match else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word with the fewest edits, the first of several, or an empty string.

    Words with more than `EDITS` edits do not count.
    """
    candidates = _candidates(word, known, _MOST_COUNTED)
    return next(
        (each for most in range(EDITS + 1) for each in candidates if is_within(word, each, most)),
        "",
    )


def _candidates(word: str, known: Iterable[object], most: int) -> list[str]:
    """Return the sorted words that may be meant; none if there are more than `most`."""
    first = list(islice(known, most + 1))
    if len(word) > _LONGEST or len(first) > most:
        return []
    return sorted(each for each in map(str, first) if len(each) <= _LONGEST)


def is_within(word: str, other: str, edits: int) -> bool:
    """Whether a word can be turned into another with at most `edits` edits.

    An edit adds, removes or replaces a letter, or swaps two adjacent ones.
    """
    if word == other:
        return True
    if edits == 0 or abs(len(word) - len(other)) > edits:
        return False
    start = _shared_start(word, other)
    rest, others = word[start:], other[start:]
    steps = [(rest[1:], others), (rest, others[1:]), (rest[1:], others[1:])]
    if rest[:2] == others[1::-1]:
        steps.append((rest[2:], others[2:]))
    return any(is_within(left, right, edits - 1) for left, right in steps)


def _shared_start(word: str, other: str) -> int:
    """Return the length of the common prefix of two different words."""
    pairs = enumerate(zip(word, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(word), len(other)))
