"""Read what can be compared: specs, a project or rendered manifests, told apart by content."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jobsetgen.diagnostics import Place, diagnostic
from jobsetgen.diff.sides import Kind
from jobsetgen.model import keys
from jobsetgen.model.unit import is_jobset
from jobsetgen.output.layout import HEADER
from jobsetgen.output.rendered import is_rendered, rendered_texts
from jobsetgen.output.transformers import Transformer, transformers
from jobsetgen.plain import mapping
from jobsetgen.project.codes import NO_RESOURCE
from jobsetgen.project.files import Files
from jobsetgen.project.foreign import read_foreign
from jobsetgen.project.inputs import (
    Inputs,
    has_project,
    manifests,
    read_sources,
    together,
)
from jobsetgen.project.reading import read_project
from jobsetgen.source.lists import opened
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source, chunks, decoded
from jobsetgen.stop import StopError

_OUR_LABELS = frozenset([keys.JOBSET_NAME, keys.OUR_JOBSET])
_LABEL = re.compile("|".join(map(re.escape, sorted(_OUR_LABELS))))
# A kind may be written in quotes, with escapes or a tag, and so may its key; such a document is
# read, to be sure.
_MAY_BE_JOBSET = re.compile(r"JobSet|kind[\"']?\s*:\s*[^A-Za-z\s]|\\[xuU]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What there is to compare.

    `inputs` are those of a compile, for specs and a project. `texts` are the files of rendered
    manifests: the name in diagnostics, and the text. `transformers` are those of their
    kustomizations.
    """

    kind: Kind
    inputs: Inputs = field(default_factory=Inputs)
    texts: tuple[tuple[str, str], ...] = ()
    transformers: tuple[Mapping[str, Transformer], ...] = ()

    @property
    def sources(self) -> Iterator[Source]:
        """The files that were read."""
        yield from self.inputs.sources
        yield from (Source(name=name, content=text.encode()) for name, text in self.texts)


NOTHING = Content(kind="nothing")


def folder_content(files: Files, own: Files) -> Content:
    """Read a folder; `own` are its files as its project may read them.

    A kustomization that jobsetgen did not generate is left out or refused, as in a build. Raises
    StopError for what cannot be read.
    """
    if has_project(files):
        return Content(kind="project", inputs=read_project(own))
    if is_rendered(files):
        return Content(
            kind="rendered",
            texts=tuple(rendered_texts(files)),
            transformers=(transformers(files),),
        )
    foreign = read_foreign(files)
    if foreign is not None:
        return Content(kind="specs", inputs=foreign)
    return source_content(
        [Source(name=files.shown(name), content=files.read(name)) for name in manifests(files)]
    )


def source_content(sources: Sequence[Source]) -> Content:
    """Return the content of files or of a stream."""
    texts = tuple((each.name, decoded(each.name, each.content)[0]) for each in sources)
    if _are_rendered(texts):
        return Content(kind="rendered", texts=texts)
    return Content(kind="specs", inputs=read_sources(sources))


def broken_content(name: str, stop: StopError) -> Content:
    """Return the content of what could not be read, with the reason as a diagnostic.

    Its place is the file at fault, or otherwise the name.
    """
    problem = diagnostic(NO_RESOURCE, Place(stop.file or name), stop.message)
    return Content(kind="specs", inputs=Inputs(diagnostics=(problem,)))


def merged(contents: Iterable[Content]) -> Content:
    """Return the contents of several paths as one, in order.

    Raises StopError for more than one project, and for rendered manifests beside anything else.
    """
    parts = list(contents)
    kinds = [each.kind for each in parts if each.kind != "nothing"]
    _refuse_mixture(kinds)
    if not kinds:
        return NOTHING
    return Content(
        # Specs may stand beside a project.
        kind="project" if "project" in kinds else kinds[0],
        inputs=together([each.inputs for each in parts]),
        texts=tuple(itertools.chain.from_iterable(each.texts for each in parts)),
        transformers=tuple(itertools.chain.from_iterable(each.transformers for each in parts)),
    )


def _refuse_mixture(kinds: Sequence[Kind]) -> None:
    if kinds.count("project") > 1:
        message = "only one project can be compared at a time; pass --each to compare several"
        raise StopError("usage", message)
    if "rendered" in kinds and len(set(kinds)) > 1:
        message = "specs and rendered manifests cannot be mixed; compare them in separate runs"
        raise StopError("usage", message)


def _are_rendered(texts: Iterable[tuple[str, str]]) -> bool:
    """Whether manifests are the output of a build: labelled as such, and no JobSet among them.

    Reads as few of them as it takes: there may be many thousand Jobs.
    """
    is_labelled = False
    for name, text in texts:
        for _, chunk in chunks(text):
            # The header of a rendered file names JobSets.
            may_be_jobset = _MAY_BE_JOBSET.search(chunk.removeprefix(HEADER))
            if not may_be_jobset and (is_labelled or not _LABEL.search(chunk)):
                continue
            objects = list(_objects(name, chunk))
            if any(map(is_jobset, objects)):
                return False
            is_labelled = is_labelled or any(map(_has_our_label, objects))
    return is_labelled


def _objects(name: str, chunk: str) -> Iterator[Mapping[str, Any]]:
    for document in load(name, chunk.encode()).documents:
        for item in opened(document):
            if isinstance(item.data, Mapping):
                yield item.data


def _has_our_label(data: Mapping[str, Any]) -> bool:
    labels = mapping(mapping(data, "metadata"), "labels")
    return not _OUR_LABELS.isdisjoint(labels)
