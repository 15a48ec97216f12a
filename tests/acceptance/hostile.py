"""Repositories that nobody has reviewed: what each has, and what has to be said of it. None may yield any output."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

SET = """
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train}
spec:
  replicatedJobs:
  - name: workers
    replicas: %s
    template: {spec: {template: {spec: {containers: [{name: main, image: "registry.example.com/train:1"}]}}}}
"""
GOOD = SET % 1
PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
SECRET = "the secret of another tenant"


class Hostile(NamedTuple):
    """One repository: `write` fills an application's folder, beside which `secret.yaml` lies; `said` is the reason."""

    name: str
    write: Callable[[Path], None]
    said: str
    or_said: str = ""  # on a machine that is faster
    seconds: int = 15  # that it may take

    def is_said(self, text: str) -> bool:
        """Whether a text has the reason."""
        return self.said in text or bool(self.or_said and self.or_said in text)


def _files(**texts: str | bytes) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        for name, text in texts.items():
            (folder / f"{name}.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())

    return write


def _links(**targets: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "set.yaml").write_text(GOOD)
        for name, target in targets.items():
            (folder / f"{name}.yaml").unlink(missing_ok=True)
            (folder / f"{name}.yaml").symlink_to(target)

    return write


def _linked_folder(folder: Path) -> None:
    (folder / "jobsetgen.yaml").write_text(f"{PROJECT}resources: [inside]\n")
    (folder / "inside").symlink_to("/etc")


def _many_files(folder: Path) -> None:
    for number in range(300):
        (folder / f"set-{number}.yaml").write_text("a: &a [x, x]\n" + "b: [*a]\n" * 500)


def _bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join(lines)


HOSTILE = (
    Hostile("a link to another tenant's file", _links(set="../secret.yaml"), "is outside the root"),
    Hostile("a link to a file of the machine", _links(more="/etc/passwd"), "is outside the root"),
    Hostile("a link to its environment", _links(more="/proc/self/environ"), "is outside the root"),
    Hostile("a project that is a link", _links(jobsetgen="../secret.yaml"), "is outside the root"),
    Hostile("a link to a device without an end", _links(set="/dev/zero"), "is outside the root"),
    Hostile("a folder that is a link", _linked_folder, "is outside the root"),
    Hostile("links in a circle", _links(set="set.yaml"), "not a regular file"),
    Hostile("a resource above", _files(jobsetgen=f"{PROJECT}resources: [../secret.yaml]"), "is outside the root"),
    Hostile("a resource of the machine", _files(jobsetgen=f"{PROJECT}resources: [/etc/hosts]"), "is outside the"),
    Hostile("a resource without an end", _files(jobsetgen=f"{PROJECT}resources: [/dev/zero]"), "is outside the"),
    Hostile("aliases that multiply", _files(set=GOOD + "---\n" + _bomb()), "JSG006"),
    Hostile("an anchor in itself", _files(set=GOOD + "---\na: &a [*a]"), "JSG005"),
    Hostile("100,000 levels", _files(set="[" * 100_000), "JSG006"),
    Hostile("a file of 11 MB", _files(set=GOOD + "#" * 11_000_000), "JSG006"),
    Hostile("a megabyte of another language", _files(set=bytes(range(256)) * 4000), "JSG001"),
    Hostile("a terminal's commands", _files(set=GOOD.replace("train", '"\\e[2J\\e[31m"', 1)), "error[JSG"),
    Hostile("objects of Python", _files(set='!!python/object/apply:os.system ["touch /tmp/hostile"]'), "JSG004"),
    Hostile("more Jobs than there are numbers", _files(set=SET % 2**31), "JSG"),
    Hostile("more Jobs than are made", _files(set=SET % 60_000), "JSG"),
    Hostile(
        "a project that asks for a million",
        _files(jobsetgen=f"{PROJECT}maxJobs: 2000000\n", set=SET % 1_000_000),
        "JSG406",
    ),
    Hostile("a name of a megabyte", _files(set=GOOD.replace("train", "x" * 1_000_000, 1)), "JSG"),
    Hostile(
        "a pattern of very many steps",
        _files(
            set=GOOD.replace(
                "spec:\n",
                "spec:\n  failurePolicy: {rules: [{name: a, action: FailJobSet, onJobFailureMessagePatterns: ['[a-z]{999}[a-z]{999}[a-z]{999}[a-z]{999}[a-z]{999}$']}]}\n",
                1,
            )
        ),
        "JSG226",
    ),
    Hostile("a project that lets nothing pass", _files(jobsetgen=f"{PROJECT}allowEmpty: true\n"), "no object"),
    Hostile("comments alone", _files(set="# kind: JobSet\n" * 10), "no object"),
    Hostile(
        "40,000 documents", _files(set=GOOD + "---\na: b\n" * 40_000), "the limit of --timeout", "JSG110", seconds=2
    ),
    Hostile("300 files", _many_files, "the limit of --timeout", "JSG110", seconds=2),
    Hostile("two sets of one name", _files(set=GOOD, other=GOOD), "JSG"),
    Hostile("a project of another kind", _files(jobsetgen="apiVersion: v1\nkind: Secret\n", set=GOOD), "JSG701"),
)
