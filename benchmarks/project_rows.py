"""What many overlays of few bases take: all of them, and those of one base that has changed."""

from __future__ import annotations

import subprocess
from pathlib import Path

from measuring import Row, cost

_COUNT, _BASES = 200, 4
_PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
_JOBSET = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata:
  name: train
spec:
  replicatedJobs:
  - name: workers
    replicas: 2
    template:
      spec:
        backoffLimit: 0
        template:
          spec:
            restartPolicy: Never
            containers:
            - name: trainer
              image: registry.example.com/train:1
"""
_OVERLAY = """\
resources: [../../bases/{base}]
output: rendered
namespace: team-{number}
namePrefix: team-{number}-
labels: {{team: "{number}"}}
images: [{{name: registry.example.com/train, newTag: v{number}}}]
"""


def project_rows(program: Path, folder: Path) -> list[Row]:
    """Measure overlays of one two-Job set each, with warm caches, in processor time."""
    repository = folder / "overlays"
    _write(repository)
    build = [program, "build", "--each", "."]
    cost(build, repository)
    everything = _best(build, repository)

    base = repository / "bases" / "0" / "jobset.yaml"
    base.write_text(_JOBSET.replace("replicas: 2", "replicas: 3"))
    check = [program, "check", "--each", base.relative_to(repository)]
    outdated = _outdated(check, repository)
    dependents = _COUNT // _BASES
    subprocess.run([*map(str, build)], cwd=repository, check=True, capture_output=True)
    changed = _best(check, repository)
    return [
        Row(
            f"`build --each` of {_COUNT} overlays of {_BASES} bases, a set of two Jobs each",
            f"{everything:.2f} s of CPU time",
            "less than 3 s of CPU time",
            everything < 3,
        ),
        Row(
            f"`check --each` of a base's JobSet, which {dependents} of them have",
            f"{outdated} out of date after a change; {changed:.2f} s of CPU time to compile these:"
            f" {changed / everything:.2f} times that of all",
            f"{dependents} out of date, and at most 0.5 times the CPU time",
            outdated == dependents and changed <= 0.5 * everything,
        ),
    ]


def _write(repository: Path) -> None:
    for base in range(_BASES):
        own = repository / "bases" / str(base)
        own.mkdir(parents=True)
        (own / "jobsetgen.yaml").write_text(_PROJECT)
        (own / "jobset.yaml").write_text(_JOBSET)
    for number in range(_COUNT):
        own = repository / "overlays" / f"team-{number}"
        own.mkdir(parents=True)
        options = _OVERLAY.format(base=number % _BASES, number=number)
        (own / "jobsetgen.yaml").write_text(_PROJECT + options)
    subprocess.run(["git", "init", "--quiet"], cwd=repository, check=True)


def _best(command: list[str | Path], repository: Path) -> float:
    return min(cost(command, repository).processor for _ in range(3))


def _outdated(check: list[str | Path], repository: Path) -> int:
    """Return how many projects a check says to build again."""
    done = subprocess.run([*map(str, check)], cwd=repository, capture_output=True, text=True)
    command = done.stderr.partition("regenerate it with: ")[2].partition("\n")[0]
    return command.count("overlays/team-")
