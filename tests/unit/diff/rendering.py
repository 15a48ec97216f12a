"""What the tests of the two ways to a side share: compiled fixtures, and a set to render and to change."""

from __future__ import annotations

from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from typing import Any

from jobsetgen import emit
from jobsetgen.cli.compiling import compiled
from jobsetgen.diff.folding import rendered_side
from jobsetgen.diff.sides import Family, Side, TrainingSet
from jobsetgen.options.table import Settings
from jobsetgen.output.layout import KUSTOMIZATION, files
from jobsetgen.pipeline import Compilation, compile
from jobsetgen.source.text import Source
from tests.cases import arguments, parsed

SET = """
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train, namespace: research}
spec:
  failurePolicy: {maxRestarts: %(restarts)s}
  replicatedJobs:
  - name: workers
    replicas: %(workers)s
    template:
      spec:
        backoffLimit: 0
        completions: 2
        parallelism: 2
        template:
          spec:
            restartPolicy: Never
            containers:
            - name: main
              image: registry.example.com/train:1
              command: [python3, train.py]
  - name: driver
    template:
      spec:
        backoffLimit: 0
        template:
          spec:
            restartPolicy: Never
            containers:
            - {name: main, image: "registry.example.com/drive:1"}
"""


def fixture(case: Path, *flags: str) -> Compilation:
    """Return a valid fixture as it is compiled with its own options and more flags."""
    paths, options = parsed(*arguments(case), *flags)
    with chdir(case):
        return compiled(paths, options)


def trained(*, workers: int = 3, restarts: int = 3, **options: Any) -> Compilation:
    """Return a compiled set with workers and a driver."""
    text = SET % {"workers": workers, "restarts": restarts}
    result = compile([Source(name="train.yaml", content=text.encode())], Settings(**options))
    assert result.ok, result.diagnostics
    return result


def rendered_files(compilation: Compilation) -> dict[str, str]:
    """Return the files of an output folder by name, without the kustomization."""
    return {name: text for name, text in files(compilation) if name != KUSTOMIZATION}


def stream(text: str) -> Side:
    """Return the side of one text."""
    return rendered_side([("stream.yaml", text)], "stream")


def folded(texts: dict[str, str]) -> Side:
    """Return the side of files by name."""
    return rendered_side(texts.items(), "folder")


def only_set(side: Side) -> TrainingSet:
    """Return the only set of a side that is not broken."""
    assert not side.is_broken, side.diagnostics
    (found,) = side.sets
    return found


def families(side: Side) -> dict[str, Family]:
    """Return the families of the only set of a side, by name."""
    return {each.replicated_job: each for each in only_set(side).families}


def marked(family: Family) -> str:
    """Return a template as text, in which a slot cannot be mistaken for its name."""
    return emit.text(family.template)


def without_place(found: TrainingSet) -> TrainingSet:
    """Return a set as rendered manifests have it: they do not tell where its spec is."""
    return replace(found, place=None)
