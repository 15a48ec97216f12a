"""Git runs no program that a repository's own configuration names."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobsetgen.git import Repository, without_filters
from tests.acceptance.processes import run
from tests.acceptance.test_once_failed import PROJECT, SET
from tests.repositories import Clone, isolated


@pytest.fixture
def clone(tmp_path: Path):
    with isolated(tmp_path):
        made = Clone(tmp_path / "clone")
        made.commit({"set.yaml": SET, "jobsetgen.yaml": PROJECT, ".gitattributes": "* filter=mine\n", "a.txt": "a\n"})
        yield made


@pytest.mark.parametrize("key", ["core.fsmonitor", "filter.mine.clean", "filter.mine.process", "core.hooksPath"])
@pytest.mark.parametrize(
    "words", [["build", "--each", "--fail-on-change", "."], ["diff", "git:HEAD", "."]], ids=lambda words: words[0]
)
def test_no_program_of_the_configuration_runs(clone, tmp_path, key, words):
    assert run("build", "--each", ".", folder=clone.folder).returncode == 0
    clone.commit()
    shows = tmp_path / "ran"
    program = tmp_path / "hooks" / "post-index-change"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ntouch {shows}\ncat\n")
    program.chmod(0o755)
    clone.git("config", key, str(program.parent if key == "core.hooksPath" else program))
    # Of the same size, and newer than the index: git looks into it.
    for path in (clone.folder / "a.txt", clone.folder / "rendered" / "kustomization.yaml"):
        path.write_bytes(path.read_bytes())
    run(*words, folder=clone.folder)
    assert not shows.exists()


def test_filters_of_the_user_and_of_git_lfs_stay(clone, tmp_path, monkeypatch):
    own = tmp_path / "gitconfig"
    own.write_text('[filter "users"]\n\tclean = users\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(own))
    clone.git("config", "filter.lfs.clean", "git-lfs clean -- %f")
    clone.git("config", "filter.mine.clean", "mine")
    words = without_filters(Repository(clone.folder))
    assert words == ["-c", "filter.mine.clean=", "-c", "filter.mine.required=false"]
