"""Projects with bases, as the command line compiles them: what may be read, and what is compiled again."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobsetgen.cli import each

PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flags}\n"
OVERLAY = f"{PROJECT}resources: [../../base]\noutput: rendered\n"
FILES = {
    "base/jobsetgen.yaml": PROJECT,
    "base/flags.yaml": CONFIG_MAP,
    "overlays/dev/jobsetgen.yaml": f"{OVERLAY}nameSuffix: -dev\n",
    "overlays/prod/jobsetgen.yaml": f"{OVERLAY}nameSuffix: -prod\npatches: [{{path: ../patch.yaml}}]\n",
    "overlays/patch.yaml": f"{CONFIG_MAP}data: {{level: high}}\n",
    "other/jobsetgen.yaml": f"{PROJECT}output: rendered\n",
    "other/flags.yaml": CONFIG_MAP,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the files, which is not a work tree."""
    for name, text in FILES.items():
        path = tmp_path / "repository" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "repository"


@pytest.fixture
def work_tree(folder) -> Path:
    (folder / ".git").mkdir()
    return folder


@pytest.fixture
def compiled(monkeypatch) -> list[str]:
    """Return a list of the projects that are compiled from now on."""
    found: list[str] = []
    compile_one = each.compiled

    def count(paths, flags):
        found.extend(paths)
        return compile_one(paths, flags)

    monkeypatch.setattr(each, "compiled", count)
    return found


class TestTheRoot:
    def test_a_base_may_be_anywhere_in_the_work_tree(self, cli, work_tree):
        run = cli("build", "overlays/dev", folder=work_tree)
        assert (run.status, run.err) == (0, "")
        assert "name: flags-dev\n" in run.out

    def test_without_a_work_tree_it_must_be_in_the_project(self, cli, folder):
        run = cli("build", "overlays/dev", folder=folder)
        assert (run.status, run.out) == (1, "")
        assert run.err.splitlines()[:2] == [
            "overlays/dev/jobsetgen.yaml:3:13: error[JSG702]: overlays/dev/../../base is outside the root of the project",
            "  hint: The root is the git work tree or, without one, the project folder; --root sets another.",
        ]

    def test_a_root_that_is_given_counts_instead(self, cli, folder):
        run = cli("build", "--root", ".", "overlays/dev", folder=folder)
        assert (run.status, run.err) == (0, "")

    @pytest.mark.parametrize("root", ["overlays", "overlays/prod", "/nowhere"])
    def test_nothing_outside_of_it_is_read(self, cli, work_tree, root):
        run = cli("build", "--root", root, "overlays/dev", folder=work_tree)
        assert (run.status, run.out) == (1, "")
        assert "is outside the root of the project" in run.err

    def test_an_empty_name_is_no_root(self, cli, work_tree):
        run = cli("build", "--root", "", "overlays/dev", folder=work_tree)
        assert (run.status, run.out) == (2, "")
        assert "the folder name is empty; for the current folder, pass ." in run.err

    @pytest.mark.parametrize("target", ["base", "base/flags.yaml", "patch.yaml"])
    def test_a_link_does_not_lead_out_of_it(self, cli, work_tree, tmp_path, target):
        (tmp_path / "secret.yaml").write_text("kind: Secret\nstringData: {a: canary}\n")
        (tmp_path / "secret").mkdir()
        (tmp_path / "secret" / "jobsetgen.yaml").write_text(PROJECT)
        path = work_tree / ("overlays/patch.yaml" if target == "patch.yaml" else target)
        if path.is_dir():
            path.rename(work_tree / "moved")
            path.symlink_to(tmp_path / "secret")
        else:
            path.unlink()
            path.symlink_to(tmp_path / "secret.yaml")
        run = cli("build", "overlays/prod", folder=work_tree)
        assert (run.status, run.out) == (1, "")
        assert "is outside the root of the project" in run.err
        assert "canary" not in run.err


class TestEach:
    def test_everything_is_built_but_the_base(self, cli, work_tree, compiled):
        assert cli("build", "--each", ".", folder=work_tree).status == 0
        assert sorted(compiled) == ["other", "overlays/dev", "overlays/prod"]
        assert cli("check", "--each", ".", folder=work_tree).status == 0

    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ("base/flags.yaml", ["overlays/dev", "overlays/prod"]),
            ("base/jobsetgen.yaml", ["overlays/dev", "overlays/prod"]),
            ("base/new.yaml", ["overlays/dev", "overlays/prod"]),
            ("overlays/patch.yaml", ["overlays/prod"]),
            ("overlays/dev/jobsetgen.yaml", ["overlays/dev"]),
            ("overlays/dev/rendered/flags-dev.yaml", ["overlays/dev"]),
            ("other/flags.yaml", ["other"]),
        ],
    )
    def test_a_changed_file_compiles_its_dependents_only(self, cli, work_tree, compiled, changed, expected):
        if changed == "base/new.yaml":
            (work_tree / changed).write_text(CONFIG_MAP.replace("flags", "new"))
        cli("check", "--each", changed, folder=work_tree)
        assert sorted(compiled) == expected

    def test_a_change_of_the_base_puts_every_overlay_out_of_date(self, cli, work_tree):
        assert cli("build", "--each", ".", folder=work_tree).status == 0
        (work_tree / "base" / "flags.yaml").write_text(f"{CONFIG_MAP}data: {{a: b}}\n")
        run = cli("check", "--each", "base/flags.yaml", folder=work_tree)
        assert run.status == 1
        assert "regenerate it with: jobsetgen build --each overlays/dev overlays/prod" in run.err
