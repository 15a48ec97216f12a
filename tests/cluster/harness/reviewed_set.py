"""A set that a tool applies, and whose changes `jobsetgen diff` judges as they are pushed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jobsetgen.diff.changes import Comparison
from jobsetgen.diff.comparison import compare
from jobsetgen.diff.compiled import compiled_side
from jobsetgen.diff.folding import rendered_side
from jobsetgen.diff.sides import Side
from tests.cluster.harness.gitops_set import GitOpsSet
from tests.cluster.harness.gitops_stories import StoryContext
from tests.cluster.harness.gitops_tool import Applied
from tests.cluster.harness.processes import until
from tests.cluster.oracles.cluster_changes import Changes, Objects, objects_of, tools_words

SETTLING = 20.0  # seconds in which a tool comes to an end with what it does
Edit = Callable[[str, str], str]
"""What takes the name and the text of a rendered file, and returns the text as somebody edited it."""


@dataclass(kw_only=True)
class Seen:
    """A change that was pushed: what the diff said, and in words what was seen in the cluster then."""

    consequence: str
    change: str
    tool: str
    held: bool = False
    words: str = ""


@dataclass(kw_only=True)
class Push:
    """A change on its way: the objects before it, which the story holds against those after it."""

    it: GitOpsSet
    before: Objects
    counters: tuple[int, int]
    extra: list[str] = field(default_factory=list)

    @property
    def changes(self) -> Changes:
        """What has become of the objects until now."""
        return Changes(self.before, objects_of(self.it.client))

    def fates(self, role: str) -> set[str]:
        """Return what became of the objects of a role."""
        return set(self.changes.fates(role).values())

    def note(self, words: str) -> None:
        """Add what a story has seen beside the objects."""
        self.extra.append(words)

    def words(self) -> str:
        """Return what is seen now."""
        counters = self.it.counters()
        restarts = [f"restarts {self.counters[0]} → {counters[0]}"] if counters != self.counters else []
        told = tools_words(_settled(self.it))
        return ", ".join([*self.changes.words(), *restarts, *self.extra, told])


@dataclass(kw_only=True)
class ReviewedSet:
    """The set, and where its changes are written down."""

    it: GitOpsSet
    change: str
    tool: str
    seen: list[Seen]

    @contextmanager
    def push(self, consequence: str, *changes: tuple[str, str], beside: str = "", **settings: Any) -> Iterator[Push]:
        """Push a change whose verdict the diff must foresee, and write down what the block has seen.

        `beside` is a further consequence of it, which the block shows as well.
        """
        old = self._compiled()
        with self._watched(consequence, beside) as push:
            self.it.change(*changes, **settings)
            _assert_foreseen(compare(old, self._compiled()), consequence, beside)
            yield push

    @contextmanager
    def push_edited(self, consequence: str, edit: Edit) -> Iterator[Push]:
        """Push an edit of the rendered files, likewise."""
        folder = self.it.repository.folder
        old = _rendered(folder)
        with self._watched(consequence, "") as push:
            for path in folder.rglob("*.yaml"):
                path.write_text(edit(path.name, path.read_text()))
            _assert_foreseen(compare(old, _rendered(folder)), consequence, "")
            self.it.repository.commit("an edit by hand")
            self.it.tool.refresh(self.it.id, self.it.repository)
            yield push

    @contextmanager
    def _watched(self, consequence: str, beside: str) -> Iterator[Push]:
        noted = [Seen(consequence=each, change=self.change, tool=self.tool) for each in (consequence, beside) if each]
        self.seen += noted
        push = Push(it=self.it, before=objects_of(self.it.client), counters=self.it.counters())
        yield push
        for each in noted:
            each.words = push.words()
            each.held = True

    def _compiled(self) -> Side:
        return compiled_side(self.it.compilation, "specs", "set.yaml")


def _settled(it: GitOpsSet) -> Applied:
    """Return what the tool says when it has looked: Flux says nothing of either while it reconciles."""
    end = time.monotonic() + SETTLING
    applied = it.applied
    while not applied.is_synced and not applied.error and time.monotonic() < end:
        time.sleep(0.2)
        applied = it.applied
    return applied


def _rendered(folder: Path) -> Side:
    paths = sorted(path for path in folder.rglob("*.yaml") if path.name != "kustomization.yaml")
    return rendered_side([(path.name, path.read_text()) for path in paths], "rendered")


def _assert_foreseen(comparison: Comparison, consequence: str, beside: str) -> None:
    changes = [*comparison.pass_through, *(change for each in comparison.sets for change in each.changes)]
    found = comparison.verdict, {change.consequence for change in changes}
    verdict, all_of_them = found
    assert verdict == consequence, found
    assert beside in {"", *all_of_them}, found


@contextmanager
def delivered(
    context: StoryContext, change: str, seen: list[Seen], *changes: tuple[str, str], **settings: Any
) -> Iterator[ReviewedSet]:
    """Let a tool apply a set that is compiled for it, and wait until it runs and the watcher knows it."""
    profile = "flux" if context.tool.name == "Flux" else "argocd"
    with context.deliver_set(*changes, gitops=profile, **settings) as (it, _):
        until(lambda: bool(it.state), what="the watcher's state")
        yield ReviewedSet(it=it, change=change, tool=profile, seen=seen)
