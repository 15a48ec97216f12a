"""What people write, for both sides: the valid fixtures, and the manifests of a folder that a variable names."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from jobsetgen import Compilation, Settings, Source, compile
from jobsetgen.cli.compiling import with_flags
from jobsetgen.cli.operands import read_operands
from jobsetgen.kubernetes.leftovers import without_leftovers
from jobsetgen.kubernetes.priorities import priority_class
from jobsetgen.options.table import Placement
from jobsetgen.pipeline import compile_inputs
from jobsetgen.project.layer import settings_layer, settings_of
from tests.cases import VALID, arguments, parsed

Json = dict[str, Any]
CORPUS = os.environ.get("JOBSETGEN_CORPUS", "")
MANIFESTS = sorted(Path(CORPUS).rglob("*.yaml")) if CORPUS else []
# What decides about what a JobSet becomes, when it stands beside it.
BESIDE = ("Service", "PersistentVolumeClaim")


class Input(NamedTuple):
    """The JobSets of a fixture or a manifest, what stands beside them, and the options they are compiled with."""

    name: str
    jobsets: list[Json]
    beside: list[Json]
    settings: Settings

    def within(self, namespace: str) -> Input:
        """Return the same for a namespace."""
        jobsets, beside = ([_within(namespace, item) for item in items] for items in (self.jobsets, self.beside))
        return Input(self.name, jobsets, beside, replace(self.settings, namespace=namespace))

    def named(self) -> list[Json]:
        """Return the JobSets by the names that their Jobs are of, where the API would give one at random."""
        pairs = zip(self.jobsets, self.compiled().expansions, strict=True)
        return [_named(jobset, expansion.jobset.name) for jobset, expansion in pairs]

    def compiled(self, **settings: Any) -> Compilation:
        """Compile it, with some other options."""
        sources = [
            Source(name=f"{index}.yaml", content=json.dumps(item).encode())
            for index, item in enumerate([*self.beside, *self.jobsets])
        ]
        return compile(sources, replace(self.settings, **settings))


def fixtures() -> list[Input]:
    """Return the valid fixtures that have a JobSet to expand."""
    read = [_read(case.name, [*arguments(case), str(case)]) for case in VALID]
    return [each for each in read if each and each.jobsets]


def manifests() -> list[Input]:
    """Return the manifests of the corpus that we accept and that have a JobSet to expand, or none without a corpus."""
    read = [_read(f"corpus-{index}-{path.stem}", [str(path)]) for index, path in enumerate(MANIFESTS)]
    return [each for each in read if each and each.jobsets]


def _read(name: str, words: Sequence[str]) -> Input | None:
    """Read what a command line names; what a project adds to a JobSet (images, replicas, placement, a priority, an
    account that is there) is left out. The project knows the PriorityClasses of the input, which a cluster has as well.
    """
    paths, flags = parsed(*words)
    inputs = with_flags(read_operands(paths), flags)
    settings = settings_of(inputs.layers)
    classes = filter(None, (priority_class(each.data) for each in inputs.documents))
    known = {each.name: each.value for each in classes}
    settings = replace(settings, priority_classes={**known, **settings.priority_classes})
    settings = replace(settings, images=(), replicas={}, placement=Placement(), gitops="none")
    settings = replace(settings, default_priority=0, watcher=replace(settings.watcher, service_account=""))
    layer, _ = settings_layer(replace(settings, namespace=settings.namespace or "default"))
    assert layer
    result = compile_inputs(inputs._replace(layers=(layer,)))
    if not result.ok:
        return None
    objects = [(unit.jobset is not None, _plain(unit.document.data)) for unit in result.units]
    jobsets = [item for is_jobset, item in objects if is_jobset]
    beside = [item for is_jobset, item in objects if not is_jobset and _counts(item)]
    return Input(name, jobsets, beside, settings)


def _counts(item: Json) -> bool:
    return item["apiVersion"] == "v1" and item["kind"] in BESIDE


def _plain(data: Any) -> Json:
    """Return an object that can be created: one that was read from a server cannot, as it is."""
    return without_leftovers(json.loads(json.dumps(data)))


def _within(namespace: str, item: Json) -> Json:
    return {**item, "metadata": {**item["metadata"], "namespace": namespace}}


def _named(jobset: Json, name: str) -> Json:
    meta = {key: value for key, value in jobset["metadata"].items() if key != "generateName"}
    return {**jobset, "metadata": {**meta, "name": name}}
