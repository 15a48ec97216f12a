"""The README of an output folder: what its manifests run, one fact a line.

Reviewers read its diff instead of that of the manifests. So each fact has its own line, each item
of a long list too, and nothing depends on the release, the date or the path. `explain` states the
same facts in the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from jobsetgen.pipeline import Compilation
from jobsetgen.review import explain
from jobsetgen.review.markdown import code, fenced
from jobsetgen.review.picture import picture
from jobsetgen.review.summary import Summary, summarize
from jobsetgen.words import plural

_MOST_PICTURES = 20
_MOST_SECTIONS = 50
# However long a fact is, it is one line.
_HEAD = "<!-- markdownlint-disable-file MD013 -->\n\n# Rendered JobSets"


def readme(compilation: Compilation) -> str:
    """Return the README but for its first line, which says who has written it.

    Each set has a section, with a picture if there are at most 20 sets. If there are more than 50,
    each set is one line.
    """
    settings = compilation.settings
    expansions = compilation.expansions
    summaries = [summarize(each, settings, code) for each in expansions]
    blocks = [_HEAD, _overview(summaries, others=_others(compilation))]
    if len(summaries) > _MOST_SECTIONS:
        return _document([*blocks, "\n".join(map(_line, summaries))])

    pictures = [""] * len(expansions)
    if len(expansions) <= _MOST_PICTURES:
        pictures = [_picture(summarize(each, settings)) for each in expansions]
    for summary, drawn in zip(summaries, pictures, strict=True):
        blocks += [f"## {explain.title(summary, code)}", "\n".join(_facts(summary)), drawn]
    return _document(blocks)


def _document(blocks: Sequence[str]) -> str:
    return "\n\n".join(filter(None, blocks)) + "\n"


def _picture(summary: Summary) -> str:
    return fenced(picture(summary), "mermaid")


def _others(compilation: Compilation) -> int:
    """Return the number of objects that pass through."""
    return sum(len(group.parts) for group in compilation.groups if group.folder is None)


def _overview(summaries: Sequence[Summary], *, others: int) -> str:
    """Return one sentence about the whole folder."""
    parts = [_total(summaries)] if summaries else ["No JobSets"]
    parts += [plural(others, "other object")] if others else []
    return "; ".join(parts) + "."


def _total(summaries: Sequence[Summary]) -> str:
    accelerators: dict[str, int] = {}
    for summary in summaries:
        for resource, count in summary.accelerators.items():
            accelerators[resource] = accelerators.get(resource, 0) + count
    sizes = [
        plural(sum(each.jobs for each in summaries), "Job"),
        plural(sum(each.pods for each in summaries), "pod"),
        *explain.amounts(dict(sorted(accelerators.items())), code),
    ]
    return f"{plural(len(summaries), 'JobSet')}: {', '.join(sizes)}"


def _line(summary: Summary) -> str:
    images = ", ".join(map(code, summary.images)) or "no images"
    extent = explain.extent(summary, code)
    which = explain.title(summary, code)
    return f"- {which}: {extent}; {images}; generation {code(summary.generation)}"


def _facts(summary: Summary) -> Iterator[str]:
    yield f"- Runs: {explain.extent(summary, code)}"
    yield from _items(explain.groups(summary, code))
    yield from _fact("Images", [code(image) for image in summary.images] or ["none"])
    demands = list(explain.resources(summary, code))
    yield from _fact("Resources", demands or [explain.NO_RESOURCES])
    yield from _fact("Placement", explain.placement(summary, code))
    yield from _fact("Order", summary.start)
    yield from _fact("Success", [summary.success])
    yield from _fact("Failure", summary.failure)
    yield from _fact("Update", [summary.update])
    yield from _fact("Generation", [code(summary.generation)])


def _fact(label: str, entries: Sequence[str]) -> Iterator[str]:
    """Yield a fact on one line or, with several entries, one line for each below its label."""
    if len(entries) == 1:
        yield f"- {label}: {entries[0]}"
        return
    yield f"- {label}:"
    yield from _items(entries)


def _items(entries: Iterable[str]) -> Iterator[str]:
    for entry in entries:
        yield f"  - {entry}"
