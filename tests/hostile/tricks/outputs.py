"""Earlier outputs that somebody has changed."""

from __future__ import annotations

import shutil
from pathlib import Path

from jobsetgen.output.layout import HEADER
from tests.hostile.place import SECRET, Place, Trick


def with_earlier_output(place: Place, earlier: Path) -> None:
    """Put what was built of the repository before the trick into both output folders."""
    for output in (place.out, place.rendered):
        shutil.copytree(earlier, output)


def _tampered(name: str, text: str | bytes) -> Trick:
    def make(place: Place) -> None:
        for output in ("out", "app/rendered"):
            place.write(f"{output}/{name}", text)

    return make


def _listing(place: Place) -> None:
    """Let the list of manifests name what is not ours to remove."""
    names = ["../../outside/secret.yaml", "/etc/passwd", "../app/jobset.yaml", "train/job.gone.yaml", "~/.netrc"]
    text = f"{HEADER}apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
    _tampered("kustomization.yaml", text + "".join(f"- {name}\n" for name in names))(place)


def _of_a_size(size: int) -> str:
    return HEADER + "x: y\n" * (size // 5)


TRICKS: dict[str, Trick] = {
    "a list that names a file beside": _listing,
    "somebody's file as a manifest": _tampered("train/job.train-workers-0.yaml", f"mine: {SECRET[:6]}\n"),
    "somebody's README": _tampered("README.md", "# Mine\n"),
    "somebody's kustomization": _tampered("kustomization.yaml", "resources: [mine.yaml]\n"),
    "somebody's file beside manifests": _tampered("train/mine.yaml", "mine: true\n"),
    "a stale file": _tampered("gone/job.gone.yaml", HEADER),
    "a temporary file of a killed build": _tampered(".jobsetgen-0123456789abcdef-0.tmp", HEADER),
    "half a temporary file": _tampered("train/.jobsetgen-0123456789abcdef-1.tmp", HEADER[:9]),
    "an empty temporary file": _tampered(".jobsetgen-0123456789abcdef-2.tmp", ""),
    "somebody's file with a temporary's name": _tampered(".jobsetgen-0123456789abcdef-3.tmp", "mine\n"),
    "the header alone": _tampered("train/job.train-workers-0.yaml", HEADER.rstrip("\n")),
    "half the header": _tampered("train/job.train-workers-0.yaml", HEADER[:20]),
    "the header of Windows": _tampered("train/job.train-workers-0.yaml", HEADER.replace("\n", "\r\n")),
    "the header after a mark": _tampered("train/job.train-workers-0.yaml", "\ufeff" + HEADER),
    "a manifest with escapes": _tampered("train/job.train-workers-0.yaml", HEADER + "a: \x1b[2J\x1b]0;x\x07\n"),
    "a manifest with commands of CI": _tampered("train/job.train-workers-0.yaml", HEADER + "::add-mask::a\n"),
    "a manifest of another language": _tampered("train/job.train-workers-0.yaml", HEADER.encode() + bytes(range(256))),
    "a manifest of 9 MB": _tampered("train/job.train-workers-0.yaml", _of_a_size(9_000_000)),
    "a manifest of 30 MB": _tampered("train/job.train-workers-0.yaml", _of_a_size(30_000_000)),
    "a folder named like a manifest": _tampered("train/job.other.yaml/inside.yaml", HEADER),
    "an output in the output": _tampered("train/kustomization.yaml", HEADER),
    "an output of a later release": _tampered(
        "train/job.train-workers-0.yaml", HEADER.replace("Change", "Never change")
    ),
}
