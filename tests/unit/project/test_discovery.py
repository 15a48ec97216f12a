"""Which projects a file is a part of, on a disk and in a commit."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobsetgen.cli.ends import Commit
from jobsetgen.cli.locations import locate
from jobsetgen.git import Repository
from jobsetgen.project import discovery
from jobsetgen.project.dependencies import dependencies
from jobsetgen.project.discovery import governing, projects_of
from jobsetgen.project.files import Memory
from jobsetgen.project.git_objects import Objects
from tests.repositories import Clone, isolated

HEAD = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
TREE = {
    "base/jobsetgen.yaml": HEAD,
    "base/a.yaml": MAP,
    "base/notes.txt": "",
    "parts/b.yaml": MAP,
    "parts/deeper/c.yaml": MAP,
    "schemas/values.json": "{}",
    "lone/jobsetgen.yaml": f"{HEAD}output: out\n",
    "lone/a.yaml": MAP,
    "lone/out/a.yaml": MAP,
    "overlays/dev/jobsetgen.yaml": f"{HEAD}output: out\nresources: [../../base]\n",
    "overlays/prod/jobsetgen.yaml": (
        f"{HEAD}output: out\nresources: [../../base, ../../parts]\n"
        "patches: [{path: ../patch.yaml}]\nvaluesSchema: ../../schemas/values.json\n"
    ),
    "overlays/patch.yaml": MAP,
    "overlays/top/jobsetgen.yaml": f"{HEAD}output: out\nresources: [../prod]\n",
    "through/jobsetgen.yaml": f"{HEAD}output: out\nresources: [{{path: ../kustomize/prod, kustomize: true}}]\n",
    "kustomize/prod/kustomization.yaml": (
        "resources: [../common]\nconfigMapGenerator: [{name: a, files: [run=../scripts/train.sh]}]\n"
    ),
    "kustomize/scripts/train.sh": "",
    "kustomize/common/kustomization.yaml": "resources: [c.yaml]\n",
    "kustomize/common/c.yaml": MAP,
    "broken/jobsetgen.yaml": "kind: [",
    ".hidden/jobsetgen.yaml": f"{HEAD}resources: [../base]\n",
}
DEV, PROD, ABOVE_PROD = "overlays/dev", "overlays/prod", "overlays/top"
PARTS = [
    ("base/a.yaml", [DEV, PROD, ABOVE_PROD]),
    ("base/jobsetgen.yaml", [DEV, PROD, ABOVE_PROD]),
    # New, in a folder that is listed.
    ("base/new.yaml", [DEV, PROD, ABOVE_PROD]),
    ("base/new.yaml.j2", [DEV, PROD, ABOVE_PROD]),
    ("parts/new.yml", [PROD, ABOVE_PROD]),
    ("parts/deeper/c.yaml", []),
    ("overlays/patch.yaml", [PROD, ABOVE_PROD]),
    ("schemas/values.json", [PROD, ABOVE_PROD]),
    # An overlay with an output of its own is compiled by itself as well.
    ("overlays/prod/jobsetgen.yaml", [PROD, ABOVE_PROD]),
    ("overlays/dev/jobsetgen.yaml", [DEV]),
    ("lone/a.yaml", ["lone"]),
    # What the nearest project has rendered.
    ("lone/out/a.yaml", ["lone"]),
    ("lone/out/deeper/README.md", ["lone"]),
    ("lone/outside.txt", []),
    ("base/notes.txt", []),
    ("broken/notes.txt", ["broken"]),
    ("schemas/other.json", []),
    ("kustomize/prod/kustomization.yaml", ["through"]),
    ("kustomize/prod/new.env", ["through"]),
    ("kustomize/scripts/train.sh", ["through"]),
    ("kustomize/scripts/other.sh", []),
    ("kustomize/common/c.yaml", ["through"]),
    ("kustomize/common/kustomization.yaml", ["through"]),
    ("kustomize/common/unused.yaml", []),
]


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Iterator[Clone]:
    top = tmp_path_factory.mktemp("discovery")
    with isolated(top):
        found = Clone(top / "clone")
        found.commit(TREE)
        yield found


@pytest.fixture
def top(clone, monkeypatch) -> Path:
    monkeypatch.chdir(clone.folder)
    return clone.folder


@pytest.mark.parametrize(("path", "expected"), PARTS)
def test_a_file_is_a_part_of_these_projects_of_the_work_tree(top, path, expected):
    assert sorted(projects_of([path])) == sorted(expected)


@pytest.mark.parametrize(("path", "expected"), PARTS)
def test_it_is_a_part_of_the_same_projects_of_a_commit(clone, top, path, expected):
    repository = Repository(clone.folder)
    with Objects(repository) as objects:
        commit = Commit(objects, clone.git("rev-parse", "HEAD"), "HEAD")
        assert sorted(commit.projects([locate(path)])) == sorted(expected)


def test_a_base_without_an_output_is_compiled_with_its_overlays(top):
    assert sorted(projects_of(["."])) == sorted(["broken", "lone", "through", DEV, PROD, ABOVE_PROD])


def test_a_base_that_is_named_is_compiled_by_itself(top):
    assert projects_of(["base"]) == ["base"]


def test_a_file_that_nothing_renders_governs_what_compiles_it(top):
    assert sorted(governing("lone/a.yaml")) == ["lone"]
    assert governing("lone/out/a.yaml") == []
    assert governing("base") == []


def test_bases_that_lead_in_a_circle_end():
    tree = {f"{name}/jobsetgen.yaml": f"{HEAD}resources: [../{other}]\n".encode() for name, other in ("ab", "ba")}
    assert dependencies(Memory(tree), "a").bases == {"b"}


def test_many_files_of_one_base_are_looked_up_once(top, monkeypatch):
    for cached in (discovery._parts_of, discovery._all_projects, discovery._indexes):
        cached.cache_clear()
    count = itertools.count()
    read = discovery.dependencies
    monkeypatch.setattr(discovery, "dependencies", lambda *words: (next(count), read(*words))[1])
    projects_of([f"base/{index}.yaml" for index in range(100)])
    assert next(count) == len([name for name in TREE if name.endswith("jobsetgen.yaml")]) - 1
