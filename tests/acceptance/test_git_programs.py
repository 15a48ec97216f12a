"""Git runs no program that a repository's own configuration names."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobsetgen.git import Repository, without_filters
from jobsetgen.stop import StopError
from tests.acceptance.processes import run
from tests.acceptance.test_once_failed import PROJECT, SET
from tests.repositories import Clone, isolated


@pytest.fixture
def clone(tmp_path: Path):
    with isolated(tmp_path):
        made = Clone(tmp_path / "clone")
        made.commit({"set.yaml": SET, "jobsetgen.yaml": PROJECT, ".gitattributes": "* filter=mine\n", "a.txt": "a\n"})
        yield made


@pytest.mark.parametrize(
    "key",
    [
        "core.fsmonitor",
        "filter.mine.clean",
        "filter.mine.process",
        "filter.a=b.clean",
        "filter.lfs.clean",
        "core.hooksPath",
    ],
)
@pytest.mark.parametrize(
    "words", [["build", "--each", "--fail-on-change", "."], ["diff", "git:HEAD", "."]], ids=lambda words: words[0]
)
def test_no_program_of_the_configuration_runs(clone, tmp_path, key, words):
    assert run("build", "--each", ".", folder=clone.folder).returncode == 0
    name = key.removeprefix("filter.").rpartition(".")[0] if key.startswith("filter.") else "mine"
    clone.commit({".gitattributes": f"* filter={name}\n"})
    shows = tmp_path / "ran"
    program = tmp_path / "hooks" / "post-index-change"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ntouch {shows}\ncat\n")
    program.chmod(0o755)
    clone.git("config", key, _value(clone, key, program))
    # Of the same size, and newer than the index: git looks into it.
    for path in (clone.folder / "a.txt", clone.folder / "rendered" / "kustomization.yaml"):
        path.write_bytes(path.read_bytes())
    run(*words, folder=clone.folder)
    assert not shows.exists()


def _value(clone: Clone, key: str, program: Path) -> str:
    """Return the value of a setting that runs a program."""
    if key == "filter.lfs.clean":
        # Git takes the alias where Git LFS is not installed.
        clone.git("config", "alias.lfs", f"!{program}")
        return "git lfs clean -- %f"
    return str(program.parent if key == "core.hooksPath" else program)


def test_filters_of_the_user_and_of_git_lfs_stay(clone, tmp_path, monkeypatch):
    own = tmp_path / "gitconfig"
    own.write_text('[filter "users"]\n\tclean = users\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(own))
    clone.git("config", "filter.lfs.clean", "git-lfs clean -- %f")
    clone.git("config", "filter.mine.clean", "mine")
    words = without_filters(Repository(clone.folder))
    assert words == off("mine")
    for key in ("lfs.extension.mine.clean", "alias.lfs", "lfs.storage"):
        clone.git("config", key, "mine")
        assert without_filters(Repository(clone.folder)) == off("lfs") + off("mine"), key
        clone.git("config", "--unset", key)


def off(name: str) -> list[str]:
    """Return the words that set a filter to nothing."""
    return [f"--config-env=filter.{name}.clean=JOBSETGEN_EMPTY", f"--config-env=filter.{name}.required=JOBSETGEN_FALSE"]


def test_a_git_that_cannot_list_filters_runs_none(clone, tmp_path, monkeypatch):
    old = tmp_path / "bin" / "git"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'error: unknown option `show-scope' >&2\nexit 129\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(old.parent), prepend=":")
    with pytest.raises(StopError, match=r"git cannot list the filters of \S+: error: unknown option"):
        without_filters(Repository(clone.folder))


@pytest.mark.parametrize(
    "settings",
    [
        {"remote.origin.url": "ext::{}", "protocol.ext.allow": "always"},
        {"remote.origin.url": "thief@example.com:a", "core.sshCommand": "{}"},
        {"remote.origin.url": "/nowhere", "remote.origin.uploadpack": "{}"},
    ],
    ids=["ext", "ssh", "uploadpack"],
)
def test_what_a_partial_clone_lacks_is_not_fetched(clone, tmp_path, settings):
    shows = tmp_path / "ran"
    program = tmp_path / "fetch"
    program.write_text(f"#!/bin/sh\ntouch {shows}\n")
    program.chmod(0o755)
    partial = {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
    }
    for key, value in {**partial, **settings}.items():
        clone.git("config", key, value.format(program))
    lacked = clone.git("rev-parse", "HEAD:set.yaml")
    (clone.folder / ".git" / "objects" / lacked[:2] / lacked[2:]).unlink()
    done = run("diff", "git:HEAD", ".", folder=clone.folder)
    assert not shows.exists()
    assert done.returncode == 3
    assert b"; this clone is partial, and git may not fetch the rest now: clone without --filter\n" in done.stderr
