"""What `check` says of committed output that is out of date: the command that regenerates it, and what that does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jobsetgen.output.layout import HEADER
from tests.acceptance.processes import run_tool
from tests.cases import FIXTURES
from tests.conftest import Run

EXAMPLE = (FIXTURES / "valid" / "multislice" / "jobset.yaml").read_text()
PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nnamespace: training\noutput: rendered\n"
OUT_OF_DATE = "jobsetgen: the committed output is out of date; regenerate it with: "
EFFECT = "jobsetgen: effect of the regenerated output: "
SPEC = "my set's.yaml"
"""A name that a shell reads as another one, unless it is quoted."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the multislice example under a name that needs quotes."""
    (tmp_path / SPEC).write_text(EXAMPLE)
    return tmp_path


def edit(path: Path, old: str = "python:3.8", new: str = "python:3.9") -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def paste(command: str, folder: Path) -> None:
    """Run a command as a shell reads it."""
    done = run_tool(["bash", "-c", command], folder)
    assert done.returncode == 0, done.stderr


def lines(done: Run) -> list[str]:
    """Return what a failed check says on standard error."""
    assert done.status == 1
    return done.err.splitlines()


class TestTheCommand:
    @pytest.mark.parametrize(
        "words",
        [
            ("-n", "training", "-o", "the output's", SPEC),
            ("--namespace=training", "--output=the output's", "--no-readme", "--", SPEC),
            (
                "-othe output's",
                "-ntraining",
                "--watcher-annotation=a=b c",
                "--watcher-annotation",
                "d=$HOME",
                "--strict",
            ),
            ("-n", "training", "--against", "the output's.yaml", SPEC),
            ("-n", "training", "--against=-", "--run-id=a b", "--", SPEC),
            ("-n", "training", "--against", "a\nb\x1b[31m##[error]", SPEC),
        ],
    )
    def test_fixes_what_the_check_has_found(self, cli, words, folder):
        done = cli("check", *words, folder=folder)
        paste(lines(done)[0].removeprefix(OUT_OF_DATE), folder)
        done = cli("check", *words, folder=folder)
        assert done == (0, "", "")

    def test_fixes_all_projects_of_each_that_are_out_of_date(self, cli, folder):
        for name in ("team a's", "-b", "current"):
            (folder / name).mkdir()
            (folder / name / "jobsetgen.yaml").write_text(PROJECT)
            (folder / name / "jobset.yaml").write_text(EXAMPLE)
        words = ("--each", "--no-gitattributes", ".")
        assert cli("build", *words, folder=folder).status == 0
        for name in ("team a's", "-b"):
            edit(folder / name / "jobset.yaml")
        command = lines(cli("check", *words, folder=folder))[0].removeprefix(OUT_OF_DATE)
        assert "current" not in command
        paste(command, folder)
        assert cli("check", *words, folder=folder).status == 0

    def test_names_the_flags_as_they_were_written(self, cli, folder):
        words = ("-n", "training", "--output", "out", "--no-readme", "--gitops", "flux", SPEC)
        said = lines(cli("check", *words, folder=folder))
        assert said == [
            f"{OUT_OF_DATE}jobsetgen build -n training --output out --no-readme --gitops flux 'my set'\"'\"'s.yaml'"
        ]

    def test_says_that_it_reads_the_same_standard_input(self, cli, folder):
        done = cli("check", "-n", "a", "-o", "out", "-", folder=folder, stdin=EXAMPLE)
        assert lines(done) == [
            "jobsetgen: the committed output is out of date;"
            " regenerate it from the same standard input with: jobsetgen build -n a -o out -"
        ]

    def test_stays_on_one_line_without_control_characters(self, cli, folder):
        said = lines(cli("check", "-n", "a", "--against", "a\nb\x1b[31m##[error]\u202e", SPEC, folder=folder))
        assert len(said) == 1
        assert said[0].endswith(r" > $'a\x0ab\x1b\x5b31m\x23\x23\x5berror\x5d\xe2\x80\xae'")


class TestTheEffect:
    FOLDER = ("-n", "training", "-o", "out", SPEC)
    FILE = ("-n", "training", "--against", "out.yaml", SPEC)

    @pytest.fixture
    def built(self, cli: Callable[..., Run], folder: Path) -> Path:
        """Return the folder with its output in a folder and in a file."""
        assert cli("build", *self.FOLDER, folder=folder).status == 0
        (folder / "out.yaml").write_text(cli("build", *self.FOLDER[:2], SPEC, folder=folder).out)
        return folder

    @pytest.mark.parametrize("words", [FOLDER, FILE])
    @pytest.mark.parametrize(
        ("old", "new", "effect"),
        [
            ("python:3.8", "python:3.9", "Recreates 1 set (8 pods, 32 TPU chips) when applied"),
            ("maxRestarts: 3", "maxRestarts: 4", "Changes only policies of 1 set: no pod restarts when applied"),
            ("replicas: 4", "replicas: 5", "Recreates 1 set (8 → 10 pods, 32 → 40 TPU chips) when applied"),
        ],
    )
    def test_is_the_verdict_of_diff(self, cli, words, old, new, effect, built):
        edit(built / SPEC, old, new)
        done = cli("check", *words, folder=built)
        assert lines(done)[1:] == [f"{EFFECT}{effect}"]
        # What is printed for programs is the diff alone.
        assert done.out.startswith("--- ")
        assert EFFECT not in done.out

    def test_is_none_if_only_the_readme_is_out_of_date(self, cli, built):
        edit(built / "out" / "README.md", "multislice", "multi slice")
        assert lines(cli("check", *self.FOLDER, folder=built))[1:] == [f"{EFFECT}No change to 1 set"]

    def test_counts_the_sets_of_all_projects_that_are_out_of_date(self, cli, tmp_path):
        for name in "abc":
            (tmp_path / name).mkdir()
            (tmp_path / name / "jobsetgen.yaml").write_text(PROJECT)
            (tmp_path / name / "jobset.yaml").write_text(EXAMPLE)
        assert cli("build", "--each", ".", folder=tmp_path).status == 0
        edit(tmp_path / "a" / "jobset.yaml")
        edit(tmp_path / "b" / "jobset.yaml", "maxRestarts: 3", "maxRestarts: 4")
        done = cli("check", "--each", ".", folder=tmp_path)
        assert lines(done)[1:] == [f"{EFFECT}Recreates 1 of 2 sets (8 pods, 32 TPU chips) when applied"]

    @pytest.mark.parametrize("words", [FOLDER, FILE])
    def test_is_left_out_if_nothing_is_committed(self, cli, words, folder):
        assert len(lines(cli("check", *words, folder=folder))) == 1

    @pytest.mark.parametrize("content", ["\x00", "a: [", "- 1\n", "&a [*a]", "kind: [1]\n", EXAMPLE], ids=range(6))
    def test_is_left_out_if_the_file_is_not_rendered_manifests(self, cli, content, built):
        (built / "out.yaml").write_text(content)
        assert len(lines(cli("check", *self.FILE, folder=built))) == 1

    @pytest.mark.parametrize("content", ["\x00", "a: [", "- 1\n", "&a [*a]", "kind: [1]\n"], ids=range(5))
    def test_is_left_out_if_a_manifest_is_not_readable(self, cli, content, built):
        (built / "out" / "multislice" / "job.multislice-workers-0.yaml").write_text(HEADER + content)
        assert len(lines(cli("check", *self.FOLDER, folder=built))) == 1

    @pytest.mark.parametrize(
        "content", ["\x00", f"{HEADER}a: [", f"{HEADER}resources: [/etc, x]", "kind: Kustomization\n"], ids=range(4)
    )
    def test_is_left_out_if_the_folder_is_not_readable(self, cli, content, built):
        (built / "out" / "kustomization.yaml").write_text(content)
        assert len(lines(cli("check", *self.FOLDER, folder=built))) == 1

    def test_is_left_out_if_a_listed_file_is_missing(self, cli, built):
        (built / "out" / "multislice" / "service.multislice.yaml").unlink()
        done = cli("check", *self.FOLDER, folder=built)
        assert len(lines(done)) == 1
