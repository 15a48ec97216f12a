"""Recipes in Helm and kustomize, and the same as projects: each overlay compiles to what its original compiles to."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.acceptance.processes import run, run_tool
from tests.helm_binary import helm
from tests.kustomize_binary import kustomize_folder
from tests.recipes import NAMES, RECIPES, Recipe

# The originals have no jobsetgen.yaml, in which one of the projects sets it.
PRIORITY = ["--priority-class", "pretraining=100000"]


def render(command: list[str], folder: Path) -> str:
    """Return what a tool prints."""
    done = run_tool(command, folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def original(recipe: Recipe) -> str:
    """Return the objects of an original; skip the test where kustomize is needed and cannot be had."""
    if recipe.is_chart:
        return recipe.rendered.read_text(encoding="utf-8")
    if shutil.which("kubectl"):
        return render(["kubectl", "kustomize", str(recipe.original)], recipe.folder)
    return render([str(kustomize_folder() / "kustomize"), "build", str(recipe.original)], recipe.folder)


@pytest.mark.parametrize("recipe", RECIPES, ids="-".join)
def test_an_overlay_is_its_original_in_all_that_matters(cli, tmp_path, recipe):
    before = tmp_path / "original.yaml"
    before.write_text(original(recipe), encoding="utf-8")

    done = cli("diff", "--exit-code", *PRIORITY, str(before), str(recipe.overlay))

    assert done.status == 0, done.out
    assert done.out.startswith("No change to 1 set.\n")


@pytest.mark.parametrize("recipe", [each for each in RECIPES if each.is_chart], ids="-".join)
def test_helm_renders_what_the_overlay_is_compared_with(recipe):
    rendered = render([str(helm()), *recipe.helm_arguments()], recipe.folder)
    assert recipe.rendered.read_text(encoding="utf-8") == rendered


@pytest.mark.parametrize("name", NAMES)
def test_each_environment_is_another_one(cli, name):
    builds = [cli("build", *PRIORITY, str(each.overlay)) for each in RECIPES if each.name == name]
    assert [build.status for build in builds] == [0, 0, 0]
    assert len({build.out for build in builds}) == 3


def test_another_number_of_restarts_would_be_found(tmp_path):
    recipe = Recipe("kustomize-copies", "prod")
    shutil.copytree(recipe.folder, tmp_path, dirs_exist_ok=True)
    render(["git", "init", "--quiet"], tmp_path)
    patch = tmp_path / "overlays" / "prod" / "jobset.yaml"
    text = patch.read_text(encoding="utf-8")
    patch.write_text(text.replace("maxRestarts: 12", "maxRestarts: 13"), encoding="utf-8")

    done = run("diff", "--exit-code", str(recipe.overlay), "overlays/prod", folder=tmp_path)

    assert done.returncode == 4, done.stderr.decode()
