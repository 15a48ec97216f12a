"""README.md and .gitattributes beside the manifests: what is in them, and where they are left out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jobsetgen.options.table import Settings
from jobsetgen.output.companions import companions
from jobsetgen.output.layout import GITATTRIBUTES, HEADER, README, README_HEADER
from jobsetgen.output.ownership import is_ours, survey, was_ours
from jobsetgen.output.tree import Tree
from jobsetgen.pipeline import compile
from jobsetgen.source.text import Source
from tests.unit.review.test_readme import CONFIG, SET

GENERATED = "linguist-generated=true gitlab-generated text eol=lf"


def compiled(*texts: str, name: str = "in.yaml", **settings):
    return compile([Source(name=name, content="---\n".join(texts).encode())], Settings(**settings))


def attributes(folder: Path, result) -> list[str]:
    return companions(str(folder), result).files[GITATTRIBUTES].splitlines(keepends=True)


def test_git_is_told_of_each_set_and_not_of_objects_that_a_person_wrote(tmp_path):
    assert attributes(tmp_path, compiled(SET.format(name="a"), CONFIG, SET.format(name="b"))) == [
        HEADER,
        "/.gitattributes text eol=lf\n",
        "/README.md text eol=lf\n",
        f"/kustomization.yaml {GENERATED}\n",
        f"/a/** {GENERATED}\n",
        f"/b/** {GENERATED}\n",
    ]


def test_sets_of_one_name_share_a_line(tmp_path):
    other = SET.format(name="a").replace("research", "other")
    assert sum("/a/**" in line for line in attributes(tmp_path, compiled(SET.format(name="a"), other))) == 1


def test_previews_are_shown_as_yaml(tmp_path):
    plain = attributes(tmp_path, compiled(SET.format(name="a")))
    watched = attributes(tmp_path, compiled(SET.format(name="a"), jobs="watcher"))
    assert watched == [*plain, "*.preview linguist-language=YAML\n"]


def test_a_readme_of_somebody_else_is_not_in_it(tmp_path):
    (tmp_path / README).write_text("# Ours\n")
    assert "/README.md text eol=lf\n" not in attributes(tmp_path, compiled(CONFIG))


@pytest.mark.parametrize(("name", "switch"), [(README, "readme"), (GITATTRIBUTES, "gitattributes")])
def test_each_can_be_left_out(tmp_path, name, switch):
    found = companions(str(tmp_path), compiled(CONFIG, **{switch: False}))
    assert found.files.keys() == {README, GITATTRIBUTES} - {name}
    assert found.notices == []


@pytest.mark.parametrize("name", [README, GITATTRIBUTES])
@pytest.mark.parametrize(
    "make", [lambda path: path.write_text("\n"), Path.mkdir, os.mkfifo, lambda p: p.symlink_to("x")]
)
def test_whatever_else_is_in_the_place_is_left_with_a_notice(tmp_path, name, make):
    make(tmp_path / name)
    found = companions(str(tmp_path), compiled(CONFIG))
    assert name not in found.files
    flag = {README: "--no-readme", GITATTRIBUTES: "--no-gitattributes"}[name]
    said = f"{tmp_path}/{name} was not written by jobsetgen and is left unchanged; to silence this, pass {flag}"
    assert found.notices == [said]


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.write_text("gitdir: elsewhere\n")])
def test_the_top_of_a_repository_keeps_its_own_attributes(tmp_path, make):
    make(tmp_path / ".git")
    found = companions(str(tmp_path), compiled(CONFIG))
    assert found.files.keys() == {README}
    (notice,) = found.notices
    assert f"is not written, because {tmp_path} is the root of a git repository" in notice
    assert companions(str(tmp_path / "below"), compiled(CONFIG)).notices == []


@pytest.mark.parametrize("name", ["in.yaml", "a/b/in.yaml"])
def test_so_does_a_folder_that_holds_an_input(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CONFIG)
    result = compiled(CONFIG, name=str(path))
    found = companions(str(tmp_path), result)
    assert found.files.keys() == {README}
    assert f"is not written, because {tmp_path} contains the input {path}" in found.notices[0]
    assert companions(str(tmp_path / "rendered"), result).notices == []
    # A stream that happens to be named like a file is none.
    assert companions(str(tmp_path), compiled(CONFIG, name=str(tmp_path / "stdin"))).notices == []


def test_the_first_line_says_whose_a_file_is(tmp_path):
    for name, line in ((README, README_HEADER), (GITATTRIBUTES, HEADER)):
        path = tmp_path / name
        path.write_text(f"{line}anything\n")
        assert is_ours(path)
        path.write_bytes(line.replace("\n", "\r\n").encode())
        assert is_ours(path)
        path.write_text(f"\n{line}")
        assert not is_ours(path)
    (tmp_path / README).write_text(HEADER)
    assert not is_ours(tmp_path / README)


def test_only_those_at_the_root_are_ours(tmp_path):
    for folder in (tmp_path, tmp_path / "below"):
        folder.mkdir(exist_ok=True)
        (folder / README).write_text(README_HEADER)
        (folder / GITATTRIBUTES).write_text(HEADER)
        (folder / "job.a.yaml").write_text(HEADER)
    with Tree(str(tmp_path)) as tree:
        assert survey(tree).stale == [GITATTRIBUTES, README, "below/job.a.yaml", "job.a.yaml"]


def test_a_file_that_is_gone_may_have_been_ours_where_we_write_one_of_its_name(tmp_path):
    roots = [str(tmp_path / "rendered"), str(tmp_path / "other")]
    gone = ("rendered/README.md", "other/.gitattributes", "rendered/a/job.a.yaml", "README.md", "rendered/a/README.md")
    assert [name for name in gone if was_ours(tmp_path / name, roots)] == list(gone[:3])
    (tmp_path / "rendered").mkdir()
    (tmp_path / "rendered" / README).write_text("# Somebody else's\n")
    assert not was_ours(tmp_path / "rendered" / README, roots)
