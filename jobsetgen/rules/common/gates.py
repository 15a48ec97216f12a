"""Scheduling gates that a person has written in a pod template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from jobsetgen.diagnostics import Path
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.plain import objects, string

_KUEUE = "kueue.x-k8s.io/"


class Gate(NamedTuple):
    """A scheduling gate of the pods of a replicatedJob, and the place of its name."""

    replicated_job: ReplicatedJob
    name: str
    path: Path

    @property
    def is_kueues(self) -> bool:
        """Whether Kueue removes it."""
        return self.name.startswith(_KUEUE)


def written_gates(jobset: JobSet) -> Iterator[Gate]:
    """Yield each scheduling gate of each pod template once."""
    for each in jobset.replicated_jobs:
        seen: set[str] = set()
        for index, gate in objects(each.template.pod, "schedulingGates"):
            name = string(gate, "name")
            if name and name not in seen:
                seen.add(name)
                path = (*each.template.pod_path, "schedulingGates", index, "name")
                yield Gate(each, name, path)
