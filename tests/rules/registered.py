"""What is wrong with the registry of codes: everything that a new rule can forget, as sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from jobsetgen.diagnostics import Code
from jobsetgen.review.pages import examples, page_as_markdown, paragraphs
from tests.cases import ROOT

_ID = re.compile(r"JSG\d{3}")


def faults(
    codes: Collection[Code], pages: Mapping[str, str], cases: Collection[str], recorded: Mapping[str, str]
) -> list[str]:
    """Return what is wrong with some codes.

    `pages` are the files of docs/rules by id, `cases` the ids of the codes that a case expects, and `recorded` the
    titles of all codes that there have ever been, by id.
    """
    by_id = {code.id: code for code in codes}
    found = [*_duplicates("id", (code.id for code in codes)), *_duplicates("title", (code.title for code in codes))]
    for code in codes:
        found += [f"{code.id}: {fault}" for fault in _faults_of(code, by_id)]
        if pages.get(code.id) != page_as_markdown(code):
            found.append(f"{code.id}: its page in docs/rules is missing or out of date")
        if code.id not in cases and not code.merged_into:
            found.append(f"{code.id}: no case expects it")
        if code.id not in recorded:
            found.append(f"{code.id}: not in tests/compat/codes.json")
    for code_id, title in recorded.items():
        if code_id not in by_id:
            found.append(f"{code_id}: gone; a code is never removed, only merged into another")
        elif by_id[code_id].title != title:
            found.append(f"{code_id}: reused or renamed; it was '{title}'")
    return found


def _duplicates(what: str, values: Iterable[str]) -> Iterator[str]:
    yield from (f"duplicate {what} '{value}'" for value, count in Counter(values).items() if count > 1)


def _faults_of(code: Code, by_id: Mapping[str, Code]) -> Iterator[str]:
    if not _ID.fullmatch(code.id):
        yield "an id is JSG and three digits"
    if not is_link(code.source.url):
        yield "no link to what it enforces"
    if not re.fullmatch(r"\d+\.\d+", code.since):
        yield "since no release"
    if not has_reason(code):
        yield f"no paragraph that begins with '{code.severity.title()} because'"
    if {example.good for example in examples(code)} != {True, False}:
        yield "no bad or no good example"
    target = by_id.get(code.merged_into)
    if code.merged_into and (target is None or target.merged_into):
        yield f"merged into {code.merged_into}, which nothing can be found by"


def is_link(url: str) -> bool:
    """Whether a link leads to a page on the web, or to a file of this repository."""
    return url.startswith("https://") or (bool(url) and (ROOT / url.partition("#")[0]).is_file())


def has_reason(code: Code) -> bool:
    """Whether a code's page says why it has its severity."""
    lead = f"{code.severity.title()} because "
    return any(paragraph.startswith(lead) for paragraph in paragraphs(code))
