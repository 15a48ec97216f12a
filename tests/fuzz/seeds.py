"""The manifests that inputs are made from: those of this repository, and of a folder that JOBSETGEN_CORPUS names."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from jobsetgen.pipeline import compile
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source
from tests.cases import FIXTURES, INVALID, VALID, arguments
from tests.rules.expectations import cases

Words = tuple[str, ...]

SMALL = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train, namespace: research}
spec:
  replicatedJobs:
  - name: workers
    template: {spec: {backoffLimit: 0, template: {spec: {containers: [{name: main, image: "example.com/train:1"}]}}}}
"""
_LARGEST = 6_000
"""Bytes of a manifest that inputs are made from: larger ones say no more, and take longer."""


_MOST_OBJECTS = 8


class Seed(NamedTuple):
    """Files that are compiled together, their options, and the data in them."""

    files: dict[str, bytes]
    options: Words = ()
    documents: tuple[Any, ...] = ()

    @property
    def is_project(self) -> bool:
        """Whether the files have options of their own."""
        return "jobsetgen.yaml" in self.files


@cache
def good() -> tuple[Seed, ...]:
    """Return the seeds that compile; the simplest first."""
    fixtures = [_seed(_files(case, case), arguments(case)) for case in VALID]
    pairs = [_seed({"set.yaml": path.read_bytes()}) for path in sorted((FIXTURES / "pairs").glob("*/*.yaml"))]
    found = [_seed({"set.yaml": SMALL.encode()}), *fixtures, *_corpus(), *pairs[::5]]
    return tuple(seed for seed in found if seed.documents)


@cache
def refused() -> tuple[Seed, ...]:
    """Return the seeds of which something is reported."""
    fixtures = [_seed(_files(case, case), arguments(case)) for case in INVALID]
    rules = [_seed(_files(case.path, case.folder), case.arguments[1:]) for case in cases()]
    return (*fixtures, *(seed for seed in rules if seed.documents))


def _corpus() -> Iterable[Seed]:
    folder = os.environ.get("JOBSETGEN_CORPUS")
    paths = sorted(Path(folder).rglob("*.yaml")) if folder else []
    return (_seed({"set.yaml": path.read_bytes()}) for path in paths)


def _files(path: Path, folder: Path) -> dict[str, bytes]:
    found = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    return {str(each.relative_to(folder)): each.read_bytes() for each in found if each.name != "args.txt"}


def _seed(files: dict[str, bytes], options: Iterable[str] = ()) -> Seed:
    short = {name: content for name, content in files.items() if len(content) <= _LARGEST}
    documents = [
        document.data
        for name, content in short.items()
        if name != "jobsetgen.yaml" and name.endswith((".yaml", ".yml"))
        for document in load(name, content).documents
        if isinstance(document.data, dict)
    ]
    return Seed(short, tuple(options), tuple(documents))


@cache
def rendered() -> tuple[tuple[Any, ...], ...]:
    """Return what some seeds compile to, without the watcher's program."""
    found = [_rendered(seed) for seed in good()[: len(VALID)] if not seed.is_project]
    return tuple(each for each in found if each)


def _rendered(seed: Seed) -> tuple[Any, ...]:
    result = compile([Source(name=name, content=content) for name, content in seed.files.items()])
    objects = (item for item in result.objects() if "__init__.py" not in item.get("data", ()))
    return tuple(islice(objects, _MOST_OBJECTS))
