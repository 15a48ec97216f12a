"""More bytes, files or folders than anybody has."""

from __future__ import annotations

import os
from pathlib import Path

from jobsetgen.output.layout import HEADER
from tests.hostile.place import SET, Place, Trick

SPARSE = 100 * 10**9
MANY = 100_000


def _sparse(name: str, head: str = "") -> Trick:
    def make(place: Place) -> None:
        os.truncate(place.write(name, head), SPARSE)

    return make


def _nested(name: str, depth: int, step: str) -> Trick:
    def make(place: Place) -> None:
        descriptor = _opened(place.repository / name)
        for _ in range(depth):
            os.mkdir(step, dir_fd=descriptor)
            inner = os.open(step, os.O_RDONLY, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        os.close(descriptor)

    return make


def _many(name: str, form: str, count: int = MANY) -> Trick:
    def make(place: Place) -> None:
        descriptor = _opened(place.repository / name)
        for number in range(count):
            os.close(os.open(form.format(number), os.O_CREAT | os.O_WRONLY, 0o644, dir_fd=descriptor))
        os.close(descriptor)

    return make


def _opened(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    return os.open(folder, os.O_RDONLY)


def _sets(place: Place) -> None:
    place.write("app/jobset.yaml", "---\n".join(SET.replace("train", f"train-{number}") for number in range(200)))


def _many_projects(place: Place) -> None:
    for number in range(200):
        place.write(f"projects/{number}/jobsetgen.yaml", "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n")


TRICKS: dict[str, Trick] = {
    "a file of 100 GB": _sparse("app/more.yaml"),
    "a project file of 100 GB": _sparse("app/jobsetgen.yaml"),
    "a set with 100 GB behind it": _sparse("app/jobset.yaml", SET),
    "JSON of 100 GB": _sparse("app/more.json", "{"),
    "a kustomization of 100 GB": _sparse("app/kustomization.yaml", "resources: [jobset.yaml]\n"),
    "a manifest of 100 GB in the output": _sparse("out/train/job.train-workers-0.yaml", HEADER),
    "a stale file of 100 GB in the output": _sparse("app/rendered/old.yaml", HEADER),
    "1,100 folders in each other": _nested("app", 1_100, "d"),
    "1,100 folders in each other in the output": _nested("out", 1_100, "d"),
    "1,100 folders in each other beside": _nested("deep", 1_100, "d"),
    "a path longer than any": _nested("app", 40, "d" * 255),
    "a path longer than any in the output": _nested("app/rendered", 40, "d" * 255),
    "200 sets": _sets,
    "200 projects": _many_projects,
    "3,000 manifests": _many("app", "empty-{}.yaml", 3_000),
    "3,000 folders": lambda place: [(place.app / f"d{n}" / "e").mkdir(parents=True) for n in range(3_000)] and None,
}

HEAVY: dict[str, Trick] = {
    "100,000 empty manifests": _many("app", "empty-{}.yaml"),
    "100,000 empty files in the output": _many("out", "empty-{}.yaml"),
    "100,000 empty files beside": _many("many", "{}"),
}
"""Those that take more than a second to make."""
