"""What `diff` takes: beside the two builds that it has to do anyway, as Jobs, files and sets grow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from measuring import FLAGS, Cost, Row, cost, example

_MOST_CHARACTERS = 65_000
_SETS = 10_000
_CRITICAL = 200
_SET = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {{name: set-{number}}}
spec:
{claims}  replicatedJobs:
  - name: workers
    template:
      spec:
        template:
          spec:
            containers:
            - {{name: train, image: "registry.example.com/train:{tag}", volumeMounts: [{mounts}]}}
"""
_MOUNTS = "{name: data, mountPath: /data}"
_CLAIMS = """\
  volumeClaimPolicies:
  - retentionPolicy: {whenDeleted: Delete}
    templates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""


def diff_rows(program: Path, folder: Path) -> list[Row]:
    """Measure comparisons."""
    thousand = changed_image(folder, 1_000)
    ten_thousand = changed_image(folder, 10_000)
    return [
        beside_builds(program, folder, thousand),
        ten_times_the_jobs(program, folder, thousand, ten_thousand),
        two_folders(program, folder, ten_thousand),
        comment_of_many_sets(program, folder),
    ]


def changed_image(folder: Path, jobs: int) -> tuple[Path, Path]:
    """Write the example with so many Jobs, and with another image."""
    old = example(folder, jobs)
    new = folder / f"{jobs}-new.yaml"
    new.write_text(old.read_text().replace("python:3.8", "python:3.9"))
    return old, new


def beside_builds(program: Path, folder: Path, pair: tuple[Path, Path]) -> Row:
    """Compare with what it takes to build both sides."""
    builds = sum(_best(lambda side=side: _build(program, folder, side)) for side in pair)
    out = folder / "diff.txt"
    diff = _best(lambda: _diff(program, folder, pair, out))
    lines = len(out.read_text().splitlines())
    more = diff - builds
    return Row(
        "`diff` of 1,000 Jobs with another image",
        f"{diff:.2f} s of processor time, the two builds {builds:.2f} s; {lines} lines",
        "at most 0.3 s more than the two builds, and under 40 lines",
        more <= 0.3 and 0 < lines < 40,
    )


def ten_times_the_jobs(
    program: Path, folder: Path, few: tuple[Path, Path], many: tuple[Path, Path]
) -> Row:
    """Compare with a tenth of the Jobs."""
    small, large = (_best(lambda pair=pair: _diff(program, folder, pair)) for pair in (few, many))
    return Row(
        "`diff` of 10,000 Jobs with another image",
        f"{large:.2f} s of processor time: {large / small:.2f} times that of 1,000",
        "at most 1.5 times that of 1,000",
        large <= 1.5 * small,
    )


def two_folders(program: Path, folder: Path, pair: tuple[Path, Path]) -> Row:
    """Read two rendered folders, each with a file for each of 10,000 Jobs."""
    rendered = folder / "old", folder / "new"
    for source, output in zip(pair, rendered, strict=True):
        cost([program, "build", *FLAGS, "-o", output, source], folder)
    taken = _diff(program, folder, rendered)
    return Row(
        "`diff` of two rendered folders of 10,000 files",
        f"{taken.megabytes:.0f} MB, {taken.seconds:.1f} s",
        "under 400 MB",
        taken.megabytes < 400,
    )


def comment_of_many_sets(program: Path, folder: Path) -> Row:
    """Write the comment on 10,000 sets with another image, some of which lose their claims."""
    pair = folder / "old-sets.yaml", folder / "new-sets.yaml"
    pair[0].write_text("---\n".join(_set(number, 1, _CRITICAL) for number in range(_SETS)))
    pair[1].write_text("---\n".join(_set(number, 2, 0) for number in range(_SETS)))
    out = folder / "comment.md"
    taken = cost([program, "diff", "-n", "training", "-f", "markdown", *pair], folder, out)
    text = out.read_text()
    named = sum(f"`training/set-{number}`" in text for number in range(_CRITICAL))
    return Row(
        f"`diff -f markdown` of {_SETS:,} sets, {_CRITICAL} of which lose data",
        f"{len(text):,} characters, {named} of {_CRITICAL} named; {taken.seconds:.0f} s",
        f"under {_MOST_CHARACTERS:,} characters, and each of the {_CRITICAL} is named",
        len(text) < _MOST_CHARACTERS and named == _CRITICAL,
    )


def _set(number: int, tag: int, with_claims: int) -> str:
    """Return a set; those with the first numbers have a claim."""
    has_claims = number < with_claims
    claims, mounts = (_CLAIMS, _MOUNTS) if has_claims else ("", "")
    return _SET.format(number=number, tag=tag, claims=claims, mounts=mounts)


def _build(program: Path, folder: Path, source: Path) -> Cost:
    return cost([program, "build", *FLAGS, source], folder)


def _diff(program: Path, folder: Path, pair: Sequence[Path], out: Path | None = None) -> Cost:
    return cost([program, "diff", *FLAGS, *pair], folder, out)


def _best(run: Callable[[], Cost], times: int = 5) -> float:
    """Return the least processor time of several runs."""
    return min(run().processor for _ in range(times))
