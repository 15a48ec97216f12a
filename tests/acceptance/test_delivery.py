"""A pull request that changes what Argo CD or Flux is told to apply: the real program names it and promises nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.acceptance.processes import run
from tests.acceptance.projects import CONFIG, HEAD, TRAIN
from tests.acceptance.test_hostile_words import COMMAND, ESCAPES, is_harmless
from tests.cases import ROOT
from tests.repositories import Clone, isolated
from tests.unit.diff.markdown import leaks

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not on the PATH")

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: train
  namespace: argocd
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: research}
  source:
    repoURL: https://git.example.com/training
    targetRevision: main
    path: one
    plugin:
      name: jobsetgen
      parameters:
      - {name: replicas, map: {workers: "2"}}
"""
FLUX = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: training, namespace: flux-system}
spec: {url: https://git.example.com/training, interval: 1m, ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: train, namespace: flux-system}
spec: {path: ./rendered/one, prune: true, interval: 1m, sourceRef: {kind: GitRepository, name: training}}
"""
SAME = """\
No change to 3 sets.
Restarts when applied: none.
Data deleted: none.
Safe to approve: the objects of these sets stay as they are.
"""
ARGO_SENTENCE = (
    "Not compared: Application argocd/train in apps/train.yaml changed. It decides what Argo CD applies: its parameters,"
    " destination and path can change, recreate or delete sets."
)
FLUX_SENTENCE = (
    "Not compared: Kustomization flux-system/train in clusters/train.yaml changed. It decides what Flux applies: its"
    " source, path and patches can change, recreate or delete sets."
)
CHANGES = {
    "parameters": ("apps/train.yaml", 'workers: "2"', 'workers: "4"', ARGO_SENTENCE),
    "destination": ("apps/train.yaml", "namespace: research}", "namespace: other}", ARGO_SENTENCE),
    "path of Argo CD": ("apps/train.yaml", "path: one", "path: two", ARGO_SENTENCE),
    "path of Flux": ("clusters/train.yaml", "rendered/one", "rendered/two", FLUX_SENTENCE),
    "revision": (
        "clusters/train.yaml",
        "branch: main",
        "tag: v2",
        "Not compared: GitRepository flux-system/training in clusters/train.yaml changed. It decides what Flux applies:"
        " its address and revision can change, recreate or delete sets.",
    ),
}


@pytest.fixture(autouse=True)
def _environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with isolated(tmp_path_factory.mktemp("home")) as patch:
        patch.setenv("COLUMNS", "1000")
        yield


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """Three projects, and an Application and a Kustomization that apply one of them, on main; a topic is checked out."""
    found = Clone(tmp_path / "clone")
    for name in ("one", "two", "three"):
        found.write({f"{name}/jobsetgen.yaml": HEAD, f"{name}/train.yaml": TRAIN})
    found.commit({"apps/train.yaml": APPLICATION, "clusters/train.yaml": FLUX})
    found.git("switch", "--quiet", "--create", "topic")
    return found


def edit(clone: Clone, name: str, old: str, new: str) -> None:
    text = (clone.folder / name).read_text()
    assert old in text
    clone.write({name: text.replace(old, new)})


def diff(clone: Clone, *words: str, status: int = 0) -> str:
    """Return what the program prints of the topic."""
    done = run("diff", "--base", "main", "--each", *words, folder=clone.folder)
    assert done.returncode == status, done.stderr
    return done.stdout.decode()


# In the work tree and, every second one, in a commit.
@pytest.mark.parametrize(
    ("name", "is_committed"), [(name, bool(index % 2)) for index, name in enumerate(CHANGES)], ids=list(CHANGES)
)
def test_a_change_of_what_is_applied_is_named_in_every_format(clone, name, is_committed):
    file, old, new, sentence = CHANGES[name]
    edit(clone, file, old, new)
    words = []
    if is_committed:
        clone.commit()
        words = ["--head", "topic"]
    assert diff(clone, *words) == f"{sentence}\nBy the manifests alone: No change to 3 sets.\n"

    comment = diff(clone, *words, "-f", "markdown")
    command = " ".join(["jobsetgen diff --base main --each", *words, "-f markdown"])
    assert comment.replace("`", "") == (
        f"<!-- jobsetgen diff -->\n**{sentence}**\n\n**By the manifests alone: No change to 3 sets.**\n\n"
        f"Reproduce with: {command}\n"
    )
    assert leaks(comment) == []

    document = json.loads(diff(clone, *words, "-f", "json"))
    schema = json.loads((ROOT / "schemas" / "diff-v1.json").read_text())
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []
    assert document["verdict"] == "unknown"
    assert [each["verdict"] for each in document["comparisons"]] == ["none"] * 3
    (found,) = document["notCompared"]
    assert (found["file"], found["op"], found["sentence"]) == (file, "replace", sentence)


@pytest.mark.parametrize(
    ("words", "status"),
    [((), 0), (("--exit-code",), 4), (("--fail-on", "unknown"), 4), (("--fail-on", "deletes-data,none"), 0)],
)
def test_what_is_not_compared_is_an_unknown_consequence(clone, words, status):
    edit(clone, *CHANGES["parameters"][:3])
    diff(clone, *words, status=status)


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_without_such_an_object_nothing_is_said(clone, form):
    before = diff(clone, "-f", form)
    edit(clone, "apps/train.yaml", "spec:\n", "# As agreed.\nspec:\n")
    clone.commit({"config.yaml": CONFIG.format("settings"), "apps/kustomization.yaml": "resources: [train.yaml]\n"})
    assert diff(clone, "-f", form) == before
    assert "ot compared" not in before
    assert "notCompared" not in before
    if form == "text":
        assert before == SAME
    if form == "json":
        assert json.loads(before)["verdict"] == "none"
    diff(clone, "-f", form, "--exit-code", status=0)


def test_what_was_compared_is_still_shown(clone):
    edit(clone, *CHANGES["path of Flux"][:3])
    edit(clone, "one/train.yaml", "train:1", "train:2")
    text = diff(clone)
    assert text.startswith(f"{FLUX_SENTENCE}\nBy the manifests alone: Recreates 1 of 3 sets (")
    assert "Restarts when applied: " in text
    assert "train:1 → registry.example.com/train:2" in text
    assert "Data deleted" not in text
    assert "pprove" not in text


def test_one_that_passes_through_is_named_once_and_compared(clone):
    clone.commit({"one/app.yaml": APPLICATION})
    clone.git("branch", "--force", "main")
    edit(clone, "one/app.yaml", "path: one", "path: two")
    text = diff(clone)
    assert text.startswith("Not compared: Application argocd/train in one/app.yaml changed. It decides what Argo CD")
    assert text.count("one/app.yaml") == 1
    assert "By the manifests alone: Changes no set, only objects that jobsetgen passes through." in text
    assert "- one\n    + two\n" in text


def test_the_operands_may_be_revisions_and_paths(clone):
    base = clone.git("rev-parse", "HEAD")
    edit(clone, *CHANGES["parameters"][:3])
    for words in (("one",), (f"git:{base}:one", "one"), ("one", f"git:{base}:one"), ("one/train.yaml",)):
        done = run("diff", *words, folder=clone.folder)
        assert done.stdout.decode().startswith(f"{ARGO_SENTENCE}\n"), words
    clone.commit()
    done = run("diff", f"git:{base}:one", "git:HEAD:two", folder=clone.folder)
    assert done.stdout.decode().startswith(f"{ARGO_SENTENCE}\n")


@pytest.mark.parametrize("words", [("one", "two"), ("one", "-"), ("git:HEAD:one", "-"), ("git:HEAD:one", "../plain")])
def test_states_of_no_one_repository_are_compared_alone(clone, words):
    edit(clone, *CHANGES["parameters"][:3])
    shutil.copytree(clone.folder / "one", clone.folder.parent / "plain")
    done = run("diff", *words, folder=clone.folder, stdin=TRAIN.encode())
    assert done.returncode == 0, done.stderr
    assert b"Not compared" not in done.stdout


def test_in_a_new_repository_there_is_nothing_to_differ_from(tmp_path):
    clone = Clone(tmp_path / "new")
    clone.write({"train.yaml": TRAIN, "app.yaml": APPLICATION})
    done = run("diff", "train.yaml", folder=clone.folder)
    assert done.returncode == 0
    assert done.stdout.startswith(b"Creates 1 set ")


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_names_and_files_reach_no_terminal_and_no_comment_as_commands(clone, form):
    name = json.dumps(f"x\n{COMMAND}{ESCAPES} @acme/admins <img src=x> [a](http://evil.example)")
    file = f"{ESCAPES}\n{COMMAND} @acme `#1`.yaml".replace("/", "")
    text = APPLICATION.replace("name: train\n", f"name: {name}\n").replace("namespace: argocd", f"namespace: {name}")
    clone.write({file: text})
    printed = diff(clone, "-f", form, "--color", "never")
    assert "evil.example" in printed
    assert is_harmless(printed.encode())
    if form == "markdown":
        assert leaks(printed) == []
