"""What the operands of a comparison lead to, in real repositories: paths, revisions and projects of two commits."""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobsetgen.cli import contents
from jobsetgen.cli.sides import Operand, Pair, read_pairs
from jobsetgen.output.folder import write_folder
from jobsetgen.pipeline import compile, compile_inputs
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source
from jobsetgen.stop import StopError
from tests.acceptance.processes import IDENTITY, run_tool
from tests.acceptance.projects import CONFIG, HEAD, TRAIN
from tests.cases import ROOT
from tests.repositories import LFS_POINTER, Clone, commands_in, isolated, record_git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not on the PATH")
LATER = TRAIN.replace("train:1", "train:2")
PROJECT = {"deploy/jobsetgen.yaml": HEAD, "deploy/train.yaml": TRAIN}


@pytest.fixture(autouse=True)
def patch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pytest.MonkeyPatch]:
    with isolated(tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.fixture
def clone(tmp_path: Path, patch) -> Clone:
    """A repository, as the current folder."""
    found = Clone(tmp_path / "clone")
    patch.chdir(found.folder)
    return found


def read(*operands: str, **options) -> Pair:
    """Return the only comparison."""
    (pair,) = read_pairs(operands, **options)
    return pair


def refused(*operands: str, **options) -> tuple[str, str]:
    """Return why there is no comparison: the cause and the message."""
    with pytest.raises(StopError) as stop:
        list(read_pairs(operands, **options))
    return stop.value.cause, stop.value.message


def images(operand: Operand) -> set[str]:
    """Return the images of a side that compiles."""
    result = compile_inputs(operand.content.inputs)
    assert result.ok, result.diagnostics
    return set(re.findall(r"image: (registry.example.com/train\S*)", result.text()))


def problems(operand: Operand) -> list[str]:
    """Return why a side does not compile."""
    assert operand.content.kind != "rendered"
    result = compile_inputs(operand.content.inputs)
    return [each.message for each in result.diagnostics if each.is_error]


def kinds(pair: Pair) -> tuple[str, str]:
    return pair.old.content.kind, pair.new.content.kind


def render(text: str, folder: Path) -> str:
    """Write what a spec compiles to into a folder, and return it as one text."""
    result = compile([Source(name="train.yaml", content=text.encode())])
    write_folder(str(folder), result)
    return result.text()


class TestKinds:
    """What there is, told by content."""

    @pytest.fixture
    def every_kind(self, clone) -> Clone:
        stream = render(TRAIN, clone.folder / "rendered")
        clone.write(
            {
                **PROJECT,
                "specs/train.yaml": TRAIN,
                "specs/kustomization.yaml": "resources: [train.yaml]\n",
                "mixed.yaml": f"{stream}---\n{TRAIN}",
                "stream.yaml": stream,
                "plain/config.yaml": CONFIG.format("settings"),
                "list.yaml": "apiVersion: v1\nkind: List\nitems:\n- " + TRAIN.replace("\n", "\n  ").rstrip(" "),
                "empty/.keep": "",
                "broken.yaml": f"{stream}---\na: [\n",
            }
        )
        clone.commit()
        return clone

    @pytest.mark.parametrize(
        ("path", "kind"),
        [
            ("deploy", "project"),
            ("deploy/", "project"),
            ("./deploy/jobsetgen.yaml", "project"),
            ("deploy/train.yaml", "specs"),
            ("specs", "specs"),
            ("mixed.yaml", "specs"),
            ("plain", "specs"),
            ("list.yaml", "specs"),
            ("empty", "specs"),
            ("broken.yaml", "rendered"),
            ("stream.yaml", "rendered"),
            ("rendered", "rendered"),
            ("rendered/train", "rendered"),
            ("rendered/train/job.train-workers-1.yaml", "rendered"),
        ],
    )
    def test_the_content_tells_the_kind_in_a_commit_as_in_the_work_tree(self, every_kind, path, kind):
        pair = read(path)
        assert kinds(pair) == (kind, kind)
        assert pair.old.content.texts == pair.new.content.texts
        old, new = (each.content.inputs for each in (pair.old, pair.new))
        assert [each.data for each in old.documents] == [each.data for each in new.documents]
        assert [each.file for each in old.documents] == [each.file for each in new.documents]

    def test_rendered_texts_are_those_that_are_applied(self, clone):
        clone.write({"app/jobsetgen.yaml": f"{HEAD}jobs: watcher\nnamespace: research\n", "app/train.yaml": TRAIN})
        compiled = compile_inputs(read("app").new.content.inputs)
        write_folder("out", compiled)
        clone.write({"out/train/notes.yaml": CONFIG.format("notes")})
        texts = read("out").new.content.texts
        assert list(compiled.documents()) == [text.partition("\n")[2] for _, text in texts]
        assert {Path(name).parent for name, _ in texts} == {Path("out/train")}

    @pytest.mark.parametrize(
        "kind", ["JobSet", '"JobSet"', '"Job\\x53et"', "!!str JobSet", "&kind JobSet", "|-\n    JobSet"]
    )
    def test_a_set_is_seen_however_its_kind_is_written(self, clone, kind):
        job = render(TRAIN, clone.folder / "rendered")
        clone.write({"stream.yaml": f"{job}---\n{TRAIN.replace('kind: JobSet', f'kind: {kind}', 1)}"})
        assert read("stream.yaml").new.content.kind == "specs"

    def test_a_label_that_is_only_named_makes_no_object_a_rendered_one(self, clone):
        policy = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: train}\nspec:\n"
        policy += "  podSelector: {matchLabels: {jobset.sigs.k8s.io/jobset-name: train}}\n"
        clone.write({"policy.yaml": policy})
        assert read("policy.yaml").new.content.kind == "specs"

    @pytest.mark.parametrize("path", ["rendered/train", "stream.yaml"])
    def test_of_many_rendered_jobs_few_are_parsed_to_tell_the_kind(self, clone, monkeypatch, path):
        text = render(TRAIN.replace("replicas: 2", "replicas: 100"), clone.folder / "rendered")
        clone.write({"stream.yaml": text})
        loaded = []
        monkeypatch.setattr(contents, "load", lambda *words: loaded.append(words) or load(*words))
        assert read(path).new.content.kind == "rendered"
        assert 0 < len(loaded) < 5

    def test_a_rendered_folder_is_read_with_the_line_endings_of_windows(self, every_kind):
        path = every_kind.folder / "rendered" / "kustomization.yaml"
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        assert kinds(read("rendered")) == ("rendered", "rendered")

    def test_a_rendered_file_that_is_gone_breaks_the_side(self, every_kind):
        (every_kind.folder / "rendered/train/job.train-workers-1.yaml").unlink()
        pair = read("rendered")
        assert kinds(pair) == ("rendered", "specs")
        assert problems(pair.new) == [
            "rendered/kustomization.yaml lists train/job.train-workers-1.yaml, which is not a file in the folder"
        ]

    def test_standard_input_is_one_side(self, every_kind, patch):
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LATER.encode())))
        pair = read("deploy/train.yaml", "-")
        assert (images(pair.old), images(pair.new)) == (
            {"registry.example.com/train:1"},
            {"registry.example.com/train:2"},
        )
        assert [pair.old.label, pair.new.label] == ["deploy/train.yaml", "stdin"]

    def test_standard_input_is_only_one_side(self, every_kind):
        assert refused("-", "-") == ("usage", "only one side can be standard input")
        message = "'-' is not a path, so there is no commit to compare it with"
        assert refused("-") == refused("-", base="HEAD") == ("usage", message)

    def test_a_path_that_is_one_of_two_operands_exists(self, every_kind):
        assert refused("gone.yaml", "deploy") == ("usage", "cannot read gone.yaml: No such file or directory")

    def test_there_are_at_most_two_operands(self, every_kind):
        message = "pass OLD and NEW, or --base REV with any number of paths"
        assert refused("deploy", "specs", "plain") == ("usage", message)

    @pytest.mark.parametrize("options", [{"head": "HEAD"}, {"each": True}])
    def test_options_of_a_base_need_one(self, every_kind, options):
        assert refused("deploy", **options) == ("usage", "--head and --each require --base")


class TestRevisions:
    """Operands of the form git:REV[:PATH]."""

    @pytest.fixture
    def states(self, clone) -> Clone:
        clone.commit(PROJECT)
        clone.git("tag", "v1")
        clone.commit({"deploy/train.yaml": LATER, "top.yaml": TRAIN})
        return clone

    @pytest.mark.parametrize(
        ("folder", "operand", "label"),
        [
            (".", "git:v1:deploy", "deploy at v1"),
            (".", "git:HEAD~1:./deploy/", "deploy at HEAD~1"),
            (".", "git:HEAD^{/state}~1:deploy/train.yaml", "deploy/train.yaml at HEAD^{/state}~1"),
            ("deploy", "git:v1:deploy", ". at v1"),
            ("deploy", "git:v1:./train.yaml", "train.yaml at v1"),
            ("deploy", "git:v1:../deploy/train.yaml", "train.yaml at v1"),
        ],
    )
    def test_a_path_is_from_the_top_unless_it_begins_with_a_dot(self, states, patch, folder, operand, label):
        patch.chdir(states.folder / folder)
        pair = read(operand, str(states.folder / "deploy"))
        assert images(pair.old) == {"registry.example.com/train:1"}
        assert images(pair.new) == {"registry.example.com/train:2"}
        assert (pair.old.label, pair.old.revision) == (label, states.git("rev-parse", "v1"))
        assert (pair.new.label, pair.new.revision) == (str(states.folder / "deploy"), "")

    @pytest.mark.parametrize("operand", ["git:HEAD", "git:HEAD:", "git:HEAD:./"])
    def test_without_a_path_it_is_the_top(self, states, operand):
        pair = read("git:v1", operand)
        assert [each.file for each in pair.new.content.inputs.documents] == ["top.yaml"]
        assert pair.old.content.inputs.documents == ()

    def test_one_alone_is_compared_with_the_same_path_at_head(self, states):
        pair = read("git:v1:deploy")
        assert (images(pair.old), images(pair.new)) == (
            {"registry.example.com/train:2"},
            {"registry.example.com/train:1"},
        )

    def test_it_is_exactly_this_revision_and_not_a_merge_base(self, states):
        states.git("switch", "--quiet", "--create", "topic", "v1")
        states.commit({"note": "text"})
        assert images(read("git:main:deploy", "deploy").old) == {"registry.example.com/train:2"}

    @pytest.mark.parametrize(
        ("operand", "cause", "message"),
        [
            ("git:", "usage", "'git:' is not of the form git:REV[:PATH]"),
            ("git::deploy", "usage", "'git::deploy' is not of the form git:REV[:PATH]"),
            ("git:HEAD^{/a:deploy", "usage", "'git:HEAD^{/a:deploy' is not of the form git:REV[:PATH]"),
            ("git:v1:/etc/passwd", "usage", "'git:v1:/etc/passwd' points outside the repository"),
            ("git:v1:../x", "usage", "'git:v1:../x' points outside the repository"),
            ("git:v1:gone", "usage", "gone does not exist at v1"),
            ("git:--all:deploy", "usage", "invalid revision '--all': it begins with a dash"),
            ("git:gone:deploy", "machine", "git cannot find the commit 'gone': fatal: Needed a single revision"),
        ],
    )
    def test_what_leads_nowhere_is_refused(self, states, operand, cause, message):
        assert refused(operand, "deploy") == (cause, message)

    def test_outside_a_repository_there_is_no_revision(self, states, tmp_path, patch):
        patch.chdir(tmp_path)
        message = ". is not in a git repository, so there is no commit to compare it with"
        assert refused("git:v1:deploy", "clone/deploy") == ("usage", message)


class TestHead:
    """One operand: the work tree against HEAD."""

    def test_what_is_not_committed_yet_is_new(self, clone):
        clone.commit(PROJECT)
        clone.write({"deploy/train.yaml": LATER})
        clone.git("add", "--all")
        pair = read("deploy")
        assert (images(pair.old), images(pair.new)) == (
            {"registry.example.com/train:1"},
            {"registry.example.com/train:2"},
        )
        assert [pair.old.label, pair.new.label] == ["deploy at HEAD", "deploy"]

    def test_the_default_is_the_current_folder(self, clone, patch):
        clone.commit(PROJECT)
        patch.chdir(clone.folder / "deploy")
        assert [images(read().old), read().new.label] == [{"registry.example.com/train:1"}, "."]

    def test_a_deleted_path_is_nothing_now(self, clone):
        clone.commit(PROJECT)
        shutil.rmtree("deploy")
        assert kinds(read("deploy")) == ("project", "nothing")
        assert kinds(read("deploy/train.yaml")) == ("specs", "nothing")

    def test_a_deleted_file_is_not_in_its_folder(self, clone):
        clone.commit({**PROJECT, "deploy/more.yaml": CONFIG.format("more")})
        (clone.folder / "deploy" / "more.yaml").unlink()
        pair = read("deploy")
        assert [len(each.content.inputs.documents) for each in (pair.old, pair.new)] == [2, 1]

    def test_an_untracked_path_was_nothing(self, clone):
        clone.commit({"note": "text"})
        clone.write(PROJECT)
        assert kinds(read("deploy")) == ("nothing", "project")

    def test_a_path_that_never_was_is_refused(self, clone):
        clone.commit()
        assert refused("gone/a.yaml") == ("usage", "gone/a.yaml does not exist on either side")

    def test_in_an_empty_repository_everything_is_new(self, clone):
        clone.write(PROJECT)
        pair = read("deploy")
        assert (kinds(pair), pair.old.label) == (("nothing", "project"), "deploy at HEAD")
        assert refused("gone") == ("usage", "cannot read gone: No such file or directory")

    def test_a_link_is_followed_in_the_work_tree_only(self, clone):
        clone.write({**PROJECT, "deploy/base/more.yaml": CONFIG.format("more")})
        (clone.folder / "deploy" / "more.yaml").symlink_to("base/more.yaml")
        clone.commit()
        pair = read("deploy")
        assert problems(pair.old) == ["deploy/more.yaml is a symbolic link; links are not followed in a commit"]
        assert len(pair.new.content.inputs.documents) == 2

    def test_a_folder_may_be_named_by_a_link_to_it(self, clone):
        clone.commit(PROJECT)
        clone.write({"deploy/train.yaml": LATER})
        (clone.folder.parent / "link").symlink_to("clone/deploy")
        pair = read("../link")
        assert (images(pair.old), images(pair.new)) == (
            {"registry.example.com/train:1"},
            {"registry.example.com/train:2"},
        )


class TestBase:
    """--base REV [--head REV] [PATH…]."""

    @pytest.fixture
    def parted(self, clone) -> Clone:
        """A topic with train:2, and a main that has moved on to train:3; the topic is checked out."""
        clone.commit({**PROJECT, "specs/a.yaml": TRAIN, "specs/b.yaml": CONFIG.format("settings")})
        clone.git("switch", "--quiet", "--create", "topic")
        clone.commit({"deploy/train.yaml": LATER})
        clone.git("switch", "--quiet", "main")
        clone.commit({"deploy/train.yaml": TRAIN.replace("train:1", "train:3")})
        clone.git("switch", "--quiet", "topic")
        return clone

    def test_the_left_side_is_the_merge_base_and_the_right_one_the_work_tree(self, parted):
        parted.write({"deploy/train.yaml": TRAIN.replace("train:1", "train:4")})
        pair = read("deploy", base="main")
        assert (images(pair.old), images(pair.new)) == (
            {"registry.example.com/train:1"},
            {"registry.example.com/train:4"},
        )
        assert [pair.old.label, pair.new.label] == ["deploy at the merge base with main", "deploy"]
        assert [pair.old.revision, pair.new.revision] == [parted.git("merge-base", "main", "topic"), ""]

    def test_a_head_is_read_from_its_commit(self, parted):
        parted.write({"deploy/train.yaml": "a: ["})
        pair = read("deploy", base="topic~1", head="topic")
        assert (images(pair.old), images(pair.new)) == (
            {"registry.example.com/train:1"},
            {"registry.example.com/train:2"},
        )
        assert [pair.old.label, pair.new.label] == ["deploy at topic~1", "deploy at topic"]
        assert pair.new.revision == parted.git("rev-parse", "topic")

    def test_the_merge_base_is_that_with_the_head(self, parted):
        pair = read("deploy", base="topic", head="main")
        assert (images(pair.old), images(pair.new)) == (
            {"registry.example.com/train:1"},
            {"registry.example.com/train:3"},
        )

    def test_files_have_the_same_names_in_diagnostics_on_both_sides(self, parted):
        pair = read("./deploy", base="main")
        names = [[each.file for each in side.content.inputs.documents] for side in (pair.old, pair.new)]
        assert names == [["deploy/train.yaml"]] * 2

    def test_several_paths_are_one_input(self, parted):
        parted.write({"specs/a.yaml": CONFIG.format("settings"), "specs/b.yaml": TRAIN})
        pair = read("specs/a.yaml", "specs/b.yaml", "deploy/jobsetgen.yaml", base="main")
        assert kinds(pair) == ("project", "project")
        assert [len(each.content.inputs.documents) for each in (pair.old, pair.new)] == [3, 3]
        assert pair.new.label == "specs/a.yaml, specs/b.yaml, deploy/jobsetgen.yaml"

    def test_of_several_paths_each_is_on_some_side(self, parted):
        assert refused("specs", "gone", base="main") == ("usage", "gone does not exist on either side")
        parted.write({"new.yaml": TRAIN})
        assert kinds(read("new.yaml", base="main")) == ("nothing", "specs")

    def test_two_projects_are_not_one_input(self, parted):
        parted.write({"second/jobsetgen.yaml": HEAD})
        message = "only one project can be compared at a time; pass --each to compare several"
        assert refused("deploy", "second", base="main") == ("usage", message)

    def test_specs_and_rendered_manifests_are_not_one_input(self, parted):
        render(TRAIN, parted.folder / "rendered")
        message = "specs and rendered manifests cannot be mixed; compare them in separate runs"
        assert refused("specs", "rendered", base="main") == ("usage", message)

    def test_a_broken_project_at_the_base_is_part_of_its_side(self, clone):
        clone.commit({**PROJECT, "deploy/jobsetgen.yaml": f"{HEAD}maxJobs: many\n"})
        clone.commit({"deploy/jobsetgen.yaml": HEAD})
        pair = read("deploy", base="HEAD~1")
        assert problems(pair.old) == ["maxJobs is a string, but must be an integer"]
        assert images(pair.new) == {"registry.example.com/train:1"}

    def test_a_pointer_of_lfs_breaks_its_side(self, parted):
        parted.commit({"deploy/train.yaml": LFS_POINTER})
        pair = read("deploy", base="HEAD~1", head="HEAD")
        message = "deploy/train.yaml is a Git LFS pointer; the commit does not contain its content"
        assert (problems(pair.old), problems(pair.new)) == ([], [message])

    def test_a_path_outside_any_repository_is_refused(self, parted, tmp_path):
        message = f"{tmp_path} is not in a git repository, so there is no commit to compare it with"
        assert refused(str(tmp_path), base="main") == ("usage", message)

    def test_paths_in_two_repositories_are_refused(self, parted, tmp_path):
        other = Clone(tmp_path / "other")
        message = f"deploy and {other.folder} are in different git repositories"
        assert refused("deploy", str(other.folder), base="main") == ("usage", message)

    def test_a_repository_is_that_of_the_path(self, parted, tmp_path, patch):
        patch.chdir(tmp_path)
        pair = read("clone/deploy", base="main")
        assert images(pair.old) == {"registry.example.com/train:1"}
        assert pair.new.content.inputs.documents[0].file == "clone/deploy/train.yaml"

    def test_a_bare_repository_needs_a_head(self, parted, tmp_path, patch):
        parted.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
        patch.chdir(tmp_path / "bare.git")
        assert refused("deploy", base="main") == ("usage", "a bare repository has no work tree; pass --head REV")
        pair = read("deploy", base="main", head="topic")
        assert (images(pair.old), images(pair.new)) == (
            {"registry.example.com/train:1"},
            {"registry.example.com/train:2"},
        )
        assert pair.new.label == "deploy at topic"

    def test_a_linked_worktree_has_a_head_of_its_own(self, parted, tmp_path, patch):
        parted.git("worktree", "add", "--quiet", str(tmp_path / "linked"), "main")
        patch.chdir(tmp_path / "linked")
        pair = read("deploy", base="topic")
        assert (images(pair.old), images(pair.new)) == (
            {"registry.example.com/train:1"},
            {"registry.example.com/train:3"},
        )

    def test_what_a_hook_says_of_another_repository_does_not_count(self, parted, tmp_path, patch):
        other = Clone(tmp_path / "other")
        other.commit({"deploy/train.yaml": "a: ["})
        patch.chdir(other.folder)
        own = other.folder / ".git"
        for name, value in {
            "GIT_DIR": own,
            "GIT_WORK_TREE": other.folder,
            "GIT_INDEX_FILE": own / "index",
            "GIT_OBJECT_DIRECTORY": own / "objects",
        }.items():
            patch.setenv(name, str(value))
        pair = read("../clone/deploy", base="main")
        assert (images(pair.old), images(pair.new)) == (
            {"registry.example.com/train:1"},
            {"registry.example.com/train:2"},
        )

    def test_a_hook_sees_what_is_pushed_before_it_is_accepted(self, parted, tmp_path):
        bare = tmp_path / "bare.git"
        parted.git("clone", "--quiet", "--bare", ".", str(bare))
        code = "from jobsetgen.cli.sides import read_pairs; import sys\n"
        code += "(pair,) = read_pairs(['deploy'], base='main', head=sys.argv[1])\n"
        code += "print(pair.old.content.kind, pair.new.content.kind, len(pair.new.content.inputs.documents))\n"
        (tmp_path / "hook.py").write_text(code)
        hook = bare / "hooks" / "pre-receive"
        hook.write_text(
            f'#!/bin/sh\nread old new ref\nPYTHONPATH="{ROOT}" "{sys.executable}" ../hook.py "$new" || exit 1\n'
        )
        hook.chmod(0o755)
        parted.commit({"deploy/more.yaml": CONFIG.format("more")})
        done = run_tool(["git", "push", str(bare), "topic"], parted.folder, **IDENTITY)
        assert done.returncode == 0, done.stderr
        assert "remote: project project 2" in done.stderr

    def test_a_folder_that_looks_like_a_repository_is_none_in_a_work_tree(self, parted):
        parted.commit(
            {
                "deploy/HEAD": "ref: refs/heads/main\n",
                "deploy/objects/keep": "",
                "deploy/refs/keep": "",
                "deploy/config": "[core]\n\trepositoryformatversion = 0\n\tbare = true\n",
            }
        )
        pair = read("deploy", base="main")
        assert (pair.old.revision, kinds(pair)) == (parted.git("merge-base", "main", "topic"), ("project", "project"))

    def test_a_git_that_is_missing_is_an_error_of_the_machine(self, parted, tmp_path, patch):
        patch.setenv("PATH", str(tmp_path))
        assert refused("deploy", base="main") == ("machine", "cannot run git: No such file or directory")

    def test_an_empty_repository_has_no_base(self, clone):
        clone.write(PROJECT)
        message = "git cannot find the commit 'HEAD': fatal: Needed a single revision"
        assert refused("deploy", base="HEAD") == ("machine", message)


class TestEach:
    """--base REV --each [PATH…]."""

    @pytest.fixture
    def team(self, clone) -> Clone:
        """A base with projects one, two and three; now one is changed, three is gone and four is new."""
        for name in ("one", "two", "three"):
            clone.write({f"{name}/jobsetgen.yaml": HEAD, f"{name}/train.yaml": TRAIN})
        clone.write({".hidden/five/jobsetgen.yaml": "a: [", "one/.six/jobsetgen.yaml": "a: ["})
        clone.commit()
        clone.git("tag", "base")
        clone.write({"one/train.yaml": LATER, "four/jobsetgen.yaml": HEAD, "four/train.yaml": TRAIN})
        clone.git("rm", "-r", "--quiet", "three")
        clone.commit()
        return clone

    @staticmethod
    def found(*paths: str, **options) -> list[tuple[str, str, str]]:
        """Return the label of each comparison with the kinds of its sides."""
        return [(pair.new.label, *kinds(pair)) for pair in read_pairs(paths, base="base", each=True, **options)]

    def test_the_projects_of_both_ends_are_paired_by_their_path(self, team):
        expected = [
            ("four", "nothing", "project"),
            ("one", "project", "project"),
            ("three", "project", "nothing"),
            ("two", "project", "project"),
        ]
        assert self.found() == expected
        assert self.found(head="HEAD") == [(f"{name} at HEAD", *kind) for name, *kind in expected]

    def test_each_side_is_read(self, team):
        pairs = {pair.new.label: pair for pair in read_pairs(["."], base="base", each=True)}
        assert (images(pairs["one"].old), images(pairs["one"].new)) == (
            {"registry.example.com/train:1"},
            {"registry.example.com/train:2"},
        )
        assert pairs["three"].old.label == "three at base"

    @pytest.mark.parametrize(
        ("paths", "expected"),
        [
            (["one"], ["one"]),
            (["one/train.yaml"], ["one"]),
            (["three"], ["three"]),
            (["three/train.yaml", "two"], ["three", "two"]),
            (["two", "two/jobsetgen.yaml"], ["two"]),
        ],
    )
    @pytest.mark.parametrize("head", [None, "HEAD"])
    def test_a_path_leads_to_the_projects_it_belongs_to(self, team, paths, expected, head):
        names = [name.removesuffix(" at HEAD") for name, *_ in self.found(*paths, head=head)]
        assert names == expected

    def test_names_are_from_the_current_folder(self, team, patch):
        patch.chdir(team.folder / "one")
        assert [name for name, *_ in self.found("..")] == ["../four", ".", "../three", "../two"]
        assert [name for name, *_ in self.found()] == ["."]

    def test_a_broken_project_is_part_of_its_side(self, team):
        team.commit({"two/jobsetgen.yaml": "a: ["})
        for head in (None, "HEAD"):
            pairs = list(read_pairs(["two"], base="base", head=head, each=True))
            assert (problems(pairs[0].old), len(problems(pairs[0].new))) == ([], 1)

    def test_a_project_file_that_is_gone_ends_the_project(self, team):
        team.commit(removed=["two/jobsetgen.yaml"])
        assert self.found("two") == [("two", "project", "nothing")]

    def test_a_repository_inside_is_left_alone(self, team):
        inner = Clone(team.folder / "vendor" / "inner")
        inner.write({"jobsetgen.yaml": HEAD})
        assert [name for name, *_ in self.found()] == ["four", "one", "three", "two"]

    def test_without_any_project_there_is_nothing_to_compare(self, team):
        team.commit({"docs/a.md": "text"})
        message = "neither side has a jobsetgen.yaml in, above or below these paths"
        assert refused("docs", base="base", each=True) == ("usage", message)

    def test_the_number_of_processes_does_not_grow_with_that_of_projects(self, clone, tmp_path, patch):
        files = {}
        for index in range(300):
            files |= {f"p{index}/jobsetgen.yaml": HEAD.encode(), f"p{index}/train.yaml": TRAIN.encode()}
        clone.commit_quickly(files)
        clone.git("tag", "base")
        log = record_git(tmp_path, patch)
        assert len(list(read_pairs(["."], base="base", head="main", each=True))) == 300
        commands = [words[0] for words in commands_in(log)]
        assert commands.count("cat-file") == 1
        assert commands.count("ls-tree") == 2
        assert len(commands) < 10

    def test_no_process_is_left_when_the_caller_stops_early(self, team):
        pairs = read_pairs(["."], base="base", each=True)
        next(pairs)
        pairs.close()
        children = Path(f"/proc/self/task/{os.getpid()}/children")
        if children.exists():
            assert children.read_text() == ""


class TestCommand:
    """The exit statuses of the installed command, and what it prints of git."""

    @pytest.fixture
    def changed(self, clone) -> Clone:
        clone.commit(PROJECT)
        clone.write({"deploy/train.yaml": LATER})
        return clone

    def test_a_difference_is_a_success(self, changed, cli):
        done = cli("diff", "deploy", folder=changed.folder)
        assert (done.status, done.err) == (0, "")
        assert "train:2" in done.out

    def test_an_old_side_that_does_not_compile_is_a_success(self, changed, cli):
        changed.commit({"deploy/train.yaml": LFS_POINTER})
        changed.write({"deploy/train.yaml": LATER})
        done = cli("diff", "deploy", folder=changed.folder)
        assert (done.status, done.err) == (0, "")
        assert done.out.startswith("Cannot be compared: deploy at HEAD does not compile.")
        assert "deploy/train.yaml is a Git LFS pointer" in done.out

    def test_a_new_side_that_does_not_compile_is_an_error(self, changed, cli):
        changed.commit({"deploy/train.yaml": LFS_POINTER})
        done = cli("diff", "--base", "HEAD~1", "--head", "HEAD", "deploy", folder=changed.folder)
        assert (done.status, done.out) == (1, "")
        assert done.err == (
            "deploy/train.yaml:1:1: error[JSG702]: deploy/train.yaml is a Git LFS pointer;"
            " the commit does not contain its content\n"
        )

    @pytest.mark.parametrize(
        ("words", "status", "message"),
        [
            (
                ["--base", "gone", "deploy"],
                3,
                "jobsetgen: git cannot find the commit 'gone': fatal: Needed a single rev",
            ),
            (["--base=--all", "deploy"], 2, "Error: invalid revision '--all': it begins with a dash"),
            (["--base", "HEAD:deploy"], 2, "Error: invalid revision 'HEAD:deploy': it has a path"),
            (["--base", "HEAD", "gone"], 2, "Error: gone does not exist on either side"),
            (["--each"], 2, "Error: --head and --each require --base"),
        ],
    )
    def test_what_git_or_the_user_has_wrong_has_its_own_status(self, changed, cli, words, status, message):
        done = cli("diff", *words, folder=changed.folder)
        assert (done.status, done.out) == (status, "")
        assert message in done.err

    def test_each_project_is_compared(self, changed, cli):
        changed.write(
            {"second/jobsetgen.yaml": HEAD, "second/train.yaml": TRAIN.replace("name: train\n", "name: two\n")}
        )
        done = cli("diff", "--base", "HEAD", "--each", "-f", "json", folder=changed.folder)
        assert (done.status, done.err) == (0, "")
        assert [word in done.out for word in ('"train"', '"two"')] == [True, True]

    def test_escape_codes_in_names_do_not_reach_the_terminal(self, changed, cli):
        changed.commit({"deploy/\x1b[31m.yaml": LFS_POINTER})
        done = cli("diff", "--base", "HEAD~1", "--head", "HEAD", "deploy", folder=changed.folder)
        assert (done.status, "\x1b" in done.err) == (1, False)
        assert "is a Git LFS pointer" in done.err
