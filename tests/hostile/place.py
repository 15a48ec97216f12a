"""The folders of a hostile repository and of what lies beside it, and the ways to put things there."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event

SECRET = "canary-of-another-tenant"
"""Is in every file beside the repository, and may be in no output."""

PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nnamespace: research\noutput: rendered\n"
SET = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train, namespace: research}
spec:
  failurePolicy: {maxRestarts: 3}
  replicatedJobs:
  - name: workers
    replicas: 2
    template:
      spec:
        backoffLimit: 0
        template: {spec: {containers: [{name: main, image: "registry.example.com/train:1"}]}}
"""
OBJECT = "apiVersion: v1\nkind: Secret\nmetadata: {name: outside, namespace: research}\nstringData: {password: %s}\n"

Meanwhile = Callable[[Event], None]
"""What goes on while a command runs, until the event is set."""


@dataclass(frozen=True)
class Place:
    """A folder with a repository in it, and with what belongs to others.

    `app` is the folder that is compiled, a project unless it is made `without_project`; `out` and
    `rendered` are the output folders of `build -o` and of the project. Each trick changes the repository,
    and nothing beside it. `meanwhile` is what it does later, and `projects` are those that it adds, which
    `build --each` writes as well.
    """

    top: Path
    random: Random
    meanwhile: list[Meanwhile] = field(default_factory=list)
    projects: list[Path] = field(default_factory=list)

    @property
    def repository(self) -> Path:
        """The top of the work tree."""
        return self.top / "repository"

    @property
    def app(self) -> Path:
        """The folder that is compiled."""
        return self.repository / "app"

    @property
    def moved(self) -> Path:
        """Where that folder is once a link has taken its place."""
        return self.repository / "moved"

    @property
    def out(self) -> Path:
        """The output folder of `build -o`."""
        return self.repository / "out"

    @property
    def rendered(self) -> Path:
        """The output folder of the project."""
        return self.app / "rendered"

    @property
    def outputs(self) -> list[Path]:
        """The only folders that a command may write."""
        return [self.out, self.rendered, self.repository / "second" / "rendered"]

    @property
    def outside(self) -> Path:
        """A folder of somebody else."""
        return self.top / "outside"

    @property
    def home(self) -> Path:
        """The home of the user."""
        return self.top / "home"

    @property
    def temporary(self) -> Path:
        """The folder for temporary files."""
        return self.top / "tmp"

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file of the repository."""
        path = self.repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def link(self, name: str, target: str | Path) -> Path:
        """Make a link in the repository, in the place of whatever is there."""
        path = self.repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(target)
        return path

    def configure(self, text: str) -> None:
        """Add options to the project file, in the place of those with the same name."""
        own = {line.partition(":")[0] for line in text.splitlines()}
        kept = [line for line in PROJECT.splitlines() if line.partition(":")[0] not in own]
        self.write("app/jobsetgen.yaml", "\n".join(kept) + "\n" + text)

    def without_project(self) -> None:
        """Let the folder be no project, but manifests alone."""
        (self.app / "jobsetgen.yaml").unlink(missing_ok=True)


Trick = Callable[[Place], None]


def files(**contents: str | bytes) -> Trick:
    """Return a trick that writes YAML files into the folder that is compiled."""

    def write(place: Place) -> None:
        for name, content in contents.items():
            place.write(f"app/{name}.yaml", content)

    return write


def fill(place: Place) -> None:
    """Make the folders, with a repository that compiles and with what belongs to others."""
    for folder in (place.app, place.outside, place.home / ".ssh", place.temporary):
        folder.mkdir(parents=True)
    place.write("app/jobset.yaml", SET)
    place.write("app/jobsetgen.yaml", PROJECT)
    _make_git(place.repository / ".git")
    _make_git(place.outside / ".git")
    secrets = {
        place.outside / "secret.yaml": OBJECT % SECRET,
        place.outside / "jobset.yaml": SET.replace("registry.example.com/train:1", f"{SECRET}:1"),
        place.outside / "jobsetgen.yaml": f"{PROJECT}{SECRET}: true\n",
        place.outside / "precious" / "job.train-workers-0.yaml": f"# Generated by somebody else.\n# {SECRET}\n",
        place.home / ".ssh" / "id_ed25519": f"{SECRET}\n",
        place.home / ".netrc": f"machine example.com login a password {SECRET}\n",
    }
    for path, text in secrets.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def _make_git(folder: Path) -> None:
    """Make what git takes for a repository without a commit."""
    for name in ("objects", "refs"):
        (folder / name).mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = false\n")


def remove(path: Path) -> None:
    """Remove a file, a link or an empty folder."""
    if path.is_dir() and not path.is_symlink():
        os.rmdir(path)
    else:
        path.unlink(missing_ok=True)
