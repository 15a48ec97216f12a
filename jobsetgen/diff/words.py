"""The sentences of a comparison, the same in every format for people.

The cluster is not seen: they say what applying the change does to a set that runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from jobsetgen.diagnostics import Diagnostic
from jobsetgen.diff.changes import ObjectChange, SetChange
from jobsetgen.diff.entry import Entry, Pair, full_name
from jobsetgen.diff.indexes import index_text
from jobsetgen.diff.kustomizing import unknown_effect
from jobsetgen.diff.object_findings import claims_of
from jobsetgen.diff.overview import Overview, add_pairs, severity
from jobsetgen.diff.prices import Rate
from jobsetgen.diff.reach import reach, units, whole
from jobsetgen.diff.sides import Side
from jobsetgen.diff.verdicts import COMPLETED, LEFT, OTHERS, REMOVED, VERDICTS, Verdict
from jobsetgen.words import listed, listed_first, plural

CLAIM = "PersistentVolumeClaim"
RESTARTS_LABEL = "Restarts when applied:"
DATA_LABEL = "Data deleted:"
RESTARTS = ("recreates", "refused-late", "runs-again")
"""The consequences that end running pods of a set that stays."""

# The consequences by which a running set stays as it is.
_LATER = ("sync-fails", "at-next-restart", "not-taken-up")
_NAMES = 3
_RESOURCES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """How a format writes text that may be untrusted: a name, and a sentence with names in it.

    `strong` writes a label of ours.
    """

    name: Callable[[str], str]
    prose: Callable[[str], str]
    strong: Callable[[str], str]


def headline(overview: Overview) -> str:
    """Return the verdict on all sets, without text of others."""
    entries = overview.of(overview.verdict)
    return _verdict(overview, entries).headline.format(
        sets=_concerned(overview, entries),
        count=plural(len(entries), "set"),
        size=_size(overview, entries),
    )


def facts(overview: Overview, medium: Medium) -> list[str]:
    """Return what restarts, what ends, which data is deleted, and advice to the reviewer."""
    advice = _verdict(overview, overview.of(overview.verdict)).advice
    return [*events(overview, medium), *([medium.strong(advice)] if advice else [])]


def events(overview: Overview, medium: Medium) -> list[str]:
    """Return what restarts, what ends, and which data is deleted."""
    return [_restarts(overview, medium), *_others(overview, medium), _deleted(overview, medium)]


def unknown(sides: Sequence[Side], medium: Medium) -> str:
    """Return what it means that sides do not compile."""
    verb = "does" if len(sides) == 1 else "do"
    names = _names([each.label for each in sides], medium)
    return (
        f"Cannot be compared: {names} {verb} not compile."
        " What restarts, and which data is deleted, is unknown."
    )


def kustomized(overview: Overview, medium: Medium) -> str:
    """Return what it means that kustomize changes one side differently from the other."""
    return f"Cannot be compared as a whole: {unknown_effect(_names(overview.kustomized, medium))}."


def kustomized_headline(overview: Overview) -> str:
    """Return that kustomize changes what is applied, with all its fields as they are."""
    return unknown_effect(listed(overview.kustomized))


def totals(overview: Overview, medium: Medium) -> str:
    """Return the totals of all sets before and after."""
    old, new = overview.totals.accelerators
    parts = [span(overview.totals.jobs, "Job"), span(overview.totals.pods, "pod")]
    resources = sorted({*old, *new})
    for resource in resources[:_RESOURCES]:
        numbers = old.get(resource, 0), new.get(resource, 0)
        parts.append(f"{span(numbers, units(resource))} ({medium.name(resource)})")
    left = len(resources) - _RESOURCES
    parts += [plural(left, "more resource")] if left > 0 else []
    return f"All sets together, changed or not: {', '.join(parts)}."


def price(old: Rate, new: Rate, medium: Medium) -> str:
    """Return the price of all accelerators per hour before and after."""
    amounts = [f"{each.amount:,.2f}" for each in (old, new)]
    change = " → ".join(dict.fromkeys(amounts))
    text = f"Price of accelerators per hour while all sets run: {change}"
    unpriced = sorted({*old.unpriced, *new.unpriced})
    if unpriced:
        text += f"; not priced: {_names(unpriced, medium)}"
    return f"{text}."


def span(numbers: Pair, noun: str) -> str:
    """Return a number before and after with its noun: 34 pods, or 34 → 66 pods."""
    old, new = numbers
    return plural(new, noun) if old == new else f"{old:,} → {plural(new, noun)}"


def pair(numbers: Pair) -> str:
    """Return a number before and after: 34, or 34 → 66."""
    old, new = numbers
    return f"{new:,}" if old == new else f"{old:,} → {new:,}"


def size(entry: Entry) -> str:
    """Return the Jobs, pods and accelerators of a set before and after."""
    return ", ".join([span(_existing(entry, entry.jobs), "Job"), *_pods_and_units([entry], None)])


def accelerators(entry: Entry) -> str:
    """Return the accelerators of a set before and after; empty if it has none."""
    found = whole(entry).units
    return ", ".join(span(numbers, noun) for noun, numbers in found.items())


def label(entry: Entry) -> str:
    """Return the labels of what happens to a set: the verdict, and whether pods end otherwise."""
    verdict = entry.change.verdict
    if entry.change.new is None and verdict == "deletes-data":
        return "Deletes data, removed"
    others = sorted(entry.consequences & {*RESTARTS, "suspends"} - {verdict}, key=severity)
    return ", ".join([VERDICTS[verdict].label, *(VERDICTS[each].label.lower() for each in others)])


def set_name(change: SetChange, mark: Callable[[str], str]) -> str:
    """Return the name of a set, with the earlier one if it is renamed."""
    name = mark(full_name(change.namespace, change.name))
    if change.renamed_from is None:
        return name
    return f"{mark(full_name(*change.renamed_from))} → {name}"


def object_name(change: ObjectChange) -> str:
    """Return the name of an object, or of a replicatedJob with its indexes."""
    if change.replicated_job:
        return f"{change.replicated_job} ({index_text(change.indexes)})"
    return f"{change.kind} {change.name}"


def sentence(text: str) -> str:
    """Return a sentence with its full stop."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def cause(change: SetChange, medium: Medium) -> str:
    """Return the causes of a verdict."""
    causes = list(dict.fromkeys(change.causes))
    shown = [medium.prose(each) for each in causes[:_NAMES]]
    left = len(causes) - len(shown)
    return "; ".join([*shown, f"and {left:,} more"] if left else shown)


def diagnostic(item: Diagnostic, medium: Medium) -> str:
    """Return a diagnostic on one line."""
    where = medium.name(f"{item.file}:{item.line}:{item.column}")
    return f"{item.severity} {medium.name(item.code)} at {where}: {medium.prose(item.message)}"


def _existing(entry: Entry, numbers: Pair) -> Pair:
    """Return a number before and after, the same for a set that is on one side only."""
    old, new = numbers
    if entry.change.old is None:
        return new, new
    return (old, old) if entry.change.new is None else numbers


def _verdict(overview: Overview, entries: Sequence[Entry]) -> Verdict:
    """Return the words of the verdict on all sets; `entries` are the sets that have it."""
    verdict = overview.verdict
    if not entries:
        return OTHERS.get(verdict, VERDICTS[verdict])
    if verdict == "creates" and not all(each.is_new for each in entries):
        return COMPLETED
    if verdict == "prunes" and all(map(_ends, entries)):
        return REMOVED if any(each.is_pruned for each in entries) else LEFT
    return VERDICTS[verdict]


def _concerned(overview: Overview, entries: Sequence[Entry]) -> str:
    """Return the number of the sets, and of the objects without a set, that have the verdict."""
    if not overview.has_changes:
        return plural(overview.sets, "set")
    objects = overview.objects(overview.verdict)
    parts = [_share(len(entries), overview.sets)] if entries else []
    parts += [f"{plural(len(objects), 'object')} without a set"] if objects else []
    return listed(parts)


def _share(count: int, total: int) -> str:
    if count < total:
        return f"{count:,} of {total:,} sets"
    if total == 2:
        return "both sets"
    return f"all {total:,} sets" if total > 2 else "1 set"


def _size(overview: Overview, entries: Sequence[Entry]) -> str:
    """Return what sets run, or the claims that go, in parentheses."""
    if overview.verdict == "deletes-data":
        # The pods may stay; those that do not are named in the next sentence.
        lost = _losses(overview)
        parts = [plural(len(lost), _noun(lost))] if lost else []
    else:
        parts = _pods_and_units(entries, overview.verdict)
    return f" ({', '.join(parts)})" if parts else ""


def _pods_and_units(entries: Sequence[Entry], verdict: str | None) -> list[str]:
    """Return the pods and the accelerators of sets, only those that have a verdict if it is set."""
    reaches = [reach(each, {verdict} if verdict else None) for each in entries]
    if not reaches:
        return []
    nouns = {noun for each in reaches for noun in each.units}
    parts = [span(add_pairs(each.pods for each in reaches), "pod")]
    for noun in sorted(nouns):
        parts.append(span(add_pairs(each.units.get(noun, (0, 0)) for each in reaches), noun))
    return parts


def _restarts(overview: Overview, medium: Medium) -> str:
    label = medium.strong(RESTARTS_LABEL)
    entries = [each for each in overview.with_consequence(*RESTARTS) if each.keeps_running]
    if not entries:
        return f"{label} none."
    pods = span(add_pairs(reach(each, set(RESTARTS)).pods for each in entries), "pod")
    condition = "if it is running" if len(entries) == 1 else "if they are running"
    return f"{label} {_named(entries, medium)} ({pods}), {condition}."


def _others(overview: Overview, medium: Medium) -> Iterator[str]:
    """Yield which sets end, start or lose pods, besides those that restart."""
    entries = overview.entries
    pruned = [each for each in entries if _ends(each) and each.is_pruned]
    left = [each for each in entries if each.is_left]
    suspended = [each for each in overview.with_consequence("suspends") if each.is_running]
    started = [each for each in entries if each.starts]
    smaller = [each for each in entries if _loses_pods(each)]
    yield from _group("Removed where Argo CD or Flux prunes", pruned, medium)
    yield from _group("Left in the cluster", left, medium, [each.old_name for each in left])
    yield from _group("Suspended", suspended, medium)
    yield from _group("Starts", started, medium, [each.name for each in started])
    yield from _group("Fewer pods", smaller, medium)


def _group(
    label: str, entries: Sequence[Entry], medium: Medium, names: Sequence[str] | None = None
) -> Iterator[str]:
    """Yield a label with the names and the pods of sets, if there are any."""
    if entries:
        listed_names = _names(names, medium) if names else _named(entries, medium)
        pods = span(add_pairs(_existing(each, each.pods) for each in entries), "pod")
        yield f"{medium.strong(f'{label}:')} {listed_names} ({pods})."


def _loses_pods(entry: Entry) -> bool:
    """Whether pods of a set end although it neither restarts nor ends."""
    old, new = entry.pods
    is_told = not entry.consequences.isdisjoint([*RESTARTS, *_LATER, "suspends"])
    return new < old and entry.keeps_running and not (is_told or _ends(entry))


def _ends(entry: Entry) -> bool:
    return entry.is_gone or entry.is_emptied


def _deleted(overview: Overview, medium: Medium) -> str:
    label = medium.strong(DATA_LABEL)
    lost = _losses(overview)
    if lost:
        word = _noun(lost) if len(lost) == 1 else f"{_noun(lost)}s"
        return f"{label} {word} {_names(lost, medium)}."
    entries = overview.with_consequence("deletes-data")
    return f"{label} that of {_named(entries, medium)}." if entries else f"{label} none."


def _losses(overview: Overview) -> list[str]:
    """Return the names of all claims that are deleted, and of other objects with their kind."""
    names = [
        full_name(entry.old_namespace, claim)
        for entry in overview.with_consequence("deletes-data")
        for claim in _claims_of(entry.change)
    ]
    objects = overview.objects("deletes-data")
    return [*names, *(each.name if each.kind == CLAIM else object_name(each) for each in objects)]


def _noun(losses: Sequence[str]) -> str:
    # The name of an object that is no claim begins with its kind.
    return "object" if any(" " in each for each in losses) else "claim"


def _claims_of(change: SetChange) -> Iterable[str]:
    """Yield the claims of a set that are deleted: all of them with the set, or single ones."""
    whole = claims_of(change.old) if change.old else []
    for each in change.changes:
        if each.consequence == "deletes-data":
            yield from [each.name] if each.kind == CLAIM else whole


def _named(entries: Sequence[Entry], medium: Medium) -> str:
    shown = [set_name(each.change, medium.name) for each in entries[:_NAMES]]
    return listed_first(shown, len(entries))


def _names(names: Sequence[str], medium: Medium) -> str:
    return listed_first([medium.name(each) for each in names[:_NAMES]], len(names))
